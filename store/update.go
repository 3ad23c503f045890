package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Update runs one statement: fn, alone among writers. What fn does through tx is durable, all of it, when Update returns nil (as far as
// Options.Durability promises), and visible to the snapshots that are taken from then on. If fn returns an error or panics, or ctx is
// cancelled before the commit, nothing of it remains. fn must not call Update, and must not keep tx.
//
// An error of the log (wal.ErrFailed) means that this and every later statement is refused, and that this one may or may not be found when
// the database is opened again.
func (db *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	if db.opts.ReadOnly {
		return sqlstate.New(sqlstate.ReadOnlyTransaction, "cannot write: the database was opened read-only")
	}
	if err := db.enter(ctx); err != nil {
		return err
	}
	state, err := db.edit(ctx, fn)
	db.leave()
	if err != nil {
		return err
	}
	// The commit is in the log: a cancellation now would leave its fate unknown for the gain of one fsync.
	if err := db.log.Sync(context.WithoutCancel(ctx), state.logSeq); err != nil {
		return writeError(err)
	}
	db.publishState(state)
	db.maybeCheckpoint()
	return nil
}

// edit runs fn and commits, or rolls back. It gives the state that must be durable. The caller holds the writer's lock.
func (db *DB) edit(ctx context.Context, fn func(tx *Tx) error) (*state, error) {
	if err := db.log.Err(); err != nil {
		return nil, writeError(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tx := newTx(ctx, db)
	defer tx.end()
	err := runGuarded(fn, tx)
	if err == nil {
		err = tx.settleVersions()
	}
	if err == nil {
		err = tx.failed
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && tx.empty() {
		tx.rollback()
		return db.head, nil // what fn saw, and so decided by, must be durable all the same
	}
	if err == nil {
		err = tx.moveSparse()
	}
	if err == nil {
		err = tx.appendRecord(0)
	}
	if err != nil {
		tx.rollback()
		return nil, err
	}
	return tx.apply(), nil
}

// moveSparse moves, as a part of the statement, the last rows of a segment that earlier statements have left almost empty, so that its memory can
// go: one segment of each table that the statement touches, at most a sixteenth of a full one.
func (tx *Tx) moveSparse() error {
	for _, t := range tx.touched {
		if t.dropped || t.created || t.isSchemas() {
			continue
		}
		ids := slices.DeleteFunc(t.hot.Sparse(), t.gone.Gone)
		if len(ids) == 0 {
			continue
		}
		cols := make([]int, len(t.def.Columns))
		for i := range cols {
			cols[i] = i
		}
		b, err := t.hot.Fetch(ids, cols)
		if err != nil {
			return err
		}
		if err := tx.Delete(t.def.Name, ids); err != nil {
			return err
		}
		serial := t.hot.NextSerial()
		if c := t.hot.Append(b, &t.gone); c != nil {
			return badRecord("rows of %s cannot be moved: key %s is there twice", t.def.Name, t.def.Keys[c.Key].Name)
		}
		if err := tx.recordRows(t, b, serial); err != nil {
			return err
		}
	}
	return nil
}

// runGuarded calls fn and makes an error of its panic.
func runGuarded(fn func(tx *Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = sqlstate.New(sqlstate.InternalError, "internal error: %v\n%s", r, debug.Stack())
		}
	}()
	return fn(tx)
}

// writeError words a failure of the log.
func writeError(err error) error {
	e := &sqlstate.Error{Code: sqlstate.IOError, Message: fmt.Sprintf("could not write to the log: %v", err), Cause: err}
	switch {
	case errors.Is(err, wal.ErrFailed):
		e.Hint = "Open the database again; it has everything that was acknowledged."
	case errors.Is(err, wal.ErrTooLarge):
		e.Code = sqlstate.ProgramLimitExceeded
	case vfs.IsFull(err):
		e.Code, e.Hint = sqlstate.DiskFull, "Free space on the disk; then the statement can be repeated."
	}
	return e
}

// appendRecord appends what has been recorded to the log.
func (tx *Tx) appendRecord(flags byte) error {
	if tx.parts > 0 {
		flags |= recordGoesOn
	}
	header := recordHeader{flags: flags, commit: tx.seq, time: tx.db.Now().UnixMicro()}.append(make([]byte, 0, 24))
	seq, err := tx.db.log.Append(recordEdit, header, tx.record)
	if err != nil {
		return writeError(err)
	}
	tx.logSeq = seq
	tx.parts++
	tx.db.logged.Add(int64(len(header) + len(tx.record) + frameBytes))
	tx.record = tx.record[:0]
	return nil
}

// frameBytes is about what the log adds to a record.
const frameBytes = 24

// recorded streams the record to the log when it has become large. An error stays: the statement cannot be committed any more.
func (tx *Tx) recorded() error {
	if len(tx.record) < tx.db.opts.partSize {
		return nil
	}
	if err := tx.appendRecord(recordMore); err != nil {
		tx.failed = err
		return err
	}
	return nil
}

// apply makes the edit, whose record is in the log, part of the state. It cannot fail.
func (tx *Tx) apply() *state {
	db := tx.db
	views, index := slices.Clone(db.head.views), db.head.index
	next := newState(tx.seq, tx.logSeq)
	next.histories = tx.histories
	reindex := false
	for _, t := range tx.touched {
		t.apply(tx.seq)
		if !t.dropped {
			t.countRows(db)
		}
		db.head.obsolete = append(db.head.obsolete, t.obsolete(tx.db)...)
		i, there := index[t.old.Name]
		switch {
		case t.dropped:
			db.forgetTable(t)
			if there {
				views[i], reindex = nil, true
			}
		case !there || t.created || t.def.Name != t.old.Name:
			if there && !t.created {
				views[i] = nil
				delete(db.names, t.old.Name)
			}
			views, reindex = append(views, t.view), true
			db.tables[t.def.ID], db.names[t.def.Name] = t.table, t.table
		default:
			views[i] = t.view
		}
	}
	if reindex {
		views = slices.DeleteFunc(views, func(v *TableView) bool { return v == nil })
		index = indexViews(views)
	}
	db.applyReservations(tx)
	next.views, next.index = views, index
	db.head.next = next
	db.head = next
	tx.applied = true
	return next
}

func (db *DB) forgetTable(t *txTable) {
	if t.created {
		return
	}
	db.hotRows.Add(int64(-t.counted))
	delete(db.tables, t.def.ID)
	delete(db.names, t.old.Name)
}

// IsLogFailure tells whether err says that the log has failed, so that the database takes no more writes until it is opened again.
func IsLogFailure(err error) bool {
	var e *sqlstate.Error
	return errors.As(err, &e) && e.Code == sqlstate.IOError && errors.Is(err, wal.ErrFailed)
}

// undefinedTable is PostgreSQL's error for a table that is not there.
func undefinedTable(name schemahistory.Name) error {
	return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
}

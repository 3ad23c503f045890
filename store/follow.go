package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/wal"
)

// A reader follows the log of the writer beside it. Each statement's snapshot begins with a look at the end of the log: what has been appended is applied to
// the hot tables, as the writer's own statements are, and a new state is made of it. So a statement sees everything that was acknowledged before it began, at
// the cost of what is new; and a reader that is asked nothing does nothing. When the writer has removed the part of the log that comes next, the reader reads
// the newest checkpoint.

// openReader reads the newest committed state beside a writer.
func (db *DB) openReader(ctx context.Context) error {
	held := db.takeHold(ctx)
	defer db.dropHold(held)
	if err := db.reload(ctx); err != nil {
		return err
	}
	db.recovery.Commits, db.recovery.Rows = db.replayer.commits, db.replayer.rows
	if db.replayer.pending {
		db.recovery.Unfinished = 1
	}
	return nil
}

// maxAttempts is how often a reader begins anew because the writer replaced the checkpoint that it was reading: where there are no locks that keep it.
const maxAttempts = 100

// reload reads checkpoint and log from the beginning, and shows what they have.
func (db *DB) reload(ctx context.Context) error {
	var before manifest
	for attempt := 0; ; attempt++ {
		m, err := readManifest(db.opts.FS, db.dir)
		if err != nil {
			return err
		}
		db.follower, db.replayer = nil, nil
		db.forget()
		err = db.load(ctx, m)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if attempt == maxAttempts || attempt > 0 && m == before {
			return checkpointError(db.dir, err)
		}
		before = m
	}
}

func (db *DB) load(ctx context.Context, m manifest) error {
	r := &replayer{ctx: ctx, db: db}
	if err := r.loadCheckpoint(m.checkpoint, m.sum); err != nil {
		return err
	}
	fromCheckpoint := r.rows
	r.rows, r.commits, r.logSeq = 0, 0, m.log-1
	if err := db.loadTables(ctx, r); err != nil {
		return err
	}
	r.goLive()
	follower, found, err := wal.Follow(filepath.Join(db.dir, logDir), m.log, db.opts.log(), r.logRecord)
	if err != nil {
		return err
	}
	r.settle()
	db.manifest = m
	if db.current.Load() == nil {
		db.recovery.CheckpointRows, db.recovery.Log = fromCheckpoint, found
	}
	db.follower, db.replayer = follower, r
	db.head = db.stateOfViews(r.settled, r.logSeq, r.shown)
	db.publishFirst()
	return nil
}

// goLive has the replayer go on beside views.
func (r *replayer) goLive() {
	r.live, r.order, r.dirty = true, nil, map[uint32]bool{}
	r.shown, r.settled, r.ownHistories = r.histories, r.commit, false
}

// settle makes views of the tables as of the last commit, unless a statement is half applied: then they were made before it began.
func (r *replayer) settle() {
	if !r.live || r.pending {
		return
	}
	for id := range r.dirty {
		if t := r.db.tables[id]; t != nil {
			t.view = &TableView{Def: t.def, Hot: t.hot.View(r.commit), Files: t.files}
			t.countRows(r.db)
		}
	}
	clear(r.dirty)
	r.shown, r.settled, r.ownHistories = r.histories, r.commit, false
}

// Latest gives the newest committed state: a snapshot with everything that was acknowledged, by whichever process, before the call. Close it.
//
// Of a database that is open for writing it is Snapshot. One that is open for reading looks at the writer's log, which costs some microseconds when nothing
// is new; as long as the snapshot is open the writer keeps the files that it may read. Errors are *sqlstate.Error where they are of the disk or its content.
func (db *DB) Latest(ctx context.Context) (*Snapshot, error) {
	if !db.opts.ReadOnly {
		return db.newest(), nil
	}
	held := db.takeHold(ctx)
	if err := db.refresh(ctx); err != nil {
		db.dropHold(held)
		return nil, Worded(err)
	}
	s := db.newest()
	s.held = held
	return s, nil
}

// refresh shows what has been committed since the last time.
func (db *DB) refresh(ctx context.Context) error {
	if err := db.enter(ctx); err != nil {
		return err
	}
	defer db.leave()
	r := db.replayer
	if r == nil {
		return db.reload(ctx)
	}
	r.ctx = ctx
	err := db.readOn(r)
	damage := (*wal.CorruptError)(nil)
	if r.broken || errors.Is(err, fs.ErrNotExist) || errors.As(err, &damage) {
		// The log has gone on without us, or is another one, or does not go with what we have, as after an opening of the writer, which numbers rows anew from
		// where the living ones end: what is on the disk decides.
		db.follower, db.replayer = nil, nil
		return db.reload(ctx)
	}
	db.showSettled() // after an error too: what was read up to there is whole
	return err
}

// readOn applies what has been appended to the log.
func (db *DB) readOn(r *replayer) error {
	if h := r.held; h != nil {
		r.held = nil
		if err := r.logRecord(h.seq, recordEdit, h.payload); err != nil {
			return err
		}
	}
	return db.follower.Next()
}

// showSettled makes what is settled the current state, unless it is.
func (db *DB) showSettled() {
	r := db.replayer
	r.settle()
	if r.settled <= db.head.seq {
		return
	}
	next := db.stateOfViews(r.settled, r.logSeq, r.shown)
	db.head.obsolete, r.obsolete = r.obsolete, nil
	db.head.next = next
	db.head = next
	db.publishState(next)
}

// stateOfViews makes a state of the tables' views. Tables that have none were made by a statement that is half applied.
func (db *DB) stateOfViews(commit, logSeq uint64, versions histories) *state {
	views := make([]*TableView, 0, len(db.tables))
	for _, t := range db.tables {
		if t.view != nil {
			views = append(views, t.view)
		}
	}
	s := newState(commit, logSeq)
	s.index = indexViews(views)
	s.views, s.histories = views, versions
	return s
}

// publishFirst makes the first state of an opening the current one, whatever was before.
func (db *DB) publishFirst() {
	db.publish.Lock()
	old := db.current.Load()
	db.head.refs.Add(1)
	db.current.Store(db.head)
	db.publish.Unlock()
	db.head.release() // there is no state before it
	if old != nil {
		db.removeObsolete(old.release())
	}
}

// checkpointError makes damage of a checkpoint that is not there.
func checkpointError(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		path := filepath.Join(dir, manifestName)
		return &sqlstate.Error{
			Code: sqlstate.DataCorrupted, Message: fmt.Sprintf("%s names a checkpoint or a part of the log that is gone: %v", path, err),
			Cause: fmt.Errorf("%w: %s names what is gone: %w", ErrCorrupt, path, err),
		}
	}
	return err
}

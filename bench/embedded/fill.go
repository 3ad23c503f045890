package embedded

import (
	"context"
	"strings"

	"github.com/google/uuid"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// Fill inserts a history's jobs and live queries, and tells progress the number of jobs. Whenever part rows of a table are in memory they are flushed; 0 means never.
func Fill(ctx context.Context, db *stoa.DB, h *history.History, part int64, progress func(done, total int64)) error {
	rows := h.Options().Rows
	l := &Loader{DB: db, History: h, Part: part, Progress: func(done int64) { progress(done, rows) }}
	if err := l.Jobs(ctx, 0, rows); err != nil {
		return err
	}
	_, err := l.Live(ctx)
	return err
}

// Loader inserts the rows of a history into a database, in the history's order.
type Loader struct {
	DB      *stoa.DB
	History *history.History
	// Part is the number of rows of a table after which those in memory are flushed, settled or not; 0 means never.
	Part int64
	// Take is handed each batch of jobs before it is inserted, in order; nil for nobody.
	Take func(*vec.Batch) error
	// Progress is told the number of jobs that Jobs has inserted; nil for nobody.
	Progress func(done int64)
}

// Jobs inserts the jobs from the from-th to before the to-th.
func (l *Loader) Jobs(ctx context.Context, from, to int64) error {
	f := l.filler(schemahistory.Jobs)
	f.progress = l.Progress
	err := l.History.Each(ctx, from, to, 0, func(b *vec.Batch) error {
		if l.Take != nil {
			if err := l.Take(b); err != nil {
				return err
			}
		}
		return f.add(ctx, b)
	})
	if err != nil {
		return err
	}
	return f.insert(ctx)
}

// Live inserts the live queries, and gives their number.
func (l *Loader) Live(ctx context.Context) (int64, error) {
	f := l.filler(schemahistory.LiveQueries)
	for at := int64(0); ; {
		b := l.History.LiveQueries(at, history.MaxBatch)
		if b == nil {
			return at, f.insert(ctx)
		}
		if err := f.add(ctx, b); err != nil {
			return at, err
		}
		at += int64(b.N)
	}
}

func (l *Loader) filler(name schemahistory.Name) *filler {
	f := &filler{db: l.DB, name: name, part: l.Part, most: history.MaxBatch}
	if f.part > 0 {
		f.most = besideFlushed
	}
	return f
}

// besideFlushed is the number of rows that are inserted at once beside flushed ones: their keys are looked for in each row group whose bloom filter lets one of
// them through, and each then lets many.
const besideFlushed = 8 * history.MaxBatch

// filler inserts and flushes the rows of a table.
type filler struct {
	db       *stoa.DB
	name     schemahistory.Name
	part     int64 // rows that are flushed together; 0 for none
	most     int   // rows that are inserted at once
	progress func(done int64)

	pending []*vec.Batch
	rows    int // of pending
	done    int64
	hot     int64
}

func (f *filler) add(ctx context.Context, b *vec.Batch) error {
	f.pending, f.rows = append(f.pending, b), f.rows+b.N
	if f.rows < f.most && (f.part == 0 || f.hot+int64(f.rows) < f.part) {
		return nil
	}
	if err := f.insert(ctx); err != nil || f.part == 0 || f.hot < f.part {
		return err
	}
	f.hot = 0
	return Flush(ctx, f.db, &f.name, nil)
}

// insert inserts what is pending.
func (f *filler) insert(ctx context.Context) error {
	if f.rows == 0 {
		return nil
	}
	b := f.pending[0]
	if len(f.pending) > 1 {
		whole := &vec.Batch{N: f.rows}
		for c, first := range b.Cols {
			parts := make([]*vec.Vec, len(f.pending))
			for i, p := range f.pending {
				parts[i] = p.Cols[c]
			}
			whole.Cols = append(whole.Cols, vec.Concat(first.Type, parts))
		}
		b = whole
	}
	f.pending, f.rows, f.done, f.hot = nil, 0, f.done+int64(b.N), f.hot+int64(b.N)
	if err := Insert(ctx, f.db, f.name, b); err != nil {
		return err
	}
	if f.progress != nil {
		f.progress(f.done)
	}
	return nil
}

// Insert adds a batch, whose columns are those of the contract's table of that name, as one statement. A table of the older form, or one that was
// migrated, takes the columns that it has, in its own order.
func Insert(ctx context.Context, db *stoa.DB, name schemahistory.Name, b *vec.Batch) error {
	return db.Store().Update(ctx, func(tx *store.Tx) error {
		def, ok := tx.Table(name)
		if !ok && name == schemahistory.Storages {
			def, ok = tx.Table(schemahistory.StorageLocations)
		}
		if !ok {
			return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
		}
		return tx.Insert(def.Name, fitted(def, b))
	})
}

// fitted gives a batch of a contract's table the columns of its definition in a database.
func fitted(def *schemahistory.TableDefinition, b *vec.Batch) *vec.Batch {
	contract := schemahistory.ContractOf(def.ID)
	out := &vec.Batch{N: b.N}
	for _, c := range def.Columns {
		if i := contract.Find(c.Name); i >= 0 {
			out.Cols = append(out.Cols, b.Cols[i])
		}
	}
	return out
}

// Flush flushes all rows of a table, or of every table when it is nil, and takes away the jobs that it was: they are no part of the history.
func Flush(ctx context.Context, db *stoa.DB, table *schemahistory.Name, progress func(done, total int64)) error {
	report, err := flush.Run(ctx, db.Store(), flush.Request{Table: table, AllRows: true, Progress: progress})
	if err != nil {
		return err
	}
	var ids []string
	for i := range report.Tables {
		if id := report.Tables[i].JobID; id != uuid.Nil {
			ids = append(ids, "'"+id.String()+"'")
		}
	}
	if ids == nil {
		return nil
	}
	_, err = db.Exec(ctx, "DELETE FROM system.jobs WHERE job_id IN ("+strings.Join(ids, ", ")+")")
	return err
}

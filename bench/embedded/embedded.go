// Package embedded is Stoa as an engine of the benchmarks: in this process, over its public API, as a program embeds it.
package embedded

import (
	"context"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/suite"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// The names of the engines.
const (
	Hot       = "Stoa, hot"
	Cold      = "Stoa, cold"
	NoFooters = "Stoa, cold, no footers" // aggregate footers of files are not used
)

// Engine answers queries from a database.
type Engine struct {
	name string
	conn *stoa.Conn
}

// New gives an engine over a database that stays the caller's. settings are run first: "SET aggregate_footers = off".
func New(ctx context.Context, name string, db *stoa.DB, settings ...string) (*Engine, error) {
	conn := db.Conn()
	for _, s := range settings {
		if _, err := conn.Exec(ctx, s); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	return &Engine{name, conn}, nil
}

// Name implements measure.Engine.
func (e *Engine) Name() string { return e.name }

// Query implements measure.Engine.
func (e *Engine) Query(ctx context.Context, q *suite.Query) (array.RecordReader, error) {
	rows, err := e.conn.Query(ctx, q.SQL)
	if err != nil {
		return nil, err // not a reader that is nil
	}
	return rows, nil
}

// Open opens the database in a directory whose clock stands at the end of a history.
func Open(ctx context.Context, dir string, end time.Time) (*stoa.DB, error) {
	return stoa.Open(ctx, dir, &stoa.Options{Now: func() time.Time { return end }})
}

// Fill inserts a history's jobs and live queries, and tells progress the number of jobs. Whenever part of them are in memory they are flushed; 0 means never.
func Fill(ctx context.Context, db *stoa.DB, h *history.History, part int64, progress func(done, total int64)) error {
	f := &filler{db: db, part: part, most: history.MaxBatch, progress: func(done int64) { progress(done, h.Options().Rows) }}
	if part > 0 {
		f.most = besideFlushed
	}
	if err := h.EachJobs(ctx, 0, func(b *vec.Batch) error { return f.add(ctx, b) }); err != nil {
		return err
	}
	if err := f.insert(ctx); err != nil {
		return err
	}
	for live := int64(0); ; {
		b := h.LiveQueries(live, history.MaxBatch)
		if b == nil {
			return nil
		}
		if err := insert(ctx, db, schemahistory.LiveQueries, b); err != nil {
			return err
		}
		live += int64(b.N)
	}
}

// besideFlushed is the number of rows that are inserted at once beside flushed ones: their keys are looked for in each row group whose bloom filter lets one of
// them through, and each then lets many.
const besideFlushed = 8 * history.MaxBatch

// filler inserts and flushes a history's jobs.
type filler struct {
	db       *stoa.DB
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
	return Flush(ctx, f.db, nil)
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
	if err := insert(ctx, f.db, schemahistory.Jobs, b); err != nil {
		return err
	}
	f.progress(f.done)
	return nil
}

// Flush flushes all rows, and takes away the jobs that it was: they are no part of the history.
func Flush(ctx context.Context, db *stoa.DB, progress func(done, total int64)) error {
	if _, err := flush.Run(ctx, db.Store(), flush.Request{AllRows: true, Actor: actor, Progress: progress}); err != nil {
		return err
	}
	_, err := db.Exec(ctx, "DELETE FROM system.jobs WHERE trace LIKE '%:"+actor+":%'")
	return err
}

// actor is the second part of the traces of the flushes' jobs.
const actor = "bench-of-flushes"

func insert(ctx context.Context, db *stoa.DB, name schemahistory.Name, b *vec.Batch) error {
	return db.Store().Update(ctx, func(tx *store.Tx) error { return tx.Insert(name, b) })
}

// Widths gives the mean bytes a row of the columns of jobs, in the smallest form in memory: integers and times as 8 bytes, text of few values as a code,
// other text as its bytes and 16 for a header.
func Widths(ctx context.Context, db *stoa.DB) (map[string]float64, error) {
	out := map[string]float64{}
	for _, c := range []string{"created_at", "started_at", "completed_at", "memory_used", "cpu_used"} {
		out["system.jobs."+c] = 8
	}
	out["system.jobs.job_type"], out["system.jobs.status"], out["system.jobs.trace"] = 1, 1, 2
	rows, err := db.Query(ctx, "SELECT avg(16 + coalesce(octet_length(result), 0))::float8, avg(16 + coalesce(octet_length(parameters::text), 0))::float8 FROM system.jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Release()
	for rows.Next() {
		b := rows.RecordBatch()
		for i, c := range []string{"result", "parameters"} {
			out["system.jobs."+c] = b.Column(i).(*array.Float64).Value(0)
		}
	}
	return out, rows.Err()
}

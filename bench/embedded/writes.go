package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
)

// WriteRounds is the number of rounds of writes that benchmarks make: the fewest whose differences the Mann-Whitney test can tell from chance.
const WriteRounds = 4

// WriteOptions of the workloads that write.
type WriteOptions struct {
	Rounds  int
	Rows    int64         // of the batches and flushes
	Singles time.Duration // how long each workload of single rows runs in a round
	Scratch string        // a directory that exists; what is made in it is removed
	End     time.Time
	Step    func(name string) // told of each workload that begins
}

// Writes measures the workloads. Every commit is durable (stoa.Full); the rate of fsyncs of the same file system stands beside those of single rows.
func Writes(ctx context.Context, o WriteOptions) ([]measure.Written, error) {
	rate, err := fsyncs(o.Scratch)
	if err != nil {
		return nil, err
	}
	beside := fmt.Sprintf("%.0f fsyncs a second, one after the other", rate)
	w := &workloads{WriteOptions: o, list: []measure.Written{
		{Name: "load", Title: "Jobs by batch, durable", Unit: "rows"},
		{Name: "flush", Title: "Jobs flushed to Parquet", Unit: "rows"},
		{Name: "open", Title: "Openings of the flushed jobs, to count(*)", Unit: "openings"},
		{Name: "compact", Title: "Jobs of 16 files compacted", Unit: "rows"},
		{Name: "insert-1", Title: "Single-row commits, 1 writer", Unit: "rows", Note: beside},
		{Name: "insert-16", Title: "Single-row commits, 16 writers", Unit: "rows", Note: beside},
		{Name: "status-1", Title: "Status updates by key, 1 writer", Unit: "updates", Note: beside},
		{Name: "status-16", Title: "Status updates by key, 16 writers", Unit: "updates", Note: beside},
		{Name: "notify-16", Title: "Notifications on live queries, 16 writers", Unit: "notifications"},
		{Name: "lookup-2", Title: "Jobs by primary key, typed API, 2 readers", Unit: "look-ups"},
	}}
	for i := range w.list {
		w.list[i].Engine = "Stoa"
	}
	for range max(1, o.Rounds) {
		if err := w.round(ctx); err != nil {
			return nil, err
		}
	}
	return w.list, nil
}

// fsyncs gives how many fsyncs of a few bytes a file system makes in a second.
func fsyncs(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "fsync")
	if err != nil {
		return 0, err
	}
	defer func() { _, _ = f.Close(), os.Remove(f.Name()) }()
	start, n := time.Now(), 0
	for ; time.Since(start) < 300*time.Millisecond; n++ {
		if _, err := f.WriteAt([]byte("fsync"), int64(n)*8); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

type workloads struct {
	WriteOptions
	list []measure.Written
}

// done notes a rate.
func (w *workloads) done(name string, n int64, took time.Duration) {
	for i := range w.list {
		if w.list[i].Name == name {
			w.list[i].Rates = append(w.list[i].Rates, float64(n)/took.Seconds())
		}
	}
}

// round runs every workload once, in a new database.
func (w *workloads) round(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(w.Scratch, "writes")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := w.bulk(ctx, filepath.Join(dir, "bulk")); err != nil {
		return err
	}
	if err := w.compact(ctx, filepath.Join(dir, "compact")); err != nil {
		return err
	}
	return w.singles(ctx, filepath.Join(dir, "singles"))
}

func (w *workloads) step(name string) {
	if w.Step != nil {
		w.Step(name)
	}
}

// batches makes a history beforehand, so that its making is not measured.
func (w *workloads) batches(ctx context.Context) (out []*vec.Batch, err error) {
	h, err := history.New(history.Options{Rows: w.Rows, End: w.End})
	if err != nil {
		return nil, err
	}
	return out, h.EachJobs(ctx, 0, func(b *vec.Batch) error {
		out = append(out, b)
		return nil
	})
}

// bulk loads, flushes and opens.
func (w *workloads) bulk(ctx context.Context, dir string) error {
	batches, err := w.batches(ctx)
	if err != nil {
		return err
	}
	db, err := Open(ctx, dir, w.End)
	if err != nil {
		return err
	}
	w.step("load")
	start := time.Now()
	for _, b := range batches {
		if err := Insert(ctx, db, schemahistory.Jobs, b); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	w.done("load", w.Rows, time.Since(start))
	w.step("flush")
	start = time.Now()
	if _, err := flush.Run(ctx, db.Store(), flush.Request{AllRows: true, Actor: "bench"}); err != nil {
		return errors.Join(err, db.Close())
	}
	w.done("flush", w.Rows, time.Since(start))
	if err := db.Close(); err != nil {
		return err
	}
	w.step("open")
	start = time.Now()
	if db, err = Open(ctx, dir, w.End); err != nil {
		return err
	}
	rows, err := db.Query(ctx, "SELECT count(*) FROM system.jobs")
	if err == nil {
		for rows.Next() {
			w.done("open", 1, time.Since(start))
		}
		err = rows.Err()
		rows.Release()
	}
	return errors.Join(err, db.Close())
}

// compact flushes in 16 parts and compacts these.
func (w *workloads) compact(ctx context.Context, dir string) (err error) {
	db, err := Open(ctx, dir, w.End)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	h, err := history.New(history.Options{Rows: w.Rows, End: w.End})
	if err != nil {
		return err
	}
	w.step("compact")
	size := min(w.Rows/16+1, history.MaxBatch)
	for at := int64(0); at < min(w.Rows, 16*size); at += size {
		if err := Insert(ctx, db, schemahistory.Jobs, h.Jobs(at, int(size))); err != nil {
			return err
		}
		if _, err := flush.Run(ctx, db.Store(), flush.Request{AllRows: true, Actor: "bench"}); err != nil {
			return err
		}
	}
	start := time.Now()
	report, err := db.Compact(ctx, nil)
	if err != nil {
		return err
	}
	took, rows := time.Since(start), int64(0)
	for _, t := range report.Tables {
		rows += t.Rows
	}
	w.done("compact", rows, took)
	return nil
}

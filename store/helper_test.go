package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

var testStart = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func testOptions(fsys vfs.FS) *Options {
	return &Options{FS: fsys, Now: func() time.Time { return testStart }, SegmentRows: 128, CheckpointBytes: -1}
}

func mustOpen(t testing.TB, fsys vfs.FS, opts *Options) *DB {
	t.Helper()
	if opts == nil {
		opts = testOptions(fsys)
	}
	db, err := Open(context.Background(), "/db", opts)
	require.NoError(t, err)
	return db
}

func ptr[T any](x T) *T { return &x }

// jobID gives the id of job n.
func jobID(n int) uuid.UUID {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	var u uuid.UUID
	for i := range u {
		u[i] = byte(r.Uint32())
	}
	return u
}

// testJob gives job n.
func testJob(n int) *tables.Job {
	j := &tables.Job{
		JobID: jobID(n), JobType: []string{"flush", "compact", "backup"}[n%3], Status: tables.Completed,
		Parameters: ptr(fmt.Sprintf(`["chat", "messages", "user%d"]`, n%50)), Result: ptr(fmt.Sprintf("Flushed %d records", n)),
		Trace: ptr(fmt.Sprintf("node-%d:actor-%d:thread-%d", n%4, n%8, n%16)), MemoryUsed: ptr(int64(n) * 1000), CPUUsed: ptr(int64(n)),
		CreatedAt: testStart.Add(time.Duration(n) * time.Second), StartedAt: ptr(testStart.Add(time.Duration(n) * time.Second)),
		CompletedAt: ptr(testStart.Add(time.Duration(n+1) * time.Second)),
	}
	if n%7 == 0 {
		j.Status, j.Result, j.Error = tables.Failed, nil, ptr("disk full")
	}
	return j
}

func jobBatch(t testing.TB, lo, hi int) *vec.Batch {
	jobs := make([]*tables.Job, 0, hi-lo)
	for n := lo; n < hi; n++ {
		jobs = append(jobs, testJob(n))
	}
	return batchOf(t, jobs...)
}

func batchOf(t testing.TB, jobs ...*tables.Job) *vec.Batch {
	b, err := tables.BatchOf(schemahistory.Contract()[0], jobs)
	require.NoError(t, err)
	return b
}

func update(t testing.TB, db *DB, fn func(tx *Tx) error) {
	t.Helper()
	require.NoError(t, db.Update(context.Background(), fn))
}

func insertJobs(t testing.TB, db *DB, lo, hi int) {
	t.Helper()
	b := jobBatch(t, lo, hi)
	update(t, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, b) })
}

// jobsOf gives the hot jobs of the newest snapshot by id.
func jobsOf(t testing.TB, db *DB) map[uuid.UUID]tables.Job {
	t.Helper()
	s := db.Snapshot()
	defer s.Close()
	return snapshotJobs(t, s)
}

func snapshotJobs(t testing.TB, s *Snapshot) map[uuid.UUID]tables.Job {
	t.Helper()
	v, ok := s.Table(schemahistory.Jobs)
	require.True(t, ok)
	out := map[uuid.UUID]tables.Job{}
	segments := v.Hot.Segments()
	for i := range segments {
		seg := &segments[i]
		b := &vec.Batch{N: seg.Rows()}
		for c := range v.Def.Columns {
			b.Cols = append(b.Cols, seg.Column(c))
		}
		for _, row := range seg.Live(0, seg.Rows(), nil) {
			j := tables.JobAt(v.Def, b, int(row))
			require.NotContains(t, out, j.JobID)
			out[j.JobID] = j
		}
	}
	return out
}

func wantJobs(t testing.TB, db *DB, numbers ...int) {
	t.Helper()
	got := jobsOf(t, db)
	for _, n := range numbers {
		j, ok := got[jobID(n)]
		require.True(t, ok, "job %d is missing", n)
		requireJob(t, testJob(n), &j)
	}
	require.Len(t, got, len(numbers))
}

func requireJob(t testing.TB, want, got *tables.Job) {
	t.Helper()
	w, g := *want, *got
	require.True(t, w.CreatedAt.Equal(g.CreatedAt))
	w.CreatedAt, g.CreatedAt = time.Time{}, time.Time{}
	require.Equal(t, w.StartedAt == nil, g.StartedAt == nil)
	if w.StartedAt != nil {
		require.True(t, w.StartedAt.Equal(*g.StartedAt))
	}
	w.StartedAt, g.StartedAt = nil, nil
	if w.CompletedAt != nil {
		require.True(t, w.CompletedAt.Equal(*g.CompletedAt))
	}
	w.CompletedAt, g.CompletedAt = nil, nil
	require.Equal(t, w, g)
}

func span(lo, hi int) []int {
	var out []int
	for n := lo; n < hi; n++ {
		out = append(out, n)
	}
	return out
}

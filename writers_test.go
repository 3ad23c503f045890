package stoa_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// openDB opens a database on a file system in memory.
func openDB(t testing.TB, fs vfs.FS, opts stoa.Options) (*stoa.DB, *clock) {
	t.Helper()
	c := &clock{now: goldenNow}
	opts.FS, opts.Now = fs, c.Now
	db, err := stoa.Open(context.Background(), "/db", &opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db, c
}

func memDB(t testing.TB) (*stoa.DB, *clock) {
	t.Helper()
	return openDB(t, vfs.NewMem(), stoa.Options{Node: "test"})
}

func ptr[T any](x T) *T { return &x }

// A job from its creation to its end, with the time of each step.
func TestJobLifeCycle(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, clock := memDB(t)
	jobs := db.Jobs()
	id, err := jobs.Create(ctx, stoa.NewJob{Type: "flush", Parameters: []any{"chat", "messages", nil, 1.50}, Trace: "node-1:scheduler:main"})
	require.NoError(t, err)
	created := clock.Now()
	job, err := jobs.Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, stoa.Job{JobID: id, JobType: "flush", Status: "pending", Parameters: ptr(`["chat", "messages", null, 1.5]`), Trace: ptr("node-1:scheduler:main"), CreatedAt: created}, job)

	started := clock.add(1500 * time.Millisecond)
	require.NoError(t, jobs.Start(ctx, id, "node-2:flush-actor-3:thread-42"))
	job, err = jobs.Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "running", job.Status)
	require.Equal(t, started, *job.StartedAt)
	require.Equal(t, "node-2:flush-actor-3:thread-42", *job.Trace)
	require.Nil(t, job.CompletedAt)

	ended := clock.add(time.Minute)
	require.NoError(t, jobs.Complete(ctx, id, stoa.Outcome{Result: "Flushed 10,000 records", MemoryUsed: ptr(int64(52428800)), CPUUsed: ptr(int64(0))}))
	job, err = jobs.Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, stoa.Job{
		JobID: id, JobType: "flush", Status: "completed", Parameters: job.Parameters, Result: ptr("Flushed 10,000 records"), Trace: job.Trace,
		MemoryUsed: ptr(int64(52428800)), CPUUsed: ptr(int64(0)), CreatedAt: created, StartedAt: &started, CompletedAt: &ended,
	}, job)
}

// A step that the life cycle does not have is refused (55000), and changes nothing.
func TestIllegalTransitions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, clock := memDB(t)
	jobs := db.Jobs()
	steps := map[string]func(id uuid.UUID) error{
		"start":    func(id uuid.UUID) error { return jobs.Start(ctx, id, "") },
		"complete": func(id uuid.UUID) error { return jobs.Complete(ctx, id, stoa.Outcome{}) },
		"fail":     func(id uuid.UUID) error { return jobs.Fail(ctx, id, "disk full", stoa.Outcome{}) },
		"cancel":   func(id uuid.UUID) error { return jobs.Cancel(ctx, id) },
	}
	legal := map[string]map[string]string{
		"pending": {"start": "running", "fail": "failed", "cancel": "cancelled"},
		"running": {"complete": "completed", "fail": "failed", "cancel": "cancelled"},
	}
	reach := map[string][]string{"pending": nil, "running": {"start"}, "completed": {"start", "complete"}, "failed": {"start", "fail"}, "cancelled": {"cancel"}}
	for _, still := range []bool{false, true} { // two steps at one moment are still two steps
		for status, path := range reach {
			for name, step := range steps {
				id, err := jobs.Create(ctx, stoa.NewJob{Type: "backup"})
				require.NoError(t, err)
				for _, p := range path {
					require.NoError(t, steps[p](id))
				}
				before, err := jobs.Get(ctx, id)
				require.NoError(t, err)
				require.Equal(t, status, before.Status)
				if !still {
					clock.add(time.Second)
				}
				err = step(id)
				after, gerr := jobs.Get(ctx, id)
				require.NoError(t, gerr)
				if want := legal[status][name]; want != "" {
					require.NoError(t, err)
					require.Equal(t, want, after.Status)
					require.Equal(t, want == "failed", after.Error != nil)
					continue
				}
				require.Equal(t, "55000", stoa.CodeOf(err), "%s a job that is %s: %v", name, status, err)
				require.Equal(t, before, after)
			}
		}
	}
}

// A clock that is set back does not put an end before a beginning.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, clock := memDB(t)
	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.NoError(t, err)
	created := clock.Now()
	clock.add(-time.Hour)
	require.NoError(t, db.Jobs().Start(ctx, id, ""))
	clock.add(-time.Hour)
	require.NoError(t, db.Jobs().Complete(ctx, id, stoa.Outcome{}))
	job, err := db.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, []time.Time{created, created, created}, []time.Time{job.CreatedAt, *job.StartedAt, *job.CompletedAt})

	live, err := db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1"})
	require.NoError(t, err)
	opened := clock.Now()
	clock.add(-time.Hour)
	require.NoError(t, db.LiveQueries().Notify(ctx, live, 2))
	row, err := db.LiveQueries().Get(ctx, live)
	require.NoError(t, err)
	require.Equal(t, opened, row.LastUpdate)
	require.EqualValues(t, 2, row.Changes)
}

// What no row has is ErrNotFound, hot or flushed, before and after.
func TestNotFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	check := func(err error) {
		t.Helper()
		require.ErrorIs(t, err, stoa.ErrNotFound)
		require.Equal(t, "02000", stoa.CodeOf(err))
	}
	nobody := uuid.New()
	for range 2 {
		_, err := db.Jobs().Get(ctx, nobody)
		check(err)
		_, err = db.LiveQueries().Get(ctx, nobody)
		check(err)
		check(db.Jobs().Start(ctx, nobody, ""))
		check(db.Jobs().Cancel(ctx, nobody))
		check(db.LiveQueries().Notify(ctx, nobody, 1))
		check(db.LiveQueries().Close(ctx, nobody))
		_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
		require.NoError(t, err)
		_, err = db.Exec(ctx, "CALL system.flush(all_rows => true)")
		require.NoError(t, err)
	}
}

// Flushed rows are read, changed and closed like others.
func TestWritersOnFlushedRows(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	id, err := db.Jobs().Create(ctx, stoa.NewJob{ID: uuid.MustParse("00000000-0000-0000-0000-000000000007"), Type: "migrate", Parameters: map[string]any{"b": 1, "a": "é"}})
	require.NoError(t, err)
	live, err := db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1", Options: json.RawMessage(`{"last_rows":100}`), Node: "n"})
	require.NoError(t, err)
	flush := func() {
		_, err := db.Exec(ctx, "CALL system.flush(all_rows => true)")
		require.NoError(t, err)
	}
	flush()
	require.NoError(t, db.Jobs().Start(ctx, id, "trace"))
	flush()
	require.NoError(t, db.Jobs().Fail(ctx, id, "disk full", stoa.Outcome{}))
	flush()
	job, err := db.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, `failed disk full {"a": "é", "b": 1} trace`, job.Status+" "+*job.Error+" "+*job.Parameters+" "+*job.Trace)
	require.NoError(t, db.LiveQueries().Notify(ctx, live, 41))
	flush()
	require.NoError(t, db.LiveQueries().Notify(ctx, live, 1))
	row, err := db.LiveQueries().Get(ctx, live)
	require.NoError(t, err)
	require.EqualValues(t, 42, row.Changes)
	require.Equal(t, `{"last_rows": 100}`, *row.Options)
	flush()
	require.NoError(t, db.LiveQueries().Close(ctx, live))
	_, err = db.LiveQueries().Get(ctx, live)
	require.ErrorIs(t, err, stoa.ErrNotFound)
}

func TestWritersRefuse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	code := func(want string, err error) {
		t.Helper()
		require.Equal(t, want, stoa.CodeOf(err), "%v", err)
	}
	_, err := db.Jobs().Create(ctx, stoa.NewJob{})
	code("23502", err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "a\xffb"})
	code("22021", err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: make(chan int)})
	code("22023", err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: json.RawMessage(`"\u0000"`)})
	code("22P05", err)
	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.NoError(t, err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{ID: id, Type: "flush"})
	code("23505", err)
	code("22021", db.Jobs().Fail(ctx, id, "a\x00b", stoa.Outcome{}))
	job, err := db.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "pending", job.Status)

	live, err := db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "u", NamespaceID: "n", TableName: "t", Query: "q"})
	require.NoError(t, err)
	code("22023", db.LiveQueries().Notify(ctx, live, 0))
	require.NoError(t, db.LiveQueries().Notify(ctx, live, 1<<63-2))
	code("22003", db.LiveQueries().Notify(ctx, live, 2))

	_, err = db.Storages().Add(ctx, "bad", "data", "{storageLocation}/../{tableName}/")
	code("22023", err)
	_, err = db.Storages().Add(ctx, "primary", "data", "{storageLocation}/{tableName}/")
	code("23505", err)
	_, err = db.Storages().Add(ctx, "other", "data", "{storageLocation}/{tableName}/")
	require.NoError(t, err)

	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = db.Jobs().Create(ended, stoa.NewJob{Type: "flush"})
	code("57014", err)
	require.ErrorIs(t, err, context.Canceled)
	code("57014", db.Jobs().Start(ended, id, ""))
}

// Jobs that many goroutines start: each is started by one.
func TestConcurrentStarts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := memDB(t)
	var ids []uuid.UUID
	for range 20 {
		id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	won := make([]int, 4)
	var wg sync.WaitGroup
	for w := range won {
		wg.Go(func() {
			for _, id := range ids {
				switch err := db.Jobs().Start(ctx, id, ""); {
				case err == nil:
					won[w]++
				case stoa.CodeOf(err) != "55000":
					t.Error(err)
				}
				if _, err := db.Jobs().Get(ctx, id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, 20, won[0]+won[1]+won[2]+won[3])
}

// A database that is closed, or was opened for reading, says so.
func TestWritersAfterClose(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	fs := vfs.NewMem()
	db, _ := openDB(t, fs, stoa.Options{})
	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.NoError(t, err)
	reader, _ := openDB(t, fs, stoa.Options{ReadOnly: true})
	job, err := reader.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "pending", job.Status)
	_, err = reader.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.Equal(t, "25006", stoa.CodeOf(err))
	require.NoError(t, db.Close())
	require.NoError(t, db.Close())
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.ErrorContains(t, err, "closed")
	require.False(t, errors.Is(err, stoa.ErrNotFound))
	require.Equal(t, schemahistory.Statuses[0], job.Status)
}

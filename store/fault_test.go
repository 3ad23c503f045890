package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// script is a life of a database in statements. states are what it may hold: the last one that was acknowledged first, then those of statements
// whose fate is unknown.
type script struct {
	t      *testing.T
	fake   *fakeFiles
	db     *DB
	states []map[uuid.UUID]int64
}

// do runs a statement that turns the acknowledged state into what change makes of it.
func (s *script) do(change func(map[uuid.UUID]int64), op func() error) {
	if s.db == nil {
		return
	}
	next := maps.Clone(s.states[0])
	change(next)
	if err := op(); err != nil {
		s.states = append(s.states, next)
		return
	}
	s.states = []map[uuid.UUID]int64{next}
	require.Equal(s.t, next, s.content())
}

// content reads the rows without the file system, which may fail.
func (s *script) content() map[uuid.UUID]int64 {
	snap := s.db.Snapshot()
	defer snap.Close()
	v, ok := snap.Table(schemahistory.Jobs)
	require.True(s.t, ok)
	return s.fake.scan(s.t, v)
}

func (s *script) insert(version int64, numbers ...int) {
	s.do(func(m map[uuid.UUID]int64) {
		for _, n := range numbers {
			m[jobID(n)] = version
		}
	}, func() error {
		return s.db.Update(context.Background(), func(tx *Tx) error {
			keys := vec.New(arrowschema.UUID, len(numbers))
			for i, n := range numbers {
				keys.UUIDs[i] = jobID(n)
			}
			ids, err := tx.Find(schemahistory.Jobs, schemahistory.Contract()[0].Keys[0], []*vec.Vec{keys})
			if err != nil {
				return err
			}
			ids = slices.DeleteFunc(ids, func(id tables.RowID) bool { return id == 0 })
			if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
				return err
			}
			for _, n := range numbers {
				b := batchOf(s.t, versioned(n, version))
				if err := tx.Insert(schemahistory.Jobs, b); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// run runs the whole script on a file system that may fail.
func (s *script) run(opts Options) {
	ctx := context.Background()
	nothing := func(map[uuid.UUID]int64) {}
	open := func() {
		db, err := Open(ctx, "/db", &opts)
		s.db = db
		if err == nil {
			// What was in doubt is decided now.
			got := s.content()
			s.states = []map[uuid.UUID]int64{s.matching(got)}
		}
	}
	closeDB := func() {
		if s.db != nil {
			_ = s.db.Close()
		}
	}
	open()
	for n := range 8 {
		s.insert(1, 3*n, 3*n+1, 3*n+2)
	}
	s.do(nothing, func() error {
		return s.fake.flushTo(ctx, s.db, "files/a", func(id uuid.UUID) bool { return id[2]%2 == 0 })
	})
	s.insert(2, 4)
	s.do(nothing, func() error { return s.db.Checkpoint(ctx) })
	s.insert(3, 5)
	closeDB()
	open()
	s.insert(4, 100)
	s.do(nothing, func() error {
		return s.fake.flushTo(ctx, s.db, "files/b", func(id uuid.UUID) bool { return id[2]%2 == 1 })
	})
	s.do(nothing, func() error { return s.db.Checkpoint(ctx) })
	s.insert(5, 6)
	closeDB()
}

// matching finds what is there among what may be.
func (s *script) matching(got map[uuid.UUID]int64) map[uuid.UUID]int64 {
	if len(s.states) == 0 {
		require.Empty(s.t, got)
		return got
	}
	for _, want := range s.states {
		if maps.Equal(want, got) {
			return got
		}
	}
	require.Fail(s.t, "not a state that was acknowledged or in doubt", "%d rows", len(got))
	return nil
}

// TestFaultAtEveryCall fails every file-system call of the script, once and for good, and in three ways; then opens the database on a disk that
// works, as it is and as a power cut would leave it.
func TestFaultAtEveryCall(t *testing.T) {
	t.Parallel()
	base := Options{Now: testOptions(nil).Now, SegmentRows: 8, CheckpointBytes: -1, LogSegmentBytes: 4000, partSize: 300}
	counter := &vfs.Counter{}
	count := func(opts Options) int {
		fake := &fakeFiles{byPath: map[string]*vec.Batch{}}
		opts.FS, opts.openCold = vfs.WithFaults(vfs.NewMem(), counter.Inject), fake.open
		(&script{t: t, fake: fake}).run(opts)
		return int(counter.Count())
	}
	calls := count(base)
	require.Greater(t, calls, 150)
	eio := errors.New("input/output error")
	for n := 1; n <= calls; n++ {
		for kind, forGood := range []bool{false, true, false} {
			fake := &fakeFiles{byPath: map[string]*vec.Batch{}}
			mem := vfs.NewMem()
			var fault error = eio
			if kind == 2 {
				fault = &vfs.Fault{Err: eio, Bytes: 7, Done: n%2 == 0}
			}
			opts := base
			opts.FS, opts.openCold = vfs.WithFaults(mem, vfs.FailNth(uint64(n), forGood, fault, nil)), fake.open
			s := &script{t: t, fake: fake}
			s.run(opts)
			if s.db != nil {
				_ = s.db.Close()
			}
			r := rand.New(rand.NewPCG(uint64(n), uint64(kind)))
			for i, disk := range []*vfs.Mem{mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced}), mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: r}),
				mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})} {
				opts.FS = disk
				what := fmt.Sprintf("call %d, kind %d, loss %d", n, kind, i)
				db, err := Open(context.Background(), "/db", &opts)
				require.NoError(t, err, what)
				s.matching(fake.content(t, db))
				wantFiles(t, db)
				require.NoError(t, db.Close(), what)
			}
		}
	}
}

package store

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// openBeside opens the database for reading.
func openBeside(t require.TestingT, fsys vfs.FS, opts Options) *DB {
	opts.FS, opts.ReadOnly = fsys, true
	db, err := Open(context.Background(), "/db", &opts)
	require.NoError(t, err)
	return db
}

// watchedChanger has a reader follow what a changer does.
type watchedChanger struct {
	*changer
	reader *DB
}

func (c *watchedChanger) Check(t *rapid.T) {
	if c.reader == nil {
		c.reader = openBeside(t, c.fsys, c.opts)
	}
	s, err := c.reader.Latest(c.ctx)
	require.NoError(t, err)
	require.Equal(t, observed(t, c.db), observedIn(t, s))
	s.Close()
	fresh := openBeside(t, c.fsys, c.opts)
	require.Equal(t, observed(t, c.db), observed(t, fresh))
	require.NoError(t, fresh.Close())
}

// TestReaderFollowsChanges has a reader that stays open, and one that is opened anew, show after each statement what the writer shows: rows by every way to
// them, definitions, versions, and the rows of system.table_schemas.
func TestReaderFollowsChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &watchedChanger{changer: &changer{
			t: t, ctx: context.Background(), fsys: vfs.NewMem(), stop: -1,
			world: world{rows: map[int64]map[int32]string{}, changes: map[schemahistory.Name][]string{}},
		}}
		c.opts = Options{
			FS: c.fsys, Now: testOptions(nil).Now,
			SegmentRows:     rapid.SampledFrom([]int{1, 3, 16, 64}).Draw(t, "segment rows"),
			CheckpointBytes: rapid.SampledFrom([]int64{-1, 1, 5000}).Draw(t, "checkpoint bytes"),
			LogSegmentBytes: rapid.SampledFrom([]int64{0, 1000, 20000}).Draw(t, "log segment"),
			partSize:        rapid.SampledFrom([]int{0, 1, 3000}).Draw(t, "part size"),
		}
		db, err := Open(c.ctx, "/db", &c.opts)
		require.NoError(t, err)
		c.db = db
		defer func() {
			c.release()
			_ = c.db.Close()
			if c.reader != nil {
				_ = c.reader.Close()
			}
		}()
		c.CreateTable(t)
		t.Repeat(rapid.StateMachineActions(c))
	})
}

// watchedMachine has a reader follow what a machine does, but now and then miss a part.
type watchedMachine struct {
	*machine
	reader *DB
}

func (m *watchedMachine) Check(t *rapid.T) {
	if m.reader == nil {
		m.reader = openBeside(t, m.fsys, m.opts)
	}
	if rapid.IntRange(0, 2).Draw(t, "look") > 0 {
		s, err := m.reader.Latest(m.ctx)
		require.NoError(t, err)
		require.Equal(t, m.model, m.fake.contentOf(t, s))
		s.Close()
	}
}

// TestReaderFollowsOperations is TestReaderFollowsChanges for rows, files, checkpoints and openings.
func TestReaderFollowsOperations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &watchedMachine{machine: newMachine(t)}
		defer func() {
			_ = m.db.Close()
			if m.reader != nil {
				_ = m.reader.Close()
			}
		}()
		t.Repeat(rapid.StateMachineActions(m))
	})
}

// TestReaderSeesWholeStatements looks on while a statement is streamed to the log in many records, which first fails and then succeeds.
func TestReaderSeesWholeStatements(t *testing.T) {
	t.Parallel()
	opts := testOptions(vfs.NewMem())
	opts.partSize = 500
	db := mustOpen(t, opts.FS, opts)
	insertJobs(t, db, 0, 10)
	reader := openBeside(t, opts.FS, *opts)
	before := reader.Snapshot()
	boom := errors.New("boom")
	for _, end := range []error{boom, nil} {
		err := db.Update(context.Background(), func(tx *Tx) error {
			require.NoError(t, tx.Delete(schemahistory.Jobs, findJobs(t, tx, span(0, 10)...)))
			for n := range 20 {
				require.NoError(t, tx.Insert(schemahistory.Jobs, jobBatch(t, 100+10*n, 110+10*n)))
				require.NoError(t, db.log.Flush(context.Background()))
				wantJobs(t, reader, span(0, 10)...)
				late := openBeside(t, opts.FS, *opts) // in the middle of the statement
				wantJobs(t, late, span(0, 10)...)
				require.NoError(t, late.Close())
			}
			return end
		})
		require.ErrorIs(t, err, end)
		if end != nil {
			wantJobs(t, reader, span(0, 10)...)
		}
	}
	wantJobs(t, reader, span(100, 300)...)
	require.Len(t, snapshotJobs(t, before), 10, "a snapshot stays what it was")
	before.Close()
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())
}

// TestReaderCancelled cancels a reader that catches up, and lets it go on.
func TestReaderCancelled(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	reader := openBeside(t, fsys, *testOptions(fsys))
	for n := range 20 {
		insertJobs(t, db, 5*n, 5*n+5)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		for range n % 3 {
			_, err := reader.Latest(ctx)
			require.ErrorIs(t, err, context.Canceled)
		}
		wantJobs(t, reader, span(0, 5*n+5)...)
	}
	require.NoError(t, reader.Close())
	_, err := reader.Latest(context.Background())
	require.ErrorIs(t, err, ErrClosed)
	require.NoError(t, db.Close())
}

// TestReaderFaults fails every call of a reader, once and for good: what it shows is right, or there is an error; and afterwards it goes on.
func TestReaderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{syscall.EIO, syscall.EMFILE, &vfs.Fault{Err: syscall.EIO, Bytes: 7}, &vfs.Fault{Err: fs.ErrNotExist}} {
		for n, hit := uint64(1), true; hit; n++ {
			hit = false
			for _, forGood := range []bool{false, true} {
				hit = readerFault(t, n, forGood, fault) || hit
			}
		}
	}
}

func readerFault(t *testing.T, n uint64, forGood bool, fault error) (hit bool) {
	fsys, armed := vfs.NewMem(), true
	opts := testOptions(fsys)
	opts.LogSegmentBytes = 2000
	db := mustOpen(t, fsys, opts)
	insertJobs(t, db, 0, 5)
	require.NoError(t, db.Checkpoint(context.Background()))
	inject := vfs.FailNth(n, forGood, fault, func(vfs.Op) bool { return armed })
	readOnly := *opts
	readOnly.ReadOnly = true
	readOnly.FS = vfs.WithFaults(fsys, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err })
	reader, err := Open(context.Background(), "/db", &readOnly)
	for step := 1; step <= 3 && err == nil; step++ {
		switch step {
		case 1:
			insertJobs(t, db, 5, 20)
		case 2:
			require.NoError(t, db.Checkpoint(context.Background()))
			insertJobs(t, db, 20, 40)
		}
		var s *Snapshot
		if s, err = reader.Latest(context.Background()); err == nil {
			require.Len(t, snapshotJobs(t, s), []int{20, 40, 40}[step-1], "call %d", n)
			s.Close()
		}
	}
	if err != nil {
		require.True(t, hit, "call %d: %v", n, err)
	}
	armed = false
	if reader != nil {
		s, err := reader.Latest(context.Background())
		require.NoError(t, err, "call %d", n)
		require.Len(t, snapshotJobs(t, s), len(jobsOf(t, db)), "call %d of %v", n, fault)
		s.Close()
		require.Empty(t, reader.holds)
		require.NoError(t, reader.Close())
	}
	require.True(t, db.free(0) && db.free(1), "call %d: a hold is left", n)
	require.NoError(t, db.Close())
	return hit
}

// TestReaderMissesALot has a reader sleep while the log that it read goes, and while another database takes the directory.
func TestReaderMissesALot(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	opts := testOptions(fsys)
	opts.LogSegmentBytes = 1000
	db := mustOpen(t, fsys, opts)
	reader := openBeside(t, fsys, *opts)
	for n := range 10 {
		insertJobs(t, db, 10*n, 10*n+10)
		require.NoError(t, db.Checkpoint(context.Background()))
	}
	wantJobs(t, reader, span(0, 100)...)
	require.NoError(t, db.Close())
	require.NoError(t, vfs.RemoveAll(fsys, "/db"))
	_, err := reader.Latest(context.Background())
	require.Equal(t, sqlstate.UndefinedFile, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, "MANIFEST")
	db = mustOpen(t, fsys, opts)
	insertJobs(t, db, 500, 503)
	wantJobs(t, reader, 500, 501, 502)
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())
}

// TestReadYourWrites checks that a reader's snapshot has every statement that was acknowledged before, of many writers, beside checkpoints.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	opts := testOptions(vfs.NewMem())
	opts.CheckpointBytes, opts.LogSegmentBytes = 20000, 10000
	db := mustOpen(t, opts.FS, opts)
	reader := openBeside(t, opts.FS, *opts)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 9))
			for n := range 60 {
				insertJobs(t, db, 1000*w+n, 1000*w+n+1)
				if r.IntN(2) > 0 {
					continue
				}
				s, err := reader.Latest(context.Background())
				if err != nil {
					t.Errorf("writer %d, statement %d: %v", w, n, err)
					return
				}
				got := idsOf(s)
				for i := range n + 1 {
					if !got[jobID(1000*w+i)] {
						t.Errorf("writer %d: statement %d is not seen after %d", w, i, n)
					}
				}
				s.Close()
			}
		})
	}
	all.Wait()
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())
}

func idsOf(s *Snapshot) map[uuid.UUID]bool {
	v, _ := s.Table(schemahistory.Jobs)
	out := map[uuid.UUID]bool{}
	segments := v.Hot.Segments()
	for i := range segments {
		ids := segments[i].Column(0)
		for _, row := range segments[i].Live(0, segments[i].Rows(), nil) {
			out[ids.UUIDs[row]] = true
		}
	}
	return out
}

// BenchmarkReader is a statement's snapshot of a reader beside a database of a million hot rows: when nothing is new, and after each statement of the writer.
func BenchmarkReader(b *testing.B) {
	dir := b.TempDir()
	db, err := Open(context.Background(), dir, &Options{Durability: 2, CheckpointBytes: -1})
	require.NoError(b, err)
	defer db.Close()
	for lo := 0; lo < 1000000; lo += 100000 {
		insertJobs(b, db, lo, lo+100000)
	}
	began := time.Now()
	reader, err := Open(context.Background(), dir, &Options{ReadOnly: true})
	require.NoError(b, err)
	defer reader.Close()
	opened := time.Since(began)
	look := func() {
		s, err := reader.Latest(context.Background())
		require.NoError(b, err)
		s.Close()
	}
	b.Run("idle", func(b *testing.B) {
		for b.Loop() {
			look()
		}
		b.ReportMetric(float64(opened.Milliseconds()), "ms-to-open")
	})
	next := 1000000
	batches := make([]*vec.Batch, 0, 4096)
	for range cap(batches) {
		batches = append(batches, batchOf(b, testJob(next)))
		next++
	}
	key := schemahistory.Contract()[0].Keys[0]
	for _, statements := range []int{1, 1000} {
		b.Run(map[int]string{1: "after each statement", 1000: "after 1000 statements"}[statements], func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				for n := range statements {
					row := batches[(i*statements+n)%len(batches)]
					update(b, db, func(tx *Tx) error {
						ids, err := tx.Find(schemahistory.Jobs, key, []*vec.Vec{row.Cols[0]})
						if err == nil && ids[0] != 0 {
							err = tx.Delete(schemahistory.Jobs, []tables.RowID{ids[0]})
						}
						require.NoError(b, err)
						return tx.Insert(schemahistory.Jobs, row)
					})
				}
				b.StartTimer()
				look()
			}
		})
	}
}

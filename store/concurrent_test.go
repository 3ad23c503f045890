package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// TestSnapshotIsolation lets writers move pairs of jobs: each statement gives both jobs of a pair one new version, while others flush, compact
// the log and read. Every snapshot must see both jobs of a pair in one version, and versions that do not go back.
func TestSnapshotIsolation(t *testing.T) {
	t.Parallel()
	const pairs, writers, readers, rounds = 40, 6, 4, 60
	fake := &fakeFiles{byPath: map[string]*vec.Batch{}}
	opts := testOptions(vfs.NewMem())
	opts.SegmentRows, opts.CheckpointBytes, opts.openCold, opts.partSize = 64, 20000, fake.open, 2000
	db := mustOpen(t, opts.FS, opts)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var version atomic.Int64
	move := func(pair int) error {
		return db.Update(ctx, func(tx *Tx) error {
			v := version.Add(1)
			var ids []tables.RowID
			for _, id := range findJobs(t, tx, 2*pair, 2*pair+1) {
				if id != 0 {
					ids = append(ids, id)
				}
			}
			if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
				return err
			}
			return tx.Insert(schemahistory.Jobs, batchOf(t, versioned(2*pair, v), versioned(2*pair+1, v)))
		})
	}
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range rounds {
				pair := (w*7 + i) % pairs
				if err := move(pair); err != nil {
					t.Error(err)
				}
				s := db.Snapshot() // a writer reads what it wrote
				if got := fake.contentOf(t, s); got[jobID(2*pair)] == 0 {
					t.Errorf("pair %d is not there", pair)
				}
				s.Close()
			}
		})
	}
	writing.Go(func() {
		for i := range 15 {
			path := fmt.Sprintf("files/%d", i)
			if err := fake.flushTo(ctx, db, path, func(id uuid.UUID) bool { return id[1]%2 == 0 }); err != nil && ctx.Err() == nil {
				t.Errorf("flush: %v", err)
			}
		}
	})
	done := make(chan struct{})
	for range readers {
		reading.Go(func() {
			last, seq := map[uuid.UUID]int64{}, uint64(0)
			for {
				select {
				case <-done:
					return
				default:
				}
				s := db.Snapshot()
				got := fake.contentOf(t, s)
				again := fake.contentOf(t, s)
				if s.Seq() < seq {
					t.Error("a snapshot went back")
				}
				seq = s.Seq()
				s.Close()
				if len(got) != len(again) {
					t.Error("a snapshot changed")
				}
				for p := range pairs {
					a, b := got[jobID(2*p)], got[jobID(2*p+1)]
					if a != b || a < last[jobID(2*p)] || again[jobID(2*p)] != a {
						t.Errorf("pair %d: versions %d and %d after %d", p, a, b, last[jobID(2*p)])
					}
				}
				last = got
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	want := fake.content(t, db)
	require.NoError(t, db.Close())
	db = mustOpen(t, opts.FS, opts)
	require.Equal(t, want, fake.content(t, db))
	wantFiles(t, db)
	require.NoError(t, db.Close())
}

// TestReadersBesideWriter opens the database read-only again and again while a writer inserts and checkpoints.
func TestReadersBesideWriter(t *testing.T) {
	t.Parallel()
	opts := testOptions(vfs.NewMem())
	opts.CheckpointBytes, opts.LogSegmentBytes = 3000, 2000
	db := mustOpen(t, opts.FS, opts)
	done := make(chan struct{})
	var acked atomic.Int64
	go func() {
		defer close(done)
		for n := range 300 {
			insertJobs(t, db, n, n+1)
			acked.Store(int64(n + 1))
		}
	}()
	readOnly := *opts
	readOnly.ReadOnly = true
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		least := acked.Load()
		reader, err := Open(context.Background(), "/db", &readOnly)
		require.NoError(t, err)
		got := jobsOf(t, reader)
		require.GreaterOrEqual(t, int64(len(got)), least)
		for n := range len(got) {
			require.Contains(t, got, jobID(n))
		}
		require.NoError(t, reader.Close())
	}
	require.NoError(t, db.Close())
}

// TestGiveUpWaiting cancels a writer that waits for another.
func TestGiveUpWaiting(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, vfs.NewMem(), nil)
	inside, leave := make(chan struct{}), make(chan struct{})
	var busy sync.WaitGroup
	busy.Go(func() {
		update(t, db, func(tx *Tx) error {
			close(inside)
			<-leave
			return nil
		})
	})
	<-inside
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, db.Update(ctx, func(*Tx) error { return nil }), context.Canceled)
	s := db.Snapshot() // readers do not wait
	s.Close()
	close(leave)
	busy.Wait()
	require.NoError(t, db.Close())
}

package wal_test

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// TestGroupCommit has 16 writers append and sync, with a reader beside them: every record is there once, those of a writer are in its
// order, what was acknowledged survives, and an fsync served several.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	const writers, each = 16, 60
	m := vfs.NewMem()
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if op.Kind == vfs.OpSync {
			time.Sleep(100 * time.Microsecond)
		}
		return nil
	})
	o := &wal.Options{FS: fsys, SegmentBytes: 20_000}
	l, _, err := wal.Open(dir, 0, o, nil)
	require.NoError(t, err)
	var acked atomic.Uint64
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				seq, err := l.Append(byte(w), fmt.Appendf(nil, "%d/%d ", w, i), make([]byte, 50))
				if err == nil {
					err = l.Sync(context.Background(), seq)
				}
				if err != nil {
					t.Error(err)
					return
				}
				for old := acked.Load(); seq > old && !acked.CompareAndSwap(old, seq); old = acked.Load() {
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		before := acked.Load()
		_, _, after := mustOpen(t, m.CrashClone(vfs.CrashOptions{}), 0, wal.Options{})
		require.GreaterOrEqual(t, uint64(len(after)), before)
		found, err := wal.Replay(dir, 0, o, func(uint64, byte, []byte) error { return nil })
		require.NoError(t, err)
		require.GreaterOrEqual(t, found.Last, before)
	}
	require.EqualValues(t, writers*each, acked.Load())
	require.Less(t, l.Stats().Syncs, int64(writers*each/2))
	require.NoError(t, l.Close())
	next := [writers]int{}
	_, err = wal.Replay(dir, 0, o, func(_ uint64, w byte, p []byte) error {
		var who, i int
		_, err := fmt.Sscanf(string(p), "%d/%d ", &who, &i)
		require.Equal(t, [2]int{int(w), next[w]}, [2]int{who, i})
		next[w]++
		return err
	})
	require.NoError(t, err)
	for _, n := range next {
		require.Equal(t, each, n)
	}
}

// TestMixedUse does everything at once on the host's file system, for the race detector, with a reader that must never see damage.
func TestMixedUse(t *testing.T) {
	t.Parallel()
	for _, durability := range []wal.Durability{wal.Full, wal.Interval, wal.Off} {
		path := t.TempDir()
		o := &wal.Options{SegmentBytes: 200_000, Durability: durability, Interval: time.Millisecond}
		l, _, err := wal.Open(path, 0, o, nil)
		require.NoError(t, err)
		var group sync.WaitGroup
		var running atomic.Int32
		for w := range 6 {
			running.Add(1)
			group.Go(func() {
				defer running.Add(-1)
				for i := range 40 {
					size := 10 + i*w*20
					if i%10 == w {
						size = 300_000
					}
					seq, err := l.Append(byte(w), payload(uint64(w), uint64(i), size), []byte("end"))
					if err == nil && i%3 == 0 {
						err = l.Sync(context.Background(), seq)
					}
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = l.Stats(), l.Err()
				}
			})
		}
		group.Go(func() {
			for running.Load() > 0 {
				if err := l.TruncateBefore(l.Durable() / 2); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Millisecond)
			}
		})
		reads := 0
		for running.Load() > 0 {
			from, least := l.First(), l.Durable()
			last := uint64(0)
			_, err := wal.Replay(path, from, o, func(seq uint64, _ byte, p []byte) error {
				if last > 0 && seq != last+1 || string(p[len(p)-3:]) != "end" {
					return fmt.Errorf("%d after %d", seq, last)
				}
				last = seq
				return nil
			})
			if err == nil {
				require.GreaterOrEqual(t, last, least)
				reads++
			} else {
				require.ErrorIs(t, err, fs.ErrNotExist, "a segment was removed under our hands")
			}
		}
		group.Wait()
		require.NoError(t, l.Close())
		require.EqualValues(t, 240, l.Durable())
	}
}

// TestReaderMeetsWriteInProgress has the writer complete a record after a reader has seen it half written, and before the reader sees the
// records behind it: no damage.
func TestReaderMeetsWriteInProgress(t *testing.T) {
	t.Parallel()
	m, all, _ := sample(t, killed)
	file := segmentFiles(t, m)[1]
	whole, err := vfs.ReadFile(m, file, 1<<20)
	require.NoError(t, err)
	half := append([]byte(nil), whole...)
	clear(half[32+24+2 : 32+24+12])
	edit(t, m, file, func([]byte) []byte { return half })
	requireCorrupt(t, clone(m), 0, "the checksum of record 5 is wrong")
	reads := 0
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if op.Kind == vfs.OpReadAt && op.Path == file {
			if reads++; reads == 3 { // the header, the records, and now what lies behind the bad one
				f, err := m.OpenReadWrite(file)
				require.NoError(t, err)
				_, err = f.WriteAt(whole, 0)
				require.NoError(t, err)
			}
		}
		return nil
	})
	var got []record
	_, err = wal.Replay(dir, 0, &wal.Options{FS: fsys}, collect(&got))
	require.NoError(t, err)
	require.Equal(t, all, got)
	require.Greater(t, reads, 3)
}

// TestCloseUnderUse closes while others append and wait: each is served or told, and nobody hangs.
func TestCloseUnderUse(t *testing.T) {
	t.Parallel()
	for range 50 {
		m := vfs.NewMem()
		l, _, _ := mustOpen(t, m, 0, wal.Options{Durability: wal.Interval, Interval: 50 * time.Microsecond})
		var group sync.WaitGroup
		var served atomic.Int64
		for range 4 {
			group.Go(func() {
				for {
					seq, err := l.Append(1, []byte("x"))
					if err != nil {
						if err != wal.ErrClosed {
							t.Error(err)
						}
						return
					}
					if err := l.Sync(context.Background(), seq); err != nil {
						t.Error(err)
					}
					served.Add(1)
				}
			})
		}
		for served.Load() < 20 {
			time.Sleep(10 * time.Microsecond)
		}
		require.NoError(t, l.Close())
		group.Wait()
		_, found, got := mustOpen(t, m.CrashClone(vfs.CrashOptions{}), 0, wal.Options{})
		require.True(t, found.Clean)
		require.EqualValues(t, served.Load(), len(got))
	}
}

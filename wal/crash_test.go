package wal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

var losses = []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome}

// writer drives a log with a plan and knows what it may and what it must find after a crash.
type writer struct {
	run        uint64
	log        *wal.Log
	all        []record // everything appended that may survive
	acked      uint64   // what must
	checkpoint uint64   // the caller needs only the records above it
}

// open opens the log and compares what is there with what was known.
func (w *writer) open(t require.TestingT, fsys vfs.FS, o wal.Options, context ...any) error {
	o.Begin = w.acked == 0 && w.checkpoint == 0
	l, found, got, err := openLog(fsys, w.checkpoint+1, o)
	if err != nil {
		return err
	}
	w.compare(t, found, got, context...)
	w.log, w.acked = l, found.Last
	_, err = wal.Replay(dir, 0, &wal.Options{FS: fsys}, nil)
	return err // whatever a truncation left has no gaps
}

func (w *writer) compare(t require.TestingT, found wal.Recovery, got []record, context ...any) {
	require.GreaterOrEqual(t, found.Last, w.acked, context...)
	var all []record
	for _, r := range w.all {
		if r.seq > w.checkpoint {
			all = append(all, r)
		}
	}
	requirePrefix(t, all, got, w.acked, context...)
	keep := 0
	for keep < len(w.all) && w.all[keep].seq <= found.Last {
		keep++
	}
	w.all = slices.Clone(w.all[:keep]) // copies of the writer share it
}

// step does the next thing. What fails is returned, and nothing is then known to be safe.
func (w *writer) step(fsys vfs.FS, o wal.Options, op, size int) error {
	switch op {
	case 0: // open again, after closing or as after a kill, in the same life of the machine
		if size%2 == 0 {
			if err := w.log.Close(); err != nil {
				return err
			}
			w.acked = w.log.Last()
		}
		l, found, got, err := openLog(fsys, w.checkpoint+1, o)
		if err != nil {
			return err
		}
		last := w.checkpoint
		if len(got) > 0 {
			last = got[len(got)-1].seq
		}
		if last < w.acked || found.Last != last && len(got) > 0 {
			return fmt.Errorf("%d were promised, %d are there", w.acked, last)
		}
		for len(w.all) > 0 && w.all[len(w.all)-1].seq > found.Last {
			w.all = w.all[:len(w.all)-1]
		}
		w.all = slices.Clip(w.all)
		w.log, w.acked = l, found.Last
		return nil
	case 1: // checkpoint
		if err := w.log.Flush(context.Background()); err != nil {
			return err
		}
		w.acked = w.log.Last()
		w.checkpoint = w.log.Last()
		return w.log.TruncateBefore(w.checkpoint + 1)
	case 2, 3, 4:
		if err := w.log.Sync(context.Background(), w.log.Last()); err != nil {
			return err
		}
		if o.Durability == wal.Full {
			w.acked = w.log.Last()
		}
		return nil
	default:
		p := payload(w.run, w.log.Last()+1, size)
		w.all = append(w.all, record{w.log.Last() + 1, byte(op), string(p)}) // before: it may survive even if the call fails
		_, err := w.log.Append(byte(op), p[:size/2], p[size/2:])
		if vfs.IsFull(err) && w.log.Err() == nil {
			w.all = w.all[:len(w.all)-1] // it was refused
		}
		return err
	}
}

// planned is a random plan of (op, size).
func planned(r *rand.Rand, steps int) [][2]int {
	plan := make([][2]int, steps)
	for i := range plan {
		size := r.IntN(700)
		if r.IntN(25) == 0 {
			size = 256<<10 + r.IntN(5000)
		}
		plan[i] = [2]int{r.IntN(14), size}
	}
	return plan
}

// TestCrashAfterEveryCall runs a plan once, crashes it before every file-system call that changes something, with every loss, recovers, and
// crashes the recovery in the same way once more.
func TestCrashAfterEveryCall(t *testing.T) {
	t.Parallel()
	steps, seeds := 40, 2*torture(t)
	if testing.Short() { // under the race detector the recoveries of recoveries take minutes
		steps, seeds = 6, 1
	}
	for _, durability := range []wal.Durability{wal.Full, wal.Off} {
		for seed := range seeds {
			r := rand.New(rand.NewPCG(seed, 77))
			m := vfs.NewMem()
			w := &writer{run: seed}
			o := wal.Options{SegmentBytes: 3000, Durability: durability}
			crashes := 0
			fsys := vfs.WithFaults(m, func(op vfs.Op) error {
				if !op.Kind.Changes() {
					return nil
				}
				if r.IntN(4) == 0 {
					m.WriteBack(r)
				}
				for _, loss := range losses {
					crashes++
					where := fmt.Sprintf("seed %d, %v before call %d, %v %s", seed, loss, op.N, op.Kind, op.Path)
					recoverCrashed(t, m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r}), *w, r, 1, where)
				}
				return nil
			})
			require.NoError(t, w.open(t, fsys, o))
			for _, p := range planned(r, steps) {
				require.NoError(t, w.step(fsys, o, p[0], p[1]))
			}
			require.Greater(t, crashes, 2*steps)
		}
	}
}

// recoverCrashed opens what a crash left, crashes that at every call if depth is left, and sees that the log can be written again.
func recoverCrashed(t *testing.T, m *vfs.Mem, w writer, r *rand.Rand, depth int, where string) {
	fsys := vfs.FS(m)
	if depth > 0 {
		fsys = vfs.WithFaults(m, func(op vfs.Op) error {
			if op.Kind.Changes() {
				if r.IntN(4) == 0 {
					m.WriteBack(r)
				}
				loss := losses[r.IntN(len(losses))]
				recoverCrashed(t, m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r}), w, r, depth-1,
					fmt.Sprintf("%s, then %v before call %d of the recovery, %v %s", where, loss, op.N, op.Kind, op.Path))
			}
			return nil
		})
	}
	o := wal.Options{SegmentBytes: 3000}
	known := w
	require.NoError(t, known.open(t, fsys, o, where), where)
	if depth > 0 {
		return
	}
	known.run += 100
	for range 3 {
		require.NoError(t, known.step(fsys, o, 9, 40), where)
		require.NoError(t, known.step(fsys, o, 2, 0), where)
	}
	again := m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced})
	require.NoError(t, known.open(t, again, o, where), where)
}

// TestCrashRandom runs random plans through several crashes in a row, each at a random call.
func TestCrashRandom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		o := wal.Options{
			SegmentBytes: rapid.Int64Range(1, 5000).Draw(t, "segment bytes"),
			Durability:   rapid.SampledFrom([]wal.Durability{wal.Full, wal.Off}).Draw(t, "durability"),
		}
		m := vfs.NewMem()
		w := &writer{}
		for range rapid.IntRange(1, 6).Draw(t, "lives") {
			w.run++
			loss := rapid.SampledFrom(losses).Draw(t, "loss")
			at := rapid.Uint64Range(1, 120).Draw(t, "crash at")
			busy := rapid.IntRange(0, 3).Draw(t, "the system writes back") // after every so many calls; 0: never
			var left *vfs.Mem
			var acked, checkpoint uint64
			fsys := vfs.WithFaults(m, func(op vfs.Op) error {
				if busy > 0 && op.N%uint64(busy) == 0 {
					m.WriteBack(r)
				}
				if op.N == at {
					left = m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r})
					acked, checkpoint = w.acked, w.checkpoint
				}
				return nil
			})
			require.NoError(t, w.open(t, fsys, o))
			for _, p := range planned(r, 30) {
				if left != nil {
					break
				}
				require.NoError(t, w.step(fsys, o, p[0], p[1]))
			}
			if left == nil {
				left, acked, checkpoint = m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r}), w.acked, w.checkpoint
			}
			m, w.acked, w.checkpoint = left, acked, checkpoint
		}
		require.NoError(t, w.open(t, m, o))
	})
}

// TestTruncateCrash interrupts the removal of several segments at every call: what is left has no gaps.
func TestTruncateCrash(t *testing.T) {
	t.Parallel()
	for seed := range 20 * torture(t) {
		r := rand.New(rand.NewPCG(seed, 11))
		m := vfs.NewMem()
		truncating := false
		fsys := vfs.WithFaults(m, func(op vfs.Op) error {
			if truncating && op.Kind.Changes() {
				c := m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: r})
				found, err := wal.Replay(dir, 0, &wal.Options{FS: c}, nil)
				require.NoError(t, err, "seed %d before call %d, %v %s", seed, op.N, op.Kind, op.Path)
				require.EqualValues(t, 8, found.Last)
			}
			return nil
		})
		l, _, _ := mustOpen(t, fsys, 0, wal.Options{SegmentBytes: 330})
		appendAll(t, l, 1, 100, 100, 100, 100, 100, 100, 100, 100)
		syncAll(t, l)
		truncating = true
		require.NoError(t, l.TruncateBefore(9))
		require.EqualValues(t, 7, l.First())
	}
}

// TestFailedSyncThenReopen is the trap of fsync: it fails once, the system takes the pages for written, the log is opened again in the same
// life of the machine, reads them from memory, goes on, and loses them in the next power cut. Unless it writes them anew.
func TestFailedSyncThenReopen(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	armed := false
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if armed && op.Kind == vfs.OpSync {
			armed = false
			return errIO
		}
		return nil
	})
	l, _, _ := mustOpen(t, fsys, 0, wal.Options{})
	all := appendAll(t, l, 1, 100, 5000)
	syncAll(t, l)
	armed = true
	all = append(all, appendAll(t, l, 1, 9000, 100)...)
	require.ErrorIs(t, l.Sync(context.Background(), 4), errIO)
	require.NoError(t, l.Sync(context.Background(), 2), "what was durable still is")
	_, err := l.Append(1)
	require.ErrorIs(t, err, wal.ErrFailed)
	require.ErrorIs(t, l.Sync(context.Background(), 3), errIO)
	require.ErrorIs(t, l.TruncateBefore(1), errIO)
	require.ErrorIs(t, l.Close(), errIO)
	require.ErrorIs(t, l.Err(), errIO)

	l, found, got := mustOpen(t, fsys, 0, wal.Options{})
	require.Equal(t, all, got)
	require.False(t, found.Clean)
	all = append(all, appendAll(t, l, 1, 10)...)
	syncAll(t, l)
	_, _, got = mustOpen(t, m.CrashClone(vfs.CrashOptions{}), 0, wal.Options{})
	require.Equal(t, all, got)
}

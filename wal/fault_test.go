package wal_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

var errIO = error(syscall.EIO)

// TestFaultAtEveryCall fails every call of a run, once and for good, in several ways. After the failure the log is opened again: in place,
// with what was reported as failed discarded, and after a power cut. Nothing acknowledged is lost, nothing reported as failed comes back.
func TestFaultAtEveryCall(t *testing.T) {
	t.Parallel()
	kinds := map[string]error{
		"EIO": errIO, "lost answer": &vfs.Fault{Err: errIO, Done: true},
		"short": &vfs.Fault{Err: syscall.ENOSPC, Bytes: 13},
	}
	for name, fault := range kinds {
		for _, forGood := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s for good=%v", name, forGood), func(t *testing.T) {
				t.Parallel()
				reached := map[vfs.OpKind]bool{}
				n := uint64(1)
				for faultRun(t, n, forGood, fault, reached) {
					n++
				}
				require.Greater(t, n, uint64(100), name)
				for _, k := range []vfs.OpKind{
					vfs.OpCreate, vfs.OpOpen, vfs.OpOpenReadWrite, vfs.OpRemove, vfs.OpRename, vfs.OpRenameNoReplace, vfs.OpMkdirAll,
					vfs.OpReadDir, vfs.OpStat, vfs.OpSyncDir, vfs.OpRead, vfs.OpReadAt, vfs.OpWrite, vfs.OpWriteAt, vfs.OpSync,
					vfs.OpFileStat, vfs.OpClose,
				} {
					require.True(t, reached[k], "%s never failed", k)
				}
			})
		}
	}
}

// faultRun runs the plan with the n-th call failing, and says whether there was an n-th call.
func faultRun(t *testing.T, n uint64, forGood bool, fault error, reached map[vfs.OpKind]bool) bool {
	m := vfs.NewMem()
	hit := false
	inject := vfs.FailNth(n, forGood, fault, nil)
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		err := inject(op)
		if err != nil {
			hit = true
			reached[op.Kind] = true
		}
		return err
	})
	o := wal.Options{SegmentBytes: 1500}
	w := &writer{}
	err := w.open(t, fsys, o)
	for i, p := range planned(rand.New(rand.NewPCG(5, 8)), 30) {
		if err != nil {
			break
		}
		if err = w.step(fsys, o, p[0], p[1]); err != nil && !errors.Is(err, errIO) && !errors.Is(err, syscall.ENOSPC) {
			require.NoError(t, err, "call %d: step %d", n, i)
		}
		if err == nil && i == 15 { // abandon the log, as a killed process does, for a recovery in the middle
			err = w.open(t, fsys, o)
		}
	}
	var corrupt *wal.CorruptError
	require.False(t, errors.As(err, &corrupt), "a fault is no damage: %v", err)
	if !hit {
		require.NoError(t, err)
		return false
	}
	if err == nil {
		return true // a fault that did no harm: a clean-up, or the close of a file that was read
	}
	after := *w
	require.NoError(t, after.open(t, m.CrashClone(vfs.CrashOptions{}), o), "call %d: after a power cut", n)
	after = *w
	require.NoError(t, after.open(t, m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing}), o), "call %d: after the end of the process", n)
	if w.log != nil && w.log.Err() != nil {
		reopenInPlace(t, m, w, o)
	}
	return true
}

// reopenInPlace opens a failed log in the running process.
func reopenInPlace(t *testing.T, m *vfs.Mem, w *writer, o wal.Options) {
	promised := w.log.Acknowledged()
	require.GreaterOrEqual(t, promised, w.acked)
	if err := w.log.Close(); err != nil { // nil if it was Close that failed
		require.ErrorIs(t, err, wal.ErrFailed)
	}
	o.DiscardFrom = promised + 1
	require.NoError(t, w.open(t, m, o))
	require.Equal(t, promised, w.log.Last(), "nothing else comes back")
	o.DiscardFrom = 0
	w.run++
	require.NoError(t, w.step(m, o, 9, 40))
	require.NoError(t, w.step(m, o, 2, 0))
	require.NoError(t, w.open(t, m.CrashClone(vfs.CrashOptions{}), o))
	require.Equal(t, promised+1, w.log.Last())
}

// TestDiskFull fills the disk, sees the log refuse, frees it and goes on in the same process.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	o := wal.Options{SegmentBytes: 2000}
	l, _, all := mustOpen(t, m, 0, o)
	for round := range uint64(5) {
		m.SetLimit(m.Used() + 3000)
		var err error
		for err == nil {
			p := payload(round, l.Last()+1, 333)
			var seq uint64
			if seq, err = l.Append(1, p); err == nil {
				if err = l.Sync(context.Background(), seq); err == nil {
					all = append(all, record{seq, 1, string(p)})
				}
			}
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.ErrorIs(t, err, wal.ErrFailed)
		var read []record
		_, err = wal.Replay(dir, 0, &wal.Options{FS: m}, collect(&read))
		require.NoError(t, err, "reading goes on")
		requirePrefix(t, read, all, l.Durable())
		m.SetLimit(0)
		promised := l.Acknowledged()
		require.ErrorIs(t, l.Close(), syscall.ENOSPC)
		o.DiscardFrom = promised + 1
		var got []record
		l, _, got = mustOpen(t, m, 0, o)
		require.Equal(t, all, got)
	}
	require.NoError(t, l.Close())
	for _, f := range segmentFiles(t, m) {
		require.False(t, vfs.IsTemp(f))
	}
	_, _, err := wal.Open(dir, 0, &wal.Options{FS: m, DiscardFrom: 1}, nil)
	require.ErrorContains(t, err, "nothing is discarded from a log that was closed cleanly")
}

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
	"github.com/stoadb/stoa/vfs/callsites"
	"github.com/stoadb/stoa/wal"
)

var errIO = error(syscall.EIO)

// TestFaultAtEveryCall fails every call of a run, once and for good, in several ways. After the failure the log is opened again: in place,
// with what was reported as failed discarded, and after a power cut. Nothing acknowledged is lost, nothing reported as failed comes back.
// Then it fails every call of what a run does not do. In the end no call of a file system in the package is left that never failed.
func TestFaultAtEveryCall(t *testing.T) {
	t.Parallel()
	var sites vfs.Sites
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		places, err := callsites.List(".")
		require.NoError(t, err)
		require.Greater(t, len(places), 30)
		require.Empty(t, callsites.Untried(places, sites.List()))
		require.Empty(t, sites.NeverFailed())
	})
	kinds := map[string]error{
		"EIO": errIO, "lost answer": &vfs.Fault{Err: errIO, Done: true}, "EMFILE": syscall.EMFILE,
		"short": &vfs.Fault{Err: syscall.ENOSPC, Bytes: 13}, "EDQUOT": &vfs.Fault{Err: syscall.EDQUOT, Bytes: 1},
	}
	for name, fault := range kinds {
		for _, forGood := range []bool{false, true} {
			if !forGood && (name == "EMFILE" || name == "EDQUOT") && torture(t) == 1 {
				continue // to the log they are as EIO
			}
			t.Run(fmt.Sprintf("%s for good=%v", name, forGood), func(t *testing.T) {
				t.Parallel()
				n := uint64(1)
				for faultRun(t, n, forGood, fault, &sites) {
					n++
				}
				require.Greater(t, n, uint64(100), name)
				faultReopen(t, forGood, fault, &sites)
				faultTruncate(t, forGood, fault, &sites)
				faultReaders(t, forGood, fault, &sites)
				faultFollower(t, forGood, fault, &sites)
				faultRenew(t, forGood, fault, &sites)
			})
		}
	}
}

// isInjected says whether an error is one that was injected, and not one that the log made of it.
func isInjected(err error) bool {
	return errors.Is(err, errIO) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.EDQUOT)
}

// faultReopen fails every call of opening a failed log in the running process. The next attempt succeeds, with what was promised.
func faultReopen(t *testing.T, forGood bool, fault error, sites *vfs.Sites) {
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		m := vfs.NewMem()
		broken := vfs.WithFaults(m, vfs.FailNth(3, true, errIO, vfs.Kinds(vfs.OpCreate))) // the third segment
		l, _, _ := mustOpen(t, broken, 0, wal.Options{SegmentBytes: 330, Durability: wal.Off})
		all := appendAll(t, l, 1, 100, 100, 100)
		syncAll(t, l)
		var err error
		for err == nil {
			_, err = l.Append(7, payload(2, 9, 100))
		}
		require.ErrorIs(t, err, errIO)
		require.ErrorIs(t, err, wal.ErrFailed)
		inject := sites.Watch(vfs.FailNth(n, forGood, fault, nil))
		o := wal.Options{SegmentBytes: 330}
		_, _, got, err := openLog(vfs.WithFaults(m, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err }), 1, o)
		if err == nil {
			requirePrefix(t, got, all, uint64(len(all)))
			continue
		}
		require.True(t, isInjected(err), "call %d: %v", n, err)
		_, _, got = mustOpen(t, m, 1, o)
		requirePrefix(t, got, all, uint64(len(all)))
	}
}

// faultTruncate fails every call of a truncation: the log goes on, and loses nothing that is not to go.
func faultTruncate(t *testing.T, forGood bool, fault error, sites *vfs.Sites) {
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		m := vfs.NewMem()
		armed := false
		inject := sites.Watch(vfs.FailNth(n, forGood, fault, func(vfs.Op) bool { return armed }))
		l, _, _ := mustOpen(t, vfs.WithFaults(m, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err }), 0, wal.Options{SegmentBytes: 330})
		all := appendAll(t, l, 1, 100, 100, 100, 100, 100, 100)
		syncAll(t, l)
		armed = true
		if err := l.TruncateBefore(5); err != nil {
			require.True(t, isInjected(err))
		}
		armed = false
		all = append(all, appendAll(t, l, 1, 100)...)
		syncAll(t, l)
		require.NoError(t, l.TruncateBefore(5))
		require.EqualValues(t, 5, l.First())
		_, _, got := mustOpen(t, m.CrashClone(vfs.CrashOptions{}), 5, wal.Options{})
		require.Equal(t, all[4:], got)
	}
}

// faultReaders fails every call of those who only read, sound logs and damaged ones: an error, and never a wrong or a missing record.
func faultReaders(t *testing.T, forGood bool, fault error, sites *vfs.Sites) {
	for at := range int64(4) {
		for _, how := range []end{closed, killed} {
			sound, all, _ := sample(t, how)
			if at > 0 { // 1: a header, 2: a payload; 3: between the records and the end
				edit(t, sound, segmentFiles(t, sound)[at%2], func(b []byte) []byte { b[[]int{0, 20, 60, 330}[at]] ^= 1; return b })
			}
			var whole []record
			damages, err := wal.Salvage(dir, &wal.Options{FS: sound}, collect(&whole))
			require.NoError(t, err)
			_, refusal := wal.Replay(dir, 1, &wal.Options{FS: sound}, nil)
			for n, hit := uint64(1), true; hit; n++ {
				hit = false
				watch := func(inject vfs.Injector) vfs.FS {
					inject = sites.Watch(inject)
					return vfs.WithFaults(sound, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err })
				}
				var got []record
				_, err := wal.Replay(dir, 1, &wal.Options{FS: watch(vfs.FailNth(n, forGood, fault, nil))}, collect(&got))
				requirePrefix(t, all, got, 0)
				require.True(t, isInjected(err) || fmt.Sprint(err) == fmt.Sprint(refusal), "call %d: %v", n, err)
				got = nil
				found, err := wal.Salvage(dir, &wal.Options{FS: watch(vfs.FailNth(n, forGood, fault, nil))}, collect(&got))
				if err == nil {
					require.Equal(t, damages, found)
					require.Equal(t, whole, got)
					continue
				}
				require.True(t, isInjected(err), "call %d: %v", n, err)
				requirePrefix(t, whole, got, 0)
			}
		}
	}
}

// faultRun runs the plan with the n-th call failing, and says whether there was an n-th call.
func faultRun(t *testing.T, n uint64, forGood bool, fault error, sites *vfs.Sites) bool {
	m := vfs.NewMem()
	hit := false
	inject := sites.Watch(vfs.FailNth(n, forGood, fault, nil))
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		err := inject(op)
		hit = hit || err != nil
		return err
	})
	o := wal.Options{SegmentBytes: 1500}
	w := &writer{}
	err := w.open(t, fsys, o)
	inUse := false // the log is open, and not just being closed or opened
	for i, p := range planned(rand.New(rand.NewPCG(5, 8)), 30) {
		if err != nil {
			break
		}
		inUse = p[0] > 0
		if err = w.step(fsys, o, p[0], p[1]); err != nil && !isInjected(err) {
			require.NoError(t, err, "call %d: step %d", n, i)
		}
		if err == nil && i == 15 { // abandon the log, as a killed process does, for a recovery in the middle
			inUse = false
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
	switch {
	case w.log != nil && w.log.Err() != nil:
		reopenInPlace(t, m, w, o)
	case inUse && !forGood: // the disk was full; in the next moment it is not
		require.True(t, vfs.IsFull(err), "call %d: %v", n, err)
		require.NoError(t, w.step(m, o, 9, 2000), "call %d", n)
		require.NoError(t, w.step(m, o, 2, 0), "call %d", n)
		require.NoError(t, w.open(t, m.CrashClone(vfs.CrashOptions{}), o), "call %d", n)
	}
	return true
}

// reopenInPlace opens a failed log in the running process.
func reopenInPlace(t *testing.T, m *vfs.Mem, w *writer, o wal.Options) {
	if err := w.log.Close(); err != nil { // nil if it was Close that failed
		require.ErrorIs(t, err, wal.ErrFailed)
	}
	require.NoError(t, w.open(t, m, o))
	last := w.log.Last()
	w.run++
	require.NoError(t, w.step(m, o, 9, 40))
	require.NoError(t, w.step(m, o, 2, 0))
	require.NoError(t, w.open(t, m.CrashClone(vfs.CrashOptions{}), o))
	require.Equal(t, last+1, w.log.Last())
}

// TestDiskFull fills the disk in bytes, and in files, sees the log refuse records and keep what it has, frees it, and goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, durability := range []wal.Durability{wal.Full, wal.Off} {
		for round := range uint64(20 * torture(t)) {
			r := rand.New(rand.NewPCG(round, 31))
			m := vfs.NewMem()
			o := wal.Options{SegmentBytes: int64(500 + r.IntN(60_000)), Durability: durability}
			l, _, all := mustOpen(t, m, 0, o)
			for fill := range 3 {
				if r.IntN(3) == 0 {
					m.SetQuota(vfs.Quota{Files: 3 + r.IntN(2), Err: syscall.EDQUOT}) // the directories, a segment, and perhaps one more
				} else {
					m.SetLimit(m.Used() + r.Int64N(30_000))
				}
				refused := 0
				for range 200 {
					p := payload(round, l.Last()+1, r.IntN(800))
					seq, err := l.Append(1, p)
					if err == nil {
						all = append(all, record{seq, 1, string(p)})
						require.NoError(t, l.Sync(context.Background(), seq), "what was accepted has its place")
						continue
					}
					require.True(t, vfs.IsFull(err), "%v", err)
					require.NotErrorIs(t, err, wal.ErrFailed)
					refused++
				}
				require.NoError(t, l.Err())
				require.NoError(t, l.Flush(context.Background()))
				var read []record
				_, err := wal.Replay(dir, 0, &wal.Options{FS: m}, collect(&read))
				require.NoError(t, err, "reading goes on")
				require.Equal(t, all, read)
				_, found, got := mustOpen(t, m.CrashClone(vfs.CrashOptions{}), 0, wal.Options{})
				require.Equal(t, all, got)
				require.Zero(t, found.TornBytes)
				if fill == 1 { // close and open without room
					require.NoError(t, l.Close())
					l, found, got = mustOpen(t, m, 0, o)
					require.Equal(t, all, got)
					require.Zero(t, found.TornBytes)
				}
				m.SetQuota(vfs.Quota{})
				all = append(all, appendAll(t, l, round, 333, 10)...)
				syncAll(t, l)
			}
			require.NoError(t, l.Close())
			for _, f := range segmentFiles(t, m) {
				require.False(t, vfs.IsTemp(f))
			}
			_, found, got := mustOpen(t, m, 0, wal.Options{})
			require.True(t, found.Clean)
			require.Equal(t, all, got)
		}
	}
}

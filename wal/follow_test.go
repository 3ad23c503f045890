package wal_test

import (
	"io/fs"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// TestFollow follows a log through segments, clean and unclean ends, and openings: after each step the follower has what was acknowledged.
func TestFollow(t *testing.T) {
	t.Parallel()
	for seed := range 20 * torture(t) {
		r := rand.New(rand.NewPCG(seed, 6))
		m := vfs.NewMem()
		o := wal.Options{SegmentBytes: int64(200 + r.IntN(2000)), Durability: wal.Durability(r.IntN(3))}
		l, _, _ := mustOpen(t, m, 0, o)
		all := appendAll(t, l, 1, 10, 20)
		syncAll(t, l)
		var got []record
		f, found, err := wal.Follow(dir, 1, &wal.Options{FS: m}, collect(&got))
		require.NoError(t, err)
		require.EqualValues(t, 2, found.Last)
		for range 40 {
			switch r.IntN(8) {
			case 0:
				require.NoError(t, l.Close())
				l, _, _ = mustOpen(t, m, 0, o)
			case 1: // killed; what was appended and not written is gone
				l, _, _ = mustOpen(t, m, 0, o)
			case 2: // nothing
			default:
				for range r.IntN(5) {
					all = append(all, appendAll(t, l, 1, r.IntN(300))...)
				}
				syncAll(t, l)
			}
			require.NoError(t, f.Next(), "seed %d", seed)
			require.Equal(t, all, got, "seed %d", seed)
			require.Equal(t, l.Last(), f.Last())
		}
		// The writer removes what a follower has not read, and what it stands in.
		for range 40 {
			appendAll(t, l, 1, 200)
		}
		syncAll(t, l)
		require.NoError(t, l.TruncateBefore(l.Last()))
		require.ErrorIs(t, f.Next(), fs.ErrNotExist, "seed %d", seed)
		require.NoError(t, l.Close())
	}
}

// TestFollowAnotherLog puts another log in the place of the one that is followed.
func TestFollowAnotherLog(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{})
	appendAll(t, l, 1, 10, 20, 30)
	require.NoError(t, l.Close())
	f, _, err := wal.Follow(dir, 1, &wal.Options{FS: m}, nil)
	require.NoError(t, err)
	require.NoError(t, f.Next())
	require.NoError(t, vfs.RemoveAll(m, dir))
	l, _, _ = mustOpen(t, m, 0, wal.Options{})
	appendAll(t, l, 2, 10, 20, 30, 40)
	syncAll(t, l)
	require.ErrorIs(t, f.Next(), fs.ErrNotExist)
	_, _, err = wal.Follow("nowhere", 1, &wal.Options{FS: m}, nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, _, err = wal.Follow(dir, 1, &wal.Options{FS: m, SegmentBytes: -1}, nil)
	require.Error(t, err)
}

// TestFollowBesideWriter follows a log that is being written: after each look the follower has at least what was acknowledged before it, and no more than was
// appended.
func TestFollowBesideWriter(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 3000})
	f, _, err := wal.Follow(dir, 1, &wal.Options{FS: m}, nil)
	require.NoError(t, err)
	var acknowledged, done atomic.Uint64
	var writing sync.WaitGroup
	for run := range uint64(4) {
		writing.Go(func() {
			for i := range 200 {
				r := appendAll(t, l, run, (i*37)%500)
				if l.Sync(t.Context(), r[0].seq) == nil {
					for a := acknowledged.Load(); a < r[0].seq && !acknowledged.CompareAndSwap(a, r[0].seq); a = acknowledged.Load() {
					}
				}
			}
		})
	}
	go func() { writing.Wait(); done.Store(1) }()
	for last := false; !last; {
		last = done.Load() == 1
		least := acknowledged.Load()
		require.NoError(t, f.Next())
		require.GreaterOrEqual(t, f.Last(), least)
		require.LessOrEqual(t, f.Last(), l.Last())
	}
	require.Equal(t, l.Last(), f.Last())
	require.NoError(t, l.Close())
}

// faultFollower fails every call of a follower: it then has what was there before or more, and asked again, everything.
func faultFollower(t *testing.T, forGood bool, fault error, sites *vfs.Sites) {
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		m := vfs.NewMem()
		armed := true
		inject := sites.Watch(vfs.FailNth(n, forGood, fault, func(vfs.Op) bool { return armed }))
		watched := vfs.WithFaults(m, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err })
		l, _, _ := mustOpen(t, m, 0, wal.Options{SegmentBytes: 330})
		all := appendAll(t, l, 1, 100, 100)
		syncAll(t, l)
		var got []record
		f, _, err := wal.Follow(dir, 1, &wal.Options{FS: watched}, collect(&got))
		if err != nil {
			require.True(t, isInjected(err), "call %d: %v", n, err)
			requirePrefix(t, all, got, 0)
			continue
		}
		all = append(all, appendAll(t, l, 1, 10, 100, 100, 100, 100)...)
		syncAll(t, l)
		if err := f.Next(); err != nil {
			require.True(t, isInjected(err), "call %d: %v", n, err)
			requirePrefix(t, all, got, 0)
			armed = false
			require.NoError(t, f.Next(), "call %d", n)
		}
		require.Equal(t, all, got, "call %d", n)
		require.NoError(t, l.Close())
	}
}

// BenchmarkFollowIdle is what a reader's statement costs when nothing is new.
func BenchmarkFollowIdle(b *testing.B) {
	dir := b.TempDir()
	l, _, err := wal.Open(dir, 0, nil, nil)
	require.NoError(b, err)
	appendAll(b, l, 1, 100)
	syncAll(b, l)
	f, _, err := wal.Follow(dir, 1, nil, nil)
	require.NoError(b, err)
	for b.Loop() {
		require.NoError(b, f.Next())
	}
	require.NoError(b, l.Close())
}

// BenchmarkFollowOne is what it costs when one record is.
func BenchmarkFollowOne(b *testing.B) {
	dir := b.TempDir()
	l, _, err := wal.Open(dir, 0, &wal.Options{Durability: wal.Off}, nil)
	require.NoError(b, err)
	f, _, err := wal.Follow(dir, 1, nil, nil)
	require.NoError(b, err)
	for b.Loop() {
		appendAll(b, l, 1, 200)
		syncAll(b, l)
		require.NoError(b, f.Next())
	}
	require.NoError(b, l.Close())
}

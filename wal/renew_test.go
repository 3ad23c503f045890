package wal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// TestRenew begins a new log behind a damaged one: opened as before it is damaged, opened from its beginning on it is there, also when the old one is not removed.
func TestRenew(t *testing.T) {
	t.Parallel()
	for _, how := range []end{closed, killed} {
		m, all, _ := sample(t, how)
		edit(t, m, segmentFiles(t, m)[0], func(b []byte) []byte { b[60] ^= 1; return b })
		first := all[len(all)-1].seq + 5
		for range 2 { // it can be repeated
			require.NoError(t, wal.Renew(dir, first, &wal.Options{FS: m}))
			_, err := wal.Replay(dir, 1, &wal.Options{FS: m}, nil)
			var damage *wal.CorruptError
			require.ErrorAs(t, err, &damage)
			var got []record
			found, err := wal.Replay(dir, first, &wal.Options{FS: m}, collect(&got))
			require.NoError(t, err)
			require.True(t, found.Clean)
			require.Empty(t, got)
			require.Equal(t, first-1, found.Last)
		}
		var kept []record
		damages, err := wal.Salvage(dir, &wal.Options{FS: m}, collect(&kept))
		require.NoError(t, err)
		require.NotEmpty(t, kept)
		require.Equal(t, first-1, damages[len(damages)-1].To, "what is known to be lost stays known")
		require.NoError(t, wal.RemoveBefore(dir, first, &wal.Options{FS: m}))
		require.Len(t, segmentFiles(t, m), 1)
		l, _, _ := mustOpen(t, m, first, wal.Options{})
		more := appendAll(t, l, 3, 10, 20)
		require.NoError(t, l.Close())
		_, _, got := mustOpen(t, m.CrashClone(vfs.CrashOptions{}), first, wal.Options{})
		require.Equal(t, more, got)
	}
	require.NoError(t, wal.RemoveBefore("nowhere", 7, &wal.Options{FS: vfs.NewMem()}))
}

// faultRenew fails every call of Renew and RemoveBefore: repeated, they do their work.
func faultRenew(t *testing.T, forGood bool, fault error, sites *vfs.Sites) {
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		m, all, _ := sample(t, closed)
		first := all[len(all)-1].seq + 1
		inject := sites.Watch(vfs.FailNth(n, forGood, fault, nil))
		o := &wal.Options{FS: vfs.WithFaults(m, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err })}
		err := wal.Renew(dir, first, o)
		if err == nil {
			err = wal.RemoveBefore(dir, first, o)
		}
		if err != nil {
			require.True(t, isInjected(err), "call %d: %v", n, err)
			require.NoError(t, wal.Renew(dir, first, &wal.Options{FS: m}))
			require.NoError(t, wal.RemoveBefore(dir, first, &wal.Options{FS: m}))
		}
		_, found, got := mustOpen(t, m, first, wal.Options{})
		require.Empty(t, got)
		require.Equal(t, first-1, found.Last)
		require.Len(t, segmentFiles(t, m), 1)
	}
}

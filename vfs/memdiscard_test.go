package vfs_test

import (
	"hash/maphash"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// TestDiscard: what is discarded is in no crash to come, its bytes are free, and no other name becomes durable by it.
func TestDiscard(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	put(t, m, "/d/kept", "kept")
	require.NoError(t, m.SyncDir("/"))
	require.NoError(t, m.SyncDir("/d"))
	used := m.Used()
	put(t, m, "/d/gone/below", "gone")
	require.NoError(t, m.SyncDir("/d/gone"))
	require.NoError(t, m.SyncDir("/d"))
	put(t, m, "/d/new", "new")
	m.Discard("/d/gone")
	m.Discard("/d/gone")
	m.Discard("/nothing/there")
	require.Equal(t, used+3, m.Used())
	for loss := range vfs.Loss(3) {
		for seed := range uint64(20) {
			c := m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rand.New(rand.NewPCG(seed, 1))})
			there, err := vfs.Exists(c, "/d/gone")
			require.NoError(t, err)
			require.False(t, there, loss)
			there, err = vfs.Exists(c, "/d/new")
			require.NoError(t, err)
			if loss != vfs.LoseSome {
				require.Equal(t, loss == vfs.LoseNothing, there, loss)
			}
			there, err = vfs.Exists(c, "/d/kept")
			require.NoError(t, err)
			require.True(t, there)
		}
	}
}

// TestFingerprint: it is that of the names and the bytes, whatever became of them before.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	seed := maphash.MakeSeed()
	of := func(change func(m *vfs.Mem)) uint64 {
		m := vfs.NewMem()
		put(t, m, "/a/b", "12345")
		put(t, m, "/a/c", "")
		if change != nil {
			change(m)
		}
		return m.Fingerprint(seed)
	}
	first := of(nil)
	require.Equal(t, first, of(nil))
	require.Equal(t, first, of(func(m *vfs.Mem) {
		put(t, m, "/x", "longer")
		require.NoError(t, m.Remove("/x"))
		require.NoError(t, m.Rename("/a/b", "/a/d"))
		require.NoError(t, m.Rename("/a/d", "/a/b"))
	}))
	require.Equal(t, first, of(func(m *vfs.Mem) { require.NoError(t, m.SyncDir("/a")) }))
	for name, change := range map[string]func(m *vfs.Mem){
		"byte": func(m *vfs.Mem) { put(t, m, "/a/b", "12346") }, "size": func(m *vfs.Mem) { put(t, m, "/a/b", "1234") },
		"name": func(m *vfs.Mem) { require.NoError(t, m.Rename("/a/b", "/a/e")) }, "empty file": func(m *vfs.Mem) { require.NoError(t, m.Remove("/a/c")) },
		"directory": func(m *vfs.Mem) { require.NoError(t, m.MkdirAll("/a/f")) }, "long": func(m *vfs.Mem) { put(t, m, "/a/c", string(make([]byte, 9000))) },
		"place": func(m *vfs.Mem) { require.NoError(t, m.Rename("/a/c", "/c")) },
	} {
		require.NotEqual(t, first, of(change), name)
	}
}

// put writes and syncs a file, with the directories above it; no name is durable.
func put(t *testing.T, m *vfs.Mem, name, text string) {
	t.Helper()
	require.NoError(t, m.MkdirAll(filepath.Dir(name)))
	write(t, m, name, text, true)
}

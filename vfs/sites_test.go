package vfs_test

import (
	"bufio"
	"io"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// TestSites finds the caller of a method, of a helper, and of what reads through another package, each by its function here.
func TestSites(t *testing.T) {
	t.Parallel()
	var sites vfs.Sites
	watch := sites.Watch(vfs.FailNth(1, true, syscall.EIO, vfs.Kinds(vfs.OpLock)))
	fsys := vfs.WithFaults(vfs.NewMem(), vfs.Chain(func(op vfs.Op) error { return watch(op) }))
	require.NoError(t, vfs.AtomicWrite(fsys, "f", writeHello))
	readBuffered(t, fsys)
	for range 2 {
		_, err := fsys.Lock("LOCK", vfs.Exclusive)
		require.ErrorIs(t, err, syscall.EIO)
	}
	type seen struct {
		fn, via       string
		calls, failed int64
	}
	got := map[vfs.OpKind]seen{}
	for _, s := range sites.List() {
		require.Equal(t, "vfs/sites_test.go", s.File, s.String())
		got[s.Kind] = seen{s.Func, s.Via, s.Calls, s.Failed}
	}
	require.Equal(t, seen{"TestSites", "AtomicWrite", 1, 0}, got[vfs.OpCreate])
	require.Equal(t, seen{"TestSites", "AtomicWrite", 1, 0}, got[vfs.OpSync])
	require.Equal(t, seen{"writeHello", "", 1, 0}, got[vfs.OpWrite])
	require.Equal(t, seen{"readBuffered", "", 1, 0}, got[vfs.OpOpen])
	require.Equal(t, "readBuffered", got[vfs.OpRead].fn)
	require.Equal(t, seen{"TestSites", "", 2, 2}, got[vfs.OpLock])
	require.Len(t, sites.NeverFailed(), len(sites.List())-1)
	require.Regexp(t, `^vfs/sites_test.go:\d+ TestSites: Create through AtomicWrite$`, sites.List()[0].String())
}

func writeHello(w io.Writer) error {
	_, err := io.WriteString(w, "hello")
	return err
}

func readBuffered(t *testing.T, fsys vfs.FS) {
	f, err := fsys.Open("f")
	require.NoError(t, err)
	line, err := bufio.NewReader(f).ReadString('o')
	require.NoError(t, err)
	require.Equal(t, "hello", line)
	require.NoError(t, f.Close())
}

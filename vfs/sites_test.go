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

// TestFailAt fails the first call from one of two places, and what comes after it when it is for good.
func TestFailAt(t *testing.T) {
	t.Parallel()
	for _, forGood := range []bool{false, true} {
		var sites, seen vfs.Sites
		both := func(fsys vfs.FS) []bool {
			var failed []bool
			for range 2 {
				_, first := fsys.ReadDir(".")
				_, second := fsys.ReadDir(".")
				failed = append(failed, first != nil, second != nil)
			}
			return failed
		}
		require.Equal(t, []bool{false, false, false, false}, both(vfs.WithFaults(vfs.NewMem(), sites.Watch(nil))))
		places := sites.List()
		require.Len(t, places, 2)
		got := both(vfs.WithFaults(vfs.NewMem(), seen.Watch(vfs.FailAt(places[1], forGood, syscall.EIO))))
		require.Equal(t, []bool{false, true, forGood, forGood}, got)
		require.True(t, seen.Failed(places[1]))
		require.Equal(t, forGood, seen.Failed(places[0]))
	}
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

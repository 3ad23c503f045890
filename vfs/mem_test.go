package vfs_test

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/vfs"
)

func write(t require.TestingT, fsys vfs.FS, name, data string, sync bool) {
	f, err := fsys.Create(name)
	require.NoError(t, err)
	_, err = f.Write([]byte(data))
	require.NoError(t, err)
	if sync {
		require.NoError(t, f.Sync())
	}
	require.NoError(t, f.Close())
}

func read(t require.TestingT, fsys vfs.FS, name string) string {
	data, err := vfs.ReadFile(fsys, name, 1<<30)
	if errors.Is(err, fs.ErrNotExist) {
		return "(none)"
	}
	require.NoError(t, err)
	return string(data)
}

// class maps errors of both file systems to what callers may rely on.
func class(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return "not exist"
	case errors.Is(err, fs.ErrExist), errors.Is(err, syscall.ENOTEMPTY):
		return "exist"
	case errors.Is(err, io.EOF):
		return "eof"
	case errors.Is(err, fs.ErrClosed):
		return "closed"
	default:
		return "other"
	}
}

// TestMemIsLikeOS runs the same random calls on both file systems: same results, same content.
func TestMemIsLikeOS(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		mem, host := vfs.NewMem(), vfs.OS()
		root := filepath.Join(base, "run", string(rune('a'+run%26)), filepath.Base(rapid.StringMatching(`[a-z]{8}`).Draw(t, "dir")))
		require.NoError(t, vfs.RemoveAll(host, root))
		require.NoError(t, vfs.MkdirAllSync(host, root))
		require.NoError(t, vfs.MkdirAllSync(mem, root))
		name := rapid.SampledFrom([]string{"a", "b", "d", "d/a", "d/b", "d/e", "d/e/a"})
		steps := rapid.IntRange(1, 25).Draw(t, "steps")
		for range steps {
			op, x, y := rapid.IntRange(0, 7).Draw(t, "op"), filepath.Join(root, name.Draw(t, "x")), filepath.Join(root, name.Draw(t, "y"))
			plan := fileOps(t)
			require.Equal(t, step(host, op, x, y, plan), step(mem, op, x, y, plan), "op %d %s %s", op, x, y)
		}
		require.NoError(t, vfs.RemoveAll(host, root))
	})
}

type fileOp struct {
	kind int
	off  int64
	data []byte
}

func fileOps(t *rapid.T) []fileOp {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fileOp {
		return fileOp{
			rapid.IntRange(0, 6).Draw(t, "kind"), rapid.Int64Range(0, 9000).Draw(t, "off"),
			rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data"),
		}
	}), 0, 6).Draw(t, "file ops")
}

// step does one call and describes its outcome.
func step(fsys vfs.FS, op int, x, y string, plan []fileOp) []any {
	switch op {
	case 0:
		return onFile(fsys.Create, x, plan)
	case 1:
		return onFile(fsys.CreateNew, x, plan)
	case 2:
		return onFile(fsys.OpenReadWrite, x, plan)
	case 3:
		return []any{class(fsys.Remove(x))}
	case 4:
		return []any{class(fsys.RenameNoReplace(x, y)) != ""}
	case 5:
		return []any{class(fsys.MkdirAll(x))}
	case 6:
		entries, err := fsys.ReadDir(x)
		out := []any{class(err)}
		for _, e := range entries {
			out = append(out, e.Name(), e.IsDir())
		}
		return out
	default:
		xi, err := fsys.Stat(x)
		yi, _ := fsys.Stat(y)
		if err == nil && !xi.IsDir() && (yi == nil || !yi.IsDir()) { // what happens to directories differs between systems
			return []any{class(fsys.Rename(x, y))}
		}
		return []any{class(err)}
	}
}

func onFile(open func(string) (vfs.File, error), name string, plan []fileOp) []any {
	f, err := open(name)
	if err != nil {
		return []any{class(err)}
	}
	var out []any
	buf := make([]byte, 500)
	for _, op := range plan {
		var n int
		var at int64
		switch op.kind {
		case 0:
			n, err = f.Write(op.data)
		case 1:
			n, err = f.WriteAt(op.data, op.off)
		case 2:
			n, err = io.ReadFull(f, buf[:len(op.data)])
		case 3:
			n, err = f.ReadAt(buf[:len(op.data)], op.off)
		case 4:
			at, err = f.Seek(op.off, io.SeekStart)
		case 5:
			err = f.Truncate(op.off)
		case 6:
			at, err = f.Seek(0, io.SeekEnd)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		out = append(out, n, at, class(err), string(buf[:n]))
	}
	size, err := vfs.Size(f)
	all := make([]byte, size)
	n, _ := f.ReadAt(all, 0)
	out = append(out, size, err, n, string(all), class(f.Close()))
	_, err = f.Write([]byte("x"))
	return append(out, class(err))
}

func TestMemLimit(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	m.SetLimit(10)
	write(t, m, "a", "123456", false)
	f, err := m.Create("b")
	require.NoError(t, err)
	n, err := f.Write([]byte("abcdefgh"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 4, n)
	require.Equal(t, "abcd", read(t, m, "b"))
	require.NoError(t, m.Remove("a"))
	_, err = f.Write([]byte("efgh"))
	require.NoError(t, err)
	require.Equal(t, "abcdefgh", read(t, m, "b"))
	require.NoError(t, m.Remove("b"))
	require.EqualValues(t, 8, m.Used(), "still open")
	require.NoError(t, f.Close())
	require.Zero(t, m.Used())
}

// TestQuota fills a disk in bytes and in files, with either error, frees it, and goes on; a crash changes nothing of it.
func TestQuota(t *testing.T) {
	t.Parallel()
	for _, full := range []error{nil, syscall.EDQUOT} {
		want := full
		if want == nil {
			want = syscall.ENOSPC
		}
		m := vfs.NewMem()
		require.NoError(t, m.MkdirAll("d"))
		m.SetQuota(vfs.Quota{Bytes: 6, Files: 3, Err: full})
		write(t, m, "d/a", "1234", true)
		f, err := m.Create("d/b")
		require.NoError(t, err)
		require.NoError(t, m.SyncDir("d"))
		require.NoError(t, m.SyncDir("/"))
		n, err := f.Write([]byte("567"))
		require.ErrorIs(t, err, want)
		require.Equal(t, 2, n)
		_, err = f.WriteAt([]byte("xy"), 0)
		require.NoError(t, err, "there is room for what is there")
		require.NoError(t, f.Sync())
		m = m.CrashClone(vfs.CrashOptions{})
		_, err = m.CreateNew("c")
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, m.MkdirAll("e"), want)
		_, err = m.Lock("LOCK", vfs.Exclusive)
		require.ErrorIs(t, err, want)
		_, err = m.Lock("d/a", vfs.Exclusive)
		require.NoError(t, err, "a lock on what exists needs nothing")
		require.NoError(t, m.Rename("d/a", "d/b"), "to replace a file frees it")
		require.EqualValues(t, 4, m.Used())
		write(t, m, "c", "12", true)
		require.NoError(t, m.Remove("c"))
		require.NoError(t, m.MkdirAll("e"))
		require.NoError(t, m.Remove("e"))
		require.NoError(t, m.MkdirAll("e"))
		m.SetQuota(vfs.Quota{})
		write(t, m, "e/f", "1234567890", true)
	}
}

func BenchmarkMemAppendSync(b *testing.B) {
	m := vfs.NewMem()
	f, err := m.Create("f")
	require.NoError(b, err)
	data := make([]byte, 200)
	for b.Loop() {
		_, _ = f.Write(data)
		_ = f.Sync()
	}
}

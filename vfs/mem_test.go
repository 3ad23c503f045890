package vfs_test

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
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

func TestCrashLosesWhatWasNotSynced(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	require.NoError(t, m.MkdirAll("d"))
	require.NoError(t, m.SyncDir("/"))
	write(t, m, "d/synced", "one", true)
	require.NoError(t, m.SyncDir("d"))
	write(t, m, "d/nodir", "two", true)
	write(t, m, "d/nosync", "three", false)
	f, err := m.OpenReadWrite("d/synced")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("ONE MORE"), 0)
	require.NoError(t, err)

	after := m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "one", read(t, after, "d/synced"))
	require.Equal(t, "(none)", read(t, after, "d/nodir"))
	require.Equal(t, "(none)", read(t, after, "d/nosync"))
	killed := m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	require.Equal(t, "ONE MORE", read(t, killed, "d/synced"))
	require.Equal(t, "three", read(t, killed, "d/nosync"))
	require.Equal(t, "ONE MORE", read(t, m, "d/synced"), "the original goes on")

	require.NoError(t, m.SyncDir("d"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "two", read(t, after, "d/nodir"))
	require.Empty(t, read(t, after, "d/nosync"), "the name is durable, the bytes are not")
	require.EqualValues(t, 6, after.Used())

	_, err = f.WriteAt([]byte("!"), 0)
	require.NoError(t, err)
	write(t, after, "d/synced", "changed", true)
	require.Equal(t, "!NE MORE", read(t, m, "d/synced"), "a clone shares nothing that can change")
}

func TestCrashUndoesNames(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	write(t, m, "a", "a", true)
	write(t, m, "b", "b", true)
	require.NoError(t, m.SyncDir("/"))
	require.NoError(t, m.Rename("a", "b"))
	after := m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "a b", read(t, after, "a")+" "+read(t, after, "b"))

	require.NoError(t, m.MkdirAll("x/y"))
	write(t, m, "x/y/f", "f", true)
	require.NoError(t, m.SyncDir("x/y"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "(none)", read(t, after, "x/y/f"), "the directory's own name was never synced")
	require.NoError(t, m.SyncDir("x"))
	require.NoError(t, m.SyncDir("/"))
	after = m.CrashClone(vfs.CrashOptions{})
	require.Equal(t, "f", read(t, after, "x/y/f"))
	require.Equal(t, "(none) a", read(t, after, "a")+" "+read(t, after, "b"))
}

// TestLoseSome checks that every mixture is possible, that renames stay whole, that synced bytes survive, and that a seed repeats itself.
func TestLoseSome(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	write(t, m, "old", "old", true)
	write(t, m, "log", "durable", true)
	require.NoError(t, m.SyncDir("/"))
	require.NoError(t, m.Rename("old", "new"))
	f, err := m.OpenReadWrite("log")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(string(make([]byte, 3000))), 4096)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("DURABLE and more"), 0)
	require.NoError(t, err)
	seen := map[string]int{}
	sizes := map[int]bool{}
	for seed := range uint64(300) {
		crash := func() *vfs.Mem {
			return m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: rand.New(rand.NewPCG(seed, 1))})
		}
		c := crash()
		names := read(t, c, "old") + read(t, c, "new")
		require.Contains(t, []string{"old(none)", "(none)old"}, names)
		log := read(t, c, "log")
		require.Contains(t, []string{"durable", "DURABLE"}, log[:7])
		seen[names+log[:7]]++
		sizes[len(log)] = true
		again := crash()
		require.Equal(t, log, read(t, again, "log"))
	}
	require.Len(t, seen, 4)
	require.Greater(t, len(sizes), 50)
	require.True(t, sizes[4096+3000])
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

func BenchmarkCrashClone(b *testing.B) {
	m := vfs.NewMem()
	f, err := m.Create("f")
	require.NoError(b, err)
	_, err = f.Write(make([]byte, 1<<20))
	require.NoError(b, err)
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		m.CrashClone(vfs.CrashOptions{Loss: vfs.LoseSome, Rand: r})
	}
}

package vfs_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// both runs a test on the host's file system and in memory.
func both(t *testing.T, test func(t *testing.T, fsys vfs.FS, dir string)) {
	t.Run("os", func(t *testing.T) { t.Parallel(); test(t, vfs.OS(), t.TempDir()) })
	t.Run("mem", func(t *testing.T) { t.Parallel(); test(t, vfs.NewMem(), "") })
	t.Run("faults", func(t *testing.T) { t.Parallel(); test(t, vfs.WithFaults(vfs.NewMem(), new(vfs.Counter).Inject), "") })
}

func TestRenameNoReplace(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, fsys vfs.FS, dir string) {
		a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
		write(t, fsys, a, "a", true)
		write(t, fsys, b, "b", true)
		require.ErrorIs(t, fsys.RenameNoReplace(a, b), fs.ErrExist)
		require.Equal(t, "a b", read(t, fsys, a)+" "+read(t, fsys, b))
		require.NoError(t, fsys.Remove(b))
		require.NoError(t, fsys.RenameNoReplace(a, b))
		require.Equal(t, "(none) a", read(t, fsys, a)+" "+read(t, fsys, b))
		require.ErrorIs(t, fsys.RenameNoReplace(a, b), fs.ErrNotExist)
	})
}

func TestLock(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, fsys vfs.FS, dir string) {
		name := filepath.Join(dir, "LOCK")
		writer, err := fsys.Lock(name, vfs.Exclusive)
		require.NoError(t, err)
		for _, mode := range []vfs.LockMode{vfs.Exclusive, vfs.Shared} {
			_, err = fsys.Lock(name, mode)
			locked := (*vfs.LockedError)(nil)
			require.ErrorAs(t, err, &locked)
			require.Contains(t, err.Error(), "LOCK is locked by another process")
			if fsys == vfs.OS() {
				require.Equal(t, os.Getpid(), locked.Holder)
			}
		}
		require.NoError(t, writer.Close())
		one, err := fsys.Lock(name, vfs.Shared)
		require.NoError(t, err)
		two, err := fsys.Lock(name, vfs.Shared)
		require.NoError(t, err)
		_, err = fsys.Lock(name, vfs.Exclusive)
		locked := (*vfs.LockedError)(nil)
		require.ErrorAs(t, err, &locked)
		require.Zero(t, locked.Holder)
		require.NoError(t, errors.Join(one.Close(), two.Close()))
		writer, err = fsys.Lock(name, vfs.Exclusive)
		require.NoError(t, err)
		require.NoError(t, writer.Close())
		require.Error(t, writer.Close())
	})
}

func TestHelpers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, fsys vfs.FS, dir string) {
		deep := filepath.Join(dir, "x", "y", "z")
		require.NoError(t, vfs.MkdirAllSync(fsys, deep))
		require.NoError(t, vfs.MkdirAllSync(fsys, deep))
		file := filepath.Join(deep, "f")
		hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
		require.NoError(t, vfs.AtomicCreate(fsys, file, hello))
		require.ErrorIs(t, vfs.AtomicCreate(fsys, file, hello), fs.ErrExist)
		require.NoError(t, vfs.AtomicWrite(fsys, file, hello))
		boom := errors.New("boom")
		require.ErrorIs(t, vfs.AtomicWrite(fsys, file, func(io.Writer) error { return boom }), boom)
		require.Equal(t, "hello", read(t, fsys, file))
		entries, err := fsys.ReadDir(deep)
		require.NoError(t, err)
		require.Len(t, entries, 1, "no temporary files stay")
		_, err = vfs.ReadFile(fsys, file, 4)
		require.ErrorContains(t, err, "5 bytes are more than the limit of 4")
		require.Error(t, vfs.MkdirAllSync(fsys, filepath.Join(file, "below")))
		there, err := vfs.Exists(fsys, file)
		require.NoError(t, err)
		require.True(t, there)
		require.NoError(t, vfs.RemoveAll(fsys, filepath.Join(dir, "x")))
		require.NoError(t, vfs.RemoveAll(fsys, filepath.Join(dir, "x")))
		there, err = vfs.Exists(fsys, filepath.Join(dir, "x"))
		require.NoError(t, err)
		require.False(t, there)
		abs, err := fsys.Abs("q")
		require.NoError(t, err)
		require.True(t, filepath.IsAbs(abs))
	})
}

func TestRemoveAllDoesNotFollowLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep := filepath.Join(dir, "keep")
	require.NoError(t, os.MkdirAll(keep, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(keep, "f"), nil, 0o644))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "tree"), 0o755))
	if err := os.Symlink(keep, filepath.Join(dir, "tree", "link")); err != nil {
		t.Skip(err)
	}
	require.NoError(t, vfs.RemoveAll(vfs.OS(), filepath.Join(dir, "tree")))
	require.FileExists(t, filepath.Join(keep, "f"))
}

// TestAtomicWriteCrash crashes after every call, with every loss: there is the old content or the new, and the new once it was reported.
func TestAtomicWriteCrash(t *testing.T) {
	t.Parallel()
	for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
		for seed := range uint64(20) {
			m := vfs.NewMem()
			write := func(fsys vfs.FS, text string) error {
				if err := vfs.MkdirAllSync(fsys, "a/b"); err != nil {
					return err
				}
				return vfs.AtomicWrite(fsys, "a/b/f", func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
			}
			r := rand.New(rand.NewPCG(seed, uint64(loss)))
			done := "(none)"
			allowed := []string{done}
			check := func(op vfs.Op) error {
				c := m.CrashClone(vfs.CrashOptions{Loss: loss, Rand: r})
				require.Contains(t, allowed, read(t, c, "a/b/f"), "%s before %v %s, seed %d", loss, op.Kind, op.Path, seed)
				return nil
			}
			fsys := vfs.WithFaults(m, check)
			for i := range 3 {
				text := fmt.Sprint("content ", i)
				allowed = []string{done, text}
				require.NoError(t, write(fsys, text))
				done = text
				allowed = []string{done}
				require.NoError(t, check(vfs.Op{}))
			}
		}
	}
}

// TestAtomicWriteFaults fails every call: the old content stands, or the new if only its durability is in doubt.
func TestAtomicWriteFaults(t *testing.T) {
	t.Parallel()
	for n := uint64(1); ; n++ {
		m := vfs.NewMem()
		write(t, m, "f", "old", true)
		require.NoError(t, m.SyncDir("/"))
		var hit vfs.Op
		fsys := vfs.WithFaults(m, vfs.Chain(func(op vfs.Op) error { hit = op; return nil }, vfs.FailNth(n, true, syscall.EIO, nil)))
		err := vfs.AtomicWrite(fsys, "f", func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
		if err == nil {
			require.Equal(t, "new", read(t, m, "f"))
			require.EqualValues(t, 7, n, "create, write, sync, close, rename, sync of the directory")
			return
		}
		require.ErrorIs(t, err, syscall.EIO)
		require.Contains(t, []string{"old", "new"}, read(t, m, "f"))
		require.Equal(t, hit.Kind == vfs.OpSyncDir, read(t, m, "f") == "new")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	var fate error
	var last vfs.Op
	var count vfs.Counter
	fsys := vfs.WithFaults(m, vfs.Chain(count.Inject, func(op vfs.Op) error { last = op; return fate }))
	f, err := fsys.Create("f")
	require.NoError(t, err)
	require.Equal(t, vfs.Op{Kind: vfs.OpCreate, Path: "f", N: 1}, last)

	fate = &vfs.Fault{Err: syscall.ENOSPC, Bytes: 2}
	n, err := f.Write([]byte("hello"))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.Equal(t, 2, n)
	require.Equal(t, "he", read(t, m, "f"))
	require.Equal(t, vfs.Op{Kind: vfs.OpWrite, Path: "f", N: 2, Bytes: 5}, last)

	fate = &vfs.Fault{Bytes: 1}
	n, err = f.WriteAt([]byte("HELLO"), 0)
	require.ErrorIs(t, err, io.ErrShortWrite)
	require.Equal(t, 1, n)
	_, err = f.Seek(0, io.SeekStart)
	require.NoError(t, err)
	buf := make([]byte, 2)
	n, err = f.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "H", string(buf[:n]))
	n, err = f.ReadAt(buf, 0)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, 1, n)

	fate = &vfs.Fault{Err: syscall.EIO, Done: true}
	require.ErrorIs(t, fsys.Rename("f", "g"), syscall.EIO)
	require.Equal(t, "He", read(t, m, "g"), "done, though reported as failed")
	require.Equal(t, "g", last.To)

	fate = syscall.EMFILE
	_, err = fsys.Open("g")
	require.ErrorIs(t, err, syscall.EMFILE)
	_, err = fsys.Lock("l", vfs.Exclusive)
	require.ErrorIs(t, err, syscall.EMFILE)
	require.ErrorIs(t, f.Close(), syscall.EMFILE)
	fate = nil
	_, err = f.Stat()
	require.ErrorIs(t, err, fs.ErrClosed, "a failed close closes")
	require.EqualValues(t, 1, count.Count(vfs.OpWriteAt))
	require.EqualValues(t, last.N, count.Count())
	require.EqualValues(t, 10, count.Bytes(vfs.OpWrite, vfs.OpWriteAt))

	second := vfs.FailNth(2, false, syscall.EIO, func(op vfs.Op) bool { return op.Kind == vfs.OpSync })
	got := []error{}
	for _, k := range []vfs.OpKind{vfs.OpSync, vfs.OpWrite, vfs.OpSync, vfs.OpSync} {
		got = append(got, second(vfs.Op{Kind: k}))
	}
	require.Equal(t, []error{nil, nil, syscall.EIO, nil}, got)
}

// everyCall makes one call of each kind and returns the error of the one of a kind.
func everyCall(t *testing.T, fsys vfs.FS, kind vfs.OpKind) error {
	var errs [32]error
	note := func(k vfs.OpKind, err error) { errs[k] = errors.Join(errs[k], err) }
	open := func(k vfs.OpKind, open func(string) (vfs.File, error), name string) vfs.File {
		f, err := open(name)
		note(k, err)
		return f
	}
	buf := make([]byte, 4)
	if f := open(vfs.OpOpenReadWrite, fsys.OpenReadWrite, "f"); f != nil {
		_, err := f.Read(buf)
		note(vfs.OpRead, err)
		_, err = f.ReadAt(buf, 0)
		note(vfs.OpReadAt, err)
		_, err = f.Write(buf)
		note(vfs.OpWrite, err)
		_, err = f.WriteAt(buf, 0)
		note(vfs.OpWriteAt, err)
		note(vfs.OpTruncate, f.Truncate(8))
		note(vfs.OpSync, f.Sync())
		note(vfs.OpSync, vfs.SyncData(f))
		_, err = f.Stat()
		note(vfs.OpFileStat, err)
		note(vfs.OpClose, f.Close())
	}
	for k, f := range map[vfs.OpKind]vfs.File{
		vfs.OpCreate: open(vfs.OpCreate, fsys.Create, "new"), vfs.OpCreateNew: open(vfs.OpCreateNew, fsys.CreateNew, "newer"),
		vfs.OpOpen: open(vfs.OpOpen, fsys.Open, "f"),
	} {
		if f != nil && kind != vfs.OpClose {
			note(k, f.Close())
		}
	}
	note(vfs.OpMkdirAll, fsys.MkdirAll("d"))
	_, err := fsys.ReadDir("/")
	note(vfs.OpReadDir, err)
	_, err = fsys.Stat("f")
	note(vfs.OpStat, err)
	note(vfs.OpSyncDir, fsys.SyncDir("/"))
	lock, err := fsys.Lock("LOCK", vfs.Exclusive)
	note(vfs.OpLock, err)
	if lock != nil {
		require.NoError(t, lock.Close())
	}
	note(vfs.OpRename, fsys.Rename("g", "h"))
	note(vfs.OpRenameNoReplace, fsys.RenameNoReplace("i", "j"))
	note(vfs.OpRemove, fsys.Remove("k"))
	for k, err := range errs {
		if vfs.OpKind(k) != kind {
			require.NoError(t, err, "%v", vfs.OpKind(k))
		}
	}
	return errs[kind]
}

// TestEveryKindEveryError fails the first call of each kind, or all, with each error, in each way: that call alone fails, and the next of its
// kind passes if it was for once.
func TestEveryKindEveryError(t *testing.T) {
	t.Parallel()
	for _, kind := range vfs.AllKinds() {
		for _, cause := range []error{syscall.EIO, syscall.ENOSPC, syscall.EMFILE, syscall.EDQUOT} {
			for _, fault := range []error{cause, &vfs.Fault{Err: cause, Bytes: 3}, &vfs.Fault{Err: cause, Done: true}} {
				for _, forGood := range []bool{false, true} {
					m := vfs.NewMem()
					for _, name := range []string{"f", "g", "i", "k"} {
						write(t, m, name, "0123456789", true)
					}
					var count vfs.Counter
					fsys := vfs.WithFaults(m, vfs.Chain(count.Inject, vfs.FailNth(1, forGood, fault, vfs.Kinds(kind))))
					require.ErrorIs(t, everyCall(t, fsys, kind), cause, "%v %v", kind, fault)
					require.Positive(t, count.Count(kind))
					_, err := fsys.Stat("f")
					require.Equal(t, forGood && kind == vfs.OpStat, err != nil)
					require.NotContains(t, kind.String(), "unknown")
				}
			}
		}
	}
	require.Equal(t, "unknown", vfs.OpKind(200).String())
}

// TestShortTransfers: each kind of transfer moves as many bytes as the fault says, and no more.
func TestShortTransfers(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	write(t, m, "f", "0123456789", true)
	fsys := vfs.WithFaults(m, func(op vfs.Op) error {
		if op.Bytes > 0 {
			return &vfs.Fault{Bytes: 3}
		}
		return nil
	})
	f, err := fsys.OpenReadWrite("f")
	require.NoError(t, err)
	buf := make([]byte, 5)
	n, err := f.Read(buf)
	require.Equal(t, "012", string(buf[:n]))
	require.NoError(t, err)
	n, err = f.ReadAt(buf, 4)
	require.Equal(t, "456", string(buf[:n]))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	n, err = f.WriteAt([]byte("abcde"), 0)
	require.Equal(t, 3, n)
	require.ErrorIs(t, err, io.ErrShortWrite)
	n, err = f.Write([]byte("ABCDE"))
	require.Equal(t, 3, n)
	require.ErrorIs(t, err, io.ErrShortWrite)
	require.Equal(t, "abcABC6789", read(t, m, "f"))
}

// TestSyncData is a Sync to every file system.
func TestSyncData(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, fsys vfs.FS, dir string) {
		f, err := fsys.Create(filepath.Join(dir, "f"))
		require.NoError(t, err)
		_, err = f.Write([]byte("hello"))
		require.NoError(t, err)
		require.NoError(t, vfs.SyncData(f))
		if m, ok := fsys.(*vfs.Mem); ok {
			require.NoError(t, m.SyncDir("/"))
			require.Equal(t, "hello", read(t, m.CrashClone(vfs.CrashOptions{}), "f"))
		}
		require.NoError(t, f.Close())
		require.ErrorIs(t, vfs.SyncData(f), fs.ErrClosed)
	})
}

// TestFailedSyncForgets: what a failed sync did not write, the next one does not write either, unless the bytes are written again.
func TestFailedSyncForgets(t *testing.T) {
	t.Parallel()
	m := vfs.NewMem()
	fsys := vfs.WithFaults(m, vfs.FailNth(1, false, syscall.EIO, func(op vfs.Op) bool { return op.Kind == vfs.OpSync }))
	f, err := fsys.Create("f")
	require.NoError(t, err)
	require.NoError(t, fsys.SyncDir("/"))
	_, err = f.Write([]byte("hello"))
	require.NoError(t, err)
	require.ErrorIs(t, f.Sync(), syscall.EIO)
	require.NoError(t, f.Sync())
	require.Equal(t, "hello", read(t, fsys, "f"))
	require.Equal(t, "\x00\x00\x00\x00\x00", read(t, m.CrashClone(vfs.CrashOptions{}), "f"))
	_, err = f.WriteAt([]byte("hello"), 0)
	require.NoError(t, err)
	require.NoError(t, f.Sync())
	require.Equal(t, "hello", read(t, m.CrashClone(vfs.CrashOptions{}), "f"))
}

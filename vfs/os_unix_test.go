//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package vfs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLinkNoReplace tries the way that most systems under test do not need.
func TestLinkNoReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	require.NoError(t, os.WriteFile(a, []byte("a"), 0o600))
	require.NoError(t, os.WriteFile(b, []byte("b"), 0o600))
	require.ErrorIs(t, linkNoReplace(a, b), os.ErrExist)
	require.NoError(t, os.Remove(b))
	require.NoError(t, linkNoReplace(a, b))
	require.NoFileExists(t, a)
	require.FileExists(t, b)
}

// TestLockFullDisk locks a file to which nothing can be written, as on a full disk: the lock holds, only its holder is unknown.
func TestLockFullDisk(t *testing.T) {
	t.Parallel()
	const full = "/dev/full"
	if f, err := os.OpenFile(full, os.O_RDWR, 0); err != nil {
		t.Skip(err)
	} else if _, err = f.WriteAt([]byte("x"), 0); err == nil || f.Close() != nil {
		t.Skip("there is room")
	}
	lock, err := OS().Lock(full, Exclusive)
	require.NoError(t, err)
	_, err = OS().Lock(full, Shared)
	locked := (*LockedError)(nil)
	require.ErrorAs(t, err, &locked)
	require.Zero(t, locked.Holder)
	require.NoError(t, lock.Close())
	lock, err = OS().Lock(full, Shared)
	require.NoError(t, err)
	require.NoError(t, lock.Close())
}

// TestLockHolder: the number is that of the writer who holds the lock, not of one who was killed while he held it.
func TestLockHolder(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "LOCK")
	require.NoError(t, os.WriteFile(name, []byte("4711\n"), 0o600)) // of a killed one
	reader, err := OS().Lock(name, Shared)
	require.NoError(t, err)
	locked := (*LockedError)(nil)
	_, err = OS().Lock(name, Exclusive)
	require.ErrorAs(t, err, &locked)
	require.Zero(t, locked.Holder)
	require.NoError(t, reader.Close())
	writer, err := OS().Lock(name, Exclusive)
	require.NoError(t, err)
	for _, mode := range []LockMode{Exclusive, Shared} {
		_, err = OS().Lock(name, mode)
		require.ErrorAs(t, err, &locked)
		require.Equal(t, os.Getpid(), locked.Holder)
	}
	require.NoError(t, writer.Close())
	before, err := os.Stat(name)
	require.NoError(t, err)
	writer, err = OS().Lock(name, Exclusive)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	after, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, before.Size(), after.Size(), "it takes no more room than before")
	require.Zero(t, lockHolder(name))
	require.NoError(t, os.WriteFile(name, []byte("47"), 0o600)) // half a number
	require.Zero(t, lockHolder(name))
}

// TestLockOtherProcess takes the lock in a child, kills it, and expects the lock to be free.
func TestLockOtherProcess(t *testing.T) {
	if name := os.Getenv("VFS_TEST_LOCK"); name != "" {
		if _, err := OS().Lock(name, Exclusive); err != nil {
			os.Exit(3)
		}
		_, _ = os.Stdout.WriteString("locked")
		select {}
	}
	t.Parallel()
	name := filepath.Join(t.TempDir(), "LOCK")
	child := exec.Command(os.Args[0], "-test.run=^TestLockOtherProcess$")
	child.Env = append(os.Environ(), "VFS_TEST_LOCK="+name)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	_, err = out.Read(make([]byte, 6))
	require.NoError(t, err)

	_, err = OS().Lock(name, Exclusive)
	locked := (*LockedError)(nil)
	require.ErrorAs(t, err, &locked)
	require.Equal(t, child.Process.Pid, locked.Holder)
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	lock, err := OS().Lock(name, Exclusive)
	require.NoError(t, err, "a lock dies with its process")
	require.NoError(t, lock.Close())
}

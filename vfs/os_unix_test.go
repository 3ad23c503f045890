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

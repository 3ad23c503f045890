//go:build unix

package torture

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// begun starts the program, and waits for a sign that it works: a file with one of some names.
func begun(t *testing.T, signs []string, args ...string) *command {
	c, err := startCommand(program, args)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.cmd.Process.Kill() })
	require.Eventually(t, func() bool {
		for _, sign := range signs {
			if _, err := os.Stat(sign); err == nil {
				return true
			}
		}
		return false
	}, RunLimit, time.Millisecond, "%v", args)
	return c
}

// TestTerminate asks the process to end while it works. It does, with the status that says so, and leaves a database that needs no recovery, and no half of
// a file or directory.
func TestTerminate(t *testing.T) {
	t.Parallel()
	home := kept(t)
	dir, copied, file := filepath.Join(home, "db"), filepath.Join(home, "copy"), filepath.Join(home, "jobs.csv")
	end := func(sig syscall.Signal, c *command) int {
		require.NoError(t, c.cmd.Process.Signal(sig))
		_ = c.cmd.Wait()
		return c.cmd.ProcessState.ExitCode()
	}
	c := begun(t, []string{filepath.Join(dir, "LOCK")}, "gen", "--rows", "5000000", "--dir", dir)
	time.Sleep(50 * time.Millisecond)
	require.Equal(t, 143, end(syscall.SIGTERM, c), c.out.String())
	c = begun(t, []string{file + ".tmp"}, "gen", "--rows", "100000000", "--out", file)
	require.Equal(t, 130, end(syscall.SIGINT, c), c.out.String())
	for range 3 {
		c = begun(t, []string{copied, copied + ".tmp"}, "backup", copied, "--dir", dir)
		code := end(syscall.SIGTERM, c)
		_, err := os.Stat(copied)
		require.Contains(t, []int{0, 143}, code, c.out.String())
		require.Equal(t, code == 0, err == nil, c.out.String())
		require.Equal(t, code == 0, strings.HasPrefix(c.out.String(), "Backup completed"), c.out.String())
		require.NoError(t, os.RemoveAll(copied))
	}
	entries, err := os.ReadDir(home)
	require.NoError(t, err)
	require.Len(t, entries, 1, "what is left: %v", entries)
	o := program.Run(RunLimit, "", "verify", "--dir", dir)
	require.Zero(t, o.Code, o.String())
	require.NotContains(t, o.Out, "note:", "it was closed")
}

// TestTerminateTwice has a session write to a pipe that nobody reads, where it cannot end in order. The first signal waits for that; the second one does not.
func TestTerminateTwice(t *testing.T) {
	t.Parallel()
	dir := kept(t)
	cmd := exec.Command(program.Path, "sql", "--dir", dir, "--format", "csv", "-c", "SELECT repeat('x', 10000000) AS x")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReaderSize(out, 16)
	_, err = lines.ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	ended := make(chan struct{})
	go func() { _, _ = cmd.Process.Wait(); close(ended) }()
	select {
	case <-ended:
		require.Fail(t, "it ended while its output waited")
	case <-time.After(100 * time.Millisecond):
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-ended:
	case <-time.After(RunLimit):
		require.Fail(t, "it did not end")
	}
	_, _ = io.Copy(io.Discard, out)
	o := program.Run(RunLimit, "SELECT 1 AS one;", "sql", "--dir", dir, "--format", "csv")
	require.Equal(t, "one\n1\n", o.Out, o.String())
}

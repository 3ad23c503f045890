package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// signalled runs a command line to which signals have come already.
func signalled(t *testing.T, sig os.Signal, args ...string) outcome {
	t.Helper()
	var out, errout bytes.Buffer
	interrupts := make(chan os.Signal, 1)
	interrupts <- sig
	code := run(args, &streams{in: strings.NewReader(""), out: &out, err: &errout, interrupts: interrupts})
	return outcome{out.String(), errout.String(), code}
}

// unfinished lists what is in and below a directory under a temporary name.
func unfinished(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if name := filepath.Base(path); strings.Contains(name, ".tmp") || name == "UNFINISHED" || strings.HasPrefix(name, "stoa-bench") {
			names = append(names, path)
		}
		return err
	}))
	return names
}

// TestTerminated has each command that takes its time asked to end. It ends with the signal's status and leaves nothing half done, or it had done its work.
func TestTerminated(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	at := func(name string) string { return filepath.Join(home, name) }
	dir := at("db")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "3000", "--dir", dir).code)
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "1000", "--legacy", "--dir", at("old")).code)
	require.Zero(t, stoaIn(t, "", "backup", at("whole"), "--dir", dir).code)
	for _, c := range []struct {
		sig  os.Signal
		code int
		args []string
		made string // what is there if, and only if, the command has done its work
	}{
		{syscall.SIGTERM, 143, []string{"gen", "--rows", "5000000", "--dir", at("new")}, ""},
		{os.Interrupt, 130, []string{"gen", "--rows", "5000000", "--dir", at("new"), "--seed", "2"}, ""},
		{syscall.SIGTERM, 143, []string{"gen", "--rows", "50000000", "--out", at("jobs.parquet")}, at("jobs.parquet")},
		{syscall.SIGTERM, 143, []string{"bench", "--rows", "1000", "--scratch", home, "--out", at("bench")}, at("bench")},
		{syscall.SIGTERM, 143, []string{"backup", at("copy"), "--dir", dir}, at("copy")},
		{syscall.SIGTERM, 143, []string{"restore", at("whole"), "--dir", at("back")}, at("back")},
		{syscall.SIGTERM, 143, []string{"flush", "--all", "--dir", dir}, ""},
		{os.Interrupt, 130, []string{"compact", "--dir", dir}, ""},
		{syscall.SIGTERM, 143, []string{"migrate", "--dir", at("old")}, ""},
		{syscall.SIGTERM, 143, []string{"verify", "--dir", dir}, ""},
		{syscall.SIGTERM, 143, []string{"sql", "--dir", dir, "--on-error", "continue", "-c", "SELECT count(*) FROM system.jobs a, system.jobs b, system.jobs c", "-c", "SELECT 7 AS seven"}, ""},
	} {
		got := signalled(t, c.sig, c.args...)
		done := got.code == 0
		require.True(t, done || got.code == c.code, "%v: %+v", c.args, got)
		if !done {
			require.Contains(t, got.err, "(SQLSTATE 57014)", "%v", c.args)
		}
		if c.made != "" {
			_, err := os.Stat(c.made)
			require.Equal(t, done, err == nil, "%v: %+v", c.args, got)
		}
		require.NotContains(t, got.out, "seven")
		require.Empty(t, unfinished(t, home), "%v", c.args)
		if strings.Contains(strings.Join(c.args, " "), "000000") {
			require.False(t, done)
		}
	}
	for _, name := range []string{dir, at("old")} {
		got := stoaIn(t, "", "verify", "--dir", name)
		require.Zero(t, got.code, got.out+got.err)
	}
}

// TestTerminatedBetween has a request to end come just as one watch ends and the next begins: it is lost in no order of things.
func TestTerminatedBetween(t *testing.T) {
	t.Parallel()
	for range 200 {
		interrupts := make(chan os.Signal, 1)
		interrupts <- syscall.SIGTERM
		s := &streams{interrupts: interrupts}
		_, stop := s.interruptible(t.Context())
		stop()
		ctx, _, stop := s.watch(t.Context(), true)
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
			require.FailNow(t, "nobody heeds the signal")
		}
		stop()
	}
}

// TestTerminatedSession ends a session that waits, and one in the middle of a statement, also when errors are no reason to stop.
func TestTerminatedSession(t *testing.T) {
	t.Parallel()
	for _, waits := range []string{"", "SELECT count(*) FR", "COPY t FROM STDIN;\n1\n", "SELECT count(*) FROM t x, t y, t z WHERE x.a + y.a < z.a;\nINSERT INTO t VALUES (2);"} {
		dir := t.TempDir()
		c := converse(t, "--dir", dir, "--on-error", "continue")
		c.say("CREATE TABLE public.t (a int); INSERT INTO t VALUES (1)" + strings.Repeat(", (1)", 2999) + ";")
		c.hear("CREATE TABLE")
		c.hear("INSERT 0 3000")
		c.say(waits)
		c.interrupts <- syscall.SIGTERM
		go io.Copy(io.Discard, c.out)
		require.Equal(t, 143, c.end(), waits)
		if strings.Contains(waits, ";") && c.err.String() != "" {
			require.Equal(t, "ERROR:  canceling statement due to user request (SQLSTATE 57014)\n", c.err.String())
		}
		require.Equal(t, outcome{out: "n\n3000\n"}, sqlIn(t, dir, "SELECT count(*) AS n FROM t", "--format", "csv"))
	}
}

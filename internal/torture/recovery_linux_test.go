package torture

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// recoveryLimit is how long the recovery of a log of 1 GiB may take on a machine that has nothing else to do.
const recoveryLimit = 30 * time.Second

// TestRecovery makes a log of 1 GiB, kills its writer, and measures the time and the peak of memory of a process that opens the database, beside the memory that
// the rows need once they are there. It is part of the long form alone.
func TestRecovery(t *testing.T) {
	if Long() == 0 {
		t.Skip("only in the long form: " + LongVar)
	}
	start := time.Now()
	dir := filepath.Join(kept(t), "data")
	rows := fillLog(t, dir, 1<<30)
	logged := logSize(t, dir)
	require.Greater(t, logged, int64(1)<<30, "a checkpoint has cut the log")

	before, opened := time.Now(), exec.Command(program.Path, "sql", "--dir", dir, "--format", "csv", "-c", "SELECT count(*) FROM chat.events")
	out, err := opened.Output()
	require.NoError(t, err)
	took := time.Since(before)
	require.Equal(t, fmt.Sprintf("count\n%d\n", rows), string(out))
	cpu := opened.ProcessState.UserTime() + opened.ProcessState.SystemTime()
	peak := opened.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10

	empty := heap()
	db, err := stoa.Open(context.Background(), dir, &stoa.Options{ReadOnly: true})
	require.NoError(t, err)
	hot := heap() - empty
	require.NoError(t, db.Close())
	note := fmt.Sprintf("a log of %d MiB, %d rows: recovered in %.1f s (%.1f s of CPU time), peak of resident memory %d MiB, the rows need %d MiB: %.2f times",
		logged>>20, rows, took.Seconds(), cpu.Seconds(), peak>>20, hot>>20, float64(peak)/float64(hot))
	violations := 0
	if took > loadFactor*recoveryLimit || float64(peak) > 2*float64(hot) {
		violations = 1
		t.Error(note)
	}
	finished(t, start, Result{Count: 1, Unit: "recovery", Violations: violations, Note: note})
}

// logSize gives the bytes of a log.
func logSize(t *testing.T, dir string) (size int64) {
	segments, err := filepath.Glob(filepath.Join(dir, "wal", "*.wal"))
	require.NoError(t, err)
	for _, name := range segments {
		info, err := os.Stat(name)
		require.NoError(t, err)
		size += info.Size()
	}
	return size
}

// heap gives the bytes of live memory.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// fillLog has a process insert rows until its log has so many bytes, and kills it. It gives the number of rows.
func fillLog(t *testing.T, dir string, bytes int64) (rows int) {
	c, err := program.Start(dir, NewState())
	require.NoError(t, err)
	do := func(sql, tag string) {
		c.Send(&Statement{SQL: sql, Prints: []string{tag}})
		require.True(t, c.Wait(RunLimit), c.Wrong)
	}
	do(Setup, "CREATE TABLE")
	const each = 10_000
	for ; rows == 0 || logSize(t, dir) < bytes+(1<<20); rows += each {
		var b strings.Builder
		b.WriteString("COPY chat.events (id, kind, n, body, j, created_at) FROM STDIN (FORMAT csv);\n")
		for i := range each {
			fmt.Fprintf(&b, "%d,red,%d,\"the body of row number %d, which says little in many words\",\"{\"\"k\"\": %d}\",2025-01-01 00:00:00\n", rows+i, i, rows+i, i%10)
		}
		b.WriteString("\\.")
		do(b.String(), fmt.Sprintf("COPY %d", each))
	}
	c.Kill()
	c.End()
	return rows
}

package stoa_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
)

// readerDir names the database to the processes that read it.
const readerDir = "STOA_TEST_READER_DIR"

// TestReaderProcess is one of the processes of TestReaderProcesses: it opens the database again and again, and asks it several times each time.
func TestReaderProcess(t *testing.T) {
	dir := os.Getenv(readerDir)
	if dir == "" {
		t.Skip("it is run by TestReaderProcesses")
	}
	ctx := context.Background()
	held, err := stoa.Open(ctx, dir, &stoa.Options{ReadOnly: true})
	require.NoError(t, err)
	last := int64(0)
	for range 10 * readerRounds() {
		slow, err := held.Query(ctx, "SELECT memory_used FROM system.jobs WHERE trace = 'w'") // goes on while files are compacted away
		require.NoError(t, err)
		db, err := stoa.Open(ctx, dir, &stoa.Options{ReadOnly: true})
		require.NoError(t, err)
		for range 3 {
			last = checkWhole(t, db, last)
		}
		require.NoError(t, db.Close())
		last = checkWhole(t, held, last)
		for slow.Next() {
		}
		require.NoError(t, slow.Err())
		slow.Release()
	}
	require.NoError(t, held.Close())
}

func readerRounds() int {
	if n, err := strconv.Atoi(os.Getenv("STOA_TORTURE")); err == nil && n > 0 {
		return n
	}
	return 1
}

// checkWhole counts the rows: statements of three rows are there whole, each once, and none that was there before is missing.
func checkWhole(t *testing.T, db *stoa.DB, least int64) int64 {
	t.Helper()
	rows, err := db.Query(context.Background(),
		"SELECT count(*)::text || ' ' || count(DISTINCT memory_used)::text || ' ' || coalesce(max(memory_used), -1)::text FROM system.jobs WHERE trace = 'w'")
	require.NoError(t, err)
	defer rows.Release()
	require.True(t, rows.Next(), "%v", rows.Err())
	var n, distinct, highest int64
	_, err = fmt.Sscan(rows.RecordBatch().Column(0).ValueStr(0), &n, &distinct, &highest)
	require.NoError(t, err)
	require.Equal(t, n, distinct)
	require.Equal(t, n, highest+1)
	require.Zero(t, n%3)
	require.GreaterOrEqual(t, n, least)
	return n
}

// TestReaderProcesses has processes read a database while this one inserts, updates, flushes and compacts. STOA_TORTURE
// multiplies the rounds.
func TestReaderProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := context.Background()
	db, err := stoa.Open(ctx, dir, &stoa.Options{Durability: stoa.Off})
	require.NoError(t, err)
	const readers = 2
	ended := make(chan error, readers)
	for range readers {
		cmd := exec.Command(os.Args[0], "-test.run=^TestReaderProcess$", "-test.count=1")
		cmd.Env = append(os.Environ(), readerDir+"="+dir)
		go func() {
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			ended <- err
		}()
	}
	next, running := int64(0), readers
	for step := 0; running > 0; step++ {
		statement := "CALL system.flush('system.jobs')"
		switch {
		case step%8 == 7:
			statement = "CALL system.compact()"
		case step%4 == 2:
			statement = fmt.Sprintf("UPDATE system.jobs SET result = 'again' WHERE trace = 'w' AND memory_used %% 7 = %d", step%7)
		case step%4 != 3:
			statement = insertThree(next)
			next += 3
		}
		_, err := db.Exec(ctx, statement)
		require.NoError(t, err, statement)
		select {
		case err := <-ended:
			require.NoError(t, err)
			running--
		default:
		}
	}
	require.Equal(t, next, checkWhole(t, db, next))
	require.NoError(t, db.Close())
}

func insertThree(first int64) string {
	var values []string
	for n := first; n < first+3; n++ {
		values = append(values, fmt.Sprintf("(gen_random_uuid(), 'flush', 'completed', 'w', %d, now(), now(), now())", n))
	}
	return "INSERT INTO system.jobs (job_id, job_type, status, trace, memory_used, created_at, started_at, completed_at) VALUES " + strings.Join(values, ", ")
}

package stoa_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// maintained says where the process that TestKillMaintenance kills works.
const maintained = "STOA_KILLED_MAINTENANCE"

// maintainedRows is the number of rows in a round of that process.
const maintainedRows = 40

// TestMaintainedProcess is no test: it is the process that TestKillMaintenance kills. Each round inserts rows ("rows N"), flushes, deletes every third of them
// ("gone N"), compacts and backs up ("backup N").
func TestMaintainedProcess(t *testing.T) {
	dir := os.Getenv(maintained)
	if dir == "" {
		t.Skip("only for the test that kills it")
	}
	ctx := context.Background()
	opened, err := stoa.Open(ctx, filepath.Join(dir, "data"), nil)
	require.NoError(t, err)
	db := &database{t: t, session: opened.Session()}
	db.must("CREATE TABLE IF NOT EXISTS chat.events (id bigint PRIMARY KEY, body text, created_at timestamp)")
	first := db.must("SELECT coalesce(max(id) / " + fmt.Sprint(maintainedRows) + " + 1, 0) FROM chat.events").rows[0][0]
	var round int
	_, err = fmt.Sscan(*first, &round)
	require.NoError(t, err)
	for ; ; round++ {
		var values []string
		for i := range maintainedRows {
			values = append(values, fmt.Sprintf("(%d, 'row %d', timestamp '2025-01-01' + %d * interval '1 minute')", round*maintainedRows+i, i, i))
		}
		db.must("INSERT INTO chat.events VALUES " + strings.Join(values, ", "))
		fmt.Println("rows", round)
		db.must("CALL system.flush('chat.events')")
		db.must(fmt.Sprintf("DELETE FROM chat.events WHERE id / %d = %d AND id %% 3 = 0", maintainedRows, round))
		fmt.Println("gone", round)
		_, err := opened.Compact(ctx, nil)
		require.NoError(t, err)
		_, err = opened.Backup(ctx, filepath.Join(dir, fmt.Sprintf("backup-%d-%d", os.Getpid(), round)), nil)
		require.NoError(t, err)
		fmt.Println("backup", round)
	}
}

// TestKillMaintenance kills a process that flushes, compacts and backs up at random moments. Every acknowledged row is there once, no deleted one comes back,
// every backup is whole, and so is what is restored of one.
func TestKillMaintenance(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	random := rand.New(rand.NewPCG(*killSeed, 7))
	rows, gone, backups := -1, map[int]bool{}, 0
	for range *kills {
		cmd := exec.Command(os.Args[0], "-test.run=^TestMaintainedProcess$", "-test.v=false")
		cmd.Env = append(os.Environ(), maintained+"="+dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		pause := time.Duration(random.Int64N(int64(400 * time.Millisecond)))
		timer := time.AfterFunc(pause, func() { _ = cmd.Process.Kill() })
		for lines := bufio.NewScanner(out); lines.Scan(); {
			line := lines.Text()
			switch {
			case scanned(line, "rows %d", &rows):
			case strings.HasPrefix(line, "gone "):
				gone[rows] = true
			case strings.HasPrefix(line, "backup "):
				backups++
			default:
				t.Fatalf("the process said %q", line)
			}
		}
		_ = cmd.Wait()
		timer.Stop()

		opened, err := stoa.Open(ctx, filepath.Join(dir, "data"), nil)
		require.NoError(t, err)
		db := &database{t: t, session: opened.Session()}
		if db.run("SELECT 1 FROM chat.events").err == nil {
			checkEvents(db, rows, gone)
		}
		require.Equal(t, "0", *db.must("SELECT count(*) FROM system.jobs WHERE status = 'running'").rows[0][0])
		require.NoError(t, opened.Close())
	}
	copies, err := filepath.Glob(filepath.Join(dir, "backup-*"))
	require.NoError(t, err)
	whole := 0
	for _, name := range copies {
		if strings.HasSuffix(name, ".tmp") {
			continue
		}
		opened, err := stoa.Open(ctx, name, &stoa.Options{ReadOnly: true})
		require.NoError(t, err)
		checkEvents(&database{t: t, session: opened.Session()}, -1, nil)
		require.NoError(t, opened.Close())
		if whole++; whole == 1 {
			_, err := stoa.Restore(ctx, name, filepath.Join(dir, "restored"), nil)
			require.NoError(t, err)
			opened, err := stoa.Open(ctx, filepath.Join(dir, "restored"), nil)
			require.NoError(t, err)
			checkEvents(&database{t: t, session: opened.Session()}, -1, nil)
			require.NoError(t, opened.Close())
		}
	}
	require.GreaterOrEqual(t, whole, backups)
	t.Logf("killed %d times in %d rounds; %d backups", *kills, rows+1, whole)
}

// checkEvents holds the table against what was acknowledged: all rows of the rounds up to rows, without every third of those in gone. Of later rounds there
// may be all, or none.
func checkEvents(db *database, rows int, gone map[int]bool) {
	db.t.Helper()
	all := db.must("SELECT id / " + fmt.Sprint(maintainedRows) + " AS round, count(*), count(DISTINCT id), count(CASE WHEN id % 3 = 0 THEN 1 END) FROM chat.events GROUP BY 1 ORDER BY 1").rows
	for i, r := range all {
		var n [4]int
		for k := range n {
			_, err := fmt.Sscan(*r[k], &n[k])
			require.NoError(db.t, err)
		}
		require.Equal(db.t, i, n[0])
		require.Equal(db.t, n[1], n[2], "a row is there twice")
		if n[3] == 0 {
			require.Equal(db.t, maintainedRows-everyThird(i), n[1])
		} else {
			require.Equal(db.t, maintainedRows, n[1])
			require.False(db.t, gone[i], "deleted rows are back")
		}
	}
	require.Greater(db.t, len(all), rows, "rows are gone")
}

// everyThird counts the ids of a round that 3 divides.
func everyThird(round int) (n int) {
	for i := range maintainedRows {
		if (round*maintainedRows+i)%3 == 0 {
			n++
		}
	}
	return n
}

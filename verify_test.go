package stoa_test

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

// damaged is a small database in memory, with what it holds: every row as text, with its table's name before it.
type damaged struct {
	fs   *vfs.Mem
	rows []string
	ever map[string]bool // rows that it held at some time
	was  map[string]bool // its contents after each statement, without the engine's own jobs
}

var damagedTables = []string{"system.jobs", "system.live_queries", "system.storages", "chat.messages"}

func openDamaged(fsys vfs.FS, readOnly bool) (*stoa.DB, error) {
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return stoa.Open(context.Background(), "/db", &stoa.Options{FS: fsys, ReadOnly: readOnly, MustExist: readOnly, Now: func() time.Time { return start }, Workers: 1})
}

// contentsOf reads all rows of all tables, sorted.
func contentsOf(db *stoa.DB) ([]string, error) {
	var out []string
	for _, name := range damagedTables {
		rows, err := db.Query(context.Background(), "SELECT * FROM "+name)
		if err != nil && stoa.CodeOf(err) == "42P01" {
			continue
		}
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			b := rows.RecordBatch()
			for i := range int(b.NumRows()) {
				line := name
				for c := range int(b.NumCols()) {
					line += "|" + b.Column(c).ValueStr(i)
				}
				out = append(out, line)
			}
		}
		err = rows.Err()
		rows.Release()
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

// ending is how the process that wrote a database ended.
type ending string

const (
	endClosed ending = "closed" // cleanly
	endKilled ending = "killed" // and the system goes on
	endPower  ending = "power"  // a power cut, after which the disk has what was synced
)

// buildDamaged makes a database of flushed files, deletes, hot rows, schema versions, a checkpoint and a log.
func buildDamaged(t testing.TB, end ending) *damaged {
	t.Helper()
	ctx := context.Background()
	d := &damaged{fs: vfs.NewMem(), ever: map[string]bool{}, was: map[string]bool{}}
	db, err := openDamaged(d.fs, false)
	require.NoError(t, err)
	look := func() {
		d.rows, err = contentsOf(db)
		require.NoError(t, err)
		for _, r := range d.rows {
			d.ever[r] = true
		}
		d.was[withoutJobs(d.rows)] = true
	}
	run := func(format string, args ...any) {
		_, err := db.Exec(ctx, fmt.Sprintf(format, args...))
		require.NoError(t, err, format)
		look()
	}
	job := func(lo, hi int) {
		var values []string
		for n := lo; n < hi; n++ {
			values = append(values, fmt.Sprintf(`('00000000-0000-0000-0000-%012d', '%s', 'completed', '["chat", "m%d"]', 'Flushed %d', timestamp '2026-01-01' + interval '%d minutes')`,
				n, []string{"flush", "compact"}[n%2], n, n, n))
		}
		run("INSERT INTO system.jobs (job_id, job_type, status, parameters, result, created_at) VALUES %s", strings.Join(values, ", "))
	}
	look()
	run("CREATE TABLE chat.messages (id BIGINT PRIMARY KEY, user_id TEXT NOT NULL, body TEXT, sent TIMESTAMP)")
	message := func(lo, hi int) {
		var values []string
		for n := lo; n < hi; n++ {
			values = append(values, fmt.Sprintf("(%d, 'user%d', 'message %d', timestamp '2026-02-01' + interval '%d s')", n, n%3, n, n))
		}
		run("INSERT INTO chat.messages (id, user_id, body, sent) VALUES %s", strings.Join(values, ", "))
	}
	job(0, 40)
	message(0, 50)
	run("CALL system.flush(all_rows => true)")
	job(40, 60)
	message(50, 70)
	run("ALTER TABLE chat.messages ADD COLUMN likes INTEGER DEFAULT 7")
	run("UPDATE chat.messages SET body = 'edited' WHERE id IN (3, 55)")
	run("DELETE FROM system.jobs WHERE result IN ('Flushed 7', 'Flushed 44')")
	require.NoError(t, db.Store().Checkpoint(ctx))
	job(60, 70)
	run("CALL system.flush('chat.messages')")
	message(70, 80)
	run("UPDATE system.jobs SET result = 'changed' WHERE result = 'Flushed 65'")
	run("DELETE FROM chat.messages WHERE id = 72")
	switch end {
	case endClosed:
		require.NoError(t, db.Close())
	case endKilled:
		d.fs = d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	case endPower:
		d.fs = d.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced})
	}
	return d
}

// withoutJobs leaves out the engine's own jobs, which an opening ends when it finds them running.
func withoutJobs(rows []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return strings.Contains(r, ":flush-actor") }), "\n")
}

// filesOf lists the files of a file system below a directory.
func filesOf(t testing.TB, fsys vfs.FS, dir string) (out []string) {
	entries, err := fsys.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if name := path.Join(dir, e.Name()); e.IsDir() {
			out = append(out, filesOf(t, fsys, name)...)
		} else {
			out = append(out, name)
		}
	}
	return out
}

// change changes the bytes of a file.
func change(t testing.TB, fsys vfs.FS, name string, fn func(b []byte) []byte) {
	b, err := vfs.ReadFile(fsys, name, 1<<30)
	require.NoError(t, err)
	f, err := fsys.Create(name)
	require.NoError(t, err)
	_, err = f.Write(fn(b))
	require.NoError(t, err)
	require.NoError(t, f.Sync())
	require.NoError(t, f.Close())
}

func sizeOf(t testing.TB, fsys vfs.FS, name string) int64 {
	info, err := fsys.Stat(name)
	require.NoError(t, err)
	return info.Size()
}

func verified(t testing.TB, fsys vfs.FS) *stoa.VerifyReport {
	r, err := stoa.Verify(context.Background(), "/db", &stoa.VerifyOptions{FS: fsys})
	require.NoError(t, err)
	return r
}

func TestVerifySound(t *testing.T) {
	t.Parallel()
	for _, end := range []ending{endClosed, endKilled, endPower} {
		d := buildDamaged(t, end)
		before := snapshotOf(t, d.fs)
		r := verified(t, d.fs)
		require.Empty(t, r.Findings)
		require.Empty(t, r.Notes)
		require.Equal(t, int64(len(d.rows)), r.Rows-countVersions(t, d))
		s, err := stoa.Salvage(context.Background(), "/db", &stoa.SalvageOptions{FS: d.fs})
		require.NoError(t, err)
		require.False(t, s.Changed(), "%v %v", s.Damaged, s.Lost)
		after := snapshotOf(t, d.fs)
		delete(after, "/db/LOCK")
		delete(before, "/db/LOCK")
		require.Equal(t, before, after)
	}
}

func countVersions(t testing.TB, d *damaged) int64 {
	db, err := openDamaged(d.fs, true)
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query(context.Background(), "SELECT count(*) FROM system.table_schemas")
	require.NoError(t, err)
	defer rows.Release()
	require.True(t, rows.Next())
	var n int64
	fmt.Sscan(rows.RecordBatch().Column(0).ValueStr(0), &n)
	return n
}

// snapshotOf gives the bytes of every file.
func snapshotOf(t testing.TB, fsys vfs.FS) map[string]string {
	out := map[string]string{}
	for _, name := range filesOf(t, fsys, "/db") {
		b, err := vfs.ReadFile(fsys, name, 1<<30)
		require.NoError(t, err)
		out[name] = string(b)
	}
	return out
}

// TestVerifyBesideWriter verifies while a writer inserts, updates, flushes, compacts and makes checkpoints: nothing is ever found.
// TestVerifyMergedUnderAnotherOrder holds that files are sound that were sorted by a column which is gone, and are merged into one that is not sorted by the one
// that files are sorted by since.
func TestVerifyMergedUnderAnotherOrder(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	db, err := openDamaged(mem, false)
	require.NoError(t, err)
	for _, sql := range []string{
		"CREATE TABLE s.t (id int PRIMARY KEY, d1 timestamp, d2 timestamp)",
		"INSERT INTO s.t VALUES (1, '2020-01-01', '2020-06-03'), (2, '2020-01-02', '2020-06-01')", "CALL system.flush(all_rows => true)",
		"ALTER TABLE s.t DROP COLUMN d1",
		"INSERT INTO s.t VALUES (3, '2020-06-02')", "CALL system.flush(all_rows => true)", "CALL system.compact('s.t')",
	} {
		_, err := db.Exec(context.Background(), sql)
		require.NoError(t, err, sql)
	}
	require.NoError(t, db.Close())
	require.Empty(t, verified(t, mem).Findings)
}

func TestVerifyBesideWriter(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	mem := vfs.NewMem()
	db, err := openDamaged(mem, false)
	require.NoError(t, err)
	_, err = db.Exec(ctx, "CREATE TABLE chat.messages (id BIGINT PRIMARY KEY, body TEXT)")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		for n := 0; n < 40; n++ {
			for _, sql := range []string{
				fmt.Sprintf("INSERT INTO chat.messages VALUES (%d, 'a'), (%d, 'b')", 2*n, 2*n+1), fmt.Sprintf("UPDATE chat.messages SET body = 'c' WHERE id = %d", n),
				"CALL system.flush('chat.messages')", "CALL system.compact('chat.messages')",
			} {
				if _, err := db.Exec(ctx, sql); err != nil {
					done <- fmt.Errorf("%s: %w", sql, err)
					return
				}
			}
			if n%10 == 9 {
				if err := db.Store().Checkpoint(ctx); err != nil {
					done <- err
					return
				}
			}
		}
		done <- nil
	}()
	rounds, ended := 0, false
	for ; !ended; rounds++ {
		select {
		case err := <-done:
			require.NoError(t, err)
			ended = true
		default:
		}
		require.Empty(t, verified(t, mem).Findings)
	}
	t.Logf("%d verifications", rounds)
	require.NoError(t, db.Close())
	require.Empty(t, verified(t, mem).Findings)
}

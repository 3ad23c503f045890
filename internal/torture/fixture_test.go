package torture

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

// fixture is a database in memory whose answers are known.
type fixture struct {
	fs      *vfs.Mem
	answers []string // to looks(), one each
	// prefixes are the answers after each of the statements that are in the log, from none on; the last is answers.
	prefixes [][]string
	files    map[string][]byte // by path, as they are
	ending   string
}

// fixtureDir is where a fixture's database is in its file system.
const fixtureDir = "/db"

// How a fixture's process ended.
const (
	closed       = iota // cleanly
	died                // at once, with all statements acknowledged
	dying               // while it waited for the last statement's fsync
	checkpointed        // cleanly, with all in a checkpoint and nothing in the log
)

var endings = []string{"closed", "died", "was dying", "checkpointed"}

// looks are queries that read everything, by several ways: whole rows, footers, statistics, bloom filters, keys.
func looks() []string {
	return []string{
		"SELECT table_name FROM information_schema.tables WHERE table_schema = 'chat' ORDER BY 1",
		"SELECT job_id, job_type, status, parameters FROM system.jobs WHERE job_type LIKE 't-%' ORDER BY 1",
		"SELECT * FROM chat.events ORDER BY id",
		"SELECT count(*), sum(n), min(id), max(id), min(created_at) FROM chat.events",
		"SELECT kind, count(*), max(body) FROM chat.events GROUP BY kind ORDER BY 1",
		"SELECT id, n, body FROM chat.events WHERE id IN (3, 40, 77, 102) ORDER BY 1",
		"SELECT id FROM chat.events WHERE created_at > timestamp '2025-09-01' AND kind = 'red' ORDER BY created_at DESC, id LIMIT 5",
		"SELECT * FROM chat.passing ORDER BY a",
	}
}

// newFixture makes a database: statements, a flush, more of them, a checkpoint, and a log with a second flush in it.
func newFixture(t *testing.T, seed uint64, ending int) *fixture {
	f := &fixture{fs: vfs.NewMem(), ending: endings[ending]}
	var last *vfs.Mem // as it is when the log is synced
	seen := vfs.WithFaults(f.fs, func(op vfs.Op) error {
		if op.Kind == vfs.OpSync && kindOf(op.Path) == "log" {
			last = f.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		}
		return nil
	})
	db, err := stoa.Open(context.Background(), fixtureDir, &stoa.Options{FS: seen, Workers: 1})
	require.NoError(t, err)
	do := func(text string) {
		_, err := db.Exec(context.Background(), strings.TrimSuffix(text, ";"))
		require.NoError(t, err, text)
	}
	do(Setup)
	w := NewWorkload(rand.New(rand.NewPCG(seed, 17)), SetUp())
	w.Maintenance = false
	run := func(n int, then func()) {
		for range n {
			st := w.Next()
			if strings.HasPrefix(st.SQL, "SELECT") || len(st.Prints) > 0 {
				continue
			}
			do(st.SQL)
			then()
		}
	}
	nothing := func() {}
	run(40, nothing)
	do("CALL system.flush(all_rows => true)")
	run(15, nothing)
	do("CALL system.flush('chat.events', all_rows => true)")
	run(15, nothing)
	require.NoError(t, db.Store().Checkpoint(context.Background()))
	note := func() { f.prefixes = append(f.prefixes, f.ask(t, db)) }
	note()
	run(8, note)
	do("CALL system.flush(all_rows => true)")
	run(20, note)
	for i := range 3 { // short records, to be cut at every byte
		do(fmt.Sprintf("INSERT INTO chat.events (id, kind) VALUES (%d, 'last')", 1_000_000+i))
		note()
	}
	switch ending {
	case died:
		f.fs = f.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	case dying:
		f.fs = last
	case checkpointed:
		require.NoError(t, db.Store().Checkpoint(context.Background()))
	}
	require.NoError(t, db.Close())
	f.answers = f.prefixes[len(f.prefixes)-1]
	f.read(t)
	return f
}

// ask puts the queries.
func (f *fixture) ask(t *testing.T, db *stoa.DB) []string {
	answers, errs := ask(db)
	for i, err := range errs {
		if !missing(err) {
			require.NoError(t, err, looks()[i])
		}
	}
	return answers
}

// missing tells of chat.passing, which comes and goes.
func missing(err error) bool { return err != nil && stoa.CodeOf(err) == "42P01" }

// read notes the files.
func (f *fixture) read(t *testing.T) {
	f.files = map[string][]byte{}
	var walk func(dir string)
	walk = func(dir string) {
		entries, err := f.fs.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if e.IsDir() {
				walk(path)
				continue
			}
			b, err := vfs.ReadFile(f.fs, path, 1<<30)
			require.NoError(t, err)
			f.files[path] = b
		}
	}
	walk(fixtureDir)
}

// kindOf names the kind of a file of a database.
func kindOf(path string) string {
	switch base := filepath.Base(path); {
	case strings.HasSuffix(base, ".wal"):
		return "log"
	case strings.HasSuffix(base, ".parquet"):
		return "Parquet"
	case strings.HasPrefix(base, "checkpoint-"):
		return "checkpoint"
	default:
		return base
	}
}

// ofKind gives the paths of the files of a kind, in order.
func (f *fixture) ofKind(kind string) (paths []string) {
	for path := range f.files {
		if kindOf(path) == kind {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// with gives the file system with another content of one file.
func (f *fixture) with(path string, content []byte, gone bool) (*vfs.Mem, error) {
	m := f.fs.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
	if gone {
		return m, m.Remove(path)
	}
	file, err := m.Create(path)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(content)
	return m, errors.Join(err, file.Sync(), file.Close())
}

// onDisk writes the files to a directory of the machine's.
func (f *fixture) onDisk(dir string) error {
	for path, content := range f.files {
		name := filepath.Join(dir, strings.TrimPrefix(path, fixtureDir))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, content, fs.FileMode(0o600)); err != nil {
			return err
		}
	}
	return nil
}

// ask puts the queries to a database, and gives the answers and errors.
func ask(db *stoa.DB) (answers []string, errs []error) {
	pool := sql.OpenDB(stoa.Connector(db))
	defer pool.Close()
	for _, query := range looks() {
		text, err := rowsText(pool, query)
		if missing(err) {
			text = "none"
		}
		answers, errs = append(answers, text), append(errs, err)
	}
	return answers, errs
}

func rowsText(pool *sql.DB, query string) (string, error) {
	rows, err := pool.Query(query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintln(&b, columns)
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%v\n", values)
	}
	return b.String(), rows.Err()
}

package stoa_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// goldenNow is the moment at which every golden answer was computed.
var goldenNow = time.Date(2025, 10, 21, 14, 30, 22, 123456000, time.UTC)

// goldenNode is the first part of the trace of the engine's own jobs in these tests. No data of a test has it, so that the jobs can be told apart.
const goldenNode = "stoa-golden-test"

// shape is how an engine cuts its work up. It must not show in an answer.
type shape struct{ batchRows, workers int }

// shapes are those that every golden query runs in. The last one is what a user gets.
func shapes() []shape {
	return []shape{{3, 1}, {3, 4}, {0, 4}, {0, 1}}
}

// database is an engine on a file system in memory, with the clock standing still.
type database struct {
	t       testing.TB
	fs      *vfs.Mem
	opts    store.Options
	store   *store.DB
	session *exec.Session
}

// newDatabase makes a database, which the end of the test closes. segmentRows is the number of rows in a hot segment, 0 for the default.
func newDatabase(t testing.TB, segmentRows int) *database {
	db := openDatabase(t, segmentRows)
	t.Cleanup(func() { require.NoError(t, db.store.Close()) })
	return db
}

// openDatabase is newDatabase for those who close it themselves.
func openDatabase(t testing.TB, segmentRows int) *database {
	return openOptions(t, store.Options{SegmentRows: segmentRows})
}

// openOptions makes a database with options of the store's; the file system and the clock are the harness's.
func openOptions(t testing.TB, opts store.Options) *database {
	fs := vfs.NewMem()
	opts.FS, opts.Now = fs, func() time.Time { return goldenNow }
	db := &database{t: t, fs: fs, opts: opts}
	db.open()
	return db
}

func (db *database) open() {
	st, err := store.Open(context.Background(), "/db", &db.opts)
	require.NoError(db.t, err)
	db.store = st
	db.reshape(shape{})
}

// reshape goes on in a new session of an engine of another shape.
func (db *database) reshape(s shape) {
	engine := exec.New(db.store, builtin.Registry(), &exec.Options{Workers: s.workers, BatchRows: s.batchRows, Version: "test", Node: goldenNode})
	db.session = engine.NewSession()
}

// reopen closes the database and recovers it from its log and files.
func (db *database) reopen() {
	require.NoError(db.t, db.store.Close())
	db.open()
}

// answer is what a statement gave, in the text form that a client sees.
type answer struct {
	columns, types []string
	rows           [][]*string // nil for NULL
	notices        []exec.Notice
	tag            string
	err            error
}

// run executes one statement.
func (db *database) run(sql string) answer {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return answer{err: err}
	}
	require.Len(db.t, stmts, 1, sql)
	return db.execute(stmts[0])
}

func (db *database) execute(st parser.Stmt) answer {
	res, err := db.session.Execute(context.Background(), st, nil)
	if err != nil {
		return answer{err: err}
	}
	defer res.Close()
	a := answer{notices: res.Notices}
	for _, c := range res.Columns {
		a.columns, a.types = append(a.columns, c.Name), append(a.types, c.TypeName())
	}
	for {
		b, err := res.Next()
		if err != nil {
			return answer{err: err}
		}
		if b == nil {
			a.tag = res.Tag()
			return a
		}
		require.Len(db.t, b.Cols, len(a.columns), st.Text)
		for i := range b.N {
			row := make([]*string, len(b.Cols))
			for c, v := range b.Cols {
				require.Equal(db.t, res.Columns[c].Type, v.Type, "column %d of %s", c, st.Text)
				if !v.IsNull(i) {
					text := string(vec.AppendText(nil, v, i, db.session.Zone()))
					row[c] = &text
				}
			}
			a.rows = append(a.rows, row)
		}
	}
}

// must runs a statement that has to succeed.
func (db *database) must(sql string) answer {
	a := db.run(sql)
	require.NoError(db.t, a.err, sql)
	return a
}

// load runs the statements of the contract's data.
func (db *database) load(stmts []parser.Stmt) {
	for _, st := range stmts {
		a := db.execute(st)
		require.NoError(db.t, a.err, st.Text)
	}
}

func contractData(t testing.TB) []parser.Stmt {
	text, err := os.ReadFile(filepath.Join("testdata", "contract", "data.sql"))
	require.NoError(t, err)
	stmts, err := parser.Parse(string(text))
	require.NoError(t, err)
	return stmts
}

// flush moves all rows of all tables to files. The engine notes its work in system.jobs, as it should: those rows are deleted, since the golden
// answers know nothing of them.
func (db *database) flush() {
	db.must("CALL system.flush(all_rows => true)")
	db.must("DELETE FROM system.jobs WHERE trace LIKE '" + goldenNode + ":%'")
}

// rowsByHeat counts the rows of a table in memory and in files.
func (db *database) rowsByHeat(name schemahistory.Name) (hot, cold int64) {
	snap := db.store.Snapshot()
	defer snap.Close()
	view, ok := snap.Table(name)
	require.True(db.t, ok, name.String())
	return int64(view.Hot.Rows()), view.Rows() - int64(view.Hot.Rows())
}

// errorLine gives an error as psql shows it, with the code that tests compare.
func errorLine(err error) string {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return "ERROR:  " + err.Error() + " (no SQLSTATE)"
	}
	return "ERROR:  " + e.Message + " (SQLSTATE " + string(e.Code) + ")"
}

// csv writes the answer as psql --csv does: NULL is empty.
func (a *answer) csv() string {
	var b bytes.Buffer
	writeCSV(&b, a.columns)
	for _, r := range a.records() {
		b.WriteString(r)
	}
	return b.String()
}

// records gives each row as a line of CSV.
func (a *answer) records() []string {
	out := make([]string, len(a.rows))
	for i, row := range a.rows {
		fields := make([]string, len(row))
		for c, v := range row {
			if v != nil {
				fields[c] = *v
			}
		}
		var b bytes.Buffer
		writeCSV(&b, fields)
		out[i] = b.String()
	}
	return out
}

func writeCSV(b *bytes.Buffer, fields []string) {
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(csvField(f))
	}
	b.WriteByte('\n')
}

// csvField quotes as psql does (src/fe_utils/print.c, csv_print_field): what holds a comma, a quote or an end of line, and what COPY would take for the
// end of data.
func csvField(s string) string {
	if strings.ContainsAny(s, ",\"\r\n") || s == `\.` {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// splitCSV cuts text into records, which may hold line ends between quotes. Each keeps its line end.
func splitCSV(text string) []string {
	var out []string
	start, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\n' && !quoted:
			out, start = append(out, text[start:i+1]), i+1
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

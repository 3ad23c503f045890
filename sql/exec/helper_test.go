package exec_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

var testNow = time.Date(2025, 10, 21, 14, 30, 22, 0, time.UTC)

// database is an engine on a file system in memory, with small segments and a clock that stands still.
type database struct {
	t       testing.TB
	fs      *vfs.Mem
	store   *store.DB
	engine  *exec.Engine
	session *exec.Session
}

func newDatabase(t testing.TB, opts *exec.Options) *database {
	db := &database{t: t, fs: vfs.NewMem()}
	db.open(store.Options{}, opts)
	return db
}

// open opens the database's directory.
func (db *database) open(so store.Options, eo *exec.Options) {
	so.FS, so.Now, so.SegmentRows = db.fs, func() time.Time { return testNow }, 32
	st, err := store.Open(context.Background(), "/db", &so)
	require.NoError(db.t, err)
	db.t.Cleanup(func() { _ = st.Close() })
	if eo == nil {
		eo = &exec.Options{Workers: 2, BatchRows: 3, Node: "test"}
	}
	db.use(st, eo)
}

// use runs an engine on a store that is open.
func (db *database) use(st *store.DB, eo *exec.Options) {
	db.store, db.engine = st, exec.New(st, builtin.Registry(), eo)
	db.session = db.engine.NewSession()
}

// answer is what a statement gave.
type answer struct {
	columns []string
	rows    []string // cells joined by |, NULL as NULL
	records [][]string
	tag     string
	notices []exec.Notice
	err     error
}

func (db *database) run(sql string, params ...*vec.Vec) answer {
	return db.runIn(context.Background(), sql, params...)
}

func (db *database) runIn(ctx context.Context, sql string, params ...*vec.Vec) answer {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return answer{err: err}
	}
	require.Len(db.t, stmts, 1, sql)
	res, err := db.session.Execute(ctx, stmts[0], params)
	if err != nil {
		return answer{err: err}
	}
	defer res.Close()
	a := answer{notices: res.Notices}
	for _, c := range res.Columns {
		a.columns = append(a.columns, c.Name)
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
		for i := range b.N {
			var cells []string
			for _, c := range b.Cols {
				cell := string(vec.AppendText(nil, c, i, db.session.Zone()))
				if c.IsNull(i) {
					cell = "NULL"
				}
				cells = append(cells, cell)
			}
			a.rows, a.records = append(a.rows, strings.Join(cells, "|")), append(a.records, cells)
		}
	}
}

func (db *database) must(sql string, params ...*vec.Vec) answer {
	db.t.Helper()
	a := db.run(sql, params...)
	require.NoError(db.t, a.err, sql)
	return a
}

// rows runs a query and gives its rows.
func (db *database) rows(sql string) []string {
	db.t.Helper()
	return db.must(sql).rows
}

// fails runs a statement that must fail, and gives the error.
func (db *database) fails(code sqlstate.Code, sql string) *sqlstate.Error {
	db.t.Helper()
	a := db.run(sql)
	require.Error(db.t, a.err, sql)
	require.Equal(db.t, code, sqlstate.CodeOf(a.err), "%s: %v", sql, a.err)
	var e *sqlstate.Error
	require.ErrorAs(db.t, a.err, &e)
	return e
}

// write makes a file.
func (db *database) write(path, text string) {
	f, err := db.fs.Create(path)
	require.NoError(db.t, err)
	_, err = f.Write([]byte(text))
	require.NoError(db.t, err)
	require.NoError(db.t, f.Close())
}

// eachHeat runs a test with the rows in memory, and with those flushed that are there when it calls settle.
func eachHeat(t *testing.T, test func(t *testing.T, db *database, settle func())) {
	for _, name := range []string{"hot", "flushed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t, nil)
			test(t, db, func() {
				if name == "flushed" {
					db.must("CALL system.flush(all_rows => true)")
				}
			})
		})
	}
}

package stoa_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/parser"
)

var (
	alterDir  = flag.String("alterdir", filepath.Join("testdata", "alter"), "run the sequences of statements in this folder's .test files")
	alterOnly = flag.String("alteronly", "", "run only the sequences whose FILE:LINE title contains this")
)

// sequence is one life of a few tables: statements and queries with PostgreSQL's answers, run in a new database.
type sequence struct {
	path, title string
	blocks      []sqlBlock
}

// alterSequences reads the files of a folder and its sub-folders. A `reset TITLE` begins a sequence.
func alterSequences(t testing.TB, dir string) []sequence {
	var out []sequence
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".test" {
			return err
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		rel, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		for _, b := range parseBlocks(t, string(text)) {
			if b.directive[0] == "reset" {
				out = append(out, sequence{path: filepath.ToSlash(rel), title: fmt.Sprintf("%s:%d %s", filepath.ToSlash(rel), b.line, strings.Join(b.directive[1:], " "))})
				continue
			}
			last := &out[len(out)-1]
			last.blocks = append(last.blocks, b)
		}
		return nil
	}))
	require.NotEmpty(t, out)
	return slices.DeleteFunc(out, func(s sequence) bool { return !strings.Contains(s.title, *alterOnly) })
}

// life is a way in which the rows of a sequence lie about while its statements run. None may show in an answer.
type life struct {
	name        string
	segmentRows int
	flush       func(statement int) bool // whether all rows are flushed after the statement of this number, from 1
	reopen      bool                     // whether the database is closed and recovered after every statement
	users       bool                     // whether each user's rows go to files of their own
	shapes      []shape
}

func lives() []life {
	never, always := func(int) bool { return false }, func(int) bool { return true }
	second := func(n int) bool { return n%2 == 0 }
	return []life{
		{name: "hot", flush: never, shapes: shapes()},
		{name: "flushed after every statement", flush: always, shapes: shapes()},
		{name: "flushed after every second statement, a file a user", flush: second, users: true, shapes: shapes()},
		{name: "flushed after every third statement in small segments", segmentRows: 2, flush: func(n int) bool { return n%3 == 0 }, shapes: shapes()},
		{name: "hot in small segments", segmentRows: 1, flush: never, shapes: shapes()[:2]},
		{name: "reopened after every statement", flush: never, reopen: true, shapes: shapes()[1:2]},
		{name: "reopened and flushed after every second statement", segmentRows: 2, flush: second, reopen: true, shapes: shapes()[:1]},
	}
}

// TestAlter runs sequences of ALTER TABLE among other statements over rows that lie about in every way, and compares each answer with PostgreSQL's.
func TestAlter(t *testing.T) {
	t.Parallel()
	sequences, all := alterSequences(t, *alterDir), lives()
	if testing.Short() {
		all = all[2:4] // hot and cold rows, and small segments
	}
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range sequences {
				t.Run(s.title, func(t *testing.T) { s.run(t, &l) })
			}
		})
	}
}

// run lives the sequence once.
func (s *sequence) run(t *testing.T, l *life) {
	db := newDatabase(t, l.segmentRows)
	if l.users {
		db.must("UPDATE system.storages SET path_template = '{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/'")
	}
	statements, flushed := 0, false
	for i, b := range s.blocks {
		unordered := len(b.directive) > 1 && b.directive[1] == "unordered"
		switch b.directive[0] {
		case "statement":
			db.reshape(l.shapes[i%len(l.shapes)])
			a := db.run(b.text)
			s.compare(t, &b, statementText(&a, unordered), a.err, flushed)
			statements++
			if l.reopen {
				db.reopen()
			}
			if l.flush(statements) {
				db.flushTables()
				flushed = true
			}
		case "query":
			for _, shape := range l.shapes {
				db.reshape(shape)
				a := db.run(b.text)
				s.compare(t, &b, queryText(&a, unordered), a.err, flushed)
			}
		case "types":
			a := db.run(b.text)
			s.compare(t, &b, typesText(&a), a.err, false)
		default:
			t.Fatalf("%s:%d: unknown directive %q", s.path, b.line, b.directive)
		}
	}
	db.checkHistories()
	db.checkCurrent()
}

// compare judges an answer. Of several rows that fail, another one than PostgreSQL's may come first once rows lie in files: there the SQLSTATE decides.
func (s *sequence) compare(t *testing.T, b *sqlBlock, got string, err error, flushed bool) {
	want := b.expected
	if notices, message, failed := strings.Cut(want, "\nERROR:  "); err != nil && failed && strings.HasPrefix(notices, "NOTICE:  ") {
		want = "ERROR:  " + message // what a statement that fails said before is not part of its answer
	}
	if got == want {
		return
	}
	code := string(sqlstate.CodeOf(err))
	if flushed && err != nil && strings.Contains(want, "(SQLSTATE "+code+")") {
		return
	}
	if strings.Contains(s.path, "seed-") && len(code) == 5 && aboutRows[code[:2]] && strings.HasPrefix(want, "ERROR:  ") && aboutRows[sqlState(want)[:2]] {
		return // random rows may be bad in several ways, of which either may be named
	}
	t.Errorf("%s:%d: %s\nwant %sgot  %s", s.path, b.line, b.text, want, got)
}

// aboutRows are the classes of SQLSTATE that tell of values and constraints.
var aboutRows = map[string]bool{"22": true, "23": true}

// sqlState finds the SQLSTATE in an error's line.
func sqlState(line string) string {
	_, code, _ := strings.Cut(line, "(SQLSTATE ")
	return (code + "     ")[:5]
}

// flushTables moves all rows of the tables that are not the contract's to files.
func (db *database) flushTables() {
	snap := db.store.Snapshot()
	defer snap.Close()
	for _, table := range snap.Tables() {
		if !table.Def.System {
			db.must("CALL system.flush(" + parser.QuoteLiteral(parser.QuoteIdent(table.Def.Name.Namespace)+"."+parser.QuoteIdent(table.Def.Name.Table)) + ", all_rows => true)")
		}
	}
}

// history is what information_schema.tables says of a table's versions.
type history struct {
	schema, table string // as SQL literals
	versions      []struct {
		Version int64
		Schema  json.RawMessage `json:"schema_json"`
	}
}

func (db *database) histories() []history {
	var out []history
	for _, row := range db.must("SELECT table_schema, table_name, schema_version, schema_history FROM information_schema.tables WHERE schema_version IS NOT NULL").rows {
		h := history{schema: parser.QuoteLiteral(*row[0]), table: parser.QuoteLiteral(*row[1])}
		require.NoError(db.t, json.Unmarshal([]byte(*row[3]), &h.versions))
		require.Equal(db.t, *row[2], strconv.Itoa(len(h.versions)), "%s.%s: schema_version", h.schema, h.table)
		out = append(out, h)
	}
	return out
}

// checkHistories checks that the versions of every table go from 1 without gaps, and that system.table_schemas has the same.
func (db *database) checkHistories() {
	for _, h := range db.histories() {
		var want [][]string
		for i, v := range h.versions {
			require.EqualValues(db.t, i+1, v.Version)
			want = append(want, []string{strconv.Itoa(i + 1), string(v.Schema)})
		}
		face := db.must("SELECT schema_version, schema_json FROM system.table_schemas WHERE namespace_id = " + h.schema + " AND table_name = " + h.table + " ORDER BY schema_version")
		require.Equal(db.t, want, texts(face.rows))
	}
}

// checkCurrent checks that the last version of every table is the table as it stands.
func (db *database) checkCurrent() {
	for _, h := range db.histories() {
		var last struct {
			Fields []struct {
				Name     string
				Nullable bool
			}
		}
		require.NoError(db.t, json.Unmarshal(h.versions[len(h.versions)-1].Schema, &last))
		var fields [][]string
		for _, f := range last.Fields {
			fields = append(fields, []string{f.Name, map[bool]string{true: "YES", false: "NO"}[f.Nullable]})
		}
		columns := db.must("SELECT column_name, is_nullable FROM information_schema.columns WHERE table_schema = " + h.schema + " AND table_name = " + h.table + " ORDER BY ordinal_position")
		require.Equal(db.t, texts(columns.rows), fields, "%s.%s: the last version is not the table", h.schema, h.table)
	}
}

// texts gives rows in which nothing is NULL.
func texts(rows [][]*string) [][]string {
	var out [][]string
	for _, row := range rows {
		line := make([]string, len(row))
		for i, v := range row {
			line[i] = *v
		}
		out = append(out, line)
	}
	return out
}

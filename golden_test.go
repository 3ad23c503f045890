package stoa_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// goldenQuery is one of the contract's 25 SELECTs with PostgreSQL's answer.
type goldenQuery struct {
	name, sql string
	csv       string     // as psql --csv printed it, rows of free order sorted
	types     [][]string // name and type of each column
	order     []string   // the words behind the name in the manifest
}

// goldenQueries reads testdata/contract. The manifest, the SELECTs and the golden files are in the contract's order.
func goldenQueries(t testing.TB) []goldenQuery {
	dir := filepath.Join("testdata", "contract")
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(text)
	}
	stmts, err := parser.Parse(read("selects.sql"))
	require.NoError(t, err)
	var out []goldenQuery
	for line := range strings.Lines(read("manifest.txt")) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" || strings.HasPrefix(words[0], "#") {
			continue
		}
		require.Less(t, len(out), len(stmts))
		q := goldenQuery{name: words[0], sql: stmts[len(out)].Text, order: words[1:], csv: read("golden/" + words[0] + ".csv")}
		q.types, err = csv.NewReader(strings.NewReader(read("golden/" + words[0] + ".types"))).ReadAll()
		require.NoError(t, err)
		out = append(out, q)
	}
	require.Len(t, out, 25)
	require.Len(t, stmts, 25)
	return out
}

// form is a way for the contract's rows to lie about: each must give the same answers.
type form struct {
	name        string
	segmentRows int
	load        func(db *database, data []parser.Stmt)
	hot, cold   bool // whether rows of system.jobs are to be in memory and in files after it
}

func hotForm(db *database, data []parser.Stmt) {
	db.must("DELETE FROM system.storages")
	db.load(data)
}

// flushedForm loads all rows and flushes them.
func flushedForm(db *database, data []parser.Stmt) {
	hotForm(db, data)
	db.flush()
}

// halfForm loads half of the rows, flushes them, and loads the others: every second INSERT first, so that times of both halves interleave.
func halfForm(db *database, data []parser.Stmt) {
	db.must("DELETE FROM system.storages")
	var first, second []parser.Stmt
	for i, st := range data {
		if i%2 == 0 || strings.Contains(st.Text, "INTO system.storages") { // a flush needs a storage
			first = append(first, st)
		} else {
			second = append(second, st)
		}
	}
	db.load(first)
	db.flush()
	db.load(second)
}

// rewrittenForm flushes and then touches every third row, so that files have positional deletes and the rows are in memory again.
func rewrittenForm(db *database, data []parser.Stmt) {
	flushedForm(db, data)
	db.must("UPDATE system.jobs SET status = status WHERE left(job_id::text, 1) IN ('0', '3', '6', '9', 'c', 'f')")
	db.must("UPDATE system.live_queries SET changes = changes WHERE left(live_id::text, 1) IN ('0', '3', '6', '9', 'c', 'f')")
	db.must("UPDATE system.table_schemas SET table_name = table_name WHERE schema_version % 3 = 0")
}

func forms() []form {
	return []form{
		{"hot", 0, hotForm, true, false},
		{"flushed", 0, flushedForm, false, true},
		{"half", 0, halfForm, true, true},
		{"hot in small segments", 7, hotForm, true, false},
		{"half in small segments", 7, halfForm, true, true},
		{"rewritten", 0, rewrittenForm, true, true},
	}
}

// TestContract runs the contract's 25 SELECTs as they are written, over hot and flushed rows, in batches of several sizes, with one worker and with
// many, before and after recovery, and compares each answer with PostgreSQL's byte for byte.
func TestContract(t *testing.T) {
	t.Parallel()
	queries, data := goldenQueries(t), contractData(t)
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t, f.segmentRows)
			f.load(db, data)
			hot, cold := db.rowsByHeat(schemahistory.Jobs)
			require.Equal(t, f.hot, hot > 0, "%d hot rows", hot)
			require.Equal(t, f.cold, cold > 0, "%d cold rows", cold)
			for _, s := range shapes() {
				t.Run(fmt.Sprintf("batches of %d, %d workers", s.batchRows, s.workers), func(t *testing.T) {
					db.reshape(s)
					db.answerAll(t, queries)
				})
			}
			db.reopen()
			t.Run("reopened", func(t *testing.T) { db.answerAll(t, queries) })
		})
	}
}

func (db *database) answerAll(t *testing.T, queries []goldenQuery) {
	for _, q := range queries {
		t.Run(q.name, func(t *testing.T) {
			a := db.run(q.sql)
			require.NoError(t, a.err)
			types := [][]string{{"Column", "Type"}}
			for i := range a.columns {
				types = append(types, []string{a.columns[i], a.types[i]})
			}
			require.Equal(t, q.types, types)
			if got := q.arranged(t, &a); got != q.csv {
				t.Error(firstDifference(q.csv, got))
			}
		})
	}
}

// arranged gives the answer as CSV, rows whose order is free sorted as in the golden file.
func (q *goldenQuery) arranged(t testing.TB, a *answer) string {
	rows := a.records()
	switch q.order[0] {
	case "ordered":
	case "unordered":
		slices.Sort(rows)
	case "ties":
		for _, span := range q.order[1:] {
			from, to, _ := strings.Cut(span, "-")
			lo, err := strconv.Atoi(from)
			require.NoError(t, err)
			hi, err := strconv.Atoi(to)
			require.NoError(t, err)
			if hi <= len(rows) {
				slices.Sort(rows[lo-1 : hi])
			}
		}
	default:
		t.Fatalf("manifest: %q", q.order)
	}
	header := answer{columns: a.columns}
	return header.csv() + strings.Join(rows, "")
}

// firstDifference shows where two texts part: the lines of either up to the third that differs.
func firstDifference(want, got string) string {
	w, g := splitCSV(want), splitCSV(got)
	var b strings.Builder
	fmt.Fprintf(&b, "want %d records, got %d", len(w), len(g))
	shown := 0
	for i := 0; i < max(len(w), len(g)) && shown < 3; i++ {
		x, y := at(w, i), at(g, i)
		if x != y {
			fmt.Fprintf(&b, "\nrecord %d\n  want %q\n  got  %q", i, x, y)
			shown++
		}
	}
	return b.String()
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

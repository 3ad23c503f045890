package stoa_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// goldenQueries gives the contract's SELECTs with the answers over its own data.
func goldenQueries(t testing.TB) []goldenQuery {
	dir := filepath.Join("testdata", "contract")
	return goldenSet(t, filepath.Join(dir, "manifest.txt"), filepath.Join(dir, "golden"))
}

// goldenSet reads a manifest and a folder of answers. The manifest, the SELECTs and the golden files are in the contract's order.
func goldenSet(t testing.TB, manifest, golden string) []goldenQuery {
	read := func(path ...string) string {
		text, err := os.ReadFile(filepath.Join(path...))
		require.NoError(t, err)
		return string(text)
	}
	stmts, err := parser.Parse(read("testdata", "contract", "selects.sql"))
	require.NoError(t, err)
	var out []goldenQuery
	for line := range strings.Lines(read(manifest)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" || strings.HasPrefix(words[0], "#") {
			continue
		}
		require.Less(t, len(out), len(stmts))
		q := goldenQuery{name: words[0], sql: stmts[len(out)].Text, order: words[1:], csv: read(golden, words[0]+".csv")}
		q.types, err = csv.NewReader(strings.NewReader(read(golden, words[0]+".types"))).ReadAll()
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
		switch {
		case strings.Contains(st.Text, "INTO system.storages"): // a flush needs a storage
			first = append(first, st)
		case i%2 > 0 || strings.Contains(st.Text, "INTO system.table_schemas"): // versions follow one another
			second = append(second, st)
		default:
			first = append(first, st)
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
			q.compare(t, &a)
		})
	}
}

// compare holds an answer against the golden file.
func (q *goldenQuery) compare(t *testing.T, a *answer) {
	if q.order[0] == "limit" {
		q.compareLimited(t, a)
		return
	}
	if got := q.arranged(t, a); got != q.csv {
		t.Error(firstDifference(q.csv, got))
	}
}

// compareLimited is for a LIMIT whose edge cuts through rows that tie: the golden file has the rows without it. The answer's rows of each span of ties are
// to be the span's, or where the answer ends within it some of them.
func (q *goldenQuery) compareLimited(t *testing.T, a *answer) {
	limit, err := strconv.Atoi(q.order[1])
	require.NoError(t, err)
	want, got := splitCSV(q.csv)[1:], q.masked(a.records())
	require.Len(t, got, min(limit, len(want)))
	next := 0
	for _, span := range append(q.spans(t, q.order[3:]), [2]int{len(want), len(want)}) {
		for ; next < min(span[0], len(got)); next++ {
			require.Equal(t, want[next], got[next], "record %d", next+1)
		}
		free := slices.Clone(want[span[0]:span[1]])
		for ; next < min(span[1], len(got)); next++ {
			i := slices.Index(free, got[next])
			require.GreaterOrEqual(t, i, 0, "record %d is none of those that tie: %s", next+1, got[next])
			free = slices.Delete(free, i, i+1)
		}
	}
}

// spans reads "A-B", rows counted from 1, as half-open ranges from 0.
func (q *goldenQuery) spans(t testing.TB, words []string) [][2]int {
	var out [][2]int
	for _, span := range words {
		from, to, _ := strings.Cut(span, "-")
		lo, err := strconv.Atoi(from)
		require.NoError(t, err)
		hi, err := strconv.Atoi(to)
		require.NoError(t, err)
		out = append(out, [2]int{lo - 1, hi})
	}
	return out
}

var uuidText = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// masked writes <uuid> for the UUIDs in records, if the golden file does.
func (q *goldenQuery) masked(rows []string) []string {
	if strings.Contains(q.csv, "<uuid>") {
		for i, r := range rows {
			rows[i] = uuidText.ReplaceAllString(r, "<uuid>")
		}
	}
	return rows
}

// arranged gives the answer as CSV, rows whose order is free sorted as in the golden file.
func (q *goldenQuery) arranged(t testing.TB, a *answer) string {
	rows := q.masked(a.records())
	switch q.order[0] {
	case "ordered":
	case "unordered":
		slices.Sort(rows)
	case "ties":
		for _, span := range q.spans(t, q.order[1:]) {
			if span[1] <= len(rows) {
				slices.Sort(rows[span[0]:span[1]])
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

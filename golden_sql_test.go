package stoa_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

var (
	writeMissing = flag.Bool("write-known-missing", false, "write testdata/sql/known-missing.txt anew: what is refused cleanly is listed, wrong answers are not")
	sqlFile      = flag.String("sqlfile", "", "run only the files of testdata/sql whose path contains this")
)

const missingFile = "known-missing.txt"

const missingHead = `# What PostgreSQL 15 answers and Stoa does not: FILE:LINE, and Stoa's refusal. LINE is that of the directive, or of the expression in an exprs block.
#
# Only refusals stand here, never wrong answers: an error that says what is missing (0A000), or that a type, function, operator or form of the grammar
# is not there. "after a refusal" marks blocks that answer otherwise only because a statement before them in the same file was refused. Lines with
# "difference:" are written by hand, with the reason why Stoa's answer is another one; all others by
#
#	go test -run TestSQL . -write-known-missing
#
# The test fails where a line stands here that answers as PostgreSQL does: the list can only become shorter.

`

// refusals are the codes by which an engine says that it does not know something, and never that data are wrong.
var refusals = map[sqlstate.Code]bool{
	sqlstate.FeatureNotSupported: true, sqlstate.UndefinedFunction: true, sqlstate.SyntaxError: true, sqlstate.UndefinedObject: true,
}

// TestSQL runs the files of testdata/sql (README.md there says what they hold) over hot rows, and again with all rows flushed before every block that
// could see the difference.
func TestSQL(t *testing.T) {
	t.Parallel()
	known := readMissing(t)
	var mu sync.Mutex
	found := map[string]string{}
	t.Run("files", func(t *testing.T) {
		for _, path := range sqlFiles(t) {
			for _, flushed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/flushed=%t", path, flushed), func(t *testing.T) {
					t.Parallel()
					r := &sqlRun{t: t, path: path, flushed: flushed, known: known, found: map[string]string{}}
					r.file()
					mu.Lock()
					defer mu.Unlock()
					if !flushed {
						maps.Copy(found, r.found)
					}
				})
			}
		}
	})
	switch {
	case *sqlFile != "":
	case *writeMissing:
		writeMissingFile(t, found)
	default:
		for place := range known {
			if _, ok := found[place]; !ok {
				t.Errorf("%s lists %s, which answers as PostgreSQL does, or is not there", missingFile, place)
			}
		}
	}
}

func sqlFiles(t testing.TB) []string {
	var out []string
	root := filepath.Join("testdata", "sql")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".test" && strings.Contains(path, *sqlFile) {
			rel, _ := filepath.Rel(root, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	}))
	require.NotEmpty(t, out)
	return out
}

// readMissing gives the refusals that are known, by place.
func readMissing(t testing.TB) map[string]string {
	text, err := os.ReadFile(filepath.Join("testdata", "sql", missingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		place, refusal, ok := strings.Cut(line, " ")
		require.True(t, ok, line)
		require.NotContains(t, out, place)
		out[place] = strings.TrimSpace(refusal)
	}
	return out
}

func writeMissingFile(t testing.TB, found map[string]string) {
	for place, why := range readMissing(t) {
		if strings.HasPrefix(why, "difference:") && found[place] != "" {
			found[place] = why
		}
	}
	lines := slices.Collect(maps.Keys(found))
	slices.SortFunc(lines, func(a, b string) int {
		fa, la, _ := strings.Cut(a, ":")
		fb, lb, _ := strings.Cut(b, ":")
		if fa != fb {
			return strings.Compare(fa, fb)
		}
		return strings.Compare(fmt.Sprintf("%6s", la), fmt.Sprintf("%6s", lb))
	})
	var b strings.Builder
	b.WriteString(missingHead)
	for _, l := range lines {
		fmt.Fprintf(&b, "%s %s\n", l, found[l])
	}
	require.NoError(t, os.WriteFile(filepath.Join("testdata", "sql", missingFile), []byte(b.String()), 0o644))
}

// sqlBlock is a directive with its input and what is expected.
type sqlBlock struct {
	line      int // of the directive, from 1
	directive []string
	text      string
	expected  string
}

// parseBlocks reads the format of cockroachdb/datadriven.
func parseBlocks(t testing.TB, text string) []sqlBlock {
	lines := strings.Split(text, "\n")
	var out []sqlBlock
	for at := 0; at < len(lines); at++ {
		if strings.TrimSpace(lines[at]) == "" || strings.HasPrefix(lines[at], "#") {
			continue
		}
		b := sqlBlock{line: at + 1, directive: strings.Fields(lines[at])}
		start := at + 1
		for at++; at < len(lines) && lines[at] != "----"; at++ {
		}
		require.Less(t, at, len(lines), "line %d: no ----", b.line)
		b.text = strings.Join(lines[start:at], "\n")
		if at++; at < len(lines) && lines[at] == "----" {
			start = at + 1
			for at++; at+1 < len(lines) && !(lines[at] == "----" && lines[at+1] == "----"); at++ {
			}
			b.expected = joinLines(lines[start:at])
			at++
		} else {
			start = at
			for ; at < len(lines) && lines[at] != ""; at++ {
			}
			b.expected = joinLines(lines[start:at])
		}
		out = append(out, b)
	}
	return out
}

func joinLines(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// sqlRun is one run of one file.
type sqlRun struct {
	t       *testing.T
	path    string
	flushed bool
	known   map[string]string
	found   map[string]string // refusals met, by place
	db      *database
	own     bool     // the file is about Stoa alone: a new database keeps what Stoa puts there
	dirty   bool     // rows may be hot
	refused []string // the statements that change something and were refused since the database was made
}

func (r *sqlRun) file() {
	text, err := os.ReadFile(filepath.Join("testdata", "sql", filepath.FromSlash(r.path)))
	require.NoError(r.t, err)
	r.own = strings.HasPrefix(string(text), "# stoa-only")
	blocks := parseBlocks(r.t, string(text))
	require.NotEmpty(r.t, blocks)
	r.reset()
	for _, b := range blocks {
		r.block(&b)
	}
}

func (r *sqlRun) reset() {
	r.db = newDatabase(r.t, 0)
	r.refused, r.dirty = nil, true
	if !r.own {
		r.db.must("DELETE FROM system.storages")
	}
}

func (r *sqlRun) block(b *sqlBlock) {
	unordered := len(b.directive) > 1 && b.directive[1] == "unordered"
	if r.flushed && r.dirty && (b.directive[0] == "query" || b.directive[0] == "statement") {
		r.flush()
	}
	switch b.directive[0] {
	case "statement":
		r.dirty = true
		a := r.db.run(b.text)
		r.compare(b.line, b.text, b.expected, statementText(&a, unordered), a.err)
		if a.err != nil && !strings.Contains(b.expected, "(SQLSTATE ") {
			r.refused = append(r.refused, b.text)
		}
	case "query":
		a := r.db.run(b.text)
		r.compare(b.line, b.text, b.expected, queryText(&a, unordered), a.err)
	case "types":
		a := r.db.run(b.text)
		r.compare(b.line, b.text, b.expected, typesText(&a), a.err)
	case "exprs":
		r.exprs(b)
	case "load":
		r.dirty = true
		r.db.load(contractData(r.t))
	case "reset":
		r.reset()
	default:
		r.t.Errorf("%s:%d: unknown directive %q", r.path, b.line, b.directive)
	}
}

// flush moves all rows to files. It needs a storage, of which the file's statements must see nothing.
func (r *sqlRun) flush() {
	r.dirty = false
	const add = `INSERT INTO system.storages (storage_id, name, base_path, path_template)
		VALUES ('00000000-0000-4000-8000-00000000f1a5', 'primary', './flushed', '{storageLocation}/{namespace}/{tableName}/')`
	added := r.db.run(add).err == nil
	r.db.flush()
	if added {
		r.db.must("DELETE FROM system.storages WHERE storage_id = '00000000-0000-4000-8000-00000000f1a5'")
	}
}

// exprs runs each line of a block as SELECT line.
func (r *sqlRun) exprs(b *sqlBlock) {
	lines := strings.Split(b.text, "\n")
	expected := splitCSV(b.expected) // a value may hold line ends
	require.Len(r.t, expected, len(lines), "%s:%d", r.path, b.line)
	for i, line := range lines {
		a := r.db.run("SELECT " + line)
		r.compare(b.line+1+i, line, expected[i], exprText(&a)+"\n", a.err)
	}
}

// compare judges the answer at a place.
func (r *sqlRun) compare(line int, sql, want, got string, err error) {
	place := fmt.Sprintf("%s:%d", r.path, line)
	if want == got || matchesCode(want, err) {
		return
	}
	if r.flushed && err != nil && strings.HasPrefix(want, "ERROR:  ") && strings.Contains(want, "(SQLSTATE "+string(sqlstate.CodeOf(err))+")") {
		return // of several rows that fail, another one comes first in a file
	}
	known, listed := r.known[place]
	why := ""
	switch code := sqlstate.CodeOf(err); {
	case strings.HasPrefix(known, "difference:"):
		why = known
	case err != nil && refusals[code] && !strings.Contains(want, "(SQLSTATE "+string(code)+")"):
		why = strings.ReplaceAll(errorLine(err), "\n", " ")
	case r.consequence(sql):
		why = "after a refusal"
	}
	if why != "" {
		r.found[place] = why
	}
	if why == "" || !*writeMissing && (!listed || known != why) {
		r.t.Errorf("%s: %s\nwant %sgot  %s(in %s: %q)", place, sql, want, got, missingFile, known)
	}
}

// named finds the tables that a statement names.
var named = regexp.MustCompile(`(?i)\b(?:table|into|update|from|join|on|to)\s+(?:if (?:not )?exists\s+)?([a-z_.]+)`)

// consequence tells whether a statement can answer otherwise because one before it was refused: one that names a table which it names too, or one that
// names none, as BEGIN does.
func (r *sqlRun) consequence(sql string) bool {
	for _, refused := range r.refused {
		tables := named.FindAllStringSubmatch(refused, -1)
		if len(tables) == 0 {
			return true
		}
		for _, t := range tables {
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(t[1]) + `\b`).MatchString(sql) {
				return true
			}
		}
	}
	return false
}

// matchesCode is for expectations such as "error 23514", which leave the message open.
func matchesCode(want string, err error) bool {
	code, ok := strings.CutPrefix(strings.TrimSpace(want), "error ")
	return ok && err != nil && string(sqlstate.CodeOf(err)) == code
}

func statementText(a *answer, unordered bool) string {
	var b strings.Builder
	for _, n := range a.notices {
		fmt.Fprintf(&b, "%s:  %s\n", n.Severity, n.Message)
	}
	if a.err != nil {
		return b.String() + errorLine(a.err) + "\n"
	}
	if a.columns != nil {
		b.WriteString(queryText(a, unordered))
	}
	return b.String() + a.tag + "\n"
}

func queryText(a *answer, unordered bool) string {
	if a.err != nil {
		return errorLine(a.err) + "\n"
	}
	if !unordered {
		return a.csv()
	}
	slices.SortFunc(a.rows, func(x, y []*string) int { return slices.Compare(sortFields(x), sortFields(y)) })
	return a.csv()
}

func sortFields(row []*string) []string {
	out := make([]string, len(row))
	for i, v := range row {
		if v != nil {
			out[i] = csvField(*v)
		}
	}
	return out
}

func typesText(a *answer) string {
	if a.err != nil {
		return errorLine(a.err) + "\n"
	}
	var b strings.Builder
	for i := range a.columns {
		fmt.Fprintf(&b, "%s %s\n", csvField(a.columns[i]), a.types[i])
	}
	return b.String()
}

func exprText(a *answer) string {
	if a.err != nil {
		return errorLine(a.err)
	}
	if len(a.rows) != 1 || len(a.rows[0]) != 1 {
		return fmt.Sprintf("%d rows", len(a.rows))
	}
	value := "NULL"
	if v := a.rows[0][0]; v != nil {
		if value = csvField(*v); *v == "NULL" {
			value = `"NULL"`
		}
	}
	return value + " :: " + a.types[0]
}

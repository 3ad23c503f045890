package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/bench/contract"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's a demo")
	got := stoaIn(t, "", "demo", "--dir", dir, "--rows", "20000")
	require.Zero(t, got.code, got.err)
	require.Empty(t, got.err, "no bars without a terminal")
	require.NotContains(t, got.out, "\x1b")
	require.NotContains(t, got.out, "ERROR")
	for i, q := range contract.Selects() {
		require.Contains(t, got.out, fmt.Sprintf("\n%d. %s\n", i+1, q.Title))
	}
	require.LessOrEqual(t, strings.Count(got.out, "\n(0 rows; "), 1, "each query has something to show, but perhaps the last hour of a quiet night")
	require.Contains(t, got.out, "25 queries, verbatim from the contract")

	counts := sqlIn(t, dir, "SELECT count(*) > 20000 AS jobs FROM system.jobs; SELECT count(*) FROM system.live_queries; SELECT count(*) FROM system.storages;"+
		"SELECT namespace_id, table_name, hot_rows > 0 AS hot, cold_rows > 0 AS cold FROM system.tables WHERE table_name = 'jobs'", "--format", "csv")
	require.Equal(t, "jobs\nt\ncount\n2000\ncount\n4\nnamespace_id,table_name,hot,cold\nsystem,jobs,t,t\n", counts.out, counts.err)

	// A table of many schema versions: its flushed row is of the second, its hot ones of the third and fourth.
	require.Equal(t, outcome{out: "id,metadata,reply_to\n1,,\n2,,1\n3,\"{\"\"device\"\": \"\"phone\"\"}\",\n"},
		sqlIn(t, dir, "SELECT id, metadata, reply_to FROM chat.messages ORDER BY id", "--format", "csv"))
	require.Contains(t, stoaIn(t, "", "schema", "history", "chat.messages", "--dir", dir).out, "(4 versions of chat.messages)")
	require.Contains(t, stoaIn(t, "", "schema", "history", "shop.orders", "--dir", dir).out, "(5 versions of shop.orders)")

	// The files that it names are there.
	files := regexp.MustCompile(`read_parquet\('(.*)'\)`).FindStringSubmatch(got.out)
	require.NotNil(t, files)
	there, err := filepath.Glob(strings.ReplaceAll(strings.ReplaceAll(files[1], `'\''`, `'`), `''`, `'`))
	require.NoError(t, err)
	require.NotEmpty(t, there)

	// It may be repeated, but only while the database is as it was left.
	require.Zero(t, stoaIn(t, "", "demo", "--dir", dir, "--rows", "100").code)
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.mine (a int)").code)
	got = stoaIn(t, "", "demo", "--dir", dir, "--rows", "100")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "has been written to since the demo made it (SQLSTATE 58P02)\nHINT:  ")
	require.Zero(t, sqlIn(t, dir, "SELECT * FROM mine").code)
	require.Zero(t, stoaIn(t, "", "demo", "--dir", dir, "--rows", "100", "--force").code)
	require.Equal(t, 1, sqlIn(t, dir, "SELECT * FROM mine").code)
}

func TestDemoSparesOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "precious")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, args := range [][]string{nil, {"--force"}} {
		got := stoaIn(t, "", append([]string{"demo", "--dir", dir}, args...)...)
		require.Equal(t, 1, got.code)
		require.Contains(t, got.err, "is not empty and holds no database")
		require.FileExists(t, file)
	}
	database := t.TempDir()
	require.Zero(t, sqlIn(t, database, "CREATE TABLE public.mine (a int)").code)
	got := stoaIn(t, "", "demo", "--dir", database)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "holds a database that the demo did not make")
	require.Zero(t, sqlIn(t, database, "SELECT * FROM mine").code)
}

// A log of three jobs: one completed, one failed, one cancelled while it waited.
const smallLog = `; UnixStartTime: 1000000000
; TimeZoneString: UTC
; Queue: 1 night
1 0 10 100 4 90 2048 4 -1 -1 1 1 1 1 1 1 -1 -1
2 5 0 20 1 -1 -1 1 -1 -1 0 2 1 2 1 1 -1 -1
3 9 30 -1 -1 -1 -1 1 -1 -1 5 2 1 2 1 1 -1 -1
`

func TestDemoOfRealHistory(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "log.swf.gz")
	f, err := os.Create(log)
	require.NoError(t, err)
	z := gzip.NewWriter(f)
	_, err = io.WriteString(z, smallLog)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	dir := filepath.Join(t.TempDir(), "db")
	got := stoaIn(t, "", "demo", "--dir", dir, "--history", log)
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, "3 jobs of log.swf.gz")
	require.Equal(t, outcome{out: "job_type,status,n\nnight,cancelled,1\nnight,completed,1\nnight,failed,1\n"},
		sqlIn(t, dir, "SELECT job_type, status, count(*) AS n FROM system.jobs WHERE job_type = 'night' GROUP BY 1, 2 ORDER BY 2", "--format", "csv"))
	got = stoaIn(t, "", "demo", "--dir", filepath.Join(dir, "other"), "--history", "missing.swf")
	require.Equal(t, 1, got.code)
	require.NoDirExists(t, filepath.Join(dir, "other"))
}

func TestGen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := filepath.Join(dir, "db")
	got := stoaIn(t, "", "gen", "--rows", "3000", "--dir", db)
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, "3,000 jobs, 30 live queries, 3 storages, ")
	want := sqlIn(t, db, "SELECT * FROM system.jobs ORDER BY created_at, job_id", "--format", "csv").out
	require.Equal(t, 3001, strings.Count(want, "\n"))
	for _, name := range []string{"jobs.parquet", "jobs.csv", "jobs.ndjson", "jobs.csv.gz", "jobs.ndjson.zst"} {
		file := filepath.Join(dir, name)
		got := stoaIn(t, "", "gen", "--rows", "3000", "--out", file)
		require.Zero(t, got.code, got.err)
		require.Contains(t, got.out, "3,000 jobs in "+file)
		header := ""
		if strings.Contains(name, "csv") {
			header = "(FORMAT csv, HEADER)"
		}
		other := filepath.Join(dir, name+".db")
		loaded := sqlIn(t, other, fmt.Sprintf("COPY system.jobs FROM '%s' %s; SELECT * FROM system.jobs ORDER BY created_at, job_id", file, header), "--format", "csv")
		require.Equal(t, "COPY 3000\n"+want, loaded.out, loaded.err)
	}
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "10", "--seed", "7", "--dir", db).code)
	got = stoaIn(t, "", "gen", "--rows", "3000", "--dir", db)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 23505)")
	require.Contains(t, got.err, "HINT:  ")
	long := filepath.Join(dir, "long")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "500", "--days", "365", "--dir", long).code)
	got = sqlIn(t, long, "SELECT max(created_at) - min(created_at) BETWEEN '360 days' AND '366 days' FROM system.jobs", "--format", "csv")
	require.Contains(t, got.out, "\nt\n", got.err)
	for _, args := range [][]string{{"--out", "jobs.txt"}, {"--rows", "0"}, {"--end", "never"}, {"--days", "-1"}, {"--days", "40000"}, {"--out", filepath.Join(dir, "no", "jobs.csv")}} {
		got = stoaIn(t, "", append([]string{"gen"}, args...)...)
		require.Equal(t, 1, got.code, args)
		require.Contains(t, got.err, "ERROR:  ", args)
	}
}

func TestFlush(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "db")
	got := stoaIn(t, "", "flush", "--dir", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "there is no database in")
	require.NoDirExists(t, dir)
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "2000", "--dir", dir).code)
	got = stoaIn(t, "", "flush", "--dir", dir, "--table", "system.jobs")
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^system\.jobs: Flushed 1,\d{3} records to .*\.parquet \(1 file, \S+ kB, \d+\.\d s\)\n$`, got.out)
	got = stoaIn(t, "", "flush", "--dir", dir, "--all")
	require.Zero(t, got.code, got.err)
	require.Equal(t, "hot_rows\n0\n", sqlIn(t, dir, "SELECT sum(hot_rows) AS hot_rows FROM system.tables WHERE table_name NOT IN ('jobs', 'table_schemas')", "--format", "csv").out)
	got = stoaIn(t, "", "flush", "--dir", dir, "--table", "system.nothing")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, `ERROR:  relation "system.nothing" does not exist (SQLSTATE 42P01)`)
	require.Equal(t, 1, stoaIn(t, "", "flush", "--dir", dir, "--table", "a.b.c.d;").code)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.parquet")
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "3000", "--out", file).code)
	got := stoaIn(t, "", "inspect", file)
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, ": 3,000 rows, 12 columns, 1 row group, ")
	for _, word := range []string{"job_id", "uuid not null", "RLE_DICTIONARY", "ZSTD", "created_at", "stoa.table", "cancelled"} {
		require.Contains(t, got.out, word)
	}
	got = stoaIn(t, "", "inspect", file, "--format", "json")
	var report struct {
		Rows    int
		Columns []struct{ Name string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &report))
	require.Equal(t, 3000, report.Rows)
	require.Len(t, report.Columns, 12)

	got = stoaIn(t, "", "inspect", dir)
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, "\n1 file, 3,000 rows, ")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.parquet"), []byte("PAR1 but no Parquet"), 0o600))
	got = stoaIn(t, "", "inspect", dir, "--format", "json")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.out, `"error": "`)
	require.Contains(t, got.err, "1 file could not be read")
	got = stoaIn(t, "", "inspect", filepath.Join(dir, "bad.parquet"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 22P04)")
	require.Equal(t, 1, stoaIn(t, "", "inspect", filepath.Join(dir, "missing")).code)
	require.Equal(t, "0 files, 0 rows, 0 B\n", stoaIn(t, "", "inspect", t.TempDir()).out)
}

func TestMetaCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Zero(t, sqlIn(t, dir, `CREATE TABLE public.t (a numeric(10, 2) PRIMARY KEY, b varchar(5) DEFAULT 'x')`).code)
	got := sqlIn(t, dir, `\d
\d system.jobs
\d T
\d information_schema.tables
\d nothing
\frob
\x
\x off
\timing on
\pset null -
SELECT NULL AS a; \pset format csv
SELECT 1 AS b;
\df concat*
\?
\i missing.sql
`, "--on-error", "continue")
	require.Equal(t, 1, got.code)
	for _, part := range []string{
		"List of relations\n", " system | jobs          | table | primary ", `Table "system.jobs"`, "created_at   | timestamp without time zone |           | not null | now()",
		"    \"jobs_pkey\" PRIMARY KEY, btree (job_id)\n", "CHECK (status = ANY (ARRAY['pending'::text, ", "numeric(10,2)", "character varying(5)", `View "information_schema.tables"`,
		"Expanded display is on.\nExpanded display is off.\nTiming is on.\n", " a \n---\n -\n(1 row)\n\nb\n1\n", "concat_ws", "quit",
	} {
		require.Contains(t, got.out, part)
	}
	require.Contains(t, got.err, "ERROR:  Did not find any relation named \"nothing\".\nERROR:  invalid command \\frob; try \\? for help\n")
	require.Contains(t, got.err, "missing.sql: no such file")

	script, output := filepath.Join(dir, "s.sql"), filepath.Join(dir, "out.txt")
	require.NoError(t, os.WriteFile(script, []byte("SELECT 5 AS five;\n\\i '"+script+"'\n"), 0o600))
	got = sqlIn(t, dir, `\i '`+script+`'`, "--format", "csv")
	require.Equal(t, 1, got.code)
	require.Equal(t, maxNested, strings.Count(got.out, "five"))
	require.Contains(t, got.err, "nested")
	require.Equal(t, outcome{out: "b\n2\n"}, sqlIn(t, dir, "\\o '"+output+"'\nSELECT 1 AS a;\n\\o\nSELECT 2 AS b;", "--format", "csv"))
	text, err := os.ReadFile(output)
	require.NoError(t, err)
	require.Equal(t, "a\n1\n", string(text))
}

// maxNested is how deep scripts may be nested: client.maxDepth.
const maxNested = 32

// TestNotADirectory gives each command a file where a database's directory is to be, and a path that goes through one.
func TestNotADirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, args := range [][]string{
		{"sql", "-c", "SELECT 1"}, {"sql", "--read-only", "-c", "SELECT 1"}, {"flush"}, {"compact"}, {"backup", file + "-copy"}, {"verify"}, {"verify", "--salvage"},
		{"migrate"}, {"gen", "--rows", "10"}, {"gen", "--legacy", "--rows", "10"}, {"demo", "--rows", "10"},
	} {
		for _, dir := range []string{file, filepath.Join(file, "x")} {
			got := stoaIn(t, "", append(args, "--dir", dir)...)
			require.Equal(t, outcome{err: "ERROR:  \"" + file + "\" is not a directory (SQLSTATE 42809)\n", code: 1}, got, "%v", args)
		}
	}
}

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outcome is what a command line gave.
type outcome struct {
	out, err string
	code     int
}

// stoaIn runs a command line with a standard input.
func stoaIn(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	var out, errout bytes.Buffer
	code := run(args, &streams{in: strings.NewReader(in), out: &out, err: &errout})
	return outcome{out.String(), errout.String(), code}
}

// sqlIn runs stoa sql on the statements of a standard input.
func sqlIn(t *testing.T, dir, in string, args ...string) outcome {
	t.Helper()
	return stoaIn(t, in, append([]string{"sql", "--dir", dir}, args...)...)
}

// TestAsPsql compares what is printed with what psql 15 prints, byte for byte; testdata/psql/make.sh makes the files.
func TestAsPsql(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/psql/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	dir := t.TempDir()
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		for _, c := range []struct {
			golden, in string
			args       []string
		}{
			{".csv", "", []string{"--format", "csv"}},
			{".null.csv", "", []string{"--format", "csv", "--null", `(a,"null")`}},
			{".table", "", []string{"--null", "∅"}},
			{".records", "\\x\n", []string{"--null", "∅", "--quiet"}},
		} {
			name := strings.TrimSuffix(script, ".sql") + c.golden
			want, err := os.ReadFile(name)
			require.NoError(t, err)
			got := sqlIn(t, dir, c.in+string(text), c.args...)
			require.Empty(t, got.err, name)
			require.Zero(t, got.code, name)
			require.Equal(t, string(want), got.out, name)
		}
	}
}

func TestOtherFormats(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const query = `SELECT 1 AS n, E'a|b\nc' AS t, 1.50 AS num, 'NaN'::numeric AS nan, NULL::int AS nul, true AS b, '{"a": [1, "x"]}'::jsonb AS j,
		timestamp '2025-10-21 14:30:22.5' AS ts, timestamptz '2025-10-21 14:30:22+02' AS tz, '-Infinity'::float8 AS f, date '2025-10-21' AS d,
		'infinity'::timestamp AS never, 9223372036854775807 AS big, 1e30::numeric AS huge;`
	row := `{"n":1,"t":"a|b\nc","num":1.50,"nan":"NaN","nul":null,"b":true,"j":{"a": [1, "x"]},"ts":"2025-10-21T14:30:22.5",` +
		`"tz":"2025-10-21T12:30:22+00:00","f":"-Infinity","d":"2025-10-21","never":"infinity","big":9223372036854775807,"huge":1000000000000000000000000000000}`
	require.Equal(t, outcome{out: row + "\n"}, sqlIn(t, dir, query, "--format", "ndjson"))
	require.Equal(t, outcome{out: "[\n" + row + "\n]\n"}, sqlIn(t, dir, query, "--format", "json"))
	require.Equal(t, outcome{out: "[\n{\"a\":1},\n{\"a\":2}\n]\n"}, sqlIn(t, dir, "SELECT 1 AS a UNION ALL SELECT 2", "--format", "json"))
	require.Equal(t, outcome{out: "[]\n"}, sqlIn(t, dir, "SELECT 1 WHERE false;", "--format", "json"))
	require.Equal(t, outcome{out: ""}, sqlIn(t, dir, "SELECT 1 WHERE false;", "--format", "ndjson"))
	require.Equal(t, outcome{out: "| n | a\\|b |\n|---:|---|\n| 1 | x<br>y\\\\ &lt;b> |\n| 2 | - |\n"},
		sqlIn(t, dir, `SELECT 1 AS n, E'x\ny\\ <b>' AS "a|b" UNION ALL SELECT 2, NULL;`, "--format", "markdown", "--null", "-"))
	zoned := sqlIn(t, dir, "SET timezone TO 'Asia/Kolkata'; SELECT timestamptz '2025-10-21 14:30:22Z' AS a, timestamptz '0044-03-15 BC' AS b;", "--format", "ndjson", "-q")
	require.Contains(t, zoned.out, `"a":"2025-10-21T20:00:22+05:30"`)
	require.Contains(t, zoned.out, ` BC"`)
}

func TestStatementsOfPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := sqlIn(t, dir, `
		-- a comment; with a semicolon
		CREATE TABLE public.t (a int PRIMARY KEY, b text);
		INSERT INTO t VALUES (1, 'x;y'), (2, 'z'); UPDATE t SET b = 'w' WHERE a = 2;
		DELETE FROM t WHERE a = 1; SELECT * FROM t;;
		INSERT INTO t VALUES (3, NULL) RETURNING a;
		CREATE TABLE IF NOT EXISTS public.t (a int)`, "--format", "csv")
	require.Equal(t, outcome{
		out: "CREATE TABLE\nINSERT 0 2\nUPDATE 1\nDELETE 1\na,b\n2,w\na\n3\nINSERT 0 1\nCREATE TABLE\n",
		err: "NOTICE:  relation \"t\" already exists, skipping\n",
	}, got)
	require.Equal(t, outcome{out: " a | b \n---+---\n 2 | w\n 3 | \n(2 rows)\n\n"}, sqlIn(t, dir, "SELECT * FROM t ORDER BY a", "--quiet"))
	require.Equal(t, outcome{out: ""}, sqlIn(t, dir, "INSERT INTO t VALUES (4, 'q');", "--quiet"))
	require.Equal(t, outcome{}, sqlIn(t, dir, ""))
	require.Equal(t, outcome{}, sqlIn(t, dir, " \n-- nothing\n /* at all */ "))
}

func TestErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := sqlIn(t, dir, "SELECT 1 AS a;\n\n  SELECT x,\n         y\n  FROM system.jobs;\nSELECT 2 AS b;\n", "--format", "csv")
	require.Equal(t, outcome{out: "a\n1\n", err: "ERROR:  column \"x\" does not exist (SQLSTATE 42703)\nLINE 1: SELECT x,\n               ^\n", code: 1}, got)
	got = sqlIn(t, dir, "SELECT é, 1; SELECT 'ü' FORM x; SELECT 3 AS c;", "--format", "csv", "--on-error", "continue")
	require.Equal(t, outcome{
		out: "c\n3\n", code: 1,
		err: "ERROR:  column \"é\" does not exist (SQLSTATE 42703)\nLINE 1: SELECT é, 1\n               ^\n" +
			"ERROR:  syntax error at or near \"x\" (SQLSTATE 42601)\nLINE 1: SELECT 'ü' FORM x\n                        ^\n",
	}, got)
	got = sqlIn(t, dir, "SELECT * FROM system.storage_locations")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 42P01)\nLINE 1: SELECT * FROM system.storage_locations\n")
	require.Contains(t, got.err, "\nHINT:  ")
	got = sqlIn(t, dir, "INSERT INTO system.storages (storage_id, name, base_path, path_template) VALUES (gen_random_uuid(), 'primary', 'x', '{storageLocation}/{tableName}/')")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 23505)\nDETAIL:  Key (name)=(primary) already exists.\n")
	require.Empty(t, got.out)
	got = sqlIn(t, dir, "SELECT 'unfinished")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "unterminated quoted string")
	// A query that fails before its rows are due prints none of its header.
	got = sqlIn(t, dir, "SELECT 1/(x - 1) AS q FROM (SELECT 1 AS x) s", "--format", "csv")
	require.Equal(t, outcome{err: "ERROR:  division by zero (SQLSTATE 22012)\n", code: 1}, got)
}

func TestCopyFromStdin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.t (a int, b text)").code)
	got := sqlIn(t, dir, "COPY t FROM STDIN (FORMAT csv); SELECT count(*) FROM t;\n1,x\n2,\"SELECT 1;\n\"\n\\.\nCOPY t FROM STDIN;\n3\tq\\tr\n\\.\r\n"+
		"COPY t TO STDOUT (FORMAT csv);", "--format", "csv")
	require.Equal(t, outcome{out: "COPY 2\ncount\n2\nCOPY 1\n1,x\n2,\"SELECT 1;\n\"\n3,q\tr\n"}, got)
	// Without the marker the data end with the input.
	require.Equal(t, outcome{out: "COPY 2\n"}, sqlIn(t, dir, "COPY t FROM STDIN (FORMAT csv);\n4,\n5,y"))
	require.Equal(t, outcome{out: "COPY 1\n"}, sqlIn(t, dir, "COPY t FROM STDIN (FORMAT ndjson);\n{\"a\": 9, \"b\": \"json\"}\n"))
	// What a failed COPY leaves is not taken for SQL.
	got = sqlIn(t, dir, "COPY t FROM STDIN (FORMAT csv);\n6,z\nno number,z\nSELECT 1;\n\\.\nSELECT 7 AS seven;", "--format", "csv", "--on-error", "continue")
	require.Equal(t, "seven\n7\n", got.out)
	require.Equal(t, "ERROR:  invalid input syntax for type integer: \"no number\" (SQLSTATE 22P02)\nCONTEXT:  COPY t, line 2, column a: \"no number\"\n", got.err)
	got = sqlIn(t, dir, "COPY nothing FROM STDIN;\n6\n\\.\nSELECT 8 AS eight;", "--format", "csv", "--on-error", "continue")
	require.Equal(t, "eight\n8\n", got.out)
	require.Contains(t, got.err, "42P01")
	// With -c the data come from the standard input, and are not in the script.
	require.Equal(t, outcome{out: "COPY 2\n count \n-------\n     8\n(1 row)\n\n"}, sqlIn(t, dir, "10,a\n11,b\n", "-c", "COPY t FROM STDIN (FORMAT csv); SELECT count(*) FROM t"))
	file := filepath.Join(t.TempDir(), "script.sql")
	require.NoError(t, os.WriteFile(file, []byte("COPY t FROM STDIN (FORMAT csv);\n12,in the file\n\\.\n"), 0o600))
	require.Equal(t, outcome{out: "COPY 1\n"}, sqlIn(t, dir, "13,not this", "-f", file))
}

func TestSourcesOfStatements(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Equal(t, outcome{out: "a\n1\nb\n2\nc\n3\n"}, sqlIn(t, dir, "SELECT 9;", "--format", "csv", "-c", "SELECT 1 AS a; SELECT 2 AS b", "-c", "SELECT 3 AS c;"))
	require.Equal(t, outcome{out: "d\n4\n"}, sqlIn(t, dir, "SELECT 4 AS d;", "--format", "csv", "-f", "-"))
	require.Equal(t, outcome{out: "e\n5\n"}, sqlIn(t, dir, "\ufeffSELECT 5 AS e;", "--format", "csv"), "a byte order mark")
	got := sqlIn(t, dir, "", "-f", filepath.Join(dir, "missing.sql"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "missing.sql: no such file or directory (SQLSTATE 58P01)")
	got = sqlIn(t, dir, "", "-f", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "is a directory: name a file (SQLSTATE 42809)")
	got = sqlIn(t, dir, "", "-c", "SELECT 1", "-f", "x.sql")
	require.Equal(t, 2, got.code)
	require.Contains(t, got.err, "Try 'stoa sql --help'.")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := sqlIn(t, dir, "SELECT now() AS now, localtimestamp AS l;", "--format", "csv", "--now", "2025-10-22T15:00:00+02:00")
	require.Equal(t, outcome{out: "now,l\n2025-10-22 13:00:00+00,2025-10-22 13:00:00\n"}, got)
	got = sqlIn(t, dir, "SELECT 1;\nSELECT 1/0;", "--timing", "--format", "csv")
	require.Regexp(t, `^Time: \d+\.\d{3} ms\nTime: \d+\.\d{3} ms\nERROR:  division by zero`, got.err)
	for flag, value := range map[string]string{"--now": "yesterday", "--format": "xml", "--on-error": "wait"} {
		got = sqlIn(t, dir, "SELECT 1", flag, value)
		require.Equal(t, 1, got.code, flag)
		require.Contains(t, got.err, "ERROR:  ", flag)
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	got := sqlIn(t, missing, "SELECT 1", "--read-only")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "ERROR:  there is no database in "+missing+" (SQLSTATE 3D000)\nHINT:  ")
	require.NoDirExists(t, missing)
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE public.t (a int); INSERT INTO t VALUES (1)").code)
	require.Equal(t, outcome{out: "a\n1\n"}, sqlIn(t, dir, "SELECT * FROM t", "--read-only", "--format", "csv"))
	got = sqlIn(t, dir, "INSERT INTO t VALUES (2)", "--read-only")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 25006)")
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	require.Equal(t, 0, stoaIn(t, "", "version").code)
	require.Regexp(t, `^stoa \d+\.\d+\.\d+`, stoaIn(t, "", "version").out)
	require.Equal(t, stoaIn(t, "", "version").out, stoaIn(t, "", "--version").out)
	require.Contains(t, stoaIn(t, "", "--help").out, "inspect")
	require.Contains(t, stoaIn(t, "").out, "stoa demo")
	for _, args := range [][]string{{"frobnicate"}, {"sql", "--frobnicate"}, {"sql", "stray"}, {"inspect"}, {"gen", "--rows", "many"}, {"schema", "frobnicate"},
		{"schema", "history"}, {"schema", "diff", "a.b", "1"}, {"migrate", "now"}, {"gen", "--legacy", "--out", "x.csv"}} {
		got := stoaIn(t, "", args...)
		require.Equal(t, 2, got.code, args)
		require.Contains(t, got.err, "--help", args)
		require.Empty(t, got.out, args)
	}
}

// brokenWriter is an output whose reader has gone.
type brokenWriter struct{ err error }

func (b brokenWriter) Write([]byte) (int, error) { return 0, b.err }

func TestBrokenOutput(t *testing.T) {
	t.Parallel()
	var errout bytes.Buffer
	s := &streams{in: strings.NewReader("SELECT 1;\nCREATE TABLE public.t (a int);\n"), out: brokenWriter{io.ErrClosedPipe}, err: &errout}
	dir := t.TempDir()
	require.Equal(t, 1, run([]string{"sql", "--dir", dir, "--on-error", "continue"}, s))
	require.Equal(t, "stoa: write the output: io: read/write on closed pipe\n", errout.String())
	require.Equal(t, 1, sqlIn(t, dir, "SELECT * FROM t").code, "nothing runs when nobody sees it")
}

package exec_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/sql/exec"
)

// A COPY that fails says in which line, and leaves nothing, however many batches were in already.
func TestCopyFromFails(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE c (id int PRIMARY KEY, kind text CHECK (kind IN ('a', 'b')), n bigint NOT NULL DEFAULT 0, name text UNIQUE)")
		db.must("INSERT INTO c (id, name) VALUES (-1, 'there')")
		settle()
		good := func(lo, hi int) string {
			var out strings.Builder
			for i := lo; i < hi; i++ {
				fmt.Fprintf(&out, "%d,a,%d,name %d\n", i, i, i)
			}
			return out.String()
		}
		const many = 20000 // more than two batches
		for _, c := range []struct {
			code, bad, where string
			line             int // of the file, the header counted
		}{
			{"23502", "7,a,,x\n", `COPY c, file "/in.csv", line 7`, 7},
			{"23514", "7,z,1,x\n", `COPY c, file "/in.csv", line 2`, 2},
			{"23505", "-1,a,1,x\n", `COPY c, file "/in.csv", line 19000`, 19000},
			{"23505", "70000,a,1,there\n", `COPY c, file "/in.csv", line 8194`, 8194},
			{"23505", "0,a,1,x\n", `COPY c, file "/in.csv", line 20002`, many + 2},
			{"23505", "70000,a,1,name 3\n", `COPY c, file "/in.csv", line 20`, 20},
			{"22P02", "x,a,1,x\n", `COPY c, file "/in.csv", line 500, column id of type integer`, 500},
			{"22P04", "1,a,1\n", `COPY c, file "/in.csv", line 4`, 4},
			{"22003", "1,a,9223372036854775808,x\n", `COPY c, file "/in.csv", line 12000, column n of type bigint`, 12000},
		} {
			at := c.line - 2
			db.write("/in.csv", "id,kind,n,name\n"+good(0, at)+c.bad+good(at, many))
			e := db.fails(sqlCode(c.code), "COPY c FROM '/in.csv' (FORMAT csv, HEADER)")
			require.Equal(t, c.where, e.Where, c.bad)
			require.Equal(t, []string{"-1|there"}, db.rows("SELECT id, name FROM c"), "of a statement that failed nothing is there")
		}
		db.write("/in.csv", "id,kind,n,name\n"+good(0, many))
		require.Equal(t, fmt.Sprint("COPY ", many), db.must("COPY c FROM '/in.csv' (FORMAT csv, HEADER)").tag)
		require.Equal(t, []string{"20001"}, db.rows("SELECT count(*) FROM c"))
	})
}

// Columns that are not named get their defaults; NULL is what the options say.
func TestCopyColumns(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE d (id int PRIMARY KEY, kind text DEFAULT 'none', at timestamp DEFAULT now(), doc jsonb)")
	db.write("/in.csv", `1,"{""b"":1,  ""a"":[1.0]}"`+"\n2,\\N\n")
	db.must(`COPY d (id, doc) FROM '/in.csv' (FORMAT csv, NULL '\N')`)
	want := []string{`1|none|2025-10-21 14:30:22|{"a": [1.0], "b": 1}`, "2|none|2025-10-21 14:30:22|NULL"}
	require.Equal(t, want, db.rows("SELECT * FROM d ORDER BY id"))
	db.must("CREATE TABLE swapped (a text, b text)")
	db.write("/ba.csv", "of b,of a\n")
	db.must("COPY swapped (b, a) FROM '/ba.csv' (FORMAT csv)")
	require.Equal(t, []string{"of a|of b"}, db.rows("SELECT a, b FROM swapped"))
	for _, c := range []struct{ code, sql string }{
		{"42703", "COPY d (nosuch) FROM '/in.csv' (FORMAT csv)"},
		{"42701", "COPY d (id, id) FROM '/in.csv' (FORMAT csv)"},
		{"42P01", "COPY nosuch FROM '/in.csv' (FORMAT csv)"},
		{"58P01", "COPY d FROM '/nosuch.csv' (FORMAT csv)"},
		{"0A000", "COPY d FROM PROGRAM 'ls'"},
		{"0A000", "COPY d FROM STDIN"},
		{"0A000", "COPY d TO STDOUT"},
		{"22023", "COPY d FROM '/in.csv' (FORMAT nosuch)"},
	} {
		db.fails(sqlCode(c.code), c.sql)
	}
}

// A budget for queries bounds what is held, not what goes through.
func TestCopyWithinBudget(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, &exec.Options{MemoryLimit: 1 << 20})
	db.must("CREATE TABLE m (id int, s text, at timestamp DEFAULT now())")
	db.write("/in.csv", strings.Repeat("1,a text that makes the rows of this file a little longer than they would be\n", 50000))
	require.Equal(t, "COPY 50000", db.must("COPY m (id, s) FROM '/in.csv' (FORMAT csv)").tag)
	require.Equal(t, "COPY 50000", db.must("COPY m TO '/out.csv' (FORMAT csv)").tag)
}

// What is written is read again as it was, in every format, with NULLs, empty strings, quotes and line ends.
func TestCopyRoundTrip(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		columns := "(id int, s text, n numeric, f float8, u uuid, j jsonb, ts timestamp, tz timestamptz, d date, b bool, i interval)"
		db.must("CREATE TABLE r " + columns)
		db.must(`INSERT INTO r VALUES
			(1, 'a', 1.50, 0.1, '00000000-0000-0000-0000-000000000001', '{"k": [1, null]}', '2025-10-21 14:30:22.123456', '2025-10-21 14:30:22+02', '2025-10-21', true, '1 day 02:00'),
			(2, '', 0, -0.0, NULL, '"x"', 'infinity', NULL, '-infinity', false, NULL),
			(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
			(4, E'quote " comma, tab\t line\n end \\ é 日本', 1e40, 'NaN', NULL, '[]', NULL, NULL, NULL, NULL, '-3 mons'),
			(5, '\N', 'NaN', '-Infinity', NULL, '0', NULL, NULL, NULL, NULL, NULL)`)
		settle()
		want := db.rows("SELECT * FROM r ORDER BY id")
		for _, format := range []string{"csv", "csv, HEADER, NULL 'none'", "ndjson", "parquet", "text"} {
			db.must("COPY (SELECT * FROM r) TO '/out' (FORMAT " + format + ")")
			db.must("CREATE TABLE back " + columns)
			require.Equal(t, "COPY 5", db.must("COPY back FROM '/out' (FORMAT "+format+")").tag)
			require.Equal(t, want, db.rows("SELECT * FROM back ORDER BY id"), format)
			db.must("DROP TABLE back")
		}
	})
}

// A COPY TO that fails leaves no file, and one that succeeds replaces what was there.
func TestCopyTo(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE o (n int, s text)")
	db.must("INSERT INTO o VALUES (1, 'a'), (2, NULL), (0, 'c')")
	require.Equal(t, "COPY 3", db.must("COPY o (s, n) TO '/o.csv' (FORMAT csv, HEADER)").tag)
	require.Equal(t, "s,n\na,1\n,2\nc,0\n", db.read("/o.csv"))
	db.fails("22012", "COPY (SELECT 1 / n FROM o) TO '/o.csv' (FORMAT csv)")
	require.Equal(t, "s,n\na,1\n,2\nc,0\n", db.read("/o.csv"), "it failed, so the file is as it was")
	db.fails("22012", "COPY (SELECT 1 / n FROM o) TO '/new.csv' (FORMAT csv)")
	_, err := db.fs.Stat("/new.csv")
	require.ErrorIs(t, err, fs.ErrNotExist)
	db.fails("0A000", "COPY (DELETE FROM o RETURNING n) TO '/o.csv' (FORMAT csv)")
	require.Equal(t, "COPY 1", db.must("COPY (SELECT sum(n) AS total FROM o) TO '/o.csv' (FORMAT csv, HEADER)").tag)
	require.Equal(t, "total\n3\n", db.read("/o.csv"))
}

// The streams of a session are what STDIN and STDOUT mean.
func TestCopyStreams(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE s (n int PRIMARY KEY, t text)")
	var out bytes.Buffer
	db.session.In, db.session.Out = strings.NewReader("1,one\n2,\n"), &out
	require.Equal(t, "COPY 2", db.must("COPY s FROM STDIN (FORMAT csv)").tag)
	require.Equal(t, "COPY 2", db.must("COPY (SELECT * FROM s ORDER BY n DESC) TO STDOUT (FORMAT csv)").tag)
	require.Equal(t, "2,\n1,one\n", out.String())
	db.session.In = strings.NewReader("3,three\n1,again\n")
	require.Equal(t, "COPY s, line 2", db.fails("23505", "COPY s FROM STDIN (FORMAT csv)").Where)
	require.Equal(t, []string{"2"}, db.rows("SELECT count(*) FROM s"))
}

func TestCopyCompressed(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE z (n int)")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("1\n2\n3\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	db.write("/z.csv.gz", packed.String())
	require.Equal(t, "COPY 3", db.must("COPY z FROM '/z.csv.gz' (FORMAT csv)").tag)
}

// read gives a file's text.
func (db *database) read(path string) string {
	info, err := db.fs.Stat(path)
	require.NoError(db.t, err)
	f, err := db.fs.Open(path)
	require.NoError(db.t, err)
	defer f.Close()
	text := make([]byte, info.Size())
	_, err = f.ReadAt(text, 0)
	require.NoError(db.t, err)
	return string(text)
}

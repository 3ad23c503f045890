package exec_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// parquet writes a file with numbers from lo to hi, in row groups of 64, under the column names and types of the definition: integers hold the number, texts
// "n" and the number.
func (db *database) parquet(path string, lo, hi int, cols ...schemahistory.Column) {
	db.t.Helper()
	def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "x", Table: "y"}, SortColumn: -1, UserColumn: -1}
	b := &vec.Batch{N: hi - lo}
	for i, c := range cols {
		c.ID = int32(77 - i) // what the file says of IDs means nothing
		def.Columns = append(def.Columns, c)
		numbers, texts := make([]int64, b.N), make([]string, b.N)
		for j := range numbers {
			numbers[j], texts[j] = int64(lo+j), fmt.Sprint("n", lo+j)
		}
		if c.Type.Physical() == arrowschema.Strings {
			b.Cols = append(b.Cols, vec.NewFlat(c.Type, texts, nil))
		} else {
			b.Cols = append(b.Cols, vec.NewFlat(c.Type, numbers, nil))
		}
	}
	var out bytes.Buffer
	w, err := parquetio.NewWriter(&out, def, &parquetio.WriteOptions{RowGroupRows: 64})
	require.NoError(db.t, err)
	require.NoError(db.t, w.Write(b))
	_, err = w.Close()
	require.NoError(db.t, err)
	require.NoError(db.t, db.fs.MkdirAll(filepath.Dir(path)))
	db.write(path, out.String())
}

func column(name string, t arrowschema.Type) schemahistory.Column {
	return schemahistory.Column{Name: name, Type: t}
}

func TestReadParquet(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	id, name := column("id", arrowschema.Int4), column("name", arrowschema.Text)
	db.parquet("/in/a/1.parquet", 0, 300, id, name)
	db.parquet("/in/b/c/2.parquet", 300, 310, name, column("id", arrowschema.Int8), column("more", arrowschema.Date))
	db.parquet("/in/.hidden/3.parquet", 0, 1, id)
	for query, want := range map[string][]string{
		"SELECT count(*), sum(id), max(name) FROM read_parquet('/in/a/1.parquet')": {"300|44850|n99"},
		"SELECT name FROM read_parquet('/in/a/*.parquet') r WHERE r.id = 255":      {"n255"},
		"SELECT n FROM read_parquet('/in/a/[0-9].parquet') AS r(k, n) WHERE k < 2": {"n0", "n1"},
		"SELECT count(*), max(id), count(more), pg_typeof(max(id)) FROM read_parquet('/in/**/*.parquet', union_by_name => true)": {
			"310|309|10|bigint"},
		"SELECT id, filename FROM read_parquet(ARRAY['/in/a/1.parquet', '/in/b/c/2.parquet'], filename => true, union_by_name => true) " +
			"WHERE filename LIKE '%2.parquet' ORDER BY id LIMIT 1": {"300|/in/b/c/2.parquet"},
		"SELECT filename, count(*) FROM read_parquet('/in/a/1.parquet', '/in/b/**', filename => true, union_by_name => true) GROUP BY 1 ORDER BY 1": {
			"/in/a/1.parquet|300", "/in/b/c/2.parquet|10"},
		"SELECT a.id FROM read_parquet('/in/a/1.parquet') a JOIN read_parquet('/in/a/1.parquet') b ON a.id + 298 = b.id ORDER BY 1": {"0", "1"},
		"SELECT count(*) FROM read_parquet('/in/b/c/2.parquet') WHERE id IN (SELECT id FROM read_parquet('/in/a/1.parquet'))":       {"0"},
		"SELECT more FROM read_parquet('/in/b/c/2.parquet') WHERE id = 309":                                                         {"1970-11-06"},
	} {
		require.Equal(t, want, db.rows(query), query)
	}
	db.must("CREATE TABLE t (id bigint PRIMARY KEY, name text)")
	require.Equal(t, "INSERT 0 300", db.must("INSERT INTO t SELECT id, name FROM read_parquet($1)", vec.NewConst(arrowschema.Text, "/in/a/1.parquet", 1)).tag)
	require.Equal(t, []string{"300|44850"}, db.rows("SELECT count(*), sum(id) FROM t"))
	plan := strings.Join(db.rows("EXPLAIN ANALYZE SELECT name FROM read_parquet('/in/a/1.parquet') f WHERE id = 200"), "\n")
	require.Contains(t, plan, "Scan on read_parquet f")
	require.Contains(t, plan, "Parquet Files: /in/a/1.parquet")
	require.Regexp(t, `Row Groups: 1 read, 4 skipped|Row groups: 1 read, 4 skipped`, plan)
}

func TestReadParquetFails(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	id := column("id", arrowschema.Int4)
	db.parquet("/in/1.parquet", 0, 3, id, column("x", arrowschema.Text))
	db.parquet("/in/2.parquet", 0, 3, id)
	db.parquet("/in/3.parquet", 0, 3, id, column("x", arrowschema.Timestamp))
	db.write("/in/text.parquet", "This is not a Parquet file, by its looks.")
	for _, c := range []struct{ code, query, message string }{
		{"42703", "SELECT 1 FROM read_parquet('/in/[12].parquet')", `column "x" of file "/in/1.parquet" is missing from file "/in/2.parquet"`},
		{"42703", "SELECT 1 FROM read_parquet('/in/2.parquet', '/in/1.parquet')", `column "x" of file "/in/1.parquet" is missing from file "/in/2.parquet"`},
		{"42804", "SELECT 1 FROM read_parquet('/in/1.parquet', '/in/3.parquet')", `column "x" is of type text in file "/in/1.parquet" and of type ` +
			`timestamp without time zone in file "/in/3.parquet"`},
		{"58P01", "SELECT 1 FROM read_parquet('/in/none.parquet')", `could not open file "/in/none.parquet"`},
		{"58P01", "SELECT 1 FROM read_parquet('/in/none*')", `no files match the pattern "/in/none*"`},
		{"22023", "SELECT 1 FROM read_parquet('/in/[')", `invalid pattern "/in/["`},
		{"22P04", "SELECT 1 FROM read_parquet('/in/text.parquet')", `"/in/text.parquet" is not a Parquet file`},
		{"42809", "SELECT 1 FROM read_parquet('/in')", `"/in" is a directory`},
		{"0A000", "SELECT 1 FROM read_parquet('s3://bucket/x.parquet')", `reading "s3://bucket/x.parquet" is not supported`},
		{"22004", "SELECT 1 FROM read_parquet(NULL)", `the name of a file must not be null`},
		{"42883", "SELECT 1 FROM read_parquet()", `function read_parquet with these arguments does not exist`},
		{"42883", "SELECT 1 FROM read_parquet('/in/1.parquet', hive => true)", `function read_parquet has no argument named "hive"`},
		{"0A000", "SELECT 1 FROM read_csv('/in/1.csv')", `a function in FROM is not supported`},
		{"42703", "SELECT y FROM read_parquet('/in/1.parquet')", `column "y" does not exist`},
	} {
		require.Contains(t, db.fails(sqlstate.Code(c.code), c.query).Message, c.message, c.query)
	}
}

// A file that is written while it is read is an error, and so is one that was cut.
func TestReadParquetChanging(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	id := column("id", arrowschema.Int4)
	db.parquet("/in/1.parquet", 0, 6400, id)
	stmts, err := parser.Parse("SELECT id FROM read_parquet('/in/1.parquet')")
	require.NoError(t, err)
	res, err := db.session.Execute(context.Background(), stmts[0], nil)
	require.NoError(t, err)
	defer res.Close()
	_, err = res.Next()
	require.NoError(t, err)
	db.parquet("/in/1.parquet", 6400, 12000, id)
	for b := (*vec.Batch)(nil); err == nil; b, err = res.Next() {
		if b != nil {
			require.Less(t, b.Cols[0].Ints[0], int64(6400), "a row of the other file")
		}
	}
	require.Equal(t, sqlstate.IOError, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, `file "/in/1.parquet" changed while it was being read`)
}

// More files than stay open are read all the same, from the real file system; a nested column is refused when it is read, and not before.
func TestReadParquetManyFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := store.Open(context.Background(), filepath.Join(dir, "db"), &store.Options{FS: vfs.OS(), Durability: wal.Off})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	db := &database{t: t, fs: vfs.NewMem()}
	db.use(st, &exec.Options{Workers: 2})
	db.parquet("/f", 0, 10, column("id", arrowschema.Int8))
	file, err := db.fs.Open("/f")
	require.NoError(t, err)
	defer file.Close()
	info, err := file.Stat()
	require.NoError(t, err)
	text := make([]byte, info.Size())
	_, err = file.ReadAt(text, 0)
	require.NoError(t, err)
	for i := range 300 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%03d.parquet", i)), text, 0o600))
	}
	pattern := filepath.Join(dir, "f*.parquet")
	require.Equal(t, []string{"3000|13500"}, db.rows("SELECT count(*), sum(id) FROM read_parquet('"+pattern+"')"))
	require.Equal(t, []string{"10"}, db.rows("SELECT count(*) FROM read_parquet('"+pattern+"', filename => true) WHERE filename LIKE '%f123.parquet'"))
	nested, err := filepath.Abs("testdata/nested.parquet")
	require.NoError(t, err)
	require.Equal(t, []string{"1", "2"}, db.rows("SELECT id FROM read_parquet('"+nested+"') ORDER BY 1"))
	require.Equal(t, []string{"2"}, db.rows("SELECT count(*) FROM read_parquet('"+nested+"')"))
	require.Contains(t, db.fails("0A000", "SELECT * FROM read_parquet('"+nested+"')").Message, "cannot be read: it is a nested column")
}

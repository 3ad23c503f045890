package copyio

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// parquetFile makes a Parquet file of the text of values.
func parquetFile(t *testing.T, fsys vfs.FS, path, columns string, groupRows int, rows ...[]*string) {
	t.Helper()
	def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "t", Table: "t"}, Version: 1, SortColumn: -1, UserColumn: -1, Columns: columnsOf(t, columns)}
	for i := range def.Columns {
		def.Columns[i].ID, def.Columns[i].Dictionary = int32(i+1), true
	}
	require.NoError(t, vfs.MkdirAllSync(fsys, filepath.Dir(path)))
	f, err := fsys.Create(path)
	require.NoError(t, err)
	w, err := parquetio.NewWriter(f, def, &parquetio.WriteOptions{RowGroupRows: groupRows})
	require.NoError(t, err)
	require.NoError(t, w.Write(batchOf(t, def.Columns, rows, builtin.Registry())))
	_, err = w.Close()
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// values splits rows of cells at "|"; "∅" is NULL.
func values(rows ...string) [][]*string {
	var out [][]*string
	for _, r := range rows {
		var row []*string
		for _, cell := range strings.Split(r, "|") {
			if cell == "∅" {
				row = append(row, nil)
			} else {
				row = append(row, &cell)
			}
		}
		out = append(out, row)
	}
	return out
}

func openTest(t *testing.T, fsys vfs.FS, path, columns string, o *Options) (Reader, error) {
	t.Helper()
	return Open(fsys, path, o, columnsOf(t, columns), "t", builtin.Registry(), testContext())
}

// TestParquetConverts reads columns in other types than the file has.
func TestParquetConverts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ stored, target, values, want string }{
		{"a int4", "a int8", "1;∅;-5", "1;∅;-5"},
		{"a int8", "a int4", "1;∅;2147483647", "1;∅;2147483647"},
		{"a int8", "a numeric(6,2)", "1;∅;1234", "1.00;∅;1234.00"},
		{"a float8", "a numeric", "1.5;∅", "1.5;∅"},
		{"a numeric", "a int8", "1.5;∅;-2.5", "2;∅;-3"},
		{"a timestamptz", "a timestamp", "2025-10-21 14:30:22+00;∅", "2025-10-21 14:30:22;∅"},
		{"a timestamp", "a timestamptz", "2025-10-21 14:30:22;∅", "2025-10-21 14:30:22+00;∅"},
		{"a date", "a timestamp", "2025-10-21;∅", "2025-10-21 00:00:00;∅"},
		{"a timestamp", "a date", "2025-10-21 14:30:22;∅", "2025-10-21;∅"},
		{"a text", "a uuid", "00000000-0000-0000-0000-0000000000ab;∅", "00000000-0000-0000-0000-0000000000ab;∅"},
		{"a text", "a jsonb", `{"b":1,"a":[1, 2]};∅;[]`, `{"a": [1, 2], "b": 1};∅;[]`},
		{"a json", "a jsonb", `{"b":1,"a":[1, 2]};∅;[]`, `{"a": [1, 2], "b": 1};∅;[]`},
		{"a text", "a timestamp", "2025-10-21T14:30:22;∅;infinity", "2025-10-21 14:30:22;∅;infinity"},
		{"a text", "a int8", " 12 ;∅", "12;∅"},
		{"a text", "a varchar(3)", "abc;∅;ab   ", "abc;∅;ab "},
		{"a varchar", "a text", "abc;∅", "abc;∅"},
		{"a int4", "a text", "12;∅", "12;∅"},
		{"a uuid", "a text", "00000000-0000-0000-0000-0000000000ab;∅", "00000000-0000-0000-0000-0000000000ab;∅"},
		{"A int4", "a int4", "1", "1"},
		{"a interval", "a interval", "1 day 02:00:00;∅", "1 day 02:00:00;∅"},
	} {
		fsys := vfs.NewMem()
		parquetFile(t, fsys, "/d/f.parquet", c.stored, 0, values(strings.Split(c.values, ";")...)...)
		r, err := openTest(t, fsys, "/d/f.parquet", c.target, &Options{Format: Parquet})
		require.NoError(t, err, c)
		rows, err := readAll(r, 2)
		require.NoError(t, err, c)
		require.Equal(t, strings.Split(c.want, ";"), show(rows), c)
	}
}

func TestParquetErrors(t *testing.T) {
	t.Parallel()
	const file = "/d/f.parquet"
	for _, c := range []struct{ name, stored, values, target, code, message, where string }{
		{"missing", "a int4, b text", "1|x", "a int4, c text", "42703", `column "c" is missing from file "/d/f.parquet"`, ""},
		{"one too many", "a int4, b text", "1|x", "a int4", "42703", `column "b" of file "/d/f.parquet" does not exist in relation "t"`, ""},
		{"no conversion", "a bool", "t", "a int8", "42804", `column "a" is of type bigint but the file's column is of type boolean`, `COPY t, file "/d/f.parquet"`},
		{"no conversion to uuid", "a int8", "1", "a uuid", "42804", `column "a" is of type uuid but the file's column is of type bigint`, `COPY t, file "/d/f.parquet"`},
		{"value", "a text", "1;2;x", "a int8", "22P02", `invalid input syntax for type bigint: "…"`, `COPY t, file "/d/f.parquet", row 3, column a of type bigint`},
		{"range", "a int8", "1;99999999999", "a int4", "22003", "integer out of range", `COPY t, file "/d/f.parquet", row 2, column a of type integer`},
		{"length", "a text", "abc;abcd", "a varchar(3)", "22001", "value too long for type character varying(3)", `COPY t, file "/d/f.parquet", row 2, column a of type character varying(3)`},
		{"json", "a text", "{};{", "a jsonb", "22P02", "invalid input syntax for type json", `COPY t, file "/d/f.parquet", row 2, column a of type jsonb`},
		{"two of a name", "Aa int4, aA int4", "1|2", "aa int4", "42702", `column "aa" is in file "/d/f.parquet" as "Aa" and "aA"`, ""},
	} {
		fsys := vfs.NewMem()
		parquetFile(t, fsys, file, c.stored, 0, values(strings.Split(c.values, ";")...)...)
		r, err := openTest(t, fsys, file, c.target, &Options{Format: Parquet})
		if err == nil {
			_, err = readAll(r, 2)
		}
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, c.name)
		require.Equal(t, []string{c.code, c.message}, []string{string(e.Code), e.Message}, c.name)
		lines := strings.Split(e.Where, "\n")
		require.Equal(t, c.where, lines[len(lines)-1], c.name)
	}
}

func TestParquetListed(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	parquetFile(t, fsys, "/d/f.parquet", "a int4, b text, c text", 0, values("1|x|y")...)
	r, err := openTest(t, fsys, "/d/f.parquet", "c text, a int4", &Options{Format: Parquet, Listed: true})
	require.NoError(t, err)
	rows, err := readAll(r, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"y|1"}, show(rows))
}

// TestParquetPieces reads row groups as wholes and in pieces, in batches that fit nothing.
func TestParquetPieces(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 1000 {
		rows = append(rows, strings.Join([]string{string(rune('a' + i%7)), strings.Repeat("x", i%50), strings.Repeat("9", i%9+1)}, "|"))
		if i%11 == 0 {
			rows[i] = "∅|∅|∅"
		}
	}
	fsys := vfs.NewMem()
	parquetFile(t, fsys, "/d/f.parquet", "a text, b text, c int8", 192, values(rows...)...)
	for _, limit := range []int{0, 191, 1 << 20} {
		for _, n := range []int{1, 63, 64, 100, 5000} {
			r, err := openTest(t, fsys, "/d/f.parquet", "b text, a text, c int8", &Options{Format: Parquet})
			require.NoError(t, err)
			p := r.(*discreet).Reader.(*parquetReader)
			p.feed.close()
			p.feed = newFeed(p.file, p.cols, limit, p.memory)
			var want []string
			for _, row := range rows {
				cells := strings.Split(row, "|")
				want = append(want, strings.Join([]string{cells[1], cells[0], cells[2]}, "|"))
			}
			got, err := readAll(r, n)
			require.NoError(t, err)
			require.Equal(t, want, show(got), "limit %d, batches of %d", limit, n)
		}
	}
}

// TestParquetForeignPages reads a file of pyarrow whose columns have pages of different sizes.
func TestParquetForeignPages(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "pyarrow_pages.parquet")
	target := "i64 int8, s text, low text, b bool, req int8"
	read := func(limit, n int) []string {
		r, err := openTest(t, vfs.OS(), path, target, &Options{Format: Parquet})
		require.NoError(t, err)
		p := r.(*discreet).Reader.(*parquetReader)
		p.feed.close()
		p.feed = newFeed(p.file, p.cols, limit, p.memory)
		rows, err := readAll(r, n)
		require.NoError(t, err)
		return show(rows)
	}
	whole := read(1<<20, 1<<20)
	require.Greater(t, len(whole), 20)
	for _, n := range []int{1, 7, 64, 1000} {
		require.Equal(t, whole, read(0, n), "batches of %d", n)
	}
}

// TestParquetKeepsDictionaries checks that coded columns stay coded, and that conversions of them are of the dictionary.
func TestParquetKeepsDictionaries(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 500 {
		rows = append(rows, []string{"flush|[1,2]", "compact|{}", "∅|∅"}[i%3])
	}
	fsys := vfs.NewMem()
	parquetFile(t, fsys, "/d/f.parquet", "a text, j text", 0, values(rows...)...)
	r, err := openTest(t, fsys, "/d/f.parquet", "a text, j jsonb", &Options{Format: Parquet})
	require.NoError(t, err)
	defer r.Close()
	var dicts [2]*vec.Vec
	for {
		b, err := r.Read(context.Background(), 100)
		require.NoError(t, err)
		if b == nil {
			break
		}
		for i, c := range b.Cols {
			require.NotNil(t, c.Dict)
			require.LessOrEqual(t, c.Dict.N, 3)
			require.True(t, dicts[i] == nil || dicts[i] == c.Dict, "batches of a row group share the dictionary")
			dicts[i] = c.Dict
		}
		require.Equal(t, arrowschema.JSONB, b.Cols[1].Type)
	}
}

// TestParquetHostileText refuses bytes that are no text, also in a file that claims to be ours, of a dictionary or not.
func TestParquetHostileText(t *testing.T) {
	t.Parallel()
	for _, dictionary := range []bool{false, true} {
		fsys := vfs.NewMem()
		def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "t", Table: "t"}, Version: 1, SortColumn: -1, UserColumn: -1,
			Columns: []Column{{ID: 1, Name: "a", Type: arrowschema.Text, Dictionary: dictionary}, {ID: 2, Name: "j", Type: arrowschema.JSONB, Dictionary: dictionary}}}
		write := func(a, j string) error {
			f, err := fsys.Create("/f.parquet")
			require.NoError(t, err)
			w, err := parquetio.NewWriter(f, def, nil)
			require.NoError(t, err)
			require.NoError(t, w.Write(&vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewFlat(arrowschema.Text, []string{"ok", a}, nil), vec.NewFlat(arrowschema.JSONB, []string{"1", j}, nil)}}))
			_, err = w.Close()
			require.NoError(t, err)
			require.NoError(t, f.Close())
			r, err := openTest(t, fsys, "/f.parquet", "a text, j jsonb", &Options{Format: Parquet})
			require.NoError(t, err)
			rows, err := readAll(r, 0)
			if err == nil {
				require.Equal(t, []string{"ok|1", a + `|{"a": 1}`}, show(rows))
			}
			return err
		}
		require.NoError(t, write("x", `{"a":1}`), "jsonb is made canonical")
		for _, c := range []struct{ a, j, code string }{{"\xff", "{}", "22021"}, {"a\x00", "{}", "22021"}, {"x", "{", "22P02"}, {"x", "\"\xff\"", "22021"}} {
			require.Equal(t, c.code, string(sqlstate.CodeOf(write(c.a, c.j))), "%q %q", c.a, c.j)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "junk"), []byte("this is no Parquet file at all"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cut.gz"), []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 2}, 0o600))
	for _, c := range []struct {
		name, path string
		format     Format
		code       string
	}{
		{"no file", "none", CSV, "58P01"}, {"no Parquet file", "none", Parquet, "58P01"}, {"a directory", "", CSV, "42809"}, {"no Parquet", "junk", Parquet, "22P04"},
		{"damaged gzip", "cut.gz", CSV, "22P04"},
	} {
		r, err := openTest(t, vfs.OS(), filepath.Join(dir, c.path), "a text", &Options{Format: c.format})
		if err == nil {
			_, err = readAll(r, 0)
		}
		require.Equal(t, c.code, string(sqlstate.CodeOf(err)), "%s: %v", c.name, err)
	}
	_, err := NewReader(strings.NewReader(""), &Options{Format: Parquet}, columnsOf(t, "a text"), "t", builtin.Registry(), testContext())
	require.Equal(t, "0A000", string(sqlstate.CodeOf(err)))
}

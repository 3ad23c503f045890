package copyio

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/vfs"
)

// marker is what a file holds and no error of it may show.
const marker = "qzMARKERzq"

// fromFile reads data as a file.
func fromFile(t *testing.T, data []byte, o *Options, columns string) ([][]*string, error) {
	t.Helper()
	mem := vfs.NewMem()
	f, err := mem.Create("/f")
	require.NoError(t, err)
	_, err = f.Write(data)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	r, err := openTest(t, mem, "/f", columns, o)
	if err != nil {
		return nil, err
	}
	return readAll(r, 2)
}

// fromClient reads data as a client sends it.
func fromClient(t *testing.T, data []byte, o *Options, columns string) error {
	t.Helper()
	r, err := NewReader(bytes.NewReader(data), o, columnsOf(t, columns), "t", builtin.Registry(), testContext())
	require.NoError(t, err)
	_, err = readAll(r, 2)
	return err
}

// shownBy gives all that a program can be told of an error.
func shownBy(t *testing.T, err error) string {
	t.Helper()
	var e *sqlstate.Error
	require.ErrorAs(t, err, &e)
	return fmt.Sprintln(e.Message, e.Detail, e.Hint, e.Where, err.Error(), sqlstate.Report(err, ""), e.Cause)
}

// requireDiscreet requires of an error of a file that it names the file and shows nothing of it.
func requireDiscreet(t *testing.T, err error, msg string) {
	t.Helper()
	text := shownBy(t, err)
	require.NotContains(t, text, marker, msg)
	require.NotContains(t, text, "0x", "bytes: %s", msg)
	require.Regexp(t, `file "/f", (line|row) \d+`, text, msg)
}

// TestErrorsQuoteNoFile puts a marker at every place of the data that PostgreSQL was asked about. Read from a file, it is in no error, and without it the SQLSTATE is
// PostgreSQL's; a client that sends the same sees it.
func TestErrorsQuoteNoFile(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Columns, Options string
		Data             []byte
		Rows             [][]*string
		Error            *goldenError
	}
	golden(t, "read.json", &cases)
	refused, quoted := 0, 0
	for i, c := range cases {
		s := parseCopy(t, "COPY t FROM STDIN "+c.Options)
		o, err := ParseOptions(s.Options, true, "")
		require.NoError(t, err)
		rows, err := fromFile(t, c.Data, o, c.Columns)
		if c.Error == nil {
			require.NoError(t, err)
			require.Equal(t, c.Rows, rows)
		} else {
			require.Equal(t, c.Error.Code, string(sqlstate.CodeOf(err)), "case %d: %v", i, err)
		}
		for at := 0; at <= len(c.Data); at += 1 + len(c.Data)/24 {
			data := bytes.Join([][]byte{c.Data[:at], []byte(marker), c.Data[at:]}, nil)
			if _, err := fromFile(t, data, o, c.Columns); err != nil {
				refused++
				requireDiscreet(t, err, fmt.Sprintf("case %d: %s %s %q", i, c.Columns, c.Options, data))
			}
			if err := fromClient(t, data, o, c.Columns); err != nil && strings.Contains(shownBy(t, err), marker) {
				quoted++
			}
		}
	}
	require.Greater(t, refused, 1000)
	require.Greater(t, quoted, refused/2)
}

// TestErrorsQuoteNoDocument does so with lines of JSON, and with a log.
func TestErrorsQuoteNoDocument(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile(filepath.Join("swf", "testdata", "small.swf"))
	require.NoError(t, err)
	for _, c := range []struct {
		o             *Options
		columns, data string
	}{
		{&Options{Format: NDJSON}, "a int4, b varchar(3), j jsonb, at timestamp, u uuid",
			`{"a":1,"b":"x","j":{"k":[1,"\u00e4"]},"at":"2025-10-21","u":null}` + "\n" + `{"j":[true],"b":"\n","a":[{"x":1}]}` + "\n"},
		{&Options{Format: NDJSON, Listed: true}, "a text", `{"a":{"b":"` + marker + `"},"x":[1]}`},
		{&Options{Format: SWF}, "status text, memory_used int8, created_at timestamp", string(log)},
	} {
		refused := 0
		for at := 0; at <= len(c.data); at += 1 + len(c.data)/200 {
			if _, err := fromFile(t, []byte(c.data[:at]+marker+c.data[at:]), c.o, c.columns); err != nil {
				refused++
				requireDiscreet(t, err, c.data[:at])
			}
		}
		require.Greater(t, refused, 15)
	}
}

// TestErrorsQuoteNoParquet does so with values that are not of the column's type.
func TestErrorsQuoteNoParquet(t *testing.T) {
	t.Parallel()
	types := "int4 int8 numeric(6,2) float8 bool uuid json jsonb date timestamp timestamptz interval varchar(3)"
	for _, typ := range strings.Fields(types) {
		for _, value := range []string{marker, "1" + marker, `{"a":` + marker + `}`, `["` + marker + `", `, "2025-10-21 " + marker, "\xff" + marker} {
			fsys := vfs.NewMem()
			parquetFile(t, fsys, "/f", "a text", 0, values("∅", value)...)
			r, err := openTest(t, fsys, "/f", "a "+typ, &Options{Format: Parquet})
			require.NoError(t, err)
			_, err = readAll(r, 100)
			require.Error(t, err, typ)
			requireDiscreet(t, err, typ)
			require.Contains(t, shownBy(t, err), "row 2, column a of type ", typ)
		}
	}
}

// TestErrorsQuoteNoDamagedParquet flips each byte of a small file that has a marker in its values, their bounds and its dictionary, and cuts it there.
func TestErrorsQuoteNoDamagedParquet(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	parquetFile(t, mem, "/f", "a text, b text", 0, values(marker+"|"+marker, "1|∅", marker+"|x")...)
	f, err := mem.Open("/f")
	require.NoError(t, err)
	size, err := vfs.Size(f)
	require.NoError(t, err)
	data := make([]byte, size)
	_, err = f.ReadAt(data, 0)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.Contains(t, string(data), marker)
	refused := 0
	for at := 0; at < len(data); at += 3 {
		flipped := bytes.Clone(data)
		flipped[at] ^= 0x11
		for _, bad := range [][]byte{flipped, data[:at]} {
			if _, err := fromFile(t, bad, &Options{Format: Parquet, Listed: true}, "a int8, b varchar(3)"); err != nil {
				refused++
				require.NotContains(t, shownBy(t, err), marker, "byte %d", at)
			}
		}
	}
	require.Greater(t, refused, len(data)/3)
}

// TestRefusedInFile words errors that others find.
func TestRefusedInFile(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	f, err := mem.Create("/f")
	require.NoError(t, err)
	_, err = f.Write([]byte("1\n2\n"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	r, err := openTest(t, mem, "/f", "a int4", &Options{Format: Text, Delimiter: '\t', Null: `\N`})
	require.NoError(t, err)
	_, err = r.Read(t.Context(), 2)
	require.NoError(t, err)
	refused := func() *sqlstate.Error {
		return sqlstate.New(sqlstate.UniqueViolation, "duplicate key value violates unique constraint %q", sqlstate.SafeString("t_pkey")).
			WithDetail("Key (a)=(%s) already exists.", marker)
	}
	for at, where := range map[Place]string{r.Place(1): `COPY t, file "/f", line 2`, {}: `COPY t, file "/f"`, r.Place(2): `COPY t, file "/f"`} {
		var e *sqlstate.Error
		require.ErrorAs(t, r.Refused(refused(), at, ""), &e)
		require.Equal(t, []string{`duplicate key value violates unique constraint "t_pkey"`, "", unquotedHint, where}, []string{e.Message, e.Detail, e.Hint, e.Where})
	}
	full := sqlstate.New(sqlstate.DiskFull, "no space left")
	require.Equal(t, error(full), r.Refused(full, Place{}, ""))
	require.NoError(t, r.Close())
}

package copyio

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/vfs"
)

func TestFormatByName(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]Format{
		"": Text, "jobs": Text, "jobs.txt": Text, "a/jobs.csv": CSV, "jobs.CSV.gz": CSV, "jobs.csv.zst": CSV, "x.csv/jobs": Text, "jobs.parquet": Parquet,
		"jobs.ndjson": NDJSON, "jobs.jsonl.gz": NDJSON, "log.swf": SWF, "log.swf.gz": SWF, ".csv": CSV, "csv": Text,
	} {
		o, err := ParseOptions(nil, true, file)
		require.NoError(t, err)
		require.Equal(t, want, o.Format, file)
	}
	o, err := ParseOptions(parseCopy(t, "COPY t FROM 'x.csv' (FORMAT text)").Options, true, "x.csv")
	require.NoError(t, err)
	require.Equal(t, Text, o.Format, "what is said counts for more than the name")
}

// TestOtherFormatsOptions refuses what belongs to PostgreSQL's formats in the others.
func TestOtherFormatsOptions(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"COPY t FROM 'x' (FORMAT parquet, DELIMITER ',')":   "0A000 cannot specify DELIMITER in PARQUET mode at 34",
		"COPY t FROM 'x' (FORMAT ndjson, NULL 'x')":         "0A000 cannot specify NULL in NDJSON mode at 33",
		"COPY t FROM 'x' (HEADER, FORMAT swf)":              "0A000 cannot specify HEADER in SWF mode at 18",
		"COPY t FROM 'x.parquet' (FORCE_NULL (a))":          "0A000 cannot specify FORCE_NULL in PARQUET mode at 26",
		"COPY t TO 'x' (FORMAT swf)":                        "0A000 COPY TO in the format \"swf\" is not supported at 16",
		"COPY t TO 'x' (FORMAT binary)":                     "0A000 COPY format \"binary\" is not supported at 16",
		"COPY t FROM 'x' (FORMAT csv, ENCODING 'latin1')":   "0A000 COPY encoding \"latin1\" is not supported at 30",
		"COPY t FROM 'x' (FORMAT parquet, HEADER false)":    "",
		"COPY t FROM 'x' (FORMAT 'jsonl', ENCODING 'UTF8')": "",
	} {
		c := parseCopy(t, sql)
		_, err := ParseOptions(c.Options, c.From, c.File)
		if want == "" {
			require.NoError(t, err, sql)
			continue
		}
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, sql)
		require.Equal(t, want, fmt.Sprintf("%s %s at %d", e.Code, e.Message, e.Position), sql)
	}
}

// TestSWF reads a log through COPY, in the columns of the statement.
func TestSWF(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile(filepath.Join("swf", "testdata", "small.swf"))
	require.NoError(t, err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(log)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	mem := vfs.NewMem()
	require.NoError(t, vfs.AtomicWrite(mem, "log.swf.gz", func(w io.Writer) error { _, err := w.Write(packed.Bytes()); return err }))
	open := func(columns string) (Reader, error) {
		return Open(mem, "log.swf.gz", &Options{Format: SWF}, columnsOf(t, columns), "jobs", builtin.Registry(), testContext())
	}
	r, err := open("trace text, memory_used int8, status text, parameters jsonb, completed_at timestamp")
	require.NoError(t, err)
	rows, err := readAll(r, 3)
	require.NoError(t, err)
	require.Len(t, rows, 8)
	require.Equal(t, []string{"cluster one:0:1|8388608|completed|[1, 2, 3, 0, 4]|2005-11-20 00:01:15", "gpu:a:1:2|∅|completed|[4, null, null, 1, 1]|2005-11-20 00:00:10"}, show(rows)[:2])
	r, err = open("status text")
	require.NoError(t, err)
	_, err = r.Read(context.Background(), 1)
	require.NoError(t, err)
	require.Equal(t, `COPY jobs, file "log.swf.gz", line 14`, whereOf(t, r, 0))
	require.NoError(t, r.Close())
	_, err = open("status text, user_id text")
	require.Equal(t, "42703", string(sqlstate.CodeOf(err)))
	_, err = open("status text, memory_used text")
	require.Equal(t, "42804", string(sqlstate.CodeOf(err)))
}

// TestLongRecord grows the buffer for long records, and refuses longer ones than the limit.
func TestLongRecord(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 700_000)
	for _, o := range []*Options{{Format: CSV}, nil, {Format: NDJSON}} {
		line := long + "\n"
		if o != nil && o.Format == NDJSON {
			line = `{"a":"` + long + "\"}\n"
		}
		read := func(data string, limit int) ([][]*string, error) {
			r, err := NewReader(strings.NewReader(data), o, columnsOf(t, "a text"), "t", builtin.Registry(), testContext())
			require.NoError(t, err)
			switch r := r.(type) {
			case *lineReader:
				r.rec.max = limit
			case *jsonReader:
				r.rec.max = limit
			}
			return readAll(r, 0)
		}
		rows, err := read(line+line, maxRecord)
		require.NoError(t, err)
		require.Equal(t, long, *rows[1][0])
		_, err = read(line, 1<<20-1)
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, []string{"54000", "COPY t, line 1"}, []string{string(e.Code), e.Where})
		_, err = read(strings.Repeat("\xfe", 3<<20), maxRecord)
		require.Equal(t, "22021", string(sqlstate.CodeOf(err)), "what is no text is not collected to the end")
	}
}

// TestBatchBytes ends batches of long values early.
func TestBatchBytes(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("x", 9<<20) + "\n"
	r, err := NewReader(strings.NewReader(strings.Repeat(line, 5)), nil, columnsOf(t, "a text"), "t", builtin.Registry(), testContext())
	require.NoError(t, err)
	b, err := r.Read(context.Background(), 100)
	require.NoError(t, err)
	require.Equal(t, 4, b.N)
}

// TestBatchesAreIndependent keeps a batch while the following are read.
func TestBatchesAreIndependent(t *testing.T) {
	t.Parallel()
	data := map[Format]string{CSV: "a,1\nb,2\nc,3\n", Text: "a\t1\nb\t2\nc\t3\n", NDJSON: `{"a":"a","b":1}` + "\n" + `{"a":"b","b":2}` + "\n" + `{"a":"c","b":3}`}
	for f, text := range data {
		r, err := NewReader(strings.NewReader(text), &Options{Format: f}, columnsOf(t, "a text, b int8"), "t", builtin.Registry(), testContext())
		require.NoError(t, err)
		first, err := r.Read(context.Background(), 1)
		require.NoError(t, err)
		_, err = r.Read(context.Background(), 1)
		require.NoError(t, err)
		_, err = r.Read(context.Background(), 1)
		require.NoError(t, err)
		require.Equal(t, []string{"a|1"}, show(textOf(nil, first)), f)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	parquetFile(t, mem, "/f.parquet", "a text", 0, values("x")...)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for f, data := range map[Format]string{CSV: "x\n", Text: "x\n", NDJSON: "{}\n", Parquet: "", SWF: ""} {
		var r Reader
		var err error
		cols := []Column{{Name: "status", Type: arrowschema.Text}}
		if f == Parquet {
			r, err = Open(mem, "/f.parquet", &Options{Format: f}, columnsOf(t, "a text"), "t", builtin.Registry(), testContext())
		} else {
			r, err = NewReader(strings.NewReader(data), &Options{Format: f}, cols, "t", builtin.Registry(), testContext())
		}
		require.NoError(t, err)
		_, err = r.Read(ctx, 0)
		require.ErrorIs(t, err, context.Canceled, f)
		require.NoError(t, r.Close())
	}
}

// TestReadErrorsAreTold passes on the errors of what is read from, in place of the end.
func TestReadErrorsAreTold(t *testing.T) {
	t.Parallel()
	for _, f := range []Format{CSV, Text, NDJSON, SWF} {
		in := io.MultiReader(strings.NewReader("{\"status\":"), brokenReader{})
		r, err := NewReader(in, &Options{Format: f}, []Column{{Name: "status", Type: arrowschema.Text}}, "t", builtin.Registry(), testContext())
		require.NoError(t, err)
		_, err = readAll(r, 0)
		require.ErrorIs(t, err, io.ErrClosedPipe, f)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

package copyio

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/vfs"
)

func oneColumn(values ...string) ([]Column, *vec.Batch) {
	return []Column{{Name: "a", Type: arrowschema.Text}}, &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Text, values, nil)}}
}

// files lists a directory of a file system.
func files(t *testing.T, fsys vfs.FS, dir string) []string {
	t.Helper()
	entries, err := fsys.ReadDir(dir)
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestCreateIsAtomic makes every call on the file system fail in turn: there is the old file or the new one, and nothing else.
func TestCreateIsAtomic(t *testing.T) {
	t.Parallel()
	for _, format := range []Format{CSV, NDJSON, Parquet} {
		failures := 0
		for n := uint64(1); ; n++ {
			mem := vfs.NewMem()
			require.NoError(t, vfs.MkdirAllSync(mem, "/d"))
			require.NoError(t, vfs.AtomicWrite(mem, "/d/f", func(w io.Writer) error { _, err := w.Write([]byte("old")); return err }))
			broken := errors.New("broken")
			seen := uint64(0)
			fsys := vfs.WithFaults(mem, func(op vfs.Op) error {
				if seen++; seen == n {
					return broken
				}
				return nil
			})
			err := writeOld(fsys, "/d/f", &Options{Format: format})
			content, rerr := vfs.ReadFile(mem, "/d/f", 1<<20)
			require.NoError(t, rerr)
			if err == nil && seen < n {
				require.NotEqual(t, "old", string(content))
				require.Equal(t, []string{"f"}, files(t, mem, "/d"))
				break
			}
			if err != nil {
				failures++
				require.NotEmpty(t, sqlstate.CodeOf(err))
				require.ErrorIs(t, err, broken)
				if !strings.Contains(err.Error(), "directory") { // all but the sync of the directory, after which the new file is there
					require.Equal(t, "old", string(content), "call %d", n)
				}
			}
		}
		require.GreaterOrEqual(t, failures, 5, format)
	}
}

// writeOld writes a file as COPY TO does.
func writeOld(fsys vfs.FS, path string, o *Options) error {
	cols, b := oneColumn("x", strings.Repeat("y", 400_000))
	w, err := Create(fsys, path, o, cols, time.UTC)
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.Write(b); err != nil {
		return err
	}
	return w.Close()
}

func TestAbort(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/d/f.csv", "/d/f.csv.gz", "/d/f.csv.zst", "/d/f.parquet"} {
		mem := vfs.NewMem()
		require.NoError(t, vfs.MkdirAllSync(mem, "/d"))
		o, err := ParseOptions(nil, false, path)
		require.NoError(t, err)
		cols, b := oneColumn("x")
		w, err := Create(mem, path, o, cols, time.UTC)
		require.NoError(t, err)
		require.NoError(t, w.Write(b))
		require.Equal(t, []string{filepath.Base(path) + vfs.TempSuffix}, files(t, mem, "/d"))
		w.Abort()
		w.Abort()
		require.Empty(t, files(t, mem, "/d"))
	}
}

func TestCreateErrors(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	require.NoError(t, vfs.MkdirAllSync(mem, "/d"))
	full := vfs.WithFaults(mem, func(op vfs.Op) error {
		if op.Kind == vfs.OpWrite {
			return &fs.PathError{Op: "write", Path: op.Path, Err: syscall.ENOSPC}
		}
		return nil
	})
	for _, c := range []struct {
		fs         vfs.FS
		path, code string
	}{{mem, "/none/f", "58P01"}, {mem, "/d", "42809"}, {full, "/d/f", "53100"}} {
		require.Equal(t, c.code, string(sqlstate.CodeOf(writeOld(c.fs, c.path, nil))), c.path)
	}
	cols, _ := oneColumn()
	_, err := Create(mem, "/d/f", &Options{Format: Parquet}, append(cols, cols...), time.UTC)
	require.Equal(t, "42701", string(sqlstate.CodeOf(err)))
	_, err = Create(mem, "/d/f", &Options{Format: CSV, ForceQuote: []string{"b"}}, cols, time.UTC)
	require.Equal(t, "42P10", string(sqlstate.CodeOf(err)))
	_, err = Create(mem, "/d/f", &Options{Format: SWF}, cols, time.UTC)
	require.Equal(t, "0A000", string(sqlstate.CodeOf(err)))
	require.Empty(t, files(t, mem, "/d"))
}

// TestRoundTrip writes random rows in every format, plain and compressed, and reads the same.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	const columns = "a int8, b text, c text, n numeric, f float8, u uuid, j jsonb, ts timestamp, tz timestamptz, ok bool, d date, iv interval"
	cols, reg := columnsOf(t, columns), builtin.Registry()
	word := rapid.OneOf(rapid.SampledFrom([]string{"", "NULL", `\N`, `\.`, `"`, `""`, ",", "\n", "\r\n", "\t", "\\", "a\\", "é€𝄞", "null", " "}), rapid.StringN(0, 6, 30))
	rapid.Check(t, func(rt *rapid.T) {
		b := randomBatch(rt, word, reg)
		want := show(textOf(nil, b))
		for _, name := range []string{"f.csv", "f.txt", "f.ndjson", "f.parquet", "f.csv.gz", "f.ndjson.zst", "f.tsv.zst"} {
			o, err := ParseOptions(nil, true, name)
			require.NoError(rt, err)
			if o.Format == CSV {
				o.Header = rapid.SampledFrom([]Header{HeaderOff, HeaderOn, HeaderMatch}).Draw(rt, "header")
			}
			mem := vfs.NewMem()
			w, err := Create(mem, name, o, cols, time.UTC)
			require.NoError(rt, err)
			require.NoError(rt, w.Write(b))
			require.NoError(rt, w.Close())
			r, err := Open(mem, name, o, cols, "t", reg, testContext())
			require.NoError(rt, err, name)
			rows, err := readAll(r, rapid.IntRange(1, 10).Draw(rt, "batch"))
			require.NoError(rt, err, name)
			require.Equal(rt, want, show(rows), name)
		}
	})
}

// randomBatch draws rows of the columns of TestRoundTrip.
func randomBatch(rt *rapid.T, word *rapid.Generator[string], reg *exprs.Registry) *vec.Batch {
	n := rapid.IntRange(0, 8).Draw(rt, "rows")
	text := func(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "") }
	build := func(t arrowschema.Type, add func(b *vec.Builder)) *vec.Vec {
		b := vec.NewBuilder(t, n)
		for range n {
			if rapid.IntRange(0, 4).Draw(rt, "null") == 0 {
				b.AppendNull()
			} else {
				add(b)
			}
		}
		return b.Vec()
	}
	ints := func(t arrowschema.Type, lo, hi int64) *vec.Vec {
		return build(t, func(b *vec.Builder) { b.AppendInt(rapid.Int64Range(lo, hi).Draw(rt, "int")) })
	}
	texts := func() *vec.Vec {
		return build(arrowschema.Text, func(b *vec.Builder) { b.AppendString(text(word.Draw(rt, "text"))) })
	}
	of := func(t arrowschema.Type, values ...string) *vec.Vec {
		v := build(arrowschema.Text, func(b *vec.Builder) { b.AppendString(rapid.SampledFrom(values).Draw(rt, "value")) })
		conv, err := newConverter(&Column{Name: "x", Type: t}, arrowschema.Text, reg, testContext())
		require.NoError(rt, err)
		out, err := conv.run(v)
		require.NoError(rt, err)
		return out
	}
	return &vec.Batch{N: n, Cols: []*vec.Vec{
		ints(arrowschema.Int8, -1<<63, 1<<63-1), texts(), texts(), of(arrowschema.Numeric, "0", "1.50", "-0.001", "NaN", "12345678901234567890.5", "Infinity"),
		of(arrowschema.Float8, "0.1", "-1e300", "NaN", "-Infinity", "5e-324"), of(arrowschema.UUID, "00000000-0000-0000-0000-0000000000ff", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
		of(arrowschema.JSONB, `{"a": "\"\\\n"}`, `[]`, `"x"`, `[null, 1.0]`, `{"bb": {}, "a": "é"}`),
		ints(arrowschema.Timestamp, -62_000_000_000_000_000, 250_000_000_000_000_000), ints(arrowschema.TimestampTZ, -62_000_000_000_000_000, 250_000_000_000_000_000),
		of(arrowschema.Bool, "t", "f"), ints(arrowschema.Date, -700_000, 2_000_000), of(arrowschema.Interval, "1 day", "-3 mons 02:00:00.5", "00:00:00"),
	}}
}

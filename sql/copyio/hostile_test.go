package copyio

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio/badfiles"
	"github.com/stoadb/stoa/vfs"
)

// packed gives text as a frame of Zstandard.
func packed(t testing.TB, text string) []byte {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll([]byte(text), nil)
}

// TestTextBombs reads small files that come to a gigabyte of text.
func TestTextBombs(t *testing.T) { // not parallel: memory is watched
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	var zeros bytes.Buffer
	z := gzip.NewWriter(&zeros)
	_, err := z.Write(make([]byte, 1<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for _, c := range []struct {
		name    string
		data    []byte
		format  Format
		columns string
		code    sqlstate.Code
	}{
		{"a line", gigabyte('x'), Text, "a text", sqlstate.ProgramLimitExceeded},
		{"a csv line", gigabyte('x'), CSV, "a text", sqlstate.ProgramLimitExceeded},
		{"delimiters", gigabyte(','), CSV, "a text", sqlstate.ProgramLimitExceeded},
		{"quotes", gigabyte('"'), CSV, "a text", sqlstate.ProgramLimitExceeded},
		{"an open quote", append(packed(t, `1,"`), gigabyte('x')...), CSV, "a int, b text", sqlstate.ProgramLimitExceeded},
		{"lines in an open quote", append(packed(t, `1,"`), gigabyte('\n')...), CSV, "a int, b text", sqlstate.ProgramLimitExceeded},
		{"empty lines", gigabyte('\n'), Text, "a text", sqlstate.ProgramLimitExceeded},
		{"digits", gigabyte('9'), Text, "a numeric", sqlstate.ProgramLimitExceeded},
		{"a json line", gigabyte('['), NDJSON, "a jsonb", sqlstate.ProgramLimitExceeded},
		{"a json string", append(packed(t, `{"a":"`), gigabyte('x')...), NDJSON, "a text", sqlstate.ProgramLimitExceeded},
		{"zero bytes", gigabyte(0), CSV, "a text", sqlstate.CharacterNotInRepertoire},
		{"zero bytes by gzip", zeros.Bytes(), Text, "a text", sqlstate.CharacterNotInRepertoire},
		{"long numbers", []byte(strings.Repeat("1e131071\n", 20_000)), Text, "a numeric", sqlstate.ProgramLimitExceeded},
		{"long numbers in json", []byte(strings.Repeat("[1e131071]\n", 20_000)), Text, "a jsonb", sqlstate.ProgramLimitExceeded},
		{"a damaged frame", append(packed(t, "1\n"), gigabyte('x')[:100]...), Text, "a text", sqlstate.BadCopyFileFormat},
	} {
		path := filepath.Join(t.TempDir(), "bomb")
		require.NoError(t, os.WriteFile(path, c.data, 0o600))
		var err error
		peak := badfiles.Watch(func() { err = copyText(t, path, &Options{Format: c.format}, c.columns) })
		require.Equal(t, c.code, sqlstate.CodeOf(err), "%s: %v", c.name, err)
		require.LessOrEqual(t, peak, badfiles.Limit(len(c.data)), c.name)
	}
}

// gigabyte gives 2^30 times a byte as frames that each fit the window of a decoder.
func gigabyte(what byte) []byte { return bytes.Repeat(badfiles.Zstd(64<<20, what), 16) }

// copyText reads a file to its end and holds on to the rows.
func copyText(t *testing.T, path string, o *Options, columns string) error {
	r, err := Open(vfs.OS(), path, o, columnsOf(t, columns), "t", builtin.Registry(), testContext())
	if err != nil {
		return err
	}
	defer r.Close()
	var kept []*vec.Batch
	defer func() { runtime.KeepAlive(kept) }()
	for {
		b, err := r.Read(t.Context(), 0)
		if err != nil || b == nil {
			return err
		}
		kept = append(kept, b)
	}
}

// TestPackedFilesWithinReason reads compressed text of a usual ratio.
func TestPackedFilesWithinReason(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&text, "%d,completed,node-%d:flush-actor-3:thread-42,%d\n", i, i%4, i*1000)
	}
	path := filepath.Join(t.TempDir(), "rows.csv.zst")
	require.NoError(t, os.WriteFile(path, packed(t, text.String()), 0o600))
	require.NoError(t, copyText(t, path, &Options{Format: CSV}, "a int, b text, c text, d int8"))
}

// TestOtherColumnsCount reads rows that take nothing but memory in the columns of the table that the statement does not name.
func TestOtherColumnsCount(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rows.zst")
	require.NoError(t, os.WriteFile(path, packed(t, strings.Repeat("x\n", 300_000)), 0o644))
	require.NoError(t, copyText(t, path, &Options{Format: Text}, "a text"))
	others := make([]Column, 60)
	for i := range others {
		others[i].Type = arrowschema.Int8
	}
	err := copyText(t, path, &Options{Format: Text, Others: others}, "a text")
	require.Equal(t, sqlstate.ProgramLimitExceeded, sqlstate.CodeOf(err), "%v", err)
}

// TestParquetRefusalHelps says what else can be done with a sound file whose rows take more than its size justifies.
func TestParquetRefusalHelps(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "it's.parquet")
	one := "1"
	parquetFile(t, vfs.OS(), path, "a int8", 1000, slices.Repeat([][]*string{{&one}}, 30_000)...)
	others := make([]Column, 600)
	for i := range others {
		others[i].Type = arrowschema.Int8
	}
	require.NoError(t, copyText(t, path, &Options{Format: Parquet}, "a int8"))
	err := copyText(t, path, &Options{Format: Parquet, Others: others}, "a int8")
	var e *sqlstate.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, sqlstate.ProgramLimitExceeded, e.Code)
	require.Contains(t, e.Hint, "INSERT INTO t SELECT … FROM read_parquet('")
	require.Contains(t, e.Hint, "it''s.parquet'")
}

// TestMalformedText says what is wrong, and where.
func TestMalformedText(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 200_000)
	for _, c := range []struct {
		name, data string
		format     Format
		columns    string
		code, line string
	}{
		{"zero byte", "1\n2\x00\n", Text, "a text", "22021", "line 2"},
		{"no UTF-8", "1\n\xff\xfe\n", CSV, "a text", "22021", "line 2"},
		{"UTF-16", "\xff\xfe1\x00\n\x00", CSV, "a int", "22021", "line 1"},
		{"byte order mark", "\xef\xbb\xbf1\n", CSV, "a int", "22P02", "line 1"},
		{"an open quote", "1,x\n2,\"x\n", CSV, "a int, b text", "22P04", "line 3"},
		{"missing data", "1,2\n1\n", CSV, "a int, b int", "22P04", "line 2"},
		{"extra data", "1,2\n1,2,3\n", CSV, "a int, b int", "22P04", "line 2"},
		{"line ends of two kinds", "1\r\n2\n", CSV, "a int", "22P04", "line 2"},
		{"a bare carriage return", "1\n2\r3\n", CSV, "a int", "22P04", "line 2"},
		{"a number too large", "1\n99999999999999999999\n", Text, "a int8", "22003", "line 2"},
		{"a number of a million digits", strings.Repeat("9", 1_000_000) + "\n", Text, "a numeric", "22003", "line 1"},
		{"an exponent too large", "1e999999999\n", Text, "a numeric", "22003", "line 1"},
		{"no JSON", "{\"a\":1}\n{\"a\":\n", NDJSON, "a int", "22P02", "line 2"},
		{"no object", "{\"a\":1}\n[1]\n", NDJSON, "a int", "22P04", "line 2"},
		{"deep JSON", "{\"a\":" + deep + "}\n", NDJSON, "a jsonb", "", "line 1"},
		{"deep JSON in text", "1\n" + deep + "\n", Text, "a jsonb", "", "line 2"},
		{"half a surrogate", "{\"a\":\"\\ud800\"}\n", NDJSON, "a text", "22P02", "line 1"},
		{"another column", "{\"a\":1}\n{\"b\":1}\n", NDJSON, "a int", "42703", "line 2"},
		{"half a gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03KL", Text, "a text", "22P04", ""},
		{"half a zstd", "\x28\xb5\x2f\xfd\x20", Text, "a text", "22P04", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "in")
			require.NoError(t, os.WriteFile(path, []byte(c.data), 0o600))
			err := copyText(t, path, &Options{Format: c.format}, c.columns)
			var e *sqlstate.Error
			require.ErrorAs(t, err, &e)
			if c.code != "" {
				require.Equal(t, c.code, string(e.Code), "%v", err)
			}
			require.Contains(t, e.Where, c.line, "%v", err)
			require.Less(t, len(e.Message)+len(e.Where)+len(e.Detail), 2000)
		})
	}
}

// TestOddFiles opens what is no regular file, or none at all.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, format := range []Format{Text, CSV, NDJSON, Parquet, SWF} {
		for path, code := range map[string]sqlstate.Code{dir: sqlstate.WrongObjectType, filepath.Join(dir, "none"): sqlstate.UndefinedFile} {
			r, err := Open(vfs.OS(), path, &Options{Format: format}, jobsColumns(), "jobs", builtin.Registry(), testContext())
			if err == nil { // a directory may be opened, and fail when it is read
				_, err = r.Read(context.Background(), 0)
				r.Close()
			}
			require.Equal(t, code, sqlstate.CodeOf(err), "%v: %v", format, err)
		}
	}
}

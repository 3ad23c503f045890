package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// What psql prints for results is compared in cmd/stoa; here is what a query cannot show.

func TestLayout(t *testing.T) {
	t.Parallel()
	require.Equal(t, []line{{"abc", 3}}, layout("abc"))
	require.Equal(t, []line{{"", 0}}, layout(""))
	require.Equal(t, []line{{"a", 1}, {"", 0}}, layout("a\n"))
	require.Equal(t, []line{{"ab      c", 9}}, layout("ab\tc"))
	require.Equal(t, []line{{`\x1B[31m\r\u009B`, 16}}, layout("\x1b[31m\r\u009b"))
	require.Equal(t, []line{{"日本", 4}}, layout("日本"))
	require.Equal(t, []line{{`\xFFx`, 5}}, layout("\xffx"), "broken UTF-8 can come from a file's name")
	require.Equal(t, `a\nb\x00`, Escape("a\nb\x00"))
}

// TestPieces prints more rows than are laid out at once: the rows of a later piece may be wider.
func TestPieces(t *testing.T) {
	t.Parallel()
	cols := []plan.Column{{Name: "n", Type: arrowschema.Int8}}
	for _, f := range []Format{Table, Records} {
		var out bytes.Buffer
		w, err := New(&out, f, cols, nil)
		require.NoError(t, err)
		values := make([]int64, pieceRows+1)
		values[pieceRows] = 123456789012345678
		require.NoError(t, w.Write(&vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil)}}))
		require.NoError(t, w.Close())
		text := out.String()
		if f == Table {
			require.True(t, strings.HasPrefix(text, " n \n---\n 0\n"), text[:20])
			require.True(t, strings.HasSuffix(text, "\n 0\n 123456789012345678\n(65537 rows)\n\n"), text[len(text)-60:])
			require.Equal(t, pieceRows+1+4, strings.Count(text, "\n"))
		} else {
			require.Contains(t, text, "-[ RECORD 65537 ]")
			require.True(t, strings.HasSuffix(text, "\nn | 123456789012345678\n\n"), text[len(text)-60:])
		}
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Strings(&out, "A list", []Heading{{Name: "Name"}, {Name: "Size", Right: true}}, [][]string{{"one", "1"}, {"evil\x1b[2J", "12345"}}))
	require.Equal(t, "       A list\n    Name     | Size  \n-------------+-------\n one         |     1\n evil\\x1B[2J | 12345\n", out.String())
}

func TestSummary(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	rows := [][]string{{strings.Repeat("long ", 20), "1", "日本語\n\x1b[31m"}, {"", "22", ""}}
	require.NoError(t, Summary(&out, []Heading{{Name: "text"}, {Name: "n", Right: true}, {Name: "other"}}, rows, 60))
	for _, l := range strings.Split(out.String(), "\n") {
		require.LessOrEqual(t, layout(l)[0].width, 60, l)
	}
	require.Contains(t, out.String(), "…")
	require.Contains(t, out.String(), `日本語\n\x1B[31m`)
	require.NotContains(t, out.String(), "\x1b")
	require.Equal(t, 4, strings.Count(out.String(), "\n"), out.String())
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -123: "-123"} {
		require.Equal(t, want, Count(n))
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 15_300_000: "15.3 MB", 999_949: "999.9 kB", 999_960: "1.0 MB", 5_200_000_000: "5.2 GB"} {
		require.Equal(t, want, Bytes(n))
	}
}

func BenchmarkCSV(b *testing.B) {
	values, texts := make([]int64, 2048), make([]string, 2048)
	for i := range values {
		values[i], texts[i] = int64(i)*1_000_003, `["chat", "messages", "user"]`
	}
	batch := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil), vec.NewFlat(arrowschema.JSONB, texts, nil)}}
	cols := []plan.Column{{Name: "n", Type: arrowschema.Int8}, {Name: "t", Type: arrowschema.JSONB}}
	b.SetBytes(int64(len(values)) * 40)
	b.ReportAllocs()
	for b.Loop() {
		w, err := New(&bytes.Buffer{}, CSV, cols, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := w.Write(batch); err != nil {
			b.Fatal(err)
		}
	}
}

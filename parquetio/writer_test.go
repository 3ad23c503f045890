package parquetio

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// allTypes is a table with a column of every type, each nullable but the first two.
func allTypes() *schemahistory.TableDefinition {
	d := &schemahistory.TableDefinition{
		ID: 7, Name: schemahistory.Name{Namespace: "test", Table: "all"}, Version: 3, SortColumn: 1, UserColumn: -1,
		Keys: []schemahistory.Key{{Name: "all_pkey", Columns: []int{0}, Primary: true}},
	}
	add := func(name string, t arrowschema.Type, notNull, dict bool) {
		d.Columns = append(d.Columns, schemahistory.Column{ID: int32(len(d.Columns) + 1), Name: name, Type: t, NotNull: notNull, Dictionary: dict})
	}
	add("id", arrowschema.UUID, true, false)
	add("at", arrowschema.Timestamp, true, false)
	for _, t := range []arrowschema.Type{
		arrowschema.Bool, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8,
		arrowschema.Varchar, arrowschema.Text, arrowschema.UUID, arrowschema.JSON, arrowschema.JSONB, arrowschema.Date, arrowschema.Time,
		arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval,
	} {
		add("c_"+t.Name(), t, false, false)
		if t.Physical() == arrowschema.Strings || t == arrowschema.Numeric || t == arrowschema.Interval {
			add("d_"+t.Name(), t, false, true)
		}
	}
	return d
}

// allRows gives rows [lo, lo+n) of a table of allTypes. Every third value of a nullable column is NULL, or, with nulls "all", each.
func allRows(d *schemahistory.TableDefinition, lo, n int, distinct int, nulls func(row, col int) bool) *vec.Batch {
	b := &vec.Batch{N: n}
	for c, col := range d.Columns {
		v := vec.New(col.Type, n)
		for i := range n {
			row := lo + i
			k := row % distinct
			setValue(v, i, row, k, col.Dictionary)
			if c == 1 {
				v.Ints[i] = int64(row) * 1000
			}
			if !col.NotNull && nulls(row, c) {
				v.SetNull(i)
			}
		}
		b.Cols = append(b.Cols, v)
	}
	return b
}

var edgeStrings = []string{"", "a", "naïve", "日本語", "\U0001f600", "quote\"'", "new\nline", strings.Repeat("x", 300), strings.Repeat("é", 200)}

func setValue(v *vec.Vec, i, row, k int, dict bool) {
	edgeInts := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1 << 62, -(1 << 40)}
	switch v.Type {
	case arrowschema.Bool:
		v.Bools[i] = row%5 < 2
	case arrowschema.Int2:
		v.Ints[i] = int64(int16(row * 7919))
	case arrowschema.Int4:
		v.Ints[i] = int64(int32(row * 2654435761))
	case arrowschema.Int8:
		v.Ints[i] = int64(row*row) - 1000
		if row%11 == 0 {
			v.Ints[i] = edgeInts[row/11%len(edgeInts)]
		}
	case arrowschema.Numeric:
		v.Decs[i] = decimal.New(int64(k*37), k%7)
		if k%13 == 0 {
			v.Decs[i] = decimal.NaN()
		}
	case arrowschema.Float4:
		v.Floats[i] = float64(float32(row) * 0.25)
	case arrowschema.Float8:
		v.Floats[i] = math.Sqrt(float64(row)) * float64(1-2*(row%2))
	case arrowschema.Varchar, arrowschema.Text, arrowschema.JSON, arrowschema.JSONB:
		v.Strs[i] = fmt.Sprintf("value %d", k)
		if k%17 == 0 {
			v.Strs[i] = edgeStrings[k/17%len(edgeStrings)]
		}
	case arrowschema.UUID:
		for j := range 16 {
			v.UUIDs[i][j] = byte(row >> (j % 4 * 8) * (j + 1))
		}
	case arrowschema.Date:
		v.Ints[i] = int64(row%40000 - 20000)
		if row%19 == 0 {
			v.Ints[i] = temporal.Infinity
		}
	case arrowschema.Time:
		v.Ints[i] = int64(row) * 1234567 % temporal.MicrosPerDay
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		v.Ints[i] = int64(row)*12345678901 - 1<<50
		if row%23 == 0 {
			v.Ints[i] = temporal.NegInfinity
		}
	case arrowschema.Interval:
		v.Intervals[i] = temporal.Interval{Months: int32(k%50 - 25), Days: int32(k % 31), Micros: int64(k) * 1000003}
	}
}

func everyThird(row, col int) bool { return (row+col)%3 == 0 }
func never(int, int) bool          { return false }
func always(int, int) bool         { return true }

// writeFile writes batches to a file and opens it again.
func writeFile(t testing.TB, d *schemahistory.TableDefinition, opts *WriteOptions, batches ...*vec.Batch) (*File, Info, string) {
	t.Helper()
	var buf bytes.Buffer
	w, err := NewWriter(&buf, d, opts)
	require.NoError(t, err)
	for _, b := range batches {
		require.NoError(t, w.Write(b))
	}
	info, err := w.Close()
	require.NoError(t, err)
	require.Equal(t, int64(buf.Len()), info.Bytes)
	sameFooter(t, buf.Bytes())
	path := filepath.Join(t.TempDir(), "file.parquet")
	require.NoError(t, os.WriteFile(path, buf.Bytes(), 0o600))
	f, err := Open(vfs.OS(), path, &ReadOptions{Size: info.Bytes, FooterCRC: info.FooterCRC, HasFooterCRC: true, ChunkCRCs: info.ChunkCRCs})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f, info, path
}

// requireRows checks that a file holds the rows of the batches, by ReadColumn and by Chunk.
func requireRows(t testing.TB, f *File, batches ...*vec.Batch) {
	t.Helper()
	for col := range f.Columns() {
		want := vec.NewBuilder(f.Columns()[col].Type, 0)
		for _, b := range batches {
			want.Append(b.Cols[col])
		}
		whole, pieces := vec.NewBuilder(f.Columns()[col].Type, 0), vec.NewBuilder(f.Columns()[col].Type, 0)
		for rg := range f.RowGroups() {
			v, err := f.ReadColumn(context.Background(), rg, col)
			require.NoError(t, err)
			require.Equal(t, f.RowGroupRows(rg), v.N)
			require.Equal(t, f.Columns()[col].Type, v.Type)
			whole.Append(v)
			c, err := f.Chunk(context.Background(), rg, col)
			require.NoError(t, err)
			for n := 1; ; n = n*3 + 1 {
				v, err := c.Next(n)
				require.NoError(t, err)
				if v == nil {
					break
				}
				require.LessOrEqual(t, v.N, n)
				pieces.Append(v)
			}
		}
		all := want.Vec()
		requireEqual(t, all, whole.Vec(), f.Columns()[col].Name)
		requireEqual(t, all, pieces.Vec(), f.Columns()[col].Name)
	}
}

// requireEqual compares vectors by value, and text by text so that the scale of a numeric counts.
func requireEqual(t testing.TB, want, got *vec.Vec, name string) {
	t.Helper()
	require.Equal(t, want.N, got.N, name)
	for i := range want.N {
		if want.IsNull(i) || got.IsNull(i) {
			require.Equal(t, want.IsNull(i), got.IsNull(i), "%s row %d", name, i)
			continue
		}
		a, b := vec.AppendText(nil, want, i, nil), vec.AppendText(nil, got, i, nil)
		if !bytes.Equal(a, b) {
			require.Equal(t, string(a), string(b), "%s row %d", name, i)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	d := allTypes()
	for name, c := range map[string]struct {
		rows, distinct int
		nulls          func(int, int) bool
		group          int
	}{
		"empty":         {0, 1, never, 0},
		"one row":       {1, 1, never, 0},
		"one NULL":      {1, 1, always, 0},
		"no NULLs":      {1000, 50, never, 0},
		"NULLs":         {1000, 50, everyThird, 0},
		"all NULL":      {1000, 50, always, 0},
		"row groups":    {1000, 50, everyThird, 192},
		"pages":         {40000, 300, everyThird, 0},
		"high distinct": {5000, 5000, everyThird, 0},
		"NULLs at end":  {40000, 300, func(r, _ int) bool { return r > 100 }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := allRows(d, 0, c.rows, c.distinct, c.nulls)
			f, info, _ := writeFile(t, d, &WriteOptions{RowGroupRows: c.group}, b)
			require.Equal(t, int64(c.rows), f.Rows())
			require.Equal(t, int64(c.rows), info.Rows)
			requireRows(t, f, b)
			require.NoError(t, f.Verify(context.Background()))
		})
	}
}

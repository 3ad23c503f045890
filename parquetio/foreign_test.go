package parquetio

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/vfs"
)

// foreignFiles reads testdata/foreign/expected.json: per file and column either the number of a list of values or an SQLSTATE.
func foreignFiles(t testing.TB) (files map[string]map[string]any, lists [][]*string) {
	text, err := os.ReadFile("testdata/foreign/expected.json")
	require.NoError(t, err)
	var all struct {
		Files map[string]map[string]any
		Lists [][]*string
	}
	require.NoError(t, json.Unmarshal(text, &all))
	delete(all.Files, "")
	return all.Files, all.Lists
}

func TestForeignFiles(t *testing.T) {
	t.Parallel()
	files, lists := foreignFiles(t)
	require.Greater(t, len(files), 15)
	for name, columns := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Open(vfs.OS(), filepath.Join("testdata", "foreign", name), nil)
			require.NoError(t, err)
			defer f.Close()
			require.Len(t, f.Columns(), len(columns))
			for i, c := range f.Columns() {
				require.Contains(t, columns, c.Name)
				if state, ok := columns[c.Name].(string); ok {
					_, err := readText(f, i)
					require.Equal(t, sqlstate.Code(state), sqlstate.CodeOf(err), "%s: %v", c.Name, err)
					require.ErrorContains(t, err, c.Name)
					continue
				}
				want := lists[int(columns[c.Name].(float64))]
				got, err := readText(f, i)
				require.NoError(t, err)
				require.Equal(t, texts(want), texts(got), c.Name)
				pieces, err := readPieces(f, i)
				require.NoError(t, err)
				require.Equal(t, texts(want), texts(pieces), c.Name)
				checkStats(t, f, i)
			}
		})
	}
}

// texts writes NULL for nil.
func texts(values []*string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "NULL"
		if v != nil {
			out[i] = "'" + *v + "'"
		}
	}
	return out
}

func appendTexts(out []*string, v *vec.Vec) []*string {
	for i := range v.N {
		if v.IsNull(i) {
			out = append(out, nil)
			continue
		}
		s := string(vec.AppendText(nil, v, i, time.UTC))
		out = append(out, &s)
	}
	return out
}

// readText reads a column of a file chunk by chunk.
func readText(f *File, col int) (out []*string, err error) {
	for rg := range f.RowGroups() {
		v, err := f.ReadColumn(context.Background(), rg, col)
		if err != nil {
			return nil, err
		}
		out = appendTexts(out, v)
	}
	return out, nil
}

// readPieces reads it in pieces.
func readPieces(f *File, col int) (out []*string, err error) {
	for rg := range f.RowGroups() {
		c, err := f.Chunk(context.Background(), rg, col)
		if err != nil {
			return nil, err
		}
		for {
			v, err := c.Next(7)
			if err != nil {
				return nil, err
			}
			if v == nil {
				break
			}
			out = appendTexts(out, v)
		}
	}
	return out, nil
}

// checkStats checks that statistics bound what is there.
func checkStats(t testing.TB, f *File, col int) {
	t.Helper()
	for rg := range f.RowGroups() {
		s := f.RowGroupStats(rg, col)
		v, err := f.ReadColumn(context.Background(), rg, col)
		require.NoError(t, err)
		require.Equal(t, int64(v.N), s.Rows)
		nulls := int64(0)
		for i := range v.N {
			if v.IsNull(i) {
				nulls++
				continue
			}
			at, k := v.Value(i)
			name := f.Columns()[col].Name
			if s.Min != nil {
				require.LessOrEqual(t, vec.Compare(s.Min, 0, at, k), 0, "%s row %d", name, i)
			}
			if s.Max != nil {
				require.GreaterOrEqual(t, vec.Compare(s.Max, 0, at, k), 0, "%s row %d", name, i)
			}
			require.True(t, f.MayContain(rg, col, v.Slice(i, i+1)), "%s row %d", name, i)
		}
		if s.Nulls >= 0 {
			require.Equal(t, nulls, s.Nulls, f.Columns()[col].Name)
		}
	}
}

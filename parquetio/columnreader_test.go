package parquetio

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/vfs"
)

// rangesGen draws ascending ranges of rows.
func rangesGen(t *rapid.T, rows int) []RowRange {
	var out []RowRange
	for at := 0; at < rows && len(out) < 12; {
		lo := rapid.IntRange(at, rows).Draw(t, "lo")
		hi := rapid.IntRange(lo, min(rows, lo+rapid.SampledFrom([]int{0, 1, 70, 500, rows}).Draw(t, "most"))).Draw(t, "hi")
		out = append(out, RowRange{lo, hi})
		at = hi
	}
	return out
}

// takeRows gives the rows of ranges from a vector of all rows.
func takeRows(v *vec.Vec, ranges []RowRange) *vec.Vec {
	b := vec.NewBuilder(v.Type, 0)
	for _, r := range ranges {
		b.Append(v.Slice(r.Lo, r.Hi))
	}
	return b.Vec()
}

// Any ranges of any column read as the same rows of the whole chunk do, by a reader that is used again and again.
func TestReadRows(t *testing.T) {
	t.Parallel()
	d := allTypes()
	for name, nulls := range map[string]func(int, int) bool{"NULLs": everyThird, "none": never, "all": always} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Row groups of many and of few distinct values, so that what is left in memory of one would be wrong in another.
			b, few := allRows(d, 0, 1280, 300, nulls), allRows(d, 1280, 600, 3, nulls)
			f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 640, PageRows: 100}, b, few)
			whole := map[chunkKey]*vec.Vec{}
			for rg := range f.RowGroups() {
				for col := range f.Columns() {
					v, err := f.ReadColumn(context.Background(), rg, col)
					require.NoError(t, err)
					whole[chunkKey{rg, col}] = v
				}
			}
			reader := &ColumnReader{}
			rapid.Check(t, func(t *rapid.T) {
				rg, col := rapid.IntRange(0, f.RowGroups()-1).Draw(t, "row group"), rapid.IntRange(0, len(d.Columns)-1).Draw(t, "column")
				ranges := rangesGen(t, f.RowGroupRows(rg))
				want := takeRows(whole[chunkKey{rg, col}], ranges)
				got, err := f.ReadRows(context.Background(), rg, col, ranges)
				if err != nil {
					t.Fatal(err)
				}
				requireSame(t, want, got)
				if err := reader.Open(f, rg, col); err != nil {
					t.Fatal(err)
				}
				if rapid.Bool().Draw(t, "dictionary first") {
					if _, err := reader.Dictionary(context.Background()); err != nil {
						t.Fatal(err)
					}
				}
				for range 2 {
					if got, err = reader.ReadPresence(context.Background(), ranges); err != nil {
						t.Fatal(err)
					}
					requireSamePresence(t, want, got)
					if got, err = reader.Read(context.Background(), ranges); err != nil {
						t.Fatal(err)
					}
					requireSame(t, want, got)
				}
				if got, err = reader.ReadPresence(context.Background(), nil); err != nil {
					t.Fatal(err)
				}
				requireSamePresence(t, whole[chunkKey{rg, col}], got)
				if got, err = reader.Read(context.Background(), nil); err != nil {
					t.Fatal(err)
				}
				requireSame(t, whole[chunkKey{rg, col}], got)
			})
		})
	}
}

func requireSame(t *rapid.T, want, got *vec.Vec) {
	got.Flat() // codes under NULL are within the dictionary
	if a, b := texts(appendTexts(nil, want)), texts(appendTexts(nil, got)); want.N != got.N || !slices.Equal(a, b) {
		t.Fatalf("%d rows, %d rows:\n%v\n%v", want.N, got.N, a, b)
	}
}

// Files of others, with and without a page index, give the same rows in part as in whole.
func TestReadRowsForeign(t *testing.T) {
	t.Parallel()
	indexed := 0
	for name, data := range samples(t) {
		f, err := Open(memFS{data: data}, name, nil)
		require.NoError(t, err)
		for rg := range f.RowGroups() {
			for col, c := range f.Columns() {
				whole, err := f.ReadColumn(context.Background(), rg, col)
				if err != nil {
					continue
				}
				n := whole.N
				pages, err := f.Pages(rg, col)
				require.NoError(t, err)
				if pages != nil {
					indexed++
				}
				ranges := []RowRange{{0, n / 7}, {n / 5, n / 5}, {n / 3, n / 2}, {n - n/9, n}}
				got, err := f.ReadRows(context.Background(), rg, col, ranges)
				require.NoError(t, err, "%s %s", name, c.Name)
				require.Equal(t, texts(appendTexts(nil, takeRows(whole, ranges))), texts(appendTexts(nil, got)), "%s %s", name, c.Name)
				reader := &ColumnReader{}
				require.NoError(t, reader.Open(f, rg, col))
				present, err := reader.ReadPresence(context.Background(), nil)
				require.NoError(t, err, "%s %s", name, c.Name)
				requireSamePresence(t, whole, present)
				checkDictionary(t, f, rg, col, whole)
				if pages != nil {
					checkPages(t, pages, whole)
				}
			}
		}
		require.NoError(t, f.Close())
	}
	require.Greater(t, indexed, 50)
}

// checkDictionary checks that a chunk's dictionary has each of its values.
func checkDictionary(t testing.TB, f *File, rg, col int, whole *vec.Vec) {
	t.Helper()
	dict, err := f.DictionaryOf(context.Background(), rg, col)
	require.NoError(t, err)
	if dict == nil {
		return
	}
	entries := map[string]bool{}
	for i := range dict.N {
		entries[string(vec.AppendText(nil, dict, i, nil))] = true
	}
	for i := range whole.N {
		if !whole.IsNull(i) {
			require.True(t, entries[string(vec.AppendText(nil, whole, i, nil))])
		}
	}
}

// checkPages checks that the values of each page lie within its bounds.
func checkPages(t testing.TB, pages *Pages, whole *vec.Vec) {
	t.Helper()
	next := 0
	for i := range pages.Len() {
		r, s := pages.Rows(i), pages.Stats(i)
		require.Equal(t, next, r.Lo)
		require.Positive(t, pages.Bytes(i))
		require.Equal(t, i, pages.Find(r.Lo))
		require.Equal(t, i, pages.Find(r.Hi-1))
		next = r.Hi
		nulls := int64(0)
		for row := r.Lo; row < r.Hi; row++ {
			if whole.IsNull(row) {
				nulls++
				continue
			}
			v, k := whole.Value(row)
			if s.Min != nil {
				require.LessOrEqual(t, vec.Compare(s.Min, 0, v, k), 0)
			}
			if s.Max != nil {
				require.GreaterOrEqual(t, vec.Compare(s.Max, 0, v, k), 0)
			}
		}
		require.Contains(t, []int64{-1, nulls}, s.Nulls)
		require.Equal(t, int64(r.Hi-r.Lo), s.Rows)
	}
	require.Equal(t, whole.N, next)
}

func TestPages(t *testing.T) {
	t.Parallel()
	d := allTypes()
	b := allRows(d, 0, 1500, 40, func(row, col int) bool { return (row+col)%3 == 0 || row/100%4 == 2 })
	f, _, path := writeFile(t, d, &WriteOptions{RowGroupRows: 1024, PageRows: 100}, b)
	r, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer r.Close()
	for rg := range f.RowGroups() {
		group, err := r.GetPageIndexReader().RowGroup(rg)
		require.NoError(t, err)
		for col, c := range d.Columns {
			form, err := formOf(c.Type, ProfileStandard)
			require.NoError(t, err)
			pages, err := f.Pages(rg, col)
			require.NoError(t, err)
			whole, err := f.ReadColumn(context.Background(), rg, col)
			require.NoError(t, err)
			checkPages(t, pages, whole)
			checkDictionary(t, f, rg, col, whole)
			index, err := group.GetColumnIndex(col)
			require.NoError(t, err)
			offsets, err := group.GetOffsetIndex(col)
			require.NoError(t, err)
			require.Equal(t, len(offsets.GetPageLocations()), pages.Len())
			for i, p := range offsets.GetPageLocations() {
				require.Equal(t, p.FirstRowIndex, int64(pages.Rows(i).Lo))
				require.Equal(t, int64(p.CompressedPageSize), pages.Bytes(i))
			}
			if index == nil { // arrow-go writes none for a column of which a page has no bounds
				require.False(t, form.ordered, c.Name)
				continue
			}
			require.Equal(t, index.GetNullCounts(), pagesNulls(pages), c.Name)
			lo, hi := pages.Bounds()
			require.Equal(t, form.ordered, lo != nil && hi != nil, c.Name)
			if x, ok := index.(*metadata.TypedColumnIndex[int64]); ok && c.Type == arrowschema.Int8 {
				for i := range pages.Len() {
					if s := pages.Stats(i); s.Min != nil {
						require.Equal(t, x.MinValues()[i], s.Min.Ints[0])
						require.Equal(t, x.MaxValues()[i], s.Max.Ints[0])
					}
				}
			}
		}
	}
}

func pagesNulls(p *Pages) (out []int64) {
	for i := range p.Len() {
		out = append(out, p.Stats(i).Nulls)
	}
	return out
}

// What is damaged anywhere in a chunk is found by partial reads too, or changes nothing that is read.
func TestReadRowsFindsDamage(t *testing.T) {
	t.Parallel()
	d := allTypes()
	rows := allRows(d, 0, 300, 25, everyThird)
	var buf bytes.Buffer
	w, err := NewWriter(&buf, d, &WriteOptions{PageRows: 100})
	require.NoError(t, err)
	require.NoError(t, w.Write(rows))
	info, err := w.Close()
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 1))
	found := 0
	const trials = 3000
	for range trials {
		bad := bytes.Clone(buf.Bytes())
		at := random.IntN(len(bad))
		bad[at] ^= 1 << random.IntN(8)
		f, err := Open(memFS{data: bad}, "bad", &ReadOptions{FooterCRC: info.FooterCRC, HasFooterCRC: true, ChunkCRCs: info.ChunkCRCs})
		if err != nil {
			found++
			continue
		}
		wrong := false
		for col := range d.Columns {
			v, err := f.ReadRows(context.Background(), 0, col, []RowRange{{10, 90}, {150, 160}, {200, 300}})
			if err != nil {
				require.ErrorIs(t, err, ErrCorrupt)
				wrong = true
				continue
			}
			require.Equal(t, texts(appendTexts(nil, takeRows(rows.Cols[col], []RowRange{{10, 90}, {150, 160}, {200, 300}}))), texts(appendTexts(nil, v)), "byte %d", at)
		}
		if wrong {
			found++
		}
	}
	require.Greater(t, found, trials*8/10)
}

func TestReadRowsRefusesBadRanges(t *testing.T) {
	t.Parallel()
	d := oneColumn(arrowschema.Int8, false, false)
	f, _, _ := writeFile(t, d, nil, batchOf(vec.New(arrowschema.Int8, 10)))
	for _, ranges := range [][]RowRange{{{-1, 2}}, {{3, 2}}, {{0, 11}}, {{0, 5}, {4, 6}}} {
		_, err := f.ReadRows(context.Background(), 0, 0, ranges)
		require.Error(t, err)
	}
	v, err := f.ReadRows(context.Background(), 0, 0, []RowRange{})
	require.NoError(t, err)
	require.Zero(t, v.N)
	_, err = (&ColumnReader{}).Read(context.Background(), nil)
	require.Error(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = f.ReadRows(ctx, 0, 0, []RowRange{{1, 2}})
	require.ErrorIs(t, err, context.Canceled)
}

// A reader that is used again does not allocate.
func TestColumnReaderReusesMemory(t *testing.T) {
	path := t.TempDir() + "/jobs.parquet"
	writeJobs(t, path, 4096, nil)
	f, err := Open(vfs.OS(), path, nil)
	require.NoError(t, err)
	defer f.Close()
	for col, c := range f.Columns() {
		r := &ColumnReader{}
		read := func() {
			if err := r.Open(f, 0, col); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Read(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
		}
		read()
		require.LessOrEqual(t, testing.AllocsPerRun(20, read), 12.0, c.Name)
	}
}

package parquetio

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// What a reader says that it keeps is there when everything else has been read with it, whole chunks, parts and dictionaries; and the numbers that are known
// beforehand are those of what was read.
func TestReaderKeeps(t *testing.T) {
	t.Parallel()
	d := allTypes()
	f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 640, PageRows: 100}, allRows(d, 0, 1280, 300, everyThird), allRows(d, 1280, 600, 3, never))
	ctx := context.Background()
	type read struct {
		chunk  chunkKey
		ranges []RowRange
		v      *vec.Vec
		texts  []string // as they were given: references to the reader's memory
		copies []string
	}
	for _, keep := range []Keep{KeepDictionaries, KeepTexts, KeepAll} {
		reader := &ColumnReader{Keep: keep}
		var reads []read
		for round := range 2 {
			for rg := range f.RowGroups() {
				for col := range f.Columns() {
					require.NoError(t, reader.Open(f, rg, col))
					dict, err := reader.Dictionary(ctx)
					require.NoError(t, err)
					require.Equal(t, dict != nil && dict.N > 0, dict != nil && f.DictionaryBytes(rg, col) > 0)
					for _, ranges := range [][]RowRange{nil, {{3, 40}, {250, 260}}, {{120, 125}, {125, 130}}, {{7, 9}}} {
						pages := reader.PagesRead
						v, err := reader.Read(ctx, ranges)
						require.NoError(t, err)
						if ranges == nil {
							require.EqualValues(t, f.DataPages(rg, col), reader.PagesRead-pages)
						}
						r := read{chunk: chunkKey{rg, col}, ranges: ranges, v: v}
						elems := v
						if v.Dict != nil {
							elems = v.Dict
						} else if keep == KeepDictionaries {
							elems = &vec.Vec{}
						}
						r.texts = slices.Clone(elems.Strs)
						for _, s := range r.texts {
							r.copies = append(r.copies, strings.Clone(s))
						}
						if reads = append(reads, r); round > 0 {
							reads = reads[:len(reads)-1]
						}
					}
				}
			}
		}
		for _, r := range reads {
			require.Equal(t, r.copies, r.texts)
			if keep == KeepAll {
				want, err := f.ReadRows(ctx, r.chunk.group, r.chunk.column, r.ranges)
				require.NoError(t, err)
				require.Equal(t, want.N, r.v.N)
				for i := range want.N {
					require.Equal(t, vec.AppendKey(nil, want, i), vec.AppendKey(nil, r.v, i))
				}
			}
		}
	}
}

// Texts of pages that are not compressed lie in the memory that they were read to. Another run of pages of the same read must not take it, even if nothing is kept.
func TestUncompressedRuns(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	all := vec.New(arrowschema.Text, 16)
	for i := range all.Strs {
		all.Strs[i] = strconv.FormatUint(r.Uint64(), 36)
	}
	f, _, _ := writeFile(t, oneColumn(arrowschema.Text, false, false), &WriteOptions{PageRows: 4}, &vec.Batch{N: all.N, Cols: []*vec.Vec{all}})
	require.EqualValues(t, codecNone, f.chunkMeta(0, 0).codec)
	ranges := []RowRange{{1, 2}, {9, 10}, {15, 16}}
	for keep := range KeepAll + 1 {
		reader := &ColumnReader{Keep: keep}
		require.NoError(t, reader.Open(f, 0, 0))
		for range 2 {
			got, err := reader.Read(context.Background(), ranges)
			require.NoError(t, err)
			require.Equal(t, texts(appendTexts(nil, takeRows(all, ranges))), texts(appendTexts(nil, got)), keep)
		}
	}
}

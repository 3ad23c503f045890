package parquetio

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/parquet"
)

// check holds what the footer says against the file's size and against itself, before anything is allocated by it.
func (f *File) check() error {
	dataEnd := f.size - int64(len(magic)) - 4
	rows := int64(0)
	for i, g := range f.meta.RowGroups {
		if g == nil || g.NumRows < 0 || g.NumRows > math.MaxInt64-rows || len(g.Columns) != f.meta.Schema.NumColumns() {
			return fmt.Errorf("%w: row group %d is malformed", ErrCorrupt, i)
		}
		rows += g.NumRows
		for j := range g.Columns {
			if err := f.checkChunk(i, j, dataEnd); err != nil {
				return err
			}
		}
	}
	if err := f.checkOverlap(); err != nil {
		return err
	}
	if f.meta.FileMetaData.NumRows == 0 { // there are writers that leave it out
		f.meta.FileMetaData.NumRows = rows
	}
	if rows != f.meta.FileMetaData.NumRows {
		return fmt.Errorf("%w: its row groups have %d rows, the footer says %d", ErrCorrupt, rows, f.meta.FileMetaData.NumRows)
	}
	if f.chunkSums != nil {
		if len(f.chunkSums) != len(f.meta.RowGroups) {
			return fmt.Errorf("%w: %d row groups, checksums of %d", ErrCorrupt, len(f.meta.RowGroups), len(f.chunkSums))
		}
		for _, sums := range f.chunkSums {
			if len(sums) != f.meta.Schema.NumColumns() {
				return fmt.Errorf("%w: %d columns, checksums of %d", ErrCorrupt, f.meta.Schema.NumColumns(), len(sums))
			}
		}
	}
	return nil
}

// checkOverlap refuses chunks that share bytes: a small file could else have a footer that says to read all of it a hundred thousand times.
func (f *File) checkOverlap() error {
	type place struct{ from, to int64 }
	var places []place
	ordered := true
	for rg := range f.meta.RowGroups {
		for index := range f.meta.RowGroups[rg].Columns {
			from, size := f.chunkRange(rg, index)
			if size == 0 {
				continue
			}
			ordered = ordered && (len(places) == 0 || from >= places[len(places)-1].from)
			places = append(places, place{from, from + size})
		}
	}
	if !ordered {
		slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	}
	for i := 1; i < len(places); i++ {
		if places[i].from < places[i-1].to {
			return fmt.Errorf("%w: two column chunks have the bytes at %d", ErrCorrupt, places[i].from)
		}
	}
	return nil
}

// checkChunk checks the footer's entry of a column chunk, by leaf.
func (f *File) checkChunk(rg, index int, dataEnd int64) error {
	c := f.meta.RowGroups[rg].Columns[index]
	bad := func(what string) error {
		return fmt.Errorf("%w: row group %d, column %s: %s", ErrCorrupt, rg, short(f.meta.Schema.Column(index).Path()), what)
	}
	switch {
	case c == nil || c.MetaData == nil:
		return bad("no metadata")
	case c.FilePath != nil && *c.FilePath != "":
		return bad("the chunk is in another file, which is not supported")
	case parquet.Type(c.MetaData.Type) != f.meta.Schema.Column(index).PhysicalType():
		return bad("the chunk's type is not the schema's")
	}
	from, size := f.chunkRange(rg, index)
	if from < int64(len(magic)) || size < 0 || from > dataEnd || size > dataEnd-from {
		return bad(fmt.Sprintf("%d bytes at %d in a file of %d", size, from, f.size))
	}
	if c.MetaData.NumValues < 0 {
		return bad("negative number of values")
	}
	return nil
}

// chunkRange gives the place of a chunk's pages in the file.
func (f *File) chunkRange(rg, index int) (from, size int64) {
	m := f.meta.RowGroups[rg].Columns[index].MetaData
	if f.meta.RowGroups[rg].NumRows == 0 {
		return int64(len(magic)), 0 // pyarrow has no place for pages that are not there
	}
	from = m.DataPageOffset
	// Old writers store 0 for "no dictionary", and some an offset that is no dictionary's.
	if d := m.DictionaryPageOffset; d != nil && *d > 0 && *d < from {
		from = *d
	}
	return from, m.TotalCompressedSize
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

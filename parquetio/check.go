package parquetio

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// check holds what the footer says against the file's size and against itself, before anything is allocated by it.
func (f *File) check() error {
	dataEnd := f.size - int64(len(magic)) - 4
	rows := int64(0)
	for i := range f.meta.groups {
		g := &f.meta.groups[i]
		if g.rows < 0 || g.rows > math.MaxInt64-rows || len(g.chunks) != len(f.meta.leaves) {
			return fmt.Errorf("%w: row group %d is malformed", ErrCorrupt, i)
		}
		rows += g.rows
		for j := range g.chunks {
			if err := f.checkChunk(i, j, dataEnd); err != nil {
				return err
			}
		}
	}
	if err := f.checkOverlap(); err != nil {
		return err
	}
	if f.meta.rows == 0 { // there are writers that leave it out
		f.meta.rows = rows
	}
	if rows != f.meta.rows {
		return fmt.Errorf("%w: its row groups have %d rows, the footer says %d", ErrCorrupt, rows, f.meta.rows)
	}
	if f.chunkSums != nil {
		if len(f.chunkSums) != len(f.meta.groups) {
			return fmt.Errorf("%w: %d row groups, checksums of %d", ErrCorrupt, len(f.meta.groups), len(f.chunkSums))
		}
		for _, sums := range f.chunkSums {
			if len(sums) != len(f.meta.leaves) {
				return fmt.Errorf("%w: %d columns, checksums of %d", ErrCorrupt, len(f.meta.leaves), len(sums))
			}
		}
	}
	return nil
}

// checkOverlap refuses chunks that share bytes: a small file could else have a footer that says to read all of it a hundred thousand times.
func (f *File) checkOverlap() error {
	type place struct{ from, to int64 }
	places := make([]place, 0, len(f.meta.groups)*len(f.meta.leaves))
	ordered := true
	for rg := range f.meta.groups {
		for index := range f.meta.leaves {
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
	c, e := f.chunkMeta(rg, index), f.meta.leaf(index)
	bad := func(what string) error {
		return fmt.Errorf("%w: row group %d, column %s: %s", ErrCorrupt, rg, short(e.path), what)
	}
	switch {
	case !c.described:
		return bad("no metadata")
	case c.elsewhere:
		return bad("the chunk is in another file, which is not supported")
	case c.physical != e.physical:
		return bad("the chunk's type is not the schema's")
	}
	from, size := f.chunkRange(rg, index)
	if from < int64(len(magic)) || size < 0 || from > dataEnd || size > dataEnd-from {
		return bad(fmt.Sprintf("%d bytes at %d in a file of %d", size, from, f.size))
	}
	if c.values < 0 {
		return bad("negative number of values")
	}
	return nil
}

// chunkRange gives the place of a chunk's pages in the file.
func (f *File) chunkRange(rg, index int) (from, size int64) {
	c := f.chunkMeta(rg, index)
	if f.meta.groups[rg].rows == 0 {
		return int64(len(magic)), 0 // pyarrow has no place for pages that are not there
	}
	from = c.dataOffset
	// Old writers store 0 for "no dictionary", and some an offset that is no dictionary's.
	if c.dictOffset > 0 && c.dictOffset < from {
		from = c.dictOffset
	}
	return from, c.compressed
}

// chunkMeta gives the footer's entry of a column chunk, by leaf.
func (f *File) chunkMeta(rg, index int) *chunkMeta { return &f.meta.groups[rg].chunks[index] }

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

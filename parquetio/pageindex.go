package parquetio

import (
	"errors"
	"fmt"
	"hash/crc32"
	"sort"

	"github.com/stoadb/stoa/exprs/vec"
)

// The page index (PageIndex.md of Apache Parquet): the offset index says where each data page of a column chunk is and which row is its first, the
// column index what values it has.

// RowRange is rows Lo to Hi-1 of a row group.
type RowRange struct{ Lo, Hi int }

// Pages describes the data pages of a column chunk. It is immutable.
type Pages struct {
	rows  int
	leaf  *leaf
	where []pageLocation
	// The bounds of the pages, a row for each, NULL where nothing is known; nil when the file has no column index of the chunk.
	min, max *vec.Vec
	nulls    []int64 // -1 when unknown
}

// pageLocation is parquet.thrift's PageLocation.
type pageLocation struct {
	offset   int64
	size     int32 // with the header
	firstRow int64
}

// Len gives the number of pages.
func (p *Pages) Len() int { return len(p.where) }

// Rows gives the rows of page i.
func (p *Pages) Rows(i int) RowRange {
	r := RowRange{int(p.where[i].firstRow), p.rows}
	if i+1 < len(p.where) {
		r.Hi = int(p.where[i+1].firstRow)
	}
	return r
}

// Bytes gives what page i takes in the file.
func (p *Pages) Bytes(i int) int64 { return int64(p.where[i].size) }

// Find gives the page that holds a row.
func (p *Pages) Find(row int) int {
	return sort.Search(len(p.where), func(i int) bool { return p.where[i].firstRow > int64(row) }) - 1
}

// Bounds gives vectors of a row per page between which all values of the page lie, NULL where nothing is known or all rows are NULL; both are nil
// when nothing is known of any page. They are bounds, not values, as those of [Stats]. The caller must not change them.
func (p *Pages) Bounds() (min, max *vec.Vec) { return p.min, p.max }

// Stats gives what is known of page i.
func (p *Pages) Stats(i int) Stats {
	r := p.Rows(i)
	s := Stats{Nulls: -1, Rows: int64(r.Hi - r.Lo)}
	if !p.leaf.optional {
		s.Nulls = 0
	} else if p.nulls != nil {
		s.Nulls = p.nulls[i]
	}
	if p.min != nil && !p.min.IsNull(i) {
		s.Min = constant(p.leaf.typ, p.min.Slice(i, i+1))
	}
	if p.max != nil && !p.max.IsNull(i) {
		s.Max = constant(p.leaf.typ, p.max.Slice(i, i+1))
	}
	return s
}

// Pages gives the page index of a column chunk, nil when the file has none that can be used.
func (f *File) Pages(rg, col int) (_ *Pages, err error) {
	defer recovered(&err, f.path)
	l := &f.leaves[col]
	if l.index < 0 || l.kind == kindRefused || f.meta.groups[rg].rows == 0 {
		return nil, nil
	}
	if p, ok := f.pages.Load(chunkKey{rg, col}); ok {
		return p.(*Pages), nil
	}
	p, err := f.readPages(rg, l)
	if err != nil {
		if f.own {
			return nil, f.wrap(err, rg, col)
		}
		return nil, nil // a page index is an aid: without it everything is read
	}
	f.pages.Store(chunkKey{rg, col}, p)
	return p, nil
}

// readPages reads the two indexes of a chunk; nil without an offset index.
func (f *File) readPages(rg int, l *leaf) (*Pages, error) {
	chunk := f.chunkMeta(rg, l.index)
	if x := chunk.offsetIndex; !x.hasPlace || !x.hasEnd {
		return nil, nil
	}
	b, err := f.indexBytes(chunk.offsetIndex)
	if err != nil {
		return nil, err
	}
	p := &Pages{rows: int(f.meta.groups[rg].rows), leaf: l}
	if p.where, err = readOffsetIndex(b); err != nil {
		return nil, err
	}
	from, size := f.chunkRange(rg, l.index)
	if err := checkLocations(p.where, from, from+size, int64(p.rows)); err != nil {
		return nil, err
	}
	if x := chunk.columnIndex; !x.hasPlace || !x.hasEnd {
		return p, nil
	}
	if b, err = f.indexBytes(chunk.columnIndex); err != nil {
		return nil, err
	}
	x, err := readColumnIndex(b)
	if err != nil {
		return nil, err
	}
	return p, f.describePages(p, x, rg)
}

// checkLocations holds the offset index against the chunk: pages follow one another within [from, to), and each has a row.
func checkLocations(where []pageLocation, from, to, rows int64) error {
	for i, p := range where {
		next, nextRow := to, rows
		if i+1 < len(where) {
			next, nextRow = where[i+1].offset, where[i+1].firstRow
		}
		if i == 0 && p.firstRow != 0 || p.offset < from || p.size <= 0 || p.offset > next || int64(p.size) > next-p.offset || p.firstRow >= nextRow {
			return fmt.Errorf("%w: offset index", ErrCorrupt)
		}
	}
	if len(where) == 0 {
		return fmt.Errorf("%w: offset index without pages", ErrCorrupt)
	}
	return nil
}

// columnIndex is parquet.thrift's ColumnIndex.
type columnIndex struct {
	nullPages []bool
	min, max  [][]byte
	nulls     []int64
}

// describePages takes over what the column index says, as far as statistics of the type can be believed; see RowGroupStats.
func (f *File) describePages(p *Pages, x *columnIndex, rg int) error {
	n := len(p.where)
	if len(x.nullPages) != n || len(x.min) != n || len(x.max) != n || x.nulls != nil && len(x.nulls) != n {
		return fmt.Errorf("%w: column index of another number of pages", ErrCorrupt)
	}
	for i, k := range x.nulls {
		if r := p.Rows(i); k < 0 || k > int64(r.Hi-r.Lo) {
			return fmt.Errorf("%w: column index", ErrCorrupt)
		}
	}
	p.nulls = x.nulls
	if p.nulls == nil && p.leaf.optional {
		p.nulls = make([]int64, n)
		for i := range p.nulls {
			p.nulls[i] = -1
		}
	}
	for i, all := range x.nullPages {
		if r := p.Rows(i); all && p.nulls != nil {
			p.nulls[i] = int64(r.Hi - r.Lo)
		}
	}
	if !f.typeOrdered(p.leaf.index) && !p.leaf.signed() {
		return nil
	}
	stats := &f.chunkMeta(rg, p.leaf.index).stats
	mayBeNaN := p.leaf.slot() == slotFloats && (!stats.known || stats.nans != 0)
	least, most, some := vec.NewBuilder(p.leaf.typ, n), vec.NewBuilder(p.leaf.typ, n), false
	for i := range n {
		var lo, hi *vec.Vec
		if !x.nullPages[i] {
			lo, hi = p.leaf.bound(x.min[i]), p.leaf.bound(x.max[i])
		}
		if mayBeNaN {
			hi = nil
		}
		if lo != nil && hi != nil && vec.Compare(lo, 0, hi, 0) > 0 {
			lo, hi = nil, nil
		}
		some = appendBound(least, lo) || some
		some = appendBound(most, hi) || some
	}
	if some {
		p.min, p.max = least.Vec(), most.Vec()
	}
	return nil
}

func appendBound(b *vec.Builder, v *vec.Vec) bool {
	if v == nil {
		b.AppendNull()
		return false
	}
	b.Append(v)
	return true
}

// maxIndexBytes bounds the page indexes of a file that are kept in memory, and one index of a foreign file.
const maxIndexBytes = 64 << 20

// pageIndexes are the bytes of all page indexes of a file of ours, which one checksum covers.
type pageIndexes struct {
	from  int64
	bytes []byte
	err   error
}

// indexBytes gives the bytes of one index.
func (f *File) indexBytes(at indexPlace) ([]byte, error) {
	off, n := at.offset, at.length
	if off < int64(len(magic)) || n <= 0 || off > f.size || int64(n) > f.size-off || int64(n) > min(maxIndexBytes, f.limit) {
		return nil, fmt.Errorf("%w: a page index of %d bytes at %d", ErrCorrupt, n, off)
	}
	if !f.hasIndexSum {
		return readAt(f.file, off, int(n))
	}
	f.indexOnce.Do(f.readIndexes)
	x := &f.indexes
	if x.err != nil {
		return nil, x.err
	}
	if x.bytes == nil { // too many to keep
		return readAt(f.file, off, int(n))
	}
	if off < x.from || off-x.from > int64(len(x.bytes))-int64(n) {
		return nil, fmt.Errorf("%w: a page index is not where the others are", ErrCorrupt)
	}
	return x.bytes[off-x.from:][:n:n], nil
}

// readIndexes reads all page indexes, from the first to the footer, and checks them.
func (f *File) readIndexes() {
	x := &f.indexes
	x.from = f.size - f.footer
	for rg := range f.meta.groups {
		for i := range f.meta.leaves {
			c := f.chunkMeta(rg, i)
			if c.columnIndex.hasPlace {
				x.from = min(x.from, c.columnIndex.offset)
			}
			if c.offsetIndex.hasPlace {
				x.from = min(x.from, c.offsetIndex.offset)
			}
		}
	}
	size := f.size - f.footer - x.from
	if x.from < int64(len(magic)) || size < 0 {
		x.err = fmt.Errorf("%w: page index", ErrCorrupt)
		return
	}
	sum := uint32(0)
	for at := int64(0); at < size && x.err == nil; {
		var b []byte
		b, x.err = readAt(f.file, x.from+at, int(min(size-at, maxIndexBytes)))
		sum = crc32.Update(sum, f.table, b)
		at += int64(len(b))
		if size <= maxIndexBytes {
			x.bytes = b
		}
	}
	if x.err == nil && sum != f.indexSum {
		x.err = fmt.Errorf("%w: the page index's checksum is wrong", ErrCorrupt)
	}
}

var errIndex = errors.New("malformed page index")

// readOffsetIndex parses an OffsetIndex.
func readOffsetIndex(b []byte) ([]pageLocation, error) {
	var out []pageLocation
	r := wireReader{b: b}
	for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
		if id != 1 || w != wireList {
			r.skip(w, 0)
			continue
		}
		n, elem := r.list()
		if elem != wireStruct && n > 0 {
			return nil, errIndex
		}
		for ; n > 0 && r.err == nil; n-- {
			out = append(out, r.location())
		}
	}
	return out, r.err
}

// location reads a PageLocation.
func (r *wireReader) location() (p pageLocation) {
	for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
		switch {
		case id == 1 && w == wireI64:
			p.offset = r.varint()
		case id == 2 && w == wireI32:
			p.size = r.i32()
		case id == 3 && w == wireI64:
			p.firstRow = r.varint()
		default:
			r.skip(w, 0)
		}
	}
	return p
}

// readColumnIndex parses a ColumnIndex.
func readColumnIndex(b []byte) (*columnIndex, error) {
	x := &columnIndex{}
	r := wireReader{b: b}
	for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
		if w != wireList || id < 1 || id > 5 || id == 4 {
			r.skip(w, 0)
			continue
		}
		n, elem := r.list()
		for ; n > 0 && r.err == nil; n-- {
			switch {
			case id == 1 && (elem == wireTrue || elem == wireFalse):
				x.nullPages = append(x.nullPages, r.byte() == wireTrue)
			case id == 2 && elem == wireBinary:
				x.min = append(x.min, r.binary())
			case id == 3 && elem == wireBinary:
				x.max = append(x.max, r.binary())
			case id == 5 && elem == wireI64:
				x.nulls = append(x.nulls, r.varint())
			default:
				return nil, errIndex
			}
		}
	}
	return x, r.err
}

// DataPages gives the number of data pages of a column chunk, 0 when the footer does not tell. Nothing is read.
func (f *File) DataPages(rg, col int) int {
	l := &f.leaves[col]
	if l.index < 0 {
		return 0
	}
	n := 0
	for _, s := range f.chunkMeta(rg, l.index).pages {
		if s.isData() {
			n += int(s.count)
		}
	}
	return n
}

// DictionaryBytes gives what the dictionary of a column chunk takes in the file, 0 when the chunk has none.
func (f *File) DictionaryBytes(rg, col int) int64 {
	l := &f.leaves[col]
	if l.index < 0 || l.kind == kindRefused {
		return 0
	}
	from, _ := f.chunkRange(rg, l.index)
	return max(0, f.chunkMeta(rg, l.index).dataOffset-from)
}

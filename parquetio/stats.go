package parquetio

import (
	"context"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Stats bound the values of a column in a row group. They are bounds, not values: Min need not occur, as writers may cut long strings; only the
// order of Compare is promised, and that every value that is not NULL lies between them.
type Stats struct {
	Min, Max *vec.Vec // constants of one row; nil when nothing is known
	Nulls    int64    // -1 when unknown
	Rows     int64
	Exact    bool // Min and Max, where known, are values that occur
}

// Sorted tells whether the footer says that the rows of a row group ascend by a column first of all.
func (f *File) Sorted(rg, col int) bool {
	by := f.meta.groups[rg].sorting
	return len(by) > 0 && int(by[0].index) == f.leaves[col].index && !by[0].descending
}

// RowGroupStats gives what the footer says of a column chunk. Whatever could mislead is left out: statistics whose order is not SQL's (json,
// jsonb, numeric as text, INT96), the deprecated fields where their order was never agreed on, bounds that are NaN or do not decode, and the
// upper bound of floating-point columns that may hold NaN, which SQL puts above all numbers and Parquet leaves out.
func (f *File) RowGroupStats(rg, col int) (s Stats) {
	g := &f.meta.groups[rg]
	s = Stats{Nulls: -1, Rows: g.rows}
	l := &f.leaves[col]
	if l.index < 0 {
		return s
	}
	stats := &g.chunks[l.index].stats
	if !stats.known {
		return s
	}
	if !l.optional {
		s.Nulls = 0
	} else if n := stats.nulls; n >= 0 && n <= g.rows {
		s.Nulls = n
	}
	if (stats.deprecated || !f.typeOrdered(l.index)) && !l.signed() {
		return s
	}
	s.Min, s.Max = l.bound(stats.min), l.bound(stats.max)
	if l.slot() == slotFloats && stats.nans != 0 {
		s.Max = nil
	}
	if s.Min != nil && s.Max != nil && vec.Compare(s.Min, 0, s.Max, 0) > 0 {
		s.Min, s.Max = nil, nil
	}
	s.Exact = stats.exact
	return s
}

// typeOrdered tells whether the footer says that statistics follow the order that the type defines.
func (f *File) typeOrdered(index int) bool {
	return index < len(f.meta.ordered) && f.meta.ordered[index]
}

// signed tells whether values are compared as signed numbers, on which old and new statistics agree.
func (l *leaf) signed() bool {
	switch l.physical {
	case physInt32, physInt64, physFloat, physDouble:
		return l.kind != kindUnsigned && l.kind != kindUint64
	}
	return false
}

// bound decodes a bound, nil when it means nothing.
func (l *leaf) bound(b []byte) *vec.Vec {
	switch l.kind {
	case kindNumericText, kindIntervalText, kindIntervalBin, kindFloat16, kindNull, kindRefused:
		return nil
	}
	if b == nil || l.typ == arrowschema.JSON || l.typ == arrowschema.JSONB || l.physical == physInt96 {
		return nil
	}
	v := &vec.Vec{Type: l.typ}
	(*arena)(nil).room(v, l, 1)
	switch l.physical {
	case physByteArray:
		v.Strs[0] = string(b)
	case physBoolean:
		if len(b) != 1 {
			return nil
		}
		v.Bools[0] = b[0] != 0
	default:
		if len(b) != l.fixedBytes() || l.plain(v, slices.Clone(b)) != nil {
			return nil
		}
	}
	as := *l
	if l.checked == kindTimestamp {
		as.kind = kindTimestamp
	}
	if l.kind != kindText { // a bound that was cut need not be UTF-8
		var err error
		if v, err = as.convert(v, nil); err != nil {
			return nil
		}
	}
	if l.slot() == slotFloats && math.IsNaN(v.Floats[0]) {
		return nil
	}
	return constant(l.typ, v)
}

// maxCachedBlooms bounds the bytes of bloom filters that a File keeps.
const maxCachedBlooms = 64 << 20

// MayContain asks the bloom filter of a column chunk for the first row of value. It answers true when there is no filter, when the filter cannot
// be read or its checksum is wrong, when the value is NULL, and when the column's values are stored in another form than they are compared in.
func (f *File) MayContain(rg, col int, value *vec.Vec) (may bool) {
	l := &f.leaves[col]
	if l.index < 0 || value.IsNull(0) || l.typ.Physical() != value.Type.Physical() {
		return true
	}
	hash, ok := l.hash(value.Value(0))
	if !ok {
		return true
	}
	filter, err := f.bloom(rg, col)
	if err != nil || filter == nil {
		return true
	}
	at := bloomBlockOf(hash, len(filter))
	return bloomHas(filter[at:at+bloomBlock], hash)
}

// BloomHashes gives of each value what the bloom filters of a column hold of it, and nil when the column's values are stored in another form than v's. What it
// gives of NULLs means nothing.
func (f *File) BloomHashes(col int, v *vec.Vec) []uint64 {
	l := &f.leaves[col]
	if l.index < 0 || l.typ.Physical() != v.Type.Physical() {
		return nil
	}
	out := make([]uint64, v.N)
	for i := range out {
		if v.IsNull(i) {
			continue
		}
		from, at := v.Value(i)
		hash, ok := l.hash(from, at)
		if !ok {
			return nil
		}
		out[i] = hash
	}
	return out
}

// MayContainAny appends to dst those of rows whose values, by their hashes, the bloom filter of a column chunk lets through: all where MayContain is true of all.
func (f *File) MayContainAny(rg, col int, hashes []uint64, rows, dst []int32) []int32 {
	filter, err := f.bloom(rg, col)
	if err != nil || filter == nil {
		return append(dst, rows...)
	}
	for _, r := range rows {
		hash := hashes[r]
		at := bloomBlockOf(hash, len(filter))
		if block := filter[at : at+bloomBlock]; bloomHalf(block, hash) && bloomHas(block, hash) {
			dst = append(dst, r)
		}
	}
	return dst
}

// HasBloom tells whether a column chunk has a bloom filter.
func (f *File) HasBloom(rg, col int) bool {
	l := &f.leaves[col]
	return l.index >= 0 && f.chunkMeta(rg, l.index).hasBloom
}

// hash hashes element i of v as the file's writer did; ok is false for types that are converted on reading.
func (l *leaf) hash(v *vec.Vec, i int) (hash uint64, ok bool) {
	if l.kind == kindUUIDText || l.kind == kindTimeText {
		var text [40]byte
		return xxhash.Sum64(vec.AppendText(text[:0], v, i, nil)), v.Type == l.typ
	}
	if l.kind != kindDirect && l.kind != kindText && l.kind != kindTimestamp {
		return 0, false
	}
	switch l.physical {
	case physByteArray:
		return xxhash.Sum64String(v.Strs[i]), l.typ != arrowschema.JSON
	case physFixed:
		if l.slot() == slotUUIDs {
			return xxhash.Sum64(v.UUIDs[i][:]), true
		}
		return xxhash.Sum64String(v.Strs[i]), true
	case physInt32, physInt64:
		narrow := l.physical == physInt32
		if narrow && int64(int32(v.Ints[i])) != v.Ints[i] || !temporal.IsFinite(v.Ints[i]) {
			return 0, false // infinities are stored as other values
		}
		return xxhash.Sum64(appendPlainInts(nil, v.Ints[i:i+1], narrow)), l.typ != arrowschema.Date
	}
	return 0, false
}

// bloom reads a bloom filter, nil when there is none.
func (f *File) bloom(rg, col int) (filter []byte, err error) {
	defer recovered(&err, f.path)
	key := chunkKey{rg, col}
	if b, ok := f.blooms.Load(key); ok {
		return b.([]byte), nil
	}
	c := f.chunkMeta(rg, f.leaves[col].index)
	if !c.hasBloom {
		return nil, nil
	}
	const headerGuess = 64
	off := c.bloomOffset
	if off < int64(len(magic)) || off > f.size-headerGuess {
		return nil, f.wrap(fmt.Errorf("%w: bloom filter at %d", ErrCorrupt, off), rg, col)
	}
	head, err := readAt(f.file, off, headerGuess)
	if err != nil {
		return nil, err
	}
	header, size, err := readBloomHeader(head)
	if err != nil {
		return nil, f.wrap(fmt.Errorf("%w: %w", ErrCorrupt, err), rg, col)
	}
	if int64(header+size) > f.size-off || int64(size) > f.limit {
		return nil, f.wrap(fmt.Errorf("%w: bloom filter of %d bytes", ErrCorrupt, size), rg, col)
	}
	all, err := readAt(f.file, off, header+size)
	if err != nil {
		return nil, err
	}
	if want, ok := f.bloomSum(rg, col); ok && crc32.Checksum(all, f.table) != want {
		return nil, f.wrap(fmt.Errorf("%w: the bloom filter's checksum is wrong", ErrCorrupt), rg, col)
	}
	filter = all[header:]
	if f.cached.Add(int64(size)) <= maxCachedBlooms {
		f.blooms.Store(key, filter)
	} else {
		f.cached.Add(-int64(size))
	}
	return filter, nil
}

// bloomSum finds the checksum of a bloom filter: sums are stored in the order of the columns that have one.
func (f *File) bloomSum(rg, col int) (sum uint32, ok bool) {
	if f.bloomSums == nil {
		return 0, false
	}
	at := 0
	for i := range col {
		if f.HasBloom(rg, i) {
			at++
		}
	}
	if at >= len(f.bloomSums[rg]) {
		return 0, false
	}
	return f.bloomSums[rg][at], true
}

// Verify reads every column chunk of which a checksum is known and compares. The error names the first that is damaged.
func (f *File) Verify(ctx context.Context) error {
	d, buf := chunkDecoder{}, buffers{}
	for rg := range f.meta.groups {
		for col := range f.leaves {
			if err := ctx.Err(); err != nil {
				return err
			}
			if f.leaves[col].index < 0 {
				continue
			}
			if f.chunkSums != nil {
				from, size := f.chunkRange(rg, f.leaves[col].index)
				err := d.open(f, rg, col, &buf, nil, nil)
				if err == nil {
					err = d.load(from, size)
				}
				if err != nil {
					return f.wrap(err, rg, col)
				}
			}
			if _, err := f.bloom(rg, col); err != nil {
				return err
			}
		}
	}
	return nil
}

package parquetio

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// columnBuffer holds a column's rows of the row group that is being filled: which rows are not NULL, and the values of those, without gaps, as
// Parquet stores them. Strings are kept as references to the caller's memory.
type columnBuffer struct {
	name string
	typ  arrowschema.Type
	form form

	rows, nulls int
	valid       vec.Bitmap // nil as long as no row is NULL

	ints   []int64
	floats []float64
	bools  []bool
	uuids  [][16]byte
	strs   []string // when table is nil or given up
	codes  []uint16 // when table is in use
	table  *interner
	flat   bool // the dictionary was given up for this row group
	bytes  int  // of strs
}

func newColumnBuffer(name string, t arrowschema.Type, f form, dict bool) *columnBuffer {
	b := &columnBuffer{name: name, typ: t, form: f}
	if dict && f.physical == physByteArray {
		b.table = newInterner()
	}
	return b
}

// reset empties the buffer for the next row group.
func (b *columnBuffer) reset() {
	b.rows, b.nulls, b.valid, b.bytes, b.flat = 0, 0, nil, 0, false
	b.ints, b.floats, b.bools, b.uuids, b.codes = b.ints[:0], b.floats[:0], b.bools[:0], b.uuids[:0], b.codes[:0]
	clear(b.strs) // they keep callers' memory alive
	b.strs = b.strs[:0]
	if b.table != nil {
		b.table.reset()
	}
}

// reserve makes room for values of so many rows.
func (b *columnBuffer) reserve(rows int) {
	switch {
	case b.form.physical == physInt32 || b.form.physical == physInt64:
		b.ints = slices.Grow(b.ints, rows)
	case b.form.physical == physFixed:
		b.uuids = slices.Grow(b.uuids, rows)
	case b.coded():
		b.codes = slices.Grow(b.codes, rows)
	case b.form.physical == physByteArray:
		b.strs = slices.Grow(b.strs, rows)
	}
}

// size is about the number of bytes of text that the buffer holds.
func (b *columnBuffer) size() int {
	if b.coded() {
		return b.table.bytes
	}
	return b.bytes
}

// weight is about the time that encoding the buffer takes.
func (b *columnBuffer) weight() int { return b.size() + 8*b.rows }

// append takes the rows of v.
func (b *columnBuffer) append(v *vec.Vec) error {
	if v.N == 0 {
		return nil
	}
	if v.Const {
		return b.appendConst(v)
	}
	valid := v.Valid
	if v.Dict != nil && v.Dict.Valid != nil {
		valid = rowValidity(v)
	}
	b.appendValidity(valid, v.N)
	if v.Dict != nil && b.coded() {
		return b.appendCodes(v, valid)
	}
	v = v.Decoded()
	switch b.form.physical {
	case physInt32, physInt64:
		return b.appendInts(v.Ints, valid)
	case physFloat, physDouble:
		b.floats = appendValid(b.floats, v.Floats, valid)
	case physBoolean:
		b.bools = appendValid(b.bools, v.Bools, valid)
	case physFixed:
		b.uuids = appendValid(b.uuids, v.UUIDs, valid)
	default:
		return b.appendStrings(b.text(v, valid), valid)
	}
	return nil
}

// appendConst takes v.N equal rows.
func (b *columnBuffer) appendConst(v *vec.Vec) error {
	if v.NullConst() {
		b.appendValidity(make(vec.Bitmap, (v.N+63)/64), v.N)
		return nil
	}
	if b.coded() {
		one := *v
		one.N = 1
		text := b.text(&one, nil)[0]
		if code, ok := b.table.code(text); ok && len(text) <= maxValueBytes {
			b.appendValidity(nil, v.N)
			from := len(b.codes)
			b.codes = slices.Grow(b.codes, v.N)[:from+v.N]
			for i := from; i < len(b.codes); i++ {
				b.codes[i] = code
			}
			return nil
		}
	}
	return b.append(v.Flat())
}

// rowValidity gives the validity of the rows of a dictionary-coded vector, NULL entries of the dictionary included.
func rowValidity(v *vec.Vec) vec.Bitmap {
	out := v.Valid.Clone(v.N)
	for i, c := range v.Codes {
		if !v.Dict.Valid.Get(int(c)) {
			out.Clear(i)
		}
	}
	return out
}

// appendValidity adds n bits; nil stands for ones.
func (b *columnBuffer) appendValidity(valid vec.Bitmap, n int) {
	nulls := n - valid.Count(n)
	if b.valid == nil {
		if nulls == 0 {
			b.rows += n
			return
		}
		b.valid = make(vec.Bitmap, 0, (b.rows+n+63)/64)
		b.valid = appendOnes(b.valid, 0, b.rows)
	}
	if valid == nil {
		b.valid = appendOnes(b.valid, b.rows, n)
	} else {
		b.valid = appendBits(b.valid, b.rows, valid, n)
	}
	b.rows += n
	b.nulls += nulls
}

// appendBits adds n bits of src to the first size bits of dst. Bits beyond the end are zero afterwards.
func appendBits(dst vec.Bitmap, size int, src vec.Bitmap, n int) vec.Bitmap {
	for want := (size + n + 63) / 64; len(dst) < want; {
		dst = append(dst, 0)
	}
	shift := uint(size & 63)
	for i := 0; i*64 < n; i++ {
		x := src[i]
		if left := n - i*64; left < 64 {
			x &= 1<<uint(left) - 1
		}
		at := size>>6 + i
		dst[at] |= x << shift
		if shift != 0 && at+1 < len(dst) {
			dst[at+1] |= x >> (64 - shift)
		}
	}
	return dst
}

// appendOnes adds n ones to the first size bits of dst.
func appendOnes(dst vec.Bitmap, size, n int) vec.Bitmap {
	for want := (size + n + 63) / 64; len(dst) < want; {
		dst = append(dst, 0)
	}
	setBits(dst, size, n)
	return dst
}

// setBits sets n bits from pos on.
func setBits(b vec.Bitmap, pos, n int) {
	for n > 0 {
		shift := uint(pos & 63)
		k := min(n, 64-int(shift))
		b[pos>>6] |= (^uint64(0) >> uint(64-k)) << shift
		pos, n = pos+k, n-k
	}
}

// appendValid adds the elements of src whose bits are set.
func appendValid[T any](dst, src []T, valid vec.Bitmap) []T {
	if valid == nil {
		return append(dst, src...)
	}
	for base := 0; base < len(src); base += 64 {
		w := valid[base>>6]
		part := src[base:min(base+64, len(src))]
		if n := len(part); n < 64 {
			w &= 1<<uint(n) - 1
		} else if w == ^uint64(0) {
			dst = append(dst, part...)
			continue
		}
		for ; w != 0; w &= w - 1 {
			dst = append(dst, part[bits.TrailingZeros64(w)])
		}
	}
	return dst
}

// The infinities of dates and timestamps in files are DuckDB's: the greatest value of the width, and that one negated. The upper one of
// timestamps is also PostgreSQL's; the lower one of ours is the one below, which in DuckDB is out of range.
const (
	dateInfinity         = math.MaxInt32
	dateNegInfinity      = -math.MaxInt32
	timestampNegInfinity = -math.MaxInt64
)

// appendInts adds integers, and checks those that the file stores in fewer bits: a value that does not fit is the caller's fault, yet must not
// become another one.
func (b *columnBuffer) appendInts(values []int64, valid vec.Bitmap) error {
	from := len(b.ints)
	b.ints = appendValid(b.ints, values, valid)
	added := b.ints[from:]
	if b.typ == arrowschema.Timestamp || b.typ == arrowschema.TimestampTZ {
		for i, ts := range added {
			added[i] = max(ts, timestampNegInfinity)
		}
	}
	if !b.form.narrow {
		return nil
	}
	if b.typ == arrowschema.Date {
		for i, d := range added {
			switch d {
			case temporal.Infinity:
				added[i] = dateInfinity
			case temporal.NegInfinity:
				added[i] = dateNegInfinity
			}
		}
	}
	for _, v := range added {
		if int64(int32(v)) != v {
			return fmt.Errorf("column %s: %d does not fit into %s", b.name, v, b.typ)
		}
	}
	return nil
}

// text gives the strings of v, of the values themselves where they have another form. Rows that are NULL get anything.
func (b *columnBuffer) text(v *vec.Vec, valid vec.Bitmap) []string {
	if !b.form.textual {
		return v.Strs
	}
	out, ends := make([]string, v.N), make([]int, v.N)
	var all []byte
	for i := range out {
		if valid.Get(i) {
			if b.typ == arrowschema.Numeric {
				all = v.Decs[i].AppendTo(all)
			} else {
				all = vec.AppendText(all, v, v.At(i), nil)
			}
		}
		ends[i] = len(all)
	}
	from, one := 0, stringOf(all)
	for i, end := range ends {
		out[i], from = one[from:end], end
	}
	return out
}

// appendStrings adds strings, as codes while the column has a dictionary.
func (b *columnBuffer) appendStrings(values []string, valid vec.Bitmap) error {
	from := len(b.strs)
	if b.coded() {
		rest, err := b.intern(values, valid)
		if rest < 0 || err != nil {
			return err
		}
		b.giveUpDictionary()
		from = len(b.strs)
		values, valid = values[rest:], valid.Slice(rest, len(values))
	}
	b.strs = appendValid(b.strs, values, valid)
	for _, s := range b.strs[from:] {
		if len(s) > maxValueBytes {
			return errTooLong(b.name, len(s))
		}
		b.bytes += len(s)
	}
	return nil
}

func errTooLong(column string, n int) error {
	return fmt.Errorf("column %s: a value of %d bytes is longer than %d", column, n, maxValueBytes)
}

// intern turns strings to codes, up to the row that it returns because the dictionary was full, or -1.
func (b *columnBuffer) intern(values []string, valid vec.Bitmap) (int, error) {
	var seen looked
	for lo := 0; lo < len(values); lo += lookBlock {
		part := values[lo:min(lo+lookBlock, len(values))]
		b.table.look(part, &seen)
		for i, s := range part {
			if !valid.Get(lo + i) {
				continue
			}
			if len(s) > maxValueBytes {
				return -1, errTooLong(b.name, len(s))
			}
			c, ok := b.table.lookedAt(&seen, i, s)
			if !ok || b.pointless() {
				return lo + i, nil
			}
			b.codes = append(b.codes, c)
		}
	}
	return -1, nil
}

// The dictionary is given up when of the first values nearly all were new: of the first 4,096 more than of any values drawn evenly from 131,072, of
// the first 16,384 as many as of values drawn evenly from 65,536, the most that a dictionary holds.
const (
	firstProbe  = 4096
	secondProbe = 16384
)

// pointless tells whether the dictionary is not worth the hashing. It is asked at two numbers of values only, for the price of a comparison.
func (b *columnBuffer) pointless() bool {
	switch len(b.codes) {
	case firstProbe:
		return len(b.table.entries) > firstProbe/64*63
	case secondProbe:
		return len(b.table.entries) > secondProbe/8*7
	}
	return false
}

// appendCodes adds the rows of a dictionary-coded vector; each entry is looked up once per dictionary.
func (b *columnBuffer) appendCodes(v *vec.Vec, valid vec.Bitmap) error {
	remap := b.table.remap(v.Dict)
	texts := v.Dict.Strs
	if b.form.textual {
		texts = b.text(v.Dict, v.Dict.Valid)
	}
	for i, c := range v.Codes {
		if !valid.Get(i) {
			continue
		}
		code := remap[c]
		if code < 0 {
			s := texts[c]
			if len(s) > maxValueBytes {
				return errTooLong(b.name, len(s))
			}
			k, ok := b.table.code(s)
			if !ok {
				b.giveUpDictionary()
				rest := v.Slice(i, v.N).Decoded()
				restValid := valid.Slice(i, v.N)
				return b.appendStrings(b.text(rest, restValid), restValid)
			}
			code = int32(k)
			remap[c] = code
		}
		b.codes = append(b.codes, uint16(code))
	}
	return nil
}

// giveUpDictionary turns the codes so far to strings.
func (b *columnBuffer) giveUpDictionary() {
	for _, c := range b.codes {
		s := b.table.entries[c]
		b.strs = append(b.strs, s)
		b.bytes += len(s)
	}
	b.codes, b.flat = b.codes[:0], true
}

// settle sorts the dictionary, when the row group is full and the dictionary is to be written.
func (b *columnBuffer) settle(s *sortScratch) {
	rank := b.table.sort(s)
	for i, c := range b.codes {
		b.codes[i] = rank[c]
	}
}

// minDictRows is the number of values up to which a dictionary of unique values is kept: nothing is gained or lost.
const minDictRows = 16

// coded tells whether the values are held as codes.
func (b *columnBuffer) coded() bool { return b.table != nil && !b.flat }

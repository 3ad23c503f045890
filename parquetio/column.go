package parquetio

import (
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// chunkDecoder decodes the pages of one column chunk.
type chunkDecoder struct {
	f       *File
	rg, col int
	leaf    *leaf
	foreign leaf // *leaf when the chunk is read as one of others is
	pages   pageReader
	rows    int   // of the row group
	done    int   // rows decoded
	budget  int64 // bytes that vectors may take

	dict      *vec.Vec // the dictionary as it is stored, in the leaf's slot
	converted *vec.Vec // the dictionary as a vector of the column's type, for codes
	some      *vec.Vec // what all values are taken for when only their presence is asked; nil when they are
	account   account
	buf       *buffers
	mem       *arena // of vectors
	dictMem   *arena // of the dictionary
}

// output is where pages are decoded to: N rows, either as codes or in the leaf's slot.
type output struct {
	rows  int
	coded bool
	codes []uint16
	v     vec.Vec
	valid vec.Bitmap // nil for required columns
	ones  int        // rows that are not NULL
	ready bool       // the slices are there
}

// open prepares a chunk for decoding, with its pages to be read one after the other.
func (d *chunkDecoder) open(f *File, rg, col int, buf *buffers, values, dict *arena) error {
	l := &f.leaves[col]
	if l.kind == kindRefused {
		return sqlstate.New(sqlstate.FeatureNotSupported, "column \"%s\" cannot be read: %s", f.columns[col].Name, l.refusal)
	}
	c, rows := f.chunkMeta(rg, l.index), f.meta.groups[rg].rows
	if c.values != rows {
		return fmt.Errorf("%w: %d values in %d rows", ErrCorrupt, c.values, rows)
	}
	*d = chunkDecoder{f: f, rg: rg, col: col, leaf: l, rows: int(rows), budget: f.limit, buf: buf, mem: values, dictMem: dict}
	if l.checked == kindTimestamp && f.mayBeInfinite(rg, col) {
		d.foreign = *l
		d.foreign.kind = kindTimestamp
		d.leaf = &d.foreign
	}
	d.account.memory = f.memory
	from, size := f.chunkRange(rg, l.index)
	d.pages = pageReader{
		f: f, account: &d.account, codec: int64(c.codec), most: math.MaxInt64, budget: f.limit, leaf: d.leaf, buf: buf, mem: values, dict: dict, verify: true,
		src: byteSource{r: f.file, next: from, end: from + size, readSize: readAhead},
	}
	if f.own {
		d.pages.most = c.raw // others count it in their own ways
	}
	return nil
}

// load reads the chunk at once and checks its bytes, if their checksum is known, before anything looks at them.
func (d *chunkDecoder) load(from, size int64) error {
	if err := d.readBytes(from, size); err != nil {
		return err
	}
	if sums := d.f.chunkSums; sums != nil {
		if crc32.Checksum(d.pages.src.buf, d.f.table) != sums[d.rg][d.leaf.index] {
			return fmt.Errorf("%w: the column chunk's checksum is wrong", ErrCorrupt)
		}
		d.pages.verify = false
	}
	return nil
}

// readBytes makes bytes of the file those that pages are read from.
func (d *chunkDecoder) readBytes(from, size int64) error {
	if size > d.f.limit {
		return errTooMuch
	}
	if d.pages.kept { // earlier pages of this read are referred to, or those of earlier ones that are kept
		d.buf.chunk, d.pages.kept = nil, false
	}
	b := sized(&d.buf.chunk, int(size))
	if err := readFull(d.f.file, b, from); err != nil {
		return err
	}
	d.pages.src, d.pages.verify = byteSource{buf: b}, true
	return nil
}

// loadDictionary reads the dictionary, if the chunk has one and it was not read yet.
func (r *ColumnReader) loadDictionary() error {
	d := &r.d
	data := d.f.chunkMeta(d.rg, d.leaf.index).dataOffset
	from, size := d.f.chunkRange(d.rg, d.leaf.index)
	if d.dict != nil || from == data || size == 0 {
		return nil
	}
	if data-from > size {
		return fmt.Errorf("%w: the dictionary's size", ErrCorrupt)
	}
	if err := d.readBytes(from, data-from); err != nil {
		return err
	}
	r.BytesRead += data - from
	p, ok, err := d.pages.next()
	switch {
	case err != nil:
		return err
	case !ok || p.kind != pageDictionary:
		return fmt.Errorf("%w: no dictionary where the footer says", ErrCorrupt)
	case d.f.chunkSums != nil && !p.hasCRC:
		return fmt.Errorf("%w: the dictionary has no checksum", ErrCorrupt)
	}
	return d.readDictionary(&p)
}

// encodings gives the encodings of the chunk's data pages, nil when the footer does not tell.
func (d *chunkDecoder) encodings() (list []encoding) {
	for _, s := range d.f.chunkMeta(d.rg, d.leaf.index).pages {
		if s.isData() {
			list = append(list, s.enc)
		}
	}
	return list
}

// allCoded tells whether the footer says that all data pages are coded by a dictionary.
func (d *chunkDecoder) allCoded() bool {
	list := d.encodings()
	return len(list) > 0 && !slices.ContainsFunc(list, func(e encoding) bool { return e != encRLEDictionary && e != encPlainDictionary })
}

// mayBeInfinite tells whether a chunk of timestamps of ours can hold '-infinity', which is stored as another value.
func (f *File) mayBeInfinite(rg, col int) bool {
	s := f.RowGroupStats(rg, col)
	return s.Nulls != s.Rows && (s.Min == nil || s.Min.Ints[0] == temporal.NegInfinity)
}

// nextPage gives the next data page, after it has taken in the dictionary.
func (d *chunkDecoder) nextPage() (page, bool, error) {
	for {
		if d.done == d.rows {
			return page{}, false, nil // what follows the last row is no page of ours
		}
		p, ok, err := d.pages.next()
		if err != nil || !ok {
			return p, false, err
		}
		if p.kind != pageDictionary {
			if int64(p.values) > int64(d.rows-d.done) {
				return p, false, fmt.Errorf("%w: more values than rows", ErrCorrupt)
			}
			if p.values == 0 {
				continue
			}
			return p, true, nil
		}
		if err := d.readDictionary(&p); err != nil {
			return p, false, fmt.Errorf("dictionary: %w", err)
		}
	}
}

// readDictionary decodes the dictionary page.
func (d *chunkDecoder) readDictionary(p *page) error {
	if d.dict != nil {
		return fmt.Errorf("%w: a second dictionary", ErrCorrupt)
	}
	if p.enc != encPlain && p.enc != encPlainDictionary {
		return errEncoding
	}
	n := int(p.values)
	if d.leaf.physical == physBoolean || n > len(p.data)/d.leaf.minBytes() {
		return errShort
	}
	if err := d.spend(int64(n) * d.leaf.elemBytes()); err != nil {
		return err
	}
	dict := &vec.Vec{Type: d.leaf.typ}
	d.dictMem.room(dict, d.leaf, n)
	if err := d.leaf.plain(dict, p.data); err != nil {
		return err
	}
	if d.f.chunkSums != nil && d.leaf.plainBytes(dict) != len(p.data) {
		return fmt.Errorf("%w: %d entries do not fill their page", ErrCorrupt, n) // their number stands in the page's header, which has no checksum
	}
	d.dict, d.pages.skipDict = dict, true
	if d.leaf.coded && n <= vec.MaxDict {
		var err error
		if d.converted, err = d.convert(dict, nil); err != nil {
			return err
		}
	}
	d.account.keep()
	return nil
}

// convert is the leaf's, within the budget.
func (d *chunkDecoder) convert(v *vec.Vec, valid vec.Bitmap) (*vec.Vec, error) {
	need := int64(v.N) * d.leaf.convertedBytes()
	if d.leaf.kind == kindNumericText {
		for i, s := range v.Strs {
			if valid.Get(i) {
				need += digitsOf(s)
			}
		}
	}
	if err := d.spend(need); err != nil {
		return nil, err
	}
	out, err := d.leaf.convert(v, valid)
	if err == nil && d.leaf.kind == kindJSONB {
		out.Strs, err = mapValues(out.Strs, valid, func(s string) (string, error) {
			return jsontext.CanonicalWatched(s, func(grown int) error { return d.spend(int64(grown)) })
		})
	}
	return out, err
}

// spend takes n bytes from the budget.
func (d *chunkDecoder) spend(n int64) error {
	if d.budget -= n; d.budget < 0 {
		return errTooMuch
	}
	return d.account.take(n)
}

// decodePage decodes a data page to the rows of out from row at on.
func (d *chunkDecoder) decodePage(p *page, out *output, at int) error {
	coded := p.enc == encRLEDictionary || p.enc == encPlainDictionary || d.some != nil
	if err := d.prepare(out, coded); err != nil {
		return err
	}
	n, values := int(p.values), int(p.values)
	if p.void {
		clear(out.v.Strs[at : at+n]) // what was read before
		return nil
	}
	if out.valid != nil {
		var err error
		if values, err = decodeLevels(p.levels, n, out.valid, at); err != nil {
			return fmt.Errorf("definition levels: %w", err)
		}
	}
	if out.ones += values; d.some != nil {
		return nil
	}
	if out.coded && coded {
		if err := decodeCodes(out.codes[at:at+values], p.data, d.dict.N); err != nil {
			return err
		}
		spread(out.codes[at:at+n], values, out.valid, at)
		return nil
	}
	if out.coded {
		if err := d.flatten(out, at); err != nil {
			return err
		}
	}
	dst := part(&out.v, d.leaf, at, at+values)
	var err error
	if coded {
		err = d.lookUp(&dst, p.data)
	} else {
		err = d.values(&dst, p.enc, p.data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.enc, err)
	}
	if values < n {
		d.spreadSlot(&out.v, at, n, values, out.valid)
	}
	return nil
}

// prepare makes the slices of out, as codes if its first page is coded.
func (d *chunkDecoder) prepare(out *output, coded bool) error {
	if coded && d.dict == nil && d.some == nil {
		return fmt.Errorf("%w: codes without a dictionary", ErrCorrupt)
	}
	if out.ready {
		return nil
	}
	out.ready, out.coded = true, coded && (d.converted != nil || d.some != nil)
	if d.leaf.optional {
		if err := d.spend(int64(out.rows+63) / 8); err != nil {
			return err
		}
		out.valid = d.mem.validFor(out.rows)
	}
	if out.coded {
		if err := d.spend(2 * int64(out.rows)); err != nil {
			return err
		}
		if out.codes = d.mem.codesFor(out.rows); d.some != nil {
			clear(out.codes)
		}
		return nil
	}
	return d.roomFor(out)
}

func (d *chunkDecoder) roomFor(out *output) error {
	if err := d.spend(int64(out.rows) * d.leaf.elemBytes()); err != nil {
		return err
	}
	d.mem.room(&out.v, d.leaf, out.rows)
	return nil
}

// flatten turns the codes of the first rows rows to values, because a page without codes follows.
func (d *chunkDecoder) flatten(out *output, rows int) error {
	if err := d.roomFor(out); err != nil {
		return err
	}
	if d.dict.N > 0 { // else all rows are NULL
		dst := part(&out.v, d.leaf, 0, rows)
		pickAll(d, &dst, out.codes[:rows])
	}
	out.coded, out.codes = false, nil
	return nil
}

// lookUp decodes codes to the values they stand for.
func (d *chunkDecoder) lookUp(dst *vec.Vec, src []byte) error {
	if d.dict.N <= vec.MaxDict {
		codes := sized(&d.buf.codes, dst.N)
		if err := decodeCodes(codes, src, d.dict.N); err != nil {
			return err
		}
		pickAll(d, dst, codes)
		return nil
	}
	idx := sized(&d.buf.indexes, dst.N)
	if err := decodeIndexes(idx, src, d.dict.N); err != nil {
		return err
	}
	pickAll(d, dst, idx)
	return nil
}

// pickAll sets the rows of dst to the dictionary's values at idx.
func pickAll[I uint16 | uint32](d *chunkDecoder, dst *vec.Vec, idx []I) {
	switch d.leaf.slot() {
	case slotInts:
		pick(dst.Ints, d.dict.Ints, idx)
	case slotFloats:
		pick(dst.Floats, d.dict.Floats, idx)
	case slotUUIDs:
		pick(dst.UUIDs, d.dict.UUIDs, idx)
	case slotStrs:
		pick(dst.Strs, d.dict.Strs, idx)
	}
}

func pick[T any, I uint16 | uint32](dst, dict []T, idx []I) {
	dst = dst[:len(idx)]
	for i, c := range idx {
		dst[i] = dict[c]
	}
}

// spreadSlot moves the values of rows [at, at+n) of v apart to where their rows are.
func (d *chunkDecoder) spreadSlot(v *vec.Vec, at, n, values int, valid vec.Bitmap) {
	switch d.leaf.slot() {
	case slotInts:
		spread(v.Ints[at:at+n], values, valid, at)
	case slotFloats:
		spread(v.Floats[at:at+n], values, valid, at)
	case slotBools:
		spread(v.Bools[at:at+n], values, valid, at)
	case slotUUIDs:
		spread(v.UUIDs[at:at+n], values, valid, at)
	case slotStrs:
		spread(v.Strs[at:at+n], values, valid, at)
	}
}

// spread moves the first values elements of s apart, to the rows whose bits are set in valid from bit at on. What is between them is anything
// among the values, or zero: a code is within its dictionary there too.
func spread[T any](s []T, values int, valid vec.Bitmap, at int) {
	hi := len(s)
	clear(s[values:])
	for hi > values { // when as many rows are left as values, all of them are where they belong
		pos := at + hi - 1
		word := valid[pos>>6]
		lo := max(hi-1-pos&63, 0) // the rows of this word: [lo, hi)
		shift := uint(at+lo) & 63
		word = word >> shift & (^uint64(0) >> uint(64-(hi-lo)))
		ones := onesCount(word)
		switch {
		case ones == hi-lo:
			copy(s[lo:hi], s[values-ones:values])
		case ones == 0:
		case hi-lo-ones <= fewNulls:
			spreadRuns(s, lo, hi, values, ^word)
		case ones <= fewValues:
			spreadValues(s, lo, values, word)
		default:
			spreadRows(s[:hi], lo, values, word)
		}
		values -= ones
		hi = lo
	}
}

// fewNulls is the number of NULLs in a word of 64 rows up to which the rows between them are moved at once.
const fewNulls = 6

// fewValues is the number of values in a word up to which they are moved one by one.
const fewValues = 16

// spreadValues moves the values of the rows from lo on whose bits are set in word, the last first.
func spreadValues[T any](s []T, lo, values int, word uint64) {
	for word != 0 {
		i := bits.Len64(word) - 1
		values--
		s[lo+i] = s[values]
		word &^= 1 << uint(i)
	}
}

// spreadRuns moves the rows between the NULLs of rows [lo, hi), whose bits are set in nulls, the last first.
func spreadRuns[T any](s []T, lo, hi, values int, nulls uint64) {
	nulls &= ^uint64(0) >> uint(64-(hi-lo))
	for nulls != 0 {
		i := bits.Len64(nulls) - 1
		n := hi - lo - i - 1
		copy(s[hi-n:hi], s[values-n:values])
		values -= n
		hi = lo + i
		nulls &^= 1 << uint(i)
	}
	copy(s[lo:hi], s[values-(hi-lo):values])
}

// spreadRows moves rows [lo, len(s)) one by one, without a branch for each: a row that is NULL gets the value of the row before it.
func spreadRows[T any](s []T, lo, values int, word uint64) {
	for i := len(s) - 1; i >= lo; i-- {
		s[i] = s[max(values-1, 0)]
		values -= int(word >> uint(i-lo) & 1)
	}
}

// finish makes the vector of the column's type.
func (d *chunkDecoder) finish(out *output) (*vec.Vec, error) {
	if !out.ready { // no rows
		return vec.New(d.leaf.typ, 0), nil
	}
	valid := out.valid
	if out.ones == out.rows {
		valid = nil
	}
	if d.some != nil {
		return vec.NewDict(out.codes, d.some, valid), nil
	}
	if out.coded {
		return vec.NewDict(out.codes, d.converted, valid), nil
	}
	out.v.Type = d.leaf.typ
	return d.convert(&out.v, valid)
}

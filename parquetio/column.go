package parquetio

import (
	"fmt"
	"hash/crc32"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// chunkDecoder decodes the pages of one column chunk.
type chunkDecoder struct {
	f       *File
	rg, col int
	leaf    *leaf
	pages   pageReader
	rows    int   // of the row group
	done    int   // rows decoded
	budget  int64 // bytes that vectors may take

	dict      *vec.Vec // the dictionary as it is stored, in the leaf's slot
	converted *vec.Vec // the dictionary as a vector of the column's type, for codes
	buf       *buffers
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

// decode prepares a chunk for decoding. whole says that its bytes are to be read at once.
func (f *File) decode(rg, col int, whole bool) (*chunkDecoder, error) {
	l := &f.leaves[col]
	if l.kind == kindRefused {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "column \"%s\" cannot be read: %s", f.columns[col].Name, l.refusal)
	}
	g := f.meta.RowGroups[rg]
	meta := g.Columns[l.index].MetaData
	if meta.NumValues != g.NumRows {
		return nil, fmt.Errorf("%w: %d values in %d rows", ErrCorrupt, meta.NumValues, g.NumRows)
	}
	if l.checked == kindTimestamp && f.mayBeInfinite(rg, col) {
		foreign := *l
		foreign.kind = kindTimestamp
		l = &foreign
	}
	buf, ok := f.buffers.Get().(*buffers)
	if !ok {
		buf = &buffers{}
	}
	d := &chunkDecoder{f: f, rg: rg, col: col, leaf: l, rows: int(g.NumRows), budget: f.limit, buf: buf}
	from, size := f.chunkRange(rg, l.index)
	d.pages = pageReader{
		f: f, codec: int64(meta.Codec), budget: f.limit, leaf: l, buf: buf, verify: f.chunkSums == nil,
		src: byteSource{r: f.file, next: from, end: from + size, readSize: readAhead},
	}
	if !whole && f.chunkSums == nil {
		return d, nil
	}
	return d, d.load(from, size)
}

// load reads the chunk at once and checks its bytes, if their checksum is known, before anything looks at them.
func (d *chunkDecoder) load(from, size int64) error {
	f := d.f
	if size > f.limit {
		return errTooMuch
	}
	b := sized(&d.buf.chunk, int(size))
	if err := readFull(f.file, b, from); err != nil {
		return err
	}
	if f.chunkSums != nil && crc32.Checksum(b, f.table) != f.chunkSums[d.rg][d.leaf.index] {
		return fmt.Errorf("%w: the column chunk's checksum is wrong", ErrCorrupt)
	}
	d.pages.src = byteSource{buf: b}
	return nil
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
	room(dict, d.leaf, n)
	if err := d.leaf.plain(dict, p.data); err != nil {
		return err
	}
	d.dict = dict
	if !d.leaf.coded || n > vec.MaxDict {
		return nil
	}
	var err error
	d.converted, err = d.leaf.convert(dict, nil)
	return err
}

// spend takes n bytes from the budget.
func (d *chunkDecoder) spend(n int64) error {
	if d.budget -= n; d.budget < 0 {
		return errTooMuch
	}
	return nil
}

// decodePage decodes a data page to the rows of out from row at on.
func (d *chunkDecoder) decodePage(p *page, out *output, at int) error {
	coded := p.enc == encRLEDictionary || p.enc == encPlainDictionary
	if err := d.prepare(out, coded); err != nil {
		return err
	}
	n, values := int(p.values), int(p.values)
	if out.valid != nil {
		var err error
		if values, err = decodeLevels(p.levels, n, out.valid, at); err != nil {
			return fmt.Errorf("definition levels: %w", err)
		}
	}
	out.ones += values
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
	if coded && d.dict == nil {
		return fmt.Errorf("%w: codes without a dictionary", ErrCorrupt)
	}
	if out.ready {
		return nil
	}
	out.ready, out.coded = true, coded && d.converted != nil
	if d.leaf.optional {
		if err := d.spend(int64(out.rows+63) / 8); err != nil {
			return err
		}
		out.valid = make(vec.Bitmap, (out.rows+63)/64)
	}
	if out.coded {
		if err := d.spend(2 * int64(out.rows)); err != nil {
			return err
		}
		out.codes = make([]uint16, out.rows)
		return nil
	}
	return d.roomFor(out)
}

func (d *chunkDecoder) roomFor(out *output) error {
	if err := d.spend(int64(out.rows) * d.leaf.elemBytes()); err != nil {
		return err
	}
	room(&out.v, d.leaf, out.rows)
	return nil
}

// flatten turns the codes of the first rows rows to values, because a page without codes follows.
func (d *chunkDecoder) flatten(out *output, rows int) error {
	if err := d.roomFor(out); err != nil {
		return err
	}
	idx := make([]uint32, rows)
	for i, c := range out.codes[:rows] {
		idx[i] = uint32(c) // 0 under NULL: if all rows are NULL the dictionary may be empty
	}
	if d.dict.N > 0 {
		dst := part(&out.v, d.leaf, 0, rows)
		d.pickAll(&dst, idx)
	}
	out.coded, out.codes = false, nil
	return nil
}

// lookUp decodes codes to the values they stand for.
func (d *chunkDecoder) lookUp(dst *vec.Vec, src []byte) error {
	idx := sized(&d.buf.indexes, dst.N)
	if err := decodeIndexes(idx, src, d.dict.N); err != nil {
		return err
	}
	d.pickAll(dst, idx)
	return nil
}

// pickAll sets the rows of dst to the dictionary's values at idx.
func (d *chunkDecoder) pickAll(dst *vec.Vec, idx []uint32) {
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

func pick[T any](dst, dict []T, idx []uint32) {
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

// spread moves the first values elements of s apart, to the rows whose bits are set in valid from bit at on, and puts zeros between them.
func spread[T any](s []T, values int, valid vec.Bitmap, at int) {
	hi := len(s)
	for hi > values { // when as many rows are left as values, all of them are where they belong
		pos := at + hi - 1
		word := valid[pos>>6]
		lo := max(hi-1-pos&63, 0) // the rows of this word: [lo, hi)
		switch n := hi - lo; {
		case n == 64 && word == ^uint64(0):
			copy(s[lo:hi], s[values-64:values])
			values -= 64
		case word == 0:
			clear(s[lo:hi])
		default:
			values = spreadWord(s, lo, hi, values, word, at)
		}
		hi = lo
	}
}

// spreadWord does the rows of one word of a bitmap.
func spreadWord[T any](s []T, lo, hi, values int, word uint64, at int) int {
	var zero T
	for i := hi - 1; i >= lo; i-- {
		if word>>(uint(at+i)&63)&1 != 0 {
			values--
			s[i] = s[values]
		} else {
			s[i] = zero
		}
	}
	return values
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
	if out.coded {
		return vec.NewDict(out.codes, d.converted, valid), nil
	}
	out.v.Type = d.leaf.typ
	return d.leaf.convert(&out.v, valid)
}

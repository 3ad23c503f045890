package parquetio

import (
	"hash/crc32"
	"slices"

	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/stoadb/stoa/exprs/vec"
)

// The codecs (parquet.thrift, CompressionCodec). The first and the last but one are written, all are read.
const (
	codecNone   = 0
	codecSnappy = 1
	codecGzip   = 2
	codecBrotli = 4
	codecZstd   = 6
	codecLZ4Raw = 7
)

// chunkEncoder encodes the chunks of one column, one row group after the other, in buffers that it keeps. encode may run in a goroutine of its
// own; what it made is written by emit.
type chunkEncoder struct {
	*scratch // of the worker, while it encodes
	pageRows int
	stop     func() error // asked before each page

	ruling ruling // by what it chooses, or has chosen for the row groups after it

	enc    encoding   // of the data pages
	codec  int64      // of all pages
	dict   pageSpan   // the dictionary page: its bytes, and its number of values; no values without a dictionary
	pages  []pageSpan // the data pages
	raw    []byte     // the encoded pages
	packed []byte     // the compressed pages
	bounds bounds     // of the chunk
	text   bool       // the values are strings

	header []byte
}

// pageSpan is a page to be: its rows, its values, its bytes in raw and, if the chunk is compressed, in packed.
type pageSpan struct {
	row, rows              int
	value, values          int
	start, end             int
	packedStart, packedEnd int
	bounds                 bounds
}

// chunk is what was written of a column.
type chunk struct {
	codec              int64
	encodings          []encoding
	dictOffset, offset int64 // dictOffset is 0 without a dictionary
	size, rawSize      int64
	crc                uint32
	bounds             bounds
	dictPages, pages   int32
	enc                encoding // of the data pages
}

// encode encodes and compresses the buffer's rows. Its only errors are those of stop.
func (w *chunkEncoder) encode(b *columnBuffer, s *scratch) error {
	w.scratch = s
	defer func() { w.scratch = nil }()
	w.raw, w.packed, w.pages = slices.Grow(w.raw[:0], b.weight()), w.packed[:0], w.pages[:0]
	w.dict, w.bounds = pageSpan{}, bounds{}
	if err := w.stop(); err != nil {
		return err
	}
	w.choose(b)
	if !w.bits() { // whether others are compressed is to be settled too
		w.ruling.decided()
	}
	if err := w.encodePages(b); err != nil {
		return err
	}
	if err := w.compress(b); err != nil {
		return err
	}
	w.ruling.decided()
	less := orderOf(b.form)
	for i := range w.pages {
		w.bounds.merge(&w.pages[i].bounds, less)
	}
	return nil
}

// emit writes the pages and describes them to the two indexes.
func (w *chunkEncoder) emit(out *sink, columns metadata.ColumnIndexBuilder, offsets *metadata.OffsetIndexBuilder) (*chunk, error) {
	c := &chunk{enc: w.enc, codec: w.codec, encodings: []encoding{w.enc, encRLE}, bounds: w.bounds}
	from := out.mark()
	if w.dict.values > 0 || w.enc == encRLEDictionary {
		c.encodings = append(c.encodings, encPlain)
		c.dictOffset, c.dictPages = from, 1
		h := pageHeader{kind: pageDictionary, values: int32(w.dict.values), enc: encPlain}
		if err := w.writePage(out, c, &h, &w.dict); err != nil {
			return nil, err
		}
	}
	c.offset = out.Tell()
	for i := range w.pages {
		p := &w.pages[i]
		at := out.Tell()
		h := pageHeader{kind: pageData, values: int32(p.rows), enc: c.enc}
		if err := w.writePage(out, c, &h, p); err != nil {
			return nil, err
		}
		c.pages++
		if err := columns.AddPage(p.bounds.page()); err != nil {
			return nil, err
		}
		if err := offsets.AddPage(at, int64(p.row), int32(out.Tell()-at)); err != nil {
			return nil, err
		}
	}
	c.size, c.crc = out.Tell()-from, out.crc
	return c, nil
}

// writePage writes one page.
func (w *chunkEncoder) writePage(out *sink, c *chunk, h *pageHeader, p *pageSpan) error {
	data := w.raw[p.start:p.end]
	var err error
	if h.uncompressed, err = pageSize(len(data)); err != nil {
		return err
	}
	c.rawSize += int64(len(data))
	if c.codec == codecZstd {
		data = w.packed[p.packedStart:p.packedEnd]
	}
	if h.compressed, err = pageSize(len(data)); err != nil {
		return err
	}
	h.crc = crc32.ChecksumIEEE(data)
	w.header = h.append(w.header[:0])
	c.rawSize += int64(len(w.header))
	if _, err = out.Write(w.header); err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}

// bits tells whether the data pages hold bits and no text.
func (w *chunkEncoder) bits() bool { return !w.text || w.enc == encRLEDictionary }

// compress decides by the dictionary and the first page whether the chunk is compressed, unless a precedent says of bits that they are not, and compresses it.
func (w *chunkEncoder) compress(b *columnBuffer) error {
	w.codec = codecNone
	if len(w.pages) == 0 || b.rows == 0 {
		return nil
	}
	own, stored := false, false // the precedent is this chunk's; its data pages are codes that look random
	if w.bits() {
		if w.ruling.await(); w.ruling.own {
			own = true
		} else if w.ruling.plain && (!w.text || w.worth() == zstdWorthCodes) {
			return nil
		} else {
			stored = w.ruling.stored && w.enc == encRLEDictionary
		}
	}
	if w.dict.packedEnd == 0 {
		w.pack(&w.dict)
	}
	w.packPage(&w.pages[0], stored)
	size := func(p *pageSpan) (raw, packed int) { return p.end - p.start, p.packedEnd - p.packedStart }
	firstRaw, firstPacked := size(&w.pages[0])
	dictRaw, dictPacked := size(&w.dict)
	raw, packed := firstRaw*len(w.pages)+dictRaw, firstPacked*len(w.pages)+dictPacked
	if float64(packed) >= w.worth()*float64(raw) {
		if own {
			w.ruling.plain = !w.text || w.worth() == zstdWorthCodes
		}
		return nil
	}
	w.codec = codecZstd
	stored = w.enc == encRLEDictionary && firstPacked >= firstRaw // so will those of the other pages
	if own {
		w.ruling.stored = stored
	}
	for i := range w.pages[1:] {
		if err := w.stop(); err != nil {
			return err
		}
		w.packPage(&w.pages[i+1], stored)
	}
	return nil
}

// packPage compresses a data page, or stores it.
func (w *chunkEncoder) packPage(p *pageSpan, stored bool) {
	if !stored {
		w.pack(p)
		return
	}
	p.packedStart = len(w.packed)
	w.packed = appendStoredFrame(w.packed, w.raw[p.start:p.end])
	p.packedEnd = len(w.packed)
}

// pack compresses a page.
func (w *chunkEncoder) pack(p *pageSpan) {
	p.packedStart = len(w.packed)
	what := pageBits
	switch {
	case w.text && p == &w.dict:
		what = dictionaryText
	case w.text && w.enc != encRLEDictionary:
		what = pageText
	}
	if p.end > p.start {
		w.packed = w.zstd.appendPage(w.packed, w.raw[p.start:p.end], what)
	}
	p.packedEnd = len(w.packed)
}

// encodePages cuts the rows into pages and encodes them.
func (w *chunkEncoder) encodePages(b *columnBuffer) error {
	value := 0
	for row := 0; row < b.rows; {
		if err := w.stop(); err != nil {
			return err
		}
		rows, values := w.cutPage(b, row, value)
		p := pageSpan{row: row, rows: rows, value: value, values: values, start: len(w.raw)}
		if b.form.optional {
			w.raw = appendLevels(w.raw, b.valid, row, row+rows)
		}
		w.encodeValues(b, &p)
		p.end = len(w.raw)
		p.bounds.nulls, p.bounds.values = int64(rows-values), int64(values)
		w.pages = append(w.pages, p)
		row, value = row+rows, value+values
	}
	return nil
}

// cutPage gives the rows and the values of the page that starts at row.
func (w *chunkEncoder) cutPage(b *columnBuffer, row, value int) (rows, values int) {
	rows = min(w.pageRows, b.rows-row)
	values = countBits(b.valid, row, rows)
	if b.form.physical != physByteArray || b.coded() {
		return rows, values
	}
	size := 0
	for i, s := range b.strs[value : value+values] {
		size += len(s)
		if size > pageBytes && i > 0 {
			return rowsOf(b.valid, row, i), i
		}
	}
	return rows, values
}

// countBits counts the ones among n bits from bit pos on; all bits of a nil bitmap are ones.
func countBits(b vec.Bitmap, pos, n int) int {
	if b == nil {
		return n
	}
	return b.Slice(pos, pos+n).Count(n)
}

// rowsOf gives the number of rows from row on that hold the first values values, and no row more.
func rowsOf(b vec.Bitmap, row, values int) int {
	if b == nil {
		return values
	}
	rows := 0
	for ; values > 0; rows++ {
		if b.Get(row + rows) {
			values--
		}
	}
	return rows
}

// encodeValues encodes the values of a page and finds their bounds.
func (w *chunkEncoder) encodeValues(b *columnBuffer, p *pageSpan) {
	lo, hi := p.value, p.value+p.values
	switch b.form.physical {
	case physInt32, physInt64:
		w.encodeInts(b, lo, hi)
		p.bounds = intBounds(b.ints[lo:hi], b.form.narrow)
	case physFloat, physDouble:
		w.raw = appendPlainFloats(w.raw, b.floats[lo:hi], b.form.narrow)
		p.bounds = floatBounds(b.floats[lo:hi], b.form.narrow)
	case physBoolean:
		w.raw = appendPlainBools(w.raw, b.bools[lo:hi])
		p.bounds = boolBounds(b.bools[lo:hi])
	case physFixed:
		w.raw = append(w.raw, uuidBytes(b.uuids[lo:hi])...)
		p.bounds = uuidBounds(b.uuids[lo:hi])
	default:
		w.encodeStrings(b, p)
	}
	if !b.form.ordered {
		p.bounds = bounds{}
	}
}

func (w *chunkEncoder) encodeInts(b *columnBuffer, lo, hi int) {
	if w.enc == encRLEDictionary {
		w.raw = appendCodes(w.raw, w.ints.codes[lo:hi], codeWidth(w.dict.values))
		return
	}
	w.raw = appendDelta(w.raw, b.ints[lo:hi], b.form.narrow)
}

func (w *chunkEncoder) encodeStrings(b *columnBuffer, p *pageSpan) {
	lo, hi := p.value, p.value+p.values
	if b.coded() {
		w.raw = appendCodes(w.raw, b.codes[lo:hi], codeWidth(w.dict.values))
		p.bounds = codeBounds(b.codes[lo:hi], b.table.entries)
		return
	}
	w.raw = w.appendStrings(w.raw, b.strs[lo:hi], w.enc)
	if b.form.ordered { // else they would be found for nothing
		p.bounds = stringBounds(b.strs[lo:hi])
	}
}

// appendStrings appends a page of strings in one of the two delta encodings.
func (w *chunkEncoder) appendStrings(dst []byte, values []string, enc encoding) []byte {
	if enc == encDeltaByteArray {
		dst, w.rest = appendDeltaStrings(dst, values, sized(&w.lengths, len(values)), w.rest)
		return dst
	}
	return appendDeltaLengths(dst, values, sized(&w.lengths, len(values)))
}

package parquetio

import (
	"hash/crc32"
	"unsafe"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/zstd"

	"github.com/stoadb/stoa/exprs/vec"
)

// zstd must make a chunk this much smaller to be used, for it costs a reader time. Delta-packed integers are asked for more: 10 million values of
// memory_used took 44 MB and 50 ms to scan without zstd, 42 MB and 75 ms with it.
const (
	zstdWorth     = 0.90
	zstdWorthInts = 0.80
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

// chunkWriter encodes column chunks, one after the other, in buffers that it keeps.
type chunkWriter struct {
	out     *sink
	zstd    *zstd.Encoder
	body    []byte // the encoded pages
	packed  []byte // the compressed page
	first   []byte // the first data page as chooseCodec compressed it
	header  []byte
	pages   []pageSpan
	lengths []int64
}

// pageSpan is a page to be: its rows, its values, its bytes in body.
type pageSpan struct {
	row, rows     int
	value, values int
	start, end    int
	bounds        bounds
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

// write writes the buffer's rows. Pages are described to the two indexes.
func (w *chunkWriter) write(b *columnBuffer, columns metadata.ColumnIndexBuilder, offsets *metadata.OffsetIndexBuilder) (*chunk, error) {
	b.settle()
	dict := b.coded()
	w.encode(b, dict)
	var dictionary []byte
	if dict {
		dictionary = appendPlainStrings(nil, b.table.entries)
	}
	c := &chunk{enc: dataEncoding(b, dict), codec: w.chooseCodec(b, dictionary)}
	c.encodings = []encoding{c.enc, encRLE}
	from := w.out.mark()
	if dict {
		c.encodings = append(c.encodings, encPlain)
		c.dictOffset, c.dictPages = from, 1
		h := pageHeader{kind: pageDictionary, values: int32(len(b.table.entries)), enc: encPlain}
		if err := w.writePage(c, &h, dictionary); err != nil {
			return nil, err
		}
	}
	c.offset = w.out.Tell()
	less := orderOf(b.form)
	for i := range w.pages {
		p := &w.pages[i]
		at := w.out.Tell()
		h := pageHeader{kind: pageData, values: int32(p.rows), enc: c.enc}
		if err := w.writePage(c, &h, w.body[p.start:p.end]); err != nil {
			return nil, err
		}
		c.pages++
		c.bounds.merge(&p.bounds, less)
		if err := columns.AddPage(p.bounds.page()); err != nil {
			return nil, err
		}
		if err := offsets.AddPage(at, int64(p.row), int32(w.out.Tell()-at)); err != nil {
			return nil, err
		}
	}
	c.size, c.crc = w.out.Tell()-from, w.out.crc
	return c, nil
}

// writePage writes one page, compressed as the chunk is.
func (w *chunkWriter) writePage(c *chunk, h *pageHeader, raw []byte) error {
	data := raw
	switch {
	case c.codec == codecZstd && h.kind == pageData && c.pages == 0:
		data = w.first
	case c.codec == codecZstd:
		w.packed = w.zstd.EncodeAll(raw, w.packed[:0])
		data = w.packed
	}
	var err error
	if h.uncompressed, err = pageSize(len(raw)); err != nil {
		return err
	}
	if h.compressed, err = pageSize(len(data)); err != nil {
		return err
	}
	h.crc = crc32.ChecksumIEEE(data)
	w.header = h.append(w.header[:0])
	if _, err = w.out.Write(w.header); err != nil {
		return err
	}
	_, err = w.out.Write(data)
	c.rawSize += int64(len(w.header) + len(raw))
	return err
}

// dataEncoding gives the encoding of a chunk's data pages.
func dataEncoding(b *columnBuffer, dict bool) encoding {
	switch b.form.physical {
	case physInt32, physInt64:
		return encDeltaBinaryPacked
	case physByteArray:
		if dict {
			return encRLEDictionary
		}
		return encDeltaLengthByteArray
	default:
		return encPlain
	}
}

// chooseCodec tries zstd on the dictionary and the first page, and takes it when that makes the chunk enough smaller.
func (w *chunkWriter) chooseCodec(b *columnBuffer, dictionary []byte) int64 {
	if len(w.pages) == 0 {
		return codecNone
	}
	p := w.pages[0]
	first := w.body[p.start:p.end]
	w.first = w.zstd.EncodeAll(first, w.first[:0])
	packed := len(w.first) * len(w.pages)
	w.packed = w.zstd.EncodeAll(dictionary, w.packed[:0])
	packed += len(w.packed)
	worth := zstdWorth
	if dataEncoding(b, dictionary != nil) == encDeltaBinaryPacked {
		worth = zstdWorthInts
	}
	if float64(packed) < worth*float64(len(first)*len(w.pages)+len(dictionary)) {
		return codecZstd
	}
	return codecNone
}

// encode cuts the rows into pages and encodes them into w.body.
func (w *chunkWriter) encode(b *columnBuffer, dict bool) {
	w.body, w.pages = w.body[:0], w.pages[:0]
	value := 0
	for row := 0; row < b.rows; {
		rows, values := cutPage(b, dict, row, value)
		p := pageSpan{row: row, rows: rows, value: value, values: values, start: len(w.body)}
		if b.form.optional {
			w.body = appendLevels(w.body, b.valid, row, row+rows)
		}
		w.encodeValues(b, dict, &p)
		p.end = len(w.body)
		p.bounds.nulls, p.bounds.values = int64(rows-values), int64(values)
		w.pages = append(w.pages, p)
		row, value = row+rows, value+values
	}
}

// cutPage gives the rows and the values of the page that starts at row.
func cutPage(b *columnBuffer, dict bool, row, value int) (rows, values int) {
	rows = min(pageRows, b.rows-row)
	values = countBits(b.valid, row, rows)
	if b.form.physical != physByteArray || dict {
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
func (w *chunkWriter) encodeValues(b *columnBuffer, dict bool, p *pageSpan) {
	lo, hi := p.value, p.value+p.values
	switch b.form.physical {
	case physInt32, physInt64:
		w.body = appendDelta(w.body, b.ints[lo:hi], b.form.narrow)
		p.bounds = intBounds(b.ints[lo:hi], b.form.narrow)
	case physFloat, physDouble:
		w.body = appendPlainFloats(w.body, b.floats[lo:hi], b.form.narrow)
		p.bounds = floatBounds(b.floats[lo:hi], b.form.narrow)
	case physBoolean:
		w.body = appendPlainBools(w.body, b.bools[lo:hi])
		p.bounds = boolBounds(b.bools[lo:hi])
	case physFixed:
		w.body = append(w.body, uuidBytes(b.uuids[lo:hi])...)
		p.bounds = uuidBounds(b.uuids[lo:hi])
	default:
		w.encodeStrings(b, dict, p)
	}
	if !b.form.ordered {
		p.bounds = bounds{}
	}
}

func (w *chunkWriter) encodeStrings(b *columnBuffer, dict bool, p *pageSpan) {
	lo, hi := p.value, p.value+p.values
	if !dict {
		w.body = appendDeltaLengths(w.body, b.strs[lo:hi], sized(&w.lengths, hi-lo))
		if b.form.ordered { // else they would be found for nothing
			p.bounds = stringBounds(b.strs[lo:hi])
		}
		return
	}
	entries := b.table.entries
	w.body = appendCodes(w.body, b.codes[lo:hi], codeWidth(len(entries)))
	p.bounds = codeBounds(b.codes[lo:hi], entries)
}

// uuidBytes gives the bytes of UUIDs, which lie one after the other already.
func uuidBytes(u [][16]byte) []byte {
	if len(u) == 0 {
		return nil
	}
	return unsafe.Slice(&u[0][0], 16*len(u))
}

// orderOf gives the order of a form's encoded values.
func orderOf(f form) func(x, y []byte) bool {
	switch f.physical {
	case physInt32:
		return lessInt32
	case physInt64:
		return lessInt64
	case physFloat:
		return lessFloat
	case physDouble:
		return lessDouble
	default:
		return lessBytes
	}
}

// bloomOf gives a bloom filter of the buffer's values, nil for types that have none.
func bloomOf(b *columnBuffer) []byte {
	var filter []byte
	switch {
	case b.form.physical == physFixed:
		filter = newBloom(len(b.uuids))
		for i := range b.uuids {
			bloomInsert(filter, xxhash.Sum64(b.uuids[i][:]))
		}
	case b.form.physical == physInt64 || b.form.physical == physInt32:
		filter = newBloom(len(b.ints))
		var plain [8]byte
		for _, v := range b.ints {
			bloomInsert(filter, xxhash.Sum64(appendPlainInts(plain[:0], []int64{v}, b.form.narrow)))
		}
	case b.form.physical == physByteArray && !b.form.textual:
		values := b.strs
		if b.coded() {
			values = b.table.entries
		}
		filter = newBloom(len(values))
		for _, s := range values {
			bloomInsert(filter, xxhash.Sum64String(s))
		}
	}
	return filter
}

// describe fills in the footer's entry for a chunk. values counts NULLs too.
func (c *chunk) describe(builder *metadata.ColumnChunkMetaDataBuilder, rows int, f form) error {
	stats := metadata.EncodingStats{DataEncodingStats: map[parquet.Encoding]int32{parquet.Encoding(c.enc): c.pages}}
	if c.dictPages > 0 {
		stats.DictEncodingStats = map[parquet.Encoding]int32{parquet.Encoding(encPlain): 1}
	}
	info := metadata.ChunkMetaInfo{
		NumValues: int64(rows), DictPageOffset: c.dictOffset, IndexPageOffset: -1, DataPageOffset: c.offset,
		CompressedSize: c.size, UncompressedSize: c.rawSize,
	}
	if err := builder.Finish(info, c.dictPages > 0, false, stats); err != nil {
		return err
	}
	builder.SetStats(c.statistics(f))
	meta := builder.Contents().MetaData
	setEnum(&meta.Codec, c.codec)
	meta.Encodings = meta.Encodings[:0]
	for _, e := range c.encodings {
		meta.Encodings = appendEnum(meta.Encodings, e)
	}
	exactMin, exactMax := len(c.bounds.min) <= chunkBoundBytes, len(c.bounds.max) <= chunkBoundBytes
	if c.bounds.known && f.ordered {
		meta.Statistics.IsMinValueExact, meta.Statistics.IsMaxValueExact = &exactMin, &exactMax
	}
	if f.physical == physFloat || f.physical == physDouble {
		meta.Statistics.NanCount = &c.bounds.nans
	}
	return nil
}

// statistics gives the bounds as the footer has them.
func (c *chunk) statistics(f form) metadata.EncodedStatistics {
	var s metadata.EncodedStatistics
	s.SetNullCount(c.bounds.nulls)
	// The old fields min and max are for readers that know no others; their order is signed.
	s.Signed = f.physical == physInt32 || f.physical == physInt64 || f.physical == physFloat || f.physical == physDouble
	if c.bounds.known {
		s.SetMin(cutLower(c.bounds.min, chunkBoundBytes))
		if upper, ok := cutUpper(c.bounds.max, chunkBoundBytes); ok {
			s.SetMax(upper)
		}
	}
	return s
}

// setEnum and appendEnum assign to enumerations whose types arrow-go keeps internal.

func setEnum[T ~int64](p *T, v int64) { *p = T(v) }

func appendEnum[T ~int64, V ~int32](s []T, v V) []T { return append(s, T(v)) }

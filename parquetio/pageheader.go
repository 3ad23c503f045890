package parquetio

import (
	"fmt"
	"math"
)

// The numbers of parquet.thrift that page headers use.
const (
	pageData       = 0
	pageDictionary = 2
	pageDataV2     = 3
)

// encoding is parquet.thrift's Encoding.
type encoding int32

const (
	encPlain                encoding = 0
	encPlainDictionary      encoding = 2
	encRLE                  encoding = 3
	encBitPacked            encoding = 4
	encDeltaBinaryPacked    encoding = 5
	encDeltaLengthByteArray encoding = 6
	encDeltaByteArray       encoding = 7
	encRLEDictionary        encoding = 8
	encByteStreamSplit      encoding = 9
)

// String names the encoding as parquet.thrift does.
func (e encoding) String() string {
	switch e {
	case encPlain:
		return "PLAIN"
	case encPlainDictionary:
		return "PLAIN_DICTIONARY"
	case encRLE:
		return "RLE"
	case encBitPacked:
		return "BIT_PACKED"
	case encDeltaBinaryPacked:
		return "DELTA_BINARY_PACKED"
	case encDeltaLengthByteArray:
		return "DELTA_LENGTH_BYTE_ARRAY"
	case encDeltaByteArray:
		return "DELTA_BYTE_ARRAY"
	case encRLEDictionary:
		return "RLE_DICTIONARY"
	case encByteStreamSplit:
		return "BYTE_STREAM_SPLIT"
	default:
		return fmt.Sprintf("encoding %d", int32(e))
	}
}

// pageHeader is parquet.thrift's PageHeader with the header of the page's kind folded in.
type pageHeader struct {
	kind                     int32
	uncompressed, compressed int32
	crc                      uint32 // CRC-32 (the polynomial of gzip) of the page's bytes as they are in the file
	hasCRC                   bool

	values     int32
	enc        encoding
	defEnc     encoding // v1
	nulls      int32    // v2
	rows       int32    // v2
	defLen     int32    // v2
	repLen     int32    // v2
	compressV2 bool     // v2: the values are compressed
	seen       uint32   // bit i: field i of the outer structure was there
}

// read reads a header from b and gives its length. errWireShort says that b may only be too short.
func (h *pageHeader) read(b []byte) (int, error) {
	*h = pageHeader{compressV2: true}
	r := wireReader{b: b}
	for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
		if id > 0 && id < 32 {
			h.seen |= 1 << id
		}
		switch {
		case id == 1 && w == wireI32:
			h.kind = r.i32()
		case id == 2 && w == wireI32:
			h.uncompressed = r.i32()
		case id == 3 && w == wireI32:
			h.compressed = r.i32()
		case id == 4 && w == wireI32:
			h.crc, h.hasCRC = uint32(r.i32()), true
		case (id == 5 || id == 7 || id == 8) && w == wireStruct:
			h.readKind(&r, id)
		default:
			r.skip(w, 0)
		}
	}
	if r.err != nil {
		return 0, r.err
	}
	return r.pos, h.check()
}

// readKind reads the header of a data page (5), a dictionary page (7) or a data page of version 2 (8).
func (h *pageHeader) readKind(r *wireReader, kind int16) {
	for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
		switch {
		case id == 1 && w == wireI32:
			h.values = r.i32()
		case id == 2 && w == wireI32 && kind != 8, id == 4 && w == wireI32 && kind == 8:
			h.enc = encoding(r.i32())
		case id == 3 && w == wireI32 && kind == 5:
			h.defEnc = encoding(r.i32())
		case id == 2 && w == wireI32 && kind == 8:
			h.nulls = r.i32()
		case id == 3 && w == wireI32 && kind == 8:
			h.rows = r.i32()
		case id == 5 && w == wireI32 && kind == 8:
			h.defLen = r.i32()
		case id == 6 && w == wireI32 && kind == 8:
			h.repLen = r.i32()
		case id == 7 && (w == wireTrue || w == wireFalse) && kind == 8:
			h.compressV2 = w == wireTrue
		default:
			r.skip(w, 0)
		}
	}
}

// check refuses what no page can be.
func (h *pageHeader) check() error {
	if h.uncompressed < 0 || h.compressed < 0 || h.values < 0 || h.defLen < 0 || h.repLen < 0 || h.nulls < 0 || h.rows < 0 {
		return errWireBad
	}
	want := map[int32]uint{pageData: 5, pageDictionary: 7, pageDataV2: 8}[h.kind]
	if want != 0 && h.seen&(1<<want) == 0 {
		return errWireBad
	}
	if h.kind == pageDataV2 && int64(h.defLen)+int64(h.repLen) > int64(min(h.compressed, h.uncompressed)) {
		return errWireBad
	}
	return nil
}

// append writes the header of a data page (version 1) or a dictionary page.
func (h *pageHeader) append(b []byte) []byte {
	w := wireWriter{b: b}
	w.i32(1, h.kind)
	w.i32(2, h.uncompressed)
	w.i32(3, h.compressed)
	w.i32(4, int32(h.crc))
	if h.kind == pageDictionary {
		outer := w.begin(7)
		w.i32(1, h.values)
		w.i32(2, int32(h.enc))
		w.bool(3, true) // ours are sorted
		w.end(outer)
	} else {
		outer := w.begin(5)
		w.i32(1, h.values)
		w.i32(2, int32(h.enc))
		w.i32(3, int32(encRLE))
		w.i32(4, int32(encRLE))
		w.end(outer)
	}
	return append(w.b, wireStop)
}

// pageSize checks that a page's size fits its header.
func pageSize(n int) (int32, error) {
	if n > math.MaxInt32 {
		return 0, fmt.Errorf("a page of %d bytes is longer than Parquet allows", n)
	}
	return int32(n), nil
}

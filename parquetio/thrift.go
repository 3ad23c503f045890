package parquetio

import (
	"encoding/binary"
	"errors"
)

// Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift), as far as footers, page indexes, page headers and bloom filter headers
// need it.

// The wire types.
const (
	wireStop   = 0
	wireTrue   = 1
	wireFalse  = 2
	wireByte   = 3
	wireI16    = 4
	wireI32    = 5
	wireI64    = 6
	wireDouble = 7
	wireBinary = 8
	wireList   = 9
	wireSet    = 10
	wireMap    = 11
	wireStruct = 12
	wireUUID   = 13 // which Parquet has nowhere
)

// maxWireDepth bounds the nesting of what is skipped; Parquet's structures nest six deep.
const maxWireDepth = 32

var (
	errWireShort = errors.New("structure of Thrift ends early")
	errWireBad   = errors.New("malformed Thrift structure")
)

// wireReader reads from b at pos. After the first failure err is set and reads give zeros.
type wireReader struct {
	b   []byte
	pos int
	err error
}

func (r *wireReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *wireReader) byte() byte {
	if r.err != nil || r.pos >= len(r.b) {
		r.fail(errWireShort)
		return 0
	}
	r.pos++
	return r.b[r.pos-1]
}

func (r *wireReader) uvarint() uint64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Uvarint(r.b[r.pos:])
	if n <= 0 {
		if n < 0 {
			r.fail(errWireBad)
		} else {
			r.fail(errWireShort)
		}
		return 0
	}
	r.pos += n
	return v
}

func (r *wireReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// i32 reads a 32-bit integer and refuses one that does not fit.
func (r *wireReader) i32() int32 {
	v := r.varint()
	if int64(int32(v)) != v {
		r.fail(errWireBad)
		return 0
	}
	return int32(v)
}

// binary reads a string of bytes, which shares the reader's memory.
func (r *wireReader) binary() []byte {
	n := r.uvarint()
	from := r.pos
	r.discard(n)
	if r.err != nil {
		return nil
	}
	return r.b[from:r.pos:r.pos]
}

// discard passes over n bytes.
func (r *wireReader) discard(n uint64) {
	if r.err == nil && n > uint64(len(r.b)-r.pos) {
		r.fail(errWireShort)
	}
	if r.err == nil {
		r.pos += int(n)
	}
}

// field reads a field header. Field numbers are relative to the last one; wireStop ends the structure.
func (r *wireReader) field(last int16) (id int16, wire byte) {
	h := r.byte()
	wire = h & 15
	if wire == wireStop || r.err != nil {
		return 0, wireStop
	}
	if h>>4 != 0 {
		return last + int16(h>>4), wire
	}
	return int16(r.varint()), wire
}

// skip passes over a value.
func (r *wireReader) skip(wire byte, depth int) {
	if depth > maxWireDepth {
		r.fail(errWireBad)
	}
	if r.err != nil {
		return
	}
	switch wire {
	case wireTrue, wireFalse:
	case wireByte:
		r.discard(1)
	case wireI16, wireI32, wireI64:
		r.uvarint()
	case wireDouble:
		r.discard(8)
	case wireBinary:
		r.discard(r.uvarint())
	case wireList, wireSet:
		r.skipList(depth)
	case wireMap:
		r.skipMap(depth)
	case wireStruct:
		for id, w := r.field(0); w != wireStop && r.err == nil; id, w = r.field(id) {
			r.skip(w, depth+1)
		}
	default:
		r.fail(errWireBad)
	}
}

// list reads the header of a list, and refuses a number of elements that what is left cannot hold: each takes at least one byte. An empty list has a type too.
func (r *wireReader) list() (n uint64, wire byte) {
	h := r.byte()
	n, wire = uint64(h>>4), h&15
	if n == 15 {
		n = r.uvarint()
	}
	if r.err == nil && n > uint64(len(r.b)-r.pos) {
		r.fail(errWireShort)
	}
	if wire > wireUUID {
		r.fail(errWireBad)
	}
	if r.err != nil {
		return 0, 0
	}
	return n, wire
}

func (r *wireReader) skipList(depth int) {
	n, wire := r.list()
	for ; n > 0 && r.err == nil; n-- {
		r.skipElem(wire, depth+1)
	}
}

func (r *wireReader) skipMap(depth int) {
	n := r.uvarint()
	if n == 0 {
		return
	}
	types := r.byte()
	if r.err == nil && n > uint64(len(r.b)-r.pos) {
		r.fail(errWireShort)
	}
	for ; n > 0 && r.err == nil; n-- {
		r.skipElem(types>>4, depth+1)
		r.skipElem(types&15, depth+1)
	}
}

// skipElem is skip for an element of a list or map, in which a boolean takes a byte.
func (r *wireReader) skipElem(wire byte, depth int) {
	if wire == wireTrue || wire == wireFalse {
		r.discard(1)
		return
	}
	r.skip(wire, depth)
}

// wireWriter appends a structure.
type wireWriter struct {
	b    []byte
	last int16
}

// i32 appends a 32-bit field; fields come in ascending order, at most 15 apart.
func (w *wireWriter) i32(id int16, v int32) {
	w.head(id, wireI32)
	w.b = binary.AppendUvarint(w.b, uint64(uint32(v<<1)^uint32(v>>31)))
}

func (w *wireWriter) bool(id int16, v bool) {
	if v {
		w.head(id, wireTrue)
	} else {
		w.head(id, wireFalse)
	}
}

func (w *wireWriter) head(id int16, wire byte) {
	w.b = append(w.b, byte(id-w.last)<<4|wire)
	w.last = id
}

// begin opens a structure as a field; end closes it and takes up the numbering of the outer one.
func (w *wireWriter) begin(id int16) (outer int16) {
	w.head(id, wireStruct)
	w.last = 0
	return id
}

func (w *wireWriter) end(outer int16) {
	w.b = append(w.b, wireStop)
	w.last = outer
}

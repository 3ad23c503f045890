package arrowjson

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// flatReader reads a FlatBuffers buffer that anyone may have written: what would lie outside of it is an error, after which everything reads as absent. (The
// generated readers of arrow-go are internal to it, and panic.)
//
//	root     u32: the distance to the root table
//	table    i32: the distance back to its vtable; then its fields
//	vtable   u16: its size; u16: the table's size; u16 for each field: where in the table it is, 0 when it is absent and has its default
//	string   u32: its length; its bytes          vector   u32: its length; its elements
//
// A field that is a table, a string or a vector, and an element that is a table, is a u32: the distance from there to it. Distances may lead to one place many
// times, so that a small buffer can be a large tree: tables and texts are counted.
type flatReader struct {
	data   []byte
	tables int // that may still be read: an honest buffer has no two in the same four bytes
	texts  int // bytes of text that may still be taken
	err    error
}

func newFlatReader(data []byte) *flatReader {
	return &flatReader{data: data, tables: len(data) / 4, texts: 4 * len(data)}
}

// invalidBinaryRepresentation is PostgreSQL's code for what its binary input refuses.
const invalidBinaryRepresentation sqlstate.Code = "22P03"

// invalidIPC is the error for what is no Arrow schema in Arrow's IPC format.
func invalidIPC(format string, args ...any) *sqlstate.Error {
	return sqlstate.New(invalidBinaryRepresentation, "invalid Arrow schema: "+format, args...)
}

func (r *flatReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = invalidIPC(format, args...)
	}
}

// bytes gives n bytes from at on, nil after an error.
func (r *flatReader) bytes(at, n int) []byte {
	if r.err == nil && (at < 0 || n < 0 || at > len(r.data)-n) {
		r.fail("%d bytes at byte %d are not within its %d", sqlstate.SafeInt(n), sqlstate.SafeInt(at), sqlstate.SafeInt(len(r.data)))
	}
	if r.err != nil {
		return nil
	}
	return r.data[at : at+n]
}

func (r *flatReader) u16(at int) int {
	if b := r.bytes(at, 2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

// u32 reads a distance or a length, which in a buffer of at most 2 GiB has 31 bits.
func (r *flatReader) u32(at int) int {
	n := r.i32(at)
	if n < 0 {
		r.fail("%d at byte %d is no distance or length", sqlstate.SafeInt(uint32(n)), sqlstate.SafeInt(at))
		return 0
	}
	return n
}

func (r *flatReader) i32(at int) int {
	if b := r.bytes(at, 4); b != nil {
		return int(int32(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

// flatTable is a table. The zero table is one without fields.
type flatTable struct {
	r          *flatReader
	at, size   int
	vtable, vn int // where the vtable is, and its size
}

// table reads the head of a table.
func (r *flatReader) table(at int) flatTable {
	if r.tables--; r.tables < 0 {
		r.fail("it has more tables than there is room for")
	}
	t := flatTable{r: r, at: at, vtable: at - r.i32(at)}
	t.vn, t.size = r.u16(t.vtable), r.u16(t.vtable+2)
	r.bytes(t.vtable, t.vn)
	r.bytes(at, t.size)
	return t
}

// field gives the place of a field of a number of bytes, 0 when it is absent.
func (t flatTable) field(n, width int) int {
	if t.r == nil || t.r.err != nil || 4+2*n+2 > t.vn {
		return 0
	}
	at := t.r.u16(t.vtable + 4 + 2*n)
	if at == 0 {
		return 0
	}
	if at+width > t.size {
		t.r.fail("a field of the table at byte %d is not within it", sqlstate.SafeInt(t.at))
		return 0
	}
	return t.at + at
}

// integer gives an integer of 1, 2, 4 or 8 bytes.
func (t flatTable) integer(n, width int, absent int64) int64 {
	at := t.field(n, width)
	if at == 0 {
		return absent
	}
	b := t.r.bytes(at, width)
	switch {
	case b == nil:
		return absent
	case width == 1:
		return int64(b[0])
	case width == 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case width == 4:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

func (t flatTable) bool(n int) bool { return t.integer(n, 1, 0) != 0 }

// far follows the distance at a field: 0 when it is absent.
func (t flatTable) far(n int) int {
	at := t.field(n, 4)
	if at == 0 {
		return 0
	}
	return at + t.r.u32(at)
}

// child gives the table of a field, and whether there is one.
func (t flatTable) child(n int) (flatTable, bool) {
	at := t.far(n)
	if at == 0 {
		return flatTable{}, false
	}
	return t.r.table(at), true
}

// vector gives the place of a vector's first element and the number of its elements, each of a number of bytes.
func (t flatTable) vector(n, width int) (at, length int) {
	if at = t.far(n); at == 0 {
		return 0, 0
	}
	length = t.r.u32(at)
	if length > len(t.r.data)/width {
		t.r.fail("a vector at byte %d has %d elements", sqlstate.SafeInt(at), sqlstate.SafeInt(length))
	}
	if t.r.bytes(at+4, length*width) == nil {
		return 0, 0
	}
	return at + 4, length
}

// children gives the tables of a vector.
func (t flatTable) children(n int) []flatTable {
	at, length := t.vector(n, 4)
	var out []flatTable
	for i := 0; i < length && t.r.err == nil; i++ {
		element := at + 4*i
		out = append(out, t.r.table(element+t.r.u32(element)))
	}
	return out
}

// text gives a string, and whether there is one.
func (t flatTable) text(n int) (s string, ok bool) {
	at, length := t.vector(n, 1)
	if at == 0 {
		return "", false
	}
	if t.r.texts -= length; t.r.texts < 0 {
		t.r.fail("it has more text than there is room for")
	}
	b := t.r.bytes(at, length)
	if !utf8.Valid(b) {
		t.r.fail("the text at byte %d is not UTF-8", sqlstate.SafeInt(at))
	}
	return string(b), t.r.err == nil
}

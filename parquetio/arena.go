package parquetio

import "github.com/stoadb/stoa/exprs/vec"

// arena is what vectors are made of. With a nil arena each vector gets its own; otherwise those of one read use what those of the read before had,
// which saves the time in which the system clears fresh pages: more than decoding takes.
type arena struct {
	ints   []int64
	floats []float64
	bools  []bool
	uuids  [][16]byte
	strs   []string
	codes  []uint16
	valid  vec.Bitmap
	texts  [][]byte // pages to which strings refer
	used   int      // of texts
	keep   bool     // pages to which strings refer are not used again
}

// reuse makes the arena ready for the next read.
func (m *arena) reuse() {
	if m != nil {
		m.used = 0
	}
}

// text gives n bytes to which strings may refer.
func (m *arena) text(n int) []byte {
	if m.keeps() {
		return make([]byte, n)
	}
	if m.used == len(m.texts) {
		m.texts = append(m.texts, nil)
	}
	m.used++
	return sized(&m.texts[m.used-1], n)
}

// keeps tells whether strings stay valid after the next read.
func (m *arena) keeps() bool { return m == nil || m.keep }

// codesFor gives n codes.
func (m *arena) codesFor(n int) []uint16 {
	if m == nil {
		return make([]uint16, n)
	}
	return sized(&m.codes, n)
}

// validFor gives n bits, all zero.
func (m *arena) validFor(n int) vec.Bitmap {
	if m == nil {
		return make(vec.Bitmap, (n+63)/64)
	}
	b := sized((*[]uint64)(&m.valid), (n+63)/64)
	clear(b)
	return b
}

// room makes room for n values of a physical type in v. Only the slice that belongs to the type is used, whatever SQL type v has.
func (m *arena) room(v *vec.Vec, l *leaf, n int) {
	if m == nil {
		m = &arena{}
	}
	switch l.slot() {
	case slotInts:
		v.Ints = sized(&m.ints, n)
	case slotFloats:
		v.Floats = sized(&m.floats, n)
	case slotBools:
		v.Bools = sized(&m.bools, n)
	case slotUUIDs:
		v.UUIDs = sized(&m.uuids, n)
	default:
		v.Strs = sized(&m.strs, n)
	}
	v.N = n
}

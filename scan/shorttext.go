package scan

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// shortTable numbers texts of at most shortText bytes. They lie in the slots, as two words and a length, so that a hit touches one cache line and compares
// words: names, types, nodes and users are short.
type shortTable struct {
	slots []shortSlot // a power of two of them
	shift uint
	n     int
}

// shortSlot is a text and its number plus one; 0 in an empty slot.
type shortSlot struct {
	a, b   uint64
	length uint32
	id     uint32
}

// shortText is the largest length of a text that two words hold.
const shortText = 16

// shortWords gives the bytes of a text of at most shortText bytes as two words, which with the length tell it from all others.
func shortWords(s string) (a, b uint64) {
	p := unsafe.Slice(unsafe.StringData(s), len(s))
	switch {
	case len(p) >= 8:
		return binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[len(p)-8:])
	case len(p) >= 4:
		return uint64(binary.LittleEndian.Uint32(p)), uint64(binary.LittleEndian.Uint32(p[len(p)-4:]))
	case len(p) > 0:
		return uint64(p[0]) | uint64(p[len(p)/2])<<8 | uint64(p[len(p)-1])<<16, 0
	}
	return 0, 0
}

func shortHash(a, b uint64, length uint32) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd6e8feb86659fd93^uint64(length)<<56)
	hi, lo = bits.Mul64(hi^lo^a, 0xa0761d6478bd642f)
	return hi ^ lo
}

// known gives the number of a text, noGroup if it has none.
func (t *shortTable) known(s string) uint32 {
	a, b := shortWords(s)
	return t.knownWords(a, b, uint32(len(s)))
}

// knownWords is known for the words of a text, or of what else is told apart by two words and a length.
func (t *shortTable) knownWords(a, b uint64, length uint32) uint32 {
	if len(t.slots) == 0 {
		return noGroup
	}
	mask := uint64(len(t.slots) - 1)
	at := shortHash(a, b, length) >> (t.shift & 63)
	slot := &t.slots[at&mask]
	for slot.id != 0 && (slot.a != a || slot.b != b || slot.length != length) {
		at++
		slot = &t.slots[at&mask]
	}
	return slot.id - 1
}

// find gives the number of a text, or gives it the number next.
func (t *shortTable) find(s string, next uint32) (id uint32, fresh bool) {
	a, b := shortWords(s)
	return t.findWords(a, b, uint32(len(s)), next)
}

// findWords is find as knownWords is known.
func (t *shortTable) findWords(a, b uint64, length, next uint32) (id uint32, fresh bool) {
	if 2*t.n >= len(t.slots) {
		_ = t.grow(unwatched)
	}
	mask := uint64(len(t.slots) - 1)
	for at := shortHash(a, b, length) >> t.shift; ; at = (at + 1) & mask {
		slot := &t.slots[at]
		if slot.id == 0 {
			*slot = shortSlot{a, b, length, next + 1}
			t.n++
			return next, true
		}
		if slot.a == a && slot.b == b && slot.length == length {
			return slot.id - 1, false
		}
	}
}

// grow is wordTable.grow.
func (t *shortTable) grow(watch func() error) (err error) {
	t.slots, t.shift, err = grown(t.slots, t.shift, moveShorts, watch)
	return err
}

func moveShorts(part, into []shortSlot, shift uint) {
	mask := uint64(len(into) - 1)
	for i := range part {
		s := &part[i]
		if s.id == 0 {
			continue
		}
		at := shortHash(s.a, s.b, s.length) >> (shift & 63)
		for into[at&mask].id != 0 {
			at++
		}
		into[at&mask] = *s
	}
}

func (t *shortTable) bytes() int64 { return int64(len(t.slots)) * 24 }

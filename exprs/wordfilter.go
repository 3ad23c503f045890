package exprs

import (
	"encoding/binary"
	"math/bits"

	"github.com/stoadb/stoa/exprs/vec"
)

// wordFilter has a bit set for each of some words, by its hash: most others are told by a bit in the cache. nil may have any word.
type wordFilter struct {
	bits  []uint64
	shift uint // of a hash, to a bit's number
}

const (
	// fewWords is the number of words up to which a map is as quick.
	fewWords = 32
	// wordBits is the number of bits a word, of which one in as many is set.
	wordBits = 16
	// mostFilter is the logarithm of the number of bits that stay in the second-level cache.
	mostFilter = 22
)

// newWordFilter gives an empty filter for n words, nil for few.
func newWordFilter(n int) *wordFilter {
	if n <= fewWords {
		return nil
	}
	log := min(mostFilter, bits.Len(uint(n*wordBits)))
	return &wordFilter{bits: make([]uint64, 1<<(log-6)), shift: uint(64 - log)}
}

func (f *wordFilter) place(w uint64) uint64 { return vec.MixWord(w) >> (f.shift & 63) }

func (f *wordFilter) add(w uint64) {
	if f != nil {
		at := f.place(w)
		f.bits[at>>6] |= 1 << (at & 63)
	}
}

func (f *wordFilter) mayHave(w uint64) bool {
	if f == nil {
		return true
	}
	at := f.place(w)
	return f.bits[at>>6]>>(at&63)&1 != 0
}

// uuidWord gives a word of all bits of a UUID.
func uuidWord(u *[16]byte) uint64 {
	return binary.LittleEndian.Uint64(u[:8]) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(u[8:]), 29)
}

package torture

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
)

// another says that a file of the same kind stands in a file's place.
const another = "another of its kind in its place"

// Sector is the size in bytes of what a disk writes or loses at once.
const Sector = 512

// Damage changes the content of a file at random, and says how. others are files of the same kind, one of which may take its place. gone: the file is to be
// removed. The result is never what it was.
func Damage(r *rand.Rand, content []byte, others [][]byte) (damaged []byte, gone bool, what string) {
	for {
		damaged, gone, what = damage(r, slices.Clone(content), others)
		if gone || !bytes.Equal(damaged, content) {
			return damaged, gone, what
		}
	}
}

func damage(r *rand.Rand, b []byte, others [][]byte) ([]byte, bool, string) {
	if len(b) == 0 {
		return []byte{byte(r.IntN(256))}, false, "a byte in an empty file"
	}
	at := r.IntN(len(b))
	switch n := r.IntN(100); {
	case n < 60:
		bit := r.IntN(8)
		b[at] ^= 1 << bit
		return b, false, fmt.Sprintf("bit %d of byte %d flipped", bit, at)
	case n < 66:
		flips := 2 + r.IntN(6)
		for range flips {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b, false, fmt.Sprintf("%d bits flipped", flips)
	case n < 74:
		at -= at % Sector
		clear(b[at:min(at+Sector, len(b))])
		return b, false, fmt.Sprintf("sector at %d zeroed", at)
	case n < 81:
		return b[:at], false, fmt.Sprintf("cut at %d of %d", at, len(b))
	case n < 85:
		more := make([]byte, 1+r.IntN(2*Sector))
		if r.IntN(3) > 0 {
			fill(r, more)
		}
		return append(b, more...), false, fmt.Sprintf("%d bytes appended", len(more))
	case n < 89:
		size := 1 + r.IntN(min(Sector, max(1, len(b)/3)))
		x, y := r.IntN(len(b)-size+1), r.IntN(len(b)-size+1)
		first := slices.Clone(b[x : x+size])
		copy(b[x:], b[y:y+size])
		copy(b[y:], first)
		return b, false, fmt.Sprintf("%d bytes at %d and %d exchanged", size, x, y)
	case n < 93:
		end := min(len(b), at+1+r.IntN(64))
		fill(r, b[at:end])
		return b, false, fmt.Sprintf("bytes %d to %d overwritten", at, end)
	case n < 96 && len(others) > 0:
		return others[r.IntN(len(others))], false, another
	case n < 98:
		return nil, false, "emptied"
	}
	return nil, true, "removed"
}

func fill(r *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

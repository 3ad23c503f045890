package vec

import (
	"encoding/binary"
	"unsafe"
)

// BoolBytes gives truth values as the bytes that they are, 0 or 1, sharing memory: eight of them make a word.
func BoolBytes(b []bool) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(b))), len(b))
}

const bytesOfOne = 0x0101010101010101 // bit 0 of each byte

// SetBytes makes all bytes 1.
func SetBytes(b []uint8) {
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, bytesOfOne)
	}
	for i := range b {
		b[i] = 1
	}
}

// AndBits clears the bytes, which are 0 or 1, whose bit is not set.
func AndBits(b []uint8, bits Bitmap) {
	for i := 0; len(b) > 0; i++ {
		w := bits[i]
		n := min(64, len(b))
		part := b[:n]
		b = b[n:]
		if w == ^uint64(0) {
			continue
		}
		for ; len(part) >= 8; part, w = part[8:], w>>8 {
			// The eight bits go to the eight bytes, each in its own place there, and from there to bit 0.
			spread := (w & 0xff * bytesOfOne) & 0x8040201008040201
			spread = (spread + 0x7f*bytesOfOne) >> 7 & bytesOfOne
			binary.LittleEndian.PutUint64(part, binary.LittleEndian.Uint64(part)&spread)
		}
		for j := range part {
			part[j] &= uint8(w)
			w >>= 1
		}
	}
}

// PackBytes gives up to 64 bytes that are 0 or 1 as bits.
func PackBytes(b []uint8) (w uint64) {
	at := uint(0)
	for ; len(b) >= 8; b, at = b[8:], at+8 {
		// The product puts bit 0 of the eight bytes side by side.
		w |= binary.LittleEndian.Uint64(b) * 0x0102040810204080 >> 56 << at
	}
	for i, x := range b {
		w |= uint64(x) << (at + uint(i))
	}
	return w
}

package vec

import (
	"encoding/binary"
	"unsafe"
)

// BoolBytes gives truth values as the bytes that they are, 0 or 1, sharing memory: eight of them make a word.
func BoolBytes(b []bool) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(b))), len(b))
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

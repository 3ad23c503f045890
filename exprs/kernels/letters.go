package kernels

import "encoding/binary"

const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// SwapCase writes src to dst, which is as long, with the case of the ASCII letters from first to last changed. It answers false, with anything in dst, when
// not all of src is ASCII.
func SwapCase(dst, src []byte, first, last byte) bool {
	n, ascii := swapCase(dst, src, first, last)
	return ascii && swapCaseRest(dst[n:], src[n:], first, last)
}

func swapCaseRest(to, from []byte, first, last byte) bool {
	// Bit 7 of each byte: not before the first letter, and behind the last.
	toFirst, behindLast := uint64(0x80-first)*everyByte, uint64(0x7f-last)*everyByte
	all := uint64(0)
	for len(from) >= 8 && len(to) >= 8 {
		w := binary.LittleEndian.Uint64(from)
		all |= w
		binary.LittleEndian.PutUint64(to, w^((w+toFirst)&^(w+behindLast)&highBits)>>2)
		to, from = to[8:], from[8:]
	}
	for i, c := range from {
		all |= uint64(c)
		if c >= first && c <= last {
			c ^= 0x20
		}
		to[i] = c
	}
	return all&highBits == 0
}

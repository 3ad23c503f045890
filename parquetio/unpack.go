package parquetio

import (
	"encoding/binary"
	"unsafe"
)

//go:generate go run ./internal/unpackgen

// load8 loads the 8 bytes of s from byte at on.
func load8(s []byte, at int) uint64 { return binary.LittleEndian.Uint64(s[at : at+8 : at+8]) }

// unpackSlack is the number of bytes behind a group that a kernel may read.
const unpackSlack = 8

// unpackCodes unpacks len(dst) codes of width 0 to 16 bits; src holds them all, the bits of the last group that are not there being zero.
func unpackCodes(dst []uint16, src []byte, width int) {
	if width == 0 { // a dictionary of one entry
		clear(dst)
		return
	}
	groups := min(len(dst)/8, max(len(src)-unpackSlack, 0)/width)
	if groups > 0 {
		codeKernels[width](dst[:8*groups], src)
		dst, src = dst[8*groups:], src[groups*width:]
	}
	for i := range dst { // the last groups, whose bytes are too near the end
		dst[i] = uint16(bitsOf(src, i*width, width))
	}
}

// unpackDeltas unpacks len(dst) differences of a width that has a kernel, and sums them up as the kernel does.
func unpackDeltas(dst []int64, src []byte, width int, least, value int64) int64 {
	groups := min(len(dst)/8, max(len(src)-unpackSlack, 0)/width)
	if groups > 0 {
		value = deltaKernels[width](dst[:8*groups], src, least, value)
		dst, src = dst[8*groups:], src[groups*width:]
	}
	for i := range dst {
		value += int64(wideBits(src, i*width, width)) + least
		dst[i] = value
	}
	return value
}

// codesBelow tells whether all codes are less than entries, four at a time: a lane of 16 bits overflows into its highest bit when its code does not
// belong there.
func codesBelow(codes []uint16, entries int) bool {
	if entries > 0xffff {
		return true
	}
	const low, high = 0x7fff7fff7fff7fff, 0x8000800080008000
	add := uint64(0x8000-entries&0x7fff) * 0x0001000100010001
	if entries == 0x8000 {
		add = 0
	}
	over, raw := uint64(0), unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(codes))), 2*len(codes))
	if entries <= 0x8000 {
		for ; len(raw) >= 8; raw = raw[8:] {
			x := load8(raw, 0)
			over |= x | (x&low + add)
		}
	} else {
		for ; len(raw) >= 8; raw = raw[8:] {
			x := load8(raw, 0)
			over |= x & (x&low + add)
		}
	}
	if over&high != 0 {
		return false
	}
	for _, c := range codes[len(codes)&^3:] {
		if int(c) >= entries {
			return false
		}
	}
	return true
}

package parquetio

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// The encoders append to a buffer and keep nothing. Formats: Encodings.md of Apache Parquet.

// Delta blocks have the sizes that every writer uses.
const (
	deltaBlock     = 128
	deltaMiniBlock = 32
)

// appendLevels appends the definition levels of rows [lo, hi) of an optional column as a data page of version 1 has them: four bytes of length,
// then runs of bits that are 1 where a row is not NULL.
func appendLevels(dst []byte, valid vec.Bitmap, lo, hi int) []byte {
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	if valid == nil {
		dst = append(binary.AppendUvarint(dst, uint64(hi-lo)<<1), 1)
	} else {
		dst = appendBitRuns(dst, valid, lo, hi)
	}
	binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

// minBitRun is the number of equal bytes of a bitmap from which a run is shorter than the bits, headers included.
const minBitRun = 8

// appendBitRuns appends bits [lo, hi) in the RLE/bit-packing hybrid of width 1. A bitmap's bytes are the bit-packed form already.
func appendBitRuns(dst []byte, b vec.Bitmap, lo, hi int) []byte {
	n := hi - lo
	size := (n + 7) / 8
	at := func(i int) byte { return bitsAt(b, lo+8*i, min(8, n-8*i)) }
	literal := func(from, to int) {
		if from == to {
			return
		}
		dst = binary.AppendUvarint(dst, uint64(to-from)<<1|1)
		for i := from; i < to; i++ {
			dst = append(dst, at(i))
		}
	}
	pending := 0
	for i := 0; i < size; {
		x, j := at(i), i+1
		if x != 0 && x != 0xff {
			i = j
			continue
		}
		for j < size && at(j) == x {
			j++
		}
		if j-i >= minBitRun {
			literal(pending, i)
			dst = append(binary.AppendUvarint(dst, uint64(min(8*(j-i), n-8*i))<<1), x&1)
			pending = j
		}
		i = j
	}
	literal(pending, size)
	return dst
}

// bitsAt gives n ≤ 8 bits from bit pos on.
func bitsAt(b vec.Bitmap, pos, n int) byte {
	w, shift := pos>>6, uint(pos&63)
	x := b[w] >> shift
	if shift > 56 && w+1 < len(b) {
		x |= b[w+1] << (64 - shift)
	}
	return byte(x & (1<<uint(n) - 1))
}

// codeWidth is the bit width of the codes of a dictionary: at least 1, as some readers do not expect 0.
func codeWidth(entries int) int { return max(1, bits.Len(uint(max(entries, 1)-1))) }

// appendCodes appends dictionary codes as a data page has them: the bit width in a byte, then the hybrid of runs and packed groups of eight.
func appendCodes(dst []byte, codes []uint16, width int) []byte {
	dst = append(dst, byte(width))
	// A run costs about 5 bytes with the header of the literal after it; below 64 bits it saves nothing. Four times that are asked for, because a run
	// costs a reader as much time as 30 packed codes: status, with 93 % of one value, takes 0.57 ns and 0.26 bytes a row, not 1.4 ns and 0.21 bytes.
	minRun := max(16, (256/width+7)&^7)
	pending := 0
	for i := 0; i < len(codes); {
		j := i + 1
		for j < len(codes) && codes[j] == codes[i] {
			j++
		}
		// Packed groups are of eight: the first values of a run fill the last group up.
		start := i + (8-(i-pending)%8)%8
		if j-start >= minRun {
			dst = packCodes(dst, codes[pending:start], width)
			dst = binary.AppendUvarint(dst, uint64(j-start)<<1)
			dst = append(dst, byte(codes[i]))
			if width > 8 {
				dst = append(dst, byte(codes[i]>>8))
			}
			pending = j
		}
		i = j
	}
	return packCodes(dst, codes[pending:], width)
}

// packCodes appends one packed run; the last group is filled up with zeros.
func packCodes(dst []byte, codes []uint16, width int) []byte {
	if len(codes) == 0 {
		return dst
	}
	groups := (len(codes) + 7) / 8
	dst = binary.AppendUvarint(dst, uint64(groups)<<1|1)
	at := len(dst)
	dst = append(dst, make([]byte, groups*width+4)...)
	var acc uint64
	n := 0
	for _, c := range codes {
		acc |= uint64(c) << uint(n)
		n += width
		if n >= 32 {
			binary.LittleEndian.PutUint32(dst[at:], uint32(acc))
			at, acc, n = at+4, acc>>32, n-32
		}
	}
	binary.LittleEndian.PutUint32(dst[at:], uint32(acc))
	end := len(dst) - 4
	return dst[:end]
}

// appendDelta appends integers by DELTA_BINARY_PACKED. narrow is for INT32 columns, whose differences wrap at 32 bits.
func appendDelta(dst []byte, values []int64, narrow bool) []byte {
	dst = binary.AppendUvarint(dst, deltaBlock)
	dst = binary.AppendUvarint(dst, deltaBlock/deltaMiniBlock)
	dst = binary.AppendUvarint(dst, uint64(len(values)))
	if len(values) == 0 {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(dst, values[0])
	var deltas [deltaBlock]uint64
	for i := 1; i < len(values); i += deltaBlock {
		n := min(deltaBlock, len(values)-i)
		least := deltasOf(&deltas, values[i-1:i+n], narrow)
		dst = binary.AppendVarint(dst, least)
		dst = appendDeltaBlock(dst, &deltas, n)
	}
	return dst
}

// deltasOf fills the differences of neighbours less their minimum, and zeros after them, and gives the minimum.
func deltasOf(deltas *[deltaBlock]uint64, values []int64, narrow bool) int64 {
	least := int64(math.MaxInt64)
	n := len(values) - 1
	for i := range n {
		d := values[i+1] - values[i]
		if narrow {
			d = int64(int32(d))
		}
		deltas[i] = uint64(d)
		least = min(least, d)
	}
	for i := range n {
		deltas[i] -= uint64(least)
	}
	clear(deltas[n:])
	return least
}

// appendDeltaBlock appends the bit widths of the four miniblocks and those that have values.
func appendDeltaBlock(dst []byte, deltas *[deltaBlock]uint64, n int) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, deltaBlock/deltaMiniBlock)...)
	for m := 0; m*deltaMiniBlock < n; m++ {
		mini := (*[deltaMiniBlock]uint64)(deltas[m*deltaMiniBlock:])
		var all uint64
		for _, d := range mini {
			all |= d
		}
		width := bits.Len64(all)
		dst[at+m] = byte(width)
		dst = packMini(dst, mini, width)
	}
	return dst
}

// packMini appends 32 values of width bits: 4 × width bytes.
func packMini(dst []byte, values *[deltaMiniBlock]uint64, width int) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, 4*width+8)...)
	var acc uint64
	n := 0
	for _, v := range values {
		acc |= v << uint(n)
		n += width
		if n >= 64 {
			binary.LittleEndian.PutUint64(dst[at:], acc)
			n -= 64
			at, acc = at+8, v>>uint(width-n)
		}
	}
	binary.LittleEndian.PutUint64(dst[at:], acc)
	end := len(dst) - 8
	return dst[:end]
}

// appendPlainInts appends integers as INT32 or INT64.
func appendPlainInts(dst []byte, values []int64, narrow bool) []byte {
	for _, v := range values {
		if narrow {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
		} else {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(v))
		}
	}
	return dst
}

// appendPlainFloats appends numbers as FLOAT or DOUBLE.
func appendPlainFloats(dst []byte, values []float64, narrow bool) []byte {
	for _, v := range values {
		if narrow {
			dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(v)))
		} else {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
		}
	}
	return dst
}

// appendPlainBools appends booleans as bits.
func appendPlainBools(dst []byte, values []bool) []byte {
	for len(values) > 0 {
		var x byte
		n := min(8, len(values))
		for i, v := range values[:n] {
			if v {
				x |= 1 << uint(i)
			}
		}
		dst, values = append(dst, x), values[n:]
	}
	return dst
}

// appendPlainStrings appends strings, each after its length; it is how dictionaries are stored.
func appendPlainStrings(dst []byte, values []string) []byte {
	for _, s := range values {
		dst = append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
	}
	return dst
}

// appendDeltaLengths appends strings by DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. zstd finds more in bytes that no lengths
// interrupt, and a reader has one block of text to cut strings from.
// lengths is scratch space for as many integers.
func appendDeltaLengths(dst []byte, values []string, lengths []int64) []byte {
	size := 0
	for i, s := range values {
		lengths[i] = int64(len(s))
		size += len(s)
	}
	dst = slices.Grow(appendDelta(dst, lengths, true), size)
	for _, s := range values {
		dst = append(dst, s...)
	}
	return dst
}

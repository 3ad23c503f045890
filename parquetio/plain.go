package parquetio

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"unsafe"

	"github.com/stoadb/stoa/exprs/vec"
)

var (
	errTooMuch  = errors.New("it needs more memory than the limit allows")
	errEncoding = errors.New("unsupported encoding")
)

func onesCount(x uint64) int { return bits.OnesCount64(x) }

// stringOf gives b as a string without a copy: b must not change any more.
func stringOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// slot is the slice of a vector to which a leaf's values are decoded, before they are converted.
type slot uint8

const (
	slotInts slot = iota
	slotFloats
	slotBools
	slotUUIDs
	slotStrs
)

func (l *leaf) slot() slot {
	switch l.physical {
	case physInt32, physInt64, physInt96:
		return slotInts
	case physFloat, physDouble:
		return slotFloats
	case physBoolean:
		return slotBools
	case physFixed:
		if l.width == 16 && l.kind == kindDirect {
			return slotUUIDs
		}
	}
	return slotStrs
}

// elemBytes is what an element of the slot takes in memory.
func (l *leaf) elemBytes() int64 {
	switch l.slot() {
	case slotBools:
		return 1
	case slotUUIDs, slotStrs:
		return 16
	default:
		return 8
	}
}

// minBytes is what a value takes at least in a dictionary page.
func (l *leaf) minBytes() int {
	switch l.physical {
	case physInt64, physDouble:
		return 8
	case physInt96:
		return 12
	case physFixed:
		return max(l.width, 1)
	default:
		return 4
	}
}

// part gives a vector whose slots are rows [lo, hi) of v's.
func part(v *vec.Vec, l *leaf, lo, hi int) vec.Vec {
	p := vec.Vec{N: hi - lo}
	switch l.slot() {
	case slotInts:
		p.Ints = v.Ints[lo:hi]
	case slotFloats:
		p.Floats = v.Floats[lo:hi]
	case slotBools:
		p.Bools = v.Bools[lo:hi]
	case slotUUIDs:
		p.UUIDs = v.UUIDs[lo:hi]
	default:
		p.Strs = v.Strs[lo:hi]
	}
	return p
}

// plain decodes dst.N values. Strings share src's memory.
func (l *leaf) plain(dst *vec.Vec, src []byte) error {
	if l.physical == physByteArray {
		return plainStrings(dst.Strs, src)
	}
	if l.physical == physBoolean {
		return plainBools(dst.Bools, src)
	}
	if need := int64(dst.N) * int64(l.fixedBytes()); need > int64(len(src)) {
		return errShort
	}
	switch l.physical {
	case physInt32:
		plainNarrowInts(dst.Ints, src)
	case physInt64:
		plainInts(dst.Ints, src)
	case physInt96:
		return plainInt96(dst.Ints, src)
	case physFloat:
		for i := range dst.Floats {
			dst.Floats[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case physDouble:
		plainDoubles(dst.Floats, src)
	case physFixed:
		l.fixed(dst, src)
	}
	return nil
}

// fixedBytes is the length of a value in plain encoding, for types that have one.
func (l *leaf) fixedBytes() int {
	switch l.physical {
	case physInt32, physFloat:
		return 4
	case physInt64, physDouble:
		return 8
	case physInt96:
		return 12
	default:
		return l.width
	}
}

// plainBytes is the length of values in plain encoding, booleans aside.
func (l *leaf) plainBytes(v *vec.Vec) int {
	if l.physical != physByteArray {
		return v.N * l.fixedBytes()
	}
	n := 4 * len(v.Strs)
	for _, s := range v.Strs {
		n += len(s)
	}
	return n
}

// plainInts decodes INT64. Machines are little-endian, as arrow-go and package vec assume too: the bytes are the integers.
func plainInts(dst []int64, src []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 8*len(dst)), src)
}

// plainNarrowInts decodes INT32.
func plainNarrowInts(dst []int64, src []byte) {
	for ; len(dst) >= 4; dst, src = dst[4:], src[16:] {
		d, s := dst[:4:4], src[:16:16]
		d[0] = int64(int32(binary.LittleEndian.Uint32(s)))
		d[1] = int64(int32(binary.LittleEndian.Uint32(s[4:])))
		d[2] = int64(int32(binary.LittleEndian.Uint32(s[8:])))
		d[3] = int64(int32(binary.LittleEndian.Uint32(s[12:])))
	}
	for i := range dst {
		dst[i] = int64(int32(binary.LittleEndian.Uint32(src[4*i:])))
	}
}

// plainDoubles decodes DOUBLE.
func plainDoubles(dst []float64, src []byte) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 8*len(dst)), src)
}

// fixed decodes values of l.width bytes.
func (l *leaf) fixed(dst *vec.Vec, src []byte) {
	if l.slot() == slotUUIDs {
		if dst.N > 0 {
			copy(unsafe.Slice(&dst.UUIDs[0][0], 16*dst.N), src)
		}
		return
	}
	all := stringOf(src)
	for i := range dst.Strs {
		dst.Strs[i] = all[i*l.width : (i+1)*l.width]
	}
}

func plainStrings(dst []string, src []byte) error {
	all := stringOf(src)
	pos := 0
	for i := range dst {
		if len(src)-pos < 4 {
			return errShort
		}
		n := int(binary.LittleEndian.Uint32(src[pos:]))
		pos += 4
		if n > len(src)-pos {
			return errShort
		}
		dst[i] = all[pos : pos+n]
		pos += n
	}
	return nil
}

func plainBools(dst []bool, src []byte) error {
	if (len(dst)+7)/8 > len(src) {
		return errShort
	}
	unpackBools(dst, src)
	return nil
}

// unpackBools gives a bool for each bit, eight at a time: a byte is copied into eight, each of which keeps one bit of it, and what is not zero is
// made one.
func unpackBools(dst []bool, src []byte) {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), len(dst))
	for ; len(raw) >= 8; raw, src = raw[8:], src[1:] {
		x := uint64(src[0]) * 0x0101010101010101 & 0x8040201008040201
		binary.LittleEndian.PutUint64(raw, (x+0x7f7f7f7f7f7f7f7f|x)>>7&0x0101010101010101)
	}
	for i := range raw {
		raw[i] = src[0] >> i & 1
	}
}

// Julian days of INT96 timestamps: nanoseconds of the day in 8 bytes, the day in 4 (parquet-format, deprecated type).
const julianEpoch = 2440588

func plainInt96(dst []int64, src []byte) error {
	for i := range dst {
		nanos := int64(binary.LittleEndian.Uint64(src[12*i:]))
		days := int64(int32(binary.LittleEndian.Uint32(src[12*i+8:]))) - julianEpoch
		const microsPerDay = 86400 * 1000000
		if days < math.MinInt64/microsPerDay+1 || days > math.MaxInt64/microsPerDay-1 || nanos < 0 || nanos > 2*microsPerDay*1000 {
			return errTimestampRange()
		}
		dst[i] = days*microsPerDay + nanos/1000
	}
	return nil
}

// values decodes dst.N values of a data page that is not dictionary-encoded.
func (d *chunkDecoder) values(dst *vec.Vec, enc encoding, src []byte) error {
	l := d.leaf
	switch enc {
	case encPlain:
		return l.plain(dst, src)
	case encDeltaBinaryPacked:
		if l.physical == physInt32 || l.physical == physInt64 {
			_, err := decodeDelta(dst.Ints, src, l.physical == physInt32)
			return err
		}
	case encDeltaLengthByteArray:
		if l.physical == physByteArray {
			if err := d.roomForLengths(dst.N); err != nil {
				return err
			}
			return decodeDeltaLengths(dst.Strs, src, d.buf.lengths)
		}
	case encDeltaByteArray:
		if l.slot() == slotStrs {
			return l.deltaStrings(dst, src, d)
		}
		if l.slot() == slotUUIDs {
			return l.deltaUUIDs(dst, src, d)
		}
	case encRLE:
		if l.physical == physBoolean {
			return rleBools(dst.Bools, src)
		}
	case encByteStreamSplit:
		if l.physical != physByteArray && l.physical != physBoolean && l.physical != physInt96 {
			if err := d.spend(int64(dst.N) * int64(l.fixedBytes())); err != nil {
				return err
			}
			joined, err := joinStreams(src, l.fixedBytes(), dst.N)
			if err != nil {
				return err
			}
			return l.plain(dst, joined)
		}
	}
	return errEncoding
}

// deltaStrings decodes DELTA_BYTE_ARRAY; values of a FIXED_LEN_BYTE_ARRAY must have its length.
func (l *leaf) deltaStrings(dst *vec.Vec, src []byte, d *chunkDecoder) error {
	if err := d.deltaTexts(dst.Strs, src); err != nil {
		return err
	}
	if l.physical == physFixed {
		for _, s := range dst.Strs {
			if len(s) != l.width {
				return errDelta
			}
		}
	}
	return nil
}

// roomForLengths makes room for the lengths of n strings.
func (d *chunkDecoder) roomForLengths(n int) error {
	if err := d.account.takeScratch(8 * int64(n-cap(d.buf.lengths))); err != nil {
		return err
	}
	d.buf.lengths = sized(&d.buf.lengths, n)
	return nil
}

// deltaTexts decodes strings by DELTA_BYTE_ARRAY within the budget.
func (d *chunkDecoder) deltaTexts(dst []string, src []byte) error {
	if err := d.roomForLengths(len(dst)); err != nil {
		return err
	}
	if err := d.spend(8 * int64(len(dst))); err != nil { // the prefixes' lengths
		return err
	}
	return decodeDeltaStrings(dst, src, d.buf.lengths, d.spend)
}

func (l *leaf) deltaUUIDs(dst *vec.Vec, src []byte, d *chunkDecoder) error {
	if err := d.spend(16 * int64(dst.N)); err != nil {
		return err
	}
	strs := make([]string, dst.N)
	if err := d.deltaTexts(strs, src); err != nil {
		return err
	}
	for i, s := range strs {
		if copy(dst.UUIDs[i][:], s) != 16 || len(s) != 16 {
			return errDelta
		}
	}
	return nil
}

// rleBools decodes booleans by RLE: four bytes of length, then the hybrid.
func rleBools(dst []bool, src []byte) error {
	if len(dst) == 0 {
		return nil
	}
	if len(src) < 4 || int64(binary.LittleEndian.Uint32(src)) > int64(len(src)-4) {
		return errShort
	}
	bits := make(vec.Bitmap, (len(dst)+63)/64)
	if _, err := decodeLevels(src[4:], len(dst), bits, 0); err != nil {
		return err
	}
	for i := range dst {
		dst[i] = bits.Get(i)
	}
	return nil
}

// joinStreams undoes BYTE_STREAM_SPLIT: byte k of value i is at k × n + i.
func joinStreams(src []byte, width, n int) ([]byte, error) {
	if int64(n)*int64(width) > int64(len(src)) {
		return nil, errShort
	}
	out := make([]byte, n*width)
	for k := range width {
		stream := src[k*n : (k+1)*n]
		for i, b := range stream {
			out[i*width+k] = b
		}
	}
	return out, nil
}

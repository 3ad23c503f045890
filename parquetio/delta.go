package parquetio

import (
	"encoding/binary"
	"errors"
	"math"
	"unsafe"
)

// DELTA_BINARY_PACKED and the string encodings built on it (Encodings.md).

var errDelta = errors.New("malformed delta encoding")

// decodeDelta decodes exactly len(dst) integers and gives what follows them. narrow is for INT32, whose sums wrap at 32 bits.
func decodeDelta(dst []int64, src []byte, narrow bool) (rest []byte, err error) {
	d := deltaReader{src: src}
	block, minis, total := d.uvarint(), d.uvarint(), d.uvarint()
	value := d.varint()
	if d.err != nil {
		return nil, d.err
	}
	// The format asks for multiples of 128 and 32; the bound keeps the sizes of miniblocks within an int.
	if block == 0 || block > 1<<20 || block%128 != 0 || minis == 0 || block%minis != 0 || block/minis%32 != 0 || total != uint64(len(dst)) {
		return nil, errDelta
	}
	if total == 0 {
		return d.src, nil
	}
	if narrow {
		value = int64(int32(value))
	}
	dst[0] = value
	dst = dst[1:]
	for len(dst) > 0 {
		n, err := d.block(dst, value, int(minis), int(block/minis), narrow)
		if err != nil {
			return nil, err
		}
		value, dst = dst[n-1], dst[n:]
	}
	return d.src, nil
}

// deltaReader reads from src.
type deltaReader struct {
	src []byte
	err error
}

func (d *deltaReader) uvarint() uint64 {
	v, n := binary.Uvarint(d.src)
	if n <= 0 {
		d.err = errShort
		return 0
	}
	d.src = d.src[n:]
	return v
}

func (d *deltaReader) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// block decodes a block, or what is left of it in dst, and gives the number of values.
func (d *deltaReader) block(dst []int64, value int64, minis, size int, narrow bool) (int, error) {
	least := d.varint()
	if d.err != nil || len(d.src) < minis {
		return 0, errShort
	}
	widths := d.src[:minis]
	d.src = d.src[minis:]
	done := 0
	for _, w := range widths {
		n := min(size, len(dst)-done)
		if n == 0 {
			break // widths of miniblocks without values mean nothing
		}
		if w > 64 {
			return 0, errDelta
		}
		length := size / 8 * int(w)
		if len(d.src) < length {
			// The last miniblock may be stored without its padding.
			if (n*int(w)+7)/8 > len(d.src) {
				return 0, errShort
			}
			length = len(d.src)
		}
		out := dst[done : done+n]
		if w == 0 || int(w) >= len(deltaKernels) {
			value = sumDeltas(out, d.src, int(w), least, value)
		} else {
			value = unpackDeltas(out, d.src, int(w), least, value)
		}
		if narrow {
			value = truncate(out)
		}
		d.src = d.src[length:]
		done += n
	}
	return done, nil
}

// sumDeltas unpacks len(dst) differences of width bits, adds least to each, sums them up from value on and gives the last sum. src may be
// longer than the packed bits: a value is loaded as the 64 bits from its first byte on, for as long as 9 bytes are left.
func sumDeltas(dst []int64, src []byte, width int, least, value int64) int64 {
	if width == 0 {
		for i := range dst {
			value += least
			dst[i] = value
		}
		return value
	}
	safe := 0
	if len(src) >= 9 {
		safe = min(len(dst), ((len(src)-9)*8+7)/width+1)
	}
	base := unsafe.Pointer(unsafe.SliceData(src)) // safe has the bounds check for all loads
	if width <= 56 {
		value = sumNarrowBits(dst[:safe], base, uint(width), least, value)
	} else {
		value = sumWideBits(dst[:safe], base, uint(width), least, value)
	}
	pos := safe * width
	for i := safe; i < len(dst); i++ {
		value += int64(wideBits(src, pos, width)) + least
		dst[i] = value
		pos += width
	}
	return value
}

// load64 loads 8 bytes, little-endian.
func load64(base unsafe.Pointer, off uint) uint64 {
	return binary.LittleEndian.Uint64((*[8]byte)(unsafe.Add(base, off))[:])
}

// sumNarrowBits is the loop of sumDeltas for widths that 64 bits from a byte on always hold.
func sumNarrowBits(dst []int64, base unsafe.Pointer, width uint, least, value int64) int64 {
	mask := uint64(1)<<(width&63) - 1
	pos := uint(0)
	for i := range dst {
		value += int64(load64(base, pos>>3)>>(pos&7)&mask) + least
		dst[i] = value
		pos += width
	}
	return value
}

// sumWideBits is the loop of sumDeltas for other widths, whose highest bits are in a ninth byte.
func sumWideBits(dst []int64, base unsafe.Pointer, width uint, least, value int64) int64 {
	mask := ^uint64(0) >> (64 - width)
	pos := uint(0)
	for i := range dst {
		shift := pos & 7
		ninth := uint64(*(*byte)(unsafe.Add(base, pos>>3+8)))
		x := load64(base, pos>>3)>>shift | ninth<<(64-shift)
		value += int64(x&mask) + least
		dst[i] = value
		pos += width
	}
	return value
}

// wideBits reads width ≤ 64 bits from bit pos on; what lies behind src is zero.
func wideBits(src []byte, pos, width int) uint64 {
	var x uint64
	shift := pos & 7
	for i := 0; i < 9; i++ {
		at := pos>>3 + i
		if at >= len(src) {
			break
		}
		if i == 0 {
			x = uint64(src[at]) >> uint(shift)
		} else {
			x |= uint64(src[at]) << uint(8*i-shift)
		}
	}
	if width < 64 {
		x &= 1<<uint(width) - 1
	}
	return x
}

// truncate makes sums those of INT32, which wrap at 32 bits: sums modulo 2^64 are right modulo 2^32. It gives the last.
func truncate(sums []int64) int64 {
	for i, v := range sums {
		sums[i] = int64(int32(v))
	}
	return sums[len(sums)-1]
}

// decodeDeltaLengths decodes strings by DELTA_LENGTH_BYTE_ARRAY, which share src's memory.
func decodeDeltaLengths(dst []string, src []byte, lengths []int64) error {
	lengths = lengths[:len(dst)]
	rest, err := decodeDelta(lengths, src, true)
	if err != nil {
		return err
	}
	return cutStrings(dst, lengths, rest)
}

// cutStrings cuts src into strings of the given lengths, of at most 31 bits each.
func cutStrings(dst []string, lengths []int64, src []byte) error {
	var total, signs int64
	for _, n := range lengths {
		total += n
		signs |= n
	}
	if signs < 0 || total > int64(len(src)) {
		return errShort
	}
	all, dst := stringOf(src), dst[:len(lengths)]
	for i, n := range lengths {
		dst[i], all = all[:n], all[n:]
	}
	return nil
}

// decodeDeltaStrings decodes strings by DELTA_BYTE_ARRAY: each is a prefix of the one before and a suffix. spend is asked for the bytes that they
// come to, which may be many times those of src.
func decodeDeltaStrings(dst []string, src []byte, scratch []int64, spend func(bytes int64) error) error {
	prefixes, lengths := make([]int64, len(dst)), scratch[:len(dst)]
	src, err := decodeDelta(prefixes, src, true)
	if err != nil {
		return err
	}
	src, err = decodeDelta(lengths, src, true)
	if err != nil {
		return err
	}
	total, last := int64(0), int64(0)
	for i, p := range prefixes {
		if p < 0 || p > last || lengths[i] < 0 || lengths[i] > math.MaxInt32 {
			return errDelta
		}
		last = p + lengths[i]
		total += last
	}
	if err := spend(total); err != nil {
		return err
	}
	buf := make([]byte, 0, total)
	from := 0
	for i, p := range prefixes {
		n := lengths[i]
		if n > int64(len(src)) {
			return errShort
		}
		at := len(buf)
		buf = append(buf, buf[from:from+int(p)]...)
		buf = append(buf, src[:n]...)
		dst[i], src, from = stringOf(buf[at:]), src[n:], at
	}
	return nil
}

package parquetio

import (
	"encoding/binary"
	"errors"

	"github.com/stoadb/stoa/exprs/vec"
)

// The RLE/bit-packing hybrid (Encodings.md): runs of one value and packed groups of eight, in which levels and dictionary codes are stored.

var (
	errShort = errors.New("page ends early")
	errRun   = errors.New("malformed run")
	errCode  = errors.New("a code beyond the dictionary")
)

// runReader cuts a hybrid into runs.
type runReader struct {
	src   []byte
	width int
}

// next gives the next run, of at most left values: n equal values, or packed values in the bytes of packed. The last group of a packed run may
// be cut short by the end of the page, as some writers do.
func (r *runReader) next(left int) (n int, value uint32, packed []byte, err error) {
	h, k := binary.Uvarint(r.src)
	if k <= 0 {
		return 0, 0, nil, errShort
	}
	r.src = r.src[k:]
	if h&1 == 0 {
		size := (r.width + 7) / 8
		if len(r.src) < size {
			return 0, 0, nil, errShort
		}
		for i := range size {
			value |= uint32(r.src[i]) << (8 * i)
		}
		r.src = r.src[size:]
		if h == 0 {
			return 0, 0, nil, errRun
		}
		return int(min(h>>1, uint64(left))), value, nil, nil
	}
	groups := h >> 1
	if groups == 0 {
		return 0, 0, nil, errRun
	}
	n = int(min(groups, uint64(left+7)/8) * 8)
	size := n / 8 * r.width
	if all := groups * uint64(r.width); all < uint64(len(r.src)) {
		packed, r.src = r.src[:all], r.src[all:]
	} else {
		packed, r.src = r.src, nil
	}
	n = min(n, left)
	if need := (n*r.width + 7) / 8; len(packed) < need {
		return 0, 0, nil, errShort
	}
	return n, 0, packed[:min(size, len(packed))], nil
}

// decodeLevels decodes n definition levels of width 1 to bits of valid from bit at on, which are zero before, and counts the ones.
func decodeLevels(src []byte, n int, valid vec.Bitmap, at int) (ones int, err error) {
	r := runReader{src: src, width: 1}
	for n > 0 {
		k, value, packed, err := r.next(n)
		if err != nil {
			return 0, err
		}
		switch {
		case packed != nil:
			ones += putBits(valid, at, packed, k)
		case value == 1:
			setBits(valid, at, k)
			ones += k
		case value > 1:
			return 0, errRun
		}
		at, n = at+k, n-k
	}
	return ones, nil
}

// putBits copies n bits of src to b from bit at on, which are zero before, and counts the ones.
func putBits(b vec.Bitmap, at int, src []byte, n int) int {
	ones := 0
	for n > 0 {
		k := min(n, 64)
		var x uint64
		if len(src) >= 8 {
			x = binary.LittleEndian.Uint64(src)
			src = src[8:]
		} else {
			for i, c := range src {
				x |= uint64(c) << (8 * i)
			}
			src = nil
		}
		if k < 64 {
			x &= 1<<uint(k) - 1
		}
		ones += onesCount(x)
		shift := uint(at & 63)
		b[at>>6] |= x << shift
		if shift != 0 && at>>6+1 < len(b) {
			b[at>>6+1] |= x >> (64 - shift)
		}
		at, n = at+k, n-k
	}
	return ones
}

// decodeCodes decodes dst's length of codes, each less than entries. src begins with the bit width.
func decodeCodes(dst []uint16, src []byte, entries int) error {
	width, src, err := codeHeader(src, len(dst))
	if err != nil {
		return err
	}
	if width > 16 {
		return decodeWideCodes(dst, src, width, entries)
	}
	all := dst
	r := runReader{src: src, width: width}
	for len(dst) > 0 {
		n, value, packed, err := r.next(len(dst))
		if err != nil {
			return err
		}
		switch {
		case packed != nil:
			unpackCodes(dst[:n], packed, width)
		case value > 0xffff:
			return errCode
		default:
			fill(dst[:n], uint16(value))
		}
		dst = dst[n:]
	}
	if !codesBelow(all, entries) {
		return errCode
	}
	return nil
}

// codeHeader reads the bit width. A page without values may have nothing at all.
func codeHeader(src []byte, n int) (width int, rest []byte, err error) {
	if n == 0 {
		return 0, nil, nil
	}
	if len(src) == 0 {
		return 0, nil, errShort
	}
	if src[0] > 32 {
		return 0, nil, errRun
	}
	return int(src[0]), src[1:], nil
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// bitsOf reads width ≤ 32 bits from bit pos on; what lies behind src is zero.
func bitsOf(src []byte, pos, width int) uint32 {
	var x uint64
	for i := 0; i < 5; i++ {
		if at := pos>>3 + i; at < len(src) {
			x |= uint64(src[at]) << (8 * i)
		}
	}
	return uint32(x >> uint(pos&7) & (1<<uint(width) - 1))
}

// decodeWideCodes is decodeCodes for a width that needs no more than 16 bits but has more.
func decodeWideCodes(dst []uint16, src []byte, width, entries int) error {
	wide := make([]uint32, len(dst))
	if err := decodeRuns(wide, src, width, entries); err != nil {
		return err
	}
	for i, c := range wide {
		dst[i] = uint16(c)
	}
	return nil
}

// decodeIndexes is decodeCodes for dictionaries of any size.
func decodeIndexes(dst []uint32, src []byte, entries int) error {
	width, src, err := codeHeader(src, len(dst))
	if err != nil {
		return err
	}
	return decodeRuns(dst, src, width, entries)
}

// decodeRuns decodes dst's length of values, each less than limit.
func decodeRuns(dst []uint32, src []byte, width, limit int) error {
	r := runReader{src: src, width: width}
	top, some := uint32(0), len(dst) > 0
	for len(dst) > 0 {
		n, value, packed, err := r.next(len(dst))
		if err != nil {
			return err
		}
		if packed == nil {
			top = max(top, value)
			fill(dst[:n], value)
		} else {
			top = max(top, unpackWide(dst[:n], packed, width))
		}
		dst = dst[n:]
	}
	if some && int64(top) >= int64(limit) {
		return errCode
	}
	return nil
}

// unpackWide unpacks dst's length of values of width ≤ 32 bits and gives the greatest.
func unpackWide(dst []uint32, src []byte, width int) (top uint32) {
	mask := uint64(1)<<uint(width) - 1
	pos := 0
	i := 0
	for ; i < len(dst) && pos>>3+8 <= len(src); i++ {
		v := uint32(load8(src, pos>>3) >> uint(pos&7) & mask)
		dst[i] = v
		top = max(top, v)
		pos += width
	}
	for ; i < len(dst); i++ {
		dst[i] = bitsOf(src, pos, width)
		top = max(top, dst[i])
		pos += width
	}
	return top
}

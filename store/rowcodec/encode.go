package rowcodec

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

var le = binary.LittleEndian

// Append appends rows [lo, hi) of b, at most MaxRows of them.
func Append(dst []byte, b *vec.Batch, lo, hi int) []byte {
	dst = append(dst, version)
	dst = binary.AppendUvarint(dst, uint64(hi-lo))
	dst = binary.AppendUvarint(dst, uint64(len(b.Cols)))
	for _, v := range b.Cols {
		dst = appendColumn(dst, v, lo, hi)
	}
	return dst
}

func appendColumn(dst []byte, v *vec.Vec, lo, hi int) []byte {
	n := hi - lo
	if v.Dict != nil && (v.Dict.Valid != nil || v.Dict.N == 0 || v.Dict.N > n || v.Type.Physical() != arrowschema.Strings) {
		v, lo, hi = v.Slice(lo, hi).Flat(), 0, n // a dictionary larger than the rows is not worth its bytes
	}
	head := formOf(v.Type)
	if v.NullConst() || !v.Const && v.Valid != nil && noneValid(v.Valid, lo, hi) {
		return append(dst, head|allNull)
	}
	if v.Const {
		w := *v
		w.Const, w.Valid, w.N = false, nil, 1
		return appendValues(append(dst, head|constant), &w, 0, 1)
	}
	at := len(dst)
	dst = append(dst, head)
	if v.Valid != nil && !allValid(v.Valid, lo, hi) {
		dst[at] |= hasNulls
		dst = appendBits(dst, v.Valid, lo, hi)
	}
	if v.Dict != nil {
		dst[at] |= coded
		return appendCoded(dst, v, lo, hi)
	}
	return appendValues(dst, v, lo, hi)
}

func formOf(t arrowschema.Type) byte {
	switch t.Physical() {
	case arrowschema.Bools:
		return formBools
	case arrowschema.Ints:
		return formInts
	case arrowschema.Floats:
		return formFloats
	case arrowschema.UUIDs:
		return formUUIDs
	case arrowschema.Decs:
		return formDecs
	case arrowschema.Intervals:
		return formIntervals
	default:
		return formStrings
	}
}

// appendValues appends the elements of a flat vector.
func appendValues(dst []byte, v *vec.Vec, lo, hi int) []byte {
	switch v.Type.Physical() {
	case arrowschema.Bools:
		return appendBools(dst, v.Bools[lo:hi])
	case arrowschema.Ints:
		return appendInts(dst, v.Ints[lo:hi], v.Valid, lo)
	case arrowschema.Floats:
		for _, f := range v.Floats[lo:hi] {
			dst = le.AppendUint64(dst, math.Float64bits(f))
		}
		return dst
	case arrowschema.UUIDs:
		return append(dst, rawUUIDs(v.UUIDs[lo:hi])...)
	case arrowschema.Decs:
		return appendDecs(dst, v, lo, hi)
	case arrowschema.Intervals:
		for _, iv := range v.Intervals[lo:hi] {
			dst = le.AppendUint32(dst, uint32(iv.Months))
			dst = le.AppendUint32(dst, uint32(iv.Days))
			dst = le.AppendUint64(dst, uint64(iv.Micros))
		}
		return dst
	default:
		return appendTexts(dst, v.Strs[lo:hi], v.Valid, lo)
	}
}

// rawUUIDs views UUIDs as bytes; they are bytes already.
func rawUUIDs(u [][16]byte) []byte {
	if len(u) == 0 {
		return nil
	}
	return unsafe.Slice(&u[0][0], 16*len(u))
}

func appendBools(dst []byte, values []bool) []byte {
	for i := 0; i < len(values); i += 8 {
		var w byte
		for j, b := range values[i:min(i+8, len(values))] {
			if b {
				w |= 1 << j
			}
		}
		dst = append(dst, w)
	}
	return dst
}

// appendInts appends integers as differences from the least.
func appendInts(dst []byte, values []int64, valid vec.Bitmap, lo int) []byte {
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	if valid == nil {
		for _, x := range values {
			least, most = min(least, x), max(most, x)
		}
	} else {
		for i, x := range values {
			if valid.Get(lo + i) {
				least, most = min(least, x), max(most, x)
			}
		}
	}
	width := widthOf(uint64(most) - uint64(least))
	dst = append(dst, byte(width))
	dst = binary.AppendVarint(dst, least)
	if width == 0 {
		return dst
	}
	at := len(dst)
	dst = extend(dst, width*len(values))
	out := dst[at:]
	switch width {
	case 1:
		for i, x := range values {
			out[i] = byte(x - least)
		}
	case 2:
		for i, x := range values {
			le.PutUint16(out[2*i:], uint16(x-least))
		}
	case 4:
		for i, x := range values {
			le.PutUint32(out[4*i:], uint32(x-least))
		}
	default:
		for i, x := range values {
			le.PutUint64(out[8*i:], uint64(x-least))
		}
	}
	return dst
}

// widthOf gives the bytes that hold numbers up to most.
func widthOf(most uint64) int {
	switch n := bits.Len64(most); {
	case n == 0:
		return 0
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	case n <= 32:
		return 4
	default:
		return 8
	}
}

// extend makes b n bytes longer; the bytes are to be written by the caller.
func extend(b []byte, n int) []byte { return slices.Grow(b, n)[:len(b)+n] }

// appendTexts appends strings; NULLs as empty ones. valid may be nil; its bit lo+i belongs to texts[i].
func appendTexts(dst []byte, texts []string, valid vec.Bitmap, lo int) []byte {
	longest, size := 0, 0
	for i, s := range texts {
		if valid.Get(lo + i) {
			longest = max(longest, len(s))
			size += len(s)
		}
	}
	width := widthOf(uint64(longest))
	dst = append(dst, byte(width))
	if width == 0 {
		return dst
	}
	at := len(dst)
	dst = extend(dst, width*len(texts)+size)
	lengths, data := dst[at:at+width*len(texts)], dst[at+width*len(texts):]
	for i, s := range texts {
		if !valid.Get(lo + i) {
			s = ""
		}
		putWidth(lengths, width, i, len(s))
		data = data[copy(data, s):]
	}
	return dst
}

func putWidth(out []byte, width, i, x int) {
	switch width {
	case 1:
		out[i] = byte(x)
	case 2:
		le.PutUint16(out[2*i:], uint16(x))
	default:
		le.PutUint32(out[4*i:], uint32(x))
	}
}

func appendDecs(dst []byte, v *vec.Vec, lo, hi int) []byte {
	texts := make([]string, hi-lo)
	for i := range texts {
		if v.Valid.Get(lo + i) {
			texts[i] = v.Decs[lo+i].String()
		}
	}
	return appendTexts(dst, texts, nil, 0)
}

// appendCoded appends a dictionary and the rows' places in it.
func appendCoded(dst []byte, v *vec.Vec, lo, hi int) []byte {
	entries, codes := v.Dict.N, v.Codes[lo:hi]
	dst = binary.AppendUvarint(dst, uint64(entries))
	dst = appendTexts(dst, v.Dict.Strs[:entries], nil, 0)
	at := len(dst)
	if entries <= smallDict {
		dst = extend(dst, len(codes))
		out := dst[at:]
		for i, c := range codes {
			out[i] = byte(c)
		}
		return dst
	}
	dst = extend(dst, 2*len(codes))
	out := dst[at:]
	for i, c := range codes {
		le.PutUint16(out[2*i:], c)
	}
	return dst
}

// appendBits appends bits [lo, hi) of a bitmap.
func appendBits(dst []byte, b vec.Bitmap, lo, hi int) []byte {
	for i := lo; i < hi; i += 8 {
		w := byte(b[i/64] >> uint(i%64))
		if i%64 > 56 && i/64+1 < len(b) {
			w |= byte(b[i/64+1] << uint(64-i%64))
		}
		dst = append(dst, w)
	}
	return dst
}

func allValid(b vec.Bitmap, lo, hi int) bool {
	if lo%64 == 0 {
		return b[lo/64:].Count(hi-lo) == hi-lo
	}
	for i := lo; i < hi; i++ {
		if !b.Get(i) {
			return false
		}
	}
	return true
}

func noneValid(b vec.Bitmap, lo, hi int) bool {
	if lo%64 == 0 {
		return b[lo/64:].Count(hi-lo) == 0
	}
	for i := lo; i < hi; i++ {
		if b.Get(i) {
			return false
		}
	}
	return true
}

package parquetio

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// The statistics that a Writer puts into footers and column indexes.

const (
	// chunkBoundBytes is the longest bound of a column chunk; a longer one is cut and marked as not exact.
	chunkBoundBytes = 256
	// pageBoundBytes is the longest bound in a column index, in which bounds may always be cut; 64 is what other writers use.
	pageBoundBytes = 64
)

// bounds are the least and the greatest value of a page or a chunk in Parquet's plain encoding, without length.
type bounds struct {
	min, max []byte
	known    bool
	nulls    int64
	nans     int64
	values   int64
}

// merge widens b by the bounds of another page. less is the order of encoded values.
func (b *bounds) merge(p *bounds, less func(x, y []byte) bool) {
	b.nulls, b.nans, b.values = b.nulls+p.nulls, b.nans+p.nans, b.values+p.values
	if !p.known {
		return
	}
	if !b.known {
		b.min, b.max, b.known = p.min, p.max, true
		return
	}
	if less(p.min, b.min) {
		b.min = p.min
	}
	if less(b.max, p.max) {
		b.max = p.max
	}
}

// page gives the entry of the column index.
func (b *bounds) page() *metadata.EncodedStatistics {
	s := &metadata.EncodedStatistics{AllNullValue: b.values == 0}
	s.SetNullCount(b.nulls)
	if b.known {
		upper, ok := cutUpper(b.max, pageBoundBytes)
		if ok {
			s.SetMin(cutLower(b.min, pageBoundBytes)).SetMax(upper)
		}
	}
	return s
}

// cutLower gives a prefix of at most n bytes that ends with a character: not greater than x.
func cutLower(x []byte, n int) []byte {
	if len(x) <= n {
		return x
	}
	for n > 0 && !utf8.RuneStart(x[n]) {
		n--
	}
	return x[:n]
}

// cutUpper gives a string of about n bytes that is greater than x: a prefix whose last character is replaced by the next one. ok is false when
// there is none.
func cutUpper(x []byte, n int) (upper []byte, ok bool) {
	if len(x) <= n {
		return x, true
	}
	x = cutLower(x, n)
	for len(x) > 0 {
		r, size := utf8.DecodeLastRune(x)
		x = x[:len(x)-size]
		if r == utf8.RuneError && size == 1 || r == utf8.MaxRune {
			continue
		}
		if r++; r == 0xd800 {
			r = 0xe000
		}
		return utf8.AppendRune(bytes.Clone(x), r), true
	}
	return nil, false
}

// intBounds gives the bounds of integers.
func intBounds(values []int64, narrow bool) (b bounds) {
	if len(values) == 0 {
		return b
	}
	lo, hi := values[0], values[0]
	for _, v := range values {
		lo, hi = min(lo, v), max(hi, v)
	}
	b.known = true
	b.min, b.max = appendPlainInts(nil, []int64{lo}, narrow), appendPlainInts(nil, []int64{hi}, narrow)
	return b
}

// floatBounds gives the bounds of numbers. NaNs are counted and left out; a bound of zero takes the sign that makes it wider (parquet.thrift,
// ColumnOrder).
func floatBounds(values []float64, narrow bool) (b bounds) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v != v {
			b.nans++
			continue
		}
		b.known = true
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo == 0 {
		lo = math.Copysign(0, -1)
	}
	if hi == 0 {
		hi = 0
	}
	if b.known {
		b.min, b.max = appendPlainFloats(nil, []float64{lo}, narrow), appendPlainFloats(nil, []float64{hi}, narrow)
	}
	return b
}

func boolBounds(values []bool) (b bounds) {
	for _, v := range values {
		x := []byte{0}
		if v {
			x[0] = 1
		}
		b.merge(&bounds{min: x, max: x, known: true}, lessBytes)
		if b.min[0] != b.max[0] {
			break
		}
	}
	return b
}

func uuidBounds(values [][16]byte) (b bounds) {
	if len(values) == 0 {
		return b
	}
	lo, hi := &values[0], &values[0]
	for i := range values {
		v := &values[i]
		if bytes.Compare(v[:], lo[:]) < 0 {
			lo = v
		} else if bytes.Compare(v[:], hi[:]) > 0 {
			hi = v
		}
	}
	return bounds{min: bytes.Clone(lo[:]), max: bytes.Clone(hi[:]), known: true}
}

func stringBounds(values []string) (b bounds) {
	if len(values) == 0 {
		return b
	}
	lo, hi := values[0], values[0]
	for _, v := range values {
		if v < lo {
			lo = v
		} else if v > hi {
			hi = v
		}
	}
	return bounds{min: []byte(lo), max: []byte(hi), known: true}
}

// codeBounds gives the bounds of the strings that codes of a sorted dictionary stand for.
func codeBounds(codes []uint16, entries []string) (b bounds) {
	if len(codes) == 0 {
		return b
	}
	lo, hi := codes[0], codes[0]
	for _, c := range codes {
		lo, hi = min(lo, c), max(hi, c)
	}
	return bounds{min: []byte(entries[lo]), max: []byte(entries[hi]), known: true}
}

// The orders of encoded values.

func lessBytes(x, y []byte) bool { return bytes.Compare(x, y) < 0 }

func lessInt32(x, y []byte) bool {
	return int32(binary.LittleEndian.Uint32(x)) < int32(binary.LittleEndian.Uint32(y))
}

func lessInt64(x, y []byte) bool {
	return int64(binary.LittleEndian.Uint64(x)) < int64(binary.LittleEndian.Uint64(y))
}

func lessFloat(x, y []byte) bool {
	return math.Float32frombits(binary.LittleEndian.Uint32(x)) < math.Float32frombits(binary.LittleEndian.Uint32(y))
}

func lessDouble(x, y []byte) bool {
	return math.Float64frombits(binary.LittleEndian.Uint64(x)) < math.Float64frombits(binary.LittleEndian.Uint64(y))
}

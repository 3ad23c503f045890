package vec

import (
	"bytes"
	"math"
	"math/big"
	mathbits "math/bits"
	"strconv"
)

// AppendFloat appends a float, of 32 or 64 bits, as PostgreSQL does with extra_float_digits = 1: the shortest digits that read back, in exponential form
// when the exponent is below -4 or at least 15, 6 for float4 (src/common/d2s.c, f2s.c).
func AppendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	var room [32]byte
	digits := strconv.AppendFloat(room[:0], f, 'e', -1, bits)
	if halfway(f, digits, bits) {
		digits = nearerThanHalfway(f, bits)
	}
	exponent := exponentOf(digits)
	if last := exponent - (significant(digits) - 1); lowestBit(f) == last-1 {
		digits = evenTie(f, digits, bits)
	}
	limit := 15
	if bits == 32 {
		limit = 6
	}
	if exponent < -4 || exponent >= limit {
		return append(dst, digits...)
	}
	return appendPlain(dst, digits, exponent)
}

// exponentOf gives the exponent of digits in the form of strconv's 'e'.
func exponentOf(digits []byte) int {
	n, err := strconv.Atoi(string(digits[bytes.LastIndexByte(digits, 'e')+1:]))
	if err != nil {
		return 0
	}
	return n
}

// significant counts the digits before the exponent.
func significant(digits []byte) int {
	n := bytes.LastIndexByte(digits, 'e')
	if digits[0] == '-' {
		n--
	}
	if n > 1 {
		n-- // the point
	}
	return n
}

// appendPlain appends digits in the form of strconv's 'e' without an exponent.
func appendPlain(dst, digits []byte, exponent int) []byte {
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	e := bytes.LastIndexByte(digits, 'e')
	first, rest := digits[0], digits[min(e, 2):e]
	if exponent < 0 {
		dst = append(dst, "0.000"[:1-exponent]...)
		return append(append(dst, first), rest...)
	}
	dst = append(dst, first)
	for i := range exponent {
		if i < len(rest) {
			dst = append(dst, rest[i])
		} else {
			dst = append(dst, '0')
		}
	}
	if exponent < len(rest) {
		dst = append(append(dst, '.'), rest[exponent:]...)
	}
	return dst
}

// lowestBit gives the exponent of the lowest bit that is set in f.
func lowestBit(f float64) int {
	u := math.Float64bits(f)
	mantissa, exponent := u&(1<<52-1), int(u>>52&0x7ff)
	if exponent == 0 {
		exponent = 1
	} else {
		mantissa |= 1 << 52
	}
	return mathbits.TrailingZeros64(mantissa) + exponent - 1075
}

// evenTie gives the digits of which the last is even if f lies in the middle between two numbers of that many digits, which both read back: PostgreSQL
// rounds to even there, and Go up. That needs f to be an odd multiple of 5 one place further down, so that its lowest bit tells when to ask.
func evenTie(f float64, digits []byte, bits int) []byte {
	even := strconv.AppendFloat(nil, f, 'e', significant(digits)-1, bits)
	if back, err := strconv.ParseFloat(string(even), bits); err != nil || back != f || halfway(f, even, bits) {
		return digits
	}
	return even
}

// halfway tells whether digits, the shortest that Go reads back as f, stand for the middle between f and the next float. Go takes it, since it reads
// the middle as the float with the even mantissa; PostgreSQL does not rely on that and writes more digits: 9.999999999999999e+22, not 1e+23.
//
// A middle is an odd number times a power of two. It has no more digits than a float needs only if it is an integer, or nearly, and not too large, so
// that a few comparisons do for all others.
func halfway(f float64, digits []byte, bits int) bool {
	mantissa := math.Float64bits(f)
	smallest, largest := 0x1p52, 0x1p132
	if bits == 32 {
		mantissa = uint64(math.Float32bits(float32(f)))
		smallest, largest = 0x1p22, 0x1p62
	}
	if abs := math.Abs(f); mantissa&1 != 0 || abs < smallest || abs > largest {
		return false
	}
	if place := unit(f, bits) - trailingTwos(digits); place != 1 && place != 2 { // 2 below a power of two, where floats lie closer
		return false
	}
	const precision = 512 // more than either number has bits
	written, _, err := big.ParseFloat(string(digits), 10, precision, big.ToNearestEven)
	if err != nil {
		return false
	}
	exact := new(big.Float).SetPrec(precision).SetFloat64(f)
	for _, toward := range []float64{math.Inf(1), math.Inf(-1)} {
		next := math.Nextafter(f, toward)
		if bits == 32 {
			next = float64(math.Nextafter32(float32(f), float32(toward)))
		}
		if math.IsInf(next, 0) {
			continue
		}
		middle := new(big.Float).SetPrec(precision).SetFloat64(next)
		middle.Add(middle, exact).Quo(middle, big.NewFloat(2))
		if middle.Cmp(written) == 0 {
			return true
		}
	}
	return false
}

// unit gives the exponent of the lowest bit that f's mantissa has room for.
func unit(f float64, bits int) int {
	_, exponent := math.Frexp(f)
	if bits == 32 {
		return exponent - 24
	}
	return exponent - 53
}

// trailingTwos gives the power of two that the number has as a factor which digits, at most 17 of them, stand for.
func trailingTwos(digits []byte) int {
	var n uint64
	for _, c := range digits[:bytes.LastIndexByte(digits, 'e')] {
		if c >= '0' && c <= '9' {
			n = n*10 + uint64(c-'0')
		}
	}
	return mathbits.TrailingZeros64(n) + exponentOf(digits) - (significant(digits) - 1)
}

// nearerThanHalfway gives the fewest digits that are nearer to f than to any other float.
func nearerThanHalfway(f float64, bits int) []byte {
	const enough = 17
	for n := 0; ; n++ {
		digits := strconv.AppendFloat(nil, f, 'e', n, bits)
		back, err := strconv.ParseFloat(string(digits), bits)
		if n == enough || err == nil && back == f && !halfway(f, digits, bits) {
			return digits
		}
	}
}

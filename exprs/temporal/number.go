package temporal

import (
	"math/bits"
	"strconv"
)

// NumberKind tells whether a Number is finite.
type NumberKind uint8

// The kinds. Null is the answer to what an infinite timestamp has no answer for, such as its hour.
const (
	Finite NumberKind = iota
	Null
	PositiveInfinity
	NegativeInfinity
)

// Number is an exact decimal, Coef / 10^Scale, from which the caller builds a numeric of that display scale. High is the upper half of the
// 128-bit two's complement coefficient whose lower half is Coef; it is the mere sign extension of Coef (see Small) but for the epoch of
// intervals of more than 292,277 years and the Julian day of a timestamp.
type Number struct {
	Coef  int64
	High  int64
	Scale int32
	Kind  NumberKind
}

// small makes a finite Number of 64 bits.
func small(coef int64, scale int32) Number { return Number{Coef: coef, High: coef >> 63, Scale: scale} }

// Small tells whether the number is finite and Coef is the whole coefficient.
func (n Number) Small() bool { return n.Kind == Finite && n.High == n.Coef>>63 }

// Append appends the number as PostgreSQL prints the numeric: `1.500000`, `-Infinity`, nothing for Null.
func (n Number) Append(dst []byte) []byte {
	switch n.Kind {
	case Null:
		return dst
	case PositiveInfinity:
		return append(dst, "Infinity"...)
	case NegativeInfinity:
		return append(dst, "-Infinity"...)
	}
	high, low := uint64(n.High), uint64(n.Coef)
	if n.High < 0 {
		dst = append(dst, '-')
		var borrow uint64
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
	}
	const digitsAtOnce, power = 19, 1e19
	var digits [3 * digitsAtOnce]byte // 57, more than 2^127 and any scale need
	for i := range digits {
		digits[i] = '0'
	}
	at := len(digits)
	for {
		var rest uint64
		high, low, rest = divide128(high, low, power)
		for range digitsAtOnce {
			at--
			digits[at] = byte('0' + rest%10)
			rest /= 10
		}
		if (high == 0 && low == 0) || at == 0 {
			break
		}
	}
	point := len(digits) - int(n.Scale)
	at = min(at, point-1)
	for at < point-1 && digits[at] == '0' {
		at++
	}
	dst = append(dst, digits[at:point]...)
	if n.Scale > 0 {
		dst = append(append(dst, '.'), digits[point:]...)
	}
	return dst
}

// String gives the text of Append.
func (n Number) String() string {
	if n.Small() && n.Scale == 0 {
		return strconv.FormatInt(n.Coef, 10)
	}
	return string(n.Append(nil))
}

// divide128 divides a 128-bit number by a 64-bit one.
func divide128(high, low, by uint64) (quotientHigh, quotientLow, rest uint64) {
	quotientHigh = high / by
	quotientLow, rest = bits.Div64(high%by, low, by)
	return quotientHigh, quotientLow, rest
}

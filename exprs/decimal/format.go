package decimal

import (
	"math/bits"
	"slices"
)

// String gives d as PostgreSQL displays it: never an exponent, Scale digits after the point, "NaN", "Infinity" or "-Infinity".
func (d Dec) String() string {
	var buf [64]byte
	return string(d.AppendTo(buf[:0]))
}

// AppendTo appends the text that String gives.
func (d Dec) AppendTo(b []byte) []byte {
	switch d.meta &^ scaleMask {
	case formSmall:
		neg, m := d.mag()
		if neg {
			b = append(b, '-')
		}
		if d.meta == 0 && m.hi == 0 {
			var buf [20]byte
			return append(b, buf[putDigits(buf[:], m.lo):]...)
		}
		var buf [40]byte
		return appendPoint(b, m.writeDigits(&buf), int(d.meta))
	case formBig:
		if d.ext.Sign() < 0 {
			b = append(b, '-')
		}
		t := d.ext.Append(nil, 10)
		if t[0] == '-' {
			t = t[1:]
		}
		return appendPoint(b, t, d.Scale())
	case formPosInf:
		return append(b, "Infinity"...)
	case formNegInf:
		return append(b, "-Infinity"...)
	}
	return append(b, "NaN"...)
}

// appendPoint appends digits with the last scale of them after a point. No digits stand for 0.
func appendPoint(b, digits []byte, scale int) []byte {
	whole := len(digits) - scale
	if whole > 0 {
		b = append(b, digits[:whole]...)
		if scale == 0 {
			return b
		}
		b = append(b, '.')
		return append(b, digits[whole:]...)
	}
	b = append(b, '0')
	if scale == 0 {
		return b
	}
	b = append(b, '.')
	b = slices.Grow(b, scale)
	for ; whole < 0; whole++ {
		b = append(b, '0')
	}
	return append(b, digits...)
}

const e19 = 10_000_000_000_000_000_000 // the largest power of ten in 64 bits

// writeDigits gives the decimal digits of a, none for 0, which it writes at the end of buf.
func (a u128) writeDigits(buf *[40]byte) []byte {
	i := len(buf)
	for a.hi != 0 { // once, or twice for 39 digits
		var low uint64
		q := u128{hi: a.hi / e19}
		q.lo, low = bits.Div64(a.hi%e19, a.lo, e19)
		a = q
		end := i
		i = putDigits(buf[:end], low)
		for ; i > end-19; i-- {
			buf[i-1] = '0'
		}
	}
	if a.lo != 0 {
		i = putDigits(buf[:i], a.lo)
	}
	return buf[i:]
}

const pairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869" +
	"707172737475767778798081828384858687888990919293949596979899"

// putDigits writes v at the end of buf, at least one digit, and gives the index of the first.
func putDigits(buf []byte, v uint64) int {
	i := len(buf)
	for v >= 100 {
		q := v / 100
		p := (v - q*100) * 2
		v = q
		i -= 2
		buf[i], buf[i+1] = pairs[p], pairs[p+1]
	}
	if v >= 10 {
		i -= 2
		buf[i], buf[i+1] = pairs[2*v], pairs[2*v+1]
		return i
	}
	i--
	buf[i] = '0' + byte(v)
	return i
}

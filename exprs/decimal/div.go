package decimal

import (
	"math/big"
	"math/bits"
)

// Div gives a / b, rounded half away from zero to the scale that PostgreSQL chooses: at least 16 significant digits, at least the scale of
// either operand, at most 1000. x / ±Infinity is 0, infinity / infinity is NaN. Errors: 22012 division by zero, 22003 out of NUMERIC's range.
func Div(a, b Dec) (Dec, error) {
	if (a.meta|b.meta)>>16 != 0 {
		return divSlow(a, b)
	}
	na, ma := a.mag()
	nb, mb := b.mag()
	if mb.isZero() {
		return Dec{}, errDivisionByZero()
	}
	scale := divScale(leadOf(ma, int(a.meta)), leadOf(mb, int(b.meta)), int(a.meta), int(b.meta))
	k := scale + int(b.meta) - int(a.meta)
	if uint(k) >= uint(len(pow10)) {
		return divSlow(a, b)
	}
	if ma.hi|mb.hi|pow10[k].hi == 0 {
		if d, ok := fromMag(na != nb, divShort(ma.lo, pow10[k].lo, mb.lo), scale); ok {
			return d, nil
		}
	}
	hi, lo := ma.mul(pow10[k])
	q, r, ok := quoRem256(hi, lo, mb)
	if ok {
		if q, ok = roundUp(q, r, mb); ok {
			if d, ok := fromMag(na != nb, q, scale); ok {
				return d, nil
			}
		}
	}
	return divSlow(a, b)
}

// divShort gives m × up / by, rounded half up.
func divShort(m, up, by uint64) (q u128) {
	hi, lo := bits.Mul64(m, up)
	if hi >= by {
		q.hi, hi = hi/by, hi%by
	}
	var r uint64
	if q.lo, r = bits.Div64(hi, lo, by); r >= by-r {
		q.lo++
		if q.lo == 0 {
			q.hi++
		}
	}
	return q
}

func divSlow(a, b Dec) (Dec, error) {
	if a.special() || b.special() {
		return divSpecial(a, b)
	}
	x, y := a.coef(), b.coef()
	if y.Sign() == 0 {
		return Dec{}, errDivisionByZero()
	}
	scale := divScale(a.lead(), b.lead(), a.Scale(), b.Scale())
	return quoAt(x, y, scale+b.Scale()-a.Scale(), scale, true)
}

// quoAt gives x × 10^k / y with the given scale, rounded half away from zero or truncated.
func quoAt(x, y *big.Int, k, scale int, round bool) (Dec, error) {
	if k >= 0 {
		x = shiftBig(x, k)
	} else {
		y = shiftBig(y, -k)
	}
	if round {
		return fromBig(roundDiv(x, y), scale)
	}
	return fromBig(new(big.Int).Quo(x, y), scale)
}

// divSpecial is division where an operand is NaN or an infinity.
func divSpecial(a, b Dec) (Dec, error) {
	switch {
	case a.IsNaN() || b.IsNaN() || a.IsInf() && b.IsInf():
		return NaN(), nil
	case b.IsInf():
		return Zero, nil
	case b.Sign() == 0:
		return Dec{}, errDivisionByZero()
	}
	return Inf(a.Sign() * b.Sign()), nil
}

// lead is the place and the value of a number's first base-10000 digit, PostgreSQL's weight and digits[0]: the number is about
// digit × 10000^weight. Both are 0 for 0.
type lead struct{ weight, digit int }

// leadOf gives the lead of m × 10^-scale.
func leadOf(m u128, scale int) lead {
	n := m.digits()
	if n == 0 {
		return lead{}
	}
	e := n - 1 - scale // decimal exponent of the first decimal digit
	w := e >> 2        // rounds down
	take := e - 4*w + 1
	if take >= n {
		return lead{w, int(m.lo * pow10[take-n].lo)}
	}
	if m.hi == 0 {
		return lead{w, int(m.lo / pow10[n-take].lo)}
	}
	q, _ := m.quoRem(pow10[n-take])
	return lead{w, int(q.lo)}
}

// lead gives the lead of a finite value.
func (d Dec) lead() lead {
	if d.ext == nil {
		_, m := d.mag()
		return leadOf(m, int(d.meta))
	}
	n := bigDigits(d.ext)
	e := n - 1 - d.Scale()
	w := e >> 2
	take := e - 4*w + 1 // a big coefficient has far more than four digits
	q := new(big.Int).Quo(d.ext, bigPow10(n-take))
	return lead{w, int(q.Abs(q).Int64())}
}

// divScale chooses the scale of a quotient as select_div_scale of PostgreSQL does: it estimates the quotient's weight in base 10000 from the
// first digits of the operands, and asks for 16 significant digits from there.
func divScale(a, b lead, scaleA, scaleB int) int {
	weight := a.weight - b.weight
	if a.digit <= b.digit {
		weight--
	}
	return min(max(minSigDigits-weight*4, scaleA, scaleB, 0), maxDisplayScale)
}

// DivTrunc gives the whole part of a / b, with scale 0: SQL's div(). Specials and errors are those of Div.
func DivTrunc(a, b Dec) (Dec, error) {
	if a.special() || b.special() {
		return divSpecial(a, b)
	}
	if b.Sign() == 0 {
		return Dec{}, errDivisionByZero()
	}
	if na, nb, x, y, ok := alignSmall(a, b); ok {
		q, _ := x.quoRem(y)
		if d, ok := fromMag(na != nb, q, 0); ok {
			return d, nil
		}
	}
	return quoAt(a.coef(), b.coef(), b.Scale()-a.Scale(), 0, false)
}

// Mod gives a - b × div(a, b), with the sign of a and the larger of the scales. The remainder of an infinity is NaN, that by an infinity is a.
// Error: 22012 division by zero.
func Mod(a, b Dec) (Dec, error) {
	switch {
	case a.IsNaN() || b.IsNaN():
		return NaN(), nil
	case b.Sign() == 0:
		return Dec{}, errDivisionByZero()
	case a.IsInf():
		return NaN(), nil
	case b.IsInf():
		return a, nil
	}
	if na, _, x, y, ok := alignSmall(a, b); ok {
		_, r := x.quoRem(y)
		if d, ok := fromMag(na, r, max(int(a.meta), int(b.meta))); ok {
			return d, nil
		}
	}
	x, y, scale := align(a, b)
	return fromBig(new(big.Int).Rem(x, y), scale)
}

// alignSmall gives signs and magnitudes at the larger scale; ok is false when 128 bits do not hold them.
func alignSmall(a, b Dec) (na, nb bool, x, y u128, ok bool) {
	if !a.small() || !b.small() {
		return false, false, x, y, false
	}
	na, x = a.mag()
	nb, y = b.mag()
	switch {
	case a.meta < b.meta:
		x, ok = x.shift10(int(b.meta - a.meta))
	default:
		y, ok = y.shift10(int(a.meta - b.meta))
	}
	return na, nb, x, y, ok
}

package decimal

import (
	"cmp"
	"math/big"
	"math/bits"
)

// Add gives a + b with the larger of the scales. NaN spreads, and infinities that cancel give NaN. Error: 22003 out of NUMERIC's range.
func Add(a, b Dec) (Dec, error) {
	if (a.meta|b.meta)>>16 != 0 || a.meta != b.meta {
		return addUnlike(a, b)
	}
	lo, c := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(uint64(a.hi), uint64(b.hi), c)
	if (a.hi^int64(hi))&(b.hi^int64(hi)) < 0 {
		return addSlow(a, b)
	}
	return Dec{hi: int64(hi), lo: lo, meta: a.meta}, nil
}

// addUnlike adds when the scales differ or an operand is not small.
func addUnlike(a, b Dec) (Dec, error) {
	if a.small() && b.small() {
		if a.meta < b.meta {
			a, b = b, a
		}
		if b, ok := b.upscale(int(a.meta)); ok {
			return Add(a, b)
		}
	}
	return addSlow(a, b)
}

// upscale gives a small value with a larger scale; ok is false when 128 bits do not hold it.
func (d Dec) upscale(scale int) (Dec, bool) {
	k := scale - int(d.meta)
	if d.hi == int64(d.lo)>>63 && k < 19 { // 64-bit factors: the signed product always fits
		p := pow10[k].lo
		hi, lo := bits.Mul64(d.lo, p)
		return Dec{hi: int64(hi - p&uint64(d.hi)), lo: lo, meta: uint32(scale)}, true
	}
	neg, m := d.mag()
	m, ok := m.shift10(k)
	if !ok {
		return Dec{}, false
	}
	return fromMag(neg, m, scale)
}

func addSlow(a, b Dec) (Dec, error) {
	if a.special() || b.special() {
		switch {
		case a.IsNaN() || b.IsNaN() || a.IsInf() && b.IsInf() && a.meta != b.meta:
			return NaN(), nil
		case a.IsInf():
			return a, nil
		}
		return b, nil
	}
	x, y, scale := align(a, b)
	return fromBig(new(big.Int).Add(x, y), scale)
}

// Sub gives a - b under the rules of Add.
func Sub(a, b Dec) (Dec, error) {
	if (a.meta|b.meta)>>16 != 0 || a.meta != b.meta {
		return addUnlike(a, Neg(b))
	}
	lo, c := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(uint64(a.hi), uint64(b.hi), c)
	if (a.hi^b.hi)&(a.hi^int64(hi)) < 0 {
		return addSlow(a, Neg(b))
	}
	return Dec{hi: int64(hi), lo: lo, meta: a.meta}, nil
}

// Neg gives -d. There is no negative zero.
func Neg(d Dec) Dec {
	switch d.meta &^ scaleMask {
	case formSmall:
		neg, m := d.mag()
		if r, ok := fromMag(!neg, m, int(d.meta)); ok {
			return r
		}
		return unchecked(m.big(), int(d.meta)) // -(-2^127)
	case formBig:
		return unchecked(new(big.Int).Neg(d.ext), d.Scale())
	case formPosInf:
		return Inf(-1)
	case formNegInf:
		return Inf(1)
	}
	return d
}

// Abs gives d without its sign.
func Abs(d Dec) Dec {
	if d.Sign() < 0 {
		return Neg(d)
	}
	return d
}

// Mul gives a × b. The scale is the sum of the scales; beyond MaxScale the product is rounded to it. Zero times infinity is NaN.
// Error: 22003 out of NUMERIC's range.
func Mul(a, b Dec) (Dec, error) {
	if (a.meta|b.meta)>>16 != 0 || a.meta+b.meta > MaxScale {
		return mulSlow(a, b)
	}
	na, ma := a.mag()
	nb, mb := b.mag()
	hi, lo := ma.mul(mb)
	if hi.isZero() {
		if d, ok := fromMag(na != nb, lo, int(a.meta+b.meta)); ok {
			return d, nil
		}
	}
	return mulSlow(a, b)
}

func mulSlow(a, b Dec) (Dec, error) {
	if a.special() || b.special() {
		sign := a.Sign() * b.Sign()
		if sign == 0 { // a NaN, or zero times infinity
			return NaN(), nil
		}
		return Inf(sign), nil
	}
	z := new(big.Int).Mul(a.coef(), b.coef())
	scale := a.Scale() + b.Scale()
	if scale > MaxScale {
		z, scale = roundQuo(z, scale-MaxScale), MaxScale
	}
	return fromBig(z, scale)
}

// Cmp gives -1, 0 or 1 as a is less than, equal to or greater than b, whatever their scales. NaN equals itself and is greater than all else,
// as in PostgreSQL's indexes.
func Cmp(a, b Dec) int {
	if (a.meta|b.meta)>>16 != 0 || a.meta != b.meta {
		return cmpUnlike(a, b)
	}
	switch {
	case a.hi != b.hi:
		if a.hi < b.hi {
			return -1
		}
		return 1
	case a.lo < b.lo:
		return -1
	case a.lo > b.lo:
		return 1
	}
	return 0
}

// cmpUnlike compares when the scales differ or an operand is not small. Small operands never allocate.
func cmpUnlike(a, b Dec) int {
	if a.special() || b.special() {
		return cmp.Compare(rank(a), rank(b))
	}
	sa, sb := a.Sign(), b.Sign()
	switch {
	case sa < sb:
		return -1
	case sa > sb:
		return 1
	case sa == 0:
		return 0
	}
	if !a.small() || !b.small() {
		x, y, _ := align(a, b)
		return x.Cmp(y)
	}
	_, x := a.mag()
	_, y := b.mag()
	if a.meta < b.meta {
		return sa * cmpShifted(x, y, int(b.meta-a.meta))
	}
	return -sa * cmpShifted(y, x, int(a.meta-b.meta))
}

// cmpShifted compares x × 10^k with y; x is not zero.
func cmpShifted(x, y u128, k int) int {
	if k >= len(pow10) {
		return 1
	}
	hi, lo := x.mul(pow10[k])
	if !hi.isZero() {
		return 1
	}
	return lo.cmp(y)
}

// rank orders -Infinity, what is finite, Infinity, NaN.
func rank(d Dec) int {
	switch d.meta &^ scaleMask {
	case formNegInf:
		return -1
	case formPosInf:
		return 1
	case formNaN:
		return 2
	}
	return 0
}

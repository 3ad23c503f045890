package decimal

import (
	"math"
	"math/big"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// SQLSTATEs of the functions of this file.
const (
	invalidLogArgument   sqlstate.Code = "2201E"
	invalidPowerArgument sqlstate.Code = "2201F"
)

const (
	maxResultScale = 2000              // PostgreSQL's NUMERIC_MAX_RESULT_SCALE
	log10e         = 0.434294481903252 // PostgreSQL's digits: they decide scales
)

// displayScale is the rule by which these functions choose a scale: 16 significant digits for a result of about 10^weight, at least the scales of
// the operands, at most 1000.
func displayScale(weight int, scales ...int) int {
	s := max(minSigDigits-weight, 0)
	for _, v := range scales {
		s = max(s, v)
	}
	return min(s, maxDisplayScale)
}

// Sqrt gives the square root, rounded half away from zero. Error: 2201F for a negative number.
func Sqrt(d Dec) (Dec, error) {
	switch {
	case d.Sign() < 0:
		return Dec{}, sqlstate.New(invalidPowerArgument, "cannot take square root of a negative number")
	case d.special():
		return d, nil
	}
	scale := displayScale((d.lead().weight+1)*4/2-1, d.Scale())
	// One digit more than is shown: its floor decides the rounding, as the square root is never exactly in the middle without that digit.
	k := 2*(scale+1) - d.Scale()
	z := d.coef()
	if k >= 0 {
		z = shiftBig(z, k)
	} else {
		z = new(big.Int).Quo(z, bigPow10(-k))
	}
	return fromBig(roundQuo(bigSqrt(z), 1), scale)
}

// Exp gives e^d. Error: 22003 out of NUMERIC's range, which PostgreSQL says of every d ≥ 6000.
func Exp(d Dec) (Dec, error) {
	switch {
	case d.meta == formNegInf:
		return Zero, nil
	case d.special():
		return d, nil
	}
	weight := max(-maxResultScale, min(ToFloat64(d)*log10e, maxResultScale))
	scale := displayScale(int(weight), d.Scale())
	v := ToFloat64(d)
	if r, done, err := expLimit(v, scale); done {
		return r, err
	}
	p := expBits(v, scale)
	return expResult(toFixed(d.coef(), d.Scale(), p), p, scale)
}

// expLimit gives the results of e^v beyond PostgreSQL's limits.
func expLimit(v float64, scale int) (r Dec, done bool, err error) {
	if math.Abs(v) < 3*maxResultScale {
		return Dec{}, false, nil
	}
	if v > 0 {
		return Dec{}, true, errOverflow()
	}
	return Dec{meta: uint32(scale)}, true, nil
}

// expBits gives the fraction bits of an exponent v with which e^v is right to scale digits.
func expBits(v float64, scale int) int { return bitsFor(scale) + max(int(v/math.Ln2), 0) }

func expResult(x *big.Int, p, scale int) (Dec, error) {
	m, k := expFixed(x, p)
	return fromBig(fixedTo(m, p-k, scale), scale)
}

// Ln gives the natural logarithm. Errors: 2201E for zero and for negative numbers.
func Ln(d Dec) (Dec, error) {
	if err := checkLog(d); err != nil || d.special() {
		return d, err
	}
	return lnAt(d, displayScale(lnWeight(d), d.Scale()))
}

// lnAt gives ln d at a scale.
func lnAt(d Dec, scale int) (Dec, error) {
	p := bitsFor(scale)
	return fromBig(fixedTo(lnFixed(d.coef(), d.Scale(), p), p, scale), scale)
}

func checkLog(d Dec) error {
	switch {
	case d.Sign() < 0:
		return sqlstate.New(invalidLogArgument, "cannot take logarithm of a negative number")
	case d.Sign() == 0 && !d.IsNaN():
		return sqlstate.New(invalidLogArgument, "cannot take logarithm of zero")
	}
	return nil
}

// lnWeight estimates the decimal weight of ln d, for a finite d > 0, with the roundings of PostgreSQL's estimate_ln_dweight.
func lnWeight(d Dec) int {
	if Cmp(d, New(9, 1)) >= 0 && Cmp(d, New(11, 1)) <= 0 { // ln(1+x) is about x
		x, _ := Sub(d, FromInt64(1))
		if x.Sign() == 0 {
			return 0
		}
		l := Abs(x).lead()
		return l.weight*4 + int(math.Log10(float64(l.digit)))
	}
	f, exp := d.leading(8)
	return int(math.Log10(math.Abs(math.Log(f) + float64(exp)*math.Ln10)))
}

// leading gives the first n decimal digits of |d| as a whole number f, truncated, with |d| about f × 10^exp; d is finite and not zero.
func (d Dec) leading(n int) (f float64, exp int) {
	z := new(big.Int).Abs(d.coef())
	exp = -d.Scale()
	if drop := bigDigits(z) - n; drop > 0 {
		z.Quo(z, bigPow10(drop))
		exp += drop
	}
	return float64(z.Uint64()), exp
}

// Log gives the logarithm of d to a base; SQL's log(x) is that to base 10. Errors: 2201E for zero and for negative numbers, 22012 for base 1.
func Log(base, d Dec) (Dec, error) {
	if base.special() || d.special() {
		return logSpecial(base, d)
	}
	for _, v := range [...]Dec{base, d} { // PostgreSQL looks at the base first, too
		if err := checkLog(v); err != nil {
			return Dec{}, err
		}
	}
	wb, wd := lnWeight(base), lnWeight(d)
	scale := displayScale(wd-wb, base.Scale(), d.Scale())
	p := bitsFor(scale + abs(wd-wb) + abs(wb) + abs(wd))
	lb := lnFixed(base.coef(), base.Scale(), p)
	if lb.Sign() == 0 {
		return Dec{}, errDivisionByZero()
	}
	ld := lnFixed(d.coef(), d.Scale(), p)
	return fromBig(roundDiv(ld.Mul(ld, bigPow10(scale)), lb), scale)
}

func logSpecial(base, d Dec) (Dec, error) {
	if base.IsNaN() || d.IsNaN() {
		return NaN(), nil
	}
	switch sb, sd := base.Sign(), d.Sign(); {
	case sb < 0 || sd < 0:
		return Dec{}, checkLog(FromInt64(-1))
	case sb == 0 || sd == 0:
		return Dec{}, checkLog(Zero)
	case base.IsInf() && d.IsInf():
		return NaN(), nil
	case base.IsInf():
		return Zero, nil
	}
	return Inf(1), nil
}

func abs(v int) int { return max(v, -v) }

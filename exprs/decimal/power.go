package decimal

import (
	"math"
	"math/big"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Power gives a^b. 0^0, 1^NaN and NaN^0 are 1. Errors: 2201F for zero to a negative power and for a negative number to a power that is not whole,
// 22003 out of NUMERIC's range.
func Power(a, b Dec) (Dec, error) { return PowerUntil(a, b, func() error { return nil }) }

// PowerUntil is Power that calls stop between its steps, of which one may take some ten milliseconds; an error ends the work, and is returned.
func PowerUntil(a, b Dec, stop func() error) (Dec, error) {
	one := FromInt64(1)
	switch {
	case a.IsNaN() && b.Sign() == 0 && !b.special(), b.IsNaN() && Cmp(a, one) == 0:
		return one, nil
	case a.IsNaN() || b.IsNaN():
		return NaN(), nil
	}
	whole := b.IsInf() || MinScale(b) == 0
	switch {
	case a.Sign() == 0 && b.Sign() < 0:
		return Dec{}, sqlstate.New(invalidPowerArgument, "zero raised to a negative power is undefined")
	case a.Sign() < 0 && !whole:
		return Dec{}, sqlstate.New(invalidPowerArgument, "a negative number raised to a non-integer power yields a complex result")
	case a.special() || b.special():
		return powerInf(a, b), nil
	}
	if whole {
		if v, ok := ToInt64(b); ok && v == int64(int32(v)) {
			return powerInt(a, int(v), displayScale(0, a.Scale()), stop)
		}
	}
	if a.Sign() == 0 {
		return Dec{meta: minSigDigits}, nil
	}
	r, err := powerReal(Abs(a), b)
	if err == nil && a.Sign() < 0 && isOdd(b) {
		r = Neg(r)
	}
	return r, err
}

// isOdd reports whether a finite whole number is odd.
func isOdd(d Dec) bool {
	d = TrimScale(d)
	return d.Scale() == 0 && d.coef().Bit(0) == 1
}

// powerInf follows POSIX's pow(3) where one of the two is an infinity.
func powerInf(a, b Dec) Dec {
	one := FromInt64(1)
	switch {
	case Cmp(a, one) == 0 || b.Sign() == 0 || b.IsInf() && Cmp(a, FromInt64(-1)) == 0:
		return one
	case a.Sign() == 0:
		return Zero
	case b.IsInf():
		if (Cmp(Abs(a), one) > 0) == (b.Sign() > 0) {
			return Inf(1)
		}
		return Zero
	case b.Sign() < 0:
		return Zero
	case a.Sign() < 0 && isOdd(b):
		return Inf(-1)
	}
	return Inf(1)
}

// powerReal gives a^b = e^(b ln a) for a > 0. A first look with eight digits decides the scale, rounded as PostgreSQL rounds it.
func powerReal(a, b Dec) (Dec, error) {
	ln, err := lnAt(a, min(max(8-lnWeight(a), 0), MaxScale))
	if err != nil {
		return Dec{}, err
	}
	product := ToFloat64(unchecked(roundQuo(new(big.Int).Mul(ln.coef(), b.coef()), b.Scale()), ln.Scale()))
	if math.Abs(product) > 3.01*maxResultScale {
		if product > 0 {
			return Dec{}, errOverflow()
		}
		return Dec{meta: maxDisplayScale}, nil
	}
	scale := displayScale(int(product*log10e), a.Scale(), b.Scale())
	if r, done, err := expLimit(product, scale); done {
		return r, err
	}
	p := expBits(product, scale) + 16
	wide := p + max(b.coef().BitLen()-int(float64(b.Scale())*math.Log2(10)), 0) // the error of ln a grows with b
	x := new(big.Int).Mul(lnFixed(a.coef(), a.Scale(), wide), b.coef())
	x.Div(x, bigPow10(b.Scale()))
	return expResult(x.Rsh(x, uint(wide-p)), p, scale)
}

// powerInt gives a^n at a scale by repeated squaring, keeping as many digits at each step as PostgreSQL's power_var_int does.
func powerInt(a Dec, n, scale int, stop func() error) (Dec, error) {
	switch n {
	case 0:
		return FromInt64(1).rescale(scale, halfAway)
	case 1:
		return a.rescale(scale, halfAway)
	case -1, 2:
		if n == 2 {
			return fromProduct(a.coef(), a.coef(), 2*a.Scale(), scale)
		}
		return quoAt(big.NewInt(1), a.coef(), scale+a.Scale(), scale, true)
	}
	if a.Sign() == 0 {
		return Dec{meta: uint32(scale)}, nil // 0 to a negative power was refused
	}
	f, exp := a.leading(16)
	weight := float64(n) * (math.Log10(f) + float64(exp)) // of the result
	switch {
	case weight > 3*math.MaxInt16*4:
		return Dec{}, errOverflow()
	case weight+1 < float64(-scale) || weight+1 < -maxDisplayScale:
		return Dec{meta: uint32(scale)}, nil
	}
	digits := 1 + scale + int(weight) + int(math.Log(math.Abs(float64(n)))) + 8
	r, ok, err := powerSteps(power{a.coef(), a.Scale()}, abs(n), digits, stop)
	switch {
	case err != nil:
		return Dec{}, err
	case !ok && n > 0:
		return Dec{}, errOverflow()
	case !ok:
		return Dec{meta: uint32(scale)}, nil
	case n > 0:
		return fromProduct(r.coef, big.NewInt(1), r.scale, scale)
	case r.coef.Sign() == 0:
		return Dec{}, errDivisionByZero()
	}
	return quoAt(big.NewInt(1), r.coef, scale+r.scale, scale, true)
}

// fromProduct gives x·y × 10^-from rounded half away from zero to scale.
func fromProduct(x, y *big.Int, from, scale int) (Dec, error) {
	z := new(big.Int).Mul(x, y)
	if from > scale {
		return fromBig(roundQuo(z, from-scale), scale)
	}
	return fromBig(shiftBig(z, scale-from), scale)
}

// power is coef × 10^-scale, of any size.
type power struct {
	coef  *big.Int
	scale int
}

// weight gives the place of the first base-10000 digit.
func (a power) weight() int {
	if a.coef.Sign() == 0 {
		return 0
	}
	return (bigDigits(a.coef) - 1 - a.scale) >> 2
}

// mul gives a × b to about that many significant digits, with no more fraction than the factors have together.
func (a power) mul(b power, digits int) power {
	scale := max(min(digits-(a.weight()+b.weight())*4, a.scale+b.scale), 0)
	z := new(big.Int).Mul(a.coef, b.coef)
	if drop := a.scale + b.scale - scale; drop > 0 {
		z = roundQuo(z, drop)
	}
	return power{z, scale}
}

// powerSteps gives a^n, n ≥ 3; ok is false when an intermediate result outgrows NUMERIC, and with it the result.
func powerSteps(a power, n, digits int, stop func() error) (r power, ok bool, err error) {
	r = power{big.NewInt(1), 0}
	if n&1 != 0 {
		r = a
	}
	for n >>= 1; n > 0; n >>= 1 {
		if err := stop(); err != nil {
			return r, false, err
		}
		a = a.mul(a, digits)
		if n&1 != 0 {
			r = r.mul(a, digits)
		}
		if a.weight() > math.MaxInt16 || r.weight() > math.MaxInt16 {
			return r, false, nil
		}
	}
	return r, true, nil
}

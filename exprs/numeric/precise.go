package numeric

import "math"

// The C library that PostgreSQL calls rounds exp, log and pow correctly in all but about one case in a hundred; Go's package math does not. So that answers agree to the last digit, these functions are computed here with pairs of floats, which hold 106 bits,
// and rounded once.

// pair is the unevaluated sum of two floats, of which the second is below half a unit in the last place of the first.
type pair struct{ hi, lo float64 }

var ln2 = pair{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}

// sum is a + b exactly, as a pair.
func sum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

// product is a * b exactly, as a pair.
func product(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (p pair) add(q pair) pair {
	s := sum(p.hi, q.hi)
	s.lo += p.lo + q.lo
	return sum(s.hi, s.lo)
}

func (p pair) mul(q pair) pair {
	r := product(p.hi, q.hi)
	r.lo += float64(p.hi*q.lo) + float64(p.lo*q.hi)
	return sum(r.hi, r.lo)
}

func (p pair) scale(f float64) pair { return p.mul(pair{hi: f}) }

// inverseFactorials is 1/n! for the terms of the exponential series.
var inverseFactorials = [...]pair{
	{0x1p0, 0}, {0x1p0, 0}, {0x1p-1, 0}, {0x1.5555555555555p-3, 0x1.5555555555555p-57},
	{0x1.5555555555555p-5, 0x1.5555555555555p-59}, {0x1.1111111111111p-7, 0x1.1111111111111p-63},
	{0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65}, {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73},
	{0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76}, {0x1.71de3a556c734p-19, -0x1.c154f8ddc6cp-73},
	{0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76}, {0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80},
}

// exp gives e^p as fraction × 2^exponent. p must be finite and below a million.
func (p pair) exp() (fraction pair, exponent int) {
	const halvings = 6
	k := math.RoundToEven(p.hi / ln2.hi)
	r := p.add(ln2.scale(-k))
	r = pair{math.Ldexp(r.hi, -halvings), math.Ldexp(r.lo, -halvings)}
	// The series of e^r - 1, small enough for twelve terms, then (1+s)² - 1 = 2s + s² once for each halving.
	s := inverseFactorials[len(inverseFactorials)-1]
	for i := len(inverseFactorials) - 2; i >= 1; i-- {
		s = s.mul(r).add(inverseFactorials[i])
	}
	s = s.mul(r)
	for range halvings {
		s = s.scale(2).add(s.mul(s))
	}
	return s.add(pair{hi: 1}), int(k)
}

// logarithmOf gives ln(x) of a positive finite x.
func logarithmOf(x float64) pair {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	// One step of Newton's from a first guess y: ln(m) = y + ln(m·e^-y), and the latter is 1 + t with t about 1e-16.
	y := math.Log(m)
	power, k := pair{hi: -y}.exp()
	power = pair{math.Ldexp(power.hi, k), math.Ldexp(power.lo, k)}
	t := power.scale(m).add(pair{hi: -1})
	t = t.add(t.mul(t).scale(-0.5))
	return ln2.scale(float64(e)).add(pair{hi: y}).add(t)
}

// preciseExp is math.Exp, rounded once.
func preciseExp(x float64) float64 {
	const far = 800 // beyond it there is nothing but infinity and zero
	if math.IsNaN(x) || math.Abs(x) > far {
		return math.Exp(x)
	}
	f, k := pair{hi: x}.exp()
	return math.Ldexp(f.hi, k)
}

// preciseLog is math.Log, rounded once, right for denormals too.
func preciseLog(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log(x)
	}
	return logarithmOf(x).hi
}

// cLog10 is the C library's log10, which is not rounded once but computed as n·log10(2) + ln(m)/ln(10), where x = m·2^n with m in [1, 2), or in
// [½, 1) below 1 (the formula of FreeBSD's msun and of glibc). It is wrong in the last digit one time in ten, and right for powers of ten.
func cLog10(x float64) float64 {
	const (
		perLn10 = 0x1.bcb7b1526e50ep-2
		high    = 0x1.34413509f6p-2 // log10(2), the first 36 bits
		low     = 3.69423907715893078616e-13
	)
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log10(x)
	}
	m, e := math.Frexp(x)
	if e > 0 {
		m, e = 2*m, e-1
	}
	n := float64(e)
	return float64(float64(n*low)+float64(perLn10*preciseLog(m))) + float64(n*high)
}

// precisePow is math.Pow, rounded once.
func precisePow(x, y float64) float64 {
	const far = 1e6 // e^far is beyond all floats
	switch y {
	case 1:
		return x
	case 2:
		return x * x
	}
	quick := math.Pow(x, y)
	if x == 0 || y == 0 || x == 1 || quick == 0 || math.IsInf(quick, 0) || math.IsNaN(quick) {
		return quick
	}
	power := logarithmOf(math.Abs(x)).scale(y)
	if math.Abs(power.hi) > far {
		return quick
	}
	f, k := power.exp()
	return math.Copysign(math.Ldexp(f.hi, k), quick)
}

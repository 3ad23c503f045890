package decimal

import (
	"math"
	"math/big"
)

// Exponentials and logarithms are computed in binary fixed point: a real x is the integer x·2^p. PostgreSQL sums its series in decimal with eight
// guard digits; here at least ten guard digits are kept, so that both round to the same digits unless the true value lies within 10^-8 units of
// the middle between two results.

// bitsFor gives the fraction bits that hold a decimal fraction of that many digits, with guard digits to spare.
func bitsFor(digits int) int { return int(float64(digits+12)*math.Log2(10)) + 64 }

// toFixed gives coef × 10^-scale × 2^p, rounded down; p may be negative.
func toFixed(coef *big.Int, scale, p int) *big.Int {
	if p < 0 {
		den := bigPow10(scale)
		return new(big.Int).Div(coef, den.Lsh(den, uint(-p)))
	}
	z := new(big.Int).Lsh(coef, uint(p))
	return z.Div(z, bigPow10(scale))
}

// fixedTo gives x·2^-p as a coefficient at a decimal scale, rounded half away from zero; p may be negative.
func fixedTo(x *big.Int, p, scale int) *big.Int {
	z := new(big.Int).Mul(x, bigPow10(scale))
	if p <= 0 {
		return z.Lsh(z, uint(-p))
	}
	return roundDiv(z, new(big.Int).Lsh(big.NewInt(1), uint(p)))
}

// ln2Fixed gives ln 2 with p fraction bits by the Machin-like formula ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
func ln2Fixed(p int) *big.Int {
	const guard = 32
	sum := new(big.Int)
	for _, t := range [...][2]int64{{18, 26}, {-2, 4801}, {8, 8749}} {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(t[0]), artanhInverse(t[1], p+guard)))
	}
	return sum.Rsh(sum, guard)
}

// artanhInverse gives artanh(1/n), the sum of 1/(k·n^k) over odd k.
func artanhInverse(n int64, p int) *big.Int {
	power := new(big.Int).Lsh(big.NewInt(1), uint(p))
	power.Quo(power, big.NewInt(n))
	sum, term, square := new(big.Int).Set(power), new(big.Int), big.NewInt(n*n)
	for k := int64(3); power.Sign() != 0; k += 2 {
		power.Quo(power, square)
		sum.Add(sum, term.Quo(power, big.NewInt(k)))
	}
	return sum
}

// expFixed gives e^x as m·2^(k-p), with m·2^-p from 1 to 2, for x with p fraction bits: x = k·ln 2 + r, and e^r is the Taylor series of
// r/2^s squared s times.
func expFixed(x *big.Int, p int) (m *big.Int, k int) {
	s := int(math.Sqrt(float64(p))) / 2
	q := p + 2*s + 64
	r := new(big.Int).Lsh(x, uint(q-p))
	quo := new(big.Int)
	quo.DivMod(r, ln2Fixed(q), r) // Euclidean: r is not negative
	r.Rsh(r, uint(s))
	term := new(big.Int).Lsh(big.NewInt(1), uint(q))
	sum := new(big.Int).Set(term)
	for n := int64(1); term.Sign() != 0; n++ {
		term.Mul(term, r).Rsh(term, uint(q))
		sum.Add(sum, term.Quo(term, big.NewInt(n)))
	}
	for range s {
		sum.Mul(sum, sum).Rsh(sum, uint(q))
	}
	return sum.Rsh(sum, uint(q-p)), int(quo.Int64())
}

// lnFixed gives ln(coef × 10^-scale) with p fraction bits, for coef > 0: the number is m·2^e with m from 1/2 to 2, a few square roots bring m
// near 1, and ln m = 2 artanh((m-1)/(m+1)). It is exactly 0 for 1, and only for 1 if p holds the number's distance from 1.
func lnFixed(coef *big.Int, scale, p int) *big.Int {
	most := int(math.Sqrt(float64(p))) / 3
	q := p + 2*most + 64
	e := coef.BitLen() - bigPow10(scale).BitLen()
	m := toFixed(coef, scale, q-e)
	one := new(big.Int).Lsh(big.NewInt(1), uint(q))
	roots := 0
	for d := new(big.Int); roots < most && d.Sub(m, one).BitLen() > q-most; roots++ {
		m = bigSqrt(m.Lsh(m, uint(q)))
	}
	y := new(big.Int).Sub(m, one)
	y.Quo(y.Lsh(y, uint(q)), m.Add(m, one))
	square := new(big.Int).Mul(y, y)
	square.Rsh(square, uint(q))
	sum, term := new(big.Int).Set(y), new(big.Int)
	for k := int64(3); y.Sign() != 0; k += 2 {
		y.Mul(y, square)
		y.Quo(y, one) // towards zero, so that a negative y gets there
		sum.Add(sum, term.Quo(y, big.NewInt(k)))
	}
	sum.Lsh(sum, uint(roots+1))
	if e != 0 { // next to 1, where a great many bits are asked for, ln 2 would take longest
		sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(e)), ln2Fixed(q)))
	}
	return sum.Rsh(sum, uint(q-p))
}

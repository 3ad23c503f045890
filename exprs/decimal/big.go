package decimal

import (
	"math"
	"math/big"
)

// bigPow10 gives 10^k, k ≥ 0, as a new big.Int.
func bigPow10(k int) *big.Int {
	if k < len(pow10) {
		return pow10[k].big()
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(k)), nil)
}

// exceedsPow10 reports |z| ≥ 10^k. It counts bits first: the power is made only where they leave a doubt.
func exceedsPow10(z *big.Int, k int) bool {
	b := float64(k) * math.Log2(10) // 10^k has floor(b) + 1 bits; the margin of 1 covers the error of the product
	n := float64(z.BitLen())
	return n > b-1 && (n > b+2 || z.CmpAbs(bigPow10(k)) >= 0)
}

// bigDigits gives the number of decimal digits of |z|; 0 has none.
func bigDigits(z *big.Int) int {
	n := z.BitLen()
	if n == 0 {
		return 0
	}
	k := int(float64(n-1) * math.Log10(2)) // digits less one, or less two
	if exceedsPow10(z, k+1) {
		return k + 2
	}
	return k + 1
}

// shiftBig gives z × 10^k, k ≥ 0: z itself when k is 0, else a new number.
func shiftBig(z *big.Int, k int) *big.Int {
	if k == 0 || z.Sign() == 0 {
		return z
	}
	return new(big.Int).Mul(z, bigPow10(k))
}

// roundQuo gives z / 10^k rounded half away from zero as a new number.
func roundQuo(z *big.Int, k int) *big.Int { return roundDiv(z, bigPow10(k)) }

// roundDiv gives z / d, d not zero, rounded half away from zero, as a new number.
func roundDiv(z, d *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(z, d, new(big.Int))
	if r.Lsh(r, 1).CmpAbs(d) >= 0 {
		q.Add(q, big.NewInt(int64(z.Sign()*d.Sign())))
	}
	return q
}

// align gives the coefficients of two finite values at their larger scale. The caller must not change them.
func align(a, b Dec) (x, y *big.Int, scale int) {
	scale = max(a.Scale(), b.Scale())
	return shiftBig(a.coef(), scale-a.Scale()), shiftBig(b.coef(), scale-b.Scale()), scale
}

package decimal

import "math/big"

// shortSqrt is the length in bits up to which math/big's square root is as quick.
const shortSqrt = 1024

// bigSqrt gives the whole part of the square root of z ≥ 0 as a new number. math/big's takes a division of the full length for each of its steps, this one
// about as long as one of them.
func bigSqrt(z *big.Int) *big.Int {
	s, _ := sqrtRem(z)
	return s
}

// sqrtRem gives the whole part s of the square root of z and the remainder z - s². The method is P. Zimmermann's (Karatsuba Square Root, INRIA RR-3805):
// the root of the upper half of z gives the upper half of s, and a division by it the lower half. That is at most one too much, since the upper half of s
// is as long as the lower one, or a bit longer.
func sqrtRem(z *big.Int) (s, r *big.Int) {
	if z.BitLen() <= shortSqrt {
		s = new(big.Int).Sqrt(z)
		return s, new(big.Int).Sub(z, new(big.Int).Mul(s, s))
	}
	half := uint(z.BitLen()+1) / 4 // bits of the lower half of s
	upper, low := cut(z, half)
	upper, high := cut(upper, half)
	s, r = sqrtRem(upper)
	q, u := new(big.Int).QuoRem(r.Lsh(r, half).Add(r, high), new(big.Int).Lsh(s, 1), new(big.Int))
	s.Lsh(s, half).Add(s, q)
	u.Lsh(u, half).Add(u, low)
	if u.Sub(u, q.Mul(q, q)).Sign() < 0 {
		one := big.NewInt(1)
		u.Add(u, q.Lsh(s, 1)).Sub(u, one)
		s.Sub(s, one)
	}
	return s, u
}

// cut gives the bits of z ≥ 0 from n on, and those below, as new numbers.
func cut(z *big.Int, n uint) (high, low *big.Int) {
	high = new(big.Int).Rsh(z, n)
	low = new(big.Int).Lsh(high, n)
	return high, low.Sub(z, low)
}

package decimal

import (
	"math/big"
	"math/bits"
)

// u128 is an unsigned 128-bit integer: the magnitude of a small coefficient.
type u128 struct{ hi, lo uint64 }

func (a u128) isZero() bool { return a.hi|a.lo == 0 }

func (a u128) less(b u128) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

func (a u128) cmp(b u128) int {
	switch {
	case a == b:
		return 0
	case a.less(b):
		return -1
	}
	return 1
}

func (a u128) sub(b u128) u128 {
	lo, c := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, c)
	return u128{hi, lo}
}

// inc adds one; ok is false when that wraps.
func (a u128) inc() (u128, bool) {
	lo, c := bits.Add64(a.lo, 1, 0)
	hi, c := bits.Add64(a.hi, 0, c)
	return u128{hi, lo}, c == 0
}

// mul gives the 256-bit product as two halves.
func (a u128) mul(b u128) (hi, lo u128) {
	h0, l0 := bits.Mul64(a.lo, b.lo)
	if a.hi|b.hi == 0 {
		return u128{}, u128{h0, l0}
	}
	h1, l1 := bits.Mul64(a.hi, b.lo)
	h2, l2 := bits.Mul64(a.lo, b.hi)
	h3, l3 := bits.Mul64(a.hi, b.hi)
	w1, c1 := bits.Add64(h0, l1, 0)
	w1, c2 := bits.Add64(w1, l2, 0)
	w2, c3 := bits.Add64(h1, h2, c1)
	w2, c4 := bits.Add64(w2, l3, c2)
	return u128{h3 + c3 + c4, w2}, u128{w1, l0}
}

// shift10 gives a × 10^k for any k ≥ 0; ok is false when 128 bits do not hold it.
func (a u128) shift10(k int) (u128, bool) {
	if k >= len(pow10) {
		return u128{}, a.isZero()
	}
	hi, lo := a.mul(pow10[k])
	return lo, hi.isZero()
}

// digits gives the number of decimal digits; 0 has none.
func (a u128) digits() int {
	n := bits.Len64(a.lo)
	if a.hi != 0 {
		n = 64 + bits.Len64(a.hi)
	}
	k := n * 1233 >> 12 // floor(n·log10 2), exact for n ≤ 128: the digits less one, or the digits
	if k < len(pow10) && !a.less(pow10[k]) {
		k++
	}
	return k
}

// quoRem divides by d, which is not zero.
func (a u128) quoRem(d u128) (q, r u128) {
	if d.hi == 0 {
		if a.hi == 0 {
			return u128{0, a.lo / d.lo}, u128{0, a.lo % d.lo}
		}
		q.hi, r.lo = a.hi/d.lo, a.hi%d.lo
		q.lo, r.lo = bits.Div64(r.lo, a.lo, d.lo)
		return q, r
	}
	q, r, _ = quoRem256(u128{}, a, d)
	return q, r
}

// quoRem256 divides the 256-bit hi:lo by d, which is not zero; ok is false when 128 bits do not hold the quotient.
func quoRem256(hi, lo, d u128) (q, r u128, ok bool) {
	if !hi.less(d) {
		return q, r, false
	}
	if d.hi == 0 {
		q.hi, r.lo = bits.Div64(hi.lo, lo.hi, d.lo)
		q.lo, r.lo = bits.Div64(r.lo, lo.lo, d.lo)
		return q, r, true
	}
	// Two steps of schoolbook division in base 2^64, with the divisor's top bit set (Knuth, algorithm D).
	s := uint(bits.LeadingZeros64(d.hi))
	d = u128{d.hi<<s | d.lo>>(64-s), d.lo << s}
	r = u128{hi.hi<<s | hi.lo>>(64-s), hi.lo<<s | lo.hi>>(64-s)}
	q.hi, r = quoStep(r, lo.hi<<s|lo.lo>>(64-s), d)
	q.lo, r = quoStep(r, lo.lo<<s, d)
	return q, u128{r.hi >> s, r.hi<<(64-s) | r.lo>>s}, true
}

// quoStep divides the three words r:n by d, where r < d and the top bit of d is set. The quotient is one word.
func quoStep(r u128, n uint64, d u128) (q uint64, rem u128) {
	var rh, carry uint64
	if r.hi >= d.hi { // then they are equal, and the first guess is the largest word
		q = 1<<64 - 1
		rh, carry = bits.Add64(r.lo, d.hi, 0)
	} else {
		q, rh = bits.Div64(r.hi, r.lo, d.hi)
	}
	ph, pl := bits.Mul64(q, d.lo)
	for carry == 0 && (u128{rh, n}).less(u128{ph, pl}) { // at most twice
		q--
		rh, carry = bits.Add64(rh, d.hi, 0)
		ph, pl = bits.Mul64(q, d.lo)
	}
	return q, u128{rh, n}.sub(u128{ph, pl})
}

// roundUp gives q + 1 when the remainder r is at least half of d, else q: rounding half away from zero.
func roundUp(q, r, d u128) (u128, bool) {
	if r.less(d.sub(r)) {
		return q, true
	}
	return q.inc()
}

// big gives a as a new big.Int.
func (a u128) big() *big.Int {
	if a.hi == 0 {
		return new(big.Int).SetUint64(a.lo)
	}
	z := new(big.Int).SetUint64(a.hi)
	return z.Or(z.Lsh(z, 64), new(big.Int).SetUint64(a.lo))
}

// u128FromBig gives the magnitude of z; ok is false when it has more than 128 bits.
func u128FromBig(z *big.Int) (a u128, ok bool) {
	if z.BitLen() > 128 {
		return a, false
	}
	for i, w := range z.Bits() { // a word has 32 or 64 bits
		switch bit := uint(i) * bits.UintSize; {
		case bit < 64:
			a.lo |= uint64(w) << bit
		default:
			a.hi |= uint64(w) << (bit - 64)
		}
	}
	return a, true
}

package decimal

import "math/bits"

// Divisor divides one value after another by the same divisor, as Div does and to the digit. The scale of a quotient changes at few dividends: between two of
// them a division is the multiplication by one integer and the division by another, in lowest terms, which for a divisor such as 1048576.0 is a shift.
// A Divisor remembers those it met. It is not safe for use by several goroutines.
type Divisor struct {
	by    Dec
	plain bool // neither large, special nor zero
	neg   bool
	mag   u128
	lead  lead
	met   [4]quotients
	next  int // the one of met that is replaced next
}

// quotients is how to divide the magnitudes from first to last, of coefficients of one scale.
type quotients struct {
	first, last u128 // none when first is greater
	from, scale int  // the dividend's scale and the quotient's
	up          uint64
	down        uint64
	shift       uint // log2 of down, when it is a power of two; else 64
}

// NewDivisor prepares divisions by d, whatever it is.
func NewDivisor(d Dec) *Divisor {
	v := &Divisor{by: d}
	if d.small() && d.Sign() != 0 {
		v.plain = true
		v.neg, v.mag = d.mag()
		v.lead = leadOf(v.mag, d.Scale())
	}
	for i := range v.met {
		v.met[i].first = u128{0, 1}
	}
	return v
}

// Quo gives a divided by the divisor, with the errors of Div.
func (v *Divisor) Quo(a Dec) (Dec, error) {
	if !v.plain || !a.small() || a.Sign() == 0 {
		return Div(a, v.by)
	}
	neg, m := a.mag()
	neg = neg != v.neg
	for i := range v.met {
		if p := &v.met[i]; int(a.meta) == p.from && !m.less(p.first) && !p.last.less(m) {
			if q, ok := p.quo(m); ok {
				if d, ok := fromMag(neg, q, p.scale); ok {
					return d, nil
				}
			}
			return Div(a, v.by)
		}
	}
	v.met[v.next] = v.learn(m, int(a.meta))
	v.next = (v.next + 1) % len(v.met)
	return Div(a, v.by)
}

// quo gives the quotient, rounded half up; ok is false when it takes more than 128 bits on the way.
func (p *quotients) quo(m u128) (q u128, ok bool) {
	h, l := bits.Mul64(m.lo, p.up)
	if m.hi != 0 {
		over, mid := bits.Mul64(m.hi, p.up)
		var c uint64
		if h, c = bits.Add64(h, mid, 0); over|c != 0 {
			return q, false
		}
	}
	l, c := bits.Add64(l, p.down>>1, 0) // of an odd divisor half is never left over, so that what is cut off does not matter
	if h, c = bits.Add64(h, 0, c); c != 0 || p.up == 0 {
		return q, false
	}
	if p.shift < 64 {
		return u128{h >> p.shift, l>>p.shift | h<<(64-p.shift)}, true
	}
	if h >= p.down {
		q.hi, h = h/p.down, h%p.down
	}
	q.lo, _ = bits.Div64(h, l, p.down)
	return q, true
}

// learn finds how to divide m, which is not zero, and the magnitudes around it whose quotients have the same scale. up is 0 where 64 bits do not do.
func (v *Divisor) learn(m u128, from int) quotients {
	a := leadOf(m, from)
	scale := divScale(a, v.lead, from, v.by.Scale())
	if a.digit <= v.lead.digit {
		a.weight--
	}
	p := quotients{from: from, scale: scale, first: v.step(a.weight, from)}
	p.last = v.step(a.weight+1, from).sub(u128{0, 1})
	tens, down := scale+v.by.Scale()-from, v.mag
	twos, fives := tens, tens
	for ; twos > 0 && down.lo&1 == 0; twos-- {
		down = u128{down.hi >> 1, down.hi<<63 | down.lo>>1}
	}
	for ; fives > 0; fives-- {
		q, r := down.quoRem(u128{0, 5})
		if !r.isZero() {
			break
		}
		down = q
	}
	up, ok := scaleUp(twos, fives)
	if down.hi != 0 || !ok {
		return p
	}
	p.up, p.down, p.shift = up, down.lo, 64
	if down.lo&(down.lo-1) == 0 {
		p.shift = uint(bits.TrailingZeros64(down.lo))
	}
	return p
}

// step gives the least magnitude of a scale whose first base-10000 digit is the one of that weight and greater than the divisor's; the largest of all when
// 128 bits do not hold it.
func (v *Divisor) step(weight, scale int) u128 {
	next := u128{0, uint64(v.lead.digit) + 1}
	switch e := 4*weight + scale; {
	case e >= 0:
		if m, ok := next.shift10(e); ok {
			return m
		}
		return u128{1<<64 - 1, 1<<64 - 1}
	case -e < len(pow10):
		q, r := next.quoRem(pow10[-e])
		if !r.isZero() {
			q.lo++
		}
		return q
	default:
		return u128{0, 1}
	}
}

// scaleUp gives 2^twos × 5^fives, if 64 bits hold it.
func scaleUp(twos, fives int) (uint64, bool) {
	if twos > 63 || fives > 27 {
		return 0, false
	}
	p := uint64(1)
	for range fives {
		p *= 5
	}
	return p << twos, bits.Len64(p)+twos <= 64
}

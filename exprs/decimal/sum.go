package decimal

import (
	"math/big"
	"math/bits"
)

// Int128 is a two's complement 128-bit integer, Hi × 2^64 + Lo: the exact running sum of bigints. 2^63 additions cannot overflow it.
type Int128 struct {
	Hi int64
	Lo uint64
}

// Add adds v.
func (s *Int128) Add(v int64) {
	lo, c := bits.Add64(s.Lo, uint64(v), 0)
	s.Lo = lo
	s.Hi += v>>63 + int64(c)
}

// AddInt128 adds o, wrapping beyond 128 bits.
func (s *Int128) AddInt128(o Int128) {
	lo, c := bits.Add64(s.Lo, o.Lo, 0)
	s.Lo = lo
	s.Hi += o.Hi + int64(c)
}

// Dec gives the sum × 10^-scale, under the rules of New.
func (s Int128) Dec(scale int) Dec { return FromInt128(s.Hi, s.Lo, scale) }

// Int64 gives the sum when an int64 holds it.
func (s Int128) Int64() (v int64, ok bool) { return int64(s.Lo), s.Hi == int64(s.Lo)>>63 }

// Avg gives the sum of count bigints divided by count: PostgreSQL's avg(bigint). Error: 22012 for a count of 0.
func (s Int128) Avg(count int64) (Dec, error) { return Div(s.Dec(0), FromInt64(count)) }

// Sum is an exact running sum of numerics: PostgreSQL's sum(numeric) and avg(numeric). Its scale is the largest of what was added. The zero value
// is the sum of nothing, 0. It is for one goroutine; parts are joined with Merge. Copy it only while nothing was added.
type Sum struct {
	acc   Dec      // small: the sum of what is not in spill, at the largest scale that a small value brought
	spill *big.Int // the rest × 10^spillScale, owned; nil while 128 bits have sufficed
	scale int      // of spill

	nan, pos, neg bool // a NaN, Infinity, -Infinity was added
}

// Add adds d.
func (s *Sum) Add(d Dec) {
	if d.meta == s.acc.meta && d.small() {
		lo, c := bits.Add64(s.acc.lo, d.lo, 0)
		hi, _ := bits.Add64(uint64(s.acc.hi), uint64(d.hi), c)
		if (s.acc.hi^int64(hi))&(d.hi^int64(hi)) >= 0 {
			s.acc.hi, s.acc.lo = int64(hi), lo
			return
		}
	}
	s.addUnlike(d)
}

// Bytes gives the memory that a sum of many digits holds on to beside the Sum itself.
func (s *Sum) Bytes() int64 {
	if s.spill == nil {
		return 0
	}
	return bigBytes(s.spill)
}

// AddInt64 adds v.
func (s *Sum) AddInt64(v int64) { s.Add(FromInt64(v)) }

// addUnlike adds a value of another scale, or one that makes the accumulator spill, or one that is not small.
func (s *Sum) addUnlike(d Dec) {
	switch d.meta &^ scaleMask {
	case formNaN:
		s.nan = true
	case formPosInf:
		s.pos = true
	case formNegInf:
		s.neg = true
	case formBig:
		s.spillOver(d)
	case formSmall:
		if r, err := addUnlike(s.acc, d); err == nil && r.small() {
			s.acc = r
			return
		}
		// One of the two goes to the spill; the other stays, at the larger scale if that fits, so that the next values find it there.
		s.spillOver(s.acc)
		s.acc = Dec{meta: max(s.acc.meta, d.meta)}
		if r, ok := d.upscale(int(s.acc.meta)); ok {
			s.acc = r
			return
		}
		s.spillOver(d)
	}
}

// spillOver adds a finite value to the spill, in place where the scales allow.
func (s *Sum) spillOver(d Dec) {
	c := d.coef()
	if s.spill == nil {
		s.spill, s.scale = new(big.Int).Set(c), d.Scale()
		return
	}
	if d.Scale() > s.scale {
		s.spill.Mul(s.spill, bigPow10(d.Scale()-s.scale))
		s.scale = d.Scale()
	}
	s.spill.Add(s.spill, shiftBig(c, s.scale-d.Scale()))
}

// Merge adds all that o has added, and leaves o as it is.
func (s *Sum) Merge(o *Sum) {
	s.nan, s.pos, s.neg = s.nan || o.nan, s.pos || o.pos, s.neg || o.neg
	s.Add(o.acc)
	if o.spill != nil {
		s.spillOver(Dec{ext: o.spill, meta: uint32(o.scale)})
	}
}

// Checked gives the sum. Error: 22003 when it is out of NUMERIC's range, which takes values of 131072 digits.
func (s *Sum) Checked() (Dec, error) {
	switch {
	case s.nan || s.pos && s.neg:
		return NaN(), nil
	case s.pos:
		return Inf(1), nil
	case s.neg:
		return Inf(-1), nil
	case s.spill == nil:
		return s.acc, nil
	}
	x, y, scale := align(s.acc, Dec{ext: s.spill, meta: uint32(s.scale)})
	return fromBig(new(big.Int).Add(x, y), scale)
}

// Result gives the sum, with an infinity in place of one that is out of NUMERIC's range; Checked gives PostgreSQL's error for that.
func (s *Sum) Result() Dec {
	d, err := s.Checked()
	if err == nil {
		return d
	}
	return Inf(s.spill.Sign())
}

// Avg gives the sum divided by count, with the scale that division chooses. Errors: 22012 for a count of 0, 22003 out of NUMERIC's range.
func (s *Sum) Avg(count int64) (Dec, error) {
	d, err := s.Checked()
	if err != nil {
		return Dec{}, err
	}
	return Div(d, FromInt64(count))
}

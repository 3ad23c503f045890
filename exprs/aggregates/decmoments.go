package aggregates

import (
	"math/big"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// squares is the exact sum and sum of squares of a group. Values of few digits that have the scale of the first are summed in 128 bits; the others in decimals.
type squares struct {
	n          int64
	special    bool  // NaN or an infinity was among them
	digits     int32 // one more than the scale of the values of few digits; 0 without them
	small      decimal.Int128
	smallPower decimal.Int128
	sum, power *decimal.Sum
}

// fewDigits is what a value of few digits stays below, without its point: 2^46 squares of such fit in 127 bits.
const fewDigits = 1 << 40

// addSmall adds a value of few digits, without its point. It answers false when it is not, or has not the scale of the others.
func (q *squares) addSmall(x int64, scale int) bool {
	if x <= -fewDigits || x >= fewDigits || scale > decimal.MaxScale/2 || q.digits != int32(scale)+1 && q.digits != 0 {
		return false
	}
	q.n++
	q.digits = int32(scale) + 1
	q.small.Add(x)
	hi, lo := bits.Mul64(uint64(max(x, -x)), uint64(max(x, -x)))
	q.smallPower.AddInt128(decimal.Int128{Hi: int64(hi), Lo: lo})
	return true
}

func (q *squares) addInt(x int64) error {
	if q.addSmall(x, 0) {
		return nil
	}
	return q.addLong(decimal.FromInt64(x))
}

func (q *squares) addDec(d decimal.Dec) error {
	if hi, lo, ok := d.Coef128(); ok && hi == int64(lo)>>63 && q.addSmall(int64(lo), d.Scale()) {
		return nil
	}
	return q.addLong(d)
}

// addLong adds any value.
func (q *squares) addLong(d decimal.Dec) error {
	q.n++
	if d.IsNaN() || d.IsInf() {
		q.special = true
		return nil
	}
	square, err := decimal.Mul(d, d)
	if err != nil {
		return err
	}
	q.addSums(d, square)
	return nil
}

// addSums adds to the sum and to the sum of squares.
func (q *squares) addSums(sum, power decimal.Dec) {
	if q.sum == nil {
		q.sum, q.power = &decimal.Sum{}, &decimal.Sum{}
	}
	q.sum.Add(sum)
	q.power.Add(power)
}

func (q *squares) merge(o *squares) {
	q.n += o.n
	q.special = q.special || o.special
	switch {
	case o.digits == 0:
	case q.digits == 0 || q.digits == o.digits:
		q.digits = o.digits
		q.small.AddInt128(o.small)
		q.smallPower.AddInt128(o.smallPower)
	default:
		q.addSums(o.smallSums())
	}
	if o.sum == nil {
		return
	}
	if q.sum == nil {
		q.sum, q.power = &decimal.Sum{}, &decimal.Sum{}
	}
	q.sum.Merge(o.sum)
	q.power.Merge(o.power)
}

// smallSums gives the sums of the values of few digits.
func (q *squares) smallSums() (sum, power decimal.Dec) {
	scale := int(max(q.digits-1, 0))
	return q.small.Dec(scale), q.smallPower.Dec(2 * scale)
}

// totals gives the sum and the sum of squares.
func (q *squares) totals() (sum, power decimal.Dec, err error) {
	if sum, power = q.smallSums(); q.sum == nil {
		return sum, power, nil
	}
	if sum, err = decimal.Add(sum, q.sum.Result()); err != nil {
		return sum, power, err
	}
	power, err = decimal.Add(power, q.power.Result())
	return sum, power, err
}

// result is (n·Σx² - (Σx)²) / (n·(n-1)), or its root, with the scale that numeric division chooses; 0 when there is no deviation.
func (q *squares) result(m moment) (decimal.Dec, error) {
	if q.special {
		return decimal.NaN(), nil
	}
	sum, power, err := q.totals()
	if err != nil {
		return sum, err
	}
	n := decimal.FromInt64(q.n)
	if sum, err = decimal.Mul(sum, sum); err != nil {
		return sum, err
	}
	if power, err = decimal.Mul(n, power); err != nil {
		return power, err
	}
	numerator, err := decimal.Sub(power, sum)
	if err != nil || numerator.Sign() <= 0 {
		return decimal.Zero, err
	}
	denominator, err := decimal.Mul(n, decimal.FromInt64(q.n-m.sample))
	if err != nil {
		return denominator, err
	}
	variance, err := decimal.Div(numerator, denominator)
	if err != nil || !m.root {
		return variance, err
	}
	return rootAtScale(variance)
}

// rootAtScale gives the square root with the scale of d, rounded half up: numeric's own square root may show more digits.
func rootAtScale(d decimal.Dec) (decimal.Dec, error) {
	scale := d.Scale()
	ten := big.NewInt(10)
	// One digit more than is shown: d × 10^scale is a whole number, its root has to be multiplied by 10^(scale/2 + scale/2 + 1).
	root := new(big.Int).Exp(ten, big.NewInt(int64(scale)+2), nil)
	root.Sqrt(root.Mul(root, d.Coef()))
	root.Add(root, big.NewInt(5))
	return decimal.FromBig(root.Quo(root, ten), scale)
}

// decMoments is variance or standard deviation of integers or numerics.
type decMoments struct {
	moment
	groups []squares
	guarded
}

// perSums is the memory of the two sums of a group.
const perSums = 160

// Grow implements exprs.State.
func (s *decMoments) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *decMoments) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	integers := a.Type.Physical() == arrowschema.Ints
	for i := 0; i < n; i++ {
		if a.IsNull(i) {
			continue
		}
		g, at := &s.groups[group(groups, i)], a.At(i)
		var err error
		if integers {
			err = g.addInt(a.Ints[at])
		} else {
			fresh := g.sum == nil
			if d := &a.Decs[at]; d.Large() {
				err = s.addLarge(g, *d)
			} else {
				err = g.addDec(*d)
			}
			if fresh && g.sum != nil {
				s.large += perSums
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *decMoments) addLarge(g *squares, d decimal.Dec) error {
	before := g.bytes()
	if err := g.addDec(d); err != nil {
		return err
	}
	return s.grew(g.bytes() - before)
}

// bytes gives the memory of sums of many digits.
func (q *squares) bytes() int64 {
	if q.sum == nil {
		return 0
	}
	return q.sum.Bytes() + q.power.Bytes()
}

// Merge implements exprs.State.
func (s *decMoments) Merge(other exprs.State, into []uint32) error {
	o := other.(*decMoments)
	s.large += o.large
	for i := range o.groups {
		g := &s.groups[into[i]]
		fresh := g.sum == nil
		if g.merge(&o.groups[i]); fresh && g.sum != nil && o.groups[i].sum == nil {
			s.large += perSums
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *decMoments) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Numeric, lo, hi, func(i int) bool { return s.groups[i].n > s.sample },
		func(i int) (decimal.Dec, error) {
			if err := s.ctx.Check(); err != nil {
				return decimal.Dec{}, err
			}
			return s.groups[i].result(s.moment)
		})
}

// Bytes implements exprs.State.
func (s *decMoments) Bytes() int64 { return int64(cap(s.groups))*64 + s.large }

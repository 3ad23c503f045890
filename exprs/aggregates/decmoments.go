package aggregates

import (
	"math/big"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// squares is the exact sum and sum of squares of a group. Integers below 2^31, whose squares fit in 64 bits, are summed in 128 bits; the others and
// numerics in decimals.
type squares struct {
	n          int64
	special    bool // NaN or an infinity was among them
	small      decimal.Int128
	smallPower decimal.Int128
	sum, power *decimal.Sum
}

func (q *squares) addInt(x int64) error {
	const most = 1 << 31
	if x <= -most || x >= most {
		return q.addDec(decimal.FromInt64(x))
	}
	q.n++
	q.small.Add(x)
	q.smallPower.Add(x * x)
	return nil
}

func (q *squares) addDec(d decimal.Dec) error {
	q.n++
	if d.IsNaN() || d.IsInf() {
		q.special = true
		return nil
	}
	square, err := decimal.Mul(d, d)
	if err != nil {
		return err
	}
	if q.sum == nil {
		q.sum, q.power = &decimal.Sum{}, &decimal.Sum{}
	}
	q.sum.Add(d)
	q.power.Add(square)
	return nil
}

func (q *squares) merge(o *squares) {
	q.n += o.n
	q.special = q.special || o.special
	q.small.AddInt128(o.small)
	q.smallPower.AddInt128(o.smallPower)
	if o.sum == nil {
		return
	}
	if q.sum == nil {
		q.sum, q.power = &decimal.Sum{}, &decimal.Sum{}
	}
	q.sum.Merge(o.sum)
	q.power.Merge(o.power)
}

// totals gives the sum and the sum of squares.
func (q *squares) totals() (sum, power decimal.Dec, err error) {
	sum, power = q.small.Dec(0), q.smallPower.Dec(0)
	if q.sum == nil {
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
			if fresh && err == nil {
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
		s.groups[into[i]].merge(&o.groups[i])
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

package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func errOverflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: overflow")
}

// spread is count, sum and sum of squared deviations of a group by the method of Youngs and Cramer, as PostgreSQL has it in float8_accum.
type spread struct{ n, sum, deviation float64 }

func (p *spread) add(x float64) error {
	before := *p
	p.n++
	p.sum += x
	if before.n == 0 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			p.deviation = math.NaN()
		}
		return nil
	}
	d := float64(x*p.n) - p.sum
	p.deviation += float64(d*d) / float64(p.n*before.n)
	if math.IsInf(p.sum, 0) || math.IsInf(p.deviation, 0) {
		if !math.IsInf(before.sum, 0) && !math.IsInf(x, 0) {
			return errOverflow()
		}
		p.deviation = math.NaN()
	}
	return nil
}

func (p *spread) merge(o spread) error {
	switch {
	case o.n == 0:
		return nil
	case p.n == 0:
		*p = o
		return nil
	}
	n := p.n + o.n
	d := p.sum/p.n - o.sum/o.n
	deviation := p.deviation + o.deviation + float64(p.n*o.n*d*d)/n
	sum := p.sum + o.sum
	if math.IsInf(sum, 0) && !math.IsInf(p.sum, 0) && !math.IsInf(o.sum, 0) ||
		math.IsInf(deviation, 0) && !math.IsInf(p.deviation, 0) && !math.IsInf(o.deviation, 0) {
		return errOverflow()
	}
	*p = spread{n, sum, deviation}
	return nil
}

// floatMoments is variance, standard deviation or mean of floats. The mean has the squares too: PostgreSQL's fails when they overflow.
type floatMoments struct {
	moment
	mean   bool
	groups []spread
}

// Grow implements exprs.State.
func (s *floatMoments) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *floatMoments) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if a.IsNull(i) {
			continue
		}
		if err := s.groups[group(groups, i)].add(a.Floats[a.At(i)]); err != nil {
			return err
		}
	}
	return nil
}

// Merge implements exprs.State.
func (s *floatMoments) Merge(other exprs.State, into []uint32) error {
	for i, p := range other.(*floatMoments).groups {
		if err := s.groups[into[i]].merge(p); err != nil {
			return err
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *floatMoments) Result(lo, hi int) (*vec.Vec, error) {
	taken := float64(s.sample)
	return results(arrowschema.Float8, lo, hi, func(i int) bool { return s.groups[i].n > taken }, func(i int) (float64, error) {
		if s.mean {
			return s.groups[i].sum / s.groups[i].n, nil
		}
		v := s.groups[i].deviation / (s.groups[i].n - taken)
		if s.root {
			v = math.Sqrt(v)
		}
		return v, nil
	})
}

// Bytes implements exprs.State.
func (s *floatMoments) Bytes() int64 { return int64(cap(s.groups)) * 24 }

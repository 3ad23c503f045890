package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// decSum is sum or avg of numerics, exact. What comes in scaled form is summed as integers, apart.
type decSum struct {
	avg    bool
	sums   []decimal.Sum
	counts []int64
	scaled intTotals
	scale  oneScale
	guarded
}

// oneScale is the one scale in which a state takes values in scaled form.
type oneScale struct {
	scale int
	known bool
}

// takes tells whether values of a scale are taken.
func (f *oneScale) takes(scale int) bool {
	if !f.known {
		f.scale, f.known = scale, true
	}
	return f.scale == scale
}

// Grow implements exprs.State.
func (s *decSum) Grow(n int) {
	s.sums, s.counts = grow(s.sums, n), grow(s.counts, n)
	s.scaled.grow(n)
}

// Update implements exprs.State.
func (s *decSum) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			g := group(groups, i)
			s.counts[g]++
			if d := &a.Decs[a.At(i)]; !d.Large() {
				s.sums[g].Add(*d)
			} else if err := s.addLarge(&s.sums[g], *d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *decSum) addLarge(sum *decimal.Sum, d decimal.Dec) error {
	before := sum.Bytes()
	sum.Add(d)
	return s.grew(sum.Bytes() - before)
}

// UpdateScaled implements exprs.ScaledState.
func (s *decSum) UpdateScaled(groups []uint32, keep []uint8, v *vec.Vec, scale, n int) bool {
	if !s.scale.takes(scale) {
		return false
	}
	s.scaled.update(groups, keep, v, n)
	return true
}

// Merge implements exprs.State.
func (s *decSum) Merge(other exprs.State, into []uint32) error {
	o := other.(*decSum)
	if o.scale.known && !s.scale.takes(o.scale.scale) {
		o.spill()
	}
	s.large += o.large
	s.scaled.merge(&o.scaled, into)
	for i := range o.sums {
		if o.counts[i] > 0 {
			s.sums[into[i]].Merge(&o.sums[i])
			s.counts[into[i]] += o.counts[i]
		}
	}
	return nil
}

// spill moves what came in scaled form to the other sums.
func (s *decSum) spill() {
	for i := range s.sums {
		t := s.scaled.group(i)
		if t.n > 0 {
			s.sums[i].Add(t.sum.Dec(s.scale.scale))
			s.counts[i] += t.n
		}
		*t = total{}
	}
}

// Result implements exprs.State.
func (s *decSum) Result(lo, hi int) (*vec.Vec, error) {
	s.spill()
	return results(arrowschema.Numeric, lo, hi, func(i int) bool { return s.counts[i] > 0 }, func(i int) (decimal.Dec, error) {
		if s.sums[i].Bytes() > 0 {
			if err := s.ctx.Reserve(s.sums[i].Bytes()); err != nil {
				return decimal.Dec{}, err
			}
		}
		if s.avg {
			return s.sums[i].Avg(s.counts[i])
		}
		return s.sums[i].Checked()
	})
}

// Bytes implements exprs.State.
func (s *decSum) Bytes() int64 {
	return int64(cap(s.sums))*64 + int64(cap(s.counts))*8 + s.scaled.bytes() + s.large
}

package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// floatSum sums floats in the order in which they come.
type floatSum struct {
	result arrowschema.Type
	sums   []float64
	counts []int64
}

// Grow implements exprs.State.
func (s *floatSum) Grow(n int) { s.sums, s.counts = grow(s.sums, n), grow(s.counts, n) }

// Update implements exprs.State.
func (s *floatSum) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if a.IsNull(i) {
			continue
		}
		g, x := group(groups, i), a.Floats[a.At(i)]
		sum := s.sums[g] + x
		switch {
		case s.counts[g] == 0:
			sum = x // -0 stays
		case s.result == arrowschema.Float4:
			sum = float64(float32(sum)) // PostgreSQL's sum of real is real at every step
		}
		if math.IsInf(sum, 0) && !math.IsInf(x, 0) && !math.IsInf(s.sums[g], 0) {
			return errOverflow()
		}
		s.sums[g] = sum
		s.counts[g]++
	}
	return nil
}

// Merge implements exprs.State.
func (s *floatSum) Merge(other exprs.State, into []uint32) error {
	o := other.(*floatSum)
	for i := range o.sums {
		if o.counts[i] == 0 {
			continue
		}
		sum := s.sums[into[i]] + o.sums[i]
		if s.counts[into[i]] == 0 {
			sum = o.sums[i]
		}
		if math.IsInf(sum, 0) && !math.IsInf(o.sums[i], 0) && !math.IsInf(s.sums[into[i]], 0) {
			return errOverflow()
		}
		s.sums[into[i]] = sum
		s.counts[into[i]] += o.counts[i]
	}
	return nil
}

// Result implements exprs.State.
func (s *floatSum) Result(lo, hi int) (*vec.Vec, error) {
	return results(s.result, lo, hi, func(i int) bool { return s.counts[i] > 0 }, func(i int) (float64, error) {
		v := s.sums[i]
		if s.result == arrowschema.Float4 {
			v = float64(float32(v))
		}
		return v, nil
	})
}

// Bytes implements exprs.State.
func (s *floatSum) Bytes() int64 { return int64(cap(s.sums)+cap(s.counts)) * 8 }

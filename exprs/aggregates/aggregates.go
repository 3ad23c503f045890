// Package aggregates is the aggregate functions, with PostgreSQL's result types: count, sum, avg, min, max, variance and standard deviation, regression,
// bool_and and the bitwise ones, string_agg, jsonb_agg.
//
// A state keeps its accumulators in slices indexed by group, and every Update is one loop over the argument's typed slice.
package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// All gives the aggregates.
func All() []exprs.Aggregate {
	out := []exprs.Aggregate{
		{Name: "count", Result: arrowschema.Int8, New: func() exprs.State { return &count{} }},
		{Name: "count", Any: true, Result: arrowschema.Int8, New: func() exprs.State { return &count{} }},
	}
	out = append(out, sums()...)
	for _, family := range [][]exprs.Aggregate{extremes(), booleans(), bitwise(), texts(), documents(), moments(), regressions()} {
		out = append(out, family...)
	}
	return out
}

// count counts rows, or with an argument the values that are not NULL.
type count struct{ n []int64 }

// Grow implements exprs.State.
func (s *count) Grow(n int) { s.n = grow(s.n, n) }

// Update implements exprs.State.
func (s *count) Update(groups []uint32, args []*vec.Vec, n int) error {
	if len(args) == 0 || (!args[0].Const && !args[0].HasNulls()) {
		if groups == nil {
			s.n[0] += int64(n)
			return nil
		}
		for _, g := range groups[:n] {
			s.n[g]++
		}
		return nil
	}
	a := args[0]
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			s.n[group(groups, i)]++
		}
	}
	return nil
}

// Merge implements exprs.State.
func (s *count) Merge(other exprs.State, into []uint32) error {
	for i, n := range other.(*count).n {
		s.n[into[i]] += n
	}
	return nil
}

// Result implements exprs.State.
func (s *count) Result(lo, hi int) (*vec.Vec, error) {
	return vec.NewFlat(arrowschema.Int8, append([]int64(nil), s.n[lo:hi]...), nil), nil
}

// Bytes implements exprs.State.
func (s *count) Bytes() int64 { return int64(cap(s.n)) * 8 }

// grow makes s at least n long.
func grow[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return append(s, make([]T, n-len(s))...)
}

// group gives the group of row i; without groups there is one.
func group(groups []uint32, i int) uint32 {
	if groups == nil {
		return 0
	}
	return groups[i]
}

// results makes a vector of values, NULL for the groups that have seen nothing.
func results[T vec.Elem](t arrowschema.Type, lo, hi int, seen func(i int) bool, value func(i int) (T, error)) (*vec.Vec, error) {
	out := vec.New(t, hi-lo)
	elems := vec.Of[T](out)
	for i := lo; i < hi; i++ {
		if !seen(i) {
			out.SetNull(i - lo)
			continue
		}
		v, err := value(i)
		if err != nil {
			return nil, err
		}
		elems[i-lo] = v
	}
	return out, nil
}

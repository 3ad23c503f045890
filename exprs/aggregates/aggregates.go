// Package aggregates is the aggregate functions, with PostgreSQL's result types: count, sum, avg, min, max, variance and standard deviation, regression,
// bool_and and the bitwise ones, string_agg, jsonb_agg, percentiles.
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
	for _, family := range [][]exprs.Aggregate{extremes(), booleans(), bitwise(), texts(), documents(), moments(), regressions(), percentiles()} {
		out = append(out, family...)
	}
	return out
}

// grow makes s at least n long. The capacity at least doubles: append would copy a long slice four times as often.
func grow[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	if n > cap(s) {
		return append(make([]T, 0, max(n, 2*cap(s))), s...)[:n]
	}
	clear(s[len(s):n])
	return s[:n]
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

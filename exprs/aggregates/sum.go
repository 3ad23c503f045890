package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// sums gives sum and avg: of smallint and integer sum is bigint, of bigint numeric; avg of all integers is numeric.
func sums() []exprs.Aggregate {
	one := func(name string, arg, result arrowschema.Type, make func() exprs.State) exprs.Aggregate {
		return exprs.Aggregate{Name: name, Args: []arrowschema.Type{arg}, Result: result, New: make}
	}
	var out []exprs.Aggregate
	for _, t := range []arrowschema.Type{arrowschema.Int2, arrowschema.Int4} {
		out = append(out, one("sum", t, arrowschema.Int8, func() exprs.State { return &intSum{result: arrowschema.Int8} }))
	}
	out = append(out, one("sum", arrowschema.Int8, arrowschema.Numeric, func() exprs.State { return &intSum{result: arrowschema.Numeric} }))
	for _, t := range []arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Int8} {
		out = append(out, one("avg", t, arrowschema.Numeric, func() exprs.State { return &intSum{result: arrowschema.Numeric, avg: true} }))
	}
	return append(out,
		one("sum", arrowschema.Numeric, arrowschema.Numeric, func() exprs.State { return &decSum{} }),
		one("avg", arrowschema.Numeric, arrowschema.Numeric, func() exprs.State { return &decSum{avg: true} }),
		one("sum", arrowschema.Float4, arrowschema.Float4, func() exprs.State { return &floatSum{result: arrowschema.Float4} }),
		one("sum", arrowschema.Float8, arrowschema.Float8, func() exprs.State { return &floatSum{result: arrowschema.Float8} }),
		one("avg", arrowschema.Float4, arrowschema.Float8, func() exprs.State { return &floatMoments{mean: true} }),
		one("avg", arrowschema.Float8, arrowschema.Float8, func() exprs.State { return &floatMoments{mean: true} }),
		one("sum", arrowschema.Interval, arrowschema.Interval, func() exprs.State { return &intervalSum{} }),
		one("avg", arrowschema.Interval, arrowschema.Interval, func() exprs.State { return &intervalSum{avg: true} }),
	)
}

// intervalSum sums intervals field by field.
type intervalSum struct {
	avg    bool
	sums   []temporal.Interval
	counts []int64
}

// Grow implements exprs.State.
func (s *intervalSum) Grow(n int) { s.sums, s.counts = grow(s.sums, n), grow(s.counts, n) }

// Update implements exprs.State.
func (s *intervalSum) Update(groups []uint32, args []*vec.Vec, n int) (err error) {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if a.IsNull(i) {
			continue
		}
		g := group(groups, i)
		if s.sums[g], err = s.sums[g].Add(a.Intervals[a.At(i)]); err != nil {
			return err
		}
		s.counts[g]++
	}
	return nil
}

// Merge implements exprs.State.
func (s *intervalSum) Merge(other exprs.State, into []uint32) (err error) {
	o := other.(*intervalSum)
	for i := range o.sums {
		if s.sums[into[i]], err = s.sums[into[i]].Add(o.sums[i]); err != nil {
			return err
		}
		s.counts[into[i]] += o.counts[i]
	}
	return nil
}

// Result implements exprs.State.
func (s *intervalSum) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Interval, lo, hi, func(i int) bool { return s.counts[i] > 0 }, func(i int) (temporal.Interval, error) {
		if s.avg {
			return s.sums[i].DivFloat(float64(s.counts[i]))
		}
		return s.sums[i], nil
	})
}

// Bytes implements exprs.State.
func (s *intervalSum) Bytes() int64 { return int64(cap(s.sums))*16 + int64(cap(s.counts))*8 }

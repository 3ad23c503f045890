package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
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

// intSum sums integers exactly in 128 bits.
type intSum struct {
	result arrowschema.Type
	avg    bool
	sums   []decimal.Int128
	counts []int64
}

// Grow implements exprs.State.
func (s *intSum) Grow(n int) { s.sums, s.counts = grow(s.sums, n), grow(s.counts, n) }

// Update implements exprs.State.
func (s *intSum) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	switch {
	case a.Const:
		if a.NullConst() {
			return nil
		}
		for i := 0; i < n; i++ {
			s.add(group(groups, i), a.Ints[0])
		}
	case groups == nil && a.Valid == nil:
		s.addAll(a.Ints[:n])
	case a.Valid == nil:
		for i, g := range groups[:n] {
			s.sums[g].Add(a.Ints[i])
			s.counts[g]++
		}
	default:
		for i := 0; i < n; i++ {
			if a.Valid.Get(i) {
				s.add(group(groups, i), a.Ints[i])
			}
		}
	}
	return nil
}

func (s *intSum) add(g uint32, x int64) {
	s.sums[g].Add(x)
	s.counts[g]++
}

// addAll sums a whole slice: high and low halves apart, so that no addition can overflow within a batch and the loop has no carries.
func (s *intSum) addAll(values []int64) {
	var high, low int64
	for _, x := range values {
		high += x >> 32
		low += x & math.MaxUint32
	}
	var total decimal.Int128
	total.Hi, total.Lo = high>>32, uint64(high)<<32
	total.Add(low)
	s.sums[0].AddInt128(total)
	s.counts[0] += int64(len(values))
}

// Merge implements exprs.State.
func (s *intSum) Merge(other exprs.State, into []uint32) error {
	o := other.(*intSum)
	for i := range o.sums {
		s.sums[into[i]].AddInt128(o.sums[i])
		s.counts[into[i]] += o.counts[i]
	}
	return nil
}

// Result implements exprs.State.
func (s *intSum) Result(lo, hi int) (*vec.Vec, error) {
	seen := func(i int) bool { return s.counts[i] > 0 }
	if s.result == arrowschema.Int8 {
		return results(s.result, lo, hi, seen, func(i int) (int64, error) {
			v, ok := s.sums[i].Int64()
			if !ok {
				return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range")
			}
			return v, nil
		})
	}
	return results(s.result, lo, hi, seen, func(i int) (decimal.Dec, error) {
		if s.avg {
			return s.sums[i].Avg(s.counts[i])
		}
		return s.sums[i].Dec(0), nil
	})
}

// Bytes implements exprs.State.
func (s *intSum) Bytes() int64 { return int64(cap(s.sums))*16 + int64(cap(s.counts))*8 }

// decSum sums numerics exactly.
type decSum struct {
	avg    bool
	sums   []decimal.Sum
	counts []int64
}

// Grow implements exprs.State.
func (s *decSum) Grow(n int) { s.sums, s.counts = grow(s.sums, n), grow(s.counts, n) }

// Update implements exprs.State.
func (s *decSum) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			g := group(groups, i)
			s.sums[g].Add(a.Decs[a.At(i)])
			s.counts[g]++
		}
	}
	return nil
}

// Merge implements exprs.State.
func (s *decSum) Merge(other exprs.State, into []uint32) error {
	o := other.(*decSum)
	for i := range o.sums {
		s.sums[into[i]].Merge(&o.sums[i])
		s.counts[into[i]] += o.counts[i]
	}
	return nil
}

// Result implements exprs.State.
func (s *decSum) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Numeric, lo, hi, func(i int) bool { return s.counts[i] > 0 }, func(i int) (decimal.Dec, error) {
		if s.avg {
			return s.sums[i].Avg(s.counts[i])
		}
		return s.sums[i].Checked()
	})
}

// Bytes implements exprs.State.
func (s *decSum) Bytes() int64 { return int64(cap(s.sums))*64 + int64(cap(s.counts))*8 }

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

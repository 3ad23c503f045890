package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// intSum is sum or avg of integers.
type intSum struct {
	result arrowschema.Type
	avg    bool
	totals intTotals
}

// Grow implements exprs.State.
func (s *intSum) Grow(n int) { s.totals.grow(n) }

// Update implements exprs.State.
func (s *intSum) Update(groups []uint32, args []*vec.Vec, n int) error {
	return s.UpdateFiltered(groups, nil, args, n)
}

// UpdateFiltered implements exprs.FilteredState.
func (s *intSum) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	s.totals.update(groups, keep, args[0], n)
	return nil
}

// update adds a vector of integers in any form.
func (t *intTotals) update(groups []uint32, keep []uint8, v *vec.Vec, n int) {
	if v = v.Decoded(); v.Const {
		if !v.NullConst() {
			t.addRepeated(groups, keep, v.Ints[0], n)
		}
		return
	}
	t.add(groups, keep, v.Ints[:n], v.Valid)
}

// Merge implements exprs.State.
func (s *intSum) Merge(other exprs.State, into []uint32) error {
	s.totals.merge(&other.(*intSum).totals, into)
	return nil
}

// Result implements exprs.State.
func (s *intSum) Result(lo, hi int) (*vec.Vec, error) {
	seen := func(i int) bool { return s.totals.group(i).n > 0 }
	if s.result == arrowschema.Int8 {
		return results(s.result, lo, hi, seen, func(i int) (int64, error) {
			v, ok := s.totals.group(i).sum.Int64()
			if !ok {
				return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range")
			}
			return v, nil
		})
	}
	return results(s.result, lo, hi, seen, func(i int) (decimal.Dec, error) {
		t := s.totals.group(i)
		if s.avg {
			return t.sum.Avg(t.n)
		}
		return t.sum.Dec(0), nil
	})
}

// Bytes implements exprs.State.
func (s *intSum) Bytes() int64 { return s.totals.bytes() }

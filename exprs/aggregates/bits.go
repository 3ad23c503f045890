package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// bitwise gives bit_and, bit_or and bit_xor of the integer types.
func bitwise() []exprs.Aggregate {
	var out []exprs.Aggregate
	for _, t := range []arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Int8} {
		one := func(name string, combine func(a, b int64) int64) {
			out = append(out, exprs.Aggregate{Name: name, Args: []arrowschema.Type{t}, Result: t, New: func() exprs.State {
				return &bitFold{t: t, combine: combine}
			}})
		}
		one("bit_and", func(a, b int64) int64 { return a & b })
		one("bit_or", func(a, b int64) int64 { return a | b })
		one("bit_xor", func(a, b int64) int64 { return a ^ b })
	}
	return out
}

// bitFold folds integers with one operation.
type bitFold struct {
	t       arrowschema.Type
	combine func(a, b int64) int64
	value   []int64
	seen    []bool
}

// Grow implements exprs.State.
func (s *bitFold) Grow(n int) { s.value, s.seen = grow(s.value, n), grow(s.seen, n) }

// Update implements exprs.State.
func (s *bitFold) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			s.offer(group(groups, i), a.Ints[a.At(i)])
		}
	}
	return nil
}

func (s *bitFold) offer(g uint32, x int64) {
	if s.seen[g] {
		x = s.combine(s.value[g], x)
	}
	s.value[g], s.seen[g] = x, true
}

// Merge implements exprs.State.
func (s *bitFold) Merge(other exprs.State, into []uint32) error {
	o := other.(*bitFold)
	for i, seen := range o.seen {
		if seen {
			s.offer(into[i], o.value[i])
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *bitFold) Result(lo, hi int) (*vec.Vec, error) {
	return results(s.t, lo, hi, func(i int) bool { return s.seen[i] }, func(i int) (int64, error) { return s.value[i], nil })
}

// Bytes implements exprs.State.
func (s *bitFold) Bytes() int64 { return int64(cap(s.value)) * 9 }

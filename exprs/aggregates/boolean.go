package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func booleans() []exprs.Aggregate {
	one := func(name string, and bool) exprs.Aggregate {
		return exprs.Aggregate{
			Name: name, Args: []arrowschema.Type{arrowschema.Bool}, Result: arrowschema.Bool,
			New: func() exprs.State { return &boolean{and: and} },
		}
	}
	return []exprs.Aggregate{one("bool_and", true), one("every", true), one("bool_or", false)}
}

// boolean is bool_and or bool_or.
type boolean struct {
	and       bool
	yes, seen []bool
}

// Grow implements exprs.State.
func (s *boolean) Grow(n int) { s.yes, s.seen = grow(s.yes, n), grow(s.seen, n) }

// Update implements exprs.State.
func (s *boolean) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			s.offer(group(groups, i), a.Bools[a.At(i)])
		}
	}
	return nil
}

func (s *boolean) offer(g uint32, x bool) {
	if !s.seen[g] || x != s.and {
		s.yes[g], s.seen[g] = x, true
	}
}

// Merge implements exprs.State.
func (s *boolean) Merge(other exprs.State, into []uint32) error {
	o := other.(*boolean)
	for i, seen := range o.seen {
		if seen {
			s.offer(into[i], o.yes[i])
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *boolean) Result(lo, hi int) (*vec.Vec, error) {
	return results(arrowschema.Bool, lo, hi, func(i int) bool { return s.seen[i] }, func(i int) (bool, error) { return s.yes[i], nil })
}

// Bytes implements exprs.State.
func (s *boolean) Bytes() int64 { return int64(cap(s.yes)) * 2 }

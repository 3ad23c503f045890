package aggregates

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// extremes gives min and max of every type that PostgreSQL has them for (neither boolean, uuid nor json).
func extremes() []exprs.Aggregate {
	var out []exprs.Aggregate
	for _, t := range []arrowschema.Type{
		arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8, arrowschema.Text,
		arrowschema.Date, arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval,
	} {
		one := func(name string, sign int) exprs.Aggregate {
			return exprs.Aggregate{Name: name, Args: []arrowschema.Type{t}, Result: t, New: func() exprs.State {
				if t.Physical() == arrowschema.Ints {
					return &intExtreme{t: t, sign: sign}
				}
				return &extreme{t: t, sign: sign}
			}}
		}
		out = append(out, one("min", -1), one("max", 1))
	}
	return out
}

// intExtreme is min or max of values held as integers.
type intExtreme struct {
	t    arrowschema.Type
	sign int // 1 for max, -1 for min
	best []int64
	seen []bool
}

// Grow implements exprs.State.
func (s *intExtreme) Grow(n int) { s.best, s.seen = grow(s.best, n), grow(s.seen, n) }

// Update implements exprs.State.
func (s *intExtreme) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	if groups == nil && !a.Const && a.Valid == nil && n > 0 {
		best := a.Ints[0]
		if s.sign > 0 {
			for _, x := range a.Ints[:n] {
				best = max(best, x)
			}
		} else {
			for _, x := range a.Ints[:n] {
				best = min(best, x)
			}
		}
		s.offer(0, best)
		return nil
	}
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			s.offer(group(groups, i), a.Ints[a.At(i)])
		}
	}
	return nil
}

func (s *intExtreme) offer(g uint32, x int64) {
	if !s.seen[g] || (s.sign > 0) == (x > s.best[g]) {
		s.best[g], s.seen[g] = x, true
	}
}

// Merge implements exprs.State.
func (s *intExtreme) Merge(other exprs.State, into []uint32) error {
	o := other.(*intExtreme)
	for i, seen := range o.seen {
		if seen {
			s.offer(into[i], o.best[i])
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *intExtreme) Result(lo, hi int) (*vec.Vec, error) {
	return results(s.t, lo, hi, func(i int) bool { return s.seen[i] }, func(i int) (int64, error) { return s.best[i], nil })
}

// Bytes implements exprs.State.
func (s *intExtreme) Bytes() int64 { return int64(cap(s.best)) * 9 }

// extreme is min or max of values of any type: it remembers the vector and place of the best value.
type extreme struct {
	t     arrowschema.Type
	sign  int
	best  []*vec.Vec
	place []int32
}

// Grow implements exprs.State.
func (s *extreme) Grow(n int) { s.best, s.place = grow(s.best, n), grow(s.place, n) }

// Update implements exprs.State.
func (s *extreme) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0]
	var changed []uint32
	for i := 0; i < n; i++ {
		if !a.IsNull(i) {
			g := group(groups, i)
			v, at := a.Value(i)
			if s.offer(g, v, at) {
				changed = append(changed, g)
			}
		}
	}
	for _, g := range changed { // one value of its own, so that the batch it came from can go
		if s.best[g].N > 1 {
			s.best[g], s.place[g] = s.best[g].Gather([]int32{s.place[g]}), 0
		}
	}
	return nil
}

// offer takes a value that is better than the best so far, or equal to it where equal values can look different (1.0 and 1.00): of those PostgreSQL
// keeps the last.
func (s *extreme) offer(g uint32, v *vec.Vec, at int) bool {
	if s.best[g] != nil {
		order := vec.Compare(v, at, s.best[g], int(s.place[g])) * s.sign
		if order < 0 || order == 0 && s.t.Physical() == arrowschema.Strings {
			return false
		}
	}
	s.best[g], s.place[g] = v, int32(at)
	return true
}

// Merge implements exprs.State.
func (s *extreme) Merge(other exprs.State, into []uint32) error {
	o := other.(*extreme)
	for i, v := range o.best {
		if v != nil {
			s.offer(into[i], v, int(o.place[i]))
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *extreme) Result(lo, hi int) (*vec.Vec, error) {
	b := vec.NewBuilder(s.t, hi-lo)
	for i := lo; i < hi; i++ {
		if s.best[i] == nil {
			b.AppendNull()
			continue
		}
		b.AppendRow(s.best[i], int(s.place[i]))
	}
	return b.Vec(), nil
}

// Bytes implements exprs.State.
func (s *extreme) Bytes() int64 { return int64(cap(s.best)) * 128 }

package exprs

import (
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// AggregateOrder is a key of ORDER BY within an aggregate call.
type AggregateOrder struct{ Desc, NullsFirst bool }

// Sorted gives an aggregate that takes the values of agg's arguments and then one argument for each key, and shows agg the rows of a group in the order of
// the keys. It keeps all rows until then.
func Sorted(agg *Aggregate, args int, keys []AggregateOrder) *Aggregate {
	out := *agg
	out.Ordered = true
	out.New = func() State { return &sortedState{inner: agg.New, args: args, keys: keys} }
	return &out
}

// sortedState collects rows.
type sortedState struct {
	inner func() State
	args  int
	keys  []AggregateOrder

	groups []uint32
	cols   []*vec.Builder
	// What Result makes of them once: the columns, and the rows in order, those of a group together.
	done  []*vec.Vec
	order []int32
}

// Grow implements State.
func (s *sortedState) Grow(int) {}

// Update implements State.
func (s *sortedState) Update(groups []uint32, args []*vec.Vec, n int) error {
	if s.cols == nil {
		for _, a := range args {
			s.cols = append(s.cols, vec.NewBuilder(a.Type, n))
		}
	}
	for i, a := range args {
		s.cols[i].Append(a.Resize(n))
	}
	if groups == nil {
		groups = make([]uint32, n)
	}
	s.groups = append(s.groups, groups[:n]...)
	return nil
}

// Merge implements State.
func (s *sortedState) Merge(other State, into []uint32) error {
	o := other.(*sortedState)
	if len(o.groups) == 0 {
		return nil
	}
	moved := make([]uint32, len(o.groups))
	for i, g := range o.groups {
		moved[i] = into[g]
	}
	args := make([]*vec.Vec, len(o.cols))
	for i, c := range o.cols {
		args[i] = c.Vec()
	}
	return s.Update(moved, args, len(moved))
}

// sort puts the rows of each group together and in order; rows with equal keys stay as they came.
func (s *sortedState) sort() {
	s.order = make([]int32, len(s.groups))
	for i := range s.order {
		s.order[i] = int32(i)
	}
	for _, c := range s.cols {
		s.done = append(s.done, c.Vec())
	}
	slices.SortStableFunc(s.order, func(x, y int32) int {
		if s.groups[x] != s.groups[y] {
			return int(s.groups[x]) - int(s.groups[y])
		}
		for k, key := range s.keys {
			if c := key.compare(s.done[s.args+k], int(x), int(y)); c != 0 {
				return c
			}
		}
		return 0
	})
}

func (o AggregateOrder) compare(v *vec.Vec, x, y int) int {
	nx, ny := v.IsNull(x), v.IsNull(y)
	c := 0
	switch {
	case nx && ny:
		return 0
	case nx != ny:
		if nx == o.NullsFirst {
			return -1
		}
		return 1
	default:
		c = vec.Compare(v, x, v, y)
	}
	if o.Desc {
		return -c
	}
	return c
}

// Result implements State.
func (s *sortedState) Result(lo, hi int) (*vec.Vec, error) {
	if s.done == nil && s.cols != nil {
		s.sort()
	}
	inner := s.inner()
	inner.Grow(hi - lo)
	from, _ := slices.BinarySearchFunc(s.order, lo, func(row int32, g int) int { return int(s.groups[row]) - g })
	to, _ := slices.BinarySearchFunc(s.order, hi, func(row int32, g int) int { return int(s.groups[row]) - g })
	if rows := s.order[from:to]; len(rows) > 0 {
		groups, args := make([]uint32, len(rows)), make([]*vec.Vec, s.args)
		for i, r := range rows {
			groups[i] = s.groups[r] - uint32(lo)
		}
		for i := range args {
			args[i] = s.done[i].Gather(rows)
		}
		if err := inner.Update(groups, args, len(rows)); err != nil {
			return nil, err
		}
	}
	return inner.Result(0, hi-lo)
}

// Bytes implements State. It counts a value as 16 bytes; what texts hold is shared with the input where it can be.
func (s *sortedState) Bytes() int64 { return int64(len(s.groups)) * int64(8+16*len(s.cols)) }

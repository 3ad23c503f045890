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
	texts  int64 // bytes
	room   int   // rows for which the columns have room
	ctx    *Ctx  // nil where nobody counts
	// What Result makes of them once: the columns, and the rows in order, those of a group together.
	done  []*vec.Vec
	order []int32
}

// Guard implements Guarded.
func (s *sortedState) Guard(ctx *Ctx) { s.ctx = ctx }

// Grow implements State.
func (s *sortedState) Grow(int) {}

// rowBytes counts a value as 16 bytes.
func (s *sortedState) rowBytes() int64 { return int64(8 + 16*len(s.cols)) }

// makeRoom asks for the memory that columns take when they grow by n rows, while the old ones are still there.
func (s *sortedState) makeRoom(n int) error {
	const few = 1 << 12
	rows := len(s.groups) + n
	if rows <= s.room {
		return s.ctx.Check()
	}
	s.room = rows + rows/4
	if rows < few {
		return nil
	}
	return s.ctx.Reserve(int64(s.room) * s.rowBytes())
}

// textsOf gives the bytes of the texts of a vector that are held because of it: not those of a dictionary, nor those of another of the arguments.
func textsOf(args []*vec.Vec, i int) (n int64) {
	if v := args[i]; v.Dict == nil && !v.Const && !slices.Contains(args[:i], v) {
		for _, s := range v.Strs {
			n += int64(len(s))
		}
	}
	return n
}

// Update implements State.
func (s *sortedState) Update(groups []uint32, args []*vec.Vec, n int) error {
	if s.cols == nil {
		for _, a := range args {
			s.cols = append(s.cols, vec.NewBuilder(a.Type, n))
		}
	}
	if err := s.makeRoom(n); err != nil {
		return err
	}
	for i, a := range args {
		s.texts += textsOf(args, i)
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

// sortRun is the number of rows that are sorted, or merged, between two looks at the context.
const sortRun = 1 << 12

// sort puts the rows of each group together and in order; rows with equal keys stay as they came.
func (s *sortedState) sort() error {
	n := len(s.groups)
	const perRow = 4 + 4 // of the order, and of the other one while it is merged
	if err := s.ctx.Reserve(int64(n) * perRow); err != nil {
		return err
	}
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	for _, c := range s.cols {
		s.done = append(s.done, c.Vec())
	}
	for lo := 0; lo < n; lo += sortRun {
		if err := s.ctx.Check(); err != nil {
			return err
		}
		slices.SortStableFunc(order[lo:min(lo+sortRun, n)], s.compare)
	}
	merged := make([]int32, n)
	for width := sortRun; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			mid, hi := min(lo+width, n), min(lo+2*width, n)
			if err := s.merge(merged[lo:hi], order[lo:mid], order[mid:hi]); err != nil {
				return err
			}
		}
		order, merged = merged, order
	}
	s.order = order
	return nil
}

// merge merges two sorted lists of rows.
func (s *sortedState) merge(out, a, b []int32) error {
	for i := range out {
		if i%sortRun == 0 {
			if err := s.ctx.Check(); err != nil {
				return err
			}
		}
		from := &a
		if len(a) == 0 || len(b) > 0 && s.compare(b[0], a[0]) < 0 {
			from = &b
		}
		out[i], *from = (*from)[0], (*from)[1:]
	}
	return nil
}

func (s *sortedState) compare(x, y int32) int {
	if s.groups[x] != s.groups[y] {
		return int(s.groups[x]) - int(s.groups[y])
	}
	for k, key := range s.keys {
		if c := key.compare(s.done[s.args+k], int(x), int(y)); c != 0 {
			return c
		}
	}
	return 0
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
		if err := s.sort(); err != nil {
			return nil, err
		}
	}
	inner := s.inner()
	if g, ok := inner.(Guarded); ok {
		g.Guard(s.ctx)
	}
	inner.Grow(hi - lo)
	from, _ := slices.BinarySearchFunc(s.order, lo, func(row int32, g int) int { return int(s.groups[row]) - g })
	to, _ := slices.BinarySearchFunc(s.order, hi, func(row int32, g int) int { return int(s.groups[row]) - g })
	if rows := s.order[from:to]; len(rows) > 0 {
		if err := s.ctx.Reserve(int64(len(rows)) * s.rowBytes()); err != nil {
			return nil, err
		}
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

// Bytes implements State. Columns have room for a quarter more rows than they have.
func (s *sortedState) Bytes() int64 { return int64(s.room)*s.rowBytes() + s.texts }

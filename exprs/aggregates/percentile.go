package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// percentiles gives the ordered-set aggregates percentile_cont, percentile_disc and mode. The values of a group are kept; their percentile is selected, not
// sorted for, where they are integers or floats.
func percentiles() []exprs.Aggregate {
	cont := func(t, result arrowschema.Type, state func(place rank) exprs.State) exprs.Aggregate {
		return exprs.Aggregate{Name: "percentile_cont", Args: []arrowschema.Type{t}, Result: result, WithinGroup: ofFraction(state)}
	}
	out := []exprs.Aggregate{
		cont(arrowschema.Float8, arrowschema.Float8, func(p rank) exprs.State { return &selection[float64]{rank: p, cont: true, t: arrowschema.Float8} }),
		cont(arrowschema.Numeric, arrowschema.Float8, func(p rank) exprs.State {
			return &numericSelection{selection[float64]{rank: p, cont: true, t: arrowschema.Float8}}
		}),
		cont(arrowschema.Interval, arrowschema.Interval, func(p rank) exprs.State { return &sortedPick{rank: p, cont: true, t: arrowschema.Interval} }),
	}
	for _, t := range []arrowschema.Type{
		arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8, arrowschema.Text, arrowschema.Bool,
		arrowschema.Date, arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval, arrowschema.UUID, arrowschema.JSONB,
	} {
		disc := func(p rank) exprs.State {
			switch t.Physical() {
			case arrowschema.Ints:
				return &selection[int64]{rank: p, t: t}
			case arrowschema.Floats:
				return &selection[float64]{rank: p, t: t}
			}
			return &sortedPick{rank: p, t: t}
		}
		out = append(out,
			exprs.Aggregate{Name: "percentile_disc", Args: []arrowschema.Type{t}, Result: t, WithinGroup: ofFraction(disc)},
			exprs.Aggregate{Name: "mode", Args: []arrowschema.Type{t}, Result: t, WithinGroup: &exprs.OrderedSet{
				Make: func(_ []*vec.Vec, o exprs.AggregateOrder) (func() exprs.State, error) {
					return func() exprs.State { return &sortedPick{rank: rank{order: o}, mode: true, t: t} }, nil
				},
			}})
	}
	return out
}

// rank is the place of a percentile among the sorted values of a group.
type rank struct {
	fraction float64
	null     bool // the fraction is NULL, and so is the percentile
	order    exprs.AggregateOrder
}

func ofFraction(state func(rank) exprs.State) *exprs.OrderedSet {
	return &exprs.OrderedSet{Direct: []arrowschema.Type{arrowschema.Float8}, Make: func(direct []*vec.Vec, o exprs.AggregateOrder) (func() exprs.State, error) {
		p := rank{order: o, null: direct[0].NullConst()}
		if !p.null {
			if p.fraction = direct[0].Floats[0]; !(p.fraction >= 0 && p.fraction <= 1) {
				return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, "percentile value %g is not between 0 and 1", p.fraction)
			}
		}
		return func() exprs.State { return state(p) }, nil
	}}
}

// disc gives the place of percentile_disc among n values: the first whose share of the values before and at it reaches the fraction.
func (p *rank) disc(n int) int { return max(int(math.Ceil(p.fraction*float64(n))), 1) - 1 }

// cont gives the places between which percentile_cont lies, and how far from the first.
func (p *rank) cont(n int) (lo, hi int, part float64) {
	at := p.fraction * float64(n-1)
	lo, hi = int(math.Floor(at)), int(math.Ceil(at))
	return lo, hi, at - float64(lo)
}

// selection is a percentile of values that are integers or floats.
type selection[T int64 | float64] struct {
	rank
	cont   bool
	t      arrowschema.Type
	values []T
	groups []uint32
	count  []int // by group
	from   []int // of a group's values once they lie together
	guarded
}

// Grow implements exprs.State.
func (s *selection[T]) Grow(n int) { s.count = grow(s.count, n) }

// Update implements exprs.State.
func (s *selection[T]) Update(groups []uint32, args []*vec.Vec, n int) error {
	return s.UpdateFiltered(groups, nil, args, n)
}

// UpdateFiltered implements exprs.FilteredState.
func (s *selection[T]) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	a := args[0].Decoded()
	elems, err := vec.Of[T](a), s.room(n)
	if err != nil {
		return err
	}
	for i := range n {
		if g := group(groups, i); g != exprs.NoGroup && (keep == nil || groups != nil || keep[i] != 0) && !a.IsNull(i) {
			s.put(g, elems[a.At(i)])
		}
	}
	return nil
}

func (s *selection[T]) put(g uint32, x T) {
	s.values, s.groups = append(s.values, x), append(s.groups, g)
	s.count[g]++
}

// room asks for what n more values take before they come.
func (s *selection[T]) room(n int) error {
	if len(s.values)+n <= cap(s.values) {
		return nil
	}
	more := max(n, len(s.values)/2)
	if err := s.grew(int64(more) * 12); err != nil {
		return err
	}
	values, groups := make([]T, len(s.values), len(s.values)+more), make([]uint32, len(s.values), len(s.values)+more)
	copy(values, s.values)
	copy(groups, s.groups)
	s.values, s.groups = values, groups
	return nil
}

// Merge implements exprs.State.
func (s *selection[T]) Merge(other exprs.State, into []uint32) error {
	o := other.(*selection[T])
	if err := s.room(len(o.values)); err != nil {
		return err
	}
	s.large += o.large
	for i, g := range o.groups {
		s.put(into[g], o.values[i])
	}
	return nil
}

// gather puts the values of each group together.
func (s *selection[T]) gather() error {
	if s.from != nil {
		return nil
	}
	if err := s.grew(int64(len(s.values)) * 8); err != nil {
		return err
	}
	s.from = make([]int, len(s.count)+1)
	for g, n := range s.count {
		s.from[g+1] = s.from[g] + n
	}
	next, out := append([]int(nil), s.from...), make([]T, len(s.values))
	for i, g := range s.groups {
		out[next[g]] = s.values[i]
		next[g]++
	}
	s.values, s.groups = out, nil
	return nil
}

// Result implements exprs.State.
func (s *selection[T]) Result(lo, hi int) (*vec.Vec, error) {
	if err := s.gather(); err != nil {
		return nil, err
	}
	return results(s.t, lo, hi, func(i int) bool { return !s.null && s.count[i] > 0 }, func(i int) (T, error) {
		if err := s.ctx.Check(); err != nil {
			return 0, err
		}
		return s.pick(s.values[s.from[i]:s.from[i+1]]), nil
	})
}

// pick gives the percentile of values, which it moves about.
func (s *selection[T]) pick(values []T) T {
	n := len(values)
	at := func(place int) T {
		if s.order.Desc {
			place = n - 1 - place
		}
		return nth(values, place)
	}
	if !s.cont {
		return at(s.disc(n))
	}
	first, second, part := s.rank.cont(n)
	lo := at(first)
	if first == second {
		return lo
	}
	return T(float64(lo) + part*(float64(at(second))-float64(lo)))
}

// Bytes implements exprs.State.
func (s *selection[T]) Bytes() int64 { return s.large + int64(cap(s.count))*8 }

// numericSelection is percentile_cont of numerics, whose order is that of the floats that PostgreSQL makes of them.
type numericSelection struct{ selection[float64] }

// Update implements exprs.State.
func (s *numericSelection) Update(groups []uint32, args []*vec.Vec, n int) error {
	if err := s.room(n); err != nil {
		return err
	}
	a := args[0].Decoded()
	for i := range n {
		if a.IsNull(i) {
			continue
		}
		x, err := a.Decs[a.At(i)].Float64()
		if err != nil {
			return err
		}
		s.put(group(groups, i), x)
	}
	return nil
}

// UpdateFiltered implements exprs.FilteredState.
func (s *numericSelection) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	var rows []int32
	var of []uint32
	for i := range n {
		if g := group(groups, i); g != exprs.NoGroup && (keep == nil || groups != nil || keep[i] != 0) {
			rows, of = append(rows, int32(i)), append(of, g)
		}
	}
	return s.Update(of, []*vec.Vec{args[0].Resize(n).Gather(rows)}, len(rows))
}

// Merge implements exprs.State.
func (s *numericSelection) Merge(other exprs.State, into []uint32) error {
	return s.selection.Merge(&other.(*numericSelection).selection, into)
}

// UpdateScaled implements exprs.ScaledState. Up to 2^53 and 10^15 both sides of the division are exact, so that the quotient is the float nearest to the number.
func (s *numericSelection) UpdateScaled(groups []uint32, keep []uint8, values *vec.Vec, scale, n int) bool {
	const most = 1 << 53
	if scale > 15 || s.room(n) != nil {
		return false
	}
	unit, v := math.Pow10(scale), values.Decoded()
	for _, x := range v.Ints {
		if x > most || x < -most {
			return false
		}
	}
	for i := range n {
		if g := group(groups, i); g != exprs.NoGroup && (keep == nil || groups != nil || keep[i] != 0) && !v.IsNull(i) {
			s.put(g, float64(v.Ints[v.At(i)])/unit)
		}
	}
	return true
}

// sortedPick is a percentile, or the most frequent value, of values of any type. It sorts them.
type sortedPick struct {
	rank
	cont, mode bool
	t          arrowschema.Type
	values     *vec.Builder
	groups     []uint32
	sorted     *vec.Vec
	rows       [][]int32 // of sorted, by group
	size       int
	guarded
}

// Grow implements exprs.State.
func (s *sortedPick) Grow(n int) { s.size = max(s.size, n) }

// Update implements exprs.State.
func (s *sortedPick) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0].Resize(n)
	if err := s.grew(exprs.Bytes(a) + 8*int64(n)); err != nil {
		return err
	}
	if s.values == nil {
		s.values = vec.NewBuilder(s.t, n)
	}
	s.values.Append(a)
	for i := range n {
		s.groups = append(s.groups, group(groups, i))
	}
	return nil
}

// Merge implements exprs.State.
func (s *sortedPick) Merge(other exprs.State, into []uint32) error {
	o := other.(*sortedPick)
	if len(o.groups) == 0 {
		return nil
	}
	moved := make([]uint32, len(o.groups))
	for i, g := range o.groups {
		moved[i] = into[g]
	}
	return s.Update(moved, []*vec.Vec{o.values.Vec()}, len(moved))
}

// Result implements exprs.State.
func (s *sortedPick) Result(lo, hi int) (*vec.Vec, error) {
	if s.rows == nil {
		s.rows = make([][]int32, s.size)
		if s.values != nil {
			s.sorted = s.values.Vec()
		}
		for i, g := range s.groups {
			if !s.sorted.IsNull(i) {
				s.rows[g] = append(s.rows[g], int32(i))
			}
		}
	}
	out := vec.NewBuilder(s.t, hi-lo)
	for i := lo; i < hi; i++ {
		if s.null || len(s.rows[i]) == 0 {
			out.AppendNull()
			continue
		}
		if err := s.ctx.Check(); err != nil {
			return nil, err
		}
		if err := s.pick(out, s.rows[i]); err != nil {
			return nil, err
		}
	}
	return out.Vec(), nil
}

func (s *sortedPick) pick(out *vec.Builder, rows []int32) error {
	sortRows(s.sorted, rows, s.order.Desc)
	switch {
	case s.mode:
		out.AppendRow(s.sorted, int(mostFrequent(s.sorted, rows)))
	case !s.cont:
		out.AppendRow(s.sorted, int(rows[s.disc(len(rows))]))
	default:
		first, second, part := s.rank.cont(len(rows))
		iv, err := between(s.sorted.Intervals[rows[first]], s.sorted.Intervals[rows[second]], part)
		if err != nil {
			return err
		}
		out.Append(vec.NewConst(arrowschema.Interval, iv, 1))
	}
	return nil
}

// between interpolates, by the steps of PostgreSQL's interval_lerp.
func between(lo, hi temporal.Interval, part float64) (temporal.Interval, error) {
	if part == 0 {
		return lo, nil
	}
	d, err := hi.Sub(lo)
	if err == nil {
		d, err = d.MulFloat(part)
	}
	if err != nil {
		return d, err
	}
	return d.Add(lo)
}

// Bytes implements exprs.State.
func (s *sortedPick) Bytes() int64 { return s.large }

package aggregates

import (
	"math"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// percentiles gives the ordered-set aggregates percentile_cont, percentile_disc and mode. The values of a group are kept.
func percentiles() []exprs.Aggregate {
	var out []exprs.Aggregate
	for _, t := range []arrowschema.Type{arrowschema.Float8, arrowschema.Numeric, arrowschema.Interval} {
		result := t
		if t == arrowschema.Numeric {
			result = arrowschema.Float8
		}
		out = append(out, exprs.Aggregate{Name: "percentile_cont", Args: []arrowschema.Type{t}, Result: result, WithinGroup: ofFraction(func(p rank) exprs.State {
			return newOrderedSet(&orderedSet{rank: p, cont: true, t: result}, newKept(t, result != t))
		})})
	}
	for _, t := range []arrowschema.Type{
		arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8, arrowschema.Text, arrowschema.Bool,
		arrowschema.Date, arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval, arrowschema.UUID, arrowschema.JSONB,
	} {
		out = append(out,
			exprs.Aggregate{Name: "percentile_disc", Args: []arrowschema.Type{t}, Result: t, WithinGroup: ofFraction(func(p rank) exprs.State {
				return newOrderedSet(&orderedSet{rank: p, t: t}, newKept(t, false))
			})},
			exprs.Aggregate{Name: "mode", Args: []arrowschema.Type{t}, Result: t, WithinGroup: &exprs.OrderedSet{
				Make: func(_ []*vec.Vec, o exprs.AggregateOrder) (func() exprs.State, error) {
					return func() exprs.State {
						return newOrderedSet(&orderedSet{rank: rank{order: o}, mode: true, t: t}, newKept(t, false))
					}, nil
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

// orderedSet is a percentile, or the most frequent value. Its values may be kept for several.
type orderedSet struct {
	rank
	cont, mode bool
	t          arrowschema.Type // of the result
	kept       *kept
	follows    bool       // another state keeps the values
	chosen     [][2]int64 // words between which the result lies, by group
}

func newOrderedSet(s *orderedSet, k *kept) *orderedSet {
	s.kept, k.users = k, append(k.users, s)
	return s
}

// Share has s use the values that another state keeps, which sees the same rows of the same argument, and tells whether it does. A state that shares is given
// no rows; it is merged and finished with the other.
func (s *orderedSet) Share(other exprs.State) bool {
	o, ok := other.(*orderedSet)
	if !ok || o.kept.t != s.kept.t || o.kept.floats != s.kept.floats {
		return false
	}
	s.follows, s.kept, o.kept.users = true, o.kept, append(o.kept.users, s)
	return true
}

// Guard implements exprs.Guarded.
func (s *orderedSet) Guard(ctx *exprs.Ctx) { s.kept.Guard(ctx) }

// Grow implements exprs.State.
func (s *orderedSet) Grow(n int) { s.kept.groups = max(s.kept.groups, n) }

// Update implements exprs.State.
func (s *orderedSet) Update(groups []uint32, args []*vec.Vec, n int) error {
	return s.kept.add(groups, nil, args[0], n)
}

// UpdateFiltered implements exprs.FilteredState.
func (s *orderedSet) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	return s.kept.add(groups, keep, args[0], n)
}

// UpdateScaled implements exprs.ScaledState.
func (s *orderedSet) UpdateScaled(groups []uint32, keep []uint8, values *vec.Vec, scale, n int) bool {
	return s.kept.addScaled(groups, keep, values, scale, n)
}

// Merge implements exprs.State.
func (s *orderedSet) Merge(other exprs.State, into []uint32) error {
	if s.follows {
		return nil
	}
	return s.kept.merge(other.(*orderedSet).kept, into)
}

// places gives the places of the one or two values that the result is made of, among n sorted ones.
func (s *orderedSet) places(n int) (first, second int) {
	if s.cont {
		first, second, _ = s.rank.cont(n)
	} else {
		first = s.disc(n)
		second = first
	}
	if s.order.Desc {
		first, second = n-1-first, n-1-second
	}
	return first, second
}

// choose notes the words between which the result of a group lies.
func (s *orderedSet) choose(g int, first, second int64) {
	s.chosen = grow(s.chosen, s.kept.groups)
	s.chosen[g] = [2]int64{first, second}
}

// chooseMode finds the most frequent of n words.
func (s *orderedSet) chooseMode(sel *selector, g int, parts [][]int64, n int) error {
	words, spare := parts[0], []int64(nil)
	if len(parts) > 1 || n > fewWords {
		if err := s.kept.grew(16 * int64(n)); err != nil {
			return err
		}
		words, spare = slices.Concat(parts...), make([]int64, n)
	}
	if err := sel.sortWords(words, spare); err != nil {
		return err
	}
	same := func(a, b int64) bool { return a == b }
	if s.t.Physical() == arrowschema.Floats {
		same = func(a, b int64) bool { return a == b || wordFloat(a) == wordFloat(b) } // 0 and -0
	}
	mode := longestRun(words, same, s.order.Desc)
	s.choose(g, mode, mode)
	return nil
}

// Result implements exprs.State.
func (s *orderedSet) Result(lo, hi int) (*vec.Vec, error) {
	k := s.kept
	if err := k.finish(); err != nil {
		return nil, err
	}
	out := vec.NewBuilder(s.t, hi-lo)
	for g := lo; g < hi; g++ {
		n := k.count(g)
		if s.null || n == 0 {
			out.AppendNull()
			continue
		}
		err := error(nil)
		if k.order != nil {
			err = s.ofRows(out, k.sorted, k.order[g])
		} else {
			err = s.ofWords(out, g, n)
		}
		if err != nil {
			return nil, err
		}
	}
	return out.Vec(), nil
}

// ofWords appends the result of a group of n words.
func (s *orderedSet) ofWords(out *vec.Builder, g, n int) error {
	first, second, part := s.chosen[g][0], s.chosen[g][1], 0.0
	if s.cont {
		_, _, part = s.rank.cont(n)
	}
	switch s.t.Physical() {
	case arrowschema.Ints:
		out.AppendInt(first)
	case arrowschema.Bools:
		out.AppendBool(first != 0)
	case arrowschema.Strings:
		out.AppendString(s.kept.texts.texts[first])
	case arrowschema.Decs:
		out.AppendDec(decimal.New(first, s.kept.scale))
	case arrowschema.Intervals:
		x, err := between(elapsed(first), elapsed(second), part)
		out.AppendInterval(x)
		return err
	default:
		lo, err := s.kept.float(first)
		if err != nil {
			return err
		}
		hi, err := s.kept.float(second)
		if err != nil {
			return err
		}
		if part != 0 {
			lo += part * (hi - lo)
		}
		out.AppendFloat(lo)
	}
	return nil
}

// float gives the float of a word.
func (k *kept) float(w int64) (float64, error) {
	if k.scale == unscaled {
		return wordFloat(w), nil
	}
	return scaledFloat(w, k.scale)
}

// ofRows appends the result of a group of rows, which are sorted.
func (s *orderedSet) ofRows(out *vec.Builder, v *vec.Vec, rows []int32) error {
	if s.mode {
		out.AppendRow(v, int(mostFrequent(v, rows, s.order.Desc)))
		return nil
	}
	first, second := s.places(len(rows))
	if !s.cont {
		out.AppendRow(v, int(rows[first]))
		return nil
	}
	_, _, part := s.rank.cont(len(rows))
	x, err := between(v.Intervals[rows[first]], v.Intervals[rows[second]], part)
	out.AppendInterval(x)
	return err
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
func (s *orderedSet) Bytes() int64 {
	if s.follows {
		return 0
	}
	return s.kept.large + int64(cap(s.chosen))*16
}

// wantedPlaces is the places that several aggregates want, and the words at them.
type wantedPlaces struct {
	places []int
	words  []int64
}

func (w *wantedPlaces) reset() { w.places = w.places[:0] }

func (w *wantedPlaces) add(first, second int) { w.places = append(w.places, first, second) }

// find finds the words.
func (w *wantedPlaces) find(s *selector, parts [][]int64) error {
	slices.Sort(w.places)
	w.places = slices.Compact(w.places)
	w.words = append(w.words[:0], make([]int64, len(w.places))...)
	return s.at(parts, w.places, w.words)
}

// word gives the word at a place.
func (w *wantedPlaces) word(place int) int64 {
	i, _ := slices.BinarySearch(w.places, place)
	return w.words[i]
}

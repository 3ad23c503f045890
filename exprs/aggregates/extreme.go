package aggregates

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
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
					return &intExtreme{t: t, bests: intBests{sign: sign}}
				}
				return &extreme{t: t, sign: sign, scaled: intBests{sign: sign}}
			}}
		}
		out = append(out, one("min", -1), one("max", 1))
	}
	return out
}

// intExtreme is min or max of values held as integers.
type intExtreme struct {
	t     arrowschema.Type
	bests intBests
}

// Grow implements exprs.State.
func (s *intExtreme) Grow(n int) { s.bests.grow(n) }

// Update implements exprs.State.
func (s *intExtreme) Update(groups []uint32, args []*vec.Vec, n int) error {
	return s.UpdateFiltered(groups, nil, args, n)
}

// UpdateFiltered implements exprs.FilteredState.
func (s *intExtreme) UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	s.bests.update(groups, keep, args[0], n)
	return nil
}

// update offers a vector of integers in any form.
func (t *intBests) update(groups []uint32, keep []uint8, v *vec.Vec, n int) {
	if v = v.Decoded(); !v.Const {
		t.add(groups, keep, v.Ints[:n], v.Valid)
		return
	}
	for i := 0; i < n && !v.NullConst(); i++ {
		if keep == nil || groups != nil || keep[i] != 0 {
			t.cells[group(groups, i)+1].offer(v.Ints[0], t.sign)
		}
	}
}

// Merge implements exprs.State.
func (s *intExtreme) Merge(other exprs.State, into []uint32) error {
	s.bests.merge(&other.(*intExtreme).bests, into)
	return nil
}

// Result implements exprs.State.
func (s *intExtreme) Result(lo, hi int) (*vec.Vec, error) {
	return results(s.t, lo, hi, func(i int) bool { return s.bests.group(i).seen }, func(i int) (int64, error) { return s.bests.group(i).value, nil })
}

// Bytes implements exprs.State.
func (s *intExtreme) Bytes() int64 { return s.bests.bytes() }

// extreme is min or max of values of any type: it remembers the vector and place of the best value.
type extreme struct {
	t      arrowschema.Type
	sign   int
	best   []*vec.Vec
	place  []int32
	scaled intBests // of numerics in scaled form
	scale  oneScale
	guarded
}

// perValue is the memory of a copied value: a vector with one element.
const perValue = 384

// Grow implements exprs.State.
func (s *extreme) Grow(n int) {
	s.best, s.place = grow(s.best, n), grow(s.place, n)
	if s.t == arrowschema.Numeric {
		s.scaled.grow(n)
	}
}

// Update implements exprs.State.
func (s *extreme) Update(groups []uint32, args []*vec.Vec, n int) error {
	a := args[0]
	var changed []uint32
	first := 0
	if groups == nil && (s.t == arrowschema.Text || s.t == arrowschema.Varchar) && !a.Const && a.Dict == nil {
		first = bestText(a.Strs[:n], a.Valid, s.sign) // the only row to be offered
		n = min(first+1, n)
	}
	for i := first; i < n; i++ {
		if !a.IsNull(i) {
			g := group(groups, i)
			v, at := a.Value(i)
			if s.offer(g, v, at) {
				changed = append(changed, g)
			}
		}
	}
	for _, g := range changed { // one value of its own, so that the batch it came from can go
		if !s.best[g].Const {
			own := s.best[g].Gather([]int32{s.place[g]})
			for i, text := range own.Strs { // a text may be a small part of much memory
				own.Strs[i] = strings.Clone(text)
			}
			if err := s.grew(perValue + exprs.Bytes(own)); err != nil {
				return err
			}
			own.Const = true
			s.best[g], s.place[g] = own, 0
		}
	}
	return nil
}

// bestText gives the row of the greatest text, or of the least for a negative sign; len(strs) when there is none.
func bestText(strs []string, valid vec.Bitmap, sign int) int {
	at := len(strs)
	for i, text := range strs {
		if valid.Get(i) && (at == len(strs) || text > strs[at] == (sign > 0) && text != strs[at]) {
			at = i
		}
	}
	return at
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

// UpdateScaled implements exprs.ScaledState.
func (s *extreme) UpdateScaled(groups []uint32, keep []uint8, v *vec.Vec, scale, n int) bool {
	if !s.takesScaled(scale) {
		return false
	}
	s.scaled.update(groups, keep, v, n)
	return true
}

// takesScaled tells whether values of a scale are taken. An interval is no integer: its months, days and microseconds are kept apart.
func (s *extreme) takesScaled(scale int) bool {
	return s.t == arrowschema.Numeric && s.scale.takes(scale)
}

// spill offers what came in scaled form as numerics.
func (s *extreme) spill() {
	for i := range s.scaled.cells[min(1, len(s.scaled.cells)):] {
		b := s.scaled.group(i)
		if b.seen {
			s.offer(uint32(i), vec.NewConst(s.t, decimal.New(b.value, s.scale.scale), 1), 0)
		}
		*b = best{}
	}
}

// Merge implements exprs.State.
func (s *extreme) Merge(other exprs.State, into []uint32) error {
	o := other.(*extreme)
	if o.scale.known && !s.scale.takes(o.scale.scale) {
		o.spill()
	}
	s.large += o.large
	s.scaled.merge(&o.scaled, into)
	for i, v := range o.best {
		if v != nil {
			s.offer(into[i], v, int(o.place[i]))
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *extreme) Result(lo, hi int) (*vec.Vec, error) {
	s.spill()
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
func (s *extreme) Bytes() int64 { return int64(cap(s.best))*12 + s.large + s.scaled.bytes() }

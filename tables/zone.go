package tables

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// zone is the zone map of a column of a sealed segment: what its values, dead rows among them, lie between.
type zone struct {
	min, max *vec.Vec // constant, one row; nil when every value is NULL or the type has no zone map
	nulls    int
}

// Stats gives the smallest and the largest value of a column and its number of NULLs, to prune by: dead rows count too. min and max are constant
// vectors of one row, and nil when there is no value or they are not known; nulls is -1 when it is not known, which is so for the open segment.
func (s *SegmentView) Stats(col int) (min, max *vec.Vec, nulls int) {
	l := s.view.layout
	at := s.seg.place(l, col)
	if at < 0 {
		v := l.missing[col]
		if v.NullConst() {
			return nil, nil, s.rows
		}
		if !bounded(v.Type) {
			return nil, nil, 0
		}
		return v, v, 0
	}
	if s.seg.sealedRows() != s.rows {
		return nil, nil, -1
	}
	z := s.seg.zones[at].Load()
	if z == nil {
		z = newZone(s.seg.cols[at].vec(s.rows))
		s.seg.zones[at].Store(z)
	}
	if z.min == nil {
		return nil, nil, z.nulls
	}
	t := l.columns[col].Type
	return vec.Widen(z.min, t), vec.Widen(z.max, t), z.nulls
}

// bounded tells whether zone maps have the bounds of a type: one whose order is that of what queries compare.
func bounded(t arrowschema.Type) bool {
	switch t {
	case arrowschema.Float4, arrowschema.Float8, arrowschema.Text, arrowschema.Varchar, arrowschema.UUID, arrowschema.Bool:
		return true
	}
	return t.Physical() == arrowschema.Ints
}

func newZone(v *vec.Vec) *zone {
	z := &zone{nulls: nullCount(v)}
	if z.nulls == v.N {
		return z
	}
	switch {
	case v.Dict != nil:
		z.ofDictionary(v)
	case v.Type.Physical() == arrowschema.Ints:
		z.bounds(v, intBounds)
	case bounded(v.Type):
		z.bounds(v, valueBounds)
	}
	return z
}

// ofDictionary takes the bounds of the entries: a row that was rolled back may have left one that no row has, which only widens them.
func (z *zone) ofDictionary(v *vec.Vec) {
	if v.Type == arrowschema.JSONB || v.Type == arrowschema.JSON || v.Dict.N == 0 {
		return
	}
	z.bounds(v.Dict, valueBounds)
}

func (z *zone) bounds(v *vec.Vec, find func(v *vec.Vec) (lo, hi int)) {
	lo, hi := find(v)
	z.min, z.max = constantOf(v, lo), constantOf(v, hi)
}

// constantOf gives row i of a flat vector as a constant of one row, with memory of its own.
func constantOf(v *vec.Vec, i int) *vec.Vec {
	out := v.Gather([]int32{int32(i)})
	out.Valid, out.Const = nil, true
	return out
}

// intBounds finds the rows of the smallest and the largest integer; there is one that is not NULL.
func intBounds(v *vec.Vec) (lo, hi int) {
	lo = -1
	for i, x := range v.Ints {
		if !v.Valid.Get(i) {
			continue
		}
		if lo < 0 {
			lo, hi = i, i
		}
		if x < v.Ints[lo] {
			lo = i
		}
		if x > v.Ints[hi] {
			hi = i
		}
	}
	return lo, hi
}

// valueBounds is intBounds for any type that has an order.
func valueBounds(v *vec.Vec) (lo, hi int) {
	lo = -1
	for i := 0; i < v.N; i++ {
		if !v.Valid.Get(i) {
			continue
		}
		if lo < 0 {
			lo, hi = i, i
			continue
		}
		if vec.Compare(v, i, v, lo) < 0 {
			lo = i
		}
		if vec.Compare(v, i, v, hi) > 0 {
			hi = i
		}
	}
	return lo, hi
}

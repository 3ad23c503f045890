package vec

import "github.com/stoadb/stoa/arrowschema"

// Scatter assembles a flat vector from parts that are put at given rows. Rows that no part is put at are NULL.
type Scatter struct{ out *Vec }

// NewScatter starts a vector of n rows, all NULL.
func NewScatter(t arrowschema.Type, n int) *Scatter {
	v := New(t, n)
	v.Valid = make(Bitmap, (n+63)/64)
	return &Scatter{out: v}
}

// Put writes row i of v to row places[i].
func (s *Scatter) Put(places []int32, v *Vec) {
	v = v.Flat()
	for i, p := range places {
		if v.Valid.Get(i) {
			s.out.Valid.Set(int(p))
		}
	}
	s.elems(v, places, nil)
}

// Copy writes the rows of v, which has as many as the result, to the same rows.
func (s *Scatter) Copy(rows []int32, v *Vec) {
	if v.Dict != nil {
		s.Put(rows, v.Gather(rows))
		return
	}
	from := rows
	if v.Const {
		from = make([]int32, len(rows)) // its one element
	}
	for _, r := range rows {
		if v.Valid.Get(v.At(int(r))) {
			s.out.Valid.Set(int(r))
		}
	}
	s.elems(v, rows, from)
}

// elems writes element from[i] of v to row places[i]; element i when from is nil.
func (s *Scatter) elems(v *Vec, places, from []int32) {
	switch s.out.Type.Physical() {
	case arrowschema.Bools:
		scatterElems(s.out.Bools, v.Bools, places, from)
	case arrowschema.Ints:
		scatterElems(s.out.Ints, v.Ints, places, from)
	case arrowschema.Floats:
		scatterElems(s.out.Floats, v.Floats, places, from)
	case arrowschema.Strings:
		scatterElems(s.out.Strs, v.Strs, places, from)
	case arrowschema.UUIDs:
		scatterElems(s.out.UUIDs, v.UUIDs, places, from)
	case arrowschema.Decs:
		scatterElems(s.out.Decs, v.Decs, places, from)
	case arrowschema.Intervals:
		scatterElems(s.out.Intervals, v.Intervals, places, from)
	}
}

// Vec gives the vector; the Scatter must not be used again.
func (s *Scatter) Vec() *Vec {
	if s.out.Valid.Count(s.out.N) == s.out.N {
		s.out.Valid = nil
	}
	return s.out
}

func scatterElems[T any](dst, src []T, places, from []int32) {
	if from == nil {
		for i, p := range places {
			dst[p] = src[i]
		}
		return
	}
	for i, p := range places {
		dst[p] = src[from[i]]
	}
}

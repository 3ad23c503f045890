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
	switch s.out.Type.Physical() {
	case arrowschema.Bools:
		scatterElems(s.out.Bools, v.Bools, places)
	case arrowschema.Ints:
		scatterElems(s.out.Ints, v.Ints, places)
	case arrowschema.Floats:
		scatterElems(s.out.Floats, v.Floats, places)
	case arrowschema.Strings:
		scatterElems(s.out.Strs, v.Strs, places)
	case arrowschema.UUIDs:
		scatterElems(s.out.UUIDs, v.UUIDs, places)
	case arrowschema.Decs:
		scatterElems(s.out.Decs, v.Decs, places)
	case arrowschema.Intervals:
		scatterElems(s.out.Intervals, v.Intervals, places)
	}
}

// Vec gives the vector; the Scatter must not be used again.
func (s *Scatter) Vec() *Vec {
	if s.out.Valid.Count(s.out.N) == s.out.N {
		s.out.Valid = nil
	}
	return s.out
}

func scatterElems[T any](dst, src []T, places []int32) {
	for i, p := range places {
		dst[p] = src[i]
	}
}

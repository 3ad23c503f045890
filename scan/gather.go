package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// place is where a row stands: which batch of a list, which row of it.
type place struct{ batch, row int32 }

// placesOf gives the places of rows that are numbered through a list of batches.
func placesOf(list []*vec.Batch, rows []int32) []place {
	total := 0
	for _, b := range list {
		total += b.N
	}
	batch, first := make([]int32, 0, total), make([]int32, len(list))
	for i, b := range list {
		first[i] = int32(len(batch))
		for range b.N {
			batch = append(batch, int32(i))
		}
	}
	out := make([]place, len(rows))
	for i, r := range rows {
		out[i] = place{batch[r], r - first[batch[r]]}
	}
	return out
}

// gather gives the rows at some places of column c of a list of batches: flat, or coded where all batches share a dictionary.
func gather(env *Env, list []*vec.Batch, c int, at []place) (*vec.Vec, error) {
	parts, nulls, dict := make([]*vec.Vec, len(list)), false, list[0].Cols[c].Dict
	for i, b := range list {
		v := b.Cols[c]
		if v.Dict != dict {
			dict = nil
		}
		parts[i], nulls = v, nulls || v.HasNulls()
	}
	out := &vec.Vec{Type: parts[0].Type, N: len(at)}
	var err error
	if dict != nil {
		codes := func(v *vec.Vec) elems[uint16] { return elems[uint16]{values: v.Codes, mask: -1} }
		out.Dict = dict
		out.Codes, err = gatherElems(env, parts, at, codes)
	} else {
		err = gatherFlat(env, out, parts, at)
	}
	if !nulls || err != nil {
		return out, err
	}
	out.Valid = vec.NewBitmap(out.N)
	i := 0
	return out, strides(env, at, func(at []place) {
		for _, p := range at {
			if parts[p.batch].IsNull(int(p.row)) {
				out.Valid.Clear(i)
			}
			i++
		}
	})
}

func gatherFlat(env *Env, out *vec.Vec, parts []*vec.Vec, at []place) (err error) {
	switch out.Type.Physical() {
	case arrowschema.Bools:
		out.Bools, err = gatherElems(env, parts, at, elemsOf[bool])
	case arrowschema.Ints:
		out.Ints, err = gatherElems(env, parts, at, elemsOf[int64])
	case arrowschema.Floats:
		out.Floats, err = gatherElems(env, parts, at, elemsOf[float64])
	case arrowschema.Strings:
		out.Strs, err = gatherElems(env, parts, at, elemsOf[string])
	case arrowschema.UUIDs:
		out.UUIDs, err = gatherElems(env, parts, at, elemsOf[[16]byte])
	case arrowschema.Decs:
		out.Decs, err = gatherElems(env, parts, at, elemsOf[decimal.Dec])
	case arrowschema.Intervals:
		out.Intervals, err = gatherElems(env, parts, at, elemsOf[temporal.Interval])
	}
	return err
}

// elems is the elements of a vector in whatever form: row r is element codes[r&mask], or r&mask without codes.
type elems[T any] struct {
	values []T
	codes  []uint16
	mask   int
}

// at gives the element of a row.
func (e *elems[T]) at(r int) T {
	r &= e.mask
	if e.codes != nil {
		r = int(e.codes[r])
	}
	return e.values[r]
}

func elemsOf[T vec.Elem](v *vec.Vec) elems[T] {
	switch {
	case v.Const:
		return elems[T]{values: vec.Of[T](v)}
	case v.Dict == nil:
		return elems[T]{values: vec.Of[T](v), mask: -1}
	case v.Dict.N == 0: // all rows are NULL
		return elems[T]{values: make([]T, 1)}
	}
	return elems[T]{values: vec.Of[T](v.Dict), codes: v.Codes, mask: -1}
}

func gatherElems[T any](env *Env, parts []*vec.Vec, at []place, of func(*vec.Vec) elems[T]) ([]T, error) {
	from := make([]elems[T], len(parts))
	for i, v := range parts {
		from[i] = of(v)
	}
	out := make([]T, len(at))
	rest := out
	return out, strides(env, at, func(at []place) {
		for i, p := range at {
			rest[i] = from[p.batch].at(int(p.row))
		}
		rest = rest[len(at):]
	})
}

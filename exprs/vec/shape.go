package vec

import "github.com/stoadb/stoa/arrowschema"

// gatherElems gives the elements of src at the rows of sel, or at its codes.
func gatherElems[T any, I int32 | uint16](src []T, sel []I) []T {
	out := make([]T, len(sel))
	for i, r := range sel {
		out[i] = src[r]
	}
	return out
}

// Gather gives the rows of sel, in that order.
func (v *Vec) Gather(sel []int32) *Vec {
	if v.Const {
		return v.Resize(len(sel))
	}
	out := &Vec{Type: v.Type, N: len(sel), Valid: v.Valid.Gather(sel)}
	if v.Dict != nil {
		out.Codes, out.Dict = gatherElems(v.Codes, sel), v.Dict
		return out
	}
	gatherInto(out, v, sel)
	return out
}

// gatherInto gives out the elements of a flat vector at the rows of sel.
func gatherInto[I int32 | uint16](out, v *Vec, sel []I) {
	switch v.Type.Physical() {
	case arrowschema.Bools:
		out.Bools = gatherElems(v.Bools, sel)
	case arrowschema.Ints:
		out.Ints = gatherElems(v.Ints, sel)
	case arrowschema.Floats:
		out.Floats = gatherElems(v.Floats, sel)
	case arrowschema.Strings:
		out.Strs = gatherElems(v.Strs, sel)
	case arrowschema.UUIDs:
		out.UUIDs = gatherElems(v.UUIDs, sel)
	case arrowschema.Decs:
		out.Decs = gatherElems(v.Decs, sel)
	case arrowschema.Intervals:
		out.Intervals = gatherElems(v.Intervals, sel)
	}
}

// Slice gives rows [lo, hi), sharing memory.
func (v *Vec) Slice(lo, hi int) *Vec {
	if lo == 0 && hi == v.N {
		return v
	}
	if v.Const {
		return v.Resize(hi - lo)
	}
	out := &Vec{Type: v.Type, N: hi - lo, Valid: v.Valid.Slice(lo, hi)}
	if v.Dict != nil {
		out.Codes, out.Dict = v.Codes[lo:hi], v.Dict
		return out
	}
	switch v.Type.Physical() {
	case arrowschema.Bools:
		out.Bools = v.Bools[lo:hi]
	case arrowschema.Ints:
		out.Ints = v.Ints[lo:hi]
	case arrowschema.Floats:
		out.Floats = v.Floats[lo:hi]
	case arrowschema.Strings:
		out.Strs = v.Strs[lo:hi]
	case arrowschema.UUIDs:
		out.UUIDs = v.UUIDs[lo:hi]
	case arrowschema.Decs:
		out.Decs = v.Decs[lo:hi]
	case arrowschema.Intervals:
		out.Intervals = v.Intervals[lo:hi]
	}
	return out
}

// Flat gives v in flat form: itself when it is.
func (v *Vec) Flat() *Vec {
	switch {
	case v.Const:
		sel := make([]int32, v.N)
		w := *v
		w.Const = false
		return w.Gather(sel)
	case v.Dict != nil:
		return v.decode()
	default:
		return v
	}
}

// Decoded gives v without a dictionary: flat, or constant as it is.
func (v *Vec) Decoded() *Vec {
	if v.Dict == nil {
		return v
	}
	return v.decode()
}

// decode looks every code up. Codes under a NULL may be anything within the dictionary; an empty dictionary means that all rows are NULL.
func (v *Vec) decode() *Vec {
	if v.Dict.N == 0 {
		out := New(v.Type, v.N)
		out.Valid = make(Bitmap, (v.N+63)/64)
		return out
	}
	out := &Vec{Type: v.Type, N: len(v.Codes), Valid: v.Valid}
	gatherInto(out, v.Dict, v.Codes)
	if v.Dict.Valid == nil {
		return out
	}
	known := make(Bitmap, (v.N+63)/64)
	for i, c := range v.Codes {
		known[i>>6] |= (v.Dict.Valid[c>>6] >> (uint(c) & 63) & 1) << (uint(i) & 63)
	}
	out.Valid = And(known, v.Valid, v.N)
	return out
}

// Gather gives the rows of sel, ascending, of every column.
func (b *Batch) Gather(sel []int32) *Batch {
	out := &Batch{N: len(sel), Ord: b.Ord, Cols: make([]*Vec, len(b.Cols))}
	for i, c := range b.Cols {
		if c != nil {
			out.Cols[i] = c.Gather(sel)
		}
	}
	return out
}

// Slice gives rows [lo, hi) of every column.
func (b *Batch) Slice(lo, hi int) *Batch {
	out := &Batch{N: hi - lo, Ord: b.Ord + uint64(lo), Cols: make([]*Vec, len(b.Cols))}
	for i, c := range b.Cols {
		if c != nil {
			out.Cols[i] = c.Slice(lo, hi)
		}
	}
	return out
}

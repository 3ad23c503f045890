package exprs

import (
	"math/bits"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// And is the conjunction of two or more conditions, in PostgreSQL's three-valued logic. A condition is evaluated only for rows that the ones before
// it left undecided, so that `x IS NOT NULL AND x::int > 1` never casts what the first part excluded.
type And struct{ Args []Expr }

// Or is the disjunction, evaluated likewise.
type Or struct{ Args []Expr }

// Not is the negation.
type Not struct{ Arg Expr }

// Type implements Expr.
func (*And) Type() arrowschema.Type { return arrowschema.Bool }

// Type implements Expr.
func (*Or) Type() arrowschema.Type { return arrowschema.Bool }

// Type implements Expr.
func (*Not) Type() arrowschema.Type { return arrowschema.Bool }

// Children implements Expr.
func (e *And) Children() []Expr { return e.Args }

// Children implements Expr.
func (e *Or) Children() []Expr { return e.Args }

// Children implements Expr.
func (e *Not) Children() []Expr { return []Expr{e.Arg} }

// With implements Expr.
func (e *And) With(c []Expr) Expr { return &And{c} }

// With implements Expr.
func (e *Or) With(c []Expr) Expr { return &Or{c} }

// With implements Expr.
func (e *Not) With(c []Expr) Expr { return &Not{c[0]} }

// Eval implements Expr.
func (e *And) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	return junction(ctx, e, b, e.Args, false)
}

// Eval implements Expr.
func (e *Or) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) { return junction(ctx, e, b, e.Args, true) }

// Eval implements Expr.
func (e *Not) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	if v.Dict != nil {
		return vec.NewDict(v.Codes, negate(v.Dict), v.Valid), nil
	}
	return negate(v), nil
}

func negate(v *vec.Vec) *vec.Vec {
	out := *v
	out.Bools = make([]bool, len(v.Bools))
	for i, x := range v.Bools {
		out.Bools[i] = !x
	}
	return &out
}

// gatherFor gives the rows of sel, of the columns that es read.
func gatherFor(b *vec.Batch, sel []int32, es []Expr) *vec.Batch {
	out := &vec.Batch{N: len(sel), Ord: b.Ord, Cols: make([]*vec.Vec, len(b.Cols))}
	visit := func(e Expr) bool {
		if c, ok := e.(*Column); ok && out.Cols[c.Index] == nil {
			out.Cols[c.Index] = b.Cols[c.Index].Gather(sel)
		}
		return true
	}
	for _, e := range es {
		Walk(e, visit)
	}
	return out
}

// IsNull tests for NULL, or with Negated for its absence.
type IsNull struct {
	Arg     Expr
	Negated bool
}

// Type implements Expr.
func (*IsNull) Type() arrowschema.Type { return arrowschema.Bool }

// Children implements Expr.
func (e *IsNull) Children() []Expr { return []Expr{e.Arg} }

// With implements Expr.
func (e *IsNull) With(c []Expr) Expr { return &IsNull{c[0], e.Negated} }

// Eval implements Expr.
func (e *IsNull) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	if v.Const || !v.HasNulls() {
		isNull := v.Const && v.NullConst()
		return vec.NewConst(arrowschema.Bool, isNull != e.Negated, b.N), nil
	}
	out := ctx.vector(arrowschema.Bool, b.N)
	if v.Dict != nil && v.Dict.Valid != nil {
		for i := range out.Bools {
			out.Bools[i] = v.IsNull(i) != e.Negated
		}
		return out, nil
	}
	bytes := vec.BoolBytes(out.Bools)
	vec.SetBytes(bytes)
	if vec.AndBits(bytes, v.Valid); !e.Negated {
		for i := range bytes {
			bytes[i] ^= 1
		}
	}
	return out, nil
}

// Truth is IS [NOT] TRUE, FALSE or UNKNOWN: never NULL.
type Truth struct {
	Arg     Expr
	Want    *bool // nil: unknown
	Negated bool
}

// Type implements Expr.
func (*Truth) Type() arrowschema.Type { return arrowschema.Bool }

// Children implements Expr.
func (e *Truth) Children() []Expr { return []Expr{e.Arg} }

// With implements Expr.
func (e *Truth) With(c []Expr) Expr { return &Truth{c[0], e.Want, e.Negated} }

// Eval implements Expr.
func (e *Truth) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	out := vec.New(arrowschema.Bool, b.N)
	for i := range out.Bools {
		is := v.IsNull(i)
		if e.Want != nil {
			holder, place := v.Value(i)
			is = !is && holder.Bools[place] == *e.Want
		}
		out.Bools[i] = is != e.Negated
	}
	return out, nil
}

// Selection gives the rows at which the condition v is true, appended to sel.
func Selection(v *vec.Vec, sel []int32) []int32 {
	if v.Const {
		if v.N > 0 && v.Valid.Get(0) && v.Bools[0] {
			for i := 0; i < v.N; i++ {
				sel = append(sel, int32(i))
			}
		}
		return sel
	}
	var pass []bool // by dictionary entry
	if v.Dict != nil {
		if v.Dict.N == 0 {
			return sel
		}
		if pass = v.Dict.Bools; v.Dict.Valid != nil {
			pass = slices.Clone(pass)
			for i := range pass {
				pass[i] = pass[i] && v.Dict.Valid.Get(i)
			}
		}
		if len(pass) <= v.N && !slices.Contains(pass, true) {
			return sel
		}
	}
	for lo := 0; lo < v.N; lo += 64 {
		hi := min(lo+64, v.N)
		var w uint64
		if v.Dict != nil {
			w = codeBits(v.Codes[lo:hi], pass)
		} else {
			w = vec.PackBytes(vec.BoolBytes(v.Bools[lo:hi]))
		}
		if v.Valid != nil {
			w &= v.Valid[lo>>6]
		}
		if w == 0 {
			continue
		}
		if sel == nil {
			sel = make([]int32, 0, v.N-lo+64)
		}
		sel = appendBits(sel, w, int32(lo))
	}
	return sel
}

// appendBits appends the places of the bits of w, counted from lo.
func appendBits(sel []int32, w uint64, lo int32) []int32 {
	n := len(sel)
	sel = slices.Grow(sel, 64)
	if bits.OnesCount64(w) > 40 { // most: without a branch to mispredict
		to := sel[n : n+64]
		k := 0
		for i := range int32(64) {
			to[k&63] = lo + i
			k += int(w >> uint(i) & 1)
		}
		return sel[:n+k]
	}
	for ; w != 0; w &= w - 1 {
		sel = append(sel, lo+int32(bits.TrailingZeros64(w)))
	}
	return sel
}

// codeBits packs what up to 64 codes stand for.
func codeBits(codes []uint16, pass []bool) (w uint64) {
	for i, c := range codes {
		var bit uint64
		if pass[c] {
			bit = 1
		}
		w |= bit << uint(i)
	}
	return w
}

package exprs

import (
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
func (e *And) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) { return junction(ctx, b, e.Args, false) }

// Eval implements Expr.
func (e *Or) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) { return junction(ctx, b, e.Args, true) }

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

// junction evaluates AND (decisive false) or OR (decisive true).
func junction(ctx *Ctx, b *vec.Batch, args []Expr, decisive bool) (*vec.Vec, error) {
	out := vec.New(arrowschema.Bool, b.N)
	for i := range out.Bools {
		out.Bools[i] = !decisive
	}
	open := b // the rows not yet decided, and where they are in out
	var at []int32
	for k, a := range args {
		v, err := a.Eval(ctx, open)
		if err != nil {
			return nil, err
		}
		rest := make([]int32, 0, open.N)
		for i := 0; i < open.N; i++ {
			row := i
			if at != nil {
				row = int(at[i])
			}
			holder, place := v.Value(i)
			switch {
			case v.IsNull(i):
				out.SetNull(row)
			case holder.Bools[place] == decisive:
				out.Bools[row] = decisive
				if out.Valid != nil {
					out.Valid.Set(row)
				}
				continue
			}
			rest = append(rest, int32(i))
		}
		if len(rest) == 0 || k == len(args)-1 {
			break
		}
		if len(rest) < open.N {
			open = gatherFor(open, rest, args[k+1:])
			if at != nil {
				for i, r := range rest {
					rest[i] = at[r]
				}
			}
			at = rest
		}
	}
	return out, nil
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
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	if v.Const || !v.HasNulls() {
		isNull := v.Const && v.NullConst()
		return vec.NewConst(arrowschema.Bool, isNull != e.Negated, b.N), nil
	}
	out := vec.New(arrowschema.Bool, b.N)
	for i := range out.Bools {
		out.Bools[i] = v.IsNull(i) != e.Negated
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
	start := len(sel)
	sel = append(sel, make([]int32, v.N)...)
	n := start
	if v.Dict != nil {
		pass := make([]uint8, v.Dict.N)
		for i, x := range v.Dict.Bools {
			if x && v.Dict.Valid.Get(i) {
				pass[i] = 1
			}
		}
		if len(pass) == 0 {
			return sel[:start]
		}
		for i, c := range v.Codes {
			sel[n] = int32(i)
			n += int(pass[c] & valid(v.Valid, i))
		}
		return sel[:n]
	}
	for i, x := range v.Bools {
		sel[n] = int32(i)
		var take uint8
		if x {
			take = 1
		}
		n += int(take & valid(v.Valid, i))
	}
	return sel[:n]
}

func valid(b vec.Bitmap, i int) uint8 {
	if b == nil {
		return 1
	}
	return uint8(b[uint(i)>>6] >> (uint(i) & 63) & 1)
}

package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// In is arg [NOT] IN (list of constants), all of one type. Larger lists are looked up in a set.
type In struct {
	Arg     Expr
	Negated bool
	List    []*Const
	set     map[string]struct{}
	hasNull bool
}

// NewIn makes the set of the list's values. Every constant has the argument's type.
func NewIn(arg Expr, list []*Const, negated bool) *In {
	e := &In{Arg: arg, Negated: negated, List: list, set: make(map[string]struct{}, len(list))}
	var key []byte
	for _, c := range list {
		if c.IsNull() {
			e.hasNull = true
			continue
		}
		key = vec.AppendKey(key[:0], c.V, 0)
		e.set[string(key)] = struct{}{}
	}
	return e
}

// Type implements Expr.
func (*In) Type() arrowschema.Type { return arrowschema.Bool }

// Children implements Expr: the argument, then the list, so that Equal sees both.
func (e *In) Children() []Expr {
	kids := make([]Expr, 0, len(e.List)+1)
	kids = append(kids, e.Arg)
	for _, c := range e.List {
		kids = append(kids, c)
	}
	return kids
}

// With implements Expr. The list is constant: only the argument can change.
func (e *In) With(kids []Expr) Expr {
	n := *e
	n.Arg = kids[0]
	return &n
}

// Eval implements Expr, once per distinct value where the argument is dictionary-coded.
func (e *In) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	switch {
	case v.Dict != nil && v.Dict.N <= 4*v.N+16:
		return vec.NewDict(v.Codes, e.test(v.Dict), v.Valid), nil
	case v.Const:
		if v.N == 0 {
			return v.As(arrowschema.Bool), nil
		}
		out := e.test(v.Resize(1))
		out.Const = true
		return out.Resize(b.N), nil
	default:
		return e.test(v.Decoded()), nil
	}
}

func (e *In) test(v *vec.Vec) *vec.Vec {
	out := vec.New(arrowschema.Bool, v.N)
	if v.Valid != nil {
		out.Valid = v.Valid.Clone(v.N)
	}
	var key []byte
	for i := range out.Bools {
		if !v.Valid.Get(i) {
			continue
		}
		key = vec.AppendKey(key[:0], v, i)
		_, found := e.set[string(key)]
		if !found && e.hasNull {
			out.SetNull(i)
			continue
		}
		out.Bools[i] = found != e.Negated
	}
	return out
}

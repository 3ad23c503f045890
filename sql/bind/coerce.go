package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
)

// canCoerce tells whether a value of type from can become to in a context. An unknown literal can become anything.
func (b *Binder) canCoerce(from, to arrowschema.Type, ctx exprs.CastContext) bool {
	if from == to || from == arrowschema.Unknown {
		return true
	}
	c, ok := b.Registry.Cast(from, to)
	return ok && c.Context <= ctx
}

// coerce converts e to a type. at is where an error points.
func (b *Binder) coerce(e exprs.Expr, to arrowschema.Type, ctx exprs.CastContext, at parser.Pos) (exprs.Expr, error) {
	from := e.Type()
	if from == to {
		return e, nil
	}
	if from == arrowschema.Unknown {
		return b.literal(e, to, at)
	}
	c, ok := b.Registry.Cast(from, to)
	if !ok || c.Context > ctx {
		return nil, sqlstate.New(sqlstate.CannotCoerce, "cannot cast type %s to %s", from, to).At(int(at))
	}
	return b.fold(exprs.NewCast(c, e))
}

// literal gives an untyped literal, or what was computed from nothing else, its type by that type's input function.
func (b *Binder) literal(e exprs.Expr, to arrowschema.Type, at parser.Pos) (exprs.Expr, error) {
	c, isConst := e.(*exprs.Const)
	if isConst && c.IsNull() {
		return exprs.Null(to), nil
	}
	var text exprs.Expr
	if isConst {
		text = exprs.NewConst(c.V.As(arrowschema.Text))
	} else {
		text = exprs.NewCast(&exprs.Cast{From: arrowschema.Unknown, To: arrowschema.Text}, e)
	}
	if to == arrowschema.Text {
		return text, nil
	}
	cast, ok := b.Registry.Cast(arrowschema.Text, to)
	if !ok {
		return nil, sqlstate.New(sqlstate.CannotCoerce, "cannot cast type %s to %s", "unknown", to).At(int(at))
	}
	out := exprs.NewCast(cast, text)
	if !isConst {
		return out, nil
	}
	v, err := b.constant(out)
	if err != nil {
		return nil, atPos(err, at)
	}
	return v, nil
}

// constant evaluates an expression without columns.
func (b *Binder) constant(e exprs.Expr) (*exprs.Const, error) {
	v, err := e.Eval(b.Eval, &vec.Batch{N: 1})
	if err != nil {
		return nil, err
	}
	return exprs.NewConst(v), nil
}

// fold computes a cast of a constant at once when it cannot fail; otherwise the rows that need it will.
func (b *Binder) fold(e exprs.Expr) (exprs.Expr, error) {
	for _, c := range e.Children() {
		if _, ok := c.(*exprs.Const); !ok {
			return e, nil
		}
	}
	if call, ok := e.(*exprs.Call); !ok || call.Fn.Volatility != exprs.Immutable {
		return e, nil
	}
	if c, err := b.constant(e); err == nil {
		return c, nil
	}
	return e, nil
}

// atPos gives an SQL error a position unless it has one.
func atPos(err error, at parser.Pos) error {
	if e, ok := err.(*sqlstate.Error); ok && e.Position == 0 {
		c := *e
		return c.At(int(at))
	}
	return err
}

// commonType is PostgreSQL's select_common_type: the type of CASE, COALESCE, UNION, IN and VALUES. what names the construct in the error.
func (b *Binder) commonType(types []arrowschema.Type, what string, at []parser.Pos) (arrowschema.Type, error) {
	best := arrowschema.Unknown
	for i, t := range types {
		switch {
		case t == arrowschema.Unknown || t == best:
		case best == arrowschema.Unknown:
			best = t
		case t.Category() != best.Category():
			return best, sqlstate.New(sqlstate.DatatypeMismatch, "%s types %s and %s cannot be matched", what, best, t).At(int(at[i]))
		case !best.Preferred() && b.canCoerce(best, t, exprs.Implicit) && !b.canCoerce(t, best, exprs.Implicit):
			best = t
		}
	}
	if best == arrowschema.Unknown {
		best = arrowschema.Text
	}
	return best, nil
}

// unify binds expressions to their common type.
func (b *Binder) unify(es []exprs.Expr, what string, at []parser.Pos) ([]exprs.Expr, arrowschema.Type, error) {
	types := make([]arrowschema.Type, len(es))
	for i, e := range es {
		types[i] = e.Type()
	}
	t, err := b.commonType(types, what, at)
	if err != nil {
		return nil, t, err
	}
	out := make([]exprs.Expr, len(es))
	for i, e := range es {
		if !b.canCoerce(e.Type(), t, exprs.Implicit) {
			if what == "CASE" { // the first is the ELSE
				what = map[bool]string{true: "CASE/ELSE", false: "CASE/WHEN"}[i == 0]
			}
			return nil, t, sqlstate.New(sqlstate.CannotCoerce, "%s could not convert type %s to %s", what, e.Type(), t).At(int(at[i]))
		}
		if out[i], err = b.coerce(e, t, exprs.Implicit, at[i]); err != nil {
			return nil, t, err
		}
	}
	return out, t, nil
}

// typeOf resolves a type's name.
func typeOf(name *parser.TypeName) (arrowschema.Type, error) {
	if name.ArrayDims > 0 || name.SetOf {
		return arrowschema.Unknown, unsupported(name.Pos, "type %s[]", name.Name)
	}
	if name.Schema != "" && name.Schema != "pg_catalog" {
		return arrowschema.Unknown, sqlstate.New("3F000", "schema %q does not exist", name.Schema).At(int(name.Pos))
	}
	if t, ok := arrowschema.ByName(name.Name); ok && t != arrowschema.Void {
		return t, nil
	}
	switch name.Name {
	case "bpchar", "bytea", "bit", "varbit", "timetz", "money", "inet", "cidr", "xml", "oid", "regclass", "name":
		return arrowschema.Unknown, unsupported(name.Pos, "type %s", name.Name)
	}
	return arrowschema.Unknown, sqlstate.New(sqlstate.UndefinedObject, "type %q does not exist", name.Name).At(int(name.Pos))
}

// TypeOf resolves a type's name for column definitions.
func TypeOf(name *parser.TypeName) (arrowschema.Type, error) { return typeOf(name) }

// ToColumn converts an expression to a column's type as an assignment does; PostgreSQL's error names column and types.
func (b *Binder) toColumn(e exprs.Expr, t arrowschema.Type, mods []int32, column string, at parser.Pos) (exprs.Expr, error) {
	if !b.canCoerce(e.Type(), t, exprs.Assignment) {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column %q is of type %s but expression is of type %s", column, t, e.Type()).
			At(int(at)).WithHint("You will need to rewrite or cast the expression.")
	}
	out, err := b.coerce(e, t, exprs.Assignment, at)
	if err != nil {
		return nil, err
	}
	return b.applyModifier(out, mods, false)
}

// fitFunction is the name of the registry's functions that make a value fit its type's modifier.
const fitFunction = "$fit"

// applyModifier makes a value fit numeric(p, s), varchar(n) and the like by the registry's function "$fit" for its type. An explicit cast cuts text
// that is too long, an assignment refuses it.
func (b *Binder) applyModifier(e exprs.Expr, mods []int32, explicit bool) (exprs.Expr, error) {
	if len(mods) == 0 {
		return e, nil
	}
	for _, f := range b.Registry.Funcs(fitFunction) {
		if f.Args[0] != e.Type() {
			continue
		}
		second := int32(0)
		if len(mods) > 1 {
			second = mods[1]
		}
		args := []exprs.Expr{e, intConst(int64(mods[0])), intConst(int64(second)), exprs.NewConst(vec.NewConst(arrowschema.Bool, explicit, 1))}
		call, err := exprs.NewCall(f, args)
		if err != nil {
			return nil, err
		}
		return call, nil
	}
	return e, nil
}

func intConst(x int64) *exprs.Const { return exprs.NewConst(vec.NewConst(arrowschema.Int4, x, 1)) }

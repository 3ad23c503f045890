package bind

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
)

// exprBinder binds expressions of one clause of one query.
type exprBinder struct {
	*Binder
	scope *scope
	aggs  *aggregates // collects aggregate calls; nil where none may stand
	where string      // the clause, for errors: "WHERE", "JOIN conditions", "GROUP BY" …
}

// bind binds one expression.
func (b *exprBinder) bind(e parser.Expr) (exprs.Expr, error) {
	if err := b.tick(); err != nil {
		return nil, err
	}
	switch e := e.(type) {
	case *parser.ColumnRef:
		if b.where == inDefault {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "cannot use column reference in DEFAULT expression").At(int(e.Pos))
		}
		i, err := b.scope.find(e)
		if err != nil {
			return nil, err
		}
		return b.scope.column(i, e.Pos), nil
	case *parser.Param:
		if e.Number < 1 || e.Number > len(b.Params) {
			return nil, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", e.Number).At(int(e.Pos))
		}
		return exprs.NewConst(b.Params[e.Number-1]), nil
	case *parser.NullLit, *parser.BoolLit, *parser.IntLit, *parser.NumericLit, *parser.StringLit:
		return literalConst(e)
	case *parser.Cast:
		return b.cast(e)
	case *parser.UnaryOp:
		arg, err := b.bind(e.Arg)
		if err != nil {
			return nil, err
		}
		return b.operator(e.Op, []exprs.Expr{arg}, e.Pos, []parser.Pos{pos(e.Arg)})
	case *parser.BinaryOp:
		return b.binary(e.Op, e.Left, e.Right, e.Pos)
	case *parser.And:
		args, err := b.conditions(e.Args, "AND")
		return &exprs.And{Args: args}, err
	case *parser.Or:
		args, err := b.conditions(e.Args, "OR")
		return &exprs.Or{Args: args}, err
	case *parser.Not:
		args, err := b.conditions([]parser.Expr{e.Arg}, "NOT")
		if err != nil {
			return nil, err
		}
		return &exprs.Not{Arg: args[0]}, nil
	case *parser.IsNull:
		if row, ok := e.Arg.(*parser.Row); ok {
			return b.rowIsNull(row, e.Not)
		}
		arg, err := b.bind(e.Arg)
		if err != nil {
			return nil, err
		}
		return &exprs.IsNull{Arg: arg, Negated: e.Not}, nil
	case *parser.IsBool:
		return b.isBool(e)
	case *parser.Case:
		return b.caseExpr(e)
	case *parser.Coalesce:
		args, t, err := b.common(e.Args, "COALESCE")
		return &exprs.Coalesce{Args: args, T: t}, err
	case *parser.FuncCall:
		return b.function(e)
	default:
		return b.bindSpecial(e)
	}
}

// bindSpecial binds the forms that are made of simpler ones, and refuses the rest.
func (b *exprBinder) bindSpecial(e parser.Expr) (exprs.Expr, error) {
	switch e := e.(type) {
	case *parser.IsDistinct:
		return b.isDistinct(e)
	case *parser.Like:
		return b.like(e)
	case *parser.Between:
		return b.between(e)
	case *parser.InList:
		return b.inList(e)
	case *parser.NullIf:
		return b.nullIf(e)
	case *parser.MinMax:
		name := "greatest"
		if e.Least {
			name = "least"
		}
		what := map[bool]string{true: "LEAST", false: "GREATEST"}[e.Least]
		args, _, err := b.common(e.Args, what)
		if err != nil {
			return nil, err
		}
		return b.call(name, args, e.Pos, positions(e.Args))
	case *parser.ValueFunc:
		return b.valueFunc(e)
	case *parser.Collate:
		if e.Collation.Name != "C" && e.Collation.Name != "POSIX" && e.Collation.Name != "default" {
			return nil, unsupported(e.Pos, "collation %q", e.Collation.Name)
		}
		return b.bind(e.Arg)
	case *parser.Subquery:
		if err := b.noSubquery(e.Pos); err != nil {
			return nil, err
		}
		return b.scalarSubquery(e)
	case *parser.Exists:
		if err := b.noSubquery(e.Pos); err != nil {
			return nil, err
		}
		return b.exists(e)
	case *parser.InQuery:
		if err := b.noSubquery(e.Pos); err != nil {
			return nil, err
		}
		return b.inQuery(e)
	case *parser.Default:
		return nil, sqlstate.New(sqlstate.SyntaxError, "DEFAULT is not allowed in this context").At(int(e.Pos))
	case *parser.Star:
		return nil, sqlstate.New(sqlstate.SyntaxError, "row expansion via \"*\" is not supported here").At(int(e.Pos))
	case *parser.Row:
		return nil, unsupported(e.Pos, "a row value")
	case *parser.Array, *parser.ArrayQuery, *parser.Subscript, *parser.Quantified:
		return nil, unsupported(pos(e), "an array expression")
	case *parser.BitLit:
		return nil, unsupported(e.Pos, "a bit string")
	default:
		return nil, unsupported(pos(e), "the expression %s", parser.Format(e))
	}
}

// all binds several expressions.
func (b *exprBinder) all(es []parser.Expr) ([]exprs.Expr, error) {
	out := make([]exprs.Expr, len(es))
	for i, e := range es {
		var err error
		if out[i], err = b.bind(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// common binds several expressions and brings them to one type.
func (b *exprBinder) common(es []parser.Expr, what string) ([]exprs.Expr, arrowschema.Type, error) {
	bound, err := b.all(es)
	if err != nil {
		return nil, arrowschema.Unknown, err
	}
	return b.unify(bound, what, positions(es))
}

// conditions binds arguments that must be boolean.
func (b *exprBinder) conditions(es []parser.Expr, what string) ([]exprs.Expr, error) {
	out := make([]exprs.Expr, len(es))
	for i, e := range es {
		c, err := b.condition(e, what)
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}

// condition binds an expression that must be boolean.
func (b *exprBinder) condition(e parser.Expr, what string) (exprs.Expr, error) {
	c, err := b.bind(e)
	if err != nil {
		return nil, err
	}
	if c.Type() != arrowschema.Bool && c.Type() != arrowschema.Unknown {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type boolean, not type %s", what, c.Type()).At(int(pos(e)))
	}
	return b.coerce(c, arrowschema.Bool, exprs.Implicit, pos(e))
}

// literalConst gives a literal's constant. Strings and NULL are of type unknown; an integer is int4 where it fits.
func literalConst(e parser.Expr) (exprs.Expr, error) {
	switch e := e.(type) {
	case *parser.NullLit:
		return exprs.Null(arrowschema.Unknown), nil
	case *parser.BoolLit:
		return exprs.NewConst(vec.NewConst(arrowschema.Bool, e.Value, 1)), nil
	case *parser.IntLit:
		t := arrowschema.Int8
		if e.Value >= math.MinInt32 && e.Value <= math.MaxInt32 {
			t = arrowschema.Int4
		}
		return exprs.NewConst(vec.NewConst(t, e.Value, 1)), nil
	case *parser.NumericLit:
		d, err := decimal.Parse(e.Text)
		if err != nil {
			return nil, atPos(err, e.Pos)
		}
		return exprs.NewConst(vec.NewConst(arrowschema.Numeric, d, 1)), nil
	case *parser.StringLit:
		return exprs.NewConst(vec.NewConst(arrowschema.Unknown, e.Value, 1)), nil
	}
	return nil, unsupported(pos(e), "this literal")
}

func (b *exprBinder) cast(e *parser.Cast) (exprs.Expr, error) {
	arg, err := b.bind(e.Arg)
	if err != nil {
		return nil, err
	}
	t, err := typeOf(e.Type)
	if err != nil {
		return nil, err
	}
	if t == arrowschema.Interval && e.Type.IntervalFields != "" && arg.Type() == arrowschema.Unknown {
		return b.intervalLiteral(arg, e)
	}
	at := e.Pos
	if arg.Type() == arrowschema.Unknown {
		at = pos(e.Arg)
	}
	out, err := b.coerce(arg, t, exprs.Explicit, at)
	if err != nil {
		return nil, err
	}
	return b.applyModifier(out, modifiers(e.Type), true)
}

func modifiers(name *parser.TypeName) []int32 {
	mods := make([]int32, len(name.Mods))
	for i, m := range name.Mods {
		mods[i] = int32(m)
	}
	return mods
}

// intervalLiteral binds INTERVAL '1' HOUR: the fields tell what a bare number means, by the registry's function "interval" of text and fields.
func (b *exprBinder) intervalLiteral(arg exprs.Expr, e *parser.Cast) (exprs.Expr, error) {
	fields := exprs.NewConst(vec.NewConst(arrowschema.Text, e.Type.IntervalFields, 1))
	text, err := b.literal(arg, arrowschema.Text, e.Pos)
	if err != nil {
		return nil, err
	}
	call, err := b.call("$interval", []exprs.Expr{text, fields}, e.Pos, []parser.Pos{pos(e.Arg), e.Pos})
	if err != nil {
		return nil, err
	}
	c, err := b.constant(call)
	if err != nil {
		return nil, atPos(err, pos(e.Arg))
	}
	return b.applyModifier(c, modifiers(e.Type), true)
}

func (b *exprBinder) binary(op string, left, right parser.Expr, at parser.Pos) (exprs.Expr, error) {
	if l, r, ok := rows(left, right); ok {
		return b.compareRows(op, l, r, at)
	}
	args, err := b.all([]parser.Expr{left, right})
	if err != nil {
		return nil, err
	}
	return b.operator(op, args, at, []parser.Pos{pos(left), pos(right)})
}

func (b *exprBinder) isBool(e *parser.IsBool) (exprs.Expr, error) {
	names := map[parser.Truth]string{parser.IsTrue: "IS TRUE", parser.IsFalse: "IS FALSE", parser.IsUnknown: "IS UNKNOWN"}
	arg, err := b.condition(e.Arg, names[e.Truth])
	if err != nil {
		return nil, err
	}
	out := &exprs.Truth{Arg: arg, Negated: e.Not}
	if e.Truth != parser.IsUnknown {
		want := e.Truth == parser.IsTrue
		out.Want = &want
	}
	return out, nil
}

func (b *exprBinder) caseExpr(e *parser.Case) (exprs.Expr, error) {
	out := &exprs.Case{}
	results, at := []exprs.Expr{}, []parser.Pos{}
	// PostgreSQL takes the ELSE result first when it looks for the common type.
	if e.Else != nil {
		r, err := b.bind(e.Else)
		if err != nil {
			return nil, err
		}
		results, at = append(results, r), append(at, pos(e.Else))
	} else {
		results, at = append(results, exprs.Null(arrowschema.Unknown)), append(at, e.Pos)
	}
	for i, w := range e.Whens {
		before := b.weight()
		cond, err := b.when(e.Arg, w)
		if err != nil {
			return nil, err
		}
		if e.Arg != nil && i > 0 {
			if err := b.repeat(b.since(before).beyond(2), 1, w.Pos); err != nil { // a column and a constant aside
				return nil, err
			}
		}
		r, err := b.bind(w.Result)
		if err != nil {
			return nil, err
		}
		out.Whens, results, at = append(out.Whens, cond), append(results, r), append(at, pos(w.Result))
	}
	results, t, err := b.unify(results, "CASE", at)
	if err != nil {
		return nil, err
	}
	out.T, out.Else, out.Thens = t, results[0], results[1:]
	return out, nil
}

func (b *exprBinder) when(arg parser.Expr, w parser.When) (exprs.Expr, error) {
	if arg == nil {
		return b.condition(w.Cond, "CASE/WHEN")
	}
	return b.binary("=", arg, w.Cond, w.Pos)
}

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
	switch e := e.(type) {
	case *parser.ColumnRef:
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
		return b.scalarSubquery(e)
	case *parser.Exists:
		return b.exists(e)
	case *parser.InQuery:
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

// pos gives the position of a node.
func pos(e parser.Expr) parser.Pos { return parser.Pos(e.Position()) }

func positions(es []parser.Expr) []parser.Pos {
	out := make([]parser.Pos, len(es))
	for i, e := range es {
		out[i] = pos(e)
	}
	return out
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
	mods := make([]int32, len(e.Type.Mods))
	for i, m := range e.Type.Mods {
		mods[i] = int32(m)
	}
	return b.applyModifier(out, mods, true)
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
	return c, nil
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
	for _, w := range e.Whens {
		cond, err := b.when(e.Arg, w)
		if err != nil {
			return nil, err
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

func (b *exprBinder) isDistinct(e *parser.IsDistinct) (exprs.Expr, error) {
	args, err := b.all([]parser.Expr{e.Left, e.Right})
	if err != nil {
		return nil, err
	}
	if isNullLiteral(args[1]) {
		return &exprs.IsNull{Arg: args[0], Negated: !e.Not}, nil
	}
	if isNullLiteral(args[0]) {
		return &exprs.IsNull{Arg: args[1], Negated: !e.Not}, nil
	}
	equal, err := b.operator("=", args, e.Pos, []parser.Pos{pos(e.Left), pos(e.Right)})
	if err != nil {
		return nil, err
	}
	bothKnown := &exprs.Truth{Arg: equal, Want: boolPtr(false)}
	oneNull := &exprs.Or{Args: []exprs.Expr{
		&exprs.And{Args: []exprs.Expr{&exprs.IsNull{Arg: args[0]}, &exprs.IsNull{Arg: args[1], Negated: true}}},
		&exprs.And{Args: []exprs.Expr{&exprs.IsNull{Arg: args[0], Negated: true}, &exprs.IsNull{Arg: args[1]}}},
	}}
	var out exprs.Expr = &exprs.Or{Args: []exprs.Expr{oneNull, bothKnown}}
	if e.Not {
		out = &exprs.Not{Arg: out}
	}
	return out, nil
}

func boolPtr(b bool) *bool { return &b }

func isNullLiteral(e exprs.Expr) bool {
	c, ok := e.(*exprs.Const)
	return ok && c.IsNull() && c.Type() == arrowschema.Unknown
}

func (b *exprBinder) like(e *parser.Like) (exprs.Expr, error) {
	args, err := b.all([]parser.Expr{e.Arg, e.Pattern})
	if err != nil {
		return nil, err
	}
	op := map[parser.LikeKind]string{parser.LikeMatch: "~~", parser.ILikeMatch: "~~*"}[e.Kind]
	if op == "" {
		return nil, unsupported(e.Pos, "SIMILAR TO")
	}
	if e.Not {
		op = "!" + op
	}
	if e.Escape != nil {
		escape, err := b.bind(e.Escape)
		if err != nil {
			return nil, err
		}
		args[1], err = b.call("like_escape", []exprs.Expr{args[1], escape}, e.Pos, []parser.Pos{pos(e.Pattern), pos(e.Escape)})
		if err != nil {
			return nil, err
		}
		if exprs.Fixed(args[1]) {
			c, err := b.constant(args[1])
			if err != nil {
				return nil, atPos(err, pos(e.Escape))
			}
			args[1] = c
		}
	}
	return b.operator(op, args, e.Pos, []parser.Pos{pos(e.Arg), pos(e.Pattern)})
}

func (b *exprBinder) between(e *parser.Between) (exprs.Expr, error) {
	args, err := b.all([]parser.Expr{e.Arg, e.Low, e.High})
	if err != nil {
		return nil, err
	}
	within := func(low, high int) (exprs.Expr, error) {
		at := []parser.Pos{pos(e.Arg), pos(e.Low)}
		ge, err := b.operator(">=", []exprs.Expr{args[0], args[low]}, e.Pos, at)
		if err != nil {
			return nil, err
		}
		le, err := b.operator("<=", []exprs.Expr{args[0], args[high]}, e.Pos, at)
		if err != nil {
			return nil, err
		}
		return &exprs.And{Args: []exprs.Expr{ge, le}}, nil
	}
	out, err := within(1, 2)
	if err != nil {
		return nil, err
	}
	if e.Symmetric {
		other, err := within(2, 1)
		if err != nil {
			return nil, err
		}
		out = &exprs.Or{Args: []exprs.Expr{out, other}}
	}
	if e.Not {
		out = &exprs.Not{Arg: out}
	}
	return out, nil
}

// inList binds x IN (…): a set look-up when the list is constant and of one type with x, otherwise a disjunction of equalities.
func (b *exprBinder) inList(e *parser.InList) (exprs.Expr, error) {
	if row, ok := e.Arg.(*parser.Row); ok {
		return b.rowInList(row, e)
	}
	items := append([]parser.Expr{e.Arg}, e.List...)
	bound, err := b.all(items)
	if err != nil {
		return nil, err
	}
	if in := b.constantIn(bound, items, e.Not); in != nil {
		return in, nil
	}
	or := &exprs.Or{}
	for i := range e.List {
		eq, err := b.operator("=", []exprs.Expr{bound[0], bound[i+1]}, e.Pos, []parser.Pos{pos(e.Arg), pos(e.List[i])})
		if err != nil {
			return nil, err
		}
		or.Args = append(or.Args, eq)
	}
	var out exprs.Expr = or
	if len(or.Args) == 1 {
		out = or.Args[0]
	}
	if e.Not {
		out = &exprs.Not{Arg: out}
	}
	return out, nil
}

func (b *exprBinder) constantIn(bound []exprs.Expr, items []parser.Expr, negated bool) exprs.Expr {
	for _, e := range bound[1:] {
		if _, ok := e.(*exprs.Const); !ok {
			return nil
		}
	}
	cast, t, err := b.unify(bound, "IN", positions(items))
	if err != nil {
		return nil
	}
	if eq, _ := b.resolve(b.Registry.Funcs("="), []arrowschema.Type{t, t}, true); eq == nil || eq.args[0] != t {
		return nil
	}
	list := make([]*exprs.Const, 0, len(cast)-1)
	for _, e := range cast[1:] {
		c, ok := e.(*exprs.Const)
		if !ok {
			return nil
		}
		list = append(list, c)
	}
	return exprs.NewIn(cast[0], list, negated)
}

func (b *exprBinder) nullIf(e *parser.NullIf) (exprs.Expr, error) {
	args, err := b.all([]parser.Expr{e.Left, e.Right})
	if err != nil {
		return nil, err
	}
	eq, err := b.operator("=", args, e.Pos, []parser.Pos{pos(e.Left), pos(e.Right)})
	if err != nil {
		return nil, err
	}
	left := args[0]
	if call, ok := eq.(*exprs.Call); ok {
		left = call.Args[0] // as it is compared: NULLIF(1, 2.5) is numeric
	}
	return &exprs.Case{Whens: []exprs.Expr{eq}, Thens: []exprs.Expr{exprs.Null(left.Type())}, Else: left, T: left.Type()}, nil
}

// valueFunc binds current_timestamp and its relatives.
func (b *exprBinder) valueFunc(e *parser.ValueFunc) (exprs.Expr, error) {
	now := func(t arrowschema.Type) (exprs.Expr, error) {
		n, err := b.call("now", nil, e.Pos, nil)
		if err != nil {
			return nil, err
		}
		if n, err = b.coerce(n, t, exprs.Explicit, e.Pos); err != nil || e.Precision < 0 {
			return n, err
		}
		return b.applyModifier(n, []int32{int32(e.Precision)}, true)
	}
	text := func(s string) (exprs.Expr, error) { return exprs.NewConst(vec.NewConst(arrowschema.Text, s, 1)), nil }
	switch e.Name {
	case "current_timestamp":
		return now(arrowschema.TimestampTZ)
	case "localtimestamp":
		return now(arrowschema.Timestamp)
	case "current_date":
		return now(arrowschema.Date)
	case "localtime":
		return now(arrowschema.Time)
	case "current_user", "session_user", "user", "current_role":
		return text(b.Eval.Session.User)
	case "current_catalog":
		return text(b.Eval.Session.Database)
	case "current_schema":
		return text(b.Eval.Session.Schema)
	}
	return nil, unsupported(e.Pos, "%s", e.Name)
}

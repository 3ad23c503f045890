package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
)

// The forms that are made of simpler ones.

func (b *exprBinder) isDistinct(e *parser.IsDistinct) (exprs.Expr, error) {
	before := b.weight()
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
	if err := b.repeat(b.since(before), 2, e.Pos); err != nil {
		return nil, err
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
	before, copies := b.weight(), 1
	args, err := b.all([]parser.Expr{e.Arg, e.Low, e.High})
	if err != nil {
		return nil, err
	}
	if e.Symmetric {
		copies = 3
	}
	if err := b.repeat(b.since(before), copies, e.Pos); err != nil {
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
	before := b.weight()
	arg, err := b.bind(e.Arg)
	if err != nil {
		return nil, err
	}
	weight := b.since(before)
	list, err := b.all(e.List)
	if err != nil {
		return nil, err
	}
	items, bound := append([]parser.Expr{e.Arg}, e.List...), append([]exprs.Expr{arg}, list...)
	if in := b.constantIn(bound, items, e.Not); in != nil {
		return in, nil
	}
	if err := b.repeat(weight, len(e.List)-1, e.Pos); err != nil {
		return nil, err
	}
	if err := b.nest(max(0, weight.all-lightOperand)*(len(e.List)-1), e.Pos); err != nil {
		return nil, err
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
	if len(cast)-1 > fewValues {
		return b.longIn(cast, negated)
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

// longIn makes a set of a long list of constants; nil when one of them is none, or cannot be taken.
func (b *exprBinder) longIn(cast []exprs.Expr, negated bool) exprs.Expr {
	values := vec.NewBuilder(cast[0].Type(), len(cast)-1)
	for _, e := range cast[1:] {
		c, ok := e.(*exprs.Const)
		if !ok {
			return nil
		}
		values.AppendRow(c.V, 0)
	}
	in, err := exprs.NewInMany(b.Eval, cast[0], values.Vec(), negated)
	if err != nil {
		return nil // the disjunction that is tried instead fails, too
	}
	return in
}

func (b *exprBinder) nullIf(e *parser.NullIf) (exprs.Expr, error) {
	before := b.weight()
	args, err := b.all([]parser.Expr{e.Left, e.Right})
	if err != nil {
		return nil, err
	}
	if err := b.repeat(b.since(before), 1, e.Pos); err != nil {
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

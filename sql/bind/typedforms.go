package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
)

// typedOperands are the operands of an operator, as values of the types that it takes.
type typedOperands struct {
	list   []parser.Expr
	types  []arrowschema.Type
	result arrowschema.Type
}

// operands writes out the operands of an operator.
func (t *typer) operands(op string, es ...parser.Expr) (typedOperands, error) {
	args, err := t.all(es)
	if err != nil {
		return typedOperands{}, err
	}
	return t.fitted(op, args...)
}

// fitted is operands for what has been written out.
func (t *typer) fitted(op string, args ...typedExpr) (typedOperands, error) {
	types := make([]arrowschema.Type, len(args))
	for i, a := range args {
		types[i] = a.t
	}
	c, _ := t.resolve(t.Registry.Funcs(op), types, true)
	if c == nil {
		return typedOperands{}, unsupported(0, "writing out the operator %s", op)
	}
	out := typedOperands{types: c.args, result: c.fn.Result}
	for i, a := range args {
		e, err := t.as(a, c.args[i])
		if err != nil {
			return out, err
		}
		out.list = append(out.list, e)
	}
	return out, nil
}

func (t *typer) all(es []parser.Expr) ([]typedExpr, error) {
	out := make([]typedExpr, len(es))
	for i, e := range es {
		var err error
		if out[i], err = t.expr(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *typer) binary(op string, left, right parser.Expr) (typedExpr, error) {
	if l, r, ok := rows(left, right); ok {
		return t.rows(op, l, r)
	}
	args, err := t.operands(op, left, right)
	if err != nil {
		return typedExpr{}, err
	}
	return typedExpr{&parser.BinaryOp{Op: op, Left: args.list[0], Right: args.list[1]}, args.result}, nil
}

// rows writes out a comparison of rows: equality is that of all fields, any other comparison stays one of rows.
func (t *typer) rows(op string, l, r *parser.Row) (typedExpr, error) {
	if len(l.Fields) != len(r.Fields) || len(l.Fields) == 0 {
		return typedExpr{}, unsupported(l.Pos, "writing out this comparison of rows")
	}
	var fields []parser.Expr
	left, right := &parser.Row{Explicit: true}, &parser.Row{Explicit: true}
	for i := range l.Fields {
		args, err := t.operands(op, l.Fields[i], r.Fields[i])
		if err != nil {
			return typedExpr{}, err
		}
		left.Fields, right.Fields = append(left.Fields, args.list[0]), append(right.Fields, args.list[1])
		fields = append(fields, &parser.BinaryOp{Op: op, Left: args.list[0], Right: args.list[1]})
	}
	switch {
	case len(fields) == 1:
		return typedExpr{fields[0], arrowschema.Bool}, nil
	case op == "=":
		return typedExpr{&parser.And{Args: fields}, arrowschema.Bool}, nil
	case op == "<>":
		return typedExpr{&parser.Or{Args: fields}, arrowschema.Bool}, nil
	}
	return typedExpr{&parser.BinaryOp{Op: op, Left: left, Right: right}, arrowschema.Bool}, nil
}

// common writes out expressions as values of their common type.
func (t *typer) common(es []parser.Expr, what string) ([]parser.Expr, arrowschema.Type, error) {
	args, err := t.all(es)
	if err != nil {
		return nil, arrowschema.Unknown, err
	}
	types := make([]arrowschema.Type, len(args))
	for i, a := range args {
		types[i] = a.t
	}
	typ, err := t.commonType(types, what, positions(es))
	if err != nil {
		return nil, typ, err
	}
	out := make([]parser.Expr, len(es))
	for i, a := range args {
		if out[i], err = t.as(a, typ); err != nil {
			return nil, typ, err
		}
	}
	return out, typ, nil
}

func (t *typer) caseExpr(e *parser.Case) (typedExpr, error) {
	out := &parser.Case{}
	var arg typedExpr
	if e.Arg != nil {
		var err error
		if arg, err = t.expr(e.Arg); err != nil {
			return typedExpr{}, err
		}
		if out.Arg, arg.t, err = t.known(arg, arrowschema.Text); err != nil {
			return typedExpr{}, err
		}
		arg.e = out.Arg
	}
	results := []parser.Expr{e.Else} // PostgreSQL takes it first when it looks for the common type
	if e.Else == nil {
		results[0] = &parser.NullLit{}
	}
	for _, w := range e.Whens {
		results = append(results, w.Result)
	}
	results, typ, err := t.common(results, "CASE")
	if err != nil {
		return typedExpr{}, err
	}
	for i, w := range e.Whens {
		cond, err := t.when(arg, w.Cond)
		if err != nil {
			return typedExpr{}, err
		}
		out.Whens = append(out.Whens, parser.When{Cond: cond, Result: results[i+1]})
	}
	out.Else = results[0]
	return typedExpr{out, typ}, nil
}

// when writes out what comes after WHEN: a condition, or what the argument of CASE is compared with, whose cast is not written.
func (t *typer) when(arg typedExpr, e parser.Expr) (parser.Expr, error) {
	x, err := t.expr(e)
	if err != nil {
		return nil, err
	}
	if arg.e == nil {
		return t.as(x, arrowschema.Bool)
	}
	c, _ := t.resolve(t.Registry.Funcs("="), []arrowschema.Type{arg.t, x.t}, true)
	if c == nil {
		return nil, unsupported(pos(e), "writing out this comparison")
	}
	out, _, err := t.known(x, c.args[1])
	return out, err
}

func (t *typer) isNull(e *parser.IsNull) (typedExpr, error) {
	if row, ok := e.Arg.(*parser.Row); ok {
		out := &parser.Row{Explicit: true}
		for _, f := range row.Fields {
			x, err := t.expr(f)
			if err != nil {
				return x, err
			}
			text, _, err := t.known(x, arrowschema.Text)
			if err != nil {
				return x, err
			}
			out.Fields = append(out.Fields, text)
		}
		return typedExpr{&parser.IsNull{Arg: out, Not: e.Not}, arrowschema.Bool}, nil
	}
	x, err := t.expr(e.Arg)
	return typedExpr{&parser.IsNull{Arg: x.e, Not: e.Not}, arrowschema.Bool}, err
}

func (t *typer) isDistinct(e *parser.IsDistinct) (typedExpr, error) {
	for _, side := range [][2]parser.Expr{{e.Left, e.Right}, {e.Right, e.Left}} {
		if _, ok := side[1].(*parser.NullLit); ok {
			return t.isNull(&parser.IsNull{Arg: side[0], Not: !e.Not})
		}
	}
	args, err := t.operands("=", e.Left, e.Right)
	if err != nil {
		return typedExpr{}, err
	}
	var out parser.Expr = &parser.IsDistinct{Left: args.list[0], Right: args.list[1]}
	if e.Not {
		out = &parser.Not{Arg: out}
	}
	return typedExpr{out, arrowschema.Bool}, nil
}

func (t *typer) like(e *parser.Like) (typedExpr, error) {
	op := map[parser.LikeKind]string{parser.LikeMatch: "~~", parser.ILikeMatch: "~~*"}[e.Kind]
	args, err := t.operands(op, e.Arg, e.Pattern)
	if err != nil {
		return typedExpr{}, err
	}
	out := &parser.Like{Kind: e.Kind, Not: e.Not, Arg: args.list[0], Pattern: args.list[1]}
	if e.Escape != nil {
		x, err := t.expr(e.Escape)
		if err != nil {
			return x, err
		}
		if out.Escape, err = t.as(x, arrowschema.Text); err != nil {
			return x, err
		}
	}
	return typedExpr{out, arrowschema.Bool}, nil
}

// maxCopies bounds the BETWEENs within one another: each writes out its operands twice or more.
const maxCopies = 2

// between writes out BETWEEN as the comparisons that it is.
func (t *typer) between(e *parser.Between) (typedExpr, error) {
	if t.copies++; t.copies > maxCopies {
		return typedExpr{}, unsupported(e.Pos, "writing out a BETWEEN in a BETWEEN")
	}
	args, err := t.all([]parser.Expr{e.Arg, e.Low, e.High})
	if err != nil {
		return typedExpr{}, err
	}
	t.copies--
	ops, inner, outer := [2]string{">=", "<="}, true, false
	if e.Not {
		ops, inner, outer = [2]string{"<", ">"}, false, true
	}
	within := func(low, high typedExpr) (parser.Expr, error) {
		l, err := t.fitted(ops[0], args[0], low)
		if err != nil {
			return nil, err
		}
		h, err := t.fitted(ops[1], args[0], high)
		if err != nil {
			return nil, err
		}
		return joined(inner, &parser.BinaryOp{Op: ops[0], Left: l.list[0], Right: l.list[1]}, &parser.BinaryOp{Op: ops[1], Left: h.list[0], Right: h.list[1]}), nil
	}
	out, err := within(args[1], args[2])
	if err == nil && e.Symmetric {
		var other parser.Expr
		if other, err = within(args[2], args[1]); err == nil {
			out = joined(outer, out, other)
		}
	}
	return typedExpr{out, arrowschema.Bool}, err
}

// joined gives conditions joined by AND or OR.
func joined(and bool, args ...parser.Expr) parser.Expr {
	if and {
		return &parser.And{Args: args}
	}
	return &parser.Or{Args: args}
}

// inList writes out x IN (…): the list has one type, that of all its values and x.
func (t *typer) inList(e *parser.InList) (typedExpr, error) {
	if len(e.List) == 1 {
		return t.binary(map[bool]string{false: "=", true: "<>"}[e.Not], e.Arg, e.List[0])
	}
	arg, err := t.expr(e.Arg)
	if err != nil {
		return arg, err
	}
	list, typ, err := t.common(append([]parser.Expr{typedLiteral(e.Arg, arg)}, e.List...), "IN")
	if err != nil {
		return arg, err
	}
	c, _ := t.resolve(t.Registry.Funcs("="), []arrowschema.Type{arg.t, typ}, true)
	if c == nil {
		return arg, unsupported(e.Pos, "writing out this list")
	}
	left := c.args[0]
	if arg.t == typ { // character varying is compared as text, but is the type of the list when this is read again
		left = typ
	}
	written, err := t.as(arg, left)
	return typedExpr{&parser.InList{Arg: written, List: list[1:], Not: e.Not}, arrowschema.Bool}, err
}

// typedLiteral gives something short of the type of x, so that finding the common type of a list does not write x out twice.
func typedLiteral(e parser.Expr, x typedExpr) parser.Expr {
	if x.t == arrowschema.Unknown {
		return e
	}
	return &parser.Cast{Arg: &parser.NullLit{}, Type: &parser.TypeName{Name: x.t.Name()}}
}

// call writes out a call of a function, or of a type's name as a cast.
func (t *typer) call(e *parser.FuncCall) (typedExpr, error) {
	args, err := t.all(e.Args)
	if err != nil {
		return typedExpr{}, err
	}
	types := make([]arrowschema.Type, len(args))
	for i, a := range args {
		types[i] = a.t
	}
	fns := t.Registry.Funcs(e.Name)
	if to, ok := arrowschema.ByName(e.Name); ok && len(fns) == 0 && len(args) == 1 {
		return t.typeCall(e, args[0], to)
	}
	c, _ := t.resolve(fns, types, false)
	if c == nil {
		return typedExpr{}, unsupported(e.Pos, "writing out a call of %s", e.Name)
	}
	out := &parser.FuncCall{Name: e.Name, SQLSyntax: e.SQLSyntax}
	if e.Name == "substring" && c.args[1] == arrowschema.Text { // FROM a pattern: PostgreSQL shows a call
		out.SQLSyntax = false
	}
	for i, a := range args {
		written, err := a.e, error(nil)
		switch {
		case e.SQLSyntax && wordArg(e.Name) == i: // a field, a form: no value
		case e.SQLSyntax:
			written, _, err = t.known(a, c.args[i])
		default:
			written, err = t.as(a, c.args[i])
		}
		if err != nil {
			return typedExpr{}, err
		}
		out.Args = append(out.Args, written)
	}
	return typedExpr{out, c.fn.Result}, nil
}

// wordArg gives the argument of a call with words that is a word itself, -1 when none is.
func wordArg(name string) int {
	switch name {
	case "extract":
		return 0
	case "normalize":
		return 1
	}
	return -1
}

// typeCall writes out the call of a type: a cast, unless PostgreSQL has a function of that name for it.
func (t *typer) typeCall(e *parser.FuncCall, x typedExpr, to arrowschema.Type) (typedExpr, error) {
	if !t.canCoerce(x.t, to, exprs.Explicit) {
		return x, unsupported(e.Pos, "writing out a call of %s", e.Name)
	}
	if x.t == arrowschema.Unknown || x.t == to || byText(x.t, to) {
		return t.castAs(x, &parser.TypeName{Name: to.Name()})
	}
	return typedExpr{&parser.FuncCall{Name: e.Name, Args: []parser.Expr{x.e}}, to}, nil
}

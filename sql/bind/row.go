package bind

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
)

// rows tells whether both sides of a comparison are row values.
func rows(left, right parser.Expr) (l, r *parser.Row, ok bool) {
	l, isLeft := left.(*parser.Row)
	r, isRight := right.(*parser.Row)
	return l, r, isLeft && isRight
}

// compareRows binds (a, b) < (c, d): field by field, the first pair that differs decides. A pair of which one is NULL decides for NULL.
func (b *exprBinder) compareRows(op string, l, r *parser.Row, at parser.Pos) (exprs.Expr, error) {
	if len(l.Fields) != len(r.Fields) {
		return nil, sqlstate.New(sqlstate.SyntaxError, "unequal number of entries in row expressions").At(int(at))
	}
	if len(l.Fields) == 0 {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "cannot compare rows of zero length").At(int(at))
	}
	before := b.weight()
	left, err := b.all(l.Fields)
	if err != nil {
		return nil, err
	}
	right, err := b.all(r.Fields)
	if err != nil {
		return nil, err
	}
	pair := func(op string, i int) (exprs.Expr, error) {
		return b.operator(op, []exprs.Expr{left[i], right[i]}, at, []parser.Pos{pos(l.Fields[i]), pos(r.Fields[i])})
	}
	switch op {
	case "=", "<>":
		var all []exprs.Expr
		for i := range left {
			e, err := pair(op, i)
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
		return junction(all, op == "="), nil
	case "<", "<=", ">", ">=":
		if err := b.repeat(b.since(before), 1, at); err != nil {
			return nil, err
		}
		return lexicographic(op, len(left), pair)
	}
	return nil, unsupported(at, "the operator %s of rows", op)
}

// lexicographic makes a1 < b1 OR a1 = b1 AND (a2 < b2 OR …); the last pair is compared with the operator itself, the others without equality.
func lexicographic(op string, n int, pair func(op string, i int) (exprs.Expr, error)) (exprs.Expr, error) {
	out, err := pair(op, n-1)
	for i := n - 2; i >= 0 && err == nil; i-- {
		var strict, equal exprs.Expr
		if strict, err = pair(op[:1], i); err != nil {
			break
		}
		if equal, err = pair("=", i); err != nil {
			break
		}
		out = &exprs.Or{Args: []exprs.Expr{strict, &exprs.And{Args: []exprs.Expr{equal, out}}}}
	}
	return out, err
}

// junction joins conditions by AND or OR.
func junction(args []exprs.Expr, and bool) exprs.Expr {
	switch {
	case len(args) == 1:
		return args[0]
	case and:
		return &exprs.And{Args: args}
	default:
		return &exprs.Or{Args: args}
	}
}

// rowInList binds (a, b) IN ((1, 2), (3, 4)).
func (b *exprBinder) rowInList(l *parser.Row, e *parser.InList) (exprs.Expr, error) {
	var any []exprs.Expr
	for i, item := range e.List {
		r, ok := item.(*parser.Row)
		if !ok {
			return nil, unsupported(pos(item), "a row in a list of other values")
		}
		before := b.weight()
		eq, err := b.compareRows("=", l, r, e.Pos)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			if err := b.repeat(b.since(before).beyond(2*len(l.Fields)), 1, e.Pos); err != nil { // columns and constants aside
				return nil, err
			}
		}
		any = append(any, eq)
	}
	out := junction(any, false)
	if e.Not {
		out = &exprs.Not{Arg: out}
	}
	return out, nil
}

// rowIsNull binds (a, b) IS [NOT] NULL: whether all fields are NULL, or none is.
func (b *exprBinder) rowIsNull(r *parser.Row, negated bool) (exprs.Expr, error) {
	fields, err := b.all(r.Fields)
	if err != nil {
		return nil, err
	}
	all := make([]exprs.Expr, len(fields))
	for i, f := range fields {
		all[i] = &exprs.IsNull{Arg: f, Negated: negated}
	}
	if len(all) == 0 {
		return nil, unsupported(r.Pos, "an empty row value")
	}
	return junction(all, true), nil
}

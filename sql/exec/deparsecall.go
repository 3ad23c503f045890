package exec

import (
	"strings"

	"github.com/stoadb/stoa/sql/parser"
)

// funcCall writes a call, with words between its arguments if it was written so.
func (d *deparser) funcCall(e *parser.FuncCall) {
	a := e.Args
	if !e.SQLSyntax {
		if strings.Contains(e.Name, "_extract_path") { // the rest is one array
			d.put(e.Name, "(")
			d.expr(a[0])
			d.put(", VARIADIC ARRAY[")
			d.list(a[1:])
			d.put("])")
			return
		}
		d.call(parser.QuoteIdent(e.Name), a...)
		return
	}
	switch e.Name {
	case "timezone":
		d.put("(")
		d.within(a[1], e)
		d.put(" AT TIME ZONE ")
		d.within(a[0], e)
		d.put(")")
	case "overlaps":
		d.call("(", a[:2]...)
		d.call(" OVERLAPS ", a[2:]...)
		d.put(")")
	case "position":
		d.put("POSITION((")
		d.expr(a[1])
		d.put(") IN (")
		d.expr(a[0])
		d.put("))")
	case "substring":
		d.words("SUBSTRING", a, "FROM", "FOR")
	case "overlay":
		d.words("OVERLAY", a, "PLACING", "FROM", "FOR")
	case "btrim", "ltrim", "rtrim":
		d.put("TRIM(", map[byte]string{'b': "BOTH", 'l': "LEADING", 'r': "TRAILING"}[e.Name[0]])
		if len(a) > 1 {
			d.put(" ")
			d.expr(a[1])
		}
		d.put(" FROM ")
		d.expr(a[0])
		d.put(")")
	case "extract":
		field, _ := a[0].(*parser.StringLit)
		d.put("EXTRACT(", field.Value, " FROM ")
		d.expr(a[1])
		d.put(")")
	default:
		d.put(parser.Format(e))
	}
}

// pathOf gives the right operand; the path and the keys of jsonb's operators are arrays of text.
func pathOf(e *parser.BinaryOp) parser.Expr {
	switch e.Op {
	case "#>", "#>>", "?|", "?&":
		if _, ok := e.Right.(*parser.StringLit); ok {
			return &parser.Cast{Arg: e.Right, Type: &parser.TypeName{Name: "text", ArrayDims: 1}}
		}
	}
	return e.Right
}

// words writes NAME(a WORD b …).
func (d *deparser) words(name string, args []parser.Expr, words ...string) {
	d.put(name, "(")
	for i, arg := range args {
		if i > 0 {
			d.put(" ", words[i-1], " ")
		}
		d.expr(arg)
	}
	d.put(")")
}

// simple tells whether the pretty form needs no parentheses around an operand of parent (isSimpleNode).
func (d *deparser) simple(e, parent parser.Expr) bool {
	switch e := e.(type) {
	case *parser.Cast:
		return e != d.text && !d.of.Relabels(e) || d.simple(e.Arg, e)
	case *parser.BinaryOp, *parser.UnaryOp, *parser.Like:
		if op, outer, ok := arithmetic(e, parent); ok {
			high, low := strings.Contains("*/%", op), strings.Contains("+-", outer)
			p, _ := parent.(*parser.BinaryOp)
			return high && low || (high != low) && p.Left == e
		}
		if b, ok := e.(*parser.BinaryOp); ok && isRow(b.Left) {
			return false
		}
		return separates(parent) || logical(parent)
	case *parser.IsNull, *parser.IsBool, *parser.IsDistinct:
		return separates(parent) || logical(parent)
	case *parser.And, *parser.Not:
		_, and := parent.(*parser.And)
		_, or := parent.(*parser.Or)
		return separates(parent) || and || or
	case *parser.Or:
		_, or := parent.(*parser.Or)
		return separates(parent) || or
	case *parser.InList, *parser.Collate:
		return false
	}
	return true
}

func isRow(e parser.Expr) bool {
	_, ok := e.(*parser.Row)
	return ok
}

// arithmetic gives the operators of an operation and the one it is an operand of, when both are + - * / or %.
func arithmetic(e, parent parser.Expr) (op, outer string, ok bool) {
	inner, isOp := e.(*parser.BinaryOp)
	around, within := parent.(*parser.BinaryOp)
	if !isOp || !within || len(inner.Op) != 1 || len(around.Op) != 1 {
		return "", "", false
	}
	return inner.Op, around.Op, strings.Contains("+-*/%", inner.Op) && strings.Contains("+-*/%", around.Op)
}

// separates tells whether the operands of a form stand between commas, brackets or words.
func separates(e parser.Expr) bool {
	switch e := e.(type) {
	case *parser.FuncCall:
		return !e.SQLSyntax
	case *parser.Row, *parser.Coalesce, *parser.MinMax, *parser.NullIf, *parser.Case:
		return true
	}
	return false
}

func logical(e parser.Expr) bool {
	switch e.(type) {
	case *parser.And, *parser.Or, *parser.Not:
		return true
	}
	return false
}

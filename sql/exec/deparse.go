package exec

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
)

// deparser writes a typed expression as PostgreSQL's catalogue shows it (pg_get_expr, ruleutils.c). What is kept of an expression, parser.Format's text of it,
// means the same; PostgreSQL has other words for some forms, and breaks the lines of CASE.
type deparser struct {
	b      []byte
	of     *bind.Typed
	pretty bool // without the parentheses that precedence makes needless, as psql shows it
	indent int
	text   *parser.Cast // of the last list of character varying, which is compared as text
}

// maxShown bounds the text, in bytes: BETWEEN writes out its operands more than once.
const maxShown = 1 << 20

// shownDefault gives a column's default as PostgreSQL shows it: constants with their types, in the form in which these print them in the session's time
// zone. What cannot be written so is shown as it is kept. It is nil when there is none.
func (s *statement) shownDefault(col schemahistory.Column, pretty bool) any {
	if col.Default == "" {
		return nil
	}
	e, err := parser.ParseExpr(col.Default)
	if err != nil {
		return col.Default
	}
	of, err := s.bare().TypedDefault(col, e, s.session.zone)
	if err != nil {
		return col.Default
	}
	d := &deparser{of: of, pretty: pretty}
	d.stored(of.Stored)
	if len(d.b) > maxShown {
		return col.Default
	}
	return string(d.b)
}

// DefaultText gives the default of a column as psql shows it in the description of a table; "" when there is none.
func (s *Session) DefaultText(ctx context.Context, col schemahistory.Column) string {
	text, _ := s.begin(ctx).shownDefault(col, true).(string)
	return text
}

// stored writes the expression without the casts around it, which are operators nevertheless where it needs parentheses.
func (d *deparser) stored(e parser.Expr) {
	c, ok := e.(*parser.Cast)
	switch {
	case !ok || e == d.of.Expr:
		d.expr(e)
	case d.pretty && !d.simple(c.Arg, c):
		d.put("(")
		d.stored(c.Arg)
		d.put(")")
	default:
		d.stored(c.Arg)
	}
}

func (d *deparser) put(pieces ...string) {
	for _, s := range pieces {
		if len(d.b) <= maxShown {
			d.b = append(d.b, s...)
		}
	}
}

// open and close write the parentheses that the plain form has everywhere.
func (d *deparser) open() {
	if !d.pretty {
		d.put("(")
	}
}

func (d *deparser) close() {
	if !d.pretty {
		d.put(")")
	}
}

// list writes expressions with commas between them.
func (d *deparser) list(list []parser.Expr) {
	for i, e := range list {
		if i > 0 {
			d.put(", ")
		}
		d.expr(e)
	}
}

func (d *deparser) call(name string, args ...parser.Expr) {
	d.put(name, "(")
	d.list(args)
	d.put(")")
}

// within writes an operand of parent, in parentheses where the pretty form needs them.
func (d *deparser) within(e, parent parser.Expr) {
	if len(d.b) > maxShown {
		return
	}
	if d.pretty && !d.simple(e, parent) {
		d.put("(")
		d.expr(e)
		d.put(")")
		return
	}
	d.expr(e)
}

// infix writes (left op right).
func (d *deparser) infix(left parser.Expr, op string, right, parent parser.Expr) {
	d.open()
	d.within(left, parent)
	d.put(" ", op, " ")
	d.within(right, parent)
	d.close()
}

func (d *deparser) chain(word string, args []parser.Expr, parent parser.Expr) {
	d.open()
	for i, e := range args {
		if i > 0 {
			d.put(" ", word, " ")
		}
		d.within(e, parent)
	}
	d.close()
}

// prefix and postfix write words before and after an operand.
func (d *deparser) prefix(words string, arg, parent parser.Expr) {
	d.open()
	d.put(words, " ")
	d.within(arg, parent)
	d.close()
}

func (d *deparser) postfix(arg parser.Expr, words string, parent parser.Expr) {
	d.open()
	d.within(arg, parent)
	d.put(" ", words)
	d.close()
}

func (d *deparser) expr(e parser.Expr) {
	not := func(yes bool) string {
		if yes {
			return "NOT "
		}
		return ""
	}
	switch e := e.(type) {
	case *parser.And:
		d.chain("AND", e.Args, e)
	case *parser.Or:
		d.chain("OR", e.Args, e)
	case *parser.Not:
		d.prefix("NOT", e.Arg, e)
	case *parser.UnaryOp:
		d.prefix(e.Op, e.Arg, e)
	case *parser.BinaryOp:
		if d.pretty && isRow(e.Left) { // has parentheses in any form
			d.put("(")
			defer d.put(")")
		}
		d.infix(e.Left, e.Op, pathOf(e), e)
	case *parser.IsNull:
		d.postfix(e.Arg, "IS "+not(e.Not)+"NULL", e)
	case *parser.IsBool:
		d.postfix(e.Arg, "IS "+not(e.Not)+[...]string{parser.IsTrue: "TRUE", parser.IsFalse: "FALSE", parser.IsUnknown: "UNKNOWN"}[e.Truth], e)
	case *parser.IsDistinct:
		d.infix(e.Left, "IS DISTINCT FROM", e.Right, e)
	case *parser.Like:
		d.like(e)
	case *parser.InList:
		d.inList(e)
	case *parser.Case:
		d.caseExpr(e)
	case *parser.Coalesce:
		d.call("COALESCE", e.Args...)
	case *parser.NullIf:
		d.call("NULLIF", e.Left, e.Right)
	case *parser.MinMax:
		d.call(map[bool]string{false: "GREATEST", true: "LEAST"}[e.Least], e.Args...)
	case *parser.Row:
		d.call("ROW", e.Fields...)
	case *parser.Cast:
		d.cast(e)
	case *parser.FuncCall:
		d.funcCall(e)
	case *parser.Collate:
		d.postfix(e.Arg, "COLLATE "+e.Collation.String(), e)
	case *parser.NullLit: // without a type: PostgreSQL says so
		d.put("NULL::unknown")
	case *parser.BoolLit:
		d.put(strconv.FormatBool(e.Value))
	default: // literals, CURRENT_DATE
		d.put(parser.Format(e))
	}
}

// like writes the operator that LIKE is.
func (d *deparser) like(e *parser.Like) {
	op, pattern := map[parser.LikeKind]string{parser.LikeMatch: "~~", parser.ILikeMatch: "~~*"}[e.Kind], e.Pattern
	if e.Not {
		op = "!" + op
	}
	if e.Escape != nil {
		pattern = &parser.FuncCall{Name: "like_escape", Args: []parser.Expr{e.Pattern, e.Escape}}
	}
	d.infix(e.Arg, op, pattern, &parser.BinaryOp{Op: op})
}

// inList writes the comparison with an array that IN is. Values of character varying are compared as text, all at once.
func (d *deparser) inList(e *parser.InList) {
	open, end, arg := "= ANY (", "", e.Arg
	if e.Not {
		open = "<> ALL ("
	}
	if c, ok := e.List[0].(*parser.Cast); ok && c.Type.Name == "varchar" {
		d.text = &parser.Cast{Arg: arg, Type: &parser.TypeName{Name: "text"}}
		arg = d.text
		if end = "::text[]"; !d.pretty {
			open, end = open+"(", ")::text[]"
		}
	}
	d.open()
	d.within(arg, e)
	d.put(" ", open, "ARRAY[")
	d.list(e.List)
	d.put("]", end, ")")
	d.close()
}

// The width of an indented line in CASE, and the depth from which PostgreSQL indents less.
const (
	caseIndent  = 4
	deepIndent  = 40
	finerIndent = 4
)

// line begins a line with a word.
func (d *deparser) line(word string) {
	d.b = bytes.TrimRight(d.b, " ")
	n := d.indent
	if n >= deepIndent {
		n = (deepIndent + (n-deepIndent)/finerIndent) % deepIndent
	}
	d.put("\n", strings.Repeat(" ", n), word)
}

func (d *deparser) caseExpr(e *parser.Case) {
	d.line("CASE")
	d.indent += caseIndent
	if e.Arg != nil {
		d.put(" ")
		d.expr(e.Arg)
	}
	for _, w := range e.Whens {
		d.line("WHEN ")
		d.expr(w.Cond)
		d.put(" THEN ")
		d.expr(w.Result)
	}
	d.line("ELSE ")
	d.expr(e.Else)
	d.indent -= caseIndent
	d.line("END")
}

// cast writes a cast. A literal of the type itself, or one that a length is about, stands before it as it is.
func (d *deparser) cast(e *parser.Cast) {
	switch arg := e.Arg.(type) {
	case *parser.NullLit:
		d.put("NULL")
	case *parser.StringLit:
		d.put(parser.Format(arg))
	case *parser.NumericLit:
		if e.Type.Name == "numeric" {
			d.put(arg.Text)
			break
		}
		d.castArg(e)
	default:
		d.castArg(e)
	}
	d.put("::", e.Type.String())
}

func (d *deparser) castArg(e *parser.Cast) {
	d.open()
	d.within(e.Arg, e)
	d.close()
}

package exec

import (
	"math"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// shownDefault gives a column's default as PostgreSQL's catalogue shows it (pg_get_expr): constants with their types, in the form in which these print
// them, and calls. What is more than that is shown as it is kept. It is nil when there is none.
func (s *statement) shownDefault(col schemahistory.Column) any {
	if col.Default == "" {
		return nil
	}
	e, err := parser.ParseExpr(col.Default)
	if err != nil {
		return col.Default
	}
	if text, ok := s.deparse(e, col.Type); ok {
		return text
	}
	return col.Default
}

// deparse gives the text of an expression; t is the type that a literal without one gets.
func (s *statement) deparse(e parser.Expr, t arrowschema.Type) (string, bool) {
	switch e := e.(type) {
	case *parser.NullLit:
		return "NULL::" + t.String(), true
	case *parser.BoolLit:
		return strconv.FormatBool(e.Value), true
	case *parser.StringLit:
		return s.deparseConstant(e, t)
	case *parser.IntLit:
		if e.Value > math.MaxInt32 || e.Value < math.MinInt32 {
			return s.deparseConstant(e, arrowschema.Int8)
		}
		return s.deparseConstant(e, arrowschema.Int4)
	case *parser.NumericLit:
		return s.deparseConstant(e, arrowschema.Numeric)
	case *parser.ValueFunc:
		return strings.ToUpper(parser.Format(e)), true
	case *parser.Cast:
		return s.deparseCast(e)
	case *parser.FuncCall:
		if len(e.Args) == 0 && !e.Star && !e.SQLSyntax {
			return parser.QuoteIdent(e.Name) + "()", true
		}
	}
	return "", false
}

// deparseCast gives the text of a cast: a literal without a type becomes a constant of the cast's, anything else is shown before it.
func (s *statement) deparseCast(e *parser.Cast) (string, bool) {
	t, known := arrowschema.ByName(e.Type.Name)
	if !known || e.Type.ArrayDims > 0 || e.Type.IntervalFields != "" {
		return "", false
	}
	mods := make([]int32, len(e.Type.Mods))
	for i, m := range e.Type.Mods {
		mods[i] = int32(m)
	}
	if lit, ok := e.Arg.(*parser.StringLit); ok {
		text, ok := s.deparseConstant(lit, t)
		if ok && len(mods) > 0 { // the length is a call about the constant
			text = strings.TrimSuffix(text, "::"+t.String()) + "::" + t.Format(mods)
		}
		return text, ok
	}
	arg, ok := s.deparse(e.Arg, arrowschema.Text)
	return "(" + arg + ")::" + t.Format(mods), ok
}

// deparseConstant gives the text of a constant of a type (get_const_expr). Some need neither quotes nor the name of their type to be read as what they are.
func (s *statement) deparseConstant(e parser.Expr, t arrowschema.Type) (string, bool) {
	c, err := s.bare().Constant(e, t)
	if err != nil || c.IsNull() {
		return "", false
	}
	text := string(vec.AppendText(nil, c.V, 0, s.session.zone))
	digit := text != "" && text[0] >= '0' && text[0] <= '9'
	switch {
	case t == arrowschema.Bool:
		return map[string]string{"t": "true", "f": "false"}[text], true
	case t == arrowschema.Int4 && digit, t == arrowschema.Numeric && digit && strings.ContainsAny(text, ".e"):
		return text, true
	}
	return exprs.String(exprs.NewConst(vec.NewConst(arrowschema.Text, text, 1))) + "::" + t.String(), true
}

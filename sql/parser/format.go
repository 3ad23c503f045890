package parser

import (
	"strconv"
	"strings"
)

// Format renders an expression as SQL, in the manner of PostgreSQL's pg_get_expr: every operator with its operands is in parentheses, so that the
// text needs no precedence. Parsing it gives the same tree (but for positions), unless the parentheses nest deeper than the parser goes.
func Format(e Expr) string {
	var f formatter
	f.expr(e)
	return f.b.String()
}

// FormatQuery renders a query in the same manner.
func FormatQuery(q *Query) string {
	var f formatter
	f.query(q)
	return f.b.String()
}

// formatter writes SQL.
type formatter struct{ b strings.Builder }

// put writes pieces of text.
func (f *formatter) put(pieces ...string) {
	for _, s := range pieces {
		f.b.WriteString(s)
	}
}

// list writes expressions with commas between them.
func (f *formatter) list(list []Expr) {
	for i, e := range list {
		if i > 0 {
			f.put(", ")
		}
		f.expr(e)
	}
}

// call writes name(args).
func (f *formatter) call(name string, args ...Expr) {
	f.put(name, "(")
	f.list(args)
	f.put(")")
}

// infix writes (left op right).
func (f *formatter) infix(left Expr, op string, right Expr) {
	f.put("(")
	f.expr(left)
	f.put(" ", op, " ")
	f.expr(right)
	f.put(")")
}

// chain writes (a AND b AND …).
func (f *formatter) chain(word string, args []Expr) {
	f.put("(")
	for i, e := range args {
		if i > 0 {
			f.put(" ", word, " ")
		}
		f.expr(e)
	}
	f.put(")")
}

// postfix writes (arg words).
func (f *formatter) postfix(arg Expr, words ...string) {
	f.put("(")
	f.expr(arg)
	f.put(words...)
	f.put(")")
}

// tight writes an operand of a cast, subscript or the like, to which a minus sign must not be open.
func (f *formatter) tight(e Expr) {
	switch n := e.(type) {
	case *IntLit:
		if n.Value < 0 {
			f.put("(", strconv.FormatInt(n.Value, 10), ")")
			return
		}
	case *NumericLit:
		if n.Text[0] == '-' {
			f.put("(", n.Text, ")")
			return
		}
	}
	f.expr(e)
}

// not gives "NOT " or nothing.
func not(yes bool) string {
	if yes {
		return "NOT "
	}
	return ""
}

// names gives dotted names with the quotes they need.
func dotted(parts ...string) string {
	quoted := make([]string, 0, len(parts))
	for _, p := range parts {
		if p != "" || len(parts) == 1 {
			quoted = append(quoted, QuoteIdent(p))
		}
	}
	return strings.Join(quoted, ".")
}

// String gives the name as SQL.
func (n ObjectName) String() string { return dotted(n.Schema, n.Name) }

// expr writes an expression.
func (f *formatter) expr(e Expr) {
	switch e := e.(type) {
	case *And:
		f.chain("AND", e.Args)
	case *Or:
		f.chain("OR", e.Args)
	case *Not:
		f.put("(NOT ")
		f.expr(e.Arg)
		f.put(")")
	case *UnaryOp:
		f.put("(", operatorText(e.Op, e.Schema), " ")
		f.expr(e.Arg)
		f.put(")")
	case *BinaryOp:
		f.infix(e.Left, operatorText(e.Op, e.Schema), e.Right)
	case *IsNull:
		f.postfix(e.Arg, " IS ", not(e.Not), "NULL")
	case *IsBool:
		f.postfix(e.Arg, " IS ", not(e.Not), [...]string{IsTrue: "TRUE", IsFalse: "FALSE", IsUnknown: "UNKNOWN"}[e.Truth])
	case *IsDistinct:
		f.infix(e.Left, "IS "+not(e.Not)+"DISTINCT FROM", e.Right)
	case *Like:
		f.like(e)
	case *Between:
		f.between(e)
	case *InList:
		f.put("(")
		f.expr(e.Arg)
		f.call(" "+not(e.Not)+"IN ", e.List...)
		f.put(")")
	case *InQuery:
		f.put("(")
		f.expr(e.Arg)
		f.put(" ", not(e.Not), "IN ")
		f.subquery(e.Query)
		f.put(")")
	case *Quantified:
		f.quantified(e)
	default:
		f.operand(e)
	}
}

// operatorText gives an operator as it is written between its operands.
func operatorText(op, schema string) string {
	if schema == "" {
		return op
	}
	return "OPERATOR(" + QuoteIdent(schema) + "." + op + ")"
}

func (f *formatter) like(e *Like) {
	word := [...]string{LikeMatch: "LIKE", ILikeMatch: "ILIKE", SimilarTo: "SIMILAR TO"}[e.Kind]
	f.put("(")
	f.expr(e.Arg)
	f.put(" ", not(e.Not), word, " ")
	f.expr(e.Pattern)
	if e.Escape != nil {
		f.put(" ESCAPE ")
		f.expr(e.Escape)
	}
	f.put(")")
}

func (f *formatter) between(e *Between) {
	f.put("(")
	f.expr(e.Arg)
	f.put(" ", not(e.Not), "BETWEEN ")
	if e.Symmetric {
		f.put("SYMMETRIC ")
	}
	f.expr(e.Low)
	f.put(" AND ")
	f.expr(e.High)
	f.put(")")
}

func (f *formatter) quantified(e *Quantified) {
	f.put("(")
	f.expr(e.Arg)
	f.put(" ", operatorText(e.Op, e.Schema), " ")
	if e.All {
		f.put("ALL ")
	} else {
		f.put("ANY ")
	}
	if e.Query != nil {
		f.subquery(e.Query)
	} else {
		f.put("(")
		f.expr(e.Array)
		f.put(")")
	}
	f.put(")")
}

// operand writes an expression that needs no parentheses.
func (f *formatter) operand(e Expr) {
	switch e := e.(type) {
	case *ColumnRef:
		f.put(dotted(e.Parts...))
	case *Star:
		if len(e.Table) > 0 {
			f.put(dotted(e.Table...), ".")
		}
		f.put("*")
	case *Param:
		f.put("$", strconv.Itoa(e.Number))
	case *NullLit:
		f.put("NULL")
	case *BoolLit:
		f.put(strings.ToUpper(strconv.FormatBool(e.Value)))
	case *IntLit:
		f.put(strconv.FormatInt(e.Value, 10))
	case *NumericLit:
		f.put(e.Text)
	case *StringLit:
		f.put(quote(e.Value))
	case *BitLit:
		f.put(map[bool]string{false: "b", true: "x"}[e.Hex], quote(e.Digits))
	case *Default:
		f.put("DEFAULT")
	case *Cast:
		f.cast(e)
	case *FuncCall:
		f.funcCall(e)
	case *NamedArg:
		f.put(QuoteIdent(e.Name), " => ")
		f.expr(e.Value)
	default:
		f.construct(e)
	}
}

// construct writes an expression that begins with a keyword, or has brackets.
func (f *formatter) construct(e Expr) {
	switch e := e.(type) {
	case *Case:
		f.caseExpr(e)
	case *Coalesce:
		f.call("COALESCE", e.Args...)
	case *NullIf:
		f.call("NULLIF", e.Left, e.Right)
	case *MinMax:
		f.call(map[bool]string{false: "GREATEST", true: "LEAST"}[e.Least], e.Args...)
	case *Grouping:
		f.call("GROUPING", e.Args...)
	case *Row:
		word := ""
		if e.Explicit {
			word = "ROW"
		}
		f.call(word, e.Fields...)
	case *ValueFunc:
		f.put(strings.ToUpper(e.Name))
		if e.Precision >= 0 {
			f.put("(", strconv.Itoa(e.Precision), ")")
		}
	case *Array:
		f.put("ARRAY[")
		f.list(e.Elems)
		f.put("]")
	case *ArrayQuery:
		f.put("ARRAY")
		f.subquery(e.Query)
	case *Subquery:
		f.subquery(e.Query)
	case *Exists:
		f.put("EXISTS ")
		f.subquery(e.Query)
	case *Collate:
		f.put("(")
		f.tight(e.Arg)
		f.put(" COLLATE ", e.Collation.String(), ")")
	case *Subscript:
		f.subscript(e)
	case *FieldSelect:
		f.put("(")
		f.expr(e.Arg)
		f.put(").")
		if e.Star {
			f.put("*")
		} else {
			f.put(QuoteIdent(e.Name))
		}
	}
}

func (f *formatter) caseExpr(e *Case) {
	f.put("CASE")
	if e.Arg != nil {
		f.put(" ")
		f.expr(e.Arg)
	}
	for _, w := range e.Whens {
		f.put(" WHEN ")
		f.expr(w.Cond)
		f.put(" THEN ")
		f.expr(w.Result)
	}
	if e.Else != nil {
		f.put(" ELSE ")
		f.expr(e.Else)
	}
	f.put(" END")
}

func (f *formatter) subscript(e *Subscript) {
	switch e.Arg.(type) {
	case *ColumnRef, *Subscript, *Param:
		f.expr(e.Arg)
	default:
		f.put("(")
		f.expr(e.Arg)
		f.put(")")
	}
	f.put("[")
	if e.Index != nil {
		f.expr(e.Index)
	}
	if e.Slice {
		if e.Lo != nil {
			f.expr(e.Lo)
		}
		f.put(" : ")
		if e.Hi != nil {
			f.expr(e.Hi)
		}
	}
	f.put("]")
}

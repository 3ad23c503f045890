package parser

import "strings"

// unnamed is the name of an output column for which PostgreSQL finds none.
const unnamed = "?column?"

// OutputName gives the default name of an output column, after PostgreSQL's FigureColname: the column's or function's own name, the type's name for
// the cast of anything that has no name of its own, case, coalesce, array and so on, otherwise ?column?. A scalar sub-query has the name of
// its first column; where that is hidden in a * only the binder can know it, and the answer is ?column?.
func OutputName(e Expr) string {
	name, _ := figureName(e)
	if name == "" {
		return unnamed
	}
	return name
}

// figureName gives a name and how good it is: 0 none, 1 a name that a cast or CASE around it may replace, 2 a good one.
func figureName(e Expr) (name string, strength int) {
	switch e := e.(type) {
	case *ColumnRef:
		return e.Parts[len(e.Parts)-1], 2
	case *FieldSelect:
		if e.Star {
			return figureName(e.Arg)
		}
		return e.Name, 2
	case *Subscript:
		return figureName(e.Arg)
	case *FuncCall:
		return e.Name, 2
	case *NullIf:
		return "nullif", 2
	case *Cast:
		if name, strength := figureName(e.Arg); strength > 1 {
			return name, strength
		}
		return e.Type.Name, 1
	case *Collate:
		return figureName(e.Arg)
	case *Case:
		if name, strength := figureName(e.Else); strength > 1 {
			return name, strength
		}
		return "case", 1
	case *Subquery:
		return firstColumnName(e.Query), 2
	}
	if name := constructName(e); name != "" {
		return name, 2
	}
	return "", 0
}

// constructName gives the name of a construct that is called after its keyword, or "".
func constructName(e Expr) string {
	switch e := e.(type) {
	case *Exists:
		return "exists"
	case *ArrayQuery, *Array:
		return "array"
	case *Grouping:
		return "grouping"
	case *Row:
		return "row"
	case *Coalesce:
		return "coalesce"
	case *MinMax:
		if e.Least {
			return "least"
		}
		return "greatest"
	case *ValueFunc:
		return e.Name
	}
	return ""
}

// firstColumnName gives the name of a query's first output column.
func firstColumnName(q *Query) string {
	for {
		switch b := q.Body.(type) {
		case *SetOperation:
			q = b.Left
		case *Values:
			return "column1"
		case *Select:
			switch {
			case len(b.Items) == 0:
				return unnamed
			case b.Items[0].Alias != "":
				return b.Items[0].Alias
			}
			return OutputName(b.Items[0].Expr)
		default:
			return unnamed
		}
	}
}

// Location gives the position at which PostgreSQL's errors about the whole of an expression point (exprLocation): that of its leftmost part.
func Location(e Expr) Pos {
	for {
		if start := noted(e); start > 0 {
			return start
		}
		left := leftmost(e)
		if left == nil {
			break
		}
		e = left
	}
	if e == nil {
		return 0
	}
	return Pos(e.Position())
}

// noted gives the location of a node of those kinds that make long chains, which have it noted; 0 of others.
func noted(e Expr) Pos {
	switch e := e.(type) {
	case *BinaryOp:
		return e.Start
	case *Cast:
		return e.Start
	case *Collate:
		return e.Start
	}
	return 0
}

// leftmost gives the operand that stands before the operator of e, or nil when e begins with its own token.
func leftmost(e Expr) Expr {
	switch e := e.(type) {
	case *BinaryOp:
		return e.Left
	case *And:
		return e.Args[0]
	case *Or:
		return e.Args[0]
	case *IsNull:
		return e.Arg
	case *IsBool:
		return e.Arg
	case *IsDistinct:
		return e.Left
	case *Like:
		return e.Arg
	case *Between:
		return e.Arg
	case *InList:
		return e.Arg
	case *InQuery:
		return e.Arg
	case *Quantified:
		return e.Arg
	case *Collate:
		return e.Arg
	case *Subscript:
		return e.Arg
	case *FieldSelect:
		return e.Arg
	case *Cast:
		if e.Form == CastOperator {
			return e.Arg
		}
	case *FuncCall:
		switch {
		case e.SQLSyntax && e.Name == "timezone":
			return e.Args[1]
		case e.SQLSyntax && e.Name == "overlaps":
			return e.Args[0]
		}
	}
	return nil
}

// QuoteIdent gives name as it must be written in SQL: with double quotes unless it is a plain word in lower case that is no keyword (PostgreSQL's
// quote_ident).
func QuoteIdent(name string) string {
	if plainName(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// plainName reports whether name needs no quotes.
func plainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && isDigit(c)) {
			return false
		}
	}
	cl, _ := keyword(name)
	return name != "" && (cl == notKeyword || cl == unreserved)
}

// QuoteLiteral gives s as a string literal: with quotes doubled, and as E'…' with backslashes doubled if it holds any (PostgreSQL's quote_literal).
func QuoteLiteral(s string) string {
	quoted := quote(s)
	if strings.IndexByte(s, '\\') >= 0 {
		return "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// quote gives s as a string literal for a reader with standard_conforming_strings on, as every parser here is.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

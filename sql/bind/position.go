package bind

import "github.com/stoadb/stoa/sql/parser"

// pos gives where an expression begins, which is where PostgreSQL's errors about an expression as a whole point (exprLocation). Errors about an operator
// point at the operator: that is the position of its node.
func pos(e parser.Expr) parser.Pos {
	at := parser.Pos(e.Position())
	switch e.(type) {
	case *parser.BinaryOp, *parser.Cast, *parser.Collate:
		if start := parser.Location(e); start > 0 {
			return min(at, start)
		}
	}
	if first := firstOperand(e); first != nil {
		if p := pos(first); p > 0 && p < at {
			return p
		}
	}
	return at
}

// firstOperand gives the operand that stands before the node's own position; nil when there is none.
func firstOperand(e parser.Expr) parser.Expr {
	switch e := e.(type) {
	case *parser.Cast:
		return e.Arg
	case *parser.BinaryOp:
		return e.Left
	case *parser.And:
		return e.Args[0]
	case *parser.Or:
		return e.Args[0]
	case *parser.IsNull:
		return e.Arg
	case *parser.IsBool:
		return e.Arg
	case *parser.IsDistinct:
		return e.Left
	case *parser.Like:
		return e.Arg
	case *parser.Between:
		return e.Arg
	case *parser.InList:
		return e.Arg
	case *parser.InQuery:
		return e.Arg
	case *parser.Collate:
		return e.Arg
	}
	return nil
}

func positions(es []parser.Expr) []parser.Pos {
	out := make([]parser.Pos, len(es))
	for i, e := range es {
		out[i] = pos(e)
	}
	return out
}

// outputPos gives the position of a query's output column i, as far as the text shows: of an expression of the first SELECT or VALUES in it.
func outputPos(q *parser.Query, i int) parser.Pos {
	switch body := q.Body.(type) {
	case *parser.Select:
		if i < len(body.Items) {
			return pos(body.Items[i].Expr)
		}
	case *parser.Values:
		if i < len(body.Rows[0]) {
			return pos(body.Rows[0][i])
		}
	case *parser.SetOperation:
		return outputPos(body.Left, i)
	}
	return q.Pos
}

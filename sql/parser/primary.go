package parser

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// primary parses an operand: PostgreSQL's c_expr.
func (p *parser) primary() Expr {
	t := p.cur()
	switch t.kind {
	case tokInt:
		p.advance()
		return &IntLit{Pos: t.pos, Value: t.num}
	case tokNumber:
		p.advance()
		return &NumericLit{Pos: t.pos, Text: t.text}
	case tokString:
		p.advance()
		return &StringLit{Pos: t.pos, Value: t.text}
	case tokBits, tokHex:
		p.advance()
		return &BitLit{Pos: t.pos, Digits: t.text, Hex: t.kind == tokHex}
	case tokParam:
		p.advance()
		return p.indirection(&Param{Pos: t.pos, Number: int(t.num)})
	case tokSelf:
		if t.text == "(" {
			return p.parenthesised()
		}
	case tokIdent:
		return p.nameExpr()
	case tokKeyword:
		return p.keywordExpr(t)
	}
	p.unexpected()
	return nil
}

// parenthesised parses an operand in parentheses: an expression, a row or a scalar sub-query.
func (p *parser) parenthesised() Expr {
	pos := p.pos()
	query, list := p.parens(false)
	return p.indirection(p.parensExpr(pos, query, list))
}

// parensExpr makes an operand of what parens gave.
func (p *parser) parensExpr(pos Pos, query *Query, list []Expr) Expr {
	switch {
	case query != nil:
		return &Subquery{Pos: pos, Query: query}
	case len(list) == 1:
		return list[0]
	}
	return &Row{Pos: pos, Fields: list}
}

// parens parses a query or a list of expressions in parentheses. Which of the two it is shows late in ((SELECT 1) UNION SELECT 2) and
// ((SELECT 1) + 1): what is in the inner ones is parsed first, and what follows decides. With single, only one expression may stand there.
func (p *parser) parens(single bool) (*Query, []Expr) {
	p.enter()
	defer p.leave()
	p.expectSelf("(")
	if p.atQuery() {
		q := p.query()
		p.expectSelf(")")
		return q, nil
	}
	var first Expr
	if pos := p.pos(); p.isSelf("(") {
		query, list := p.parens(false)
		if query != nil && (p.isSelf(")") || p.atQueryRest()) {
			query = p.queryRest(query)
			p.expectSelf(")")
			return query, nil
		}
		first = p.continued(p.parensExpr(pos, query, list))
		p.grow()
	} else {
		first = p.expression()
	}
	list := []Expr{first}
	for !single && p.acceptSelf(",") {
		list = append(list, p.expression())
	}
	p.expectSelf(")")
	return nil, list
}

// subquery parses a query in parentheses, of which there may be several pairs.
func (p *parser) subquery() *Query {
	p.enter()
	defer p.leave()
	p.expectSelf("(")
	var q *Query
	switch {
	case p.isSelf("("):
		q = p.queryRest(p.subquery())
	case p.atQuery():
		q = p.query()
	default:
		p.unexpected()
	}
	p.expectSelf(")")
	return q
}

// indirection parses .field, .*, [i] and [lo:hi] after an operand.
func (p *parser) indirection(e Expr) Expr {
	for {
		switch {
		case p.isSelf("."):
			pos := p.advance().pos
			if p.cur().isOp("*") {
				p.advance()
				p.grow()
				e = &FieldSelect{Pos: pos, Arg: e, Star: true}
				p.refuseAfterStar()
				return e
			}
			e = &FieldSelect{Pos: pos, Arg: e, Name: p.label().Name}
		case p.isSelf("["):
			e = p.subscript(e)
		default:
			return e
		}
		p.grow()
	}
}

// refuseAfterStar reports a name or subscript after .*, where PostgreSQL notices it: after the last of them.
func (p *parser) refuseAfterStar() {
	if !p.isSelf(".") && !p.isSelf("[") {
		return
	}
	p.indirection(&NullLit{})
	t := p.cur()
	panic(bailout{near(p.src, t.start, t.end, t.pos, `improper use of "*"`)})
}

// subscript parses [i], [lo:hi], [lo:], [:hi], [:].
func (p *parser) subscript(e Expr) Expr {
	s := &Subscript{Pos: p.advance().pos, Arg: e}
	if !p.isSelf(":") {
		s.Index = p.expression()
	}
	if p.acceptSelf(":") {
		s.Slice = true
		s.Lo, s.Index = s.Index, nil
		if !p.isSelf("]") {
			s.Hi = p.expression()
		}
	}
	p.expectSelf("]")
	return s
}

// nameExpr parses what begins with a name: a column, a function call, or a literal of a named type.
func (p *parser) nameExpr() Expr {
	first := p.cur()
	parts := append(make([]string, 0, 3), first.text)
	canColumn, canFunction := first.colID(), first.funcName()
	p.advance()
	for p.isSelf(".") {
		if !canColumn {
			p.unexpected()
		}
		p.advance()
		if p.cur().isOp("*") {
			p.advance()
			p.refuseAfterStar()
			return &Star{Pos: first.pos, Table: parts}
		}
		parts = append(parts, p.label().Name)
		canFunction = true
	}
	switch t := p.cur(); {
	case canFunction && t.isSelf("("):
		return p.callOrLiteral(first.pos, parts)
	case canFunction && t.kind == tokString:
		name := p.functionName(first.pos, parts)
		p.advance()
		typ := &TypeName{Pos: first.pos, Schema: name.Schema, Name: name.Name}
		return &Cast{Pos: first.pos, Arg: &StringLit{Pos: t.pos, Value: t.text}, Type: typ, Form: CastLiteral}
	}
	if !canColumn {
		p.unexpected()
	}
	return p.indirection(&ColumnRef{Pos: first.pos, Parts: parts})
}

// callOrLiteral parses a function call, or a literal of a type with modifiers, which begins in the same way: timestamptz(3) '…'.
func (p *parser) callOrLiteral(pos Pos, parts []string) Expr {
	open := p.pos()
	e := p.call(pos, parts)
	t := p.cur()
	f, ok := e.(*FuncCall)
	if t.kind != tokString || !ok || f.Star || f.Distinct || f.Variadic || f.OrderBy != nil || len(f.Args) == 0 || !p.toks[p.i-1].isSelf(")") {
		return e
	}
	typ := &TypeName{Pos: pos, Schema: f.Schema, Name: f.Name, Mods: p.constants(open, f.Args)}
	p.advance()
	return &Cast{Pos: pos, Arg: &StringLit{Pos: t.pos, Value: t.text}, Type: typ, Form: CastLiteral}
}

// functionName makes a schema and a name of the parts of a dotted name.
func (p *parser) functionName(pos Pos, parts []string) ObjectName {
	n := len(parts)
	switch n {
	case 1:
		return ObjectName{Pos: pos, Name: parts[0]}
	case 2:
		return ObjectName{Pos: pos, Schema: parts[0], Name: parts[1]}
	case 3:
		p.fail(sqlstate.FeatureNotSupported, pos, "cross-database references are not implemented: %s", strings.Join(parts, "."))
	}
	p.fail(sqlstate.SyntaxError, pos, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	return ObjectName{}
}

// keywordExpr parses what begins with a keyword.
func (p *parser) keywordExpr(t *token) Expr {
	switch t.class {
	case reserved:
		return p.reservedExpr(t)
	case columnName:
		if e := p.specialExpr(t); e != nil {
			return e
		}
	case unreserved:
		if t.text == "double" && p.peek(1).is("precision") {
			return p.typedLiteral()
		}
	case typeFuncName:
		if t.text == "current_schema" && !p.peek(1).isSelf("(") {
			return p.valueFunc(t)
		}
		if t.text == "collation" && p.peek(1).is("for") {
			return p.collationFor()
		}
	}
	return p.nameExpr()
}

// reservedExpr parses what begins with a reserved word.
func (p *parser) reservedExpr(t *token) Expr {
	switch t.text {
	case "null":
		p.advance()
		return &NullLit{t.pos}
	case "true", "false":
		p.advance()
		return &BoolLit{Pos: t.pos, Value: t.text == "true"}
	case "default":
		p.advance()
		return &Default{t.pos}
	case "case":
		return p.caseExpr()
	case "cast":
		p.advance()
		p.expectSelf("(")
		c := &Cast{Pos: t.pos, Arg: p.expression(), Form: CastFunction}
		p.expect("as")
		c.Type = p.typeName()
		p.expectSelf(")")
		return c
	case "array":
		return p.array()
	case "unique":
		if p.peek(1).isSelf("(") {
			p.fail(sqlstate.FeatureNotSupported, t.pos, "UNIQUE predicate is not yet implemented")
		}
	case "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role", "current_user", "session_user", "user",
		"current_catalog":
		return p.valueFunc(t)
	}
	p.unexpected()
	return nil
}

// valueFunc parses CURRENT_TIMESTAMP and its like, of which those of time can have a precision.
func (p *parser) valueFunc(t *token) Expr {
	p.advance()
	f := &ValueFunc{Pos: t.pos, Name: t.text, Precision: -1}
	switch t.text {
	case "current_time", "current_timestamp", "localtime", "localtimestamp":
		if p.acceptSelf("(") {
			f.Precision = p.intConst()
			p.expectSelf(")")
		}
	}
	return f
}

// caseExpr parses CASE in either form.
func (p *parser) caseExpr() Expr {
	c := &Case{Pos: p.advance().pos}
	if !p.is("when") {
		c.Arg = p.expression()
	}
	for p.is("when") {
		w := When{Pos: p.advance().pos, Cond: p.expression()}
		p.expect("then")
		w.Result = p.expression()
		c.Whens = append(c.Whens, w)
	}
	if len(c.Whens) == 0 {
		p.unexpected()
	}
	if p.accept("else") {
		c.Else = p.expression()
	}
	p.expect("end")
	return c
}

// array parses ARRAY[…] and ARRAY(SELECT …).
func (p *parser) array() Expr {
	pos := p.advance().pos
	if p.isSelf("(") {
		return &ArrayQuery{Pos: pos, Query: p.subquery()}
	}
	if !p.isSelf("[") {
		p.unexpected()
	}
	return p.arrayBody(pos)
}

// arrayBody parses […], whose elements are all expressions or all in brackets of their own.
func (p *parser) arrayBody(pos Pos) Expr {
	p.enter()
	defer p.leave()
	p.expectSelf("[")
	a := &Array{Pos: pos}
	if p.acceptSelf("]") {
		return a
	}
	nested := p.isSelf("[")
	for {
		if nested {
			if !p.isSelf("[") {
				p.unexpected()
			}
			a.Elems = append(a.Elems, p.arrayBody(p.pos()))
			p.grow()
		} else {
			a.Elems = append(a.Elems, p.expression())
		}
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf("]")
	return a
}

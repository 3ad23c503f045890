package parser

import "math"

// The precedences of PostgreSQL 15's operators, loosest first.
const (
	precLowest = iota
	precOr
	precAnd
	precNot
	precIs      // IS, ISNULL, NOTNULL; not associative
	precCompare // < > = <= >= <>; not associative
	precMatch   // BETWEEN, IN, LIKE, ILIKE, SIMILAR; not associative
	precOp      // every other operator
	precAdd
	precMul
	precPower
	precAt // AT TIME ZONE
	precCollate
	precUnary // sign
	precCast  // ::
)

// expression parses an expression of any form.
func (p *parser) expression() Expr { return p.expr(precLowest, false) }

// restricted parses what PostgreSQL's grammar calls b_expr: an expression without AND, OR, NOT, IN, LIKE, BETWEEN, IS NULL, AT and COLLATE, for places
// where these words would be ambiguous.
func (p *parser) restricted() Expr { return p.expr(precLowest, true) }

// expressions parses a list of one or more.
func (p *parser) expressions() []Expr {
	var list []Expr
	for {
		list = append(list, p.expression())
		if !p.acceptSelf(",") {
			return list
		}
	}
}

// expr parses an expression of operators that bind tighter than or as tight as min.
func (p *parser) expr(min int, restricted bool) Expr {
	p.enter()
	outer := p.height
	p.height = 0
	e := p.infix(p.prefix(restricted), min, restricted)
	p.grow()
	p.height = max(p.height, outer)
	p.leave()
	return e
}

// continued parses what follows an operand that was parsed already.
func (p *parser) continued(e Expr) Expr {
	return p.infix(p.perhapsOverlaps(p.indirection(e)), precLowest, false)
}

// prefix parses an operand with the prefix operators before it. The operand of NOT, though it binds loosely, may stand anywhere: a = NOT b.
func (p *parser) prefix(restricted bool) Expr {
	t := p.cur()
	switch {
	case t.kind == tokOp && (t.text == "-" || t.text == "+"):
		p.advance()
		arg := p.expr(precUnary, restricted)
		if t.text == "-" {
			if n := negate(arg, t.pos); n != nil {
				return n
			}
		}
		return &UnaryOp{Pos: t.pos, Op: t.text, Arg: arg}
	case t.kind == tokOp && customOperator(t.text):
		p.advance()
		return &UnaryOp{Pos: t.pos, Op: t.text, Arg: p.expr(precOp+1, restricted)}
	case t.is("operator") && p.peek(1).isSelf("("):
		op, schema := p.operatorName()
		return &UnaryOp{Pos: t.pos, Op: op, Schema: schema, Arg: p.expr(precOp+1, restricted)}
	case t.is("not") && !restricted:
		p.advance()
		return &Not{Pos: t.pos, Arg: p.expr(precNot, false)}
	}
	e := p.primary()
	if restricted {
		return e
	}
	return p.perhapsOverlaps(e)
}

// negate folds a minus sign into a number, or gives nil. So -9223372036854775808 is an int8, as in PostgreSQL.
func negate(e Expr, pos Pos) Expr {
	switch n := e.(type) {
	case *IntLit:
		if n.Value == math.MinInt64 {
			return &NumericLit{Pos: pos, Text: "9223372036854775808"}
		}
		return &IntLit{Pos: pos, Value: -n.Value}
	case *NumericLit:
		if n.Text[0] == '-' {
			return &NumericLit{Pos: pos, Text: n.Text[1:]}
		}
		if n.Text == "9223372036854775808" {
			return &IntLit{Pos: pos, Value: math.MinInt64}
		}
		return &NumericLit{Pos: pos, Text: "-" + n.Text}
	}
	return nil
}

// customOperator reports whether op is one without a precedence of its own in the grammar.
func customOperator(op string) bool {
	switch op {
	case "+", "-", "*", "/", "%", "^", "<", ">", "=", "<=", ">=", "<>":
		return false
	}
	return true
}

// infix parses the operators after left, and their right operands, as far as they bind tighter than or as tight as min.
func (p *parser) infix(left Expr, min int, restricted bool) Expr {
	for {
		prec := p.precedence(restricted)
		if prec == precLowest || prec < min {
			return left
		}
		var chained bool // the construct ends in an operand, so that another operator of a level without associativity is an error
		left, chained = p.apply(left, prec, restricted)
		p.grow()
		if chained && (prec == precIs || prec == precCompare || prec == precMatch) && p.precedence(restricted) == prec {
			p.unexpected()
		}
	}
}

// precedence gives that of the current token as an infix or postfix operator, or precLowest if it is none.
func (p *parser) precedence(restricted bool) int {
	t := p.cur()
	switch t.kind {
	case tokSelf:
		if t.text == "::" {
			return precCast
		}
	case tokOp:
		return operatorPrecedence(t.text)
	case tokKeyword:
		if prec := p.wordPrecedence(t, restricted); prec != precLowest && !p.isLabel() {
			return prec
		}
	}
	return precLowest
}

func operatorPrecedence(op string) int {
	switch op {
	case "<", ">", "=", "<=", ">=", "<>":
		return precCompare
	case "+", "-":
		return precAdd
	case "*", "/", "%":
		return precMul
	case "^":
		return precPower
	}
	return precOp
}

func (p *parser) wordPrecedence(t *token, restricted bool) int {
	if restricted {
		switch {
		case t.text == "operator" && p.peek(1).isSelf("("):
			return precOp
		case t.text == "is":
			return precIs
		}
		return precLowest
	}
	switch t.text {
	case "or":
		return precOr
	case "and":
		return precAnd
	case "is", "isnull", "notnull":
		return precIs
	case "between", "in", "like", "ilike":
		return precMatch
	case "similar":
		if p.peek(1).is("to") || p.similar != p.depth {
			return precMatch
		}
	case "not":
		switch next := p.peek(1); {
		case next.is("between"), next.is("in"), next.is("like"), next.is("ilike"), next.is("similar"):
			return precMatch
		}
	case "operator":
		if p.peek(1).isSelf("(") {
			return precOp
		}
	case "at":
		if p.peek(1).is("time") {
			return precAt
		}
	case "collate":
		return precCollate
	}
	return precLowest
}

// isLabel reports whether the current word, which could be an operator, must be the label of an output column since nothing that could be its
// operand follows: SELECT a and, b.
func (p *parser) isLabel() bool {
	t := p.cur()
	if p.labels == 0 || p.depth != p.labels || !t.bareLabel() {
		return false
	}
	switch next := p.peek(1); next.kind {
	case tokEnd:
		return true
	case tokSelf:
		return next.text == "," || next.text == ")" || next.text == ";"
	case tokKeyword:
		switch next.text {
		case "from", "where", "group", "having", "order", "limit", "offset", "fetch", "for", "union", "intersect", "except", "window", "into":
			return true
		}
	}
	return false
}

// apply parses the operator at the current token, of the given precedence, and its right side. It reports whether that is an operand of the same
// level.
func (p *parser) apply(left Expr, prec int, restricted bool) (e Expr, chained bool) {
	t := p.cur()
	switch {
	case prec == precCast:
		p.advance()
		return &Cast{Pos: t.pos, Arg: left, Type: p.typeName(), Form: CastOperator, Start: Location(left)}, false
	case t.kind == tokOp || t.text == "operator":
		return p.applyOperator(left, prec, restricted)
	}
	switch t.text {
	case "or":
		p.advance()
		right := p.expr(precOr+1, false)
		if or, ok := left.(*Or); ok {
			or.Args = append(or.Args, right)
			p.height-- // flattened: the tree has not grown
			return or, false
		}
		return &Or{Pos: t.pos, Args: []Expr{left, right}}, false
	case "and":
		p.advance()
		right := p.expr(precAnd+1, false)
		if and, ok := left.(*And); ok {
			and.Args = append(and.Args, right)
			p.height--
			return and, false
		}
		return &And{Pos: t.pos, Args: []Expr{left, right}}, false
	case "is":
		return p.applyIs(left, restricted)
	case "isnull", "notnull":
		p.advance()
		return &IsNull{Pos: t.pos, Arg: left, Not: t.text == "notnull"}, false
	case "at":
		p.advance()
		p.expect("time", "zone")
		zone := p.expr(precAt+1, false)
		return &FuncCall{Pos: t.pos, Name: "timezone", Args: []Expr{zone, left}, SQLSyntax: true}, false
	case "collate":
		p.advance()
		return &Collate{Pos: t.pos, Arg: left, Collation: p.anyName(), Start: Location(left)}, false
	}
	return p.applyMatch(left)
}

// anyName parses a possibly qualified name, as of a collation.
func (p *parser) anyName() ObjectName { return p.objectName() }

// applyOperator parses an operator and its right operand, or ANY, SOME, ALL and theirs.
func (p *parser) applyOperator(left Expr, prec int, restricted bool) (e Expr, chained bool) {
	pos := p.pos()
	op, schema := p.operatorName()
	if !restricted && p.isAny("any", "some", "all") {
		return p.quantified(left, op, schema, pos), false
	}
	right := p.expr(prec+1, restricted)
	return &BinaryOp{Pos: pos, Op: op, Schema: schema, Left: left, Right: right, Start: Location(left)}, true
}

// operatorName parses an operator or OPERATOR(schema.op).
func (p *parser) operatorName() (op, schema string) {
	if !p.is("operator") {
		return p.advance().text, ""
	}
	p.advance()
	p.expectSelf("(")
	for p.cur().colID() {
		schema = p.colID().Name
		p.expectSelf(".")
	}
	if p.cur().kind != tokOp {
		p.unexpected()
	}
	op = p.advance().text
	p.expectSelf(")")
	return op, schema
}

// quantified parses ANY|SOME|ALL (array or query) after an operator.
func (p *parser) quantified(left Expr, op, schema string, pos Pos) Expr {
	q := &Quantified{Pos: pos, Arg: left, Op: op, Schema: schema, All: p.advance().text == "all"}
	query, list := p.parens(true)
	if query != nil {
		q.Query = query
		return q
	}
	q.Array = list[0]
	return q
}

// applyIs parses IS [NOT] NULL and its like.
func (p *parser) applyIs(left Expr, restricted bool) (e Expr, chained bool) {
	pos := p.advance().pos
	not := p.accept("not")
	switch {
	case p.accept("distinct"):
		p.expect("from")
		return &IsDistinct{Pos: pos, Left: left, Right: p.expr(precIs+1, restricted), Not: not}, true
	case p.is("document"):
		p.unsupported(pos, "IS DOCUMENT")
	case restricted:
		p.unexpected()
	case p.accept("null"):
		return &IsNull{Pos: pos, Arg: left, Not: not}, false
	case p.accept("true"):
		return &IsBool{Pos: pos, Arg: left, Truth: IsTrue, Not: not}, false
	case p.accept("false"):
		return &IsBool{Pos: pos, Arg: left, Truth: IsFalse, Not: not}, false
	case p.accept("unknown"):
		return &IsBool{Pos: pos, Arg: left, Truth: IsUnknown, Not: not}, false
	case p.is("normalized"), p.isAny("nfc", "nfd", "nfkc", "nfkd") && p.peek(1).is("normalized"):
		p.unsupported(pos, "IS NORMALIZED")
	}
	p.unexpected()
	return nil, false
}

// applyMatch parses [NOT] BETWEEN, IN, LIKE, ILIKE and SIMILAR TO. Pos is that of the word, or of the NOT before it.
func (p *parser) applyMatch(left Expr) (e Expr, chained bool) {
	pos := p.pos()
	not := p.accept("not")
	switch p.advance().text {
	case "between":
		b := &Between{Pos: pos, Not: not, Arg: left}
		b.Symmetric = p.acceptOne("symmetric", "asymmetric") == "symmetric"
		b.Low = p.restricted()
		p.expect("and")
		b.High = p.expr(precMatch+1, false)
		return b, true
	case "in":
		if !p.isSelf("(") {
			p.unexpected()
		}
		query, list := p.parens(false)
		if query != nil {
			return &InQuery{Pos: pos, Not: not, Arg: left, Query: query}, false
		}
		return &InList{Pos: pos, Not: not, Arg: left, List: list}, false
	case "like":
		return p.like(left, LikeMatch, not, pos)
	case "ilike":
		return p.like(left, ILikeMatch, not, pos)
	}
	p.expect("to")
	return p.like(left, SimilarTo, not, pos)
}

// like parses the pattern of LIKE and its like, or a quantifier.
func (p *parser) like(left Expr, kind LikeKind, not bool, pos Pos) (e Expr, chained bool) {
	if kind != SimilarTo && p.isAny("any", "some", "all") {
		op := [...]string{LikeMatch: "~~", ILikeMatch: "~~*"}[kind]
		if not {
			op = "!" + op
		}
		return p.quantified(left, op, "", pos), false
	}
	l := &Like{Pos: pos, Kind: kind, Not: not, Arg: left, Pattern: p.expr(precMatch+1, false)}
	if p.accept("escape") {
		l.Escape = p.expr(precMatch+1, false)
	}
	return l, true
}

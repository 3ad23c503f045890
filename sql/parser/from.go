package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// fromList parses the comma-separated items of FROM or USING.
func (p *parser) fromList() []TableExpr {
	var list []TableExpr
	for {
		list = append(list, p.tableRef())
		if !p.acceptSelf(",") {
			return list
		}
	}
}

// tableRef parses a table, sub-query or function with the joins after it.
func (p *parser) tableRef() TableExpr {
	p.enter()
	defer p.leave()
	return p.joins(p.tablePrimary())
}

// joins parses the joins after a FROM item. A qualified join's right side takes the joins that follow it until its ON or USING comes, so that
// a JOIN b JOIN c ON … ON … nests to the right, as in PostgreSQL.
func (p *parser) joins(left TableExpr) TableExpr {
	for {
		j := &Join{Pos: p.pos(), Left: left}
		j.Natural = p.accept("natural")
		switch {
		case !j.Natural && p.is("cross"):
			p.advance()
			p.expect("join")
			j.Kind = CrossJoin
			j.Right = p.tablePrimary()
		case p.joinKind(j):
			if j.Natural {
				j.Right = p.tablePrimary()
				break
			}
			j.Right = p.tableRef()
			p.joinCondition(j)
		case j.Natural:
			p.unexpected()
		default:
			return left
		}
		p.grow()
		left = j
	}
}

// joinKind parses [INNER|LEFT|RIGHT|FULL [OUTER]] JOIN.
func (p *parser) joinKind(j *Join) bool {
	switch {
	case p.accept("join"):
		return true
	case p.accept("inner"):
		p.expect("join")
		return true
	case p.is("left"):
		j.Kind = LeftJoin
	case p.is("right"):
		j.Kind = RightJoin
	case p.is("full"):
		j.Kind = FullJoin
	default:
		return false
	}
	p.advance()
	p.accept("outer")
	p.expect("join")
	return true
}

// joinCondition parses ON or USING.
func (p *parser) joinCondition(j *Join) {
	switch {
	case p.accept("on"):
		j.On = p.expression()
	case p.accept("using"):
		j.Using = p.names()
		if p.accept("as") {
			name := p.colID()
			j.UsingAlias = &Alias{Pos: name.Pos, Name: name.Name}
		}
	default:
		p.unexpected()
	}
}

// tablePrimary parses a FROM item without joins, or joins in parentheses.
func (p *parser) tablePrimary() TableExpr {
	pos := p.pos()
	lateral := p.accept("lateral")
	switch {
	case p.isSelf("("):
		if lateral {
			paren := p.pos()
			return p.derived(pos, paren, p.subquery(), true)
		}
		query, joined := p.tableParens()
		if query != nil {
			return p.derived(pos, pos, query, false)
		}
		if alias := p.alias(); alias != nil {
			joined.Alias = alias
		}
		return joined
	case p.are("rows", "from") && p.peek(2).isSelf("("):
		p.unsupported(pos, "ROWS FROM")
	case p.is("only") && !lateral:
		return p.tableWithAlias()
	}
	if p.atFunction() {
		return p.tableFunction(pos, lateral)
	}
	if lateral {
		p.objectName()
		p.unexpected()
	}
	return p.tableWithAlias()
}

// tableParens parses what a parenthesis in FROM holds: a query or a join. As with parens, what is inside the inner parentheses decides.
func (p *parser) tableParens() (*Query, *Join) {
	p.enter()
	defer p.leave()
	p.expectSelf("(")
	if p.atQuery() {
		q := p.query()
		p.expectSelf(")")
		return q, nil
	}
	pos := p.pos()
	var left TableExpr
	complete := false // left alone, without a join after it, may stand in parentheses
	if p.isSelf("(") {
		query, joined := p.tableParens()
		if query != nil && (p.isSelf(")") || p.atQueryRest()) {
			query = p.queryRest(query)
			p.expectSelf(")")
			return query, nil
		}
		if query != nil {
			left = p.derived(pos, pos, query, false)
		} else {
			complete = true
			if alias := p.alias(); alias != nil {
				joined.Alias = alias
				complete = false
			}
			left = joined
		}
	} else {
		left = p.tablePrimary()
	}
	j, ok := p.joins(left).(*Join)
	if !ok || j == left && !complete {
		p.unexpected()
	}
	p.expectSelf(")")
	return nil, j
}

// derived makes a derived table of a query in FROM, whose parenthesis is at paren, and parses its alias.
func (p *parser) derived(pos, paren Pos, q *Query, lateral bool) TableExpr {
	d := &DerivedTable{Pos: pos, Lateral: lateral, Query: q, Alias: p.alias()}
	if d.Alias == nil {
		what, example := "subquery in FROM", "SELECT"
		if _, ok := q.Body.(*Values); ok {
			what, example = "VALUES in FROM", "VALUES"
		}
		panic(bailout{sqlstate.New(sqlstate.SyntaxError, "%s must have an alias", what).
			WithHint("For example, FROM (%s ...) [AS] foo.", example).At(int(paren))})
	}
	return d
}

// alias parses an optional [AS] name [(columns)].
func (p *parser) alias() *Alias {
	if !p.accept("as") && !p.cur().colID() {
		return nil
	}
	name := p.colID()
	return &Alias{Pos: name.Pos, Name: name.Name, Columns: p.optionalNames()}
}

// relation parses [ONLY] name [*].
func (p *parser) relation() *Table {
	t := &Table{}
	if p.accept("only") {
		t.Only = true
		if p.acceptSelf("(") {
			t.ObjectName = p.objectName()
			p.expectSelf(")")
			return t
		}
	}
	t.ObjectName = p.objectName()
	if !t.Only && p.cur().isOp("*") {
		p.advance()
	}
	return t
}

// tableWithAlias parses a table of FROM.
func (p *parser) tableWithAlias() TableExpr {
	if t := p.cur(); t.kind == tokKeyword && t.class == typeFuncName {
		p.advance() // it could have been a function's name: only what follows is wrong
		p.unexpected()
	}
	t := p.relation()
	t.Alias = p.alias()
	if p.is("tablesample") {
		p.unsupported(p.pos(), "TABLESAMPLE")
	}
	return t
}

// atFunction reports whether a function call begins here: a name, perhaps qualified, and a parenthesis, or one of the words that are functions.
func (p *parser) atFunction() bool {
	t := p.cur()
	if t.kind == tokKeyword && t.class == reserved {
		switch t.text {
		case "cast", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role", "current_user",
			"session_user", "user", "current_catalog":
			return true
		}
		return false
	}
	if t.is("current_schema") || t.is("collation") && p.peek(1).is("for") {
		return true
	}
	if !t.label() {
		return false
	}
	n := 1
	for p.peek(n).isSelf(".") && p.peek(n+1).label() {
		n += 2
	}
	return p.peek(n).isSelf("(")
}

// tableFunction parses a function in FROM with its alias or column definitions.
func (p *parser) tableFunction(pos Pos, lateral bool) TableExpr {
	f := &FunctionTable{Pos: pos, Lateral: lateral}
	f.Func = p.windowless()
	if p.are("with", "ordinality") {
		p.accept("with", "ordinality")
		f.Ordinality = true
	}
	as := p.accept("as")
	if as && p.isSelf("(") {
		f.ColumnDefs = p.columnDefinitions()
		f.Alias = &Alias{Pos: f.Pos}
		return f
	}
	if !as && !p.cur().colID() {
		return f
	}
	name := p.colID()
	f.Alias = &Alias{Pos: name.Pos, Name: name.Name}
	if p.isSelf("(") {
		if next := p.peek(2); next.isSelf(",") || next.isSelf(")") {
			f.Alias.Columns = p.names()
		} else {
			f.ColumnDefs = p.columnDefinitions()
		}
	}
	return f
}

// windowless parses a function call without FILTER and OVER.
func (p *parser) windowless() Expr {
	p.enter()
	defer p.leave()
	t := p.cur()
	if p.isAny("exists", "row", "grouping") && p.peek(1).isSelf("(") {
		p.unexpectedAt(p.peek(1))
	}
	if t.kind == tokKeyword && (t.class == reserved || t.class == columnName || t.text == "current_schema" || t.is("collation") && p.peek(1).is("for")) {
		switch e := p.keywordExpr(t).(type) {
		case *Coalesce, *NullIf, *MinMax, *ValueFunc:
			return e
		case *FuncCall:
			return e
		case *Cast:
			if e.Form == CastFunction {
				return e
			}
		}
		p.unexpectedAt(t)
	}
	if !t.funcName() && !p.peek(1).isSelf(".") {
		p.unexpected()
	}
	parts := []string{p.advance().text}
	for p.acceptSelf(".") {
		parts = append(parts, p.label().Name)
	}
	name := p.functionName(t.pos, parts)
	f := &FuncCall{Pos: t.pos, Schema: name.Schema, Name: name.Name}
	p.arguments(f)
	return f
}

// columnDefinitions parses (name type, …) of a function that returns records.
func (p *parser) columnDefinitions() []ColumnDef {
	p.expectSelf("(")
	var list []ColumnDef
	for {
		name := p.colID()
		def := ColumnDef{Pos: name.Pos, Name: name.Name, Type: p.typeName()}
		if p.accept("collate") {
			c := p.anyName()
			def.Collation = &c
		}
		list = append(list, def)
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

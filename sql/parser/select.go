package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// atQuery reports whether a query without parentheses begins at the current token. VALUES is a column's name unless a parenthesis follows.
func (p *parser) atQuery() bool {
	return p.isAny("select", "with", "table") || p.is("values") && p.peek(1).isSelf("(")
}

// atQueryWord reports whether a query begins here in a place where no expression could stand.
func (p *parser) atQueryWord() bool { return p.isAny("select", "values", "with", "table") }

// atQueryRest reports whether what stands here continues a query in parentheses.
func (p *parser) atQueryRest() bool {
	return p.isAny("union", "intersect", "except", "order", "limit", "offset", "fetch", "for")
}

// query parses a query without parentheses around it: [WITH …] body [ORDER BY …] [LIMIT …] [FOR …].
func (p *parser) query() *Query {
	p.enter()
	defer p.leave()
	if !p.is("with") {
		return p.queryRest(nil)
	}
	return p.withQuery(p.with(false))
}

// withQuery parses the query after a WITH clause.
func (p *parser) withQuery(with *With) *Query {
	if !p.isSelf("(") && (!p.atQueryWord() || p.is("with")) {
		p.unexpected()
	}
	q := p.queryRest(nil)
	if q.With != nil {
		p.fail(sqlstate.SyntaxError, with.Pos, "multiple WITH clauses not allowed")
	}
	q.With, q.Pos = with, with.Pos
	return q
}

// queryRest parses a query of which the left operand may have been parsed already.
func (p *parser) queryRest(left *Query) *Query {
	q := p.setOperations(left, 1)
	p.options(q)
	return q
}

// setOperations parses operands and the set operators between them that bind as tight as min: 1 for UNION and EXCEPT, 2 for INTERSECT.
func (p *parser) setOperations(left *Query, min int) *Query {
	if left == nil {
		left = p.operand()
	}
	for {
		prec, op := 1, Union
		switch {
		case p.is("union"):
		case p.is("except"):
			op = Except
		case p.is("intersect"):
			prec, op = 2, Intersect
		default:
			return left
		}
		if prec < min {
			return left
		}
		s := &SetOperation{Pos: p.advance().pos, Op: op, Left: left}
		s.All = p.acceptOne("all", "distinct") == "all"
		p.enter()
		s.Right = p.setOperations(nil, prec+1)
		p.leave()
		p.grow()
		left = &Query{Pos: left.Pos, Body: s}
	}
}

// operand parses a query that can stand beside a set operator.
func (p *parser) operand() *Query {
	pos := p.pos()
	switch {
	case p.isSelf("("):
		return p.subquery()
	case p.is("select"):
		return &Query{Pos: pos, Body: p.selectCore()}
	case p.is("values"):
		return &Query{Pos: pos, Body: p.values()}
	case p.is("table"):
		p.advance()
		star := SelectItem{Pos: pos, Expr: &Star{Pos: pos}}
		return &Query{Pos: pos, Body: &Select{Pos: pos, Items: []SelectItem{star}, From: []TableExpr{p.relation()}}}
	}
	p.unexpected()
	return nil
}

// selectCore parses SELECT … [WINDOW …].
func (p *parser) selectCore() *Select {
	p.enter()
	defer p.leave()
	s := &Select{Pos: p.advance().pos}
	switch {
	case p.accept("all"):
		s.All = true
	case p.accept("distinct"):
		s.Distinct = true
		if p.accept("on") {
			s.DistinctOn = p.inParens()
		}
	}
	if s.Distinct || !p.atSelectListEnd() {
		s.Items = p.selectItems()
	}
	if p.is("into") {
		p.unsupported(p.pos(), "SELECT INTO")
	}
	if p.accept("from") {
		s.From = p.fromList()
	}
	s.Where = p.where()
	if p.accept("group") {
		p.expect("by")
		p.groupBy(s)
	}
	if p.accept("having") {
		s.Having = p.expression()
	}
	if p.accept("window") {
		s.Windows = p.windows()
	}
	return s
}

// atSelectListEnd reports whether the select list is empty, as PostgreSQL allows.
func (p *parser) atSelectListEnd() bool {
	t := p.cur()
	switch t.kind {
	case tokEnd:
		return true
	case tokSelf:
		return t.text == ";" || t.text == ")"
	case tokKeyword:
		return p.isAny("from", "where", "group", "having", "window", "into") || p.atQueryRest()
	}
	return false
}

// selectItems parses the columns of a SELECT or RETURNING.
func (p *parser) selectItems() []SelectItem {
	outer := p.labels
	var items []SelectItem
	for {
		p.labels = p.depth + 1
		items = append(items, p.selectItem())
		if !p.acceptSelf(",") {
			p.labels = outer
			return items
		}
	}
}

// selectItem parses * or an expression with its label.
func (p *parser) selectItem() SelectItem {
	item := SelectItem{Pos: p.pos()}
	if p.cur().isOp("*") {
		p.advance()
		item.Expr = &Star{Pos: item.Pos}
		return item
	}
	item.Expr = p.expression()
	switch {
	case p.accept("as"):
		item.Alias = p.label().Name
	case p.cur().bareLabel():
		item.Alias = p.advance().text
	}
	return item
}

// where parses an optional WHERE.
func (p *parser) where() Expr {
	if !p.accept("where") {
		return nil
	}
	return p.expression()
}

// groupBy parses the list of GROUP BY. Grouping sets are refused.
func (p *parser) groupBy(s *Select) {
	switch p.acceptOne("all", "distinct") {
	case "distinct":
		p.unsupported(p.toks[p.i-1].pos, "GROUP BY DISTINCT")
	}
	for {
		pos := p.pos()
		switch {
		case p.isAny("rollup", "cube") && p.peek(1).isSelf("("):
			p.unsupported(pos, "GROUP BY with ROLLUP or CUBE")
		case p.are("grouping", "sets"):
			p.unsupported(pos, "GROUP BY GROUPING SETS")
		case p.isSelf("(") && p.peek(1).isSelf(")"):
			p.advance()
			p.advance()
			s.GroupBy = append(s.GroupBy, &Row{Pos: pos})
		default:
			s.GroupBy = append(s.GroupBy, p.expression())
		}
		if !p.acceptSelf(",") {
			return
		}
	}
}

// windows parses the list of WINDOW.
func (p *parser) windows() []NamedWindow {
	var list []NamedWindow
	for {
		w := NamedWindow{Pos: p.pos(), Name: p.colID().Name}
		p.expect("as")
		w.Spec = p.windowSpec()
		list = append(list, w)
		if !p.acceptSelf(",") {
			return list
		}
	}
}

// values parses VALUES (…), (…).
func (p *parser) values() *Values {
	v := &Values{Pos: p.advance().pos}
	for {
		row := p.inParens()
		if len(v.Rows) > 0 && len(row) != len(v.Rows[0]) {
			p.fail(sqlstate.SyntaxError, Location(row[0]), "VALUES lists must all be the same length")
		}
		v.Rows = append(v.Rows, row)
		if !p.acceptSelf(",") {
			return v
		}
	}
}

// options parses ORDER BY, LIMIT, OFFSET, FETCH and FOR after a query. A query in parentheses may have some of its own, but none twice.
// orderBy parses an optional ORDER BY.
// nulls parses an optional NULLS FIRST or NULLS LAST.
// limits parses LIMIT, or FETCH, and OFFSET in either order, each at most once.
// limit parses LIMIT n or LIMIT ALL.
// fetch parses FETCH FIRST|NEXT [n] ROW|ROWS ONLY|WITH TIES. n is a simple operand or a signed number; without it, it is 1.
// rowCount parses a simple operand or a signed number, which ROWS can follow.
// offset parses the number of OFFSET: any expression, or a simple one and ROW or ROWS.
// locking parses FOR UPDATE and its like.
// with parses a WITH clause. Only at the top of a statement may it hold INSERT, UPDATE and DELETE.
func (p *parser) with(top bool) *With {
	w := &With{Pos: p.advance().pos}
	w.Recursive = p.accept("recursive")
	for {
		w.CTEs = append(w.CTEs, p.cte(top))
		if !p.acceptSelf(",") {
			return w
		}
	}
}

// cte parses name [(columns)] AS [[NOT] MATERIALIZED] (statement).
func (p *parser) cte(top bool) CTE {
	name := p.colID()
	c := CTE{Pos: name.Pos, Name: name.Name, Columns: p.optionalNames()}
	p.expect("as")
	if yes := !p.accept("not"); !yes || p.is("materialized") {
		p.expect("materialized")
		c.Materialized = &yes
	}
	p.expectSelf("(")
	c.Query = p.preparable(false)
	p.expectSelf(")")
	if _, isQuery := c.Query.(*Query); !isQuery && !top {
		p.fail(sqlstate.FeatureNotSupported, c.Pos, "WITH clause containing a data-modifying statement must be at the top level")
	}
	if p.isAny("search", "cycle") {
		p.unsupported(p.pos(), "SEARCH and CYCLE of a recursive query")
	}
	return c
}

// preparable parses a statement that can stand in a CTE or COPY: a query or a modification.
func (p *parser) preparable(top bool) Statement {
	p.enter()
	defer p.leave()
	var with *With
	if p.is("with") {
		with = p.with(top)
	}
	switch {
	case p.is("insert"):
		return p.insert(with)
	case p.is("update"):
		return p.update(with)
	case p.is("delete"):
		return p.delete(with)
	case p.is("merge"):
		p.unsupported(p.pos(), "MERGE")
	case with != nil:
		return p.withQuery(with)
	case p.isSelf("("), p.atQueryWord():
		return p.queryRest(nil)
	}
	p.unexpected()
	return nil
}

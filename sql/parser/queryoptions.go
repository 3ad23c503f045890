package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

func (p *parser) options(q *Query) {
	if pos := p.peek(2).pos; p.is("order") {
		list := p.orderBy()
		if q.OrderBy != nil {
			p.fail(sqlstate.SyntaxError, pos, "multiple ORDER BY clauses not allowed")
		}
		q.OrderBy = list
	}
	locking := p.locking()
	p.limits(q)
	if locking == nil {
		locking = p.locking()
	}
	q.Locking = append(q.Locking, locking...)
}

func (p *parser) orderBy() []SortItem {
	if !p.accept("order") {
		return nil
	}
	p.expect("by")
	var list []SortItem
	for {
		item := SortItem{Pos: p.pos(), Expr: p.expression()}
		switch {
		case p.accept("using"):
			if p.cur().kind != tokOp && !p.is("operator") {
				p.unexpected()
			}
			item.Using, _ = p.operatorName()
		default:
			item.Desc = p.acceptOne("asc", "desc") == "desc"
		}
		item.Nulls = p.nulls()
		list = append(list, item)
		if !p.acceptSelf(",") {
			return list
		}
	}
}

func (p *parser) nulls() NullsOrder {
	switch {
	case p.accept("nulls", "first"):
		return NullsFirst
	case p.accept("nulls", "last"):
		return NullsLast
	}
	return NullsDefault
}

func (p *parser) limits(q *Query) {
	limit, offset := false, false
	for {
		switch {
		case !limit && p.isAny("limit", "fetch"):
			limit = true
			had := q.Limit != nil
			if p.is("limit") {
				p.limit(q)
			} else {
				p.fetch(q)
			}
			if had {
				p.fail(sqlstate.SyntaxError, Location(q.Limit), "multiple LIMIT clauses not allowed")
			}
		case !offset && p.accept("offset"):
			offset = true
			e := p.offset()
			if q.Offset != nil {
				p.fail(sqlstate.SyntaxError, Location(e), "multiple OFFSET clauses not allowed")
			}
			q.Offset = e
		default:
			return
		}
	}
}

func (p *parser) limit(q *Query) {
	pos := p.advance().pos
	if p.is("all") {
		q.Limit = &NullLit{p.advance().pos}
	} else {
		q.Limit = p.expression()
	}
	if p.isSelf(",") {
		panic(bailout{sqlstate.New(sqlstate.SyntaxError, "LIMIT #,# syntax is not supported").
			WithHint("Use separate LIMIT and OFFSET clauses.").At(int(pos))})
	}
}

func (p *parser) fetch(q *Query) {
	p.advance()
	if p.acceptOne("first", "next") == "" {
		p.unexpected()
	}
	if pos := p.pos(); p.isAny("row", "rows") {
		q.Limit = &IntLit{Pos: pos, Value: 1}
	} else {
		q.Limit = p.rowCount()
	}
	if p.acceptOne("row", "rows") == "" {
		p.unexpected()
	}
	if p.accept("only") {
		return
	}
	p.expect("with", "ties")
	q.WithTies = true
	if q.OrderBy == nil {
		p.fail(sqlstate.SyntaxError, 0, "WITH TIES cannot be specified without ORDER BY clause")
	}
}

func (p *parser) rowCount() Expr {
	if p.cur().kind != tokOp {
		return p.primary()
	}
	return p.signedNumber()
}

func (p *parser) offset() Expr {
	t := p.cur()
	if t.kind == tokOp && (p.peek(2).is("row") || p.peek(2).is("rows")) {
		n := p.rowCount()
		p.advance()
		return n
	}
	if t.kind == tokOp || t.is("not") || t.is("operator") {
		return p.expression()
	}
	p.enter()
	defer p.leave()
	e := p.primary()
	p.grow()
	if p.acceptOne("row", "rows") != "" {
		return e
	}
	return p.infix(p.perhapsOverlaps(e), precLowest, false)
}

func (p *parser) locking() []Locking {
	var list []Locking
	for p.is("for") {
		l := Locking{Pos: p.advance().pos}
		switch {
		case p.accept("read"):
			p.expect("only")
			continue
		case p.accept("no"):
			p.expect("key", "update")
			l.Strength = "no key update"
		case p.accept("key"):
			p.expect("share")
			l.Strength = "key share"
		case p.isAny("update", "share"):
			l.Strength = p.advance().text
		default:
			p.unexpected()
		}
		if p.accept("of") {
			l.Of = append(l.Of, p.objectName())
			for p.acceptSelf(",") {
				l.Of = append(l.Of, p.objectName())
			}
		}
		switch {
		case p.accept("nowait"):
			l.Wait = "nowait"
		case p.is("skip"):
			p.expect("skip", "locked")
			l.Wait = "skip locked"
		}
		list = append(list, l)
	}
	return list
}

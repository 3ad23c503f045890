package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// insert parses INSERT.
func (p *parser) insert(with *With) Statement {
	s := &Insert{Pos: p.advance().pos, With: with}
	p.expect("into")
	s.Table = &Table{ObjectName: p.objectName()}
	if p.accept("as") {
		name := p.colID()
		s.Table.Alias = &Alias{Pos: name.Pos, Name: name.Name}
	}
	p.insertSource(s)
	if p.is("on") {
		s.OnConflict = p.onConflict()
	}
	s.Returning = p.returning()
	return s
}

// insertSource parses the columns and rows of an INSERT.
func (p *parser) insertSource(s *Insert) {
	if p.accept("default") {
		p.expect("values")
		return
	}
	if p.isSelf("(") && !p.queryAfterParen() && !p.peek(1).isSelf("(") {
		s.Columns = p.insertColumns()
	}
	if p.accept("overriding") {
		s.Overriding = p.acceptOne("user", "system")
		if s.Overriding == "" {
			p.unexpected()
		}
		p.expect("value")
	}
	if !p.isSelf("(") && !p.atQueryWord() {
		p.unexpected()
	}
	s.Source = p.query()
}

// insertColumns parses (a, b, …).
func (p *parser) insertColumns() []Ident {
	p.expectSelf("(")
	var list []Ident
	for {
		list = append(list, p.targetColumn())
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

// targetColumn parses a column that is assigned to. PostgreSQL could assign to fields and elements of one.
func (p *parser) targetColumn() Ident {
	c := p.colID()
	if p.isSelf(".") || p.isSelf("[") {
		p.unsupported(p.pos(), "assignment to a field or element of a column")
	}
	return c
}

// onConflict parses ON CONFLICT [target] DO NOTHING | DO UPDATE SET ….
func (p *parser) onConflict() *OnConflict {
	c := &OnConflict{Pos: p.advance().pos}
	p.expect("conflict")
	switch {
	case p.isSelf("("):
		c.Target = p.indexElems()
		c.TargetWhere = p.where()
	case p.accept("on"):
		p.expect("constraint")
		c.Constraint = p.colID().Name
	}
	p.expect("do")
	if p.accept("nothing") {
		return c
	}
	p.expect("update")
	if c.Target == nil && c.Constraint == "" {
		panic(bailout{sqlstate.New(sqlstate.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").At(int(c.Pos))})
	}
	p.expect("set")
	c.DoUpdate, c.Set = true, p.assignments()
	c.Where = p.where()
	return c
}

// returning parses an optional RETURNING.
func (p *parser) returning() []SelectItem {
	if !p.accept("returning") {
		return nil
	}
	return p.selectItems()
}

// assignments parses the list of SET.
func (p *parser) assignments() []Assignment {
	var list []Assignment
	for {
		if p.isSelf("(") {
			list = append(list, p.multipleAssignment()...)
		} else {
			c := p.targetColumn()
			p.expectOp("=")
			list = append(list, Assignment{Pos: c.Pos, Columns: []Ident{c}, Value: p.expression()})
		}
		if !p.acceptSelf(",") {
			return list
		}
	}
}

// multipleAssignment parses (a, b) = (x, y) | ROW(x, y) | (SELECT …), and splits it unless the source is a query.
func (p *parser) multipleAssignment() []Assignment {
	pos := p.pos()
	columns := p.insertColumns()
	p.expectOp("=")
	switch v := p.expression().(type) {
	case *Row:
		if len(v.Fields) != len(columns) {
			p.fail(sqlstate.SyntaxError, v.Pos, "number of columns does not match number of values")
		}
		list := make([]Assignment, len(columns))
		for i := range columns {
			list[i] = Assignment{Pos: columns[i].Pos, Columns: columns[i : i+1 : i+1], Value: v.Fields[i]}
		}
		return list
	case *Subquery:
		return []Assignment{{Pos: pos, Columns: columns, Value: v}}
	default:
		p.fail(sqlstate.FeatureNotSupported, Location(v), "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
		return nil
	}
}

// target parses the table of an UPDATE or DELETE. SET is no alias there unless AS stands before it.
func (p *parser) target() *Table {
	t := p.relation()
	if p.accept("as") || p.cur().colID() && !p.is("set") {
		name := p.colID()
		t.Alias = &Alias{Pos: name.Pos, Name: name.Name}
	}
	return t
}

// whereOrCurrent parses the WHERE of an UPDATE or DELETE, which have no cursors here.
func (p *parser) whereOrCurrent() Expr {
	if p.is("where") && p.peek(1).is("current") && p.peek(2).is("of") {
		p.unsupported(p.peek(1).pos, "WHERE CURRENT OF")
	}
	return p.where()
}

// update parses UPDATE.
func (p *parser) update(with *With) Statement {
	s := &Update{Pos: p.advance().pos, With: with}
	s.Table = p.target()
	p.expect("set")
	s.Set = p.assignments()
	if p.accept("from") {
		s.From = p.fromList()
	}
	s.Where = p.whereOrCurrent()
	s.Returning = p.returning()
	return s
}

// delete parses DELETE.
func (p *parser) delete(with *With) Statement {
	s := &Delete{Pos: p.advance().pos, With: with}
	p.expect("from")
	s.Table = p.target()
	if p.accept("using") {
		s.Using = p.fromList()
	}
	s.Where = p.whereOrCurrent()
	s.Returning = p.returning()
	return s
}

// truncate parses TRUNCATE.
func (p *parser) truncate() Statement {
	s := &Truncate{Pos: p.advance().pos}
	p.accept("table")
	for {
		s.Tables = append(s.Tables, p.relation())
		if !p.acceptSelf(",") {
			break
		}
	}
	if word := p.acceptOne("restart", "continue"); word != "" {
		p.expect("identity")
		s.RestartIdentity = word == "restart"
	}
	s.Cascade = p.cascade()
	return s
}

// cascade parses an optional CASCADE or RESTRICT.
func (p *parser) cascade() bool { return p.acceptOne("cascade", "restrict") == "cascade" }

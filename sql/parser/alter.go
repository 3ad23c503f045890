package parser

import "strings"

// alter parses ALTER TABLE and refuses what else PostgreSQL alters.
func (p *parser) alter() Statement {
	pos := p.advance().pos
	if !p.accept("table") {
		p.refuseObject("ALTER", pos)
	}
	s := &AlterTable{Pos: pos}
	if p.are("all", "in") {
		p.unsupported(pos, "ALTER TABLE ALL IN TABLESPACE")
	}
	s.IfExists = p.accept("if", "exists")
	s.Table = p.relation()
	switch {
	case p.is("rename"):
		s.Actions = []AlterAction{p.rename()}
	case p.is("set") && p.peek(1).is("schema"):
		at := p.advance().pos
		p.advance()
		s.Actions = []AlterAction{&SetSchema{Pos: at, Schema: p.colID().Name}}
	case p.isAny("attach", "detach"):
		p.unsupported(p.pos(), "ALTER TABLE … "+strings.ToUpper(p.cur().text)+" PARTITION")
	default:
		for {
			s.Actions = append(s.Actions, p.alterAction(s.Table.Name))
			if !p.acceptSelf(",") {
				break
			}
		}
	}
	return s
}

// rename parses RENAME TO, RENAME [COLUMN] a TO b and RENAME CONSTRAINT. RENAME TO schema.name is the contract's extension.
func (p *parser) rename() AlterAction {
	pos := p.advance().pos
	if p.accept("to") {
		return &RenameTable{Pos: pos, To: p.objectName()}
	}
	if p.accept("constraint") {
		from := p.colID().Name
		p.expect("to")
		return &RenameConstraint{Pos: pos, From: from, To: p.colID().Name}
	}
	p.accept("column")
	from := p.colID().Name
	p.expect("to")
	return &RenameColumn{Pos: pos, From: from, To: p.colID().Name}
}

// alterAction parses one of the actions that can stand in a list.
func (p *parser) alterAction(table string) AlterAction {
	pos := p.pos()
	switch {
	case p.accept("add"):
		return p.alterAdd(pos, table)
	case p.accept("drop"):
		return p.alterDrop(pos)
	case p.accept("alter"):
		if p.is("constraint") {
			p.unsupported(pos, "ALTER TABLE … ALTER CONSTRAINT")
		}
		p.accept("column")
		return p.alterColumn(pos)
	case p.is("set") && p.peek(1).isSelf("("):
		p.advance()
		return &SetOptions{Pos: pos, Options: p.relOptions()}
	case p.is("reset"):
		p.advance()
		return &SetOptions{Pos: pos, Options: p.relOptions(), Reset: true}
	case p.isAny("set", "enable", "disable", "owner", "cluster", "inherit", "no", "of", "not", "replica", "force", "validate", "options"):
		first := p.advance().text
		if !p.cur().label() {
			p.unexpected()
		}
		p.unsupported(pos, "ALTER TABLE … "+strings.ToUpper(first+" "+p.cur().text))
	}
	p.unexpected()
	return nil
}

// alterAdd parses what ADD adds.
func (p *parser) alterAdd(pos Pos, table string) AlterAction {
	if p.atTableConstraint() {
		return &AddConstraint{Pos: pos, Constraint: p.tableConstraint()}
	}
	p.accept("column")
	exists := p.ifNotExists()
	return &AddColumn{Pos: pos, IfNotExists: exists, Column: p.columnDef(table)}
}

// alterDrop parses what DROP drops.
func (p *parser) alterDrop(pos Pos) AlterAction {
	if p.accept("constraint") {
		d := &DropConstraint{Pos: pos, IfExists: p.accept("if", "exists")}
		d.Name = p.colID().Name
		d.Cascade = p.cascade()
		return d
	}
	p.accept("column")
	d := &DropColumn{Pos: pos, IfExists: p.accept("if", "exists")}
	d.Column = p.colID().Name
	d.Cascade = p.cascade()
	return d
}

// alterColumn parses column and what to change about it.
func (p *parser) alterColumn(pos Pos) AlterAction {
	column := p.colID().Name
	switch {
	case p.accept("set", "not", "null"):
		return &SetNotNull{Pos: pos, Column: column}
	case p.accept("drop", "not", "null"):
		return &SetNotNull{Pos: pos, Column: column, Drop: true}
	case p.accept("set", "default"):
		return &SetDefault{Pos: pos, Column: column, Expr: p.expression()}
	case p.accept("drop", "default"):
		return &SetDefault{Pos: pos, Column: column}
	case p.is("type"), p.are("set", "data"):
		if p.accept("set") {
			p.advance()
		}
		p.expect("type")
		s := &SetType{Pos: pos, Column: column, Type: p.typeName()}
		if p.accept("collate") {
			c := p.anyName()
			s.Collation = &c
		}
		if p.accept("using") {
			s.Using = p.expression()
		}
		return s
	case p.isAny("set", "reset", "add", "drop", "restart"):
		first := p.advance().text
		if !p.cur().label() && !p.isSelf("(") {
			p.unexpected()
		}
		p.unsupported(pos, "ALTER COLUMN … "+strings.ToUpper(first+" "+p.cur().text))
	}
	p.unexpected()
	return nil
}

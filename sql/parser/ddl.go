package parser

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// create parses CREATE TABLE, INDEX and SCHEMA, and refuses what else PostgreSQL creates.
func (p *parser) create() Statement {
	pos := p.advance().pos
	switch {
	case p.is("schema"):
		return p.createSchema(pos)
	case p.is("unique"), p.is("index"):
		return p.createIndex(pos)
	case p.is("table"), p.is("unlogged") && p.peek(1).is("table"):
		return p.createTable(pos)
	case p.isAny("temp", "temporary") && p.peek(1).is("table"):
		return p.createTable(pos)
	case p.isAny("local", "global") && (p.peek(1).is("temp") || p.peek(1).is("temporary")) && p.peek(2).is("table"):
		p.advance()
		return p.createTable(pos)
	}
	p.refuseObject("CREATE", pos)
	return nil
}

// refuseObject refuses a command about a kind of object that PostgreSQL has; anything else is a syntax error.
func (p *parser) refuseObject(command string, pos Pos) {
	if p.accept("or") {
		p.expect("replace")
		if p.isAny("table", "index", "schema") {
			p.unexpected()
		}
	}
	if command == "CREATE" {
		p.acceptOne("temp", "temporary", "recursive", "trusted", "procedural", "constraint", "default", "unlogged", "local", "global")
	}
	t := p.cur()
	switch t.text {
	case "access", "aggregate", "cast", "collation", "conversion", "database", "domain", "event", "extension", "foreign", "function", "group", "index",
		"language", "large", "materialized", "operator", "owned", "policy", "procedure", "publication", "role", "routine", "rule", "schema", "sequence",
		"server", "statistics", "subscription", "system", "table", "tablespace", "text", "transform", "trigger", "type", "user", "view":
		if t.kind == tokKeyword {
			p.unsupported(pos, command+" "+strings.ToUpper(t.text))
		}
	}
	p.unexpected()
}

// createSchema parses CREATE SCHEMA.
func (p *parser) createSchema(pos Pos) Statement {
	p.advance()
	s := &CreateSchema{Pos: pos, IfNotExists: p.ifNotExists()}
	if !p.is("authorization") {
		s.Name = p.colID().Name
	}
	if p.accept("authorization") {
		if !p.cur().nonReserved() && !p.isAny("current_user", "session_user", "current_role") {
			p.unexpected()
		}
		s.Authorization = p.advance().text
		if s.Name == "" {
			s.Name = s.Authorization
		}
	}
	if s.IfNotExists && p.isAny("create", "grant") {
		p.fail(sqlstate.FeatureNotSupported, p.pos(), "CREATE SCHEMA IF NOT EXISTS cannot include schema elements")
	}
	if p.isAny("create", "grant") {
		p.unsupported(p.pos(), "CREATE SCHEMA with schema elements")
	}
	return s
}

// createTable parses CREATE TABLE from its modifiers on.
func (p *parser) createTable(pos Pos) Statement {
	t := &CreateTable{Pos: pos}
	switch p.acceptOne("temp", "temporary", "unlogged") {
	case "temp", "temporary":
		t.Temporary = true
	case "unlogged":
		t.Unlogged = true
	}
	p.expect("table")
	t.IfNotExists = p.ifNotExists()
	t.Name = p.objectName()
	if p.is("of") || p.is("partition") {
		p.unsupported(p.pos(), "CREATE TABLE … "+strings.ToUpper(p.cur().text)+"…")
	}
	if !p.isSelf("(") {
		p.tableSuffix(t)
		p.createAs(t)
		return t
	}
	if p.namesAndAs() {
		t.AsColumns = p.names()
		p.tableSuffix(t)
		p.createAs(t)
		return t
	}
	p.tableElements(t)
	p.tableSuffix(t)
	return t
}

// namesAndAs reports whether the parenthesis here holds nothing but names, as in CREATE TABLE t (a, b) AS.
func (p *parser) namesAndAs() bool {
	return p.peek(1).colID() && (p.peek(2).isSelf(",") || p.peek(2).isSelf(")"))
}

// createAs parses AS query [WITH [NO] DATA].
func (p *parser) createAs(t *CreateTable) {
	p.expect("as")
	if p.is("execute") {
		p.unsupported(p.pos(), "CREATE TABLE AS EXECUTE")
	}
	if !p.isSelf("(") && !p.atQueryWord() {
		p.unexpected()
	}
	t.As = p.query()
	if p.accept("with") {
		t.WithNoData = p.accept("no")
		p.expect("data")
	}
}

// tableElements parses (columns and constraints).
func (p *parser) tableElements(t *CreateTable) {
	p.expectSelf("(")
	if p.acceptSelf(")") {
		return
	}
	for {
		switch {
		case p.is("like"):
			p.unsupported(p.pos(), "CREATE TABLE … (LIKE …)")
		case p.atTableConstraint():
			t.Constraints = append(t.Constraints, p.tableConstraint())
		default:
			t.Columns = append(t.Columns, p.columnDef(t.Name.Name))
		}
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
}

// tableSuffix parses what follows the columns.
func (p *parser) tableSuffix(t *CreateTable) {
	if p.isAny("inherits", "partition", "using") {
		p.unsupported(p.pos(), "CREATE TABLE … "+strings.ToUpper(p.cur().text))
	}
	switch {
	case p.accept("without"):
		p.expect("oids")
	case p.accept("with"):
		t.Options = p.relOptions()
	}
	if p.is("on") || p.is("tablespace") {
		p.unsupported(p.pos(), "CREATE TABLE … "+strings.ToUpper(p.cur().text)+"…")
	}
}

// relOptions parses (name = value, …), where names can be qualified and values left out.
func (p *parser) relOptions() []Option {
	p.expectSelf("(")
	var list []Option
	for {
		name := p.label()
		o := Option{Pos: name.Pos, Name: name.Name}
		if p.acceptSelf(".") {
			o.Name += "." + p.label().Name
		}
		if p.cur().isOp("=") {
			p.advance()
			o.Value = p.relOptionValue()
		}
		list = append(list, o)
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

// relOptionValue parses the value of a storage option: any word, a string or a number.
func (p *parser) relOptionValue() Expr {
	t := p.cur()
	if t.kind == tokString || t.label() {
		p.advance()
		return &StringLit{Pos: t.pos, Value: t.text}
	}
	return p.signedNumber()
}

// createIndex parses CREATE [UNIQUE] INDEX.
func (p *parser) createIndex(pos Pos) Statement {
	x := &CreateIndex{Pos: pos, Unique: p.accept("unique")}
	p.expect("index")
	x.Concurrently = p.accept("concurrently")
	x.IfNotExists = p.ifNotExists()
	if x.IfNotExists || !p.is("on") {
		x.Name = p.colID().Name
	}
	p.expect("on")
	x.Table = p.relation()
	if p.accept("using") {
		x.Method = p.colID().Name
	}
	x.Elems = p.indexElems()
	if p.accept("include") {
		x.Include = p.indexElems()
	}
	x.NullsNotDistinct = p.nullsDistinct()
	if p.accept("with") {
		x.Options = p.relOptions()
	}
	if p.is("tablespace") {
		p.unsupported(p.pos(), "CREATE INDEX … TABLESPACE")
	}
	x.Where = p.where()
	return x
}

// nullsDistinct parses an optional NULLS [NOT] DISTINCT.
func (p *parser) nullsDistinct() (notDistinct bool) {
	if !p.accept("nulls") {
		return false
	}
	notDistinct = p.accept("not")
	p.expect("distinct")
	return notDistinct
}

// indexElems parses the keys of an index, in parentheses.
func (p *parser) indexElems() []IndexElem {
	p.expectSelf("(")
	var list []IndexElem
	for {
		list = append(list, p.indexElem())
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

// indexElem parses a column, function call or (expression), with COLLATE, operator class and order.
func (p *parser) indexElem() IndexElem {
	e := IndexElem{Pos: p.pos()}
	switch {
	case p.acceptSelf("("):
		e.Expr = p.expression()
		p.expectSelf(")")
	case p.atFunction():
		e.Expr = p.windowless()
	default:
		e.Column = p.colID().Name
	}
	if p.accept("collate") {
		c := p.anyName()
		e.Collation = &c
	}
	if p.cur().colID() && !p.nullsFollow() {
		c := p.objectName()
		e.OpClass = &c
		if pos := p.pos(); p.isSelf("(") {
			p.relOptions()
			p.unsupported(pos, "an operator class with parameters")
		}
	}
	e.Desc = p.acceptOne("asc", "desc") == "desc"
	e.Nulls = p.nulls()
	return e
}

// nullsFollow reports whether NULLS FIRST or NULLS LAST stands here.
func (p *parser) nullsFollow() bool { return p.are("nulls", "first") || p.are("nulls", "last") }

// drop parses DROP TABLE, INDEX, SCHEMA and VIEW.
func (p *parser) drop() Statement {
	d := &Drop{Pos: p.advance().pos}
	switch {
	case p.accept("table"):
	case p.accept("index"):
		d.Kind = IndexObject
		d.Concurrently = p.accept("concurrently")
	case p.accept("schema"):
		d.Kind = SchemaObject
	case p.accept("view"):
		d.Kind = ViewObject
	default:
		p.refuseObject("DROP", d.Pos)
	}
	d.IfExists = p.accept("if", "exists")
	for {
		d.Names = append(d.Names, p.droppedName(d.Kind))
		if !p.acceptSelf(",") {
			break
		}
	}
	d.Cascade = p.cascade()
	return d
}

// droppedName parses the name of an object to drop. Schemas are not in a schema.
func (p *parser) droppedName(kind ObjectKind) ObjectName {
	if kind == SchemaObject {
		name := p.colID()
		return ObjectName{Pos: name.Pos, Name: name.Name}
	}
	return p.objectName()
}

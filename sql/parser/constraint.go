package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// columnDef parses a column of the given table with its constraints.
func (p *parser) columnDef(table string) ColumnDef {
	name := p.colID()
	c := ColumnDef{Pos: name.Pos, Name: name.Name, Type: p.typeName()}
	if p.is("compression") {
		p.unsupported(p.pos(), "COMPRESSION of a column")
	}
	if p.is("options") {
		p.unsupported(p.pos(), "OPTIONS of a column")
	}
	for p.columnConstraint(&c, table) {
	}
	return c
}

// columnConstraint parses one constraint or property of a column, or gives false.
func (p *parser) columnConstraint(c *ColumnDef, table string) bool {
	pos := p.pos()
	if p.accept("collate") {
		name := p.anyName()
		c.Collation = &name
		return true
	}
	k := Constraint{Pos: pos}
	named := p.accept("constraint")
	if named {
		k.Name = p.colID().Name
	}
	switch {
	case p.are("not", "deferrable"), p.isAny("deferrable", "initially"):
		if named {
			p.unexpected()
		}
		p.constraintAttribute(c)
		return true
	case p.accept("not"):
		p.expect("null")
		if c.Null {
			p.conflictingNull(c, table, pos)
		}
		c.NotNull = true
		return true
	case p.accept("null"):
		if c.NotNull {
			p.conflictingNull(c, table, pos)
		}
		c.Null = true
		return true
	case p.accept("default"):
		if c.Default != nil {
			p.fail(sqlstate.SyntaxError, pos, `multiple default values specified for column "%s" of table "%s"`, c.Name, table)
		}
		c.Default = p.restricted()
		return true
	}
	if !p.valueConstraint(c, &k) {
		if named {
			p.unexpected()
		}
		return false
	}
	c.Constraints = append(c.Constraints, k)
	return true
}

func (p *parser) conflictingNull(c *ColumnDef, table string, pos Pos) {
	p.fail(sqlstate.SyntaxError, pos, `conflicting NULL/NOT NULL declarations for column "%s" of table "%s"`, c.Name, table)
}

// valueConstraint parses the constraints of a column that are kept in its list.
func (p *parser) valueConstraint(c *ColumnDef, k *Constraint) bool {
	own := []Ident{{Pos: c.Pos, Name: c.Name}}
	switch {
	case p.is("primary"):
		p.expect("primary", "key")
		k.Kind, k.Columns, c.PrimaryKey = PrimaryKeyConstraint, own, true
		p.indexParameters(k)
	case p.accept("unique"):
		k.Kind, k.Columns, c.Unique = UniqueConstraint, own, true
		k.NullsNotDistinct = p.nullsDistinct()
		p.indexParameters(k)
	case p.accept("check"):
		k.Kind = CheckConstraint
		p.checkBody(k)
	case p.is("references"):
		k.Kind = ForeignKeyConstraint
		p.references(k)
	case p.is("generated"):
		p.generated(k)
	default:
		return false
	}
	return true
}

// generated parses GENERATED ALWAYS AS (expression) STORED and GENERATED … AS IDENTITY [(…)].
func (p *parser) generated(k *Constraint) {
	p.advance()
	pos := p.pos()
	always := p.accept("always")
	if !always {
		p.expect("by", "default")
	}
	p.expect("as")
	if p.accept("identity") {
		k.Kind = IdentityConstraint
		if p.isSelf("(") {
			p.unsupported(p.pos(), "sequence options of an identity column")
		}
		return
	}
	p.expectSelf("(")
	k.Kind, k.Expr = GeneratedConstraint, p.expression()
	p.expectSelf(")")
	p.expect("stored")
	if !always {
		p.fail(sqlstate.SyntaxError, pos, "for a generated column, GENERATED ALWAYS must be specified")
	}
}

// checkBody parses (expression) [NO INHERIT].
func (p *parser) checkBody(k *Constraint) {
	p.expectSelf("(")
	k.Expr = p.expression()
	p.expectSelf(")")
	k.NoInherit = p.accept("no", "inherit")
}

// indexParameters parses what can follow PRIMARY KEY and UNIQUE.
func (p *parser) indexParameters(k *Constraint) {
	if p.is("include") {
		p.unsupported(p.pos(), "INCLUDE in a constraint")
	}
	if p.is("with") && p.peek(1).isSelf("(") {
		p.advance()
		k.Options = p.relOptions()
	}
	if p.are("using", "index") {
		p.unsupported(p.pos(), "USING INDEX in a constraint")
	}
}

// references parses REFERENCES t [(columns)] [MATCH …] [ON DELETE …] [ON UPDATE …].
func (p *parser) references(k *Constraint) {
	p.expect("references")
	name := p.objectName()
	k.References = &name
	k.ReferencedColumns = p.optionalNames()
	if pos := p.pos(); p.accept("match") {
		switch {
		case p.is("partial"):
			p.fail(sqlstate.FeatureNotSupported, pos, "MATCH PARTIAL not yet implemented")
		case p.isAny("full", "simple"):
			k.Match = p.advance().text
		default:
			p.unexpected()
		}
	}
	for p.accept("on") {
		switch {
		case k.OnDelete == "" && p.accept("delete"):
			k.OnDelete = p.keyAction()
		case k.OnUpdate == "" && p.accept("update"):
			k.OnUpdate = p.keyAction()
		default:
			p.unexpected()
		}
	}
}

// keyAction parses what a foreign key does when the row it refers to changes.
func (p *parser) keyAction() string {
	switch {
	case p.accept("no"):
		p.expect("action")
		return "no action"
	case p.isAny("restrict", "cascade"):
		return p.advance().text
	case p.accept("set"):
		if !p.isAny("null", "default") {
			p.unexpected()
		}
		action := "set " + p.advance().text
		if p.isSelf("(") {
			p.unsupported(p.pos(), "ON DELETE SET with a list of columns")
		}
		return action
	}
	p.unexpected()
	return ""
}

// constraintAttribute parses [NOT] DEFERRABLE or INITIALLY … after a constraint of a column, which must be one that can be deferred.
func (p *parser) constraintAttribute(c *ColumnDef) {
	pos := p.pos()
	var scratch Constraint
	p.oneAttribute(&scratch)
	n := len(c.Constraints)
	if n == 0 || c.Constraints[n-1].Kind == CheckConstraint || c.Constraints[n-1].Kind > ForeignKeyConstraint {
		p.fail(sqlstate.SyntaxError, pos, "misplaced %s clause", attributeName(p.toks, p.i))
	}
	k := &c.Constraints[n-1]
	k.Deferrable = k.Deferrable || scratch.Deferrable || scratch.InitiallyDeferred
	k.InitiallyDeferred = k.InitiallyDeferred || scratch.InitiallyDeferred
}

// attributeName gives the words of the attribute that ends before token i, as PostgreSQL names it.
func attributeName(toks []token, i int) string {
	switch last, before := &toks[i-1], &toks[max(i-2, 0)]; {
	case last.is("deferrable") && before.is("not"):
		return "NOT DEFERRABLE"
	case last.is("deferrable"):
		return "DEFERRABLE"
	case last.is("deferred"):
		return "INITIALLY DEFERRED"
	}
	return "INITIALLY IMMEDIATE"
}

// oneAttribute parses one attribute of a constraint, or gives false.
func (p *parser) oneAttribute(k *Constraint) bool {
	switch {
	case p.accept("not", "deferrable"):
		k.Deferrable = false
	case p.accept("deferrable"):
		k.Deferrable = true
	case p.is("initially"):
		p.advance()
		word := p.acceptOne("deferred", "immediate")
		if word == "" {
			p.unexpected()
		}
		k.InitiallyDeferred = word == "deferred"
	case p.accept("not", "valid"):
		k.NotValid = true
	case p.accept("no", "inherit"):
		k.NoInherit = true
	default:
		return false
	}
	return true
}

// atTableConstraint reports whether a constraint of the table, or the contract's INDEX (…), begins here rather than a column. INDEX alone is a fine
// name for a column, but a parenthesis can never follow that.
func (p *parser) atTableConstraint() bool {
	return p.isAny("constraint", "primary", "unique", "check", "foreign") || p.is("exclude") && (p.peek(1).is("using") || p.peek(1).isSelf("(")) ||
		p.is("index") && p.peek(1).isSelf("(")
}

// tableConstraint parses a constraint of a table.
func (p *parser) tableConstraint() Constraint {
	k := Constraint{Pos: p.pos()}
	if p.accept("constraint") {
		k.Name = p.colID().Name
	}
	switch {
	case p.is("primary"):
		p.expect("primary", "key")
		p.keyColumns(&k, PrimaryKeyConstraint)
	case p.accept("unique"):
		k.NullsNotDistinct = p.nullsDistinct()
		p.keyColumns(&k, UniqueConstraint)
	case p.accept("check"):
		k.Kind = CheckConstraint
		p.checkBody(&k)
	case p.is("foreign"):
		p.expect("foreign", "key")
		k.Kind, k.Columns = ForeignKeyConstraint, p.names()
		p.references(&k)
	case p.is("index") && k.Name == "":
		p.advance()
		k.Kind, k.Index = IndexConstraint, p.indexElems()
		return k
	case p.is("exclude"):
		p.unsupported(p.pos(), "EXCLUDE")
	default:
		p.unexpected()
	}
	for p.oneAttribute(&k) {
	}
	p.checkAttributes(&k)
	k.Deferrable = k.Deferrable || k.InitiallyDeferred
	return k
}

// checkAttributes refuses attributes that do not go with the kind of a table's constraint.
func (p *parser) checkAttributes(k *Constraint) {
	kind := [...]string{PrimaryKeyConstraint: "PRIMARY KEY", UniqueConstraint: "UNIQUE", CheckConstraint: "CHECK",
		ForeignKeyConstraint: "FOREIGN KEY"}[k.Kind]
	var attribute string
	switch {
	case k.Kind == CheckConstraint && (k.Deferrable || k.InitiallyDeferred):
		attribute = "DEFERRABLE"
	case k.Kind != CheckConstraint && k.Kind != ForeignKeyConstraint && k.NotValid:
		attribute = "NOT VALID"
	case k.Kind != CheckConstraint && k.NoInherit:
		attribute = "NO INHERIT"
	default:
		return
	}
	p.fail(sqlstate.FeatureNotSupported, 0, "%s constraints cannot be marked %s", kind, attribute)
}

// keyColumns parses the columns of PRIMARY KEY or UNIQUE.
func (p *parser) keyColumns(k *Constraint, kind ConstraintKind) {
	k.Kind = kind
	if p.are("using", "index") {
		p.unsupported(p.pos(), "USING INDEX in a constraint")
	}
	k.Columns = p.names()
	p.indexParameters(k)
}

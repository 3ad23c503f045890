package parser

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// atTypedLiteral reports whether a literal of a built-in type begins at the keyword t: its name and then a string, or the first of several words
// that only a type's name has.
func (p *parser) atTypedLiteral(t *token) bool {
	next := p.peek(1)
	switch t.text {
	case "int", "integer", "smallint", "bigint", "real", "boolean":
		return next.kind == tokString
	case "float", "decimal", "dec", "numeric", "varchar", "interval":
		return next.kind == tokString || next.isSelf("(")
	case "bit", "character", "char", "nchar":
		return next.kind == tokString || next.isSelf("(") || next.is("varying")
	case "national":
		return next.is("character") || next.is("char")
	case "time", "timestamp":
		return next.kind == tokString || next.isSelf("(") || next.is("without") || next.is("with") && p.peek(2).is("time")
	}
	return false
}

// typedLiteral parses type 'string'. char and bit without a length are of any length here, as PostgreSQL has it, while they are of length 1 in casts.
func (p *parser) typedLiteral() Expr {
	t := p.cur()
	typ := p.simpleType(true)
	if p.cur().kind != tokString {
		p.unexpected()
	}
	s := p.advance()
	if typ.Name == "interval" && len(typ.Mods) == 0 {
		p.intervalFields(typ)
	}
	return &Cast{Pos: t.pos, Arg: &StringLit{Pos: s.pos, Value: s.text}, Type: typ, Form: CastLiteral}
}

// typeName parses a type with its array bounds.
func (p *parser) typeName() *TypeName {
	setOf := p.accept("setof")
	t := p.simpleType(false)
	t.SetOf = setOf
	if p.accept("array") {
		t.ArrayDims = 1
		if p.acceptSelf("[") {
			p.intConst()
			p.expectSelf("]")
		}
		return t
	}
	for p.acceptSelf("[") {
		if !p.isSelf("]") {
			p.intConst()
		}
		p.expectSelf("]")
		t.ArrayDims++
	}
	return t
}

// simpleType parses a type without array bounds. literal says that it stands before a string.
func (p *parser) simpleType(literal bool) *TypeName {
	t := p.cur()
	typ := &TypeName{Pos: t.pos}
	if t.kind == tokKeyword && (t.class == columnName || t.text == "double") {
		if p.builtinType(t, typ, literal) {
			return typ
		}
	}
	if !t.funcName() {
		p.unexpected()
	}
	p.advance()
	name := p.restOfName(Ident{Pos: t.pos, Name: t.text})
	typ.Schema, typ.Name = name.Schema, name.Name
	typ.Mods = p.modifiers()
	return typ
}

// builtinType parses a type that has a keyword, and gives false if t is none.
func (p *parser) builtinType(t *token, typ *TypeName, literal bool) bool {
	switch t.text {
	case "int", "integer":
		typ.Name = "int4"
	case "smallint":
		typ.Name = "int2"
	case "bigint":
		typ.Name = "int8"
	case "real":
		typ.Name = "float4"
	case "boolean":
		typ.Name = "bool"
	case "double":
		if !p.peek(1).is("precision") {
			return false
		}
		p.advance()
		typ.Name = "float8"
	case "float":
		p.advance()
		p.floatType(typ)
		return true
	case "decimal", "dec", "numeric":
		p.advance()
		typ.Name, typ.Mods = "numeric", p.modifiers()
		return true
	case "varchar", "char", "character", "nchar", "national":
		p.characterType(typ, literal)
		return true
	case "bit":
		p.advance()
		p.bitType(typ, literal)
		return true
	case "time", "timestamp":
		p.advance()
		p.timeType(t.text, typ)
		return true
	case "interval":
		p.advance()
		p.intervalType(typ, literal)
		return true
	default:
		return false
	}
	p.advance()
	return true
}

// modifiers parses (n, …). PostgreSQL parses expressions here and wants constants of them.
func (p *parser) modifiers() []int {
	if !p.isSelf("(") {
		return nil
	}
	pos := p.pos()
	return p.constants(pos, p.inParens())
}

// constants gives the values of a type's modifiers.
func (p *parser) constants(pos Pos, list []Expr) []int {
	mods := make([]int, 0, len(list))
	for _, e := range list {
		n, ok := e.(*IntLit)
		if !ok || int64(int32(n.Value)) != n.Value {
			p.fail(sqlstate.SyntaxError, pos, "type modifiers must be simple constants or identifiers")
		}
		mods = append(mods, int(n.Value))
	}
	return mods
}

// floatType parses FLOAT(n): n binary digits of precision.
func (p *parser) floatType(typ *TypeName) {
	typ.Name = "float8"
	if !p.acceptSelf("(") {
		return
	}
	pos := p.pos()
	switch n := p.intConst(); {
	case n < 1:
		p.fail(sqlstate.InvalidParameterValue, pos, "precision for type float must be at least 1 bit")
	case n <= 24:
		typ.Name = "float4"
	case n > 53:
		p.fail(sqlstate.InvalidParameterValue, pos, "precision for type float must be less than 54 bits")
	}
	p.expectSelf(")")
}

// characterType parses VARCHAR, CHAR [VARYING] and their synonyms, with a length.
func (p *parser) characterType(typ *TypeName, literal bool) {
	typ.Name = "bpchar"
	switch p.advance().text {
	case "varchar":
		typ.Name = "varchar"
	case "national":
		if p.acceptOne("character", "char") == "" {
			p.unexpected()
		}
	}
	if typ.Name == "bpchar" && p.accept("varying") {
		typ.Name = "varchar"
	}
	switch {
	case p.acceptSelf("("):
		typ.Mods = []int{p.intConst()}
		p.expectSelf(")")
	case typ.Name == "bpchar" && !literal:
		typ.Mods = []int{1}
	}
}

// bitType parses [VARYING] [(n)] after BIT.
func (p *parser) bitType(typ *TypeName, literal bool) {
	typ.Name = "bit"
	if p.accept("varying") {
		typ.Name = "varbit"
	}
	typ.Mods = p.modifiers()
	if typ.Mods == nil && typ.Name == "bit" && !literal {
		typ.Mods = []int{1}
	}
}

// timeType parses [(p)] [WITH|WITHOUT TIME ZONE] after TIME or TIMESTAMP.
func (p *parser) timeType(word string, typ *TypeName) {
	typ.Name = word
	if p.acceptSelf("(") {
		typ.Mods = []int{p.intConst()}
		p.expectSelf(")")
	}
	if p.is("without") || p.is("with") && p.peek(1).is("time") {
		if p.advance().text == "with" {
			typ.Name += "tz"
		}
		p.expect("time", "zone")
	}
}

// intervalType parses [fields] or (p) after INTERVAL. In a literal the fields come after the string.
func (p *parser) intervalType(typ *TypeName, literal bool) {
	typ.Name = "interval"
	if p.acceptSelf("(") {
		typ.Mods = []int{p.intConst()}
		p.expectSelf(")")
		return
	}
	if !literal {
		p.intervalFields(typ)
	}
}

// intervalFields parses YEAR, DAY TO SECOND(p) and the like.
func (p *parser) intervalFields(typ *TypeName) {
	from := p.acceptOne("year", "month", "day", "hour", "minute", "second")
	typ.IntervalFields = from
	last := from
	if p.is("to") {
		var to string
		switch from {
		case "year":
			to = p.toField("month")
		case "day":
			to = p.toField("hour", "minute", "second")
		case "hour":
			to = p.toField("minute", "second")
		case "minute":
			to = p.toField("second")
		}
		if to != "" {
			typ.IntervalFields = from + " to " + to
			last = to
		}
	}
	if last == "second" && p.acceptSelf("(") {
		typ.Mods = []int{p.intConst()}
		p.expectSelf(")")
	}
}

// toField parses TO and one of the fields.
func (p *parser) toField(fields ...string) string {
	p.advance()
	f := p.acceptOne(fields...)
	if f == "" {
		p.unexpected()
	}
	return f
}

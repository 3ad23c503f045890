package parser

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// specialExpr parses what begins with a keyword of the class columnName and has a grammar of its own: a literal of a built-in type, or a function
// with words between its arguments. It gives nil when the word is just a column's name.
func (p *parser) specialExpr(t *token) Expr {
	if p.atTypedLiteral(t) {
		return p.typedLiteral()
	}
	if t.text == "exists" && p.peek(1).isSelf("(") {
		p.advance()
		return &Exists{Pos: t.pos, Query: p.subquery()}
	}
	if !p.peek(1).isSelf("(") {
		return nil
	}
	switch t.text {
	case "coalesce":
		p.advance()
		return &Coalesce{Pos: t.pos, Args: p.inParens()}
	case "greatest", "least":
		p.advance()
		return &MinMax{Pos: t.pos, Least: t.text == "least", Args: p.inParens()}
	case "grouping":
		p.advance()
		return &Grouping{Pos: t.pos, Args: p.inParens()}
	case "row":
		p.advance()
		p.advance()
		r := &Row{Pos: t.pos, Explicit: true}
		if !p.isSelf(")") {
			r.Fields = p.expressions()
		}
		p.expectSelf(")")
		return r
	case "nullif":
		p.advance()
		p.advance()
		n := &NullIf{Pos: t.pos, Left: p.expression()}
		p.expectSelf(",")
		n.Right = p.expression()
		p.expectSelf(")")
		return n
	case "treat":
		p.unsupported(t.pos, "TREAT")
	}
	if strings.HasPrefix(t.text, "xml") {
		p.unsupported(t.pos, strings.ToUpper(t.text))
	}
	if f := p.wordyCall(t); f != nil {
		return f
	}
	p.advance()
	p.unexpected()
	return nil
}

// inParens parses (a, b, …).
func (p *parser) inParens() []Expr {
	p.expectSelf("(")
	list := p.expressions()
	p.expectSelf(")")
	return list
}

// wordyCall parses EXTRACT, POSITION, SUBSTRING, OVERLAY, TRIM and NORMALIZE, or gives nil.
func (p *parser) wordyCall(t *token) Expr {
	f := &FuncCall{Pos: t.pos, Name: t.text, SQLSyntax: true}
	var parse func(*FuncCall)
	switch t.text {
	case "extract":
		parse = p.extract
	case "position":
		parse = p.position
	case "substring":
		parse = p.substring
	case "overlay":
		parse = p.overlay
	case "trim":
		parse = p.trim
	case "normalize":
		parse = p.normalize
	default:
		return nil
	}
	p.advance()
	p.expectSelf("(")
	parse(f)
	p.expectSelf(")")
	return f
}

// extract parses field FROM x.
func (p *parser) extract(f *FuncCall) {
	t := p.cur()
	if t.kind != tokIdent && t.kind != tokString && !p.isAny("year", "month", "day", "hour", "minute", "second") {
		p.unexpected()
	}
	p.advance()
	p.expect("from")
	f.Args = []Expr{&StringLit{Pos: t.pos, Value: t.text}, p.expression()}
}

// position parses a IN x.
func (p *parser) position(f *FuncCall) {
	what := p.restricted()
	p.expect("in")
	f.Args = []Expr{p.restricted(), what}
}

// substring parses x FROM a [FOR n], x FOR n [FROM a], x SIMILAR p ESCAPE e, or an ordinary argument list.
func (p *parser) substring(f *FuncCall) {
	outer := p.similar
	p.similar = p.depth + 1
	plain := p.plainArguments(f)
	p.similar = outer
	if plain {
		return
	}
	x := f.Args[0]
	switch {
	case p.accept("from"):
		f.Args = []Expr{x, p.expression()}
		if p.accept("for") {
			f.Args = append(f.Args, p.expression())
		}
	case p.is("for"):
		pos := p.advance().pos
		n := p.expression()
		if p.accept("from") {
			f.Args = []Expr{x, p.expression(), n}
			return
		}
		length := &Cast{Pos: pos, Arg: n, Type: &TypeName{Pos: pos, Name: "int4"}, Form: CastFunction}
		f.Args = []Expr{x, &IntLit{Pos: pos, Value: 1}, length}
	case p.accept("similar"):
		pattern := p.expression()
		p.expect("escape")
		f.Args = []Expr{x, pattern, p.expression()}
	default:
		p.unexpected()
	}
}

// overlay parses x PLACING y FROM a [FOR n], or an ordinary argument list.
func (p *parser) overlay(f *FuncCall) {
	if p.plainArguments(f) {
		return
	}
	x := f.Args[0]
	p.expect("placing")
	y := p.expression()
	p.expect("from")
	f.Args = []Expr{x, y, p.expression()}
	if p.accept("for") {
		f.Args = append(f.Args, p.expression())
	}
}

// plainArguments parses an ordinary argument list, up to but without the closing parenthesis, for functions that can be called without words too.
// After the first argument it stops, and gives false, if a word follows.
func (p *parser) plainArguments(f *FuncCall) bool {
	if p.isSelf(")") {
		f.SQLSyntax = false
		return true
	}
	f.Args = []Expr{p.argument(nil)}
	if !p.isSelf(",") && !p.isSelf(")") {
		return false
	}
	f.SQLSyntax = false
	for p.acceptSelf(",") {
		f.Args = append(f.Args, p.argument(f.Args))
	}
	return true
}

// trim parses [BOTH|LEADING|TRAILING] [characters] FROM x, or x [, characters].
func (p *parser) trim(f *FuncCall) {
	f.Name = "btrim"
	switch p.acceptOne("both", "leading", "trailing") {
	case "leading":
		f.Name = "ltrim"
	case "trailing":
		f.Name = "rtrim"
	}
	if p.accept("from") {
		f.Args = p.expressions()
		return
	}
	first := p.expression()
	if p.accept("from") {
		f.Args = append(p.expressions(), first)
		return
	}
	f.Args = []Expr{first}
	if p.acceptSelf(",") {
		f.Args = append(f.Args, p.expressions()...)
	}
}

// normalize parses x [, form].
func (p *parser) normalize(f *FuncCall) {
	f.Args = []Expr{p.expression()}
	if p.acceptSelf(",") {
		if !p.isAny("nfc", "nfd", "nfkc", "nfkd") {
			p.unexpected()
		}
		t := p.advance()
		f.Args = append(f.Args, &StringLit{Pos: t.pos, Value: strings.ToUpper(t.text)})
	}
}

// collationFor parses COLLATION FOR (x).
func (p *parser) collationFor() Expr {
	f := &FuncCall{Pos: p.pos(), Name: "pg_collation_for", SQLSyntax: true}
	p.expect("collation", "for")
	p.expectSelf("(")
	f.Args = []Expr{p.expression()}
	p.expectSelf(")")
	return f
}

// perhapsOverlaps parses OVERLAPS if it stands after a row; elsewhere it is an error.
func (p *parser) perhapsOverlaps(e Expr) Expr {
	if row, ok := e.(*Row); ok && p.is("overlaps") {
		return p.overlaps(row)
	}
	return e
}

// overlaps parses OVERLAPS and the row after it.
func (p *parser) overlaps(left *Row) Expr {
	pos := p.advance().pos
	if !p.isSelf("(") && !(p.is("row") && p.peek(1).isSelf("(")) {
		p.unexpected()
	}
	right, ok := p.primary().(*Row)
	if !ok {
		p.unexpected()
	}
	for side, row := range []*Row{left, right} {
		if len(row.Fields) != 2 {
			p.fail(sqlstate.SyntaxError, row.Pos, "wrong number of parameters on %s side of OVERLAPS expression", [...]string{"left", "right"}[side])
		}
	}
	args := []Expr{left.Fields[0], left.Fields[1], right.Fields[0], right.Fields[1]}
	return &FuncCall{Pos: pos, Name: "overlaps", Args: args, SQLSyntax: true}
}

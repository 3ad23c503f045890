package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// call parses a function call from its opening parenthesis on.
func (p *parser) call(pos Pos, parts []string) Expr {
	name := p.functionName(pos, parts)
	f := &FuncCall{Pos: pos, Schema: name.Schema, Name: name.Name}
	p.arguments(f)
	p.callTail(f)
	return f
}

// arguments parses (…) of a function call.
func (p *parser) arguments(f *FuncCall) {
	p.expectSelf("(")
	switch {
	case p.acceptSelf(")"):
		return
	case p.cur().isOp("*"):
		p.advance()
		f.Star = true
		p.expectSelf(")")
		return
	case p.accept("distinct"):
		f.Distinct = true
	default:
		p.accept("all")
	}
	for {
		f.Variadic = p.accept("variadic")
		f.Args = append(f.Args, p.argument(f.Args))
		if f.Variadic || !p.acceptSelf(",") {
			break
		}
	}
	f.OrderBy = p.orderBy()
	p.expectSelf(")")
}

// argument parses an argument, perhaps with its name. before are the ones before it.
func (p *parser) argument(before []Expr) Expr {
	t := p.cur()
	if next := p.peek(1); !t.funcName() || !next.isSelf("=>") && !next.isSelf(":=") {
		e := p.expression()
		if n := len(before); n > 0 {
			if _, named := before[n-1].(*NamedArg); named {
				p.fail(sqlstate.SyntaxError, Location(e), "positional argument cannot follow named argument")
			}
		}
		return e
	}
	for _, e := range before {
		if named, ok := e.(*NamedArg); ok && named.Name == t.text {
			p.fail(sqlstate.SyntaxError, t.pos, `argument name "%s" used more than once`, t.text)
		}
	}
	p.advance()
	p.advance()
	return &NamedArg{Pos: t.pos, Name: t.text, Value: p.expression()}
}

// callTail parses WITHIN GROUP, FILTER and OVER.
func (p *parser) callTail(f *FuncCall) {
	if p.is("within") {
		pos := p.advance().pos
		p.expect("group")
		p.expectSelf("(")
		switch {
		case f.OrderBy != nil:
			p.fail(sqlstate.SyntaxError, pos, "cannot use multiple ORDER BY clauses with WITHIN GROUP")
		case f.Distinct:
			p.fail(sqlstate.SyntaxError, pos, "cannot use DISTINCT with WITHIN GROUP")
		case f.Variadic:
			p.fail(sqlstate.SyntaxError, pos, "cannot use VARIADIC with WITHIN GROUP")
		case !p.is("order"):
			p.unexpected()
		}
		f.WithinGroup = p.orderBy()
		p.expectSelf(")")
	}
	if p.accept("filter") {
		p.expectSelf("(")
		p.expect("where")
		f.Filter = p.expression()
		p.expectSelf(")")
	}
	if p.is("over") {
		pos := p.advance().pos
		if p.isSelf("(") {
			f.Over = p.windowSpec()
			return
		}
		f.Over = &WindowSpec{Pos: pos, Name: p.colID().Name}
	}
}

// windowSpec parses ([base] [PARTITION BY …] [ORDER BY …] [frame]).
func (p *parser) windowSpec() *WindowSpec {
	p.enter()
	defer p.leave()
	w := &WindowSpec{Pos: p.pos()}
	p.expectSelf("(")
	if p.cur().colID() && !p.isAny("partition", "range", "rows", "groups") {
		w.Base = p.colID().Name
	}
	if p.accept("partition") {
		p.expect("by")
		w.PartitionBy = p.expressions()
	}
	w.OrderBy = p.orderBy()
	if p.isAny("range", "rows", "groups") {
		w.Frame = p.frame()
	}
	p.expectSelf(")")
	return w
}

// frame parses RANGE|ROWS|GROUPS start | BETWEEN start AND end [EXCLUDE …].
func (p *parser) frame() *Frame {
	t := p.advance()
	f := &Frame{Pos: t.pos, Mode: t.text}
	if p.accept("between") {
		f.Start = p.frameBound()
		p.expect("and")
		end := p.frameBound()
		f.End = &end
	} else {
		f.Start = p.frameBound()
	}
	p.checkFrame(f)
	if p.accept("exclude") {
		switch {
		case p.accept("current"):
			p.expect("row")
			f.Exclude = "current row"
		case p.accept("no"):
			p.expect("others")
			f.Exclude = "no others"
		case p.isAny("group", "ties"):
			f.Exclude = p.advance().text
		default:
			p.unexpected()
		}
	}
	return f
}

// frameBound parses one end of a frame.
func (p *parser) frameBound() FrameBound {
	b := FrameBound{Pos: p.pos()}
	switch {
	case p.is("unbounded") && (p.peek(1).is("preceding") || p.peek(1).is("following")):
		p.advance()
		b.Kind = "unbounded " + p.advance().text
		return b
	case p.are("current", "row"):
		p.accept("current", "row")
		b.Kind = "current row"
		return b
	}
	b.Offset = p.expression()
	if !p.isAny("preceding", "following") {
		p.unexpected()
	}
	b.Kind = p.advance().text
	return b
}

// checkFrame refuses frames that cannot be, in PostgreSQL's words.
func (p *parser) checkFrame(f *Frame) {
	const windowing = sqlstate.Code("42P20")
	start := f.Start.Kind
	if start == "unbounded following" {
		p.fail(windowing, f.Start.Pos, "frame start cannot be UNBOUNDED FOLLOWING")
	}
	if f.End == nil {
		if start == "following" {
			p.fail(windowing, f.Start.Pos, "frame starting from following row cannot end with current row")
		}
		return
	}
	switch end := f.End.Kind; {
	case end == "unbounded preceding":
		p.fail(windowing, f.End.Pos, "frame end cannot be UNBOUNDED PRECEDING")
	case start == "current row" && end == "preceding":
		p.fail(windowing, f.End.Pos, "frame starting from current row cannot have preceding rows")
	case start == "following" && (end == "preceding" || end == "current row"):
		p.fail(windowing, f.End.Pos, "frame starting from following row cannot have preceding rows")
	}
}

package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// copy parses COPY.
func (p *parser) copy() Statement {
	c := &Copy{Pos: p.advance().pos}
	if p.isSelf("(") {
		p.advance()
		c.Query = p.preparable(true)
		p.expectSelf(")")
		p.expect("to")
		p.copyFile(c)
		p.accept("with")
		p.copyOptions(c)
		return c
	}
	if p.is("binary") {
		c.Options = append(c.Options, p.word("format", p.advance()))
	}
	c.Table = &Table{ObjectName: p.objectName()}
	c.Columns = p.optionalNames()
	c.From = p.is("from")
	if !c.From && !p.is("to") {
		p.unexpected()
	}
	p.advance()
	p.copyFile(c)
	if p.isAny("using", "delimiters") {
		pos := p.pos()
		p.accept("using")
		p.expect("delimiters")
		c.Options = append(c.Options, Option{Pos: pos, Name: "delimiter", Value: p.copyString()})
	}
	p.accept("with")
	p.copyOptions(c)
	if pos := p.pos(); p.is("where") {
		c.Where = p.where()
		if !c.From {
			panic(bailout{sqlstate.New(sqlstate.SyntaxError, "WHERE clause not allowed with COPY TO").At(int(pos))})
		}
	}
	return c
}

// copyFile parses [PROGRAM] 'file' | STDIN | STDOUT.
func (p *parser) copyFile(c *Copy) {
	c.Program = p.accept("program")
	if c.Std = p.acceptOne("stdin", "stdout") != ""; !c.Std {
		c.File = p.stringConst()
		return
	}
	if c.Program {
		p.fail(sqlstate.SyntaxError, 0, "STDIN/STDOUT not allowed with PROGRAM")
	}
}

// word makes an option whose value is a word.
func (p *parser) word(name string, t *token) Option {
	return Option{Pos: t.pos, Name: name, Value: &StringLit{Pos: t.pos, Value: t.text}}
}

// copyString parses a string as the value of an option.
func (p *parser) copyString() Expr {
	pos := p.pos()
	return &StringLit{Pos: pos, Value: p.stringConst()}
}

// copyOptions parses the options in either form.
func (p *parser) copyOptions(c *Copy) {
	if !p.isSelf("(") {
		p.oldCopyOptions(c)
		return
	}
	p.advance()
	for {
		name := p.label()
		o := Option{Pos: name.Pos, Name: name.Name}
		if !p.isSelf(",") && !p.isSelf(")") {
			o.Value = p.copyValue()
		}
		c.Options = append(c.Options, o)
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
}

// copyValue parses a word, string, number, * or a list of words in parentheses.
func (p *parser) copyValue() Expr {
	pos := p.pos()
	switch {
	case p.cur().isOp("*"):
		p.advance()
		return &Star{Pos: pos}
	case p.acceptSelf("("):
		r := &Row{Pos: pos}
		for {
			t := p.cur()
			if t.kind != tokString && !t.nonReserved() && !p.isAny("true", "false", "on") {
				p.unexpected()
			}
			r.Fields = append(r.Fields, p.settingValue())
			if !p.acceptSelf(",") {
				break
			}
		}
		p.expectSelf(")")
		return r
	}
	return p.settingValue()
}

// oldCopyOptions parses CSV HEADER DELIMITER AS ',' and the like, in any order.
func (p *parser) oldCopyOptions(c *Copy) {
	for {
		t := p.cur()
		if t.kind != tokKeyword {
			return
		}
		switch t.text {
		case "binary", "csv":
			p.advance()
			c.Options = append(c.Options, p.word("format", t))
		case "freeze", "header":
			p.advance()
			c.Options = append(c.Options, Option{Pos: t.pos, Name: t.text, Value: &StringLit{Pos: t.pos, Value: "true"}})
		case "delimiter", "null", "quote", "escape":
			p.advance()
			p.accept("as")
			c.Options = append(c.Options, Option{Pos: t.pos, Name: t.text, Value: p.copyString()})
		case "encoding":
			p.advance()
			c.Options = append(c.Options, Option{Pos: t.pos, Name: t.text, Value: p.copyString()})
		case "force":
			c.Options = append(c.Options, p.forceOption())
		default:
			return
		}
	}
}

// forceOption parses FORCE QUOTE columns|*, FORCE [NOT] NULL columns.
func (p *parser) forceOption() Option {
	o := Option{Pos: p.advance().pos}
	switch {
	case p.accept("quote"):
		o.Name = "force_quote"
	case p.accept("not", "null"):
		o.Name = "force_not_null"
	default:
		p.expect("null")
		o.Name = "force_null"
	}
	pos := p.pos()
	if o.Name == "force_quote" && p.cur().isOp("*") {
		p.advance()
		o.Value = &Star{Pos: pos}
		return o
	}
	r := &Row{Pos: pos}
	for {
		c := p.colID()
		r.Fields = append(r.Fields, &StringLit{Pos: c.Pos, Value: c.Name})
		if !p.acceptSelf(",") {
			break
		}
	}
	o.Value = r
	return o
}

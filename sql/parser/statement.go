package parser

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// statement parses one statement.
func (p *parser) statement() Statement {
	t := p.cur()
	if p.isSelf("(") || p.atQueryWord() {
		return p.preparable(true)
	}
	if t.kind != tokKeyword {
		p.unexpected()
	}
	switch t.text {
	case "insert", "update", "delete":
		return p.preparable(true)
	case "truncate":
		return p.truncate()
	case "copy":
		return p.copy()
	case "create":
		return p.create()
	case "alter":
		return p.alter()
	case "drop":
		return p.drop()
	case "call":
		return p.callStatement()
	case "explain":
		return p.explain()
	}
	if s := p.sessionStatement(t); s != nil {
		return s
	}
	p.refuseStatement(t)
	return nil
}

// sessionStatement parses statements about settings and transactions, or gives nil.
func (p *parser) sessionStatement(t *token) Statement {
	switch t.text {
	case "set":
		return p.set()
	case "show":
		p.advance()
		return &Show{Pos: t.pos, Name: p.settingOrAll()}
	case "reset":
		p.advance()
		if p.are("session", "authorization") {
			p.unsupported(t.pos, "RESET SESSION AUTHORIZATION")
		}
		return &Reset{Pos: t.pos, Name: p.settingOrAll()}
	case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release":
		return p.transaction(t)
	}
	return nil
}

// refuseStatement refuses a statement of PostgreSQL's that this parser does not know with 0A000, and all else as a syntax error.
func (p *parser) refuseStatement(t *token) {
	switch t.text {
	case "analyse", "analyze", "checkpoint", "close", "cluster", "comment", "deallocate", "declare", "discard", "do", "execute", "fetch", "grant",
		"listen", "load", "lock", "merge", "move", "notify", "prepare", "reassign", "refresh", "reindex", "revoke", "unlisten", "vacuum":
		p.unsupported(t.pos, strings.ToUpper(t.text))
	case "import":
		p.unsupported(t.pos, "IMPORT FOREIGN SCHEMA")
	case "security":
		p.unsupported(t.pos, "SECURITY LABEL")
	}
	p.unexpected()
}

// callStatement parses CALL f(args).
func (p *parser) callStatement() Statement {
	c := &Call{Pos: p.advance().pos}
	t := p.cur()
	if !t.funcName() && !(t.colID() && p.peek(1).isSelf(".")) {
		p.unexpected()
	}
	parts := []string{p.advance().text}
	for p.acceptSelf(".") {
		parts = append(parts, p.label().Name)
	}
	name := p.functionName(t.pos, parts)
	c.Func = &FuncCall{Pos: t.pos, Schema: name.Schema, Name: name.Name}
	p.arguments(c.Func)
	return c
}

// explain parses EXPLAIN [ANALYZE] [VERBOSE] | (options) statement.
func (p *parser) explain() Statement {
	p.enter()
	defer p.leave()
	e := &Explain{Pos: p.advance().pos}
	if next := p.peek(1); p.isSelf("(") && !next.isSelf("(") && !next.isSelf(")") && !p.queryAfterParen() {
		e.Options = p.explainOptions()
	} else {
		if pos := p.pos(); p.acceptOne("analyze", "analyse") != "" {
			e.Options = append(e.Options, Option{Pos: pos, Name: "analyze"})
		}
		if pos := p.pos(); p.accept("verbose") {
			e.Options = append(e.Options, Option{Pos: pos, Name: "verbose"})
		}
	}
	switch t := p.cur(); {
	case p.isSelf("("), p.atQueryWord(), p.isAny("insert", "update", "delete"):
		e.Statement = p.preparable(true)
	case p.is("create"):
		s, ok := p.create().(*CreateTable)
		if !ok || s.As == nil {
			p.unexpectedAt(t)
		}
		e.Statement = s
	case p.isAny("declare", "execute", "merge", "refresh"):
		p.unsupported(t.pos, "EXPLAIN "+strings.ToUpper(t.text))
	default:
		p.unexpected()
	}
	return e
}

// queryAfterParen reports whether the current parenthesis begins a query.
func (p *parser) queryAfterParen() bool {
	next := p.peek(1)
	return next.is("select") || next.is("with") || next.is("table") || next.is("values") && p.peek(2).isSelf("(")
}

// explainOptions parses (ANALYZE, VERBOSE off, FORMAT json …).
func (p *parser) explainOptions() []Option {
	p.expectSelf("(")
	var list []Option
	for {
		t := p.cur()
		if !t.nonReserved() && !p.isAny("analyze", "analyse") {
			p.unexpected()
		}
		p.advance()
		o := Option{Pos: t.pos, Name: t.text}
		if o.Name == "analyse" {
			o.Name = "analyze"
		}
		if !p.isSelf(",") && !p.isSelf(")") {
			o.Value = p.settingValue()
		}
		list = append(list, o)
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

// set parses SET [SESSION|LOCAL] name TO value, SET TIME ZONE and SET TRANSACTION.
func (p *parser) set() Statement {
	s := &Set{Pos: p.advance().pos}
	if next := p.peek(1); !next.isOp("=") && !next.is("to") && !next.isSelf(".") {
		s.Local = p.acceptOne("session", "local") == "local"
	}
	pos := p.pos()
	switch {
	case p.accept("time", "zone"):
		s.Name = "timezone"
		p.zoneValue(s)
		return s
	case p.accept("transaction"):
		if p.is("snapshot") {
			p.unsupported(pos, "SET TRANSACTION SNAPSHOT")
		}
		tx := &Transaction{Pos: s.Pos, Kind: SetTransaction, Modes: p.transactionModes()}
		if tx.Modes == nil {
			p.unexpected()
		}
		return tx
	case p.is("characteristics"), p.is("constraints"), p.is("role"), p.are("authorization"), p.are("xml", "option"), p.is("catalog"):
		if next := p.peek(1); !next.isOp("=") && !next.is("to") {
			p.unsupported(pos, "SET "+strings.ToUpper(p.cur().text))
		}
	case p.is("schema") && p.peek(1).kind == tokString:
		p.advance()
		s.Name, s.Values = "search_path", []Expr{p.settingValue()}
		return s
	case p.is("names") && (p.peek(1).kind == tokString || p.peek(1).is("default") || p.peek(1).kind == tokEnd || p.peek(1).isSelf(";")):
		p.advance()
		s.Name = "client_encoding"
		if p.cur().kind == tokString {
			s.Values = []Expr{p.settingValue()}
		} else {
			p.accept("default")
		}
		return s
	}
	s.Name = p.settingName()
	if p.accept("from") {
		p.expect("current")
		p.unsupported(pos, "SET … FROM CURRENT")
	}
	if !p.accept("to") {
		p.expectOp("=")
	}
	if p.accept("default") {
		return s
	}
	for {
		s.Values = append(s.Values, p.settingValue())
		if !p.acceptSelf(",") {
			return s
		}
	}
}

// zoneValue parses the value of SET TIME ZONE. DEFAULT and LOCAL leave Values empty.
func (p *parser) zoneValue(s *Set) {
	switch t := p.cur(); {
	case p.accept("default"), p.accept("local"):
	case t.is("interval"):
		field := p.peek(2).pos
		c, _ := p.typedLiteral().(*Cast)
		if f := c.Type.IntervalFields; f != "" && f != "hour" && f != "hour to minute" {
			p.fail(sqlstate.SyntaxError, field, "time zone interval must be HOUR or HOUR TO MINUTE")
		}
		s.Values = []Expr{c}
	case t.kind == tokIdent:
		p.advance()
		s.Values = []Expr{&StringLit{Pos: t.pos, Value: t.text}}
	case t.kind == tokString, t.kind == tokInt, t.kind == tokNumber, t.isOp("-"), t.isOp("+"):
		s.Values = []Expr{p.settingValue()}
	default:
		p.unexpected()
	}
}

// settingName parses name or a.b.c.
func (p *parser) settingName() string {
	parts := []string{p.colID().Name}
	for p.acceptSelf(".") {
		parts = append(parts, p.colID().Name)
	}
	return strings.Join(parts, ".")
}

// settingOrAll parses what SHOW and RESET name.
func (p *parser) settingOrAll() string {
	switch {
	case p.accept("all"):
		return "all"
	case p.accept("time", "zone"):
		return "timezone"
	case p.accept("transaction", "isolation", "level"):
		return "transaction_isolation"
	case p.are("session", "authorization"):
		p.accept("session", "authorization")
		return "session_authorization"
	}
	return p.settingName()
}

// settingValue parses a word, string or number.
func (p *parser) settingValue() Expr {
	t := p.cur()
	switch {
	case t.kind == tokString, t.nonReserved(), p.isAny("true", "false", "on"):
		p.advance()
		return &StringLit{Pos: t.pos, Value: t.text}
	}
	return p.signedNumber()
}

// signedNumber parses a number with an optional sign.
func (p *parser) signedNumber() Expr {
	t := p.cur()
	sign := ""
	if t.isOp("-") || t.isOp("+") {
		sign = p.advance().text
	}
	n := p.cur()
	if n.kind != tokInt && n.kind != tokNumber {
		p.unexpected()
	}
	e := p.primary()
	if sign == "-" {
		return negate(e, t.pos)
	}
	return e
}

// transaction parses BEGIN, COMMIT and the like.
func (p *parser) transaction(t *token) Statement {
	p.advance()
	tx := &Transaction{Pos: t.pos}
	switch t.text {
	case "begin":
		p.acceptOne("work", "transaction")
		tx.Modes = p.transactionModes()
	case "start":
		p.expect("transaction")
		tx.Modes = p.transactionModes()
	case "commit", "end":
		if t.text == "commit" && p.is("prepared") {
			p.unsupported(t.pos, "COMMIT PREPARED")
		}
		tx.Kind = Commit
		p.acceptOne("work", "transaction")
		tx.Chain = p.chain()
	case "savepoint":
		tx.Kind, tx.Savepoint = Savepoint, p.colID().Name
	case "release":
		p.accept("savepoint")
		tx.Kind, tx.Savepoint = ReleaseSavepoint, p.colID().Name
	default: // rollback, abort
		if t.text == "rollback" && p.is("prepared") {
			p.unsupported(t.pos, "ROLLBACK PREPARED")
		}
		tx.Kind = Rollback
		p.acceptOne("work", "transaction")
		if t.text == "rollback" && p.accept("to") {
			p.accept("savepoint")
			tx.Kind, tx.Savepoint = RollbackToSavepoint, p.colID().Name
			return tx
		}
		tx.Chain = p.chain()
	}
	return tx
}

// chain parses an optional AND [NO] CHAIN.
func (p *parser) chain() bool {
	if !p.accept("and") {
		return false
	}
	no := p.accept("no")
	p.expect("chain")
	return !no
}

// transactionModes parses a list of modes, with or without commas between them.
func (p *parser) transactionModes() []string {
	var modes []string
	for {
		comma := modes != nil && p.acceptSelf(",")
		switch {
		case p.accept("isolation"):
			p.expect("level")
			modes = append(modes, "isolation level "+p.isolationLevel())
		case p.accept("read"):
			word := p.acceptOne("only", "write")
			if word == "" {
				p.unexpected()
			}
			modes = append(modes, "read "+word)
		case p.accept("deferrable"):
			modes = append(modes, "deferrable")
		case p.accept("not"):
			p.expect("deferrable")
			modes = append(modes, "not deferrable")
		case comma:
			p.unexpected()
		default:
			return modes
		}
	}
}

// isolationLevel parses the words of an isolation level.
func (p *parser) isolationLevel() string {
	switch {
	case p.accept("serializable"):
		return "serializable"
	case p.accept("repeatable"):
		p.expect("read")
		return "repeatable read"
	}
	p.expect("read")
	word := p.acceptOne("committed", "uncommitted")
	if word == "" {
		p.unexpected()
	}
	return "read " + word
}

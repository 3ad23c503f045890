package parser

import (
	"math"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

const (
	// maxDepth bounds the nesting of parentheses, sub-queries, joins and operators that the parser descends into.
	maxDepth = 1000
	// maxHeight bounds the height of a tree, which also grows in loops: a + b + c + … is as high as it is long. Recursive walks of later layers
	// need a few hundred bytes of stack a level; PostgreSQL's default of 2 MB gives out at about this height.
	maxHeight = 10000
)

// parser walks over the tokens of a text. Its methods report errors by a panic with a bailout, which Parse turns into its result: a parser's
// every line can fail, and the grammar would drown in checks.
type parser struct {
	src     string
	lexer   lexer
	toks    []token // a window: some that were read, the current one and those that were looked ahead at
	i       int     // the current token
	budget  func(bytes int64) error
	depth   int // nesting of the current place
	height  int // height of the highest tree parsed in the current expression
	similar int // the depth at which an expression is the first argument of SUBSTRING, which SIMILAR ends; 0 elsewhere
	labels  int // the depth at which an expression is an output column, where AND and its like may also be a label; 0 elsewhere
}

// bailout carries an error out of the depths of the parser.
type bailout struct{ err error }

// Parse parses a text of any number of statements separated by semicolons. The error is a *sqlstate.Error, 42601 for most, whose position counts in
// sql; nothing is returned beside an error.
func Parse(sql string) ([]Stmt, error) { return ParseWithin(sql, nil) }

// ParseWithin is Parse that asks budget, now and then, for the memory that the trees take, in bytes, about; an error of budget ends the parsing, and is
// returned.
func ParseWithin(sql string, budget func(bytes int64) error) ([]Stmt, error) {
	var stmts []Stmt
	err := run(sql, budget, func(p *parser) {
		for {
			for p.acceptSelf(";") {
			}
			if p.cur().kind == tokEnd {
				return
			}
			stmts = append(stmts, p.oneStatement())
			if t := p.cur(); t.kind != tokEnd && !t.isSelf(";") {
				p.unexpected()
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return stmts, nil
}

// ParseExpr parses a text that is one expression, such as a column's stored default or check. Positions count in that text.
func ParseExpr(sql string) (Expr, error) {
	var e Expr
	err := run(sql, nil, func(p *parser) {
		e = p.expression()
		if p.cur().kind != tokEnd {
			p.unexpected()
		}
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// run gives parse a parser at the first token of sql, and returns the error with which it bails out.
func run(sql string, budget func(int64) error, parse func(p *parser)) (err error) {
	p := &parser{src: sql, lexer: newLexer(sql, budget), budget: budget}
	// A token takes four to five bytes of a typical statement; a long text may be one long string.
	p.toks = make([]token, 0, min(len(sql)/5+8, window))
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(bailout)
			if !ok {
				panic(r)
			}
			err = b.err
		}
	}()
	p.read()
	p.checkToken()
	parse(p)
	return nil
}

const (
	// window is the number of tokens that are held at a time. A text of a million values is one of several million tokens.
	window = 1024
	// behind is how many of those before the current one are kept.
	behind = 4
	// perToken is the memory of the tree that a token brings with it, in bytes, about: a literal in a list is a node and its place in the list.
	perToken = 48
)

// read adds a token to the window, and tells the budget of the tree now and then.
func (p *parser) read() {
	if len(p.toks) == cap(p.toks) {
		first := max(0, p.i-behind)
		kept := p.toks[first:]
		p.toks = append(make([]token, 0, max(window, 2*len(kept))), kept...) // pointers into the old window stay good
		p.i -= first
		if p.budget != nil {
			if err := p.budget(window * perToken); err != nil {
				panic(bailout{err})
			}
		}
	}
	p.toks = append(p.toks, p.lexer.token())
}

// oneStatement parses a statement and notes its text.
func (p *parser) oneStatement() Stmt {
	p.depth, p.height, p.labels, p.similar = 0, 0, 0, 0
	first := p.cur()
	node := p.statement()
	end := p.toks[p.i-1].end
	return Stmt{Node: node, Text: p.src[first.start:end], Pos: first.pos}
}

// cur gives the current token.
func (p *parser) cur() *token { return &p.toks[p.i] }

// peek gives the token n after the current one, or the last.
func (p *parser) peek(n int) *token {
	for p.i+n >= len(p.toks) && !p.toks[len(p.toks)-1].last() {
		p.read()
	}
	return &p.toks[min(p.i+n, len(p.toks)-1)]
}

// pos gives the position of the current token.
func (p *parser) pos() Pos { return p.toks[p.i].pos }

// advance moves on and gives the token that was current.
func (p *parser) advance() *token {
	t := &p.toks[p.i]
	if !t.last() {
		p.peek(1)
		p.i++
		p.checkToken()
	}
	return t
}

// checkToken reports the lexer's error when the parser has come to it.
func (p *parser) checkToken() {
	if p.toks[p.i].kind == tokError {
		panic(bailout{p.lexer.err})
	}
}

// fail reports an error at a position.
func (p *parser) fail(code sqlstate.Code, pos Pos, format string, args ...any) {
	panic(bailout{sqlstate.New(code, format, args...).At(int(pos))})
}

// unsupported refuses what PostgreSQL's grammar knows and this parser has no tree for.
func (p *parser) unsupported(pos Pos, what string) {
	p.fail(sqlstate.FeatureNotSupported, pos, "%s is not supported", what)
}

// unexpected reports a syntax error at the current token.
func (p *parser) unexpected() { p.unexpectedAt(p.cur()) }

// unexpectedAt reports a syntax error at a token.
func (p *parser) unexpectedAt(t *token) {
	panic(bailout{near(p.src, t.start, t.end, t.pos, "syntax error")})
}

// is reports whether the current token is the keyword.
func (p *parser) is(word string) bool { return p.toks[p.i].is(word) }

// isAny reports whether the current token is one of the keywords.
func (p *parser) isAny(words ...string) bool {
	for _, w := range words {
		if p.toks[p.i].is(w) {
			return true
		}
	}
	return false
}

// are reports whether the next tokens are these keywords.
func (p *parser) are(words ...string) bool {
	for n, w := range words {
		if !p.peek(n).is(w) {
			return false
		}
	}
	return true
}

// accept consumes the keywords if they are all there.
func (p *parser) accept(words ...string) bool {
	if !p.are(words...) {
		return false
	}
	for range words {
		p.advance()
	}
	return true
}

// ifNotExists consumes IF NOT EXISTS. IF alone may be a name.
func (p *parser) ifNotExists() bool {
	if !p.are("if", "not") {
		return false
	}
	p.expect("if", "not", "exists")
	return true
}

// acceptOne consumes the current token if it is one of the keywords, and gives it, or "".
func (p *parser) acceptOne(words ...string) string {
	if !p.isAny(words...) {
		return ""
	}
	return p.advance().text
}

// expect consumes the keywords or fails at the first that is missing.
func (p *parser) expect(words ...string) {
	for _, w := range words {
		if !p.is(w) {
			p.unexpected()
		}
		p.advance()
	}
}

// isSelf reports whether the current token is the punctuation.
func (p *parser) isSelf(s string) bool { return p.toks[p.i].isSelf(s) }

// acceptSelf consumes the punctuation if it is there.
func (p *parser) acceptSelf(s string) bool {
	if !p.isSelf(s) {
		return false
	}
	p.advance()
	return true
}

// expectSelf consumes the punctuation or fails.
func (p *parser) expectSelf(s string) {
	if !p.acceptSelf(s) {
		p.unexpected()
	}
}

// expectOp consumes the operator or fails.
func (p *parser) expectOp(s string) {
	if !p.cur().isOp(s) {
		p.unexpected()
	}
	p.advance()
}

// colID parses a name of a table, column or the like.
func (p *parser) colID() Ident {
	if !p.cur().colID() {
		p.unexpected()
	}
	t := p.advance()
	return Ident{Pos: t.pos, Name: truncate(t.text)}
}

// label parses a name for which any word will do.
func (p *parser) label() Ident {
	if !p.cur().label() {
		p.unexpected()
	}
	t := p.advance()
	return Ident{Pos: t.pos, Name: t.text}
}

// stringConst parses a string literal.
func (p *parser) stringConst() string {
	if p.cur().kind != tokString {
		p.unexpected()
	}
	return p.advance().text
}

// intConst parses an integer that fits int32, as PostgreSQL's Iconst.
func (p *parser) intConst() int {
	if t := p.cur(); t.kind != tokInt || t.num > math.MaxInt32 {
		p.unexpected()
	}
	return int(p.advance().num)
}

// names parses (a, b, …).
func (p *parser) names() []Ident {
	p.expectSelf("(")
	var list []Ident
	for {
		list = append(list, p.colID())
		if !p.acceptSelf(",") {
			break
		}
	}
	p.expectSelf(")")
	return list
}

// optionalNames parses (a, b, …) if a parenthesis opens.
func (p *parser) optionalNames() []Ident {
	if !p.isSelf("(") {
		return nil
	}
	return p.names()
}

// objectName parses name or schema.name. PostgreSQL knows database.schema.name too, and has no more use for it than we do.
func (p *parser) objectName() ObjectName {
	first := p.colID()
	return p.restOfName(first)
}

// restOfName parses .name after the first part.
func (p *parser) restOfName(first Ident) ObjectName {
	name := ObjectName{Pos: first.Pos, Name: first.Name}
	if !p.isSelf(".") {
		return name
	}
	parts := []string{first.Name}
	for p.acceptSelf(".") {
		parts = append(parts, p.label().Name)
	}
	switch n := len(parts); {
	case n == 3:
		p.fail(sqlstate.FeatureNotSupported, first.Pos, `cross-database references are not implemented: "%s"`, strings.Join(parts, "."))
	case n > 3:
		p.fail(sqlstate.SyntaxError, first.Pos, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	}
	name.Schema, name.Name = parts[0], parts[1]
	return name
}

// enter goes a level deeper, and fails when that is too deep.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxDepth {
		p.tooDeep()
	}
}

// leave comes back from a level.
func (p *parser) leave() { p.depth-- }

// grow notes that the tree being built is a level higher.
func (p *parser) grow() {
	p.height++
	if p.height > maxHeight {
		p.tooDeep()
	}
}

func (p *parser) tooDeep() {
	panic(bailout{sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded").
		WithHint("The statement nests deeper than %d levels, or chains more than %d operators.", maxDepth, maxHeight)})
}

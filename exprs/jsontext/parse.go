package jsontext

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// MaxDepth is how many arrays and objects may be nested in one value that Canonical, ValidJSON and the Raw functions read. PostgreSQL's own limit is
// the size of its stack, which by default ends between 6,000 and 20,000 levels.
const MaxDepth = 6000

// ValidJSON checks text for type json, which keeps it as it is: the error is Canonical's, but \u0000, half surrogate pairs and huge numbers are
// allowed there.
func ValidJSON(s string) error { return parse(s, false, nil, nil) }

// parse checks s and, when w is not nil, writes it there in canonical form but for the order of keys. A watch, when there is one, is
// asked as the text is read; as the result grows, w asks its own.
func parse(s string, surrogates bool, w *writer, watch Watch) error {
	look := watcher{watch: watch}
	if err := checkEncoding(s, &look); err != nil {
		return err
	}
	p := parser{lexer: lexer{s: s, line: 1, surrogates: surrogates, look: look}, w: w}
	if err := p.next(); err != nil {
		return err
	}
	if err := p.value(); err != nil {
		return err
	}
	if p.kind != tokenEnd {
		return p.unexpected("Expected end of input, but found")
	}
	return nil
}

// parser is PostgreSQL's recursive descent. When a method starts, the lexer stands on the first token that it has to look at.
type parser struct {
	lexer
	depth int
	w     *writer
}

// unexpected reports the present token. wanted says what ought to stand there.
func (p *parser) unexpected(wanted string) error {
	if p.kind == tokenEnd {
		return p.fail(unexpectedEnd)
	}
	return p.fail(wanted + ` "` + p.token() + `".`)
}

func (p *parser) value() error {
	switch p.kind {
	case tokenOpenObject, tokenOpenArray:
		if p.depth++; p.depth > MaxDepth {
			return sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded").WithHint("JSON may be nested %d levels deep.", MaxDepth)
		}
		defer func() { p.depth-- }()
		if p.kind == tokenOpenObject {
			return p.object()
		}
		return p.array()
	case tokenString, tokenNumber, tokenWord:
		kind, token := p.kind, p.token()
		if err := p.next(); err != nil {
			return err
		}
		return p.w.scalar(kind, token)
	}
	return p.unexpected("Expected JSON value, but found")
}

func (p *parser) array() error {
	p.w.punctuation("[")
	if err := p.next(); err != nil {
		return err
	}
	if p.kind != tokenCloseArray {
		if err := p.list((*parser).value); err != nil {
			return err
		}
		if p.kind != tokenCloseArray {
			return p.unexpected(`Expected "," or "]", but found`)
		}
	}
	p.w.punctuation("]")
	return p.next()
}

// list reads items with commas between them.
func (p *parser) list(item func(*parser) error) error {
	for {
		if err := item(p); err != nil || p.kind != tokenComma {
			return err
		}
		if err := p.look.worked(p.end - p.start); err != nil {
			return err
		}
		if p.w != nil {
			if err := p.w.watcher.step(len(p.w.buf) + len(p.w.open)*memberBytes); err != nil {
				return err
			}
		}
		p.w.punctuation(", ")
		if err := p.next(); err != nil {
			return err
		}
	}
}

func (p *parser) object() error {
	object := p.w.openObject()
	if err := p.next(); err != nil {
		return err
	}
	if p.kind != tokenString && p.kind != tokenCloseObject {
		return p.unexpected(`Expected string or "}", but found`)
	}
	if p.kind != tokenCloseObject {
		if err := p.list((*parser).member); err != nil {
			return err
		}
		if p.kind != tokenCloseObject {
			return p.unexpected(`Expected "," or "}", but found`)
		}
	}
	p.w.closeObject(object)
	return p.next()
}

func (p *parser) member() error {
	if p.kind != tokenString {
		return p.unexpected("Expected string, but found")
	}
	key := p.token()
	if err := p.next(); err != nil {
		return err
	}
	if p.kind != tokenColon {
		return p.unexpected(`Expected ":", but found`)
	}
	if err := p.w.key(key); err != nil {
		return err
	}
	if err := p.next(); err != nil {
		return err
	}
	if err := p.value(); err != nil {
		return err
	}
	p.w.endMember()
	return nil
}

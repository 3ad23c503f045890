package arrowjson

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// fail makes the error for what is wrong at a byte of the text.
func (p *parser) fail(at int, format string, args ...any) *sqlstate.Error {
	return typeError(p.text, at, format, args...)
}

// failHere makes the error for the next token, and says what it is.
func (p *parser) failHere(format string, args ...any) *sqlstate.Error {
	p.space()
	at := p.pos
	if at == len(p.text) {
		return p.fail(at, format+", found the end of the text", args...)
	}
	found := p.word()
	if found == "" {
		_, n := utf8.DecodeRuneInString(p.text[at:])
		found = p.text[at : at+n]
	}
	p.pos = at
	return p.fail(at, format+`, found "%s"`, append(args, excerpt(found, 0))...)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isWord tells whether c belongs to a word: a name, a keyword (`non-null`), a unit (`µs`) or a number.
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c >= utf8.RuneSelf
}

// space moves over white space.
func (p *parser) space() {
	for p.pos < len(p.text) && isSpace(p.text[p.pos]) {
		p.pos++
	}
}

// word takes the word that begins here, "" if none does.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.text) && isWord(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

// nextWord moves over white space and takes the word that follows, with the byte at which it begins.
func (p *parser) nextWord() (at int, word string) {
	p.space()
	at = p.pos
	return at, p.word()
}

// peek moves over white space and gives the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.space(); p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// peekWord gives the next word without taking it.
func (p *parser) peekWord() string {
	p.space()
	at := p.pos
	word := p.word()
	p.pos = at
	return word
}

// accept takes the given punctuation if it is next.
func (p *parser) accept(token string) bool {
	if p.space(); strings.HasPrefix(p.text[p.pos:], token) {
		p.pos += len(token)
		return true
	}
	return false
}

// acceptWord takes the given word if it is next.
func (p *parser) acceptWord(word string) bool {
	if p.peekWord() != word {
		return false
	}
	p.pos += len(word)
	return true
}

// acceptKey takes `name:` if it is next.
func (p *parser) acceptKey(name string) bool {
	at := p.pos
	if p.acceptWord(name) && p.accept(":") {
		return true
	}
	p.pos = at
	return false
}

func (p *parser) expect(token string) error {
	if !p.accept(token) {
		return p.failHere(`expected "%s"`, sqlstate.SafeString(token))
	}
	return nil
}

// parseInt reads an integer from low to high.
func (p *parser) parseInt(what string, low, high int64) (int64, error) {
	at, word := p.nextWord()
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil || n < low || n > high {
		p.pos = at
		return 0, p.failHere("expected %s, an integer from %d to %d", sqlstate.SafeString(what), sqlstate.SafeInt(low), sqlstate.SafeInt(high))
	}
	return n, nil
}

func (p *parser) parseBool() (bool, error) {
	switch {
	case p.acceptWord("true"):
		return true, nil
	case p.acceptWord("false"):
		return false, nil
	}
	return false, p.failHere("expected true or false")
}

// parseString reads a string in double quotes, with Rust's escapes.
func (p *parser) parseString() (string, error) {
	if p.peek() != '"' {
		return "", p.failHere("expected a string in double quotes")
	}
	start := p.pos
	p.pos++
	// Most strings have no escapes: they are a piece of the text.
	end := strings.IndexAny(p.text[p.pos:], `"\`)
	if end >= 0 && p.text[p.pos+end] == '"' {
		s := p.text[p.pos : p.pos+end]
		p.pos += end + 1
		return s, nil
	}
	var b []byte
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; c {
		case '"':
			p.pos++
			return string(b), nil
		case '\\':
			r, err := p.parseEscape()
			if err != nil {
				return "", err
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, c)
			p.pos++
		}
	}
	return "", p.fail(start, "the string has no end")
}

// parseEscape reads an escape of a Rust string: \n \r \t \0 \\ \" \' \xHH (below 80) and \u{H…}.
func (p *parser) parseEscape() (rune, error) {
	at := p.pos
	rest := p.text[p.pos+1:]
	if rest == "" {
		return 0, p.fail(at, "the string has no end")
	}
	p.pos += 2
	switch rest[0] {
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case '0':
		return 0, nil
	case '\\', '"', '\'':
		return rune(rest[0]), nil
	case 'x':
		if len(rest) >= 3 {
			if n, err := strconv.ParseUint(rest[1:3], 16, 7); err == nil {
				p.pos += 2
				return rune(n), nil
			}
		}
		return 0, p.fail(at, `expected \x and two hexadecimal digits below 80`)
	case 'u':
		return p.parseUnicodeEscape(at, rest[1:])
	}
	return 0, p.fail(at, "unknown escape in a string")
}

// parseUnicodeEscape reads what follows \u: one to six hexadecimal digits in braces.
func (p *parser) parseUnicodeEscape(at int, rest string) (rune, error) {
	const longest = len("{10ffff}")
	end := strings.IndexByte(rest[:min(len(rest), longest)], '}')
	if end > 1 && rest[0] == '{' {
		if n, err := strconv.ParseUint(rest[1:end], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
			p.pos += end + 1
			return rune(n), nil
		}
	}
	return 0, p.fail(at, `expected \u{…} with the number of a character in hexadecimal`)
}

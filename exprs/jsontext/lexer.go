package jsontext

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenString
	tokenNumber
	tokenWord // true, false or null
	tokenOpenObject
	tokenCloseObject
	tokenOpenArray
	tokenCloseArray
	tokenComma
	tokenColon
)

// lexer cuts JSON text into tokens by PostgreSQL's rules, and reports errors as its json_ereport_error does. Where a token ends matters even when it
// is wrong: the messages quote it.
type lexer struct {
	s          string
	kind       tokenKind
	start, end int // of the token in s
	line       int // 1-based
	lineStart  int
	// surrogates makes the lexer refuse what cannot be decoded: \u0000 and half surrogate pairs. Type jsonb does, type json does not.
	surrogates bool
	look       watcher
}

const (
	unexpectedEnd  = "The input string ended unexpectedly."
	lowSurrogate   = "Unicode low surrogate must follow a high surrogate."
	highSurrogate  = "Unicode high surrogate must not follow a high surrogate."
	notHexadecimal = `"\u" must be followed by four hexadecimal digits.`
)

// next reads one token.
func (l *lexer) next() error {
	i := l.end
	for ; i < len(l.s); i++ {
		if c := l.s[i]; c == '\n' {
			l.line, l.lineStart = l.line+1, i+1
		} else if c != ' ' && c != '\t' && c != '\r' {
			break
		}
	}
	l.start = i
	if i == len(l.s) {
		l.kind, l.end = tokenEnd, i
		return nil
	}
	l.end = i + 1
	switch c := l.s[i]; c {
	case '{':
		l.kind = tokenOpenObject
	case '}':
		l.kind = tokenCloseObject
	case '[':
		l.kind = tokenOpenArray
	case ']':
		l.kind = tokenCloseArray
	case ',':
		l.kind = tokenComma
	case ':':
		l.kind = tokenColon
	case '"':
		l.kind = tokenString
		return l.lexString()
	default:
		if c == '-' || isDigit(c) {
			return l.lexNumber()
		}
		return l.lexWord()
	}
	return nil
}

// isWordByte tells what belongs to a word, right or wrong, and so to the token that an error quotes.
func isWordByte(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
}

func (l *lexer) lexWord() error {
	i := l.start
	for i < len(l.s) && isWordByte(l.s[i]) {
		i++
	}
	l.end = max(i, l.start+1)
	switch l.s[l.start:l.end] {
	case "true", "false", "null":
		l.kind = tokenWord
		return nil
	}
	return l.invalidToken()
}

func (l *lexer) lexNumber() error {
	l.kind = tokenNumber
	i, ok := numberEnd(l.s, l.start)
	l.end = i
	for l.end < len(l.s) && isWordByte(l.s[l.end]) {
		l.end++
	}
	if !ok || l.end > i {
		return l.invalidToken()
	}
	return nil
}

// numberEnd gives the index behind the JSON number at i, and whether it is a right one.
func numberEnd(s string, i int) (end int, ok bool) {
	digits := func() bool {
		from := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		return i > from
	}
	if s[i] == '-' {
		i++
	}
	if ok = true; i < len(s) && s[i] == '0' {
		i++
	} else {
		ok = digits()
	}
	if i < len(s) && s[i] == '.' {
		i++
		ok = digits() && ok
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		if i++; i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		ok = digits() && ok
	}
	return i, ok
}

// lexString reads a string from its opening quote. Errors place the token's end where PostgreSQL places it.
func (l *lexer) lexString() error {
	high := false // the escape before was the first half of a surrogate pair
	next := l.start + watchedPiece
	for i := l.start + 1; ; i++ {
		if l.look.due(i, &next) {
			if err := l.look.watch(0); err != nil {
				return err
			}
		}
		if i >= len(l.s) {
			l.end = i
			return l.invalidToken()
		}
		c := l.s[i]
		if c == '"' {
			if high {
				return l.failAt(i+1, lowSurrogate)
			}
			l.end = i + 1
			return nil
		}
		if c < ' ' {
			return l.failAt(i, fmt.Sprintf("Character with value 0x%02x must be escaped.", c))
		}
		if c != '\\' {
			if high {
				return l.failAfter(i, lowSurrogate)
			}
			continue
		}
		if i++; i >= len(l.s) {
			l.end = i
			return l.invalidToken()
		}
		var err error
		if l.s[i] == 'u' {
			i, high, err = l.lexUnicode(i+1, high)
		} else {
			err = l.lexEscape(i, high)
		}
		if err != nil {
			return err
		}
	}
}

// lexEscape checks the character at i, behind a backslash.
func (l *lexer) lexEscape(i int, high bool) error {
	if high {
		return l.failAfter(i, lowSurrogate)
	}
	if strings.IndexByte(`"\/bfnrt`, l.s[i]) < 0 {
		l.start = i
		l.end = l.charEnd(i)
		return l.fail(`Escape sequence "\` + l.token() + `" is invalid.`)
	}
	return nil
}

// lexUnicode reads the four digits of \u at i. It gives the index of the last of them and whether they are the first half of a surrogate pair.
func (l *lexer) lexUnicode(i int, high bool) (last int, nextHigh bool, err error) {
	var r rune
	for n := range 4 {
		if i+n >= len(l.s) {
			l.end = len(l.s)
			return 0, false, l.invalidToken()
		}
		d, ok := hexValue(l.s[i+n])
		if !ok {
			return 0, false, l.failAfter(i+n, notHexadecimal)
		}
		r = r<<4 | rune(d)
	}
	last = i + 3
	if !l.surrogates {
		return last, false, nil
	}
	isHigh, isLow := r >= 0xD800 && r < 0xDC00, r >= 0xDC00 && r < 0xE000
	switch {
	case isHigh && high:
		return 0, false, l.failAfter(last, highSurrogate)
	case isLow != high:
		return 0, false, l.failAfter(last, lowSurrogate)
	case r == 0:
		l.end = last + 1
		return 0, false, l.failWith(sqlstate.UntranslatableCharacter, "unsupported Unicode escape sequence", `\u0000 cannot be converted to text.`)
	}
	return last, isHigh, nil
}

func (l *lexer) token() string { return l.s[l.start:l.end] }

// charEnd gives the index behind the character at i.
func (l *lexer) charEnd(i int) int {
	_, n := utf8.DecodeRuneInString(l.s[i:])
	return i + n
}

func (l *lexer) invalidToken() error { return l.fail(`Token "` + l.token() + `" is invalid.`) }

// failAt fails with the token ending before i, failAfter with the token ending behind the character at i.
func (l *lexer) failAt(i int, detail string) error    { l.end = i; return l.fail(detail) }
func (l *lexer) failAfter(i int, detail string) error { return l.failAt(l.charEnd(i), detail) }

func (l *lexer) fail(detail string) error {
	return l.failWith(sqlstate.InvalidTextRepresentation, "invalid input syntax for type json", detail)
}

func (l *lexer) failWith(code sqlstate.Code, message, detail string) error {
	return sqlstate.New(code, "%s", sqlstate.SafeString(message)).WithDetail("%s", detail).InContext("%s", l.context())
}

// context quotes the line up to the token's end: about its last 50 bytes, with dots where something is left out.
func (l *lexer) context() string {
	from := l.lineStart
	for l.end-from >= 50 {
		from = l.charEnd(from)
	}
	prefix, suffix := "...", ""
	if from-l.lineStart <= 3 {
		from, prefix = l.lineStart, ""
	}
	if l.end < len(l.s) && l.s[l.end] != '\n' && l.s[l.end] != '\r' {
		suffix = "..."
	}
	return fmt.Sprintf("JSON data, line %d: %s%s%s", l.line, prefix, l.s[from:l.end], suffix)
}

// checkEncoding refuses (22021) what is no text of PostgreSQL: bytes that are not UTF-8, and NUL.
func checkEncoding(s string, look *watcher) error {
	for from := 0; from < len(s); {
		end := min(len(s), from+watchedPiece)
		for back := 1; back < utf8.UTFMax && end < len(s) && !utf8.RuneStart(s[end]); back++ {
			end--
		}
		if piece := s[from:end]; !utf8.ValidString(piece) || strings.IndexByte(piece, 0) >= 0 {
			return errEncoding(s[from:])
		}
		if err := look.worked(end - from); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// errEncoding names the first character of s that is none; nil when there is none such.
func errEncoding(s string) error {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if s[i] == 0 || r == utf8.RuneError && n == 1 {
			return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":%s", sequence(s[i:]))
		}
		i += n
	}
	return nil
}

// sequence lists the bytes that the first byte of s announces as one character.
func sequence(s string) string {
	n := 1
	switch c := s[0]; {
	case c&0xE0 == 0xC0:
		n = 2
	case c&0xF0 == 0xE0:
		n = 3
	case c&0xF8 == 0xF0:
		n = 4
	}
	var b strings.Builder
	for i := range min(n, len(s)) {
		fmt.Fprintf(&b, " 0x%02x", s[i])
	}
	return b.String()
}

package parser

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// stringKind says what is special in a string.
type stringKind uint8

const (
	plainString  stringKind = iota // '' is a quote
	escapeString                   // and a backslash begins an escape
	bitString                      // nothing
)

// quoted reads the rest of a string whose opening quote was consumed and which began at start. Two quotes are one, but in a bit string. A string goes on in a second pair of quotes when a newline lies between them. The result is a piece of the source unless
// something had to be replaced.
func (l *lexer) quoted(start int, unterminated string, kind stringKind) string {
	var b []byte // nil as long as the content is the piece src[from:off]
	from := l.off
	for l.off < len(l.src) {
		if l.off >= l.due {
			grown := 0
			if b != nil {
				grown = 2 * lookEvery // b is there twice when it grows
			}
			if !l.look(l.off, grown) {
				return ""
			}
		}
		c := l.src[l.off]
		switch {
		case c == '\'' && l.at(1) == '\'' && kind != bitString:
			b = append(b, l.src[from:l.off+1]...)
			l.off += 2
			from = l.off
		case c == '\'':
			next, ok := l.continued(l.off + 1)
			if !ok {
				return l.finish(b, from)
			}
			b = append(b, l.src[from:l.off]...)
			if b == nil {
				b = []byte{}
			}
			l.off = next
			from = next
		case c == '\\' && kind == escapeString:
			b = append(b, l.src[from:l.off]...)
			b = l.escape(b)
			if l.err != nil {
				return ""
			}
			from = l.off
		default:
			l.off += plainRun(l.src[l.off:], kind)
		}
	}
	l.fail(start, len(l.src), unterminated)
	return ""
}

// finish ends a string at its closing quote. Escapes can have made it invalid UTF-8.
func (l *lexer) finish(b []byte, from int) string {
	piece := l.src[from:l.off]
	l.off++
	if b == nil {
		return piece
	}
	b = append(b, piece...)
	s := unsafe.String(unsafe.SliceData(b), len(b)) // nobody changes b any more
	if err := l.checkEncoding(s); l.err == nil {
		l.err = err
	}
	return s
}

// plainRun gives the length of the text, a character at least, up to what may be special in a string; no more than is looked at in one go.
func plainRun(s string, kind stringKind) int {
	s = s[:min(len(s), lookEvery)]
	at := strings.IndexByte(s, '\'')
	if at < 0 {
		at = len(s)
	}
	if kind == escapeString {
		if i := strings.IndexByte(s[:at], '\\'); i >= 0 {
			at = i
		}
	}
	return max(1, at)
}

// continued looks after a closing quote for white space with a newline and another quote, and gives the offset after that.
func (l *lexer) continued(i int) (next int, ok bool) {
	newline := false
	for i < len(l.src) {
		switch c := l.src[i]; {
		case c == '\n' || c == '\r':
			newline = true
			i++
		case isSpace(c):
			i++
		case c == '-' && strings.HasPrefix(l.src[i:], "--"):
			i = lineEnd(l.src, i)
		case c == '\'' && newline:
			return i + 1, true
		default:
			return 0, false
		}
	}
	return 0, false
}

// escape reads the escape sequence at the current backslash and appends what it stands for.
func (l *lexer) escape(b []byte) []byte {
	c := l.at(1)
	switch {
	case c == 0:
		l.off++ // a backslash at the end of the source: the string is unterminated
		return b
	case c >= '0' && c <= '7':
		v, n := 0, 1
		for ; n <= 3 && l.at(n) >= '0' && l.at(n) <= '7'; n++ {
			v = v<<3 | int(l.at(n)-'0')
		}
		l.off += n
		return append(b, byte(v))
	case c == 'x' && hexValue(l.at(2)) >= 0:
		v, n := hexValue(l.at(2)), 3
		if h := hexValue(l.at(3)); h >= 0 {
			v, n = v<<4|h, 4
		}
		l.off += n
		return append(b, byte(v))
	case c == 'u' || c == 'U':
		return l.unicodeEscape(b)
	}
	l.off += 2
	if i := strings.IndexByte("bfnrt", c); i >= 0 {
		return append(b, "\b\f\n\r\t"[i])
	}
	return append(b, c)
}

// unicodeEscape reads \uXXXX or \UXXXXXXXX, which may be half of a surrogate pair.
func (l *lexer) unicodeEscape(b []byte) []byte {
	at := l.off
	r, ok := l.codePoint()
	if !ok {
		return b
	}
	switch {
	case r >= 0xD800 && r < 0xDC00:
		second := l.off
		if l.at(0) != '\\' || l.at(1) != 'u' && l.at(1) != 'U' {
			l.fail(second, l.escapeEnd(second), "invalid Unicode surrogate pair")
			return b
		}
		low, ok := l.codePoint()
		if !ok {
			return b
		}
		if low < 0xDC00 || low > 0xDFFF {
			l.fail(second, l.off, "invalid Unicode surrogate pair")
			return b
		}
		r = 0x10000 + (r-0xD800)<<10 + (low - 0xDC00)
	case r >= 0xDC00 && r <= 0xDFFF:
		l.fail(at, l.off, "invalid Unicode surrogate pair")
		return b
	case r == 0 || r > utf8.MaxRune:
		l.fail(at, l.off, "invalid Unicode escape value")
		return b
	}
	return utf8.AppendRune(b, r)
}

// codePoint reads the digits of \u or \U.
func (l *lexer) codePoint() (rune, bool) {
	digits := 4
	if l.at(1) == 'U' {
		digits = 8
	}
	v := int64(0)
	for i := range digits {
		h := hexValue(l.at(2 + i))
		if h < 0 {
			l.err = sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid Unicode escape").
				WithHint(`Unicode escapes must be \uXXXX or \UXXXXXXXX.`).At(int(l.position(l.off)))
			return 0, false
		}
		v = v<<4 | int64(h)
	}
	l.off += 2 + digits
	return rune(min(v, utf8.MaxRune+1)), true
}

// escapeEnd gives the end of the character at off, or off at the end of the source.
func (l *lexer) escapeEnd(off int) int {
	_, n := utf8.DecodeRuneInString(l.src[off:])
	return off + n
}

// hexValue gives the value of a hexadecimal digit, or -1.
func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

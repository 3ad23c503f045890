package parser

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// maxIdentifier is the length in bytes to which PostgreSQL cuts a name (NAMEDATALEN - 1).
const maxIdentifier = 63

// opChars are the characters of operators.
const opChars = "~!@#^&|`?+-*/%<>="

// lexer cuts src into tokens by the rules of PostgreSQL's scan.l with standard_conforming_strings on.
type lexer struct {
	src     string
	off     int // the next byte
	counted int // how far chars has been counted
	chars   int // characters before counted
	err     *sqlstate.Error
	watch
}

// newLexer gives the lexer of src. budget may be nil; see ParseWithin.
func newLexer(src string, budget func(bytes int64) error) lexer {
	l := lexer{src: src, watch: watch{budget: budget}}
	if l.look(0, len(src)) { // the text is there as long as the statement runs
		l.err = l.checkEncoding(src)
	}
	return l
}

// token reads one token. The last is tokEnd, or tokError, to which err belongs.
func (l *lexer) token() token {
	if l.err != nil {
		return token{kind: tokError}
	}
	if l.off >= l.due {
		l.look(l.off, 0)
	}
	t := l.next()
	if l.err != nil {
		t.kind = tokError
	}
	return t
}

// next reads one token.
func (l *lexer) next() token {
	if !l.skipSpace() {
		return token{}
	}
	t := token{start: l.off, pos: l.position(l.off)}
	if l.off >= len(l.src) {
		t.end = l.off
		return t
	}
	c := l.src[l.off]
	switch {
	case isIdentStart(c):
		l.word(&t, c)
	case isDigit(c) || c == '.' && isDigit(l.at(1)):
		l.number(&t)
	case c == '\'':
		l.off++
		t.kind = tokString
		t.text = l.quoted(t.start, "unterminated quoted string", plainString)
	case c == '"':
		l.quotedIdent(&t)
	case c == '$':
		l.dollar(&t)
	case strings.IndexByte(opChars, c) >= 0:
		l.operator(&t)
	case strings.IndexByte("()[],;:.", c) >= 0:
		l.self(&t, c)
	default:
		l.fail(t.start, t.start+1, "syntax error")
	}
	t.end = l.off
	return t
}

// at gives the byte n after the current one, or 0 beyond the end. (There is no byte 0 in the source: checkEncoding refused it.)
func (l *lexer) at(n int) byte {
	if l.off+n < len(l.src) {
		return l.src[l.off+n]
	}
	return 0
}

// position gives the 1-based character position of a byte offset. Offsets must not decrease much: it counts on from the last one.
func (l *lexer) position(off int) Pos {
	if off < l.counted {
		return Pos(l.chars - utf8.RuneCountInString(l.src[off:l.counted]) + 1)
	}
	for l.counted < off {
		end := min(off, l.counted+lookEvery) // RuneCountInString counts the bytes of a character that is cut as one each
		for end < off && !utf8.RuneStart(l.src[end]) {
			end++
		}
		l.chars += utf8.RuneCountInString(l.src[l.counted:end])
		l.counted = end
		if !l.look(end, 0) {
			break // what ends the reading has no position
		}
	}
	return Pos(l.chars + 1)
}

// fail notes a syntax error about src[start:end], unless there is one.
func (l *lexer) fail(start, end int, message string) {
	if l.err == nil {
		l.err = near(l.src, start, end, l.position(start), message)
	}
}

// skipSpace skips white space and comments. It fails on a comment without an end.
func (l *lexer) skipSpace() bool {
	for l.off < len(l.src) {
		if l.off >= l.due && !l.look(l.off, 0) {
			return false
		}
		switch c := l.src[l.off]; {
		case isSpace(c):
			l.off++
		case c == '-' && l.at(1) == '-':
			for l.off < len(l.src) && l.look(l.off, 0) {
				piece := l.src[:min(len(l.src), l.off+lookEvery)]
				if l.off = lineEnd(piece, l.off); l.off < len(piece) {
					break
				}
			}
		case c == '/' && l.at(1) == '*':
			end, ok := l.commentEnd()
			if !ok {
				l.fail(l.off, len(l.src), "unterminated /* comment")
				return false
			}
			l.off = end
		default:
			return true
		}
	}
	return true
}

// lineEnd gives the offset of the newline that ends the line of off, or the end of src.
func lineEnd(src string, off int) int {
	if i := strings.IndexAny(src[off:], "\n\r"); i >= 0 {
		return off + i
	}
	return len(src)
}

// commentEnd gives the offset after the block comment that begins at the current byte; such comments nest.
func (l *lexer) commentEnd() (end int, ok bool) {
	depth := 0
	for i := l.off; i+1 < len(l.src); i++ {
		if i >= l.due && !l.look(i, 0) {
			return 0, false
		}
		switch {
		case l.src[i] == '/' && l.src[i+1] == '*':
			depth++
			i++
		case l.src[i] == '*' && l.src[i+1] == '/':
			depth--
			i++
			if depth == 0 {
				return i + 1, true
			}
		}
	}
	return 0, false
}

// word reads an identifier or keyword, or a string with a letter before its quote.
func (l *lexer) word(t *token, c byte) {
	if l.prefixed(t, c) {
		return
	}
	end := l.wordEnd(l.off + 1)
	word := l.src[l.off:end]
	l.off = end
	word = foldCase(word[:min(len(word), 2*maxIdentifier)]) // the rest is cut off in any case
	t.kind, t.text = tokIdent, word
	if cl, bare := keyword(word); cl != notKeyword {
		t.kind, t.class, t.bare = tokKeyword, cl, bare
		return
	}
	t.text = truncate(word)
}

// prefixed reads e'…', b'…', x'…', n'…', and refuses u&'…' and u&"…".
func (l *lexer) prefixed(t *token, c byte) bool {
	if (c == 'u' || c == 'U') && l.at(1) == '&' && (l.at(2) == '\'' || l.at(2) == '"') {
		l.err = sqlstate.New(sqlstate.FeatureNotSupported, `strings and names with Unicode escapes (U&) are not supported`).
			WithHint(`Write the characters themselves, or E'\uXXXX'.`).At(int(t.pos))
		return true
	}
	if l.at(1) != '\'' {
		return false
	}
	switch c {
	case 'e', 'E':
		l.off += 2
		t.kind, t.text = tokString, l.quoted(t.start, "unterminated quoted string", escapeString)
	case 'b', 'B':
		l.off += 2
		t.kind, t.text = tokBits, l.quoted(t.start, "unterminated bit string literal", bitString)
	case 'x', 'X':
		l.off += 2
		t.kind, t.text = tokHex, l.quoted(t.start, "unterminated hexadecimal string literal", bitString)
	case 'n', 'N':
		// n'…' is NCHAR '…': the string is the next token.
		l.off++
		t.kind, t.class, t.bare, t.text = tokKeyword, columnName, true, "nchar"
	default:
		return false
	}
	return true
}

// quotedIdent reads "…".
func (l *lexer) quotedIdent(t *token) {
	t.kind = tokIdent
	for i := l.off + 1; i < len(l.src); i++ {
		if i >= l.due && !l.look(i, 0) {
			return
		}
		if l.src[i] != '"' {
			continue
		}
		if i+1 < len(l.src) && l.src[i+1] == '"' {
			i++
			continue
		}
		name := l.src[l.off+1 : i]
		l.off = i + 1
		if name == "" {
			l.fail(t.start, l.off, "zero-length delimited identifier")
		}
		// What stands behind the double of a name's length is cut off in any case.
		t.text = truncate(strings.ReplaceAll(name[:min(len(name), 2*maxIdentifier+8)], `""`, `"`))
		return
	}
	l.fail(t.start, len(l.src), "unterminated quoted identifier")
}

// number reads an integer, decimal or real. A word that follows it at once is an error, and so is an exponent without digits.
// digits gives the end of the digits from i.
// wordEnd gives the end of the identifier characters from i.
// dollar reads $1 and $tag$…$tag$.
// param reads $1. PostgreSQL 15 lets a number above int32 wrap around; it is refused here.
// dollarTag gives the opening $tag$ of s, which begins with $, or "".
// self reads punctuation.
func (l *lexer) self(t *token, c byte) {
	n := 1
	switch {
	case c == ':' && (l.at(1) == ':' || l.at(1) == '='), c == '.' && l.at(1) == '.':
		n = 2
	}
	t.kind, t.text = tokSelf, l.src[l.off:l.off+n]
	l.off += n
}

// operator reads an operator. It ends where a comment begins, and it ends in + or - only if it holds one of ~ ! @ # % ^ & | ` ? besides, so that
// a=-1 is understood.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isIdentStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func isIdentPart(c byte) bool { return isIdentStart(c) || isDigit(c) || c == '$' }

// foldCase folds ASCII letters to lower case, as PostgreSQL does in UTF-8.
func foldCase(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return foldRest(s, i)
		}
	}
	return s
}

// foldRest folds a text whose first letter to be folded is at from.
func foldRest(s string, from int) string {
	b := []byte(s)
	for i, c := range b[from:] {
		if c >= 'A' && c <= 'Z' {
			b[from+i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// truncate cuts a name to 63 bytes, between characters.
func truncate(name string) string {
	if len(name) <= maxIdentifier {
		return name
	}
	n := maxIdentifier
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

// checkEncoding refuses text that is not UTF-8 or holds a zero byte, in PostgreSQL's words.
func (l *lexer) checkEncoding(src string) *sqlstate.Error {
	for src != "" {
		piece := src[:min(len(src), lookEvery)]
		for back := 1; len(piece) < len(src) && back < utf8.UTFMax && !utf8.RuneStart(src[len(piece)]); back++ {
			piece = piece[:len(piece)-1]
		}
		if !utf8.ValidString(piece) || strings.IndexByte(piece, 0) >= 0 {
			return firstInvalid(src)
		}
		src = src[len(piece):]
		if src != "" && !l.look(0, 0) {
			return l.err
		}
	}
	return nil
}

// firstInvalid gives the error of a text that has something invalid.
func firstInvalid(src string) *sqlstate.Error {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && n <= 1 || r == 0 {
			return invalidByte(src[i:])
		}
		i += n
	}
	return nil
}

// invalidByte makes the error about the bytes at the start of s. PostgreSQL shows as many as the first one announces.
func invalidByte(s string) *sqlstate.Error {
	n := 1
	switch c := s[0]; {
	case c&0xe0 == 0xc0:
		n = 2
	case c&0xf0 == 0xe0:
		n = 3
	case c&0xf8 == 0xf0:
		n = 4
	}
	var b strings.Builder
	for i := 0; i < min(n, len(s)); i++ {
		b.WriteString(" 0x" + strconv.FormatUint(uint64(s[i])+0x100, 16)[1:])
	}
	return sqlstate.New(sqlstate.CharacterNotInRepertoire, `invalid byte sequence for encoding "UTF8":%s`, b.String())
}

package parser

import (
	"math"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func (l *lexer) number(t *token) {
	i := l.digits(l.off)
	integer := true
	if i < len(l.src) && l.src[i] == '.' && !strings.HasPrefix(l.src[i:], "..") {
		integer = false
		i = l.digits(i + 1)
	}
	if i < len(l.src) && (l.src[i] == 'e' || l.src[i] == 'E') {
		j := i + 1
		if j < len(l.src) && (l.src[j] == '+' || l.src[j] == '-') {
			j++
		}
		switch end := l.digits(j); {
		case end > j:
			integer = false
			i = end
		case j > i+1:
			l.fail(t.start, j, "trailing junk after numeric literal")
			return
		}
	}
	if i < len(l.src) && isIdentStart(l.src[i]) {
		l.fail(t.start, l.wordEnd(i), "trailing junk after numeric literal")
		return
	}
	t.kind, t.text = tokNumber, l.src[l.off:i]
	l.off = i
	if !integer {
		return
	}
	const most = 19 // digits of an int64
	if digits := strings.TrimLeft(t.text, "0"); len(digits) <= most {
		if n, err := strconv.ParseInt("0"+digits, 10, 64); err == nil {
			t.kind, t.num = tokInt, n
		}
	}
}

func (l *lexer) digits(i int) int {
	for i < len(l.src) && isDigit(l.src[i]) {
		if i++; i >= l.due && !l.look(i, 0) {
			break
		}
	}
	return i
}

func (l *lexer) wordEnd(i int) int {
	for i < len(l.src) && isIdentPart(l.src[i]) {
		if i++; i >= l.due && !l.look(i, 0) {
			break
		}
	}
	return i
}

func (l *lexer) dollar(t *token) {
	if isDigit(l.at(1)) {
		l.param(t)
		return
	}
	tag := dollarTag(l.src[l.off:])
	if tag == "" {
		l.fail(t.start, t.start+1, "syntax error")
		return
	}
	body := l.src[l.off+len(tag):]
	i := l.find(body, tag)
	if i < 0 {
		l.fail(t.start, len(l.src), "unterminated dollar-quoted string")
		return
	}
	t.kind, t.text = tokString, body[:i]
	l.off += len(tag)*2 + i
}

func (l *lexer) param(t *token) {
	end := l.digits(l.off + 1)
	if end < len(l.src) && isIdentStart(l.src[end]) {
		l.fail(t.start, l.wordEnd(end), "trailing junk after parameter")
		return
	}
	n, err := strconv.ParseInt(l.src[l.off+1:min(end, l.off+64)], 10, 64)
	if err != nil || end-l.off > 64 || n > math.MaxUint16 {
		l.err = sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter %s", l.src[l.off:end]).At(int(t.pos))
		return
	}
	t.kind, t.num = tokParam, n
	l.off = end
}

func dollarTag(s string) string {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '$':
			return s[:i+1]
		case i == 1 && !isIdentStart(c), !isIdentStart(c) && !isDigit(c):
			return ""
		}
	}
	return ""
}

func (l *lexer) operator(t *token) {
	// Of "+-+-+-…" a character at a time is taken: what follows is not looked at to the end for each. A long operator is refused in any case.
	const longest = 1 << 11
	n := 1
	for n < longest && strings.IndexByte(opChars, l.at(n)) >= 0 && l.at(n) != 0 {
		n++
	}
	op := l.src[l.off : l.off+n]
	if i := strings.Index(op, "--"); i > 0 {
		op = op[:i]
	}
	if i := strings.Index(op, "/*"); i > 0 {
		op = op[:i]
	}
	if !strings.ContainsAny(op, "~!@#^&|`?%") {
		for len(op) > 1 && (op[len(op)-1] == '+' || op[len(op)-1] == '-') {
			op = op[:len(op)-1]
		}
	}
	l.off += len(op)
	t.kind, t.text = tokOp, op
	switch {
	case op == "=>":
		t.kind = tokSelf
	case op == "!=":
		t.text = "<>"
	case len(op) > maxIdentifier:
		l.fail(t.start, l.off, "operator too long")
	}
}

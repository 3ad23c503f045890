package copyio

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonKind is what kind of value was scanned.
type jsonKind uint8

const (
	jsonString jsonKind = iota
	jsonScalar          // a number or a boolean
	jsonNull
	jsonNested // an array or an object, of which only the extent is known
)

// jsonScan takes one line of JSON apart. What it accepts outside nested values is JSON.
type jsonScan struct {
	in      []byte
	p       int
	raw     []byte // the text of the value scanned last
	scratch []byte
}

func (s *jsonScan) reset(in []byte) {
	s.in, s.p = in, 0
	if cap(s.scratch) < len(in) {
		s.scratch = make([]byte, 0, 2*len(in)) // strings never become longer, so it never moves within a line
	}
	s.scratch = s.scratch[:0]
}

func (s *jsonScan) space() {
	for s.p < len(s.in) && (s.in[s.p] == ' ' || s.in[s.p] == '\t' || s.in[s.p] == '\r' || s.in[s.p] == '\n') {
		s.p++
	}
}

// accept passes c if it is next.
func (s *jsonScan) accept(c byte) bool {
	if s.p < len(s.in) && s.in[s.p] == c {
		s.p++
		return true
	}
	return false
}

// separator passes c with the spaces around it.
func (s *jsonScan) separator(c byte) bool {
	s.space()
	ok := s.accept(c)
	s.space()
	return ok
}

// value scans a value: a string's content, or the text of anything else.
func (s *jsonScan) value() (jsonKind, []byte, bool) {
	from := s.p
	if from == len(s.in) {
		return 0, nil, false
	}
	kind, ok, content := jsonScalar, false, []byte(nil)
	switch c := s.in[from]; {
	case c == '"':
		kind = jsonString
		content, ok = s.str()
	case c == '{' || c == '[':
		kind, ok = jsonNested, s.nested()
	case c == 't':
		ok = s.word("true")
	case c == 'f':
		ok = s.word("false")
	case c == 'n':
		kind, ok = jsonNull, s.word("null")
	default:
		ok = s.number()
	}
	if !ok {
		return kind, nil, false
	}
	s.raw = s.in[from:s.p:s.p]
	if kind != jsonString {
		content = s.raw
	}
	return kind, content, true
}

func (s *jsonScan) word(w string) bool {
	if !bytes.HasPrefix(s.in[s.p:], []byte(w)) {
		return false
	}
	s.p += len(w)
	return true
}

// number scans -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (s *jsonScan) number() bool {
	s.accept('-')
	switch {
	case s.accept('0'):
	case !s.digits():
		return false
	}
	if s.accept('.') && !s.digits() {
		return false
	}
	if s.accept('e') || s.accept('E') {
		if !s.accept('+') {
			s.accept('-')
		}
		return s.digits()
	}
	return true
}

func (s *jsonScan) digits() bool {
	from := s.p
	for s.p < len(s.in) && s.in[s.p] >= '0' && s.in[s.p] <= '9' {
		s.p++
	}
	return s.p > from
}

// nested passes an array or object: to the bracket that closes it if all brackets match.
func (s *jsonScan) nested() bool {
	depth := 0
	for s.p < len(s.in) {
		switch s.in[s.p] {
		case '"':
			if !s.skipString() {
				return false
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.p++
		if depth == 0 {
			return true
		}
	}
	return false
}

func (s *jsonScan) skipString() bool {
	for s.p++; s.p < len(s.in); s.p++ {
		switch s.in[s.p] {
		case '\\':
			s.p++
		case '"':
			s.p++
			return true
		}
	}
	return false
}

// str scans a string and gives its content: a slice of the line, or of scratch if it has escapes.
func (s *jsonScan) str() ([]byte, bool) {
	if !s.accept('"') {
		return nil, false
	}
	from := s.p
	for s.p < len(s.in) && s.in[s.p] >= ' ' && s.in[s.p] != '"' && s.in[s.p] != '\\' {
		s.p++
	}
	if s.p < len(s.in) && s.in[s.p] == '"' {
		s.p++
		return s.in[from : s.p-1 : s.p-1], true
	}
	at := len(s.scratch)
	out := append(s.scratch, s.in[from:s.p]...)
	for s.p < len(s.in) {
		c := s.in[s.p]
		s.p++
		switch {
		case c == '"':
			s.scratch = out
			return out[at:len(out):len(out)], true
		case c < ' ':
			return nil, false
		case c != '\\':
			out = append(out, c)
			continue
		}
		var ok bool
		if out, ok = s.escape(out); !ok {
			return nil, false
		}
	}
	return nil, false
}

// escape appends the character that follows a backslash.
func (s *jsonScan) escape(out []byte) ([]byte, bool) {
	if s.p == len(s.in) {
		return nil, false
	}
	c := s.in[s.p]
	s.p++
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), c); i >= 0 {
		return append(out, "\"\\/\b\f\n\r\t"[i]), true
	}
	if c != 'u' {
		return nil, false
	}
	r, ok := s.hex4()
	if !ok || r == 0 {
		return nil, false
	}
	if utf16.IsSurrogate(r) {
		if !s.word(`\u`) {
			return nil, false
		}
		low, ok := s.hex4()
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return nil, false
		}
	}
	return utf8.AppendRune(out, r), true
}

func (s *jsonScan) hex4() (rune, bool) {
	if s.p+4 > len(s.in) {
		return 0, false
	}
	r := rune(0)
	for _, c := range s.in[s.p : s.p+4] {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	s.p += 4
	return r, true
}

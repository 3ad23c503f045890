package parser

import (
	"strings"
	"unsafe"
)

// SplitStatement cuts the first statement off buf, which may be the beginning of a longer text: stmt is the statement without its semicolon and
// without white space around it, rest what follows the semicolon. Semicolons in quotes, dollar quotes and comments do not count. If no semicolon
// ends the statement yet, complete is false, stmt is the unfinished statement and rest is empty. An unfinished statement of comments and white space
// alone is given as "".
//
// A caller who reads a long text piece by piece should use a Splitter, which does not look at anything twice.
func SplitStatement(buf string) (stmt, rest string, complete bool) {
	end, complete, empty := scan(buf, 0, new(scanState))
	switch {
	case complete:
		return strings.TrimFunc(buf[:end-1], isSpaceRune), buf[end:], true
	case empty:
		return "", "", false
	}
	return strings.TrimFunc(buf, isSpaceRune), "", false
}

// Splitter cuts statements out of a text that comes in pieces, such as the lines of a shell or a pipe. Its zero value is ready.
type Splitter struct {
	buf     []byte
	begin   int // where in buf the unfinished statement begins
	scanned int // how much of buf was looked at
	state   scanState
}

// Write adds a piece of text.
func (s *Splitter) Write(piece string) { s.buf = append(s.buf, piece...) }

// Next gives the next complete statement, without its semicolon and white space around it.
func (s *Splitter) Next() (stmt string, ok bool) {
	// Nothing is copied or looked at twice: a statement may come in many pieces, and a piece may have many statements. scan keeps nothing of its text, so
	// that the buffer can lend its memory.
	rest := s.buf[s.scanned:]
	end, complete, _ := scan(unsafe.String(unsafe.SliceData(rest), len(rest)), 0, &s.state)
	end += s.scanned
	if !complete {
		s.scanned = end
		return "", false
	}
	stmt = strings.TrimFunc(string(s.buf[s.begin:end-1]), isSpaceRune)
	s.begin, s.scanned, s.state = end, end, scanState{}
	if s.begin == len(s.buf) {
		s.begin, s.scanned, s.buf = 0, 0, s.buf[:0]
	}
	return stmt, true
}

// Rest gives the text after the last complete statement, and forgets it: an unfinished statement, or the data that follows COPY … FROM STDIN.
func (s *Splitter) Rest() string {
	rest := string(s.buf[s.begin:])
	*s = Splitter{}
	return rest
}

// Pending says in what the unfinished text ends, for a prompt: "" when nothing but white space and comments has come, "-" in a statement, "'" and
// "\"" in quotes, "$" in a dollar quote, "*" in a comment.
func (s *Splitter) Pending() string {
	switch s.state.in {
	case inString, inEscapeString:
		return "'"
	case inIdent:
		return `"`
	case inDollar:
		return "$"
	case inBlock:
		return "*"
	}
	if s.state.content {
		return "-"
	}
	return ""
}

// inside is what the scanner is in.
type inside uint8

const (
	inPlain inside = iota
	inString
	inEscapeString
	inIdent
	inDollar
	inLine
	inBlock
)

// scanState is where a scan of an unfinished text stands.
type scanState struct {
	in      inside
	depth   int    // of block comments
	tag     string // of the dollar quote
	content bool   // something besides white space and comments has come
	word    bool   // the last byte belongs to a word, so that a $ after it does too
	escape  bool   // the word so far is e: a quote now begins an escape string
	resume  bool   // an escape string has ended and nothing has come since: a quote now continues it
}

// scan looks at text from i on for the semicolon that ends the statement, and gives the offset after it. When it finds none it gives an offset up to
// which nothing needs to be looked at again: short of the end by the few bytes whose meaning the next piece decides.
func scan(text string, i int, s *scanState) (end int, complete, empty bool) {
	for i < len(text) {
		if s.in != inPlain {
			next, ok := s.skip(text, i)
			if !ok {
				return next, false, !s.content
			}
			i = next
			continue
		}
		n, undecided, done := s.plain(text, i)
		if undecided {
			return i, false, !s.content && n == 0
		}
		i += n
		if done {
			return i, true, false
		}
	}
	return i, false, !s.content
}

// plain looks at what stands at i outside quotes and comments and gives its length. It is undecided when more text must come to tell.
func (s *scanState) plain(text string, i int) (n int, undecided, done bool) {
	c := text[i]
	var next byte
	if i+1 < len(text) {
		next = text[i+1]
	}
	if (c == '-' || c == '/') && i+1 == len(text) {
		return 1, true, false
	}
	word, escape := s.word, s.escape
	s.word, s.escape = false, false
	switch {
	case c == ';':
		return 1, false, true
	case isSpace(c):
		return 1, false, false
	case c == '-' && next == '-':
		s.in = inLine
		return 2, false, false
	case c == '/' && next == '*':
		s.in, s.depth = inBlock, 1
		return 2, false, false
	}
	s.content = true
	resume := s.resume
	s.resume = false
	switch {
	case c == '\'':
		s.in = inString
		if escape || resume {
			s.in = inEscapeString
		}
	case c == '"':
		s.in = inIdent
	case c == '$' && !word:
		return s.dollar(text, i)
	case isIdentStart(c) || word && isIdentPart(c):
		s.word = true
		s.escape = !word && (c == 'e' || c == 'E')
	}
	return 1, false, false
}

// dollar looks at a $ that may begin a dollar quote.
func (s *scanState) dollar(text string, i int) (n int, undecided, done bool) {
	if tag := dollarTag(text[i:]); tag != "" {
		s.in, s.tag = inDollar, strings.Clone(tag)
		return len(tag), false, false
	}
	for j := i + 1; j < len(text); j++ {
		if !isIdentStart(text[j]) && (j == i+1 || !isDigit(text[j])) {
			return 1, false, false
		}
	}
	return 1, true, false
}

// skip looks for the end of the quote or comment that text[i:] is in.
func (s *scanState) skip(text string, i int) (next int, ok bool) {
	switch s.in {
	case inLine:
		if i = lineEnd(text, i); i == len(text) {
			return i, false
		}
	case inBlock:
		return s.skipBlock(text, i)
	case inDollar:
		j := strings.Index(text[i:], s.tag)
		if j < 0 {
			return max(i, len(text)-len(s.tag)+1), false
		}
		i += j + len(s.tag)
	case inEscapeString:
		j := strings.IndexAny(text[i:], `'\`)
		if j < 0 {
			return len(text), false
		}
		i += j
		if text[i] == '\\' {
			if i+1 == len(text) {
				return i, false
			}
			return i + 2, true
		}
		i++
		s.resume = true // '' and a second part on a new line go on as a string of the same kind
	default: // inString, inIdent: a doubled quote ends one and begins the next
		quote := byte('\'')
		if s.in == inIdent {
			quote = '"'
		}
		j := strings.IndexByte(text[i:], quote)
		if j < 0 {
			return len(text), false
		}
		i += j + 1
	}
	s.in = inPlain
	return i, true
}

// skipBlock looks for the end of a block comment.
func (s *scanState) skipBlock(text string, i int) (next int, ok bool) {
	for ; i+1 < len(text); i++ {
		switch {
		case text[i] == '/' && text[i+1] == '*':
			s.depth++
			i++
		case text[i] == '*' && text[i+1] == '/':
			s.depth--
			i++
			if s.depth == 0 {
				s.in = inPlain
				return i + 1, true
			}
		}
	}
	return i, false
}

func isSpaceRune(r rune) bool { return r < 0x80 && isSpace(byte(r)) }

package copyio

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// lineEnd is the line end of a file, which its first line decides.
type lineEnd uint8

const (
	eolUnknown lineEnd = iota
	eolNL
	eolCR
	eolCRNL
)

const (
	recordBuffer = 256 << 10
	// maxRecord bounds a record, and with it a field: PostgreSQL's limit for a line of COPY.
	maxRecord = 1<<30 - 1
)

// records cuts a stream into records: lines in the text format, lines outside quotes in csv. It follows PostgreSQL's CopyReadLineText, quirks
// included, except that it looks at runs of ordinary bytes at once.
type records struct {
	src  io.Reader
	buf  []byte
	r, w int // the bytes that are read but not yet given: buf[r:w]
	eof  bool
	max  int // the longest record

	csv        bool
	quote, esc byte // esc only when it is not quote
	twoEscapes bool // esc is set
	eol        lineEnd
	line       int64 // the line that was read last, from 1; line ends within quotes count

	plain  [256]bool // bytes that mean nothing outside quotes
	quoted [256]bool // bytes that mean nothing inside
}

func newRecords(src io.Reader, o *Options) *records {
	s := &records{src: src, buf: make([]byte, recordBuffer), max: maxRecord, csv: o.Format == CSV}
	for i := range s.plain {
		s.plain[i], s.quoted[i] = true, true
	}
	s.plain['\n'], s.plain['\r'] = false, false
	if !s.csv {
		s.plain['\\'] = false
		return s
	}
	s.quote = o.Quote
	if s.twoEscapes = o.Escape != o.Quote; s.twoEscapes {
		s.esc = o.Escape
		s.quoted[s.esc] = false
	}
	s.plain[s.quote], s.quoted[s.quote] = false, false
	s.quoted['\n'], s.quoted['\r'] = false, false
	return s
}

// within bounds a record of a file that is compressed: while it is cut into fields there are up to eight copies of it.
func (s *records) within(memory *budget) {
	if memory != nil && !memory.grown {
		s.max = int(min(int64(s.max), memory.limit/8))
	}
}

// fill reads more, and makes room for it: the bytes of buf may move, so that r changes. It gives the distance by which they moved.
func (s *records) fill() (moved int, err error) {
	if s.w == len(s.buf) {
		if s.r > 0 {
			moved = s.r
			copy(s.buf, s.buf[s.r:s.w])
			s.r, s.w = 0, s.w-s.r
		} else if err := s.grow(); err != nil {
			return 0, err
		}
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.w:])
		s.w += n
		if err == io.EOF {
			s.eof = true
			return moved, nil
		}
		if err != nil {
			return moved, err
		}
		if n > 0 {
			return moved, nil
		}
	}
	return moved, io.ErrNoProgress
}

// grow doubles the buffer for a long record, after it has looked whether that is text at all.
func (s *records) grow() error {
	if len(s.buf) > s.max {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "out of memory").
			WithDetail("Cannot enlarge string buffer containing %d bytes by %d more bytes.", len(s.buf), 1)
	}
	whole := s.w
	for i := 1; i < utf8.UTFMax && i <= s.w; i++ { // the last character may be cut
		if utf8.RuneStart(s.buf[s.w-i]) {
			whole = s.w - i
			break
		}
	}
	if err := s.verify(0, whole); err != nil {
		return err
	}
	bigger := make([]byte, 2*len(s.buf))
	copy(bigger, s.buf[:s.w])
	s.buf = bigger
	return nil
}

// scan is the state of the search for the end of a record.
type scan struct {
	p       int // the next byte to look at
	inQuote bool
	lastEsc bool // the byte before was an escape that the next one may need
}

// next gives the next record, which is valid until the following call. last says that the stream ended with it: an empty last record is none.
func (s *records) next() (rec []byte, last bool, err error) {
	s.line++
	st := scan{p: s.r}
	for {
		if st.p >= s.w {
			more, err := s.more(&st, 1)
			if err != nil {
				return nil, false, err
			}
			if !more {
				from := s.r
				s.r = s.w
				return s.buf[from:s.w], true, s.verify(from, s.w)
			}
		}
		if st.inQuote {
			s.scanQuoted(&st)
			continue
		}
		if !s.csv || st.p != s.r || s.buf[st.p] != '\\' { // only at the beginning of a csv record a backslash may be the end marker's
			for st.p < s.w && s.plain[s.buf[st.p]] {
				st.p++
			}
			if st.p >= s.w {
				continue
			}
		}
		end, done, last, err := s.special(&st)
		if err != nil {
			return nil, false, err
		}
		if done {
			from := s.r
			s.r = st.p
			return s.buf[from:end], last, s.verify(from, end)
		}
	}
}

// more makes at least n bytes from st.p on available, if the stream has them.
func (s *records) more(st *scan, n int) (bool, error) {
	for st.p+n > s.w && !s.eof {
		moved, err := s.fill()
		st.p -= moved
		if err != nil {
			return false, err
		}
	}
	return st.p+n <= s.w, nil
}

// scanQuoted passes bytes inside quotes up to and with the closing quote.
func (s *records) scanQuoted(st *scan) {
	for st.p < s.w {
		c := s.buf[st.p]
		st.p++
		switch {
		case s.quoted[c]:
			st.lastEsc = false
			for st.p < s.w && s.quoted[s.buf[st.p]] {
				st.p++
			}
		case s.twoEscapes && c == s.esc:
			st.lastEsc = !st.lastEsc
		case c == s.quote:
			if !st.lastEsc {
				st.inQuote = false
				return
			}
			st.lastEsc = false
		default: // a line end, which counts as one if it is of the file's kind
			st.lastEsc = false
			if (c == '\n') == (s.eol == eolNL) {
				s.line++
			}
		}
	}
}

// special looks at a byte outside quotes that may mean something. done says that the record ends before end; st.p is then behind its line end.
func (s *records) special(st *scan) (end int, done, last bool, err error) {
	at := st.p
	c := s.buf[at]
	st.p++
	switch {
	case s.csv && c == s.quote && c != '\\':
		st.inQuote = true
		return 0, false, false, nil
	case c == '\r':
		return s.carriageReturn(st)
	case c == '\n':
		if s.eol == eolCR || s.eol == eolCRNL {
			return 0, false, false, s.strayLineEnd("newline", `\n`)
		}
		s.eol = eolNL
		return at, true, false, nil
	}
	if s.csv && c == s.quote { // quote '\'
		st.inQuote = true
		if at != s.r {
			return 0, false, false, nil
		}
	}
	return s.backslash(st)
}

// carriageReturn ends a record at \r or \r\n.
func (s *records) carriageReturn(st *scan) (end int, done, last bool, err error) {
	if s.eol == eolUnknown || s.eol == eolCRNL {
		more, err := s.more(st, 1)
		if err != nil {
			return 0, false, false, err
		}
		end = st.p - 1
		if more && s.buf[st.p] == '\n' {
			st.p++
			s.eol = eolCRNL
			return end, true, false, nil
		}
		if s.eol == eolCRNL {
			return 0, false, false, s.strayLineEnd("carriage return", `\r`)
		}
		s.eol = eolCR
		return end, true, false, nil
	}
	if s.eol == eolNL {
		return 0, false, false, s.strayLineEnd("carriage return", `\r`)
	}
	return st.p - 1, true, false, nil
}

func (s *records) strayLineEnd(what, escape string) error {
	named := sqlstate.SafeString(what)
	if s.csv {
		return sqlstate.New(sqlstate.BadCopyFileFormat, "unquoted %s found in data", named).WithHint("Use quoted CSV field to represent %s.", named)
	}
	return sqlstate.New(sqlstate.BadCopyFileFormat, "literal %s found in data", named).WithHint("Use \"%s\" to represent %s.", sqlstate.SafeString(escape), named)
}

// backslash looks at what follows a backslash: the end marker \. ends the data (in csv only when it is alone on its line), anything else belongs
// to the record; in the text format the following byte has no meaning of its own.
func (s *records) backslash(st *scan) (end int, done, last bool, err error) {
	more, err := s.more(st, 3)
	if err != nil {
		return 0, false, false, err
	}
	at := st.p - 1
	if !more && st.p >= s.w { // just before the end: an ordinary character
		return 0, false, false, nil
	}
	if s.buf[st.p] != '.' {
		if !s.csv {
			st.p++
		}
		return 0, false, false, nil
	}
	rest := s.buf[st.p+1 : min(st.p+3, s.w)]
	if s.eol == eolCRNL {
		if len(rest) == 0 || rest[0] != '\r' {
			if s.csv {
				return 0, false, false, nil
			}
			if len(rest) > 0 && rest[0] == '\n' {
				return 0, false, false, errMarkerStyle()
			}
			return 0, false, false, errMarkerCorrupt()
		}
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != '\r' && rest[0] != '\n' {
		if s.csv {
			return 0, false, false, nil
		}
		return 0, false, false, errMarkerCorrupt()
	}
	if s.eol != eolUnknown && (rest[0] == '\r') != (s.eol == eolCR) {
		return 0, false, false, errMarkerStyle()
	}
	s.eof, s.w = true, at // nothing behind the marker is looked at
	st.p = at
	return at, true, true, nil
}

func errMarkerStyle() error {
	return sqlstate.New(sqlstate.BadCopyFileFormat, "end-of-copy marker does not match previous newline style")
}

func errMarkerCorrupt() error {
	return sqlstate.New(sqlstate.BadCopyFileFormat, "end-of-copy marker corrupt")
}

// verify refuses bytes that are not UTF-8, and zero bytes.
func (s *records) verify(from, to int) error {
	rec := s.buf[from:to]
	if utf8.Valid(rec) && bytes.IndexByte(rec, 0) < 0 {
		return nil
	}
	at := invalidAt(rec)
	s.line -= int64(bytes.Count(rec[at:], []byte{s.lineByte()})) // line ends within quotes behind it have been counted already
	for s.r = from + at; s.w-s.r < utf8.UTFMax && !s.eof; {      // PostgreSQL shows whatever stands in the place of the character's other bytes
		if _, err := s.fill(); err != nil {
			return err
		}
	}
	return errEncoding(s.buf[s.r:s.w])
}

// lineByte is the byte that counts as a line end inside quotes.
func (s *records) lineByte() byte {
	if s.eol == eolNL {
		return '\n'
	}
	return '\r'
}

// invalidAt gives the place of the first byte that is not part of a valid character, or is zero.
func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 || b[i] == 0 {
			return i
		}
		i += size
	}
	return len(b)
}

// errEncoding shows the bytes of the character that b begins with, as long as its first byte says it is.
func errEncoding(b []byte) error {
	n := 1
	switch {
	case b[0]&0xe0 == 0xc0:
		n = 2
	case b[0]&0xf0 == 0xe0:
		n = 3
	case b[0]&0xf8 == 0xf0:
		n = 4
	}
	text := ""
	for _, c := range b[:min(n, len(b))] {
		text += fmt.Sprintf(" 0x%02x", c)
	}
	return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":%s", text)
}

// nextLine gives the next line, without its end, whatever is in it: \n and \r\n end lines.
func (s *records) nextLine() (rec []byte, last bool, err error) {
	s.line++
	from, to := s.r, 0
	for p := s.r; ; {
		if i := bytes.IndexByte(s.buf[p:s.w], '\n'); i >= 0 {
			to = p + i
			s.r = to + 1
			break
		}
		if s.eof {
			to, last = s.w, true
			s.r = to
			break
		}
		p = s.w
		moved, err := s.fill()
		if err != nil {
			return nil, false, err
		}
		p -= moved
		from = s.r
	}
	if to > from && s.buf[to-1] == '\r' {
		to--
	}
	return s.buf[from:to], last, s.verify(from, to)
}

package copyio

import (
	"bytes"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// splitter cuts a record into fields and takes their quotes and escapes away. Fields are slices of the record where that is possible, and of
// scratch where it is not; both are overwritten by the next record. A field that is nil is NULL.
type splitter struct {
	fields  [][]byte
	scratch []byte

	delim, quote, esc byte
	null              []byte
	stop              [256]bool // csv, outside quotes: the delimiter and the quote; text: the delimiter and the backslash
	quoted            [256]bool // csv, inside quotes: the quote and the escape
}

func newSplitter(o *Options) *splitter {
	s := &splitter{delim: o.Delimiter, quote: o.Quote, esc: o.Escape, null: []byte(o.Null)}
	s.stop[o.Delimiter] = true
	if o.Format == CSV {
		s.stop[o.Quote] = true
		s.quoted[o.Quote], s.quoted[o.Escape] = true, true
	} else {
		s.stop['\\'] = true
	}
	return s
}

// room empties the scratch space and makes it large enough for the whole record, so that it never moves while fields point into it.
func (s *splitter) room(rec []byte) {
	if cap(s.scratch) < len(rec) || s.scratch == nil {
		s.scratch = make([]byte, 0, 2*len(rec)+64)
	}
	s.scratch, s.fields = s.scratch[:0], s.fields[:0]
}

// csv splits a csv record; it follows CopyReadAttributesCSV.
func (s *splitter) csv(rec []byte) error {
	s.room(rec)
	for p := 0; ; p++ {
		from := p
		for p < len(rec) && !s.stop[rec[p]] {
			p++
		}
		if p == len(rec) || rec[p] == s.delim { // no quotes: the usual case
			f := rec[from:p:p]
			if bytes.Equal(f, s.null) {
				f = nil
			}
			s.fields = append(s.fields, f)
		} else {
			var err error
			if p, err = s.quotedField(rec, from, p); err != nil {
				return err
			}
		}
		if p == len(rec) {
			return nil
		}
	}
}

// quotedField reads a field that begins at from and has its first quote at p. It gives the place of its delimiter or the record's end.
func (s *splitter) quotedField(rec []byte, from, p int) (int, error) {
	if p == from { // "…" as a whole, nothing to take away within
		end := p + 1
		for end < len(rec) && !s.quoted[rec[end]] {
			end++
		}
		if end < len(rec) && rec[end] == s.quote && (end+1 == len(rec) || rec[end+1] == s.delim) && s.delim != s.esc {
			s.fields = append(s.fields, rec[p+1:end:end])
			return end + 1, nil
		}
	}
	at := len(s.scratch)
	out := append(s.scratch, rec[from:p]...)
	for {
		p++ // behind the opening quote
		for {
			run := p
			for p < len(rec) && !s.quoted[rec[p]] {
				p++
			}
			out = append(out, rec[run:p]...)
			if p == len(rec) {
				return 0, sqlstate.New(sqlstate.BadCopyFileFormat, "unterminated CSV quoted field")
			}
			c := rec[p]
			if c == s.esc && p+1 < len(rec) && (rec[p+1] == s.esc || rec[p+1] == s.quote) {
				out = append(out, rec[p+1])
				p += 2
				continue
			}
			if c == s.quote {
				break
			}
			out = append(out, c)
			p++
		}
		p++ // behind the closing quote
		run := p
		for p < len(rec) && !s.stop[rec[p]] {
			p++
		}
		out = append(out, rec[run:p]...)
		if p == len(rec) || rec[p] == s.delim {
			s.scratch = out
			s.fields = append(s.fields, out[at:len(out):len(out)])
			return p, nil
		}
	}
}

// text splits a line of the text format; it follows CopyReadAttributesText.
func (s *splitter) text(rec []byte) error {
	s.room(rec)
	for p := 0; ; p++ {
		from := p
		for p < len(rec) && !s.stop[rec[p]] {
			p++
		}
		if p == len(rec) || rec[p] == s.delim {
			f := rec[from:p:p]
			if bytes.Equal(f, s.null) {
				f = nil
			}
			s.fields = append(s.fields, f)
		} else {
			var err error
			if p, err = s.escapedField(rec, from, p); err != nil {
				return err
			}
		}
		if p == len(rec) {
			return nil
		}
	}
}

// escapedField reads a field of the text format that has its first backslash at p.
func (s *splitter) escapedField(rec []byte, from, p int) (int, error) {
	at := len(s.scratch)
	out := append(s.scratch, rec[from:p]...)
	rough := false // an escape made a byte that may not be valid text
	end := len(rec)
	for p < len(rec) && rec[p] != s.delim {
		if rec[p] != '\\' {
			out = append(out, rec[p])
			p++
			continue
		}
		if p+1 == len(rec) { // a backslash at the very end stands for nothing and is no part of what is compared with the NULL string
			end = p
			p++
			break
		}
		c, size := unescape(rec[p+1:])
		p += 1 + size
		rough = rough || c == 0 || c >= 0x80
		out = append(out, c)
	}
	end = min(end, p)
	if bytes.Equal(rec[from:end], s.null) {
		s.fields = append(s.fields, nil)
		return p, nil
	}
	f := out[at:len(out):len(out)]
	if rough {
		if bad := invalidAt(f); bad < len(f) {
			return 0, errEncoding(f[bad:])
		}
	}
	s.scratch = out
	s.fields = append(s.fields, f)
	return p, nil
}

// unescape reads what follows a backslash: the byte it stands for and its length.
func unescape(b []byte) (c byte, size int) {
	switch b[0] {
	case 'b':
		return '\b', 1
	case 'f':
		return '\f', 1
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'v':
		return '\v', 1
	case '0', '1', '2', '3', '4', '5', '6', '7':
		value := 0
		for size < 3 && size < len(b) && b[size] >= '0' && b[size] <= '7' {
			value = value<<3 + int(b[size]-'0')
			size++
		}
		return byte(value), size
	case 'x':
		value := 0
		for size = 1; size < 3 && size < len(b) && hexDigit(b[size]) >= 0; size++ {
			value = value<<4 + hexDigit(b[size])
		}
		if size == 1 {
			return 'x', 1
		}
		return byte(value), size
	}
	return b[0], 1
}

func hexDigit(c byte) int {
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

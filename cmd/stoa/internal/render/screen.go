package render

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Screen is a writer before a terminal, on which the data could otherwise act: control characters, of C1 too, and those that change the direction of
// text (Unicode's Bidi_Control) or end a line unseen are written as escapes, `\x1B`. Line feeds and tabs stay as they are.
//
// A character may come in several writes. What is no UTF-8 is escaped byte by byte.
type Screen struct {
	w    io.Writer
	part []byte // the beginning of a character whose end has not come yet
	buf  []byte
}

// NewScreen gives a screen before w.
func NewScreen(w io.Writer) *Screen { return &Screen{w: w} }

// Unwrap gives the writer behind the screen.
func (s *Screen) Unwrap() io.Writer { return s.w }

// Write implements io.Writer.
func (s *Screen) Write(p []byte) (int, error) {
	s.buf = s.buf[:0]
	rest := p
	if len(s.part) > 0 {
		rest = append(s.part, p...)
	}
	for len(rest) > 0 {
		if !utf8.FullRune(rest) {
			break
		}
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			s.buf = fmt.Appendf(s.buf, `\x%02X`, rest[0])
		case r == '\n', r == '\t', !acts(r):
			s.buf = append(s.buf, rest[:size]...)
		default:
			s.buf = append(s.buf, escape(r)...)
		}
		rest = rest[size:]
	}
	s.part = append([]byte(nil), rest...)
	if _, err := s.w.Write(s.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

// acts tells the characters that a terminal does not just show.
func acts(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x61c:
		return false
	}
	switch r {
	case 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069:
		return true
	}
	return false
}

// escape writes a character as psql writes control characters in a table.
func escape(r rune) string {
	switch {
	case r == '\r':
		return `\r`
	case r < 0x80:
		return fmt.Sprintf(`\x%02X`, r)
	}
	return fmt.Sprintf(`\u%04X`, r)
}

// Harmless tells whether a text can be shown as it is on one line.
func Harmless(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, acts)
}

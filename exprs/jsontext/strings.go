package jsontext

import (
	"cmp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Quote is to_jsonb(text): s as a JSON string. s must be text as SQL knows it: UTF-8 without NUL.
func Quote(s string) string { return string(AppendQuoted(make([]byte, 0, len(s)+2), s)) }

// AppendQuoted appends s as a JSON string to dst; see Quote.
func AppendQuoted(dst []byte, s string) []byte { return append(appendBody(append(dst, '"'), s), '"') }

// appendBody appends text with the escapes that PostgreSQL writes.
func appendBody(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			dst = append(dst, s[from:i]...)
			dst = appendEscaped(dst, c)
			from = i + 1
		}
	}
	return append(dst, s[from:]...)
}

// appendEscaped appends a byte as PostgreSQL's escape_json does.
func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	if c < ' ' {
		return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(dst, c)
}

// canonicalEscape gives the length of the escape at the start of s if it is one that PostgreSQL writes, else 0.
func canonicalEscape(s string) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) < 6 || s[2] != '0' || s[3] != '0' || s[4] > '1' || s[4] < '0' {
			return 0
		}
		low := strings.IndexByte(hexDigits, s[5])
		if low < 0 || s[4] == '0' && (low == 0 || strings.IndexByte("\b\t\n\f\r", byte(low)) >= 0) {
			return 0
		}
		return 6
	}
	return 0
}

// unescape decodes the body of a JSON string, any valid one, canonical or not. It returns s itself when there are no escapes.
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	return string(appendUnescaped(make([]byte, 0, len(s)), s, i))
}

// appendUnescaped appends the decoded s to dst; i is the index of its first escape.
func appendUnescaped(dst []byte, s string, i int) []byte {
	for from := 0; ; {
		dst = append(dst, s[from:i]...)
		r, n := decodeEscape(s[i:])
		dst = utf8.AppendRune(dst, r)
		from = i + n
		next := strings.IndexByte(s[from:], '\\')
		if next < 0 {
			return append(dst, s[from:]...)
		}
		i = from + next
	}
}

// decodeEscape gives the character of the escape at the start of s, which holds at least the backslash, and the escape's length. A pair of
// surrogates counts as one escape. What no valid string contains decodes to something harmless.
func decodeEscape(s string) (rune, int) {
	if len(s) < 2 {
		return utf8.RuneError, len(s)
	}
	switch c := s[1]; c {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r, ok := hex4(s[2:])
		if !ok {
			return utf8.RuneError, 2
		}
		if utf16.IsSurrogate(r) && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if low, ok := hex4(s[8:]); ok {
				return utf16.DecodeRune(r, low), 12
			}
		}
		return r, 6
	default:
		return rune(c), 2
	}
}

func hex4(s string) (r rune, ok bool) {
	if len(s) < 4 {
		return 0, false
	}
	for i := range 4 {
		d, ok := hexValue(s[i])
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

func hexValue(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// compareKeys orders the bodies of two keys as jsonb stores them: by the length of the decoded text in bytes, then by its bytes.
func compareKeys(a, b string) int {
	if strings.IndexByte(a, '\\') < 0 {
		return -compareKeyText(b, a)
	}
	if c := cmp.Compare(decodedLen(a), decodedLen(b)); c != 0 {
		return c
	}
	return compareBodies(a, b)
}

// compareKeyText orders the body of a key against plain text, as compareKeys does.
func compareKeyText(body, text string) int {
	if len(body) < len(text) {
		return -1 // decoding only shortens
	}
	if strings.IndexByte(body, '\\') < 0 {
		if len(body) != len(text) {
			return cmp.Compare(len(body), len(text))
		}
		return strings.Compare(body, text)
	}
	if c := cmp.Compare(decodedLen(body), len(text)); c != 0 {
		return c
	}
	i := 0
	for j := 0; j < len(text) && i < len(body); j++ {
		var c byte
		if c, i = decodedByte(body, i); c != text[j] {
			return cmp.Compare(c, text[j])
		}
	}
	return 0
}

// compareBodies orders the bodies of two strings by the bytes of the decoded text.
func compareBodies(a, b string) int {
	if strings.IndexByte(a, '\\') < 0 && strings.IndexByte(b, '\\') < 0 {
		return strings.Compare(a, b)
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		var x, y byte
		x, i = decodedByte(a, i)
		y, j = decodedByte(b, j)
		if x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a)-i, len(b)-j)
}

// decodedByte gives the byte that stands at i of a canonical body, and the index behind it. A canonical escape stands for one byte.
func decodedByte(s string, i int) (byte, int) {
	if s[i] != '\\' {
		return s[i], i + 1
	}
	r, n := decodeEscape(s[i:])
	return byte(r), i + n
}

// decodedLen gives the number of bytes of the decoded text of a canonical body.
func decodedLen(s string) (n int) {
	for i := 0; i < len(s); n++ {
		_, i = decodedByte(s, i)
	}
	return n
}

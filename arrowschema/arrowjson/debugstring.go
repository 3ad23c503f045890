package arrowjson

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// appendDebugString appends s as Rust's Debug prints a str: in double quotes, with \0 \t \r \n \" \\ by name, and \u{hex} for what is not
// printable or extends the grapheme before it. Single quotes stay as they are. (Rust's core library, fmt and char::escape_debug.)
func appendDebugString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		b = appendDebugRune(b, r)
		i += n
	}
	return append(b, '"')
}

func appendDebugRune(b []byte, r rune) []byte {
	switch r {
	case 0:
		return append(b, `\0`...)
	case '\t':
		return append(b, `\t`...)
	case '\r':
		return append(b, `\r`...)
	case '\n':
		return append(b, `\n`...)
	case '"':
		return append(b, `\"`...)
	case '\\':
		return append(b, `\\`...)
	}
	if plainInDebug(r) {
		return utf8.AppendRune(b, r)
	}
	return append(strconv.AppendInt(append(b, `\u{`...), int64(r), 16), '}')
}

// plainInDebug tells whether Rust's Debug prints r as it is. What it escapes is Grapheme_Extend (Unicode: Me, Mn and Other_Grapheme_Extend) and
// the categories C and Z but for the space, which is where Go's IsPrint draws the line too. Each release of Rust has the tables of its own version
// of Unicode, as Go has: characters newer than 15.0 and some thirty marks that Unicode 16 reclassified are where they differ. Either way is read.
func plainInDebug(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Other_Grapheme_Extend)
}

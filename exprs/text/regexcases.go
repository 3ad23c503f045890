package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// caseSets writes what PostgreSQL takes a character for when letters match in either case: the character in lower and in upper case, and of a range also the
// other cases of its characters (documentation of regc_locale.c: allcases, range). Go's (?i) knows more: to it the Kelvin sign is a k, and a long s an s.
// Where the two differ, and in brackets, the cases are written out.
type caseSets struct {
	fold    bool
	bracket bool   // within a bracket expression
	ranged  bool   // the next character ends a range that begins with last
	last    rune   // the last character of the bracket expression
	extra   []rune // other cases, to be added at its end
}

// write writes a character, if it does not stand as it is.
func (c *caseSets) write(out *strings.Builder, r rune) bool {
	switch {
	case !c.fold:
		return false
	case c.bracket:
		c.add(r)
		return false
	case r < utf8.RuneSelf && r|0x20 != 'k' && r|0x20 != 's' || r == utf8.RuneError || foldsAlike(r):
		return false
	}
	out.WriteString("(?-i:[")
	out.WriteRune(unicode.ToUpper(r))
	out.WriteRune(unicode.ToLower(r))
	out.WriteString("])")
	return true
}

// foldsAlike tells whether Go's (?i) makes of a character what PostgreSQL does.
func foldsAlike(r rune) bool {
	small, large := unicode.ToLower(r), unicode.ToUpper(r)
	if small == large {
		return unicode.SimpleFold(r) == r
	}
	return unicode.SimpleFold(small) == large && unicode.SimpleFold(large) == small
}

// add notes the other cases of a character within brackets, or of the range that it ends.
func (c *caseSets) add(r rune) {
	from := r
	if c.ranged {
		from, c.ranged = c.last, false
	}
	c.last = r
	for _, cased := range unicode.CaseRanges {
		for x := max(from, rune(cased.Lo)); x <= min(r, rune(cased.Hi)); x++ {
			for _, other := range [...]rune{unicode.ToLower(x), unicode.ToUpper(x)} {
				if other < from || other > r {
					c.extra = append(c.extra, other)
				}
			}
		}
	}
}

// open begins a bracket expression.
func (c *caseSets) open(out *strings.Builder) {
	if c.bracket = true; c.fold {
		out.WriteString("(?-i:")
	}
	out.WriteByte('[')
}

// close ends it.
func (c *caseSets) close(out *strings.Builder) {
	slices.Sort(c.extra)
	for _, r := range slices.Compact(c.extra) {
		out.WriteRune(r) // a letter or a number, never one of the notation's characters
	}
	out.WriteByte(']')
	if c.fold {
		out.WriteByte(')')
	}
	*c = caseSets{fold: c.fold}
}

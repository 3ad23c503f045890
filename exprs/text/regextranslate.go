package text

import (
	"strings"
	"unicode/utf8"
)

// regexTranslator rewrites PostgreSQL's notation into Go's.
type regexTranslator struct {
	in       string
	at       int
	out      strings.Builder
	lineMode bool
	lazy     bool
	cases    caseSets
	// contextual is set by what looks at the text before a match.
	contextual bool
	repeats    bool // there are bounds
	ranges     int  // of characters, in classes, about
}

func (t *regexTranslator) run() error {
	for t.at < len(t.in) {
		var err error
		switch c := t.in[t.at]; c {
		case '\\':
			err = t.escape(false)
		case '[':
			err = t.bracket()
		case '(':
			err = t.open()
		case '$':
			t.at++
			if t.lineMode {
				t.out.WriteByte('$')
			} else {
				t.out.WriteString(`\z`)
			}
		case '{':
			err = t.bound()
		case '^':
			t.at++
			t.contextual = true
			t.out.WriteByte('^')
		case '*', '+', '?', '}':
			t.at++
			t.out.WriteByte(c)
			if t.at < len(t.in) && t.in[t.at] == '?' {
				t.lazy = true
				t.at++
				t.out.WriteByte('?')
			}
		default:
			r, size := utf8.DecodeRuneInString(t.in[t.at:])
			if !t.cases.write(&t.out, r) {
				t.out.WriteString(t.in[t.at : t.at+size])
			}
			t.at += size
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bound copies {m}, {m,} and {m,n}, whose numbers end at 255. A brace before anything but a digit stands for itself.
func (t *regexTranslator) bound() error {
	const most = 255
	start := t.at
	t.at++
	t.repeats = true
	for n := 0; t.at < len(t.in); t.at++ {
		switch c := t.in[t.at]; {
		case c >= '0' && c <= '9':
			n = n*10 + int(c-'0')
		case t.at == start+1:
			t.out.WriteString(`\{`)
			return nil
		case c == ',':
			n = 0
		case c == '}':
			t.out.WriteString(t.in[start:t.at])
			return nil
		default:
			n = most + 1
		}
		if n > most {
			return errRegex("invalid repetition count(s)")
		}
	}
	if t.at == start+1 {
		t.out.WriteString(`\{`)
		return nil
	}
	return errRegex("braces {} not balanced")
}

// open copies an opening parenthesis with what may follow it; a comment is left out.
func (t *regexTranslator) open() error {
	rest := t.in[t.at:]
	switch {
	case strings.HasPrefix(rest, "(?:"):
		t.out.WriteString("(?:")
		t.at += 3
	case strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?!"), strings.HasPrefix(rest, "(?<"):
		return errUnsupportedRegex("a look-around constraint")
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return errRegex("parentheses () not balanced")
		}
		t.at += end + 1
	case strings.HasPrefix(rest, "(?"):
		return errRegex("quantifier operand invalid")
	default:
		t.out.WriteByte('(')
		t.at++
	}
	return nil
}

// escape translates a backslash and what follows it.
func (t *regexTranslator) escape(inBracket bool) error {
	if t.at+1 >= len(t.in) {
		return errRegex("invalid escape \\ sequence")
	}
	r, size := utf8.DecodeRuneInString(t.in[t.at+1:])
	t.at += 1 + size
	switch {
	case strings.ContainsRune("dDwWsS", r):
		t.out.WriteString(classEscape(r, inBracket))
		return t.class(string(r | 0x20))
	case strings.ContainsRune("afnrtv", r):
		t.out.WriteByte('\\')
		t.out.WriteRune(r)
	case r == 'b':
		t.out.WriteString(`\x08`)
	case r == 'B':
		t.out.WriteString(`\\`)
	case r == 'e':
		t.out.WriteString(`\x1b`)
	case r == '0':
		return errRegex("invalid escape \\ sequence")
	case r == 'x' || r == 'u' || r == 'U':
		return t.codePoint(r)
	case inBracket && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '1' && r <= '9'):
		return errRegex("invalid escape \\ sequence")
	case r == 'y' || r == 'Y' || r == 'A':
		t.contextual = true
		t.out.WriteString(map[rune]string{'y': `\b`, 'Y': `\B`, 'A': `\A`}[r])
	case r == 'Z':
		t.out.WriteString(`\z`)
	case r == 'm' || r == 'M':
		return errUnsupportedRegex("\\" + string(r))
	case r >= '1' && r <= '9':
		return errUnsupportedRegex("a back reference")
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		return errRegex("invalid escape \\ sequence")
	default:
		t.literal(r)
	}
	return nil
}

// classEscape gives \d, \w and \s as PostgreSQL has them in a Unicode locale; a bracket expression cannot hold their opposites there.
func classEscape(r rune, inBracket bool) string {
	class := map[rune]string{'d': `\p{Nd}`, 'w': `\p{L}\p{N}\p{M}_`, 's': `\s\v\x{85}\x{2028}\x{2029}`}[r|0x20]
	switch {
	case inBracket:
		return class
	case r < 'a':
		return "[^" + class + "]"
	default:
		return "[" + class + "]"
	}
}

// codePoint translates \xhex, \uhhhh and \Uhhhhhhhh.
func (t *regexTranslator) codePoint(kind rune) error {
	limit := map[rune]int{'x': 255, 'u': 4, 'U': 8}[kind]
	n, v := 0, rune(0)
	for n < limit && t.at < len(t.in) && hexDigit(t.in[t.at]) < 16 {
		v = v<<4 | rune(hexDigit(t.in[t.at]))
		if v > utf8.MaxRune {
			return errRegex("invalid escape \\ sequence")
		}
		n++
		t.at++
	}
	if n == 0 || kind != 'x' && n < limit || v == 0 {
		return errRegex("invalid escape \\ sequence")
	}
	t.literal(v)
	return nil
}

// literal writes a character that stands for itself.
func (t *regexTranslator) literal(r rune) {
	if t.cases.write(&t.out, r) {
		return
	}
	if r < utf8.RuneSelf && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_') && r >= ' ' && r < 0x7f {
		t.out.WriteByte('\\')
	}
	t.out.WriteRune(r)
}

// bracket translates a bracket expression: a ] that stands first is a character, [:class:] a class, [.x.] and [=x=] one character.
func (t *regexTranslator) bracket() error {
	if strings.HasPrefix(t.in[t.at:], "[[:<:]]") || strings.HasPrefix(t.in[t.at:], "[[:>:]]") {
		return errUnsupportedRegex("[[:<:]] or [[:>:]]")
	}
	t.at++
	t.cases.open(&t.out)
	if t.peek('^') {
		t.at++
		t.out.WriteByte('^')
		if t.lineMode {
			t.out.WriteString(`\n`)
		}
	}
	for first := true; ; first = false {
		if t.at >= len(t.in) {
			return errRegex("brackets [] not balanced")
		}
		rest := t.in[t.at:]
		switch {
		case rest[0] == ']' && !first:
			t.at++
			t.cases.close(&t.out)
			return nil
		case rest[0] == '\\':
			if err := t.escape(true); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "[:"), strings.HasPrefix(rest, "[."), strings.HasPrefix(rest, "[="):
			if err := t.named(rest); err != nil {
				return err
			}
		case rest[0] == '-' && !first && len(rest) > 1 && rest[1] != ']':
			t.at++
			t.cases.ranged = true
			t.out.WriteByte('-')
		default:
			r, size := utf8.DecodeRuneInString(rest)
			t.at += size
			t.literal(r)
		}
	}
}

// named translates [:class:], [.character.] and [=character=].
func (t *regexTranslator) named(rest string) error {
	kind := rest[1]
	end := strings.Index(rest[2:], string(kind)+"]")
	if end < 0 {
		return errRegex("brackets [] not balanced")
	}
	name := rest[2 : 2+end]
	t.at += end + 4
	if kind != ':' {
		if utf8.RuneCountInString(name) != 1 {
			return errRegex("invalid collating element")
		}
		r, _ := utf8.DecodeRuneInString(name)
		t.literal(r)
		return nil
	}
	if t.cases.fold && (name == "upper" || name == "lower") {
		name = "alpha"
	}
	class, ok := map[string]string{
		"alpha": `\p{L}`, "digit": `\p{Nd}`, "alnum": `\p{L}\p{Nd}`, "upper": `\p{Lu}`, "lower": `\p{Ll}`, "space": `\s\v\x{85}\x{2028}\x{2029}`,
		"punct": `[:punct:]`, "xdigit": `[:xdigit:]`, "blank": `[:blank:]`, "cntrl": `[:cntrl:]`, "print": `[:print:]\x{a1}-\x{10ffff}`,
		"graph": `[:graph:]\x{a1}-\x{10ffff}`, "ascii": `[:ascii:]`, "word": `\p{L}\p{N}\p{M}_`,
	}[name]
	if !ok {
		return errRegex("invalid character class")
	}
	t.out.WriteString(class)
	return t.class(name)
}

// class counts a class.
func (t *regexTranslator) class(name string) error {
	if t.ranges += classRanges[name]; t.ranges > maxRanges {
		return errTooComplex()
	}
	return nil
}

func (t *regexTranslator) peek(c byte) bool { return t.at < len(t.in) && t.in[t.at] == c }

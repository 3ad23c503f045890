package client

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// pattern is the argument of \d: a name, perhaps with its schema, in which * stands for any letters and ? for one. As in psql, what is outside of double
// quotes is folded to lower case, and what is within them stands for itself.
type pattern struct {
	text         string
	schema, name *regexp.Regexp // schema is nil when none was written
	wild         bool
}

// patternOf reads an argument of \d.
func patternOf(text string) (*pattern, error) {
	p := &pattern{text: text}
	parts := []string{""}
	quoted := false
	for rest := text; rest != ""; {
		r := []rune(rest)[0]
		rest = rest[len(string(r)):]
		last := &parts[len(parts)-1]
		switch {
		case r == '"' && quoted && strings.HasPrefix(rest, `"`):
			*last += `"`
			rest = rest[1:]
		case r == '"':
			quoted = !quoted
		case quoted:
			*last += regexp.QuoteMeta(string(r))
		case r == '.':
			parts = append(parts, "")
		case r == '*' || r == '?':
			p.wild = true
			*last += map[rune]string{'*': ".*", '?': "."}[r]
		default:
			*last += regexp.QuoteMeta(string(unicode.ToLower(r)))
		}
	}
	if len(parts) > 2 {
		return nil, fmt.Errorf("improper qualified name (too many dotted names): %s", text)
	}
	var err error
	if p.name, err = regexp.Compile("(?s)^(?:" + parts[len(parts)-1] + ")$"); err == nil && len(parts) == 2 {
		p.schema, err = regexp.Compile("(?s)^(?:" + parts[0] + ")$")
	}
	return p, err
}

// matches tells whether a relation is meant.
func (p *pattern) matches(schema, name string) bool {
	return p.name.MatchString(name) && (p.schema == nil || p.schema.MatchString(schema))
}

package text

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Regular expressions are PostgreSQL's advanced ones (documentation, 9.7.3) as far as a finite automaton can match them, by Go's package regexp,
// which is linear in the text. Refused with 0A000: back references, look-ahead and look-behind, \m, \M, [[:<:]] and [[:>:]]. As in PostgreSQL,
// and unlike Go, the dot matches a newline, $ matches only at the end, and of several matches at one place the longest counts, unless the expression
// has a quantifier that is not greedy.

func errUnsupportedRegex(what string) error {
	return sqlstate.New(sqlstate.FeatureNotSupported, "%s in a regular expression is not supported", what)
}

func errRegex(detail string) error {
	return sqlstate.New("2201B", "invalid regular expression: %s", detail)
}

// compiledRegex is a pattern, compiled.
type compiledRegex struct {
	*regexp.Regexp
	instructions int          // of the automaton, about; a small number when it is small
	contextual   bool         // whether a match depends on what stands before it: ^, \A, \y, \Y
	size         atomic.Int64 // instructions of the automaton; 0 while nobody has counted them
	lazy         bool         // of several matches at one place it is not the longest that counts
	// Of a pattern that many texts are to be matched with, where these are known: see prepare.
	table  *table
	needed *needed
}

// prepare spends some time on a pattern that is going to be used for many texts. Nobody else may use it meanwhile.
func (c *compiledRegex) prepare() *compiledRegex {
	const large = 1 << 10 // bytes of a pattern from which only the automaton of Go's package is made
	if len(c.String()) < large {
		c.table, c.needed = newTable(c.String()), newNeeded(c.String())
	}
	return c
}

// compileRegex compiles a pattern; fold makes letters match in either case. lineMode is the flag n: . and [^…] leave newlines out, ^ and $ match at lines.
func compileRegex(pattern string, fold, lineMode bool) (*compiledRegex, error) {
	if strings.HasPrefix(pattern, "***:") {
		pattern = pattern[4:]
	} else if literal, ok := strings.CutPrefix(pattern, "***="); ok {
		pattern = regexp.QuoteMeta(literal)
	}
	if options, rest, ok := embeddedOptions(pattern); ok {
		pattern = rest
		for _, o := range options {
			switch o {
			case 'i':
				fold = true
			case 'c':
				fold = false
			case 'n', 'm':
				lineMode = true
			case 's':
				lineMode = false
			case 't', 'e':
			default:
				return nil, errRegex("invalid embedded option")
			}
		}
	}
	if len(pattern) > maxInstructions {
		return nil, errTooComplex()
	}
	tr := regexTranslator{in: pattern, lineMode: lineMode, cases: caseSets{fold: fold}}
	if err := tr.run(); err != nil {
		return nil, err
	}
	flags := "(?s)"
	if lineMode {
		flags = "(?m)"
	}
	if fold {
		flags = "(?i)" + flags
	}
	size, err := checkSize(flags+tr.out.String(), tr.repeats)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(flags + tr.out.String())
	if err != nil {
		return nil, regexError(err)
	}
	if !tr.lazy {
		re.Longest()
	}
	return &compiledRegex{Regexp: re, instructions: size, contextual: tr.contextual, lazy: tr.lazy}, nil
}

// embeddedOptions reads (?letters) at the start.
func embeddedOptions(pattern string) (options, rest string, ok bool) {
	body, found := strings.CutPrefix(pattern, "(?")
	if !found {
		return "", pattern, false
	}
	end := strings.IndexByte(body, ')')
	if end < 1 {
		return "", pattern, false
	}
	for _, c := range body[:end] {
		if c < 'a' || c > 'z' {
			return "", pattern, false
		}
	}
	return body[:end], body[end+1:], true
}

// regexError gives a compile error in PostgreSQL's words.
func regexError(err error) error {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return errRegex(err.Error())
	}
	switch e.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return errRegex("parentheses () not balanced")
	case syntax.ErrMissingBracket:
		return errRegex("brackets [] not balanced")
	case syntax.ErrMissingRepeatArgument, syntax.ErrInvalidRepeatOp:
		return errRegex("quantifier operand invalid")
	case syntax.ErrInvalidRepeatSize:
		return errRegex("invalid repetition count(s)")
	case syntax.ErrInvalidCharRange:
		return errRegex("invalid character range")
	case syntax.ErrTrailingBackslash, syntax.ErrInvalidEscape:
		return errRegex("invalid escape \\ sequence")
	case syntax.ErrLarge, syntax.ErrNestingDepth:
		return errTooComplex()
	default:
		return errRegex(e.Error())
	}
}

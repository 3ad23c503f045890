package temporal

import (
	"slices"
	"strings"
)

// CharFormat is a format of to_char, taken apart once, when a statement is planned, and used for every row. It is immutable.
//
// It knows PostgreSQL 15's template patterns with the modifiers FM, TH, th and TM (names are English, as in the locale C). What is no pattern is
// copied, as is text in double quotes.
type CharFormat struct {
	nodes []charNode
	empty bool // the format is the empty text, which gives NULL
	ask   func(bytes int64) error
}

// charNode is a pattern, or text to be copied when its pattern is empty.
type charNode struct {
	pattern string // as it is written
	text    []byte
	fill    bool // the output is padded: neither FM nor, for names, TM
	pad     bool // like fill, but TM does not count
	ordinal int8 // 1 for TH, 2 for th
}

// charPatterns are the patterns of upper case letters; each also exists in lower case, for the same number or for text in lower case. Those
// spelled like Month stand in mixedPatterns.
var charPatterns = []string{"A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "D", "DAY", "DD", "DDD", "DY", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FX",
	"HH", "HH12", "HH24", "I", "ID", "IDDD", "IW", "IY", "IYY", "IYYY", "J", "MI", "MM", "MON", "MONTH", "MS", "OF", "P.M.", "PM", "Q", "RM", "SS", "SSSS", "SSSSS",
	"TZ", "TZH", "TZM", "US", "W", "WW", "Y", "Y,YYY", "YY", "YYY", "YYYY"}

var mixedPatterns = []string{"Day", "Dy", "Month", "Mon"}

// CompileCharFormat takes a format apart. Every text is one.
func CompileCharFormat(format string) *CharFormat {
	f, _ := CompileCharFormatWithin(format, func(int64) error { return nil })
	return f
}

// CompileCharFormatWithin is CompileCharFormat for a format that may be long: ask is told now and then how many bytes the format and what it makes of one
// value will take, and ends the work by an error, which is returned. When the format is used, ask may end that too: the result is cut short then.
func CompileCharFormatWithin(format string, ask func(bytes int64) error) (*CharFormat, error) {
	const perNode = 160 // with what append leaves behind, and the output
	f := &CharFormat{empty: format == "", ask: ask}
	for format != "" {
		if len(format)%nodesAtOnce == 0 {
			if err := ask(0); err != nil {
				return nil, err
			}
		}
		if n := len(f.nodes); n > 0 && n%nodesAtOnce == 0 {
			if err := ask(nodesAtOnce * perNode); err != nil {
				return nil, err
			}
		}
		n := charNode{fill: true, pad: true}
		switch {
		case strings.HasPrefix(format, "FM"), strings.HasPrefix(format, "fm"):
			n.fill, n.pad, format = false, false, format[2:]
		case strings.HasPrefix(format, "TM"), strings.HasPrefix(format, "tm"):
			n.fill, format = false, format[2:]
		}
		if n.pattern = leadingPattern(format); n.pattern != "" {
			format = n.suffixes(format[len(n.pattern):])
			f.nodes = append(f.nodes, n)
		} else if format != "" {
			format = f.text(format)
		}
	}
	return f, nil
}

// nodesAtOnce is how many patterns are worked on between two questions.
const nodesAtOnce = 1 << 12

// leadingPattern gives the longest pattern at the start of a format, in the case in which it is written.
func leadingPattern(format string) string {
	const longest = 5
	for n := min(longest, len(format)); n > 0; n-- {
		candidate := format[:n]
		upper := strings.ToUpper(candidate)
		if candidate != upper && candidate != strings.ToLower(candidate) {
			if slices.Contains(mixedPatterns, candidate) {
				return candidate
			}
			continue
		}
		if _, ok := slices.BinarySearch(charPatterns, upper); ok {
			return candidate
		}
	}
	return ""
}

// suffixes takes a modifier behind a pattern.
func (n *charNode) suffixes(format string) string {
	switch {
	case strings.HasPrefix(format, "TH"):
		n.ordinal = 1
	case strings.HasPrefix(format, "th"):
		n.ordinal = 2
	case strings.HasPrefix(format, "SP"): // spelled out, which PostgreSQL does not do
	default:
		return format
	}
	return format[2:]
}

// text takes a character, or all of a text in quotes, to be copied. A backslash matters before a quote and within quotes.
func (f *CharFormat) text(format string) string {
	if format[0] != '"' {
		if strings.HasPrefix(format, `\"`) {
			format = format[1:]
		}
		f.copy(format[:1])
		return format[1:]
	}
	for format = format[1:]; format != ""; format = format[1:] {
		if format[0] == '"' {
			return format[1:]
		}
		if format[0] == '\\' && len(format) > 1 {
			format = format[1:]
		}
		f.copy(format[:1])
	}
	return ""
}

// copy adds text to the last node, if that is text, or a new one.
func (f *CharFormat) copy(text string) {
	if last := len(f.nodes) - 1; last >= 0 && f.nodes[last].pattern == "" {
		f.nodes[last].text = append(f.nodes[last].text, text...)
		return
	}
	f.nodes = append(f.nodes, charNode{text: []byte(text)})
}

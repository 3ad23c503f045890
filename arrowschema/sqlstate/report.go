package sqlstate

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Report renders err as psql does: `ERROR:  message (SQLSTATE code)` and, each on a line of its own, DETAIL, HINT and CONTEXT.
// statement, when it is given, adds the line and a caret under the position; of a long line what is around the position.
func Report(err error, statement string) string {
	var e *Error
	if !errors.As(err, &e) {
		return "ERROR:  " + clip(err.Error(), maxShown) + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "ERROR:  %s (SQLSTATE %s)\n", clip(e.Message, maxShown), e.Code)
	if e.Position > 0 && statement != "" {
		writeCaret(&b, statement, e.Position)
	}
	for _, p := range []struct{ label, text string }{{"DETAIL", e.Detail}, {"HINT", e.Hint}, {"CONTEXT", e.Where}} {
		if p.text != "" {
			fmt.Fprintf(&b, "%s:  %s\n", p.label, clip(p.text, maxShown))
		}
	}
	return b.String()
}

// psql's measures of the line that it shows, in characters (reportErrorPosition).
const (
	shownLine  = 60 // of a line at most
	rightOfPos = 10 // behind the position at least, while there are so many
)

// writeCaret prints the statement's line that holds the 1-based character position, and a caret below it.
func writeCaret(b *strings.Builder, statement string, position int) {
	number, start, at := 1, 0, 0
	for n := 1; n < position && at < len(statement); n++ {
		_, size := utf8.DecodeRuneInString(statement[at:])
		at += size
		if statement[at-1] == '\n' {
			number, start = number+1, at
		}
	}
	before, after := backwards(statement[start:at], shownLine), forwards(statement[at:], shownLine)
	cutBefore, cutAfter := len(before) > shownLine, len(after) > shownLine
	if len(before)+len(after) > shownLine {
		// The end is cut first, as far as something stays to be seen behind the position.
		if keep := max(rightOfPos, shownLine-len(before)); keep < len(after) {
			after, cutAfter = after[:keep], true
		}
		if keep := shownLine - len(after); keep < len(before) {
			before, cutBefore = before[len(before)-keep:], true
		}
	}
	label, end := fmt.Sprintf("LINE %d: ", number), ""
	if cutBefore {
		label += "..."
	}
	if cutAfter {
		end = "..."
	}
	fmt.Fprintf(b, "%s%s%s%s\n%s^\n", label, string(before), string(after), end, strings.Repeat(" ", len(label)+len(before)))
}

// forwards gives the first characters of a text up to the end of the line, one more than n if there are so many. A tab is shown as a space.
func forwards(text string, n int) []rune {
	line := make([]rune, 0, n+1)
	for _, r := range text {
		if r == '\n' || len(line) > n {
			break
		}
		line = append(line, shown(r))
	}
	return line
}

// backwards gives the last characters of a text, one more than n if there are so many.
func backwards(text string, n int) []rune {
	line := make([]rune, n+1)
	i := len(line)
	for i > 0 && text != "" {
		r, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
		i--
		line[i] = shown(r)
	}
	return line[i:]
}

func shown(r rune) rune {
	if r == '\t' {
		return ' '
	}
	return r
}

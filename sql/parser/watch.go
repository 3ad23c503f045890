package parser

import (
	"errors"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// lookEvery is how much of the text is read between two looks at the budget, in bytes: a millisecond or two. A single token may be the whole of a text of
// a hundred megabytes.
const lookEvery = 1 << 20

// watch is what lets the statement's time and memory end the reading of a long text.
type watch struct {
	budget func(bytes int64) error
	due    int // the offset at which to look again
}

// look asks the budget for bytes, and notes that the text up to off has been read; false when the reading is to end.
func (l *lexer) look(off, bytes int) bool {
	l.due = max(l.due, off+lookEvery)
	if l.budget == nil {
		return l.err == nil
	}
	if err := l.budget(int64(bytes)); err != nil && l.err == nil {
		if !errors.As(err, &l.err) {
			l.err = sqlstate.Wrap(sqlstate.InternalError, err, "read the statement")
		}
	}
	return l.err == nil
}

// find is strings.Index on a long text.
func (l *lexer) find(s, what string) int {
	for from := 0; ; from += lookEvery {
		end := min(len(s), from+lookEvery+len(what)-1)
		if i := strings.Index(s[from:end], what); i >= 0 {
			return from + i
		}
		if end == len(s) || !l.look(0, 0) {
			return -1
		}
	}
}

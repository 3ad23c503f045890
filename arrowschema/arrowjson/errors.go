package arrowjson

import (
	"fmt"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// maxDepth bounds how deeply types nest, so that neither reading nor walking a tree can exhaust the stack.
const maxDepth = 64

// typeError is the error for a text that is no data type: what is wrong at which byte of it.
func typeError(text string, at int, format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, `invalid Arrow data type "%s" at byte %d: %s`, excerpt(text, at), at, fmt.Sprintf(format, args...))
}

// jsonError is the error for a text that is no Arrow-JSON.
func jsonError(at int, format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid Arrow-JSON at byte %d: %s", at, fmt.Sprintf(format, args...))
}

// excerptLength is about how many bytes of a text an error shows: a line's worth.
const excerptLength = 64

// excerpt gives the text, or if it is long the part around a byte of it, cut between characters.
func excerpt(text string, at int) string {
	if len(text) <= excerptLength {
		return text
	}
	from := max(0, min(at-excerptLength/2, len(text)-excerptLength))
	to := min(len(text), from+excerptLength)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	s := text[from:to]
	if from > 0 {
		s = "…" + s
	}
	if to < len(text) {
		s += "…"
	}
	return s
}

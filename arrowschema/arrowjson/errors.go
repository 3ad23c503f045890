package arrowjson

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// maxDepth bounds how deeply types nest, so that neither reading nor walking a tree can exhaust the stack.
const maxDepth = 64

// typeError is the error for a text that is no data type: what is wrong at which byte of it. Arguments that may be a part of the text are strings, words of our
// own are safe ones (see sqlstate.SafeValue), so that of a file's text an error can tell the byte and what was expected there.
func typeError(text string, at int, format string, args ...any) *sqlstate.Error {
	args = append([]any{excerpt(text, at), sqlstate.SafeInt(at)}, args...)
	return sqlstate.New(sqlstate.InvalidTextRepresentation, `invalid Arrow data type "%s" at byte %d: `+format, args...)
}

// invalidJSON begins the messages of jsonError.
const invalidJSON = "invalid Arrow-JSON at byte "

// jsonError is the error for a text that is no Arrow-JSON. Its arguments are those of typeError.
func jsonError(at int, format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, invalidJSON+"%d: "+format, append([]any{sqlstate.SafeInt(at)}, args...)...)
}

// ofJSONB adds to an error which text its byte is of, when that is not the one that somebody wrote.
func ofJSONB(err error) error {
	var e *sqlstate.Error
	if errors.As(err, &e) && strings.HasPrefix(e.Message, invalidJSON) {
		return e.WithDetail("Bytes are counted in the text of the jsonb value, which has spaces and an order of keys of its own.")
	}
	return err
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

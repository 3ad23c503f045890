package jsontext

import (
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The scanners below rely on canonical text for their answers but not for their safety: every index is checked against the length and every
// step moves forward, so that damaged text yields a wrong answer, never a panic.

func isDigit(c byte) bool { return c-'0' <= 9 }

func isScalar(doc string) bool { k := KindOf(doc); return k != Array && k != Object }

// StringEnd gives the index behind the string whose opening quote is at i.
func StringEnd(doc string, i int) int { return skipString(doc, i) }

// skipString gives the index behind the string whose opening quote is at i.
func skipString(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(s)
}

// skipValue gives the index behind the value that begins at i. It needs no stack: inside a container only the depth counts.
func skipValue(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	switch s[i] {
	case '"':
		return skipString(s, i)
	case '{', '[':
		return skipContainer(s, i)
	}
	for i < len(s) && s[i] != ',' && s[i] != ']' && s[i] != '}' {
		i++
	}
	return i
}

func skipContainer(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case '"':
			i = skipString(s, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(s)
}

// elements walks an array. A scalar is walked as an array of itself: PostgreSQL stores it as one, and so several operators see it.
type elements struct {
	s   string
	pos int // of the next element, or of the closing bracket
}

func elementsOf(doc string) elements {
	if KindOf(doc) == Array {
		return elements{doc, 1}
	}
	return elements{doc, 0}
}

func (e *elements) next() (elem string, ok bool) {
	if atEnd(e.s, e.pos) {
		return "", false
	}
	end := skipValue(e.s, e.pos)
	elem = e.s[e.pos:end]
	e.pos = skipComma(e.s, end)
	return elem, true
}

// atEnd tells whether i is behind the last item of the container around it.
func atEnd(s string, i int) bool { return i >= len(s) || s[i] == ']' || s[i] == '}' }

// skipComma moves from behind an item to the next one, or stays at the closing bracket.
func skipComma(s string, i int) int {
	if i < len(s) && s[i] == ',' {
		return min(i+2, len(s))
	}
	return i
}

// members walks an object.
type members struct {
	s   string
	pos int
}

func membersOf(doc string) members { return members{doc, 1} }

// next gives the key without its quotes, as escaped in the text, and the value.
func (m *members) next() (key, value string, ok bool) {
	if m.pos >= len(m.s) || m.s[m.pos] != '"' {
		return "", "", false
	}
	from := m.pos + 1
	end := skipString(m.s, m.pos)
	start := min(end+2, len(m.s))
	m.pos = skipValue(m.s, start)
	value = m.s[start:m.pos]
	m.pos = skipComma(m.s, m.pos)
	return m.s[from:max(end-1, from)], value, true
}

// Index is `doc -> i` for an array: its element i, counted from 0, or from the end when i is negative. ok is false when there is none and for an
// object. A scalar behaves as an array of one, as in PostgreSQL: '"a"'::jsonb -> 0 is "a". The result is a substring of doc.
func Index(doc string, i int64) (elem string, ok bool) {
	if KindOf(doc) == Object {
		return "", false
	}
	if i < 0 {
		if i += count(doc); i < 0 {
			return "", false
		}
	}
	for e := elementsOf(doc); ; i-- {
		elem, ok = e.next()
		if !ok || i == 0 {
			return elem, ok
		}
	}
}

// count gives the number of elements of an array or a scalar.
func count(doc string) (n int64) {
	for e := elementsOf(doc); !atEnd(e.s, e.pos); n++ {
		e.pos = skipComma(e.s, skipValue(e.s, e.pos))
	}
	return n
}

// Field is `doc -> key` for an object: the value of key, which is plain text. ok is false when there is none and for the other kinds.
// The result is a substring of doc. The order of keys lets the scan stop at the first greater one.
func Field(doc, key string) (elem string, ok bool) {
	if KindOf(doc) != Object {
		return "", false
	}
	for m := membersOf(doc); ; {
		k, v, more := m.next()
		if !more {
			return "", false
		}
		if c := compareKeyText(k, key); c >= 0 {
			if c == 0 {
				return v, true
			}
			return "", false
		}
	}
}

// Path is `doc #> path`: each step is a key of an object or the number of an array's element. An empty path gives doc itself; a step into a scalar,
// and a step into an array that is no 32-bit integer, gives nothing. The result is a substring of doc.
func Path(doc string, path []string) (elem string, ok bool) {
	for _, step := range path {
		switch KindOf(doc) {
		case Object:
			doc, ok = Field(doc, step)
		case Array:
			var i int64
			if i, ok = arrayStep(step); ok {
				doc, ok = Index(doc, i)
			}
		default:
			ok = false
		}
		if !ok {
			return "", false
		}
	}
	return doc, true
}

// arrayStep reads a path's step as C's strtol does: white space and a sign may come first, nothing may follow.
func arrayStep(step string) (int64, bool) {
	i, err := strconv.ParseInt(strings.TrimLeft(step, " \t\n\v\f\r"), 10, 32)
	return i, err == nil
}

// Text is what `->>` gives of an element: a string decoded, JSON null as SQL NULL (isNull), anything else as its text.
// It allocates only for a string with escapes.
func Text(elem string) (text string, isNull bool) {
	switch KindOf(elem) {
	case Null:
		return "", true
	case String:
		return unescape(unquoted(elem)), false
	default:
		return elem, false
	}
}

// unquoted strips the quotes of a string.
func unquoted(s string) string {
	if len(s) < 2 {
		return ""
	}
	return s[1 : len(s)-1]
}

// ArrayLength is jsonb_array_length. Objects and scalars are errors (22023).
func ArrayLength(doc string) (int64, error) {
	switch KindOf(doc) {
	case Array:
		return count(doc), nil
	case Object:
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "cannot get array length of a non-array")
	default:
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "cannot get array length of a scalar")
	}
}

// Exists is `doc ? key`: doc is an object with that key, an array with that string among its elements, or that string.
func Exists(doc, key string) bool {
	if KindOf(doc) == Object {
		_, ok := Field(doc, key)
		return ok
	}
	for e := elementsOf(doc); ; {
		elem, ok := e.next()
		if !ok {
			return false
		}
		if KindOf(elem) == String && compareKeyText(unquoted(elem), key) == 0 {
			return true
		}
	}
}

// ExistsAny is `doc ?| keys`: any of the keys exists. NULLs among the keys are for the caller to leave out.
func ExistsAny(doc string, keys []string) bool {
	for _, key := range keys {
		if Exists(doc, key) {
			return true
		}
	}
	return false
}

// ExistsAll is `doc ?& keys`: all of the keys exist. NULLs among the keys are for the caller to leave out.
func ExistsAll(doc string, keys []string) bool {
	for _, key := range keys {
		if !Exists(doc, key) {
			return false
		}
	}
	return true
}

package arrowjson

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// encoding/json would do for the values and not for the rest: it tells no offset of a value, takes duplicate keys, replaces lone surrogates, and
// lets a text nest ten thousand deep.

// maxJSONDepth bounds the nesting of JSON: a data type in serde's form takes up to four levels for each of its own.
const maxJSONDepth = 4*maxDepth + 8

// jsonKind is the kind of a JSON value.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

var jsonKindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

var jsonLiterals = [...]struct {
	text string
	kind jsonKind
}{{"null", jsonNull}, {"true", jsonBool}, {"false", jsonBool}}

// jsonValue is a JSON value with the byte at which it begins.
type jsonValue struct {
	kind  jsonKind
	at    int
	text  string      // jsonBool, jsonNumber: as written; jsonString: its value
	items []jsonValue // jsonArray; jsonObject: the values
	keys  []jsonKey   // jsonObject: the key of each value, in the order of the text
}

// jsonKey is a key of an object with the byte at which it begins.
type jsonKey struct {
	text string
	at   int
}

// member gives the value of a key.
func (v *jsonValue) member(key string) (jsonValue, bool) {
	for i, k := range v.keys {
		if k.text == key {
			return v.items[i], true
		}
	}
	return jsonValue{}, false
}

// expect is the error unless the value is of a kind.
func (v *jsonValue) expect(kind jsonKind, what string) error {
	if v.kind != kind {
		return jsonError(v.at, "%s must be %s, not %s", sqlstate.SafeString(what), sqlstate.SafeString(jsonKindNames[kind]), jsonKindNames[v.kind])
	}
	return nil
}

// jsonReader reads one JSON text (RFC 8259) into a tree.
type jsonReader struct {
	text  string
	pos   int
	depth int
}

func readJSON(text string) (v jsonValue, err error) {
	if at := invalidUTF8(text); at >= 0 {
		return v, jsonError(at, "the text is not UTF-8")
	}
	r := jsonReader{text: text}
	if v, err = r.value(); err != nil {
		return v, err
	}
	if r.space(); r.pos < len(text) {
		return v, r.unexpected("nothing may follow the value")
	}
	return v, nil
}

func (r *jsonReader) space() {
	for r.pos < len(r.text) && isSpace(r.text[r.pos]) {
		r.pos++
	}
}

// unexpected is the error for what comes next.
func (r *jsonReader) unexpected(what string) *sqlstate.Error {
	if r.pos >= len(r.text) {
		return jsonError(r.pos, "%s, found the end of the text", sqlstate.SafeString(what))
	}
	_, n := utf8.DecodeRuneInString(r.text[r.pos:])
	return jsonError(r.pos, `%s, found "%s"`, sqlstate.SafeString(what), r.text[r.pos:r.pos+n])
}

func (r *jsonReader) accept(c byte) bool {
	if r.space(); r.pos < len(r.text) && r.text[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *jsonReader) value() (v jsonValue, err error) {
	r.space()
	v.at = r.pos
	if r.pos == len(r.text) {
		return v, r.unexpected("expected a value")
	}
	switch c := r.text[r.pos]; {
	case c == '"':
		v.kind = jsonString
		v.text, err = r.string()
		return v, err
	case c == '[' || c == '{':
		if r.depth++; r.depth > maxJSONDepth {
			return v, jsonError(r.pos, "values may nest %d deep at most", sqlstate.SafeInt(maxJSONDepth))
		}
		r.pos++
		if c == '[' {
			err = r.array(&v)
		} else {
			err = r.object(&v)
		}
		r.depth--
		return v, err
	case c == '-' || c >= '0' && c <= '9':
		v.kind = jsonNumber
		v.text, err = r.number()
		return v, err
	}
	for _, literal := range jsonLiterals {
		if rest := r.text[r.pos:]; strings.HasPrefix(rest, literal.text) && (len(rest) == len(literal.text) || !isWord(rest[len(literal.text)])) {
			r.pos += len(literal.text)
			v.kind, v.text = literal.kind, literal.text
			return v, nil
		}
	}
	return v, r.unexpected("expected a value")
}

func (r *jsonReader) array(v *jsonValue) error {
	v.kind = jsonArray
	if r.accept(']') {
		return nil
	}
	for {
		item, err := r.value()
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
		if r.accept(']') {
			return nil
		}
		if !r.accept(',') {
			return r.unexpected(`expected "," or "]"`)
		}
	}
}

func (r *jsonReader) object(v *jsonValue) error {
	v.kind = jsonObject
	if r.accept('}') {
		return nil
	}
	var seen keySet
	v.keys, v.items = make([]jsonKey, 0, 4), make([]jsonValue, 0, 4) // a field has four keys
	for {
		r.space()
		at := r.pos
		if r.pos == len(r.text) || r.text[r.pos] != '"' {
			return r.unexpected("expected a key in double quotes")
		}
		key, err := r.string()
		if err != nil {
			return err
		}
		if seen.add(v, key) {
			return jsonError(at, `the key "%s" is given twice in an object`, excerpt(key, 0))
		}
		if !r.accept(':') {
			return r.unexpected(`expected ":"`)
		}
		item, err := r.value()
		if err != nil {
			return err
		}
		v.keys, v.items = append(v.keys, jsonKey{key, at}), append(v.items, item)
		if r.accept('}') {
			return nil
		}
		if !r.accept(',') {
			return r.unexpected(`expected "," or "}"`)
		}
	}
}

// keySet finds keys that are given twice. Few keys are compared one by one, as most objects have few.
type keySet map[string]struct{}

// add tells whether v, an object under way, has the key already.
func (s *keySet) add(v *jsonValue, key string) (twice bool) {
	const few = 8
	if len(v.keys) < few {
		_, twice = v.member(key)
		return twice
	}
	if *s == nil {
		*s = keySet{}
		for _, k := range v.keys {
			(*s)[k.text] = struct{}{}
		}
	}
	_, twice = (*s)[key]
	(*s)[key] = struct{}{}
	return twice
}

// number reads -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?.
func (r *jsonReader) number() (string, error) {
	start := r.pos
	digits := func() bool {
		from := r.pos
		for r.pos < len(r.text) && r.text[r.pos] >= '0' && r.text[r.pos] <= '9' {
			r.pos++
		}
		return r.pos > from
	}
	one := func(set string) bool {
		if r.pos < len(r.text) && strings.IndexByte(set, r.text[r.pos]) >= 0 {
			r.pos++
			return true
		}
		return false
	}
	one("-")
	good := one("0") || digits()
	if good && one(".") {
		good = digits()
	}
	if good && one("eE") {
		one("+-")
		good = digits()
	}
	if !good {
		return "", r.unexpected("expected a digit")
	}
	return r.text[start:r.pos], nil
}

// string reads a string. One without escapes is a piece of the text.
func (r *jsonReader) string() (s string, err error) {
	start := r.pos
	r.pos++
	from := r.pos
	var b []byte
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; {
		case c == '"':
			s = r.text[from:r.pos]
			r.pos++
			if b == nil {
				return s, nil
			}
			return string(append(b, s...)), nil
		case c == '\\':
			b = append(b, r.text[from:r.pos]...)
			rune, err := r.escape()
			if err != nil {
				return "", err
			}
			b = utf8.AppendRune(b, rune)
			from = r.pos
		case c < ' ':
			return "", jsonError(r.pos, "the control character 0x%02x must be escaped in a string", c)
		default:
			r.pos++
		}
	}
	return "", jsonError(start, "the string has no end")
}

// escape reads an escape of a JSON string. Half of a surrogate pair alone is an error, as in PostgreSQL.
func (r *jsonReader) escape() (rune, error) {
	at := r.pos
	if r.pos+1 >= len(r.text) {
		return 0, jsonError(at, "the string has no end")
	}
	c := r.text[r.pos+1]
	r.pos += 2
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	if c != 'u' {
		return 0, jsonError(at, "unknown escape in a string")
	}
	first, ok := r.hex4()
	if !ok {
		return 0, jsonError(at, `"\u" must be followed by four hexadecimal digits`)
	}
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	if strings.HasPrefix(r.text[r.pos:], `\u`) {
		r.pos += 2
		if second, ok := r.hex4(); ok {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				return pair, nil
			}
		}
	}
	return 0, jsonError(at, "a surrogate of UTF-16 must be the first or second half of a pair")
}

// hex4 reads four hexadecimal digits.
func (r *jsonReader) hex4() (n rune, ok bool) {
	if len(r.text)-r.pos < 4 {
		return 0, false
	}
	for _, c := range []byte(r.text[r.pos : r.pos+4]) {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			n = n<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	r.pos += 4
	return n, true
}

package parquetio

import (
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema"
)

// plainJSON reads JSON as a Writer writes it into the entries that every file is opened by: without white space, with keys spelled as they are, texts without
// escapes, integers of few digits. Of whatever else it says bad, and encoding/json, which takes ten times as long, decides what it means.
type plainJSON struct {
	s   string
	pos int
	bad bool
}

// take passes over a character, if it comes next.
func (j *plainJSON) take(c byte) bool {
	if j.bad || j.pos >= len(j.s) || j.s[j.pos] != c {
		return false
	}
	j.pos++
	return true
}

func (j *plainJSON) want(c byte) { j.bad = !j.take(c) || j.bad }

// done tells whether all of the text was plain.
func (j *plainJSON) done() bool { return !j.bad && j.pos == len(j.s) }

// text reads a string, a part of the text that is read.
func (j *plainJSON) text() string {
	j.want('"')
	from, ascii := j.pos, true
	for ; !j.bad && j.pos < len(j.s); j.pos++ {
		switch c := j.s[j.pos]; {
		case c == '"':
			s := j.s[from:j.pos]
			j.pos++
			j.bad = !ascii && !utf8.ValidString(s)
			return s
		case c == '\\' || c < ' ':
			j.bad = true
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	j.bad = true
	return ""
}

// integer passes over an integer that fits 32 bits without looking closely.
func (j *plainJSON) integer() {
	j.take('-')
	from := j.pos
	for j.pos < len(j.s) && j.s[j.pos] >= '0' && j.s[j.pos] <= '9' {
		j.pos++
	}
	n := j.pos - from
	j.bad = j.bad || n == 0 || n > 9 || n > 1 && j.s[from] == '0'
}

// flag passes over a boolean.
func (j *plainJSON) flag() {
	for _, word := range [...]string{"true", "false"} {
		if rest := j.s[j.pos:]; !j.bad && len(rest) >= len(word) && rest[:len(word)] == word {
			j.pos += len(word)
			return
		}
	}
	j.bad = true
}

// list reads an array, and of each element what element reads.
func (j *plainJSON) list(element func()) {
	j.want('[')
	if j.take(']') {
		return
	}
	for element(); j.take(','); element() {
	}
	j.want(']')
}

// object reads an object, and of each member what member reads.
func (j *plainJSON) object(member func(key string)) {
	one := func() {
		key := j.text()
		j.want(':')
		member(key)
	}
	j.want('{')
	if j.take('}') {
		return
	}
	for one(); j.take(','); one() {
	}
	j.want('}')
}

// plainTypes reads of key stoa.columns what storedTypes is asked for.
func plainTypes(text string) (types map[string]arrowschema.Type, ok bool) {
	j, types := plainJSON{s: text}, make(map[string]arrowschema.Type, 32)
	j.list(func() {
		name, typ := "", ""
		j.object(func(key string) {
			switch key {
			case "name":
				name = j.text()
			case "type":
				typ = j.text()
			case "default", "missing":
				j.text()
			case "id":
				j.integer()
			case "modifier":
				j.list(j.integer)
			case "not_null", "primary_key", "dictionary":
				j.flag()
			default:
				j.bad = true
			}
		})
		if t, ok := arrowschema.ByName(typ); ok {
			types[name] = t
		}
	})
	return types, j.done()
}

// plainSums reads key stoa.crc32c.
func plainSums(text string) (sums checksums, ok bool) {
	j := plainJSON{s: text}
	texts := func() (list []string) {
		j.list(func() { list = append(list, j.text()) })
		return list
	}
	j.object(func(key string) {
		switch key {
		case "chunks":
			sums.Chunks = texts()
		case "blooms":
			sums.Blooms = texts()
		case "index":
			sums.Index = j.text()
		default:
			j.bad = true
		}
	})
	return sums, j.done()
}

package jsontext

import "strings"

// The Raw functions are the operators of type json, which keeps its text as it was written: white space, the order of keys and their duplicates
// included. They take any text that ValidJSON accepts and give substrings of it. PostgreSQL reads the whole document for each of them, and so finds
// what type json lets in and no operator can read: the error (22P05 or 22P02) for \u0000 and half surrogate pairs, wherever they stand.

const rawSpace = " \t\n\r"

// RawIndex is `json -> i`: the element i of an array, from the end when i is negative. Other kinds have none.
func RawIndex(doc string, i int64) (elem string, ok bool, err error) {
	if err := parse(doc, true, nil, nil); err != nil {
		return "", false, err
	}
	elem, ok = rawElement(doc, i)
	return elem, ok, nil
}

// RawField is `json -> key`: the value of key in an object, the last of several. Other kinds have none.
func RawField(doc, key string) (elem string, ok bool, err error) {
	if err := parse(doc, true, nil, nil); err != nil {
		return "", false, err
	}
	elem, ok = rawPath(doc, []string{key}, false)
	return elem, ok, nil
}

// RawPath is `json #> path`. Where keys are double, it is the last place that the whole path leads to. An empty path gives the document without
// the white space behind it, and before it unless it is a scalar (which is how PostgreSQL has it).
func RawPath(doc string, path []string) (elem string, ok bool, err error) {
	if err := parse(doc, true, nil, nil); err != nil {
		return "", false, err
	}
	if len(path) == 0 {
		if doc = strings.TrimRight(doc, rawSpace); RawTypeOf(doc) == "array" || RawTypeOf(doc) == "object" {
			doc = strings.TrimLeft(doc, rawSpace)
		}
		return doc, true, nil
	}
	elem, ok = rawPath(doc, path, true)
	return elem, ok, nil
}

// RawText is what `->>` and `#>>` give of an element: a string decoded, JSON null as SQL NULL (isNull), anything else as its text.
func RawText(elem string) (text string, isNull bool) {
	value := strings.Trim(elem, rawSpace)
	switch KindOf(value) {
	case Null:
		return "", true
	case String:
		return unescape(unquoted(value)), false
	}
	return elem, false
}

// RawArrayLength is json_array_length. Objects and scalars are errors (22023).
func RawArrayLength(doc string) (n int64, err error) {
	pos := rawSkipSpace(doc, 0)
	if k := kindAt(doc, pos); k != Array {
		return ArrayLength(doc[pos:])
	}
	for pos = rawSkipSpace(doc, pos+1); !atEnd(doc, pos); n++ {
		_, pos = rawItem(doc, pos)
	}
	return n, nil
}

// RawTypeOf is json_typeof.
func RawTypeOf(doc string) string { return kindAt(doc, rawSkipSpace(doc, 0)).String() }

func rawSkipSpace(s string, i int) int {
	for i < len(s) && strings.IndexByte(rawSpace, s[i]) >= 0 {
		i++
	}
	return i
}

// rawItem gives the value that begins at i and the index of what comes next: an item, behind its comma, or the closing bracket.
func rawItem(s string, i int) (item string, next int) {
	end := skipValue(s, i)
	item = strings.TrimRight(s[i:end], rawSpace)
	return item, rawSkipPast(s, end, ',')
}

// rawSkipPast skips white space and, when it comes next, the byte c with the white space behind it.
func rawSkipPast(s string, i int, c byte) int {
	if i = rawSkipSpace(s, i); i < len(s) && s[i] == c {
		i = rawSkipSpace(s, i+1)
	}
	return i
}

func rawElement(doc string, i int64) (elem string, ok bool) {
	pos := rawSkipSpace(doc, 0)
	if kindAt(doc, pos) != Array {
		return "", false
	}
	if i < 0 {
		n, _ := RawArrayLength(doc)
		if i += n; i < 0 {
			return "", false
		}
	}
	for pos = rawSkipSpace(doc, pos+1); !atEnd(doc, pos); i-- {
		if elem, pos = rawItem(doc, pos); i == 0 {
			return elem, true
		}
	}
	return "", false
}

// rawPath follows a path that is not empty. Steps into arrays count only when arrays is set.
func rawPath(doc string, path []string, arrays bool) (elem string, ok bool) {
	if len(path) == 0 {
		return doc, true
	}
	pos := rawSkipSpace(doc, 0)
	switch kindAt(doc, pos) {
	case Array:
		if i, numeric := arrayStep(path[0]); arrays && numeric {
			if elem, ok = rawElement(doc, i); ok {
				return rawPath(elem, path[1:], arrays)
			}
		}
	case Object:
		for pos = rawSkipSpace(doc, pos+1); !atEnd(doc, pos); {
			end := skipString(doc, pos)
			key := unquoted(doc[pos:end])
			var value string
			value, pos = rawItem(doc, rawSkipPast(doc, end, ':'))
			if unescape(key) == path[0] {
				if e, found := rawPath(value, path[1:], arrays); found {
					elem, ok = e, true
				}
			}
		}
		return elem, ok
	}
	return "", false
}

package jsontext

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// Concat is `a || b`: two objects are merged, b's values winning; in all other cases what is no array counts as an array of itself, and the arrays
// are joined. The error is 54000, for a result beyond MaxSize.
func Concat(a, b string) (string, error) {
	ka, kb := KindOf(a), KindOf(b)
	if ka == kb && ka >= Array {
		if atEnd(a, 1) {
			return b, nil
		}
		if atEnd(b, 1) {
			return a, nil
		}
	}
	if len(a)+len(b)+4 > MaxSize {
		return "", errTooLarge(Array)
	}
	dst := make([]byte, 0, len(a)+len(b)+4)
	if ka == Object && kb == Object {
		return view(appendMerged(dst, a, b)), nil
	}
	dst = appendItems(append(dst, '['), a, ka)
	if len(dst) > 1 && !(kb == Array && atEnd(b, 1)) {
		dst = append(dst, ", "...)
	}
	return view(append(appendItems(dst, b, kb), ']')), nil
}

// appendItems appends what lies between the brackets of an array, or a value of another kind whole.
func appendItems(dst []byte, doc string, k Kind) []byte {
	if k == Array {
		doc = unquoted(doc)
	}
	return append(dst, doc...)
}

// appendMerged merges two objects, whose keys stand in the same order.
func appendMerged(dst []byte, a, b string) []byte {
	left, right := membersOf(a), membersOf(b)
	key, value, more := left.next()
	key2, value2, more2 := right.next()
	dst = append(dst, '{')
	for n := len(dst); more || more2; {
		if len(dst) > n {
			dst = append(dst, ", "...)
		}
		c := -1
		if !more {
			c = 1
		} else if more2 {
			c = compareKeys(key, key2)
		}
		if c < 0 {
			dst = appendMember(dst, key, value)
		} else {
			dst = appendMember(dst, key2, value2)
			key2, value2, more2 = right.next()
		}
		if c <= 0 {
			key, value, more = left.next()
		}
	}
	return append(dst, '}')
}

// appendMember appends a key, given as its body, and a value.
func appendMember(dst []byte, key, value string) []byte {
	dst = append(append(append(dst, '"'), key...), `": `...)
	return append(dst, value...)
}

// DeleteKey is `doc - key`: an object without that key, an array without the strings equal to it. Scalars are errors (22023).
// doc is returned as it is when nothing falls away.
func DeleteKey(doc, key string) (string, error) { return DeleteKeys(doc, []string{key}) }

// DeleteKeys is `doc - keys`, DeleteKey for each of them. NULLs among the keys are for the caller to leave out.
func DeleteKeys(doc string, keys []string) (string, error) {
	if isScalar(doc) {
		return "", errDeleteFromScalar()
	}
	named := func(body string) bool {
		for _, key := range keys {
			if compareKeyText(body, key) == 0 {
				return true
			}
		}
		return false
	}
	if KindOf(doc) == Object {
		return filterMembers(doc, func(key, _ string) bool { return !named(key) }), nil
	}
	return filterElements(doc, func(elem string, _ int64) bool { return KindOf(elem) != String || !named(unquoted(elem)) }), nil
}

// DeleteIndex is `doc - i`: an array without its element i, which counts from the end when negative; an array as it is when there is none.
// Scalars and objects are errors (22023).
func DeleteIndex(doc string, i int64) (string, error) {
	switch {
	case isScalar(doc):
		return "", errDeleteFromScalar()
	case KindOf(doc) == Object:
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "cannot delete from object using integer index")
	}
	if i < 0 {
		i += count(doc)
	}
	return filterElements(doc, func(_ string, n int64) bool { return n != i }), nil
}

func errDeleteFromScalar() error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "cannot delete from scalar")
}

// filterElements keeps the elements of an array for which keep holds; it is told their numbers.
func filterElements(doc string, keep func(elem string, n int64) bool) string {
	dst := append(make([]byte, 0, len(doc)), '[')
	e := elementsOf(doc)
	for n := int64(0); ; n++ {
		elem, ok := e.next()
		if !ok {
			break
		}
		if keep(elem, n) {
			dst = append(appendSeparator(dst), elem...)
		}
	}
	return shorterOf(doc, append(dst, ']'))
}

// filterMembers keeps the members of an object for which keep holds; it is told the bodies of the keys.
func filterMembers(doc string, keep func(key, value string) bool) string {
	dst := append(make([]byte, 0, len(doc)), '{')
	for m := membersOf(doc); ; {
		key, value, ok := m.next()
		if !ok {
			break
		}
		if keep(key, value) {
			dst = appendMember(appendSeparator(dst), key, value)
		}
	}
	return shorterOf(doc, append(dst, '}'))
}

// appendSeparator puts a comma behind an item, and nothing behind a bracket that dst begins with.
func appendSeparator(dst []byte) []byte {
	if len(dst) == 1 {
		return dst
	}
	return append(dst, ", "...)
}

// shorterOf gives the filtered text, or the original when nothing was left out, so that the copy can be dropped.
func shorterOf(doc string, filtered []byte) string {
	if len(filtered) == len(doc) {
		return doc
	}
	return view(filtered)
}

// StripNulls is jsonb_strip_nulls: doc without the members of objects, at any depth, whose value is null. Nulls in arrays stay.
func StripNulls(doc string) string {
	if isScalar(doc) {
		return doc
	}
	dst, _ := appendStripped(make([]byte, 0, len(doc)), doc, 0)
	return shorterOf(doc, dst)
}

// appendStripped appends the value at doc[i:] and gives the index behind it.
func appendStripped(dst []byte, doc string, i int) ([]byte, int) {
	k := kindAt(doc, i)
	if k < Array {
		end := skipValue(doc, i)
		return append(dst, doc[i:end]...), end
	}
	dst = append(dst, doc[i])
	empty := len(dst)
	for i++; !atEnd(doc, i); {
		value := i
		if k == Object {
			value = min(skipString(doc, i)+2, len(doc))
			if kindAt(doc, value) == Null {
				i = skipComma(doc, skipValue(doc, value))
				continue
			}
		}
		if len(dst) > empty {
			dst = append(dst, ", "...)
		}
		dst = append(dst, doc[i:value]...)
		end := value
		if dst, end = appendStripped(dst, doc, value); end == i {
			break // damaged text
		}
		i = skipComma(doc, end)
	}
	if k == Object {
		return append(dst, '}'), min(i+1, len(doc))
	}
	return append(dst, ']'), min(i+1, len(doc))
}

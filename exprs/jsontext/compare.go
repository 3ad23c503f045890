package jsontext

import "cmp"

// Equal tells whether a and b are equal as jsonb: numbers by value, so that 1.0 = 1.
func Equal(a, b string) bool { return a == b || Compare(a, b) == 0 }

// Compare orders a and b as jsonb's btree does, with -1, 0 or 1: objects above arrays above booleans above numbers above strings above null; a
// container with more items above one with fewer, else by the first item that differs, in an object first the key and then the value; strings by
// their bytes, as in the C collation. By a quirk that PostgreSQL keeps, an empty array at the top is below every scalar.
func Compare(a, b string) int {
	if a == b {
		return 0
	}
	ka, kb := KindOf(a), KindOf(b)
	switch {
	case ka == Array && kb < Array && atEnd(a, 1):
		return -1
	case kb == Array && ka < Array && atEnd(b, 1):
		return 1
	}
	c, _, _ := compareAt(a, 0, b, 0)
	return c
}

// compareAt compares the values at a[i:] and b[j:] and gives the indexes behind them. Since the numbers of items decide before the items do, it
// walks on after the first difference, and remembers it: every byte is seen once, however deep the values are nested.
func compareAt(a string, i int, b string, j int) (c, endA, endB int) {
	ka, kb := kindAt(a, i), kindAt(b, j)
	if ka == kb && ka >= Array {
		return compareContainers(a, i, b, j, ka == Object)
	}
	endA, endB = skipValue(a, i), skipValue(b, j)
	if ka != kb {
		return cmp.Compare(ka, kb), endA, endB
	}
	return compareScalars(ka, a[i:endA], b[j:endB]), endA, endB
}

func compareScalars(k Kind, a, b string) int {
	switch k {
	case String:
		return compareBodies(unquoted(a), unquoted(b))
	case Number:
		return compareNumbers(a, b)
	case Boolean:
		return cmp.Compare(len(b), len(a)) // true is shorter than false, and above it
	}
	return 0
}

func compareContainers(a string, i int, b string, j int, keys bool) (c, endA, endB int) {
	i, j = i+1, j+1
	for !atEnd(a, i) && !atEnd(b, j) {
		if keys {
			endA, endB = skipString(a, i), skipString(b, j)
			if c == 0 {
				c = compareBodies(unquoted(a[i:endA]), unquoted(b[j:endB]))
			}
			i, j = min(endA+2, len(a)), min(endB+2, len(b))
		}
		if c == 0 {
			c, i, j = compareAt(a, i, b, j)
		} else {
			i, j = skipValue(a, i), skipValue(b, j)
		}
		i, j = skipComma(a, i), skipComma(b, j)
	}
	if moreA, moreB := !atEnd(a, i), !atEnd(b, j); moreA {
		c = 1
	} else if moreB {
		c = -1
	}
	return c, closeContainer(a, i, keys), closeContainer(b, j, keys)
}

// closeContainer gives the index behind the container in which an item, or nothing more, begins at i; keys tells that it is an object.
func closeContainer(s string, i int, keys bool) int {
	for !atEnd(s, i) {
		item := i
		if keys {
			item = min(skipString(s, i)+2, len(s))
		}
		next := skipComma(s, skipValue(s, item))
		if next == i {
			break
		}
		i = next
	}
	return min(i+1, len(s))
}

// AppendKey appends to dst a text that is the same for equal documents and differs for others: the document with its numbers cut to their value
// (1.50 becomes 1.5). It serves hashing, grouping and DISTINCT; it does not sort as Compare does.
func AppendKey(dst []byte, doc string) []byte {
	from := 0
	for i := 0; i < len(doc); {
		switch {
		case doc[i] == '"':
			i = skipString(doc, i)
		case isDigit(doc[i]):
			end := skipValue(doc, i)
			if trimmed := trimNumber(doc[i:end]); len(trimmed) < end-i {
				dst = append(dst, doc[from:i+len(trimmed)]...)
				from = end
			}
			i = end
		default:
			i++
		}
	}
	return append(dst, doc[from:]...)
}

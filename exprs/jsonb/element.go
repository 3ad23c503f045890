package jsonb

import (
	"math/bits"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// elementKernel is `jsonb -> integer` or, with text, `jsonb ->> integer`. Arrays of scalars, canonical as they are, are walked here byte by byte; jsontext
// does the rest: what is no array, indexes from the end, elements behind or in containers, strings with escapes.
func elementKernel(text bool) exprs.Kernel {
	slow := jsontext.Index
	if text {
		slow = func(doc string, i int64) (string, bool) { return asText(jsontext.Index(doc, i)) }
	}
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		docs, at := args[0].Strs, args[1].Ints
		docMask, atMask := mask(args[0]), mask(args[1])
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			doc, index := docs[i&docMask], at[i&atMask]
			elem, known := scalarElement(doc, index, text)
			if !known {
				var ok bool
				if elem, ok = slow(doc, index); !ok {
					out.SetNull(i)
					continue
				}
			}
			out.Strs[i] = elem
			if err := ctx.Row(out, i); err != nil {
				return err
			}
		}
		return nil
	}
}

// mask is all ones for a flat vector and zero for a constant one.
func mask(v *vec.Vec) int {
	if v.Const {
		return 0
	}
	return -1
}

// scalarElement finds an element of an array, a string without its quotes if text is set; a negative index counts from the end. It answers false for what it
// does not know.
func scalarElement(doc string, index int64, text bool) (elem string, known bool) {
	if len(doc) == 0 || doc[0] != '[' {
		return "", false
	}
	if index < 0 {
		if index += scalarCount(doc); index < 0 {
			return "", false
		}
	}
	for from := 1; from < len(doc); index-- {
		to := scalarEnd(doc, from)
		switch {
		case to < 0:
			return "", false
		case index > 0:
		case !text:
			return doc[from:to], to > from
		case doc[from] == '"':
			return doc[from+1 : to-1], true
		default:
			return doc[from:to], to > from && doc[from] != 'n'
		}
		from = to + 2 // a comma and a space
	}
	return "", false
}

// scalarEnd gives the end of the element that begins at from, before which another byte must stand; -1 for what it does not know.
func scalarEnd(doc string, from int) int {
	to := from
	if doc[from] == '"' {
		to = closingQuote(doc, from+1) + 1
	} else {
		for to < len(doc) && doc[to] != ',' && doc[to] != ']' {
			if c := doc[to]; c == '[' || c == '{' {
				return -1
			}
			to++
		}
	}
	if to <= 0 || to >= len(doc) {
		return -1
	}
	return to
}

// scalarCount gives the number of elements of an array of scalars, and 0 when it does not know.
func scalarCount(doc string) int64 {
	n := int64(0)
	for from := 1; from < len(doc); n++ {
		to := scalarEnd(doc, from)
		if to <= from {
			return 0
		}
		from = to + 2
	}
	return n
}

// closingQuote finds the quote that ends a string of which i is the first byte, eight bytes at a time; a negative number if a backslash comes before it, or
// none comes.
func closingQuote(doc string, i int) int {
	for ; i+8 <= len(doc); i += 8 {
		s := doc[i : i+8]
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if hit := zeroBytes(w^'"'*everyByte) | zeroBytes(w^'\\'*everyByte); hit != 0 {
			if i += bits.TrailingZeros64(hit) / 8; doc[i] == '"' {
				return i
			}
			return -2
		}
	}
	for ; i < len(doc); i++ {
		switch doc[i] {
		case '"':
			return i
		case '\\':
			return -2
		}
	}
	return -2
}

const everyByte = 0x0101010101010101

// zeroBytes has bit 7 of the first byte set that is zero, and perhaps of bytes behind it.
func zeroBytes(w uint64) uint64 { return (w - everyByte) & ^w & (0x80 * everyByte) }

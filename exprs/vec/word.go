package vec

import (
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
)

// MixWord spreads a word over 64 bits: the halves of a product by a large odd number, as in wyhash.
func MixWord(w uint64) uint64 {
	hi, lo := bits.Mul64(w^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return hi ^ lo
}

// HasWords tells whether values of a type are told apart by 64 bits each: integers, dates, times, timestamps, floats and booleans.
func HasWords(t arrowschema.Type) bool {
	switch t.Physical() {
	case arrowschema.Ints, arrowschema.Floats, arrowschema.Bools:
		return true
	}
	return false
}

// AppendWords appends a word per row of a flat vector whose type HasWords: equal for equal values, and only for them, as with AppendKey. What stands for
// a NULL is garbage.
func AppendWords(dst []uint64, v *Vec) []uint64 {
	switch v.Type.Physical() {
	case arrowschema.Floats:
		for _, f := range v.Floats[:v.N] {
			dst = append(dst, floatKey(f))
		}
	case arrowschema.Bools:
		for _, b := range v.Bools[:v.N] {
			dst = append(dst, uint64(boolRank(b)))
		}
	default:
		for _, x := range v.Ints[:v.N] {
			dst = append(dst, uint64(x))
		}
	}
	return dst
}

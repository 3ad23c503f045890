package scan

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// wordKey makes words of the values of a flat sort key: a value that comes before another never has a larger word. Values of equal words are equal when
// the words are exact.
type wordKey struct {
	v    *vec.Vec
	flip uint64 // all ones for a descending order

	// Of numerics and intervals, which have 128 bits: the word is value - lowest, shifted.
	scale  int
	lowest wide
	shift  uint
}

// wide is an integer of 128 bits in two's complement.
type wide struct {
	hi int64
	lo uint64
}

func (a wide) less(b wide) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

// minus gives a - b, which is not negative, without a sign.
func (a wide) minus(b wide) (hi, lo uint64) {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ = bits.Sub64(uint64(a.hi), uint64(b.hi), borrow)
	return hi, lo
}

// newWordKey gives the words of a key, nil when its values have none.
func newWordKey(env *Env, v *vec.Vec, desc bool) (*wordKey, error) {
	k := &wordKey{v: v}
	if desc {
		k.flip = math.MaxUint64
	}
	switch v.Type.Physical() {
	case arrowschema.Strings:
		if v.Type == arrowschema.JSONB {
			return nil, nil
		}
	case arrowschema.Decs, arrowschema.Intervals:
		if ok, err := k.measure(env); !ok {
			return nil, err
		}
	}
	return k, nil
}

// measure finds the range of 128-bit values; false when a value has no such form: NaN, an infinity, very many digits.
func (k *wordKey) measure(env *Env) (bool, error) {
	for i := range k.v.Decs {
		if k.v.Valid.Get(i) {
			k.scale = max(k.scale, k.v.Decs[i].Scale())
		}
	}
	var highest wide
	seen := false
	for i := range k.v.N {
		if i%stride == 0 {
			if err := env.cancelled(); err != nil {
				return false, err
			}
		}
		if !k.v.Valid.Get(i) {
			continue
		}
		x, ok := k.wide(i)
		if !ok {
			return false, nil
		}
		if !seen || x.less(k.lowest) {
			k.lowest = x
		}
		if !seen || highest.less(x) {
			highest = x
		}
		seen = true
	}
	hi, _ := highest.minus(k.lowest)
	k.shift = uint(bits.Len64(hi))
	return true, nil
}

// wide gives row i as an integer.
func (k *wordKey) wide(i int) (wide, bool) {
	if k.v.Decs != nil {
		hi, lo, ok := decimal.Coef128At(k.v.Decs[i], k.scale)
		return wide{hi, lo}, ok
	}
	x := k.v.Intervals[i].Key()
	return wide{x.High, x.Low}, true
}

// fill sets the words of entries whose rows are not NULL. Of texts, skip bytes are known to be the same; it gives the number that are.
func (k *wordKey) fill(env *Env, es []entry, skip int) (same int, err error) {
	words := k.words
	if k.v.Strs != nil {
		first := k.v.Strs[es[0].row]
		same = len(first)
		if err := strides(env, es, func(es []entry) { same = k.common(es, first[:same], skip) }); err != nil {
			return 0, err
		}
		words = func(es []entry) { k.textWords(es, same) }
	}
	return same, strides(env, es, words)
}

// words is fill for values that are no texts.
func (k *wordKey) words(es []entry) {
	v := k.v
	switch v.Type.Physical() {
	case arrowschema.Ints:
		flip := k.flip ^ 1<<63
		for i := range es {
			es[i].word = uint64(v.Ints[es[i].row]) ^ flip
		}
	case arrowschema.Floats:
		for i := range es {
			es[i].word = floatWord(v.Floats[es[i].row]) ^ k.flip
		}
	case arrowschema.Bools:
		for i := range es {
			es[i].word = k.flip
			if v.Bools[es[i].row] {
				es[i].word ^= 1
			}
		}
	case arrowschema.UUIDs:
		for i := range es {
			es[i].word = binary.BigEndian.Uint64(v.UUIDs[es[i].row][:]) ^ k.flip
		}
	default:
		for i := range es {
			x, _ := k.wide(int(es[i].row))
			hi, lo := x.minus(k.lowest)
			es[i].word = (hi<<(64-k.shift) | lo>>k.shift) ^ k.flip
		}
	}
}

// common gives the number of bytes with which prefix and all texts begin, of which skip are known.
func (k *wordKey) common(es []entry, prefix string, skip int) int {
	same := len(prefix)
	for i := range es {
		s := k.v.Strs[es[i].row]
		n := min(same, len(s))
		if s[skip:n] == prefix[skip:n] {
			same = n
			continue
		}
		for same = skip; s[same] == prefix[same]; same++ {
		}
	}
	return same
}

// textBytes is the number of bytes of a text in a word. The last byte of the word is how many there are, textBytes + 1 when there are more.
const textBytes = 7

// textWords makes words of the bytes that follow the first same ones.
func (k *wordKey) textWords(es []entry, same int) {
	for i := range es {
		s := k.v.Strs[es[i].row][same:]
		var buf [8]byte
		copy(buf[:textBytes], s)
		buf[textBytes] = byte(min(len(s), textBytes+1))
		es[i].word = binary.BigEndian.Uint64(buf[:]) ^ k.flip
	}
}

// exact tells whether values whose word this is are equal.
func (k *wordKey) exact(word uint64) bool {
	switch k.v.Type.Physical() {
	case arrowschema.Strings:
		return (word^k.flip)&0xff <= textBytes
	case arrowschema.UUIDs:
		return false
	}
	return k.shift == 0
}

// floatWord orders floats as vec.CompareFloat does.
func floatWord(f float64) uint64 {
	switch {
	case f == 0:
		f = 0 // also -0
	case f != f:
		return math.MaxUint64
	}
	b := math.Float64bits(f)
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// wordFloat gives the float of a word; of the words of 0 and NaN one of those floats.
func wordFloat(w uint64) float64 {
	switch {
	case w == math.MaxUint64:
		return math.NaN()
	case w>>63 != 0:
		return math.Float64frombits(w &^ (1 << 63))
	}
	return math.Float64frombits(^w)
}

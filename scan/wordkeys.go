package scan

import (
	"encoding/binary"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// numberScale is the scale in which a column of numerics has words: that of the first of them. A value that is an integer of 64 bits in that scale has the
// integer as its word, whatever zeros it is written with; other values have none.
type numberScale struct {
	digits int
	chosen bool
}

// word gives the word of a numeric.
func (s *numberScale) word(d *decimal.Dec) (uint64, bool) {
	hi, lo, ok := d.Coef128()
	short := *d
	if !ok { // perhaps for the zeros it is written with alone
		short = decimal.TrimScale(short)
		hi, lo, ok = short.Coef128()
	}
	if ok && !s.chosen {
		s.digits, s.chosen = short.Scale(), true
	}
	if ok && short.Scale() != s.digits {
		if short.Scale() > s.digits {
			short = decimal.TrimScale(short)
		}
		if ok = short.Scale() <= s.digits; ok {
			hi, lo, ok = decimal.Coef128At(short, s.digits)
		}
	}
	return lo, ok && hi == int64(lo)>>63
}

// hasWords tells whether values of the column have words, or most.
func (k *keyColumn) hasWords() bool { return k.typ == arrowschema.Numeric || vec.HasWords(k.typ) }

// appendWords appends the words of rows [lo, hi) of a flat vector, and to odd those of them that have none; what stands for these and for NULL is garbage.
func (k *keyColumn) appendWords(dst []uint64, odd []int32, v *vec.Vec, lo, hi int) ([]uint64, []int32) {
	if k.typ != arrowschema.Numeric {
		return vec.AppendWords(dst, v.Slice(lo, hi)), odd
	}
	for i := lo; i < hi; i++ {
		w, ok := k.scale.word(&v.Decs[i])
		if dst = append(dst, w); !ok {
			odd = append(odd, int32(i))
		}
	}
	return dst, odd
}

// wordRun is the number of rows that are looked up together, before those that were not found are entered: their slots are then in the cache still.
const wordRun = 512

// lowValues is the number of integers, from 0 on, whose numbers are kept in an array too.
const lowValues = 1024

// lowNumbers holds the numbers of low values, noGroup for those that were not met. It is given up at the first value that is not low.
type lowNumbers struct {
	ids *[lowValues]uint32
	off bool
}

// lowRows is number for rows [lo, hi) of integers. It answers false, and what it wrote to out means nothing, when one of them is not low or was not met before.
func (k *keyColumn) lowRows(v *vec.Vec, keep []uint8, lo, hi int, out []uint32) bool {
	if k.low.off || k.low.ids == nil || v.Ints == nil {
		return false
	}
	values, to, all := v.Ints[lo:hi], out[lo:hi], uint32(0)
	for i, x := range values {
		id := k.low.ids[uint64(x)%lowValues]
		if uint64(x) >= lowValues {
			id = noGroup
		}
		if v.Valid != nil && !v.Valid.Get(lo+i) {
			id = k.null
		}
		if keep != nil {
			wanted := uint32(keep[lo+i])
			all |= id & -wanted // as in look
			id |= wanted - 1
		} else {
			all |= id
		}
		to[i] = id
	}
	return all>>31 == 0
}

// noteLow notes the numbers of the low values among rows [lo, hi).
func (k *keyColumn) noteLow(v *vec.Vec, lo, hi int, out []uint32) {
	if k.low.off || v.Ints == nil {
		return
	}
	if k.low.ids == nil {
		k.low.ids = new([lowValues]uint32)
		for i := range k.low.ids {
			k.low.ids[i] = noGroup
		}
	}
	for i := lo; i < hi; i++ {
		if out[i] == noGroup || v.Valid != nil && !v.Valid.Get(i) {
			continue
		}
		x := uint64(v.Ints[i])
		if x >= lowValues {
			k.low = lowNumbers{off: true}
			return
		}
		k.low.ids[x] = out[i]
	}
}

// wordRows is number for a flat vector of a type with words.
func (k *keyColumn) wordRows(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	last, lastID := uint64(0), uint32(noGroup) // a new value often comes many times in its first batch
	for lo := 0; lo < len(out); lo += wordRun {
		hi := min(lo+wordRun, len(out))
		if k.lowRows(v, keep, lo, hi, out) {
			continue
		}
		k.row, k.odd = k.appendWords(k.row[:0], k.odd[:0], v, lo, hi)
		words, odd := k.row, k.odd
		k.words.known(words, out[lo:hi])
		for i := lo; i < hi; i++ {
			strange := len(odd) > 0 && int(odd[0]) == i
			if strange {
				odd = odd[1:]
			}
			if keep != nil && keep[i] == 0 {
				out[i] = noGroup
				continue
			}
			w := words[i-lo]
			if strange || v.Valid != nil && !v.Valid.Get(i) {
				before := k.n
				if out[i] = k.one(v, i); k.n != before {
					fresh = append(fresh, int32(i))
				}
				continue
			}
			if out[i] != noGroup {
				continue
			}
			if lastID == noGroup || w != last {
				last = w
				if lastID, _ = k.words.find(w, k.n); lastID == k.n {
					k.n++
					k.keepRow(v, i)
					fresh = append(fresh, int32(i))
				}
			}
			out[i] = lastID
		}
		k.noteLow(v, lo, hi, out)
	}
	return fresh
}

// keepRow notes the value of row i of a flat vector, not NULL.
func (k *keyColumn) keepRow(v *vec.Vec, i int) {
	switch {
	case k.values == nil:
	case v.Ints != nil:
		k.values.tail().AppendInt(v.Ints[i])
	default:
		k.values.tail().AppendRow(v, i)
	}
}

// uuidLength stands for the length of a text in the slots of UUIDs.
const uuidLength = 16

func uuidWords(u *[16]byte) (a, b uint64) {
	return binary.LittleEndian.Uint64(u[:8]), binary.LittleEndian.Uint64(u[8:])
}

// uuidRows is number for a flat vector of UUIDs, whose two words are looked up as those of short texts are.
func (k *keyColumn) uuidRows(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	t := &k.texts.short
	for lo := 0; lo < len(out); lo += wordRun {
		hi := min(lo+wordRun, len(out))
		for i := lo; i < hi; i++ {
			a, b := uuidWords(&v.UUIDs[i])
			out[i] = t.knownWords(a, b, uuidLength)
		}
		for i := lo; i < hi; i++ {
			null := v.Valid != nil && !v.Valid.Get(i)
			switch {
			case keep != nil && keep[i] == 0:
				out[i] = noGroup
			case out[i] == noGroup || null:
				before := k.n
				if out[i] = k.one(v, i); k.n != before {
					fresh = append(fresh, int32(i))
				}
			}
		}
	}
	return fresh
}

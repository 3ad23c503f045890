package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

const noGroup = exprs.NoGroup

// keyColumn numbers the distinct values of a column from 0 in the order in which they are first seen. NULLs are one value.
//
// Of a dictionary-coded vector the number of each entry is remembered while the dictionary stays the same, so that a row costs an array look-up.
type keyColumn struct {
	typ    arrowschema.Type
	words  wordTable   // of types with words, and of numerics
	low    lowNumbers  // of integers
	scale  numberScale // of numerics
	texts  textTable   // of text, and the keys of other types
	values *valueLog   // by number; nil of text, whose values texts holds, and of types whose values have faces
	plain  bool        // equal values are equal texts
	n      uint32      // numbers given
	null   uint32      // the number of NULL, noGroup while there is none

	dict  *vec.Vec
	codes []uint32 // the numbers of dict's entries, noGroup for one that was not met yet
	spare []uint32 // memory for those of the next dictionary

	row  []uint64
	odd  []int32 // rows that have no word
	key  []byte
	todo []int32  // rows of values that were not met in the dictionary before
	strs []string // their texts
	ids  []uint32
}

// newKeyColumn gives a column that keeps its values, unless they have faces.
func newKeyColumn(t arrowschema.Type, faced bool) *keyColumn {
	k := &keyColumn{typ: t, null: noGroup, plain: t.Physical() == arrowschema.Strings && t != arrowschema.JSONB}
	if !k.plain && !faced {
		k.values = newValueLog(t)
	}
	return k
}

// number gives the number of each row of v in out, and noGroup for rows that keep leaves out; nil keeps all. The rows that brought new values are appended
// to fresh.
func (k *keyColumn) number(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	switch {
	case v.Const:
		return k.constant(v, keep, out, fresh)
	case v.Dict != nil && (v.Dict == k.dict || v.Dict.N <= 32*v.N+1024):
		return k.coded(v, keep, out, fresh)
	case v.Dict == nil && k.hasWords():
		return k.wordRows(v, keep, out, fresh)
	case v.Dict == nil && k.typ == arrowschema.UUID:
		return k.uuidRows(v, keep, out, fresh)
	case v.Dict == nil && k.keyedByText():
		return k.textRows(v, keep, out, fresh)
	}
	for i := range out {
		if keep != nil && keep[i] == 0 {
			out[i] = noGroup
			continue
		}
		before := k.n
		if out[i] = k.one(v, i); k.n != before {
			fresh = append(fresh, int32(i))
		}
	}
	return fresh
}

// one gives the number of row i of v.
func (k *keyColumn) one(v *vec.Vec, i int) uint32 {
	if v.IsNull(i) {
		if k.null == noGroup {
			k.null = k.next()
			if k.values != nil {
				k.values.tail().AppendNull()
			}
		}
		return k.null
	}
	v, i = v.Value(i)
	id, fresh := k.find(v, i)
	if fresh {
		k.n++
		if k.values != nil {
			k.values.tail().AppendRow(v, i)
		}
	}
	return id
}

// find looks row i of a flat vector, not NULL, up, or gives it the next number.
func (k *keyColumn) find(v *vec.Vec, i int) (id uint32, fresh bool) {
	switch {
	case k.typ == arrowschema.UUID:
		a, b := uuidWords(&v.UUIDs[i])
		return k.texts.short.findWords(a, b, uuidLength, k.n)
	case k.hasWords():
		var word [1]uint64
		if _, odd := k.appendWords(word[:0], nil, v, i, i+1); len(odd) == 0 {
			return k.words.find(word[0], k.n)
		}
	}
	return k.texts.find(k.keyText(v, i), k.n)
}

func (k *keyColumn) next() uint32 {
	k.n++
	return k.n - 1
}

func (k *keyColumn) constant(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	id := uint32(noGroup)
	for i := range out {
		out[i] = noGroup
		if keep != nil && keep[i] == 0 {
			continue
		}
		if id == noGroup {
			before := k.n
			if id = k.one(v, i); k.n != before {
				fresh = append(fresh, int32(i))
			}
		}
		out[i] = id
	}
	return fresh
}

// coded looks codes up. What was not met in this dictionary before is put off to the end, but for small dictionaries.
func (k *keyColumn) coded(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	if v.Dict != k.dict {
		k.turnTo(v.Dict)
	}
	if v.Valid == nil && k.numbered(v, keep, out) {
		return fresh
	}
	todo := k.todo[:0]
	for lo := 0; lo < len(out); lo += 64 {
		hi := min(lo+64, len(out))
		if v.Valid != nil && v.Valid[lo>>6]|^uint64(0)<<(uint(hi-lo-1)&63)<<1 != ^uint64(0) {
			if todo = k.codedWithNulls(v, lo, hi, keep, out, todo); v.Dict.N <= fewEntries && len(todo) > 0 {
				fresh, todo = k.enter(v, todo, out, fresh), todo[:0]
			}
			continue
		}
		codes, to, wanted := v.Codes[lo:hi], out[lo:hi], keep
		if keep != nil {
			wanted = keep[lo:hi]
		}
		if k.look(codes, wanted, to) {
			continue
		}
		if v.Dict.N <= fewEntries {
			fresh = k.meet(v, lo, hi, keep, fresh)
			k.look(codes, wanted, to)
			continue
		}
		for i, id := range to {
			if id == noGroup && (wanted == nil || wanted[i] != 0) {
				todo = append(todo, int32(lo+i))
			}
		}
	}
	if k.todo = todo; len(todo) > 0 {
		return k.enter(v, todo, out, fresh)
	}
	return fresh
}

// numbered does all rows of a small dictionary at once. It answers false when it does not, or when an entry was not met before.
func (k *keyColumn) numbered(v *vec.Vec, keep []uint8, out []uint32) bool {
	return v.Dict.N <= kernels.FewCodes && kernels.Quick(len(out)) && kernels.Numbers(out, v.Codes[:len(out)], k.codes[:v.Dict.N], keep)
}

// look gives the numbers of codes, noGroup for those that keep leaves out. It answers false when one that it does not leave out may not have been met.
func (k *keyColumn) look(codes []uint16, keep []uint8, out []uint32) bool {
	all := uint32(0) // of noGroup the highest bit is set, of other numbers it hardly ever is
	switch out = out[:len(codes)]; {
	case keep == nil:
		for i, c := range codes {
			out[i] = k.codes[c]
			all |= out[i]
		}
	case len(k.codes) <= byteCodes:
		few := (*[byteCodes]uint32)(k.codes[:byteCodes])
		keep = keep[:len(codes)]
		for i, c := range codes {
			id, wanted := few[uint8(c)], uint32(keep[i])
			all |= id & -wanted
			out[i] = id | (wanted - 1)
		}
	default:
		keep = keep[:len(codes)]
		for i, c := range codes {
			id, wanted := k.codes[c], uint32(keep[i])
			all |= id & -wanted
			out[i] = id | (wanted - 1)
		}
	}
	return all>>31 == 0
}

// fewEntries is the size of a dictionary up to which its entries are looked up as they are met. Those of larger ones are looked up together, which does not
// pay where most rows repeat an entry of the same batch.
const fewEntries = 512

// meet looks up the entries of a small dictionary that some rows have and that were not met before.
func (k *keyColumn) meet(v *vec.Vec, lo, hi int, keep []uint8, fresh []int32) []int32 {
	for i := lo; i < hi; i++ {
		if c := v.Codes[i]; k.codes[c] == noGroup && (keep == nil || keep[i] != 0) {
			before := k.n
			if k.codes[c] = k.one(v, i); k.n != before {
				fresh = append(fresh, int32(i))
			}
		}
	}
	return fresh
}

// codedWithNulls is coded for some rows, of which some are NULL.
func (k *keyColumn) codedWithNulls(v *vec.Vec, lo, hi int, keep []uint8, out []uint32, todo []int32) []int32 {
	for i := lo; i < hi; i++ {
		id := k.null
		if v.Valid.Get(i) {
			id = k.codes[v.Codes[i]]
		}
		wanted := uint8(1)
		if keep != nil {
			wanted = keep[i]
		}
		if id == noGroup && wanted != 0 {
			todo = append(todo, int32(i))
		}
		out[i] = id | (uint32(wanted) - 1)
	}
	return todo
}

// enter finds the numbers of rows whose values were not met in this dictionary before, or are the first NULLs. Texts are looked for together.
func (k *keyColumn) enter(v *vec.Vec, rows []int32, out []uint32, fresh []int32) []int32 {
	together := k.keyedByText()
	if together {
		k.strs = k.strs[:0]
		for _, r := range rows {
			s := ""
			if v.Valid.Get(int(r)) {
				s = k.keyText(v.Dict, int(v.Codes[r]))
			}
			k.strs = append(k.strs, s)
		}
		k.ids = append(k.ids[:0], make([]uint32, len(rows))...)
		k.texts.known(k.strs, k.ids)
	}
	for j, r := range rows {
		null := v.IsNull(int(r))
		if !null {
			if id := k.codes[v.Codes[r]]; id != noGroup { // met some rows ago
				out[r] = id
				continue
			}
		}
		id := uint32(noGroup)
		if together && !null {
			id = k.ids[j]
		}
		if id == noGroup {
			before := k.n
			if id = k.one(v, int(r)); k.n != before {
				fresh = append(fresh, r)
			}
		}
		if v.Valid.Get(int(r)) {
			k.codes[v.Codes[r]] = id
		}
		out[r] = id
	}
	return fresh
}

// vector gives the values, which have no faces, by number. The column stays as it is.
func (k *keyColumn) vector() *vec.Vec {
	if k.values != nil {
		return k.values.vector()
	}
	texts := k.texts.texts
	for len(texts) < int(k.n) { // NULL came last
		texts = append(texts, "")
	}
	v := vec.NewFlat(k.typ, texts[:k.n:k.n], nil)
	if k.null != noGroup {
		v.SetNull(int(k.null))
	}
	return v
}

func (k *keyColumn) bytes() int64 {
	b := k.words.bytes() + k.texts.bytes()
	if k.values != nil {
		b += int64(k.n) * 32
	}
	return b
}

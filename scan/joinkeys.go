package scan

import (
	"bytes"
	"encoding/binary"

	"github.com/zeebo/xxh3"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// keyHashes hashes keys of several columns, or of one that is no word. The hashes of a dictionary's entries are remembered while the dictionary stays the same.
type keyHashes struct {
	cols []columnHashes
	out  []uint64
}

type columnHashes struct {
	dict    *vec.Vec
	entries []uint64
	rows    []uint64
	key     []byte
}

// of gives a hash for each row: equal for keys that are equal by SQL's =. What stands for a NULL is garbage. It is valid until the next call.
func (k *keyHashes) of(keys *vec.Batch) []uint64 {
	if k.cols == nil {
		k.cols = make([]columnHashes, len(keys.Cols))
	}
	if cap(k.out) < keys.N {
		k.out = make([]uint64, keys.N)
	}
	out := k.out[:keys.N]
	for c, v := range keys.Cols {
		k.cols[c].join(out, v, c == 0)
	}
	return out
}

// join mixes the values of a column into hashes, or begins them.
func (c *columnHashes) join(out []uint64, v *vec.Vec, begin bool) {
	if v.Dict != nil && v.Dict.N > 0 && (v.Dict == c.dict || v.Dict.N <= 32*v.N) {
		if v.Dict != c.dict {
			c.dict, c.entries = v.Dict, c.hashes(c.entries[:0], v.Dict)
		}
		codes, entries := v.Codes[:len(out)], c.entries
		if begin {
			for i, code := range codes {
				out[i] = entries[code]
			}
			return
		}
		for i, code := range codes {
			out[i] = vec.MixWord(out[i]) ^ entries[code]
		}
		return
	}
	flat := v.Flat()
	if begin {
		c.hashes(out[:0], flat)
		return
	}
	if flat.Type.Physical() == arrowschema.Ints {
		for i, x := range flat.Ints[:len(out)] {
			out[i] = vec.MixWord(out[i]) ^ uint64(x)
		}
		return
	}
	c.rows = c.hashes(c.rows[:0], flat)
	for i, h := range c.rows[:len(out)] {
		out[i] = vec.MixWord(out[i]) ^ h
	}
}

// hashes appends a hash of each value of a flat vector.
func (c *columnHashes) hashes(dst []uint64, v *vec.Vec) []uint64 {
	switch form := v.Type.Physical(); {
	case vec.HasWords(v.Type):
		return vec.AppendWords(dst, v)
	case form == arrowschema.UUIDs:
		for i := range v.UUIDs[:v.N] {
			u := &v.UUIDs[i]
			dst = append(dst, vec.MixWord(binary.LittleEndian.Uint64(u[:8]))^binary.LittleEndian.Uint64(u[8:]))
		}
	case form == arrowschema.Strings && v.Type != arrowschema.JSONB:
		for _, s := range v.Strs[:v.N] {
			dst = append(dst, xxh3.HashString(s))
		}
	default:
		for i := range v.N {
			c.key = vec.AppendKey(c.key[:0], v, i)
			dst = append(dst, xxh3.Hash(c.key))
		}
	}
	return dst
}

// sameKeys gives a function that tells whether row i of a has the key of row j of b; neither is NULL. It is for one goroutine.
func sameKeys(a, b *vec.Batch) func(i, j int) bool {
	same := make([]func(i, j int) bool, len(a.Cols))
	for c := range a.Cols {
		same[c] = sameValues(a.Cols[c], b.Cols[c])
	}
	if len(same) == 1 {
		return same[0]
	}
	return func(i, j int) bool {
		for _, s := range same {
			if !s(i, j) {
				return false
			}
		}
		return true
	}
}

func sameValues(a, b *vec.Vec) func(i, j int) bool {
	switch form := a.Type.Physical(); {
	case form == arrowschema.Ints:
		return sameElems[int64](a, b)
	case form == arrowschema.Bools:
		return sameElems[bool](a, b)
	case form == arrowschema.UUIDs:
		return sameElems[[16]byte](a, b)
	case form == arrowschema.Strings && a.Type != arrowschema.JSONB:
		return sameElems[string](a, b)
	case form == arrowschema.Floats:
		x, y := elemsOf[float64](a), elemsOf[float64](b)
		return func(i, j int) bool { return vec.CompareFloat(x.at(i), y.at(j)) == 0 }
	}
	var x, y []byte
	return func(i, j int) bool {
		x, y = vec.AppendKey(x[:0], a, i), vec.AppendKey(y[:0], b, j)
		return bytes.Equal(x, y)
	}
}

func sameElems[T interface {
	comparable
	vec.Elem
}](a, b *vec.Vec) func(i, j int) bool {
	x, y := elemsOf[T](a), elemsOf[T](b)
	return func(i, j int) bool { return x.at(i) == y.at(j) }
}

// appendUnequal appends those rows whose value of v is not that of b at the row that was found for them. Neither is NULL; what has found nothing is left out.
func appendUnequal(sel []int32, v, b *vec.Vec, rows, found []int32) []int32 {
	switch form := v.Type.Physical(); {
	case form == arrowschema.Ints:
		return unequalElems[int64](sel, v, b, rows, found)
	case form == arrowschema.UUIDs:
		return unequalElems[[16]byte](sel, v, b, rows, found)
	case form == arrowschema.Strings && v.Type != arrowschema.JSONB:
		return unequalElems[string](sel, v, b, rows, found)
	}
	same := sameValues(b, v)
	for _, r := range rows {
		if f := found[r]; f >= 0 && !same(int(f), int(r)) {
			sel = append(sel, r)
		}
	}
	return sel
}

func unequalElems[T interface {
	comparable
	vec.Elem
}](sel []int32, v, b *vec.Vec, rows, found []int32) []int32 {
	x, y := elemsOf[T](v), elemsOf[T](b)
	for _, r := range rows {
		if f := found[r]; f >= 0 && x.at(int(r)) != y.at(int(f)) {
			sel = append(sel, r)
		}
	}
	return sel
}

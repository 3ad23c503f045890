package tables

import (
	"encoding/binary"
	"math/bits"

	"github.com/zeebo/xxh3"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Hasher hashes the values of keys. Its seed is random, so that nobody can choose keys that collide.
type Hasher struct{ Seed uint64 }

// Keys hashes each row of the columns, which together are a key, into out; values that SQL's = calls equal have the same hash. whole tells for
// each row whether no column is NULL (nil: all rows): a key with a NULL is equal to nothing.
func (h Hasher) Keys(cols []*vec.Vec, out []uint64) (whole vec.Bitmap) {
	n := len(out)
	for k, v := range cols {
		h.column(v, out, k == 0)
		whole = vec.And(whole, rowValidity(v), n)
	}
	return whole
}

// rowValidity gives the validity of the rows of v, whatever its form.
func rowValidity(v *vec.Vec) vec.Bitmap {
	switch {
	case v.Const && !v.Valid.Get(0):
		return make(vec.Bitmap, (v.N+63)/64)
	case v.Const:
		return nil
	case v.Dict != nil && v.Dict.Valid != nil:
		return v.Flat().Valid
	default:
		return v.Valid
	}
}

// column adds a column's hashes to out, or begins with them.
func (h Hasher) column(v *vec.Vec, out []uint64, first bool) {
	if v.Dict != nil && v.Dict.N > 0 {
		entries := make([]uint64, v.Dict.N)
		h.column(v.Dict, entries, true)
		for i, code := range v.Codes {
			out[i] = h.join(out[i], entries[code], first)
		}
		return
	}
	if v.Const || v.Dict != nil {
		one := [1]uint64{}
		if v.Const && v.N > 0 {
			w := *v
			w.Const, w.N = false, 1
			h.column(&w, one[:], true)
		}
		for i := range out {
			out[i] = h.join(out[i], one[0], first)
		}
		return
	}
	h.flat(v, out, first)
}

func (h Hasher) flat(v *vec.Vec, out []uint64, first bool) {
	switch {
	case v.Type.Physical() == arrowschema.UUIDs:
		for i := range out {
			out[i] = h.join(out[i], h.uuid(&v.UUIDs[i]), first)
		}
	case v.Type.Physical() == arrowschema.Ints:
		for i := range out {
			out[i] = h.join(out[i], mix(uint64(v.Ints[i])^h.Seed, 0x9e3779b97f4a7c15), first)
		}
	case plainText(v.Type):
		for i := range out {
			out[i] = h.join(out[i], xxh3.HashStringSeed(v.Strs[i], h.Seed), first)
		}
	default:
		var key []byte
		for i := range out {
			key = vec.AppendKey(key[:0], v, i)
			out[i] = h.join(out[i], xxh3.HashSeed(key, h.Seed), first)
		}
	}
}

func (h Hasher) uuid(u *[16]byte) uint64 {
	return mix(binary.LittleEndian.Uint64(u[:8])^h.Seed, binary.LittleEndian.Uint64(u[8:])^0x9e3779b97f4a7c15)
}

func (h Hasher) join(so, more uint64, first bool) uint64 {
	if first {
		return more
	}
	return mix(so^0xc2b2ae3d27d4eb4f, more^h.Seed)
}

// mix folds the product of two words, in the manner of wyhash; twice, since one factor may be zero.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	hi, lo = bits.Mul64(hi^0x8ebc6af09c88c6e3, lo^0x589965cc75374cc3)
	return hi ^ lo
}

// plainText tells whether equality of values is equality of bytes.
func plainText(t arrowschema.Type) bool {
	return t.Physical() == arrowschema.Strings && t != arrowschema.JSONB
}

// Equal tells whether row i of a and row j of b are one key: the columns pairwise equal and none NULL.
func Equal(a []*vec.Vec, i int, b []*vec.Vec, j int) bool {
	for k := range a {
		if !equalValue(a[k], i, b[k], j) {
			return false
		}
	}
	return true
}

func equalValue(a *vec.Vec, i int, b *vec.Vec, j int) bool {
	if a.IsNull(i) || b.IsNull(j) {
		return false
	}
	a, i = a.Value(i)
	b, j = b.Value(j)
	switch {
	case a.Type.Physical() == arrowschema.UUIDs:
		return a.UUIDs[i] == b.UUIDs[j]
	case a.Type.Physical() == arrowschema.Ints:
		return a.Ints[i] == b.Ints[j]
	case plainText(a.Type):
		return a.Strs[i] == b.Strs[j]
	default:
		return vec.Compare(a, i, b, j) == 0
	}
}

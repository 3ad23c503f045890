package scan

import (
	"github.com/zeebo/xxh3"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// known gives the groups that keys have, and noGroup for those that are none. The columns are flat. It changes nothing, so that several may ask at the same
// time.
func (t *groupTable) known(keys *vec.Batch, out []uint32) {
	t.cols[0].reader().known(keys.Cols[0], out)
	if len(t.pairs) == 0 {
		return
	}
	part, words := make([]uint32, keys.N), make([]uint64, 0, keys.N)
	for i, p := range t.pairs {
		t.cols[i+1].reader().known(keys.Cols[i+1], part)
		words = words[:0]
		for r, x := range out {
			words = append(words, uint64(x)<<32|uint64(part[r])) // with noGroup in it, it is the word of no pair
		}
		p.table.known(words, out)
	}
}

// reader gives a view of the column that looks values up with memory of its own.
func (k *keyColumn) reader() *keyColumn {
	r := *k
	r.row, r.odd, r.key, r.strs, r.texts.hashes = nil, nil, nil, nil, nil
	return &r
}

// known gives the numbers of the values of a flat vector, and noGroup for those that have none.
func (k *keyColumn) known(v *vec.Vec, out []uint32) {
	for lo := 0; lo < len(out); lo += wordRun {
		hi := min(lo+wordRun, len(out))
		switch to := out[lo:hi]; {
		case k.hasWords():
			k.row, k.odd = k.appendWords(k.row[:0], k.odd[:0], v, lo, hi)
			k.words.known(k.row, to)
			for _, r := range k.odd {
				out[r] = k.keyed(v, int(r))
			}
		case k.typ == arrowschema.UUID:
			for i := range to {
				a, b := uuidWords(&v.UUIDs[lo+i])
				to[i] = k.texts.short.knownWords(a, b, uuidLength)
			}
		case k.keyedByText():
			k.texts.surely(k.keyTexts(v, lo, hi), to)
		default:
			for i := range to {
				to[i] = k.keyed(v, lo+i)
			}
		}
		if v.Valid != nil {
			for i := lo; i < hi; i++ {
				if !v.Valid.Get(i) {
					out[i] = k.null
				}
			}
		}
	}
}

// keyed gives the number of row i of a flat vector, whose value is looked up by its key.
func (k *keyColumn) keyed(v *vec.Vec, i int) uint32 {
	if v.IsNull(i) {
		return k.null
	}
	s := k.keyText(v, i)
	if len(s) <= shortText {
		return k.texts.short.known(s)
	}
	return k.texts.seek(s, xxh3.HashString(s))
}

// surely is known that finds all numbers there are.
func (t *textTable) surely(texts []string, out []uint32) {
	t.known(texts, out)
	for i, id := range out {
		if id == noGroup && len(texts[i]) > shortText {
			out[i] = t.seek(texts[i], t.hashes[i])
		}
	}
}

// seek gives the number of a long text, noGroup if it has none.
func (t *textTable) seek(s string, h uint64) uint32 {
	if len(t.slots) == 0 {
		return noGroup
	}
	mask := uint64(len(t.slots) - 1)
	for at := h >> (t.shift & 63); ; at++ {
		slot := &t.slots[at&mask]
		if slot.id == 0 || slot.upper == uint32(h>>32) && t.texts[slot.id-1] == s {
			return slot.id - 1 // of an empty slot that is noGroup
		}
	}
}

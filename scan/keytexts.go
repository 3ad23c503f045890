package scan

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// keyedByText tells whether values are looked up as texts that are mostly their own.
func (k *keyColumn) keyedByText() bool { return k.plain || k.typ == arrowschema.JSONB }

// keyText gives the text by which row i of a flat vector, not NULL, is looked up. Of jsonb without a fraction that is the value itself.
func (k *keyColumn) keyText(v *vec.Vec, i int) string {
	switch {
	case k.plain || k.typ == arrowschema.JSONB && strings.IndexByte(v.Strs[i], '.') < 0:
		return v.Strs[i]
	case k.typ == arrowschema.JSONB:
		k.key = jsontext.AppendKey(k.key[:0], v.Strs[i])
	default:
		k.key = vec.AppendKey(k.key[:0], v, i)
	}
	return string(k.key)
}

// keyTexts gives the texts by which rows [lo, hi) of a flat vector are looked up, until it is called again. Those of NULLs say nothing.
func (k *keyColumn) keyTexts(v *vec.Vec, lo, hi int) []string {
	if k.plain {
		return v.Strs[lo:hi]
	}
	k.strs = k.strs[:0]
	for i := lo; i < hi; i++ {
		k.strs = append(k.strs, k.keyTextOrNone(v, i))
	}
	return k.strs
}

// keyTextOrNone is keyText, and nothing for NULL.
func (k *keyColumn) keyTextOrNone(v *vec.Vec, i int) string {
	if !v.Valid.Get(i) {
		return ""
	}
	return k.keyText(v, i)
}

// textRows is number for flat values that are looked up as texts: of the rows that are kept, wordRun are looked for together.
func (k *keyColumn) textRows(v *vec.Vec, keep []uint8, out []uint32, fresh []int32) []int32 {
	if keep == nil {
		for lo := 0; lo < v.N; lo += wordRun {
			hi := min(lo+wordRun, v.N)
			texts := k.keyTexts(v, lo, hi)
			k.texts.known(texts, out[lo:hi])
			for j, s := range texts {
				if i := lo + j; out[i] == noGroup || v.Valid != nil && !v.Valid.Get(i) {
					out[i], fresh = k.text(v, i, s, j, fresh)
				}
			}
		}
		return fresh
	}
	k.todo, k.strs = k.todo[:0], k.strs[:0]
	for i, wanted := range keep[:v.N] {
		out[i] = noGroup
		if wanted != 0 {
			k.todo, k.strs = append(k.todo, int32(i)), append(k.strs, k.keyTextOrNone(v, i))
		}
		if len(k.todo) == wordRun || i == v.N-1 {
			fresh = k.keptTexts(v, out, fresh)
			k.todo, k.strs = k.todo[:0], k.strs[:0]
		}
	}
	return fresh
}

// keptTexts finds the numbers of the rows that are to be done.
func (k *keyColumn) keptTexts(v *vec.Vec, out []uint32, fresh []int32) []int32 {
	k.ids = append(k.ids[:0], make([]uint32, len(k.todo))...)
	k.texts.known(k.strs, k.ids)
	for j, r := range k.todo {
		if out[r] = k.ids[j]; k.ids[j] == noGroup || v.Valid != nil && !v.Valid.Get(int(r)) {
			out[r], fresh = k.text(v, int(r), k.strs[j], j, fresh)
		}
	}
	return fresh
}

// text gives the number of row i, NULL or one whose text was not known when all were looked for; it was the j-th of them.
func (k *keyColumn) text(v *vec.Vec, i int, text string, j int, fresh []int32) (uint32, []int32) {
	before, id := k.n, uint32(0)
	if v.Valid.Get(i) {
		if id, _ = k.texts.findHashed(text, k.texts.hashes[j], k.n); id == k.n {
			k.n++
			if k.values != nil {
				k.values.tail().AppendRow(v, i)
			}
		}
	} else {
		id = k.one(v, i)
	}
	if k.n != before {
		fresh = append(fresh, int32(i))
	}
	return id, fresh
}

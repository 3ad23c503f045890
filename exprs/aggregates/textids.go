package aggregates

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// textIDs numbers texts as they are met, so that each is kept once, and at last ranks them. Of a dictionary-coded vector the number of each entry is remembered
// while the dictionary stays the same.
type textIDs struct {
	ids   map[string]int64
	texts []string // by number; in order once they are ranked

	dict  *vec.Vec
	codes []int64 // the numbers of its entries, notMet for some
}

const notMet = -1

// takes tells whether a dictionary-coded vector is numbered as it is. Entries that are NULL, and dictionaries much longer than the vector, are not worth it.
func (t *textIDs) takes(v *vec.Vec) bool {
	return v.Dict != nil && v.Dict.Valid == nil && v.Dict.N > 0 && (v.Dict == t.dict || v.Dict.N <= 32*v.N)
}

// number gives the numbers of the texts of rows that mask, which may be nil, does not leave out. grew is asked for memory.
func (t *textIDs) number(v *vec.Vec, mask []uint8, out []int64, grew func(int64) error) (err error) {
	if v.Dict == nil {
		for i, s := range v.Strs[:len(out)] {
			if mask == nil || mask[i] != 0 {
				if out[i], err = t.id(s, grew); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if v.Dict != t.dict {
		t.dict, t.codes = v.Dict, slices.Repeat([]int64{notMet}, v.Dict.N)
	}
	for i, c := range v.Codes[:len(out)] {
		if out[i] = t.codes[c]; out[i] == notMet && (mask == nil || mask[i] != 0) {
			if t.codes[c], err = t.id(v.Dict.Strs[c], grew); err != nil {
				return err
			}
			out[i] = t.codes[c]
		}
	}
	return nil
}

// id gives the number of a text.
func (t *textIDs) id(s string, grew func(int64) error) (int64, error) {
	if id, ok := t.ids[s]; ok {
		return id, nil
	}
	const perText = 80 // bytes: of the map's entry and the list's
	if err := grew(perText + int64(len(s))); err != nil {
		return 0, err
	}
	if t.ids == nil {
		t.ids = map[string]int64{}
	}
	id := int64(len(t.texts))
	s = strings.Clone(s) // it may be a small part of much memory
	t.ids[s], t.texts = id, append(t.texts, s)
	return id, nil
}

// renumber gives each word of another log the number that its text has here.
func (t *textIDs) renumber(o *textIDs, log *wordLog, grew func(int64) error) (err error) {
	numbers := make([]int64, len(o.texts))
	for i, s := range o.texts {
		if numbers[i], err = t.id(s, grew); err != nil {
			return err
		}
	}
	log.replace(numbers)
	return nil
}

// rank puts the texts in order, and in the place of their numbers their ranks.
func (t *textIDs) rank(log *wordLog, ctx *exprs.Ctx, grew func(int64) error) error {
	type ranked struct {
		start uint64 // of the text
		id    int64
	}
	if err := grew(int64(len(t.texts)) * 40); err != nil {
		return err
	}
	list := make([]ranked, len(t.texts))
	for i, s := range t.texts {
		list[i] = ranked{startOf(s), int64(i)}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.start != b.start {
			return cmp.Compare(a.start, b.start)
		}
		return cmp.Compare(t.texts[a.id], t.texts[b.id])
	})
	ranks, sorted := make([]int64, len(list)), make([]string, len(list))
	for r, x := range list {
		ranks[x.id], sorted[r] = int64(r), t.texts[x.id]
	}
	t.texts, t.ids = sorted, nil
	log.replace(ranks)
	return ctx.Check()
}

// startOf gives the first eight bytes of a text as an integer: none of a text that comes before another is greater.
func startOf(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

// replace puts by[w] in the place of each word w.
func (l *wordLog) replace(by []int64) {
	for _, p := range l.pieces {
		for i, w := range p.words {
			p.words[i] = by[w]
		}
	}
}

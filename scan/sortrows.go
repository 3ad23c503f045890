package scan

import (
	"cmp"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// rowSorter orders rows by keys, key after key: the words of a key are sorted by radix, and rows whose words are equal by what is left, the rest of a text,
// the next key, at last the rows' places in the order of a single worker.
type rowSorter struct {
	env     *Env
	keys    []sortColumn
	ords    []uint64
	inOrder bool // ords ascend
}

// sortColumn is a key.
type sortColumn struct {
	v          *vec.Vec // flat
	nullsFirst bool
	words      *wordKey // nil when there are none
	compare    func(i, j int) int
}

const (
	// fewRows is the number of rows that are compared instead: clearing the counters of a radix sort takes longer.
	fewRows = 128
	// manyRows is the number from which the workers share in sorting by the first key.
	manyRows = 1 << 15
	// mostRounds bounds how often a text is looked at: texts that are each the beginning of the next would take one round each.
	mostRounds = 12
)

func newRowSorter(env *Env, keys []SortKey, cols []*vec.Vec, ords []uint64) (*rowSorter, error) {
	s := &rowSorter{env: env, ords: ords, inOrder: slices.IsSorted(ords)}
	for i, k := range keys {
		v := cols[i].Flat()
		words, err := newWordKey(env, v, k.Desc)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, sortColumn{v: v, nullsFirst: k.NullsFirst, words: words, compare: comparator(v, v, k)})
	}
	return s, nil
}

// order gives the rows in order.
func (s *rowSorter) order() ([]int32, error) {
	buffer := make([]entry, 2*len(s.ords))
	es, spare := buffer[:len(s.ords)], buffer[len(s.ords):]
	for i := range es {
		es[i].row = int32(i)
	}
	if err := s.sort(es, spare, 0); err != nil {
		return nil, err
	}
	out := make([]int32, len(es))
	for i := range es {
		out[i] = es[i].row
	}
	return out, nil
}

// rowSortBytes is the memory of a row while it is sorted and gathered, in bytes: two entries, its number, its place.
const rowSortBytes = 2*16 + 4 + 12

// sort orders entries whose rows are equal by the keys before k, and are in the order of ords if that is known.
func (s *rowSorter) sort(es, spare []entry, k int) error {
	switch {
	case len(es) < 2:
		return nil
	case k == len(s.keys):
		return s.byOrd(es, spare)
	case len(es) < fewRows || s.keys[k].words == nil:
		return s.byComparing(es, k)
	}
	nulls, rest := s.keys[k].apart(es, spare)
	if err := s.sort(es[nulls.lo:nulls.hi], spare[nulls.lo:nulls.hi], k+1); err != nil {
		return err
	}
	es, spare = es[rest.lo:rest.hi], spare[rest.lo:rest.hi]
	return s.byWords(es, spare, k, 0, 0)
}

// span is entries [lo, hi).
type span struct{ lo, hi int }

// apart puts entries whose key is NULL before or behind the others; both stay in their order.
func (c *sortColumn) apart(es, spare []entry) (nulls, rest span) {
	if c.v.Valid == nil {
		return span{}, span{0, len(es)}
	}
	n, m := 0, 0
	for _, e := range es {
		if c.v.Valid.Get(int(e.row)) {
			es[n] = e
			n++
		} else {
			spare[m] = e
			m++
		}
	}
	if !c.nullsFirst {
		copy(es[n:], spare[:m])
		return span{n, n + m}, span{0, n}
	}
	copy(es[m:], es[:n])
	copy(es, spare[:m])
	return span{0, m}, span{m, m + n}
}

// byWords sorts entries by key k, which is NULL for none, and then by what is left. Of a text skip bytes are known to be equal.
func (s *rowSorter) byWords(es, spare []entry, k, skip, round int) error {
	if len(es) < fewRows || round == mostRounds {
		return s.byComparing(es, k)
	}
	same, err := s.keys[k].words.fill(s.env, es, skip)
	if err != nil {
		return err
	}
	if len(es) < manyRows || s.env.Workers == 1 {
		return s.runs(es, spare, k, same, round)
	}
	ends, err := s.env.spread(es, spare)
	if err != nil {
		return err
	}
	return s.env.tasks(len(ends), func(i int) error {
		lo := 0
		if i > 0 {
			lo = ends[i-1]
		}
		return s.runs(es[lo:ends[i]], spare[lo:ends[i]], k, same, round)
	})
}

// runs sorts entries by their words, and those of equal words among themselves.
func (s *rowSorter) runs(es, spare []entry, k, same, round int) error {
	if err := s.env.radix(es, spare); err != nil {
		return err
	}
	key := s.keys[k].words
	for lo := 0; lo < len(es); {
		hi := lo + 1
		for hi < len(es) && es[hi].word == es[lo].word {
			hi++
		}
		var err error
		switch part, room := es[lo:hi], spare[lo:hi]; {
		case hi == lo+1:
		case key.exact(es[lo].word):
			err = s.sort(part, room, k+1)
		case key.v.Strs != nil:
			err = s.byWords(part, room, k, same, round+1)
		default:
			err = s.byComparing(part, k)
		}
		if err != nil {
			return err
		}
		lo = hi
	}
	return nil
}

// byOrd sorts entries whose keys are all equal.
func (s *rowSorter) byOrd(es, spare []entry) error {
	if s.inOrder {
		return nil
	}
	if len(es) < fewRows {
		return s.byComparing(es, len(s.keys))
	}
	for i := range es {
		es[i].word = s.ords[es[i].row]
	}
	return s.env.radix(es, spare)
}

// byComparing sorts entries that are equal by the keys before k by comparing them.
func (s *rowSorter) byComparing(es []entry, k int) error {
	keys := s.keys[k:]
	compare := func(x, y int32) int {
		for i := range keys {
			if c := keys[i].compare(int(x), int(y)); c != 0 {
				return c
			}
		}
		if c := cmp.Compare(s.ords[x], s.ords[y]); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	}
	if len(es) <= sortRun {
		slices.SortFunc(es, func(a, b entry) int { return compare(a.row, b.row) })
		return s.env.cancelled()
	}
	rows := make([]int32, len(es))
	for i := range es {
		rows[i] = es[i].row
	}
	rows, err := s.env.sortRows(rows, compare)
	for i := range rows {
		es[i].row = rows[i]
	}
	return err
}

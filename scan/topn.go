package scan

import (
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// topHint lets a top-N that reads a table directly tell the scan what it still wants. The scan takes the most promising morsels first, leaves out those of
// which no row can be among the best, and drops single rows that cannot before it reads their other columns.
type topHint struct {
	col        int // output column of the table: the first sort key
	limit      int
	typ        arrowschema.Type
	desc       bool
	nullsFirst bool
	cutoff     atomic.Pointer[vec.Vec] // the first key of a row that is the N-th best so far of some worker; one row, never NULL
	done       [inTurn]chan struct{}   // of the most promising morsels: closed when the one has been filtered
}

// inTurn is the number of morsels, of the most promising ones, of which each waits for the one before it to be filtered as long as there is no cutoff: what the
// first row group has decides in most cases that no other need be read, which the other workers would otherwise have begun to. Where conditions leave little of
// the first few, the workers go on side by side.
const inTurn = 4

// await waits for a morsel's turn.
func (h *topHint) await(env *Env, at int) {
	if at == 0 || at > inTurn || h.cutoff.Load() != nil {
		return
	}
	select {
	case <-h.done[at-1]:
	case <-env.Context.Done():
	}
}

// filtered says that a morsel has been filtered. It is said once of each.
func (h *topHint) filtered(at int) {
	if at < inTurn {
		close(h.done[at])
	}
}

// hintTo gives the hint for a top-N's table when its first key is a column of it.
func (s *Sort) hintTo() *topHint {
	table, ok := s.Input.(*Table)
	if !ok || s.Limit < 1 || s.Limit > maxTopN {
		return nil
	}
	key := s.Keys[0]
	c, ok := key.Expr.(*exprs.Column)
	if !ok || c.Index >= len(table.Cols) {
		return nil
	}
	h := &topHint{col: c.Index, limit: int(s.Limit), typ: c.T, desc: key.Desc, nullsFirst: key.NullsFirst}
	for i := range h.done {
		h.done[i] = make(chan struct{})
	}
	table.hint = h
	return h
}

// offer makes v the cutoff if it is better than the one so far.
func (h *topHint) offer(v *vec.Vec) {
	if h == nil || v.IsNull(0) {
		return
	}
	v = v.Flat()
	for {
		old := h.cutoff.Load()
		if old != nil && !h.before(v, 0, old, 0) {
			return
		}
		if h.cutoff.CompareAndSwap(old, v) {
			return
		}
	}
}

// before tells whether one value, not NULL, comes before another in the order.
func (h *topHint) before(a *vec.Vec, i int, b *vec.Vec, j int) bool {
	c := vec.Compare(a, i, b, j)
	return (c < 0) != h.desc && c != 0
}

// hopeless tells whether every row of a zone comes after the cutoff.
func (h *topHint) hopeless(z zone) bool {
	cut := h.cutoff.Load()
	if cut == nil || (h.nullsFirst && z.nulls != 0) {
		return false
	}
	if z.nulls == z.rows {
		return !h.nullsFirst
	}
	best := h.best(z)
	return best != nil && h.before(cut, 0, best, 0)
}

// best gives the bound of a zone that comes first in the order, nil when it is unknown.
func (h *topHint) best(z zone) *vec.Vec {
	if h.desc {
		return z.max
	}
	return z.min
}

// promising orders units so that those which may hold the first rows come first, those of which nothing is known before all others. Units keep their numbers.
func (h *topHint) promising(units []unit) {
	slices.SortStableFunc(units, func(a, b unit) int {
		x, y := a.zone(h.col), b.zone(h.col)
		first := func(z zone) bool { return h.best(z) == nil && z.nulls != z.rows || h.nullsFirst && z.nulls != 0 }
		switch {
		case first(x) || first(y):
			return boolOrder(first(x), first(y))
		case h.best(x) == nil || h.best(y) == nil: // nothing but NULLs, which come last
			return boolOrder(h.best(x) != nil, h.best(y) != nil)
		case h.before(h.best(x), 0, h.best(y), 0):
			return -1
		case h.before(h.best(y), 0, h.best(x), 0):
			return 1
		}
		return 0
	})
}

// boolOrder puts what is true first.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// keep drops the rows of a selection whose key comes after the cutoff. v is the key column of the whole morsel.
func (h *topHint) keep(v *vec.Vec, sel []int32) []int32 {
	if plainInts(v) {
		h.learn(v.Ints, sel)
	}
	cut := h.cutoff.Load()
	if cut == nil {
		return sel
	}
	n := 0
	if plainInts(v) {
		limit := cut.Ints[0]
		for _, r := range sel {
			sel[n] = r
			if (v.Ints[r] < limit) != h.desc || v.Ints[r] == limit {
				n++
			}
		}
		return sel[:n]
	}
	for _, r := range sel {
		if v.IsNull(int(r)) {
			if h.nullsFirst {
				sel[n], n = r, n+1
			}
			continue
		}
		if !h.before(cut, 0, v, int(r)) {
			sel[n], n = r, n+1
		}
	}
	return sel[:n]
}

// learn makes the N-th best key of a selection the cutoff, where the selection is longer than N: in a morsel that is in the opposite order, every
// row is better than those before it, and would be kept until it is sorted away.
func (h *topHint) learn(keys []int64, sel []int32) {
	if len(sel) <= h.limit {
		return
	}
	best := &keyHeap{keys: make([]int64, 0, h.limit), desc: h.desc}
	for _, r := range sel {
		best.add(keys[r], h.limit)
	}
	h.offer(vec.NewConst(h.typ, best.keys[0], 1))
}

// keyHeap holds the best keys so far, the worst of them first.
type keyHeap struct {
	keys []int64
	desc bool
}

// add takes a key in if it is among the best n.
func (h *keyHeap) add(key int64, n int) {
	if len(h.keys) < n {
		h.keys = append(h.keys, key)
		for i := len(h.keys) - 1; i > 0 && h.better(h.keys[(i-1)/2], h.keys[i]); i = (i - 1) / 2 {
			h.keys[i], h.keys[(i-1)/2] = h.keys[(i-1)/2], h.keys[i]
		}
		return
	}
	if !h.better(key, h.keys[0]) {
		return
	}
	h.keys[0] = key
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < n; c++ {
			if h.better(h.keys[worst], h.keys[c]) {
				worst = c
			}
		}
		if worst == i {
			return
		}
		h.keys[i], h.keys[worst] = h.keys[worst], h.keys[i]
		i = worst
	}
}

func (h *keyHeap) better(a, b int64) bool { return (a < b) != h.desc && a != b }

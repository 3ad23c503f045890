package scan

import (
	"maps"
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// topHint lets a top-N that reads a table directly tell the scan what it still wants. The scan takes the most promising morsels first, leaves out those of
// which no row can be among the best, and drops single rows that cannot before it reads their other columns.
type topHint struct {
	col        int           // output column of the table: the first sort key; noColumn when it is an expression
	scaled     *exprs.Scaled // of an expression: what stands for it
	needs      []int         // the output columns that it reads
	limit      int
	typ        arrowschema.Type // of the cutoff: of a scaled expression Int8
	desc       bool
	nullsFirst bool
	flip       int64                   // turns words into words of the opposite order, where the order descends
	early      bool                    // no condition can fail: they need not see rows that cannot be among the best
	cutoff     atomic.Pointer[vec.Vec] // the first key of a row that is the N-th best so far of some worker; one row, never NULL
	bound      atomic.Pointer[int64]   // the word of such a key, where it cannot be told from the word
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

const noColumn = -1

// hintTo gives the hint for a top-N's table when its first key is a column of it, or has a scaled form, and no row can fail by its other keys.
func (s *Sort) hintTo() *topHint {
	table, ok := s.Input.(*Table)
	if !ok || s.Limit < 1 || s.Limit > maxTopN || slices.ContainsFunc(s.Keys[1:], func(k SortKey) bool { return exprs.MayFail(k.Expr) }) {
		return nil
	}
	key := s.Keys[0]
	h := &topHint{col: noColumn, limit: int(s.Limit), typ: arrowschema.Int8, desc: key.Desc, nullsFirst: key.NullsFirst}
	if c, ok := key.Expr.(*exprs.Column); ok {
		if c.Index >= len(table.Cols) {
			return nil
		}
		h.col, h.typ = c.Index, c.T
	} else if h.scaled, ok = exprs.ScaledOf(key.Expr); !ok {
		return nil
	} else {
		h.needs = columnsOf(key.Expr)
	}
	if h.desc {
		h.flip = -1
	}
	h.early = !slices.ContainsFunc(table.Conds, exprs.MayFail)
	h.nullsFirst = h.nullsFirst && !slices.ContainsFunc(table.Conds, func(c exprs.Expr) bool { // no row that passes is NULL
		n, ok := c.(*exprs.IsNull)
		return ok && n.Negated && exprs.Equal(n.Arg, key.Expr)
	})
	for i := range h.done {
		h.done[i] = make(chan struct{})
	}
	table.hint = h
	return h
}

// ofColumn gives the hint where statistics of its key are kept, else nil.
func (h *topHint) ofColumn() *topHint {
	if h == nil || h.col == noColumn {
		return nil
	}
	return h
}

// columnsOf lists the columns that an expression reads.
func columnsOf(e exprs.Expr) []int {
	set := map[int]bool{}
	exprs.Columns(e, set)
	return slices.Sorted(maps.Keys(set))
}

// offer makes v the cutoff if it is better than the one so far.
func (h *topHint) offer(v *vec.Vec) {
	if h == nil || v.IsNull(0) || h.scaled != nil && v.Type != h.typ {
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

// offerWord makes a word the cutoff, as offer does. A UUID has no word of its own, only that of all that begin alike: such a cutoff is kept beside the other.
func (h *topHint) offerWord(word int64) {
	switch h.typ.Physical() {
	case arrowschema.Floats:
		h.offer(vec.NewConst(h.typ, wordFloat(uint64(word^h.flip)^1<<63), 1))
	case arrowschema.Ints:
		h.offer(vec.NewConst(h.typ, word^h.flip, 1))
	default:
		for {
			old := h.bound.Load()
			if old != nil && *old <= word || h.bound.CompareAndSwap(old, &word) {
				return
			}
		}
	}
}

// limitWord gives the word of the cutoff, if there is one and it has a word.
func (h *topHint) limitWord() (word int64, known bool) {
	if b := h.bound.Load(); b != nil {
		return *b, true
	}
	cut := h.cutoff.Load()
	if cut == nil {
		return 0, false
	}
	switch cut.Type.Physical() {
	case arrowschema.Floats:
		return signedFloatWord(cut.Floats[0]) ^ h.flip, true
	case arrowschema.Ints:
		return cut.Ints[0] ^ h.flip, true
	case arrowschema.UUIDs:
		return uuidWord(&cut.UUIDs[0]) ^ h.flip, true
	}
	return 0, false
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
	cut := h.cutoff.Load()
	if cut == nil {
		return sel
	}
	n := 0
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

package scan

import (
	"cmp"
	"encoding/binary"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// topScan is what one worker's scan does for a top-N: it remembers the best keys of the rows that passed, the worst of which bounds what may follow. Keys are
// compared as words, integers in whose order the rows are wanted, where they have that form. Where no condition can fail, rows are left out by their keys before
// the conditions see them: most windows of a large table then cost a comparison a row.
type topScan struct {
	hint *topHint
	ctx  *exprs.Ctx // of an expression
	best heap[int64]

	// The keys of the loaded rows, of which keys[0] is row from, and which of them are NULL, counted from row zero.
	keys       []int64 // nil when they have no words
	from, zero int
	values     *vec.Vec
	words      []int64 // memory

	texts topTexts // of keys that are texts
}

// newTopScan gives nil when no top-N is above.
func newTopScan(env *Env, h *topHint) *topScan {
	if h == nil {
		return nil
	}
	return &topScan{hint: h, ctx: env.Eval.Fork(), best: heap[int64]{most: h.limit}}
}

// release ends the account of the context.
func (t *topScan) release() {
	if t != nil {
		t.ctx.Release()
	}
}

// load gets the keys of the rows of a window.
func (t *topScan) load(s *tableStream, lo, hi int) error {
	h := t.hint
	t.keys, t.values, t.from, t.zero = nil, nil, 0, 0
	if h.scaled != nil {
		t.ctx.Recycle()
		b, err := s.window(lo, hi, nil, h.needs)
		if err != nil {
			return err
		}
		v, ok, err := h.scaled.Eval(t.ctx, b)
		if err == nil && ok { // else the sort evaluates the keys of the rows that pass, and tells what fails
			t.values = v.Flat()
			t.keys, t.from, t.zero = t.values.Ints, lo, lo
		}
		return nil
	}
	v, err := s.cur.column(s.table.Cols[h.col])
	if err != nil {
		return err
	}
	t.values = v
	switch {
	case v.Const || v.Dict != nil:
	case v.Type.Physical() == arrowschema.Ints:
		t.keys = v.Ints
	case v.Type.Physical() == arrowschema.Floats:
		t.words = t.words[:0]
		for _, x := range v.Floats[lo:hi] {
			t.words = append(t.words, signedFloatWord(x))
		}
		t.keys, t.from = t.words, lo
	case v.Type.Physical() == arrowschema.UUIDs:
		t.words = t.words[:0]
		for i := range v.UUIDs[lo:hi] {
			t.words = append(t.words, uuidWord(&v.UUIDs[lo+i]))
		}
		t.keys, t.from = t.words, lo
	}
	return nil
}

// uuidWord gives the first half of a UUID as an integer: none of a UUID that comes before another is greater.
func uuidWord(u *[16]byte) int64 { return int64(binary.BigEndian.Uint64(u[:8]) ^ 1<<63) }

// signedFloatWord is floatWord as an integer with a sign.
func signedFloatWord(f float64) int64 { return int64(floatWord(f) ^ 1<<63) }

// null tells whether the key of a row is NULL.
func (t *topScan) null(row int32) bool { return t.values.IsNull(int(row) - t.zero) }

// word gives the word of a row's key.
func (t *topScan) word(row int32) int64 { return t.keys[int(row)-t.from] ^ t.hint.flip }

// candidates leaves, of the rows sel of the loaded window or of all when that is nil, those that may be among the best; nil means all of the window.
func (t *topScan) candidates(lo, hi int, sel []int32) []int32 {
	h := t.hint
	if t.textual() {
		return t.reachTexts(lo, hi, sel)
	}
	limit, known := h.limitWord()
	if t.keys == nil || !known {
		return sel
	}
	if sel != nil {
		return t.reach(sel)
	}
	keys := t.keys[lo-t.from : hi-t.from]
	switch {
	case !t.values.HasNulls():
		return below(keys, h.flip, limit, lo)
	case !h.nullsFirst:
		sel = below(keys, h.flip, limit, lo)
	default:
		sel = belowOrNull(keys, t.values.Valid, lo-t.zero, h.flip, limit, lo)
	}
	return t.reach(sel)
}

// below gives the rows, counted from lo, whose words are not above a limit; never nil.
func below(keys []int64, flip, limit int64, lo int) []int32 {
	out := []int32{}
	for i, x := range keys {
		if x^flip <= limit {
			out = append(out, int32(lo+i))
		}
	}
	return out
}

// belowOrNull gives those, and the rows whose bit in valid, of which row lo has bit at, is not set.
func belowOrNull(keys []int64, valid vec.Bitmap, at int, flip, limit int64, lo int) []int32 {
	out := []int32{}
	for i, x := range keys {
		if x^flip <= limit || !valid.Get(at+i) {
			out = append(out, int32(lo+i))
		}
	}
	return out
}

// keep drops the rows of a selection, which passed all conditions, whose keys come after the cutoff. It moves the cutoff first: in a table that is in the
// opposite order every row is better than those before it, and would be kept until it is sorted away.
func (t *topScan) keep(sel []int32) []int32 {
	switch {
	case t.textual():
		t.learnTexts(sel)
		return t.reachTexts(0, 0, sel)
	case t.keys != nil:
		t.learn(sel)
		return t.reach(sel)
	case t.values != nil:
		return t.hint.keep(t.values, sel)
	}
	return sel
}

// learn makes the N-th best word of the rows so far the cutoff.
func (t *topScan) learn(sel []int32) {
	limit, known := t.hint.limitWord()
	moved := false
	for _, r := range sel {
		x := t.word(r)
		if known && x > limit || t.null(r) {
			continue
		}
		if t.best.add(x); t.best.full() && (!known || t.best.items[0] < limit) {
			limit, known, moved = t.best.items[0], true, true
		}
	}
	if moved {
		t.hint.offerWord(limit)
	}
}

// reach leaves the rows of a selection whose keys do not come after the cutoff.
func (t *topScan) reach(sel []int32) []int32 {
	limit, known := t.hint.limitWord()
	if t.textual() {
		return t.reachTexts(0, 0, sel)
	}
	if !known || t.keys == nil {
		return sel
	}
	n := 0
	for _, r := range sel {
		sel[n] = r
		if null := t.null(r); null && t.hint.nullsFirst || !null && t.word(r) <= limit {
			n++
		}
	}
	return sel[:n]
}

// survey is candidates for all rows of a row group, window by window; nil means all.
func (t *topScan) survey(s *tableStream, f *survey) error {
	if t.hint.cutoff.Load() == nil && t.hint.bound.Load() == nil || !t.hint.early {
		return nil
	}
	var left []int32
	for lo, step := 0, maskedRows*s.env.BatchRows; lo < f.m.n; lo += step {
		if err := s.env.cancelled(); err != nil {
			return err
		}
		hi := min(lo+step, f.m.n)
		if err := t.load(s, lo, hi); err != nil {
			return err
		}
		part := t.candidates(lo, hi, nil)
		if part == nil { // no keys: nothing is known of any row
			return nil
		}
		left = append(left, part...)
	}
	n := 0
	for _, r := range left {
		if left[n] = r; f.keep == nil || f.keep[r] != 0 {
			n++
		}
	}
	f.keep = s.mask(f.m.n, 0)
	for _, r := range left[:n] {
		f.keep[r] = 1
	}
	f.kept, f.sifted = n, true
	return nil
}

// keepAll is keep for a selection of the rows of a row group. What was kept before the cutoff moved on is looked at again.
func (t *topScan) keepAll(s *tableStream, rows int, sel []int32) ([]int32, error) {
	sel, err := t.windows(s, rows, sel, t.keep)
	if err != nil || t.keys == nil && !t.textual() {
		return sel, err
	}
	return t.windows(s, rows, sel, t.reach)
}

// windows has leave drop rows of a selection, window by window.
func (t *topScan) windows(s *tableStream, rows int, sel []int32, leave func([]int32) []int32) ([]int32, error) {
	out := sel[:0]
	for lo, step := 0, maskedRows*s.env.BatchRows; lo < rows && len(sel) > 0; lo += step {
		n := 0
		for n < len(sel) && int(sel[n]) < lo+step {
			n++
		}
		if n == 0 {
			continue
		}
		if err := t.load(s, lo, min(lo+step, rows)); err != nil {
			return nil, err
		}
		part := leave(sel[:n])
		out, sel = append(out, part...), sel[n:]
	}
	return out, nil
}

// heap holds the best of what it was given, the smallest or, where desc is set, the greatest, and of these the worst first.
type heap[T cmp.Ordered] struct {
	items []T
	most  int
	desc  bool
}

func (h *heap[T]) full() bool { return len(h.items) == h.most }

func (h *heap[T]) better(a, b T) bool {
	if h.desc {
		return a > b
	}
	return a < b
}

// add takes an item in if it is among the best.
func (h *heap[T]) add(x T) {
	if !h.full() {
		h.items = append(h.items, x)
		for i := len(h.items) - 1; i > 0 && h.better(h.items[(i-1)/2], h.items[i]); i = (i - 1) / 2 {
			h.items[i], h.items[(i-1)/2] = h.items[(i-1)/2], h.items[i]
		}
		return
	}
	if !h.better(x, h.items[0]) {
		return
	}
	h.items[0] = x
	for i := 0; ; {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h.items); c++ {
			if h.better(h.items[worst], h.items[c]) {
				worst = c
			}
		}
		if worst == i {
			return
		}
		h.items[i], h.items[worst] = h.items[worst], h.items[i]
		i = worst
	}
}

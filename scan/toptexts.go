package scan

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// topTexts is what a topScan knows of keys that are texts.
type topTexts struct {
	best heap[string]

	// Of a dictionary, which entries do not come after limit, which may have moved on since: entries are compared anew when as many rows have been looked at.
	dict  *vec.Vec
	limit string
	pass  []uint8
	rows  int
}

// longText is the length in bytes from which a text is not remembered: a bound is left where it is.
const longText = 1 << 10

// textual tells whether the loaded keys are texts.
func (t *topScan) textual() bool {
	return t.values != nil && t.hint.scaled == nil && t.values.Type.Physical() == arrowschema.Strings && t.values.Type != arrowschema.JSONB && !t.values.Const
}

// limitText gives the cutoff, if there is one.
func (h *topHint) limitText() (limit string, known bool) {
	if cut := h.cutoff.Load(); cut != nil {
		return cut.Strs[0], true
	}
	return "", false
}

// behind tells whether a text comes after another in the order.
func (h *topHint) behind(s, limit string) bool {
	if h.desc {
		return s < limit
	}
	return s > limit
}

// reachTexts leaves of the rows sel, or of all of a window when that is nil, those whose texts do not come after the cutoff; nil means all of the window.
func (t *topScan) reachTexts(lo, hi int, sel []int32) []int32 {
	limit, known := t.hint.limitText()
	if !known {
		return sel
	}
	if sel == nil {
		sel = make([]int32, hi-lo)
		for i := range sel {
			sel[i] = int32(lo + i)
		}
	}
	v, n := t.values, 0
	var pass []uint8 // of the entries of a dictionary
	if v.Dict != nil && v.Dict.N > 0 {
		pass = t.texts.passing(t.hint, v.Dict, limit, len(sel))
	}
	if pass != nil && !v.HasNulls() {
		for _, r := range sel {
			sel[n] = r
			n += int(pass[v.Codes[r]])
		}
		return sel[:n]
	}
	for _, r := range sel {
		sel[n] = r
		switch null := v.IsNull(int(r)); {
		case null && !t.hint.nullsFirst, !null && pass != nil && pass[v.Codes[r]] == 0, !null && pass == nil && t.hint.behind(v.Strs[r], limit):
		default:
			n++
		}
	}
	return sel[:n]
}

// passing tells which entries of a dictionary do not come after a limit, or after one that was the limit before.
func (x *topTexts) passing(h *topHint, dict *vec.Vec, limit string, rows int) []uint8 {
	if x.rows += rows; x.dict == dict && (x.limit == limit || x.rows < dict.N) {
		return x.pass
	}
	x.dict, x.limit, x.rows = dict, limit, 0
	x.pass = append(x.pass[:0], make([]uint8, dict.N)...)
	for i, s := range dict.Strs {
		if !h.behind(s, limit) {
			x.pass[i] = 1
		}
	}
	return x.pass
}

// learnTexts makes the N-th best text of the rows so far the cutoff.
func (t *topScan) learnTexts(sel []int32) {
	limit, known := t.hint.limitText()
	best, v, moved := &t.texts.best, t.values, false
	best.most, best.desc = t.hint.limit, t.hint.desc
	for _, r := range sel {
		if v.IsNull(int(r)) {
			continue
		}
		from, at := v.Value(int(r))
		s := from.Strs[at]
		if known && (s == limit || t.hint.behind(s, limit)) || len(s) >= longText {
			continue
		}
		if !best.full() || best.better(s, best.items[0]) {
			best.add(strings.Clone(s)) // it may be a small part of much memory
		}
		if best.full() && (!known || best.better(best.items[0], limit)) {
			limit, known, moved = best.items[0], true, true
		}
	}
	if moved {
		t.hint.offer(vec.NewConst(t.hint.typ, limit, 1))
	}
}

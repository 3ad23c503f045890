package flush

import (
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// settled keeps of sel, offsets in a segment of a table, the rows that have settled at a time in microseconds. See the package comment.
func settled(def *schemahistory.TableDefinition, seg *tables.SegmentView, sel []int32, now int64) []int32 {
	switch def.ID {
	case tables.StoragesTable:
		return sel[:0]
	case tables.JobsTable:
		if c := def.Find("status"); c >= 0 {
			return keepTexts(seg.Column(c), sel, tables.Final)
		}
	case tables.LiveQueriesTable:
		if c := def.Find("last_update"); c >= 0 {
			return keepBefore(seg.Column(c), sel, now-IdleAfter.Microseconds())
		}
	}
	return sel
}

// keepTexts keeps the rows whose text passes; no NULL does.
func keepTexts(v *vec.Vec, sel []int32, pass func(string) bool) []int32 {
	if v.Dict != nil {
		ok := make([]bool, max(v.Dict.N, 1))
		for i := range v.Dict.N {
			ok[i] = v.Dict.Valid.Get(i) && pass(v.Dict.Strs[i])
		}
		return keep(sel, func(i int) bool { return v.Valid.Get(i) && ok[v.Codes[i]] })
	}
	return keep(sel, func(i int) bool { return !v.IsNull(i) && pass(v.Strs[v.At(i)]) })
}

// keepBefore keeps the rows whose timestamp is before limit; no NULL is.
func keepBefore(v *vec.Vec, sel []int32, limit int64) []int32 {
	return keep(sel, func(i int) bool { return !v.IsNull(i) && v.Ints[v.At(i)] < limit })
}

func keep(sel []int32, pass func(i int) bool) []int32 {
	out := sel[:0]
	for _, i := range sel {
		if pass(int(i)) {
			out = append(out, i)
		}
	}
	return out
}

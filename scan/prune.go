package scan

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// ruledOut tells whether no row of the morsel can pass: some condition is false, or NULL, for everything that its statistics allow. What they do not tell
// rules nothing out.
func (s *tableStream) ruledOut(m morsel) bool {
	p := &pruner{table: s.table, morsel: m, zone: s.ctx.Zone}
	h := s.table.hint
	out := h != nil && h.hopeless(m.stats(s.table.Cols[h.col]))
	for _, c := range s.table.Conds {
		if p.never(c) {
			out = true
			break
		}
	}
	if c := s.env.Counters; c != nil {
		countUnit(c, m, out, p.bloom)
	}
	return out
}

func countUnit(c *Counters, m morsel, skipped, bloom bool) {
	_, cold := m.(*coldMorsel)
	switch {
	case !cold && skipped:
		c.SegmentsSkipped.Add(1)
	case !cold:
		c.Segments.Add(1)
	case skipped && bloom:
		c.RowGroupsSkipped.Add(1)
		c.SkippedByBloom.Add(1)
	case skipped:
		c.RowGroupsSkipped.Add(1)
		c.SkippedByStats.Add(1)
	default:
		c.RowGroups.Add(1)
	}
}

// pruner asks of conditions whether they can be true of a row of one morsel.
type pruner struct {
	table  *Table
	morsel morsel
	zone   *time.Location
	bloom  bool // it was a bloom filter that ruled the morsel out
}

// never tells whether the condition is true for no row, provably.
func (p *pruner) never(e exprs.Expr) bool {
	switch e := e.(type) {
	case *exprs.And:
		for _, a := range e.Args {
			if p.never(a) {
				return true
			}
		}
		return false
	case *exprs.Or:
		for _, a := range e.Args {
			if !p.never(a) {
				return false
			}
		}
		return true
	case *exprs.Const:
		return e.Type() == arrowschema.Bool && (e.IsNull() || !e.V.Bools[0])
	case *exprs.IsNull:
		return p.neverNull(e)
	case *exprs.In:
		return p.neverIn(e)
	case *exprs.Call:
		return p.neverCall(e)
	}
	return false
}

// column gives the table column that e is, -1 when it is none.
func (p *pruner) column(e exprs.Expr) int {
	c, ok := e.(*exprs.Column)
	if !ok || c.Index >= len(p.table.Cols) {
		return -1
	}
	return p.table.Cols[c.Index]
}

func (p *pruner) neverNull(e *exprs.IsNull) bool {
	col := p.column(e.Arg)
	if col < 0 {
		return false
	}
	z := p.morsel.stats(col)
	if e.Negated {
		return z.nulls == z.rows
	}
	return z.nulls == 0
}

// outside tells whether a value lies outside what the zone allows, so that no row equals it.
func (z zone) outside(v *vec.Vec) bool {
	if z.nulls == z.rows {
		return true
	}
	form := v.Type.Physical()
	return z.min != nil && z.min.Type.Physical() == form && vec.Compare(v, 0, z.min, 0) < 0 ||
		z.max != nil && z.max.Type.Physical() == form && vec.Compare(v, 0, z.max, 0) > 0
}

func (p *pruner) neverIn(e *exprs.In) bool {
	col := p.column(e.Arg)
	if col < 0 || e.Negated || e.Len() > 64 {
		return false
	}
	z := p.morsel.stats(col)
	bloom := false
	for _, c := range e.List {
		if c.IsNull() || z.outside(c.V) {
			continue
		}
		if p.morsel.mayContain(col, c.V) {
			return false
		}
		bloom = true
	}
	p.bloom = bloom
	return true
}

// mirrored gives the operator with its sides exchanged.
var mirrored = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (p *pruner) neverCall(e *exprs.Call) bool {
	if len(e.Args) != 2 || e.Fn.NotStrict {
		return false
	}
	op, left, right := e.Fn.Name, e.Args[0], e.Args[1]
	if _, ok := left.(*exprs.Const); ok {
		if op, ok = mirrored[op]; !ok {
			return false
		}
		left, right = right, left
	}
	col, value := p.column(left), constantOf(right)
	if col < 0 || value == nil {
		return false
	}
	if value.NullConst() {
		return true // a comparison with NULL is NULL
	}
	if op == "~~" {
		return p.neverLike(col, value.Strs[0])
	}
	if value = p.comparable(value, left.Type()); value == nil {
		return false
	}
	return p.neverCompares(col, op, value)
}

func (p *pruner) neverCompares(col int, op string, value *vec.Vec) bool {
	z := p.morsel.stats(col)
	if z.nulls == z.rows {
		return true
	}
	switch op {
	case "=":
		if z.outside(value) {
			return true
		}
		p.bloom = !p.morsel.mayContain(col, value)
		return p.bloom
	case "<":
		return z.min != nil && vec.Compare(z.min, 0, value, 0) >= 0
	case "<=":
		return z.min != nil && vec.Compare(z.min, 0, value, 0) > 0
	case ">":
		return z.max != nil && vec.Compare(z.max, 0, value, 0) <= 0
	case ">=":
		return z.max != nil && vec.Compare(z.max, 0, value, 0) < 0
	}
	return false
}

func constantOf(e exprs.Expr) *vec.Vec {
	if c, ok := e.(*exprs.Const); ok {
		return c.V
	}
	return nil
}

// comparable gives the constant in the column's type, nil when the two are not compared value by value. A timestamptz is compared with a timestamp in the
// session's zone: only in UTC is that the comparison of the numbers.
func (p *pruner) comparable(v *vec.Vec, t arrowschema.Type) *vec.Vec {
	switch {
	case v.Type == t, v.Type.Integer() && t.Integer():
		return v.As(t)
	case v.Type == arrowschema.TimestampTZ && t == arrowschema.Timestamp && p.zone == time.UTC:
		return v.As(t)
	}
	return nil
}

// neverLike rules out by the pattern's literal prefix.
func (p *pruner) neverLike(col int, pattern string) bool {
	prefix := likePrefix(pattern)
	z := p.morsel.stats(col)
	if z.nulls == z.rows {
		return true
	}
	if prefix == "" || z.min == nil || z.max == nil || z.min.Type.Physical() != arrowschema.Strings {
		return false
	}
	if z.max.Strs[0] < prefix {
		return true
	}
	lowest := z.min.Strs[0]
	return lowest > prefix && (len(lowest) < len(prefix) || lowest[:len(prefix)] > prefix)
}

// likePrefix gives the text before the first wildcard or escape.
func likePrefix(pattern string) string {
	for i := 0; i < len(pattern); i++ {
		if c := pattern[i]; c == '%' || c == '_' || c == '\\' {
			return pattern[:i]
		}
	}
	return pattern
}

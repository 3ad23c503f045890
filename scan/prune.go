package scan

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Pruning goes from what costs least to what costs most, each step only where those before it have left something: the path of a file and its bounds in the
// manifest (files.go), the statistics of a morsel, its page index, its bloom filters, and the dictionaries of its columns (dictionary.go). Whatever they do not
// tell rules nothing out.

// ruledOut tells whether no row of the morsel can pass, and by what. Of a row group it may leave some pages only.
func (s *tableStream) ruledOut(m morsel) (means, error) {
	if s.env.NoPruning {
		return notSkipped, nil
	}
	h := s.table.hint.ofColumn()
	if h != nil && h.hopeless(m.stats(s.table.Cols[h.col])) {
		return byTopN, nil
	}
	p := &pruner{table: s.table, stats: m.stats, zone: s.ctx.Zone}
	if p.neverAll() {
		return byStats, nil
	}
	cold, ok := m.(*coldMorsel)
	if !ok || len(s.table.Conds) == 0 && h == nil {
		return notSkipped, nil
	}
	pages := &pagePruner{pruner: *p, morsel: cold}
	ranges, err := pages.left(h)
	if err != nil {
		return notSkipped, err
	}
	if len(ranges) == 0 {
		return byPages, nil
	}
	if p.mayContain = m.mayContain; p.neverAll() {
		return byBloom, nil
	}
	never, err := s.neverInDictionaries(cold)
	if err != nil {
		return notSkipped, err
	}
	if never {
		return byDictionary, nil
	}
	if n := ranges[0]; len(ranges) > 1 || n.Lo > 0 || n.Hi < cold.n {
		cold.narrow(ranges)
	}
	return notSkipped, nil
}

// pruner asks of conditions whether they can be true of some row that statistics describe.
type pruner struct {
	table      *Table
	stats      func(col int) zone
	mayContain func(col int, value *vec.Vec) bool // nil while bloom filters are not asked
	zone       *time.Location
}

// neverAll tells whether some condition of the table is never true.
func (p *pruner) neverAll() bool {
	for _, c := range p.table.Conds {
		if p.never(c) {
			return true
		}
	}
	return false
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
	z := p.stats(col)
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
	if col < 0 || e.Negated || e.Len() > 64 || len(e.List) != e.Len() {
		return false
	}
	z := p.stats(col)
	for _, c := range e.List {
		if !c.IsNull() && !z.outside(c.V) && (p.mayContain == nil || p.mayContain(col, c.V)) {
			return false
		}
	}
	return true
}

// mirrored gives the operator with its sides exchanged.
var mirrored = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// comparison takes a call of an operator apart that has a column of type t on its left and a constant on its right, or mirrored; value is nil when it is
// something else.
func (p *pruner) comparison(e *exprs.Call) (op string, col int, value *vec.Vec, t arrowschema.Type) {
	if len(e.Args) != 2 || e.Fn.NotStrict {
		return "", 0, nil, t
	}
	op, left, right := e.Fn.Name, e.Args[0], e.Args[1]
	if _, ok := left.(*exprs.Const); ok {
		if op, ok = mirrored[op]; !ok {
			return "", 0, nil, t
		}
		left, right = right, left
	}
	if col = p.column(left); col < 0 {
		return "", 0, nil, t
	}
	return op, col, constantOf(right), left.Type()
}

func (p *pruner) neverCall(e *exprs.Call) bool {
	op, col, value, t := p.comparison(e)
	if value == nil {
		return false
	}
	if value.NullConst() {
		return true // a comparison with NULL is NULL
	}
	if op == "~~" {
		return p.neverLike(col, value.Strs[0])
	}
	if value = p.comparable(value, t); value == nil {
		return false
	}
	return p.neverCompares(col, op, value)
}

func (p *pruner) neverCompares(col int, op string, value *vec.Vec) bool {
	z := p.stats(col)
	if z.nulls == z.rows {
		return true
	}
	switch op {
	case "=":
		return z.outside(value) || p.mayContain != nil && !p.mayContain(col, value)
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
	z := p.stats(col)
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

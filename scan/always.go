package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// always tells whether a condition is true of every row that the statistics describe, provably.
func (p *pruner) always(e exprs.Expr) bool {
	switch e := e.(type) {
	case *exprs.And:
		for _, a := range e.Args {
			if !p.always(a) {
				return false
			}
		}
		return true
	case *exprs.Or:
		for _, a := range e.Args {
			if p.always(a) {
				return true
			}
		}
		return false
	case *exprs.IsNull:
		col := p.column(e.Arg)
		if col < 0 {
			return false
		}
		z := p.stats(col)
		if e.Negated {
			return z.nulls == 0
		}
		return z.nulls == z.rows
	case *exprs.Call:
		return p.alwaysCall(e)
	}
	return false
}

func (p *pruner) alwaysCall(e *exprs.Call) bool {
	op, col, value, t := p.comparison(e)
	if value == nil || value.NullConst() {
		return false
	}
	if value = p.comparable(value, t); value == nil {
		return false
	}
	z := p.stats(col)
	if z.nulls != 0 || z.min == nil || z.max == nil || z.min.Type.Physical() != value.Type.Physical() {
		return false
	}
	low, high := vec.Compare(z.min, 0, value, 0), vec.Compare(z.max, 0, value, 0)
	switch op {
	case "=":
		return low == 0 && high == 0
	case "<":
		return high < 0
	case "<=":
		return high <= 0
	case ">":
		return low > 0
	case ">=":
		return low >= 0
	}
	return false
}

package scan

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// An aggregation of a whole table that asks only for numbers of rows, and for the smallest and largest values of columns that are held as integers, is
// answered from what statistics say of each morsel: of integers they are exact. Morsels with dead rows, and those of which something is not known, are read.

// zoneFold is such an aggregation.
type zoneFold struct {
	plan  *Aggregate
	table *Table
	cols  []int // the output column that each aggregate reads, -1 for none
}

// foldsZones tells whether an aggregation can be answered so.
func (a *Aggregate) foldsZones(env *Env) (*zoneFold, bool) {
	table, ok := a.Input.(*Table)
	if !ok || env.NoPruning || len(a.Groups) > 0 || len(table.Conds) > 0 || table.hint != nil || len(a.Aggs) == 0 {
		return nil, false
	}
	f := &zoneFold{plan: a, table: table}
	for _, c := range a.Aggs {
		if c.Distinct || c.Filter != nil || c.Agg.Ordered || len(c.Args) > 1 {
			return nil, false
		}
		at := -1
		if len(c.Args) == 1 {
			col, ok := c.Args[0].(*exprs.Column)
			if !ok || col.Index >= len(table.Cols) {
				return nil, false
			}
			at = col.Index
		}
		switch c.Agg.Name {
		case "count":
		case "min", "max":
			if at < 0 || c.Args[0].Type().Physical() != arrowschema.Ints {
				return nil, false
			}
		default:
			return nil, false
		}
		f.cols = append(f.cols, at)
	}
	return f, true
}

// add adds a morsel if statistics answer all that is asked of it.
func (f *zoneFold) add(m morsel, w *aggWorker) bool {
	if !m.allLive() {
		return false
	}
	zones := make([]zone, len(f.cols))
	for i, c := range f.cols {
		if c < 0 {
			continue
		}
		z := m.stats(f.table.Cols[c])
		if z.nulls < 0 || z.rows != int64(m.rows()) {
			return false
		}
		extreme := z.min
		if f.plan.Aggs[i].Agg.Name == "max" {
			extreme = z.max
		}
		if f.plan.Aggs[i].Agg.Name != "count" && z.nulls < z.rows && !exact(extreme) {
			return false
		}
		zones[i] = z
	}
	for i := range w.calls {
		if w.calls[i].fold(m.rows(), f.cols[i] >= 0, zones[i]) != nil {
			return false
		}
	}
	return true
}

// exact tells whether a bound is a value that is there. The ends of the range may stand for one another: infinite times are stored in more ways than one.
func exact(bound *vec.Vec) bool {
	if bound == nil || bound.Type.Physical() != arrowschema.Ints {
		return false
	}
	x := bound.Ints[0]
	return x != math.MinInt64 && x != math.MaxInt64
}

// fold adds what statistics say of a morsel to an aggregate.
func (c *aggCall) fold(rows int, column bool, z zone) error {
	switch {
	case !column:
		return c.state.Update(nil, nil, rows)
	case z.nulls == z.rows:
		return nil
	case c.plan.Agg.Name == "count":
		n := int(z.rows - z.nulls)
		return c.state.Update(nil, []*vec.Vec{vec.NewConst(arrowschema.Bool, true, n)}, n)
	case c.plan.Agg.Name == "min":
		return c.state.Update(nil, []*vec.Vec{z.min}, 1)
	default:
		return c.state.Update(nil, []*vec.Vec{z.max}, 1)
	}
}

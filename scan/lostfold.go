package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// lostFold is an aggregation without groups that asks for numbers of rows, and for the smallest and largest values of columns: of files that are lost the
// manifest answers, or the other rows have a value that no row of the file can be beyond.
type lostFold struct {
	plan  *Aggregate
	table *Table
	cols  []int // the table's column that each aggregate reads, -1 for none
	lost  []lostFile
	open  []lostBound
}

// lostBound is a value that an aggregate must reach, else the lost file may have a better one.
type lostBound struct {
	call  int
	bound *vec.Vec
	err   error
}

// foldsLost tells whether the shape of an aggregation allows it to do without files that are lost; nil when it does not.
func (a *Aggregate) foldsLost(env *Env) *lostFold {
	table, ok := a.Input.(*Table)
	if !ok || env.NoPruning || a.Grouped || len(a.Groups) > 0 || table.hint != nil || !table.failsNowhere() {
		return nil
	}
	f := &lostFold{plan: a, table: table}
	for _, c := range a.Aggs {
		at := -1
		if len(c.Args) == 1 {
			if col, ok := c.Args[0].(*exprs.Column); ok && col.Index < len(table.Cols) {
				at = table.Cols[col.Index]
			}
		}
		extreme := c.Agg.Name == "min" || c.Agg.Name == "max"
		if c.Distinct || c.Filter != nil || c.Agg.Ordered || at < 0 && (extreme || len(c.Args) > 0) || !extreme && c.Agg.Name != "count" {
			return nil
		}
		f.cols = append(f.cols, at)
	}
	table.lost = &f.lost
	return f
}

// add adds to a worker what the manifest says of the lost files, and takes note of what the other rows must settle.
func (f *lostFold) add(env *Env, w *aggWorker) error {
	for _, l := range f.lost {
		p := &pruner{table: f.table, zone: env.Eval.Zone, stats: func(col int) zone { return f.table.lostZone(l.ref, col) }}
		passes := true // all of its rows
		for _, c := range f.table.Conds {
			passes = passes && p.always(c)
		}
		for i, col := range f.cols {
			if !f.addCall(w, i, col, l, passes) {
				return l.err
			}
		}
	}
	return nil
}

// addCall does so for one aggregate; false when nothing is known.
func (f *lostFold) addCall(w *aggWorker, i, col int, l lostFile, passes bool) bool {
	c, z := &w.calls[i], zone{}
	if col >= 0 {
		z = f.table.lostZone(l.ref, col)
	}
	if c.plan.Agg.Name == "count" {
		z.rows = l.ref.LiveRows()
		return passes && z.nulls == 0 && c.fold(int(z.rows), col >= 0, z) == nil
	}
	bound := z.min
	if c.plan.Agg.Name == "max" {
		bound = z.max
	}
	if bound == nil || bound.Type.Physical() != arrowschema.Ints {
		return false
	}
	if passes && l.ref.LiveRows() == l.ref.Rows && exact(bound) {
		return c.state.Update(nil, []*vec.Vec{bound}, 1) == nil
	}
	f.open = append(f.open, lostBound{call: i, bound: bound, err: l.err})
	return true
}

// settled gives the error of a file that may have changed the result.
func (f *lostFold) settled(result *vec.Batch) error {
	for _, o := range f.open {
		v := result.Cols[o.call]
		if v.IsNull(0) {
			return o.err
		}
		c := vec.Compare(v, 0, o.bound, 0)
		if f.plan.Aggs[o.call].Agg.Name == "max" && c < 0 || f.plan.Aggs[o.call].Agg.Name == "min" && c > 0 {
			return o.err
		}
	}
	return nil
}

package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/aggregates"
	"github.com/stoadb/stoa/exprs/vec"
)

// tallied is the aggregates of one input that are updated together.
type tallied struct {
	aggregates.Tally
	input  int
	scaled bool // they take the input in scaled form
	done   bool // with the batch at hand
}

// tally finds the aggregates that can be updated together. Those with FILTER or DISTINCT see other rows than the rest.
func (w *aggWorker) tally() {
	for at := range w.inputs {
		for _, scaled := range []bool{false, true} {
			t := &tallied{input: at, scaled: scaled}
			var calls []*aggCall
			for i := range w.calls {
				c := &w.calls[i]
				if c.plain() && len(c.args) == 1 && c.args[0] == at && w.takesScaled(c) == scaled && t.Include(c.state, scaled) {
					calls = append(calls, c)
				}
			}
			if t.Useful() {
				w.adopt(t, calls)
			}
		}
	}
}

// adopt has some aggregates updated by t, and the counts of rows if they are not yet by another.
func (w *aggWorker) adopt(t *tallied, calls []*aggCall) {
	for i := range w.calls {
		if c := &w.calls[i]; c.plain() && len(c.args) == 0 && c.tallied == nil && t.IncludeRows(c.state) {
			calls = append(calls, c)
		}
	}
	for _, c := range calls {
		c.tallied = t
	}
	w.tallies = append(w.tallies, t)
}

// plain tells whether an aggregate sees all rows.
func (c *aggCall) plain() bool { return c.plan.Filter == nil && c.distinct == nil }

// takesScaled tells whether an aggregate of one argument takes its scaled form.
func (w *aggWorker) takesScaled(c *aggCall) bool {
	_, ok := c.state.(exprs.ScaledState)
	return ok && w.inputs[c.args[0]].scaled != nil
}

// updateTallies adds a batch to the aggregates that are updated together, where it has the form for it.
func (w *aggWorker) updateTallies(groups []uint32, keep []uint8, n int) (err error) {
	for _, t := range w.tallies {
		in := &w.inputs[t.input]
		var v *vec.Vec
		scale := 0
		if v = in.v; t.scaled {
			v, scale = in.integers, in.scaled.Scale
		}
		if t.done = false; v == nil {
			continue
		}
		if w.table != nil {
			t.Grow(w.table.size())
		}
		if t.done, err = t.Add(groups, keep, v, scale, n); err != nil {
			return err
		}
	}
	return nil
}

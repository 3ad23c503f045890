package scan

import "github.com/stoadb/stoa/arrowschema"

// What a worker's tables that log their keys need: when they begin to, and when they are settled.

// smallState is the number of bytes that the states of a group may take on average where each row is to be one.
const smallState = 96

// chooseLogs makes tables log their keys once nearly all of n rows, of which keep leaves some out, bring new groups, and settles those that are long.
func (w *aggWorker) chooseLogs(n int, keep []uint8) error {
	if t := w.table; t != nil {
		switch {
		case t.long(w.env.Memory):
			return w.settle()
		case t.brings(n, keep) && w.mayLog():
			return w.beginLog(t)
		}
		return nil
	}
	for i := range w.calls {
		d := w.calls[i].distinct
		if d == nil {
			continue
		}
		switch t := d.table; {
		case t.long(w.env.Memory):
			u, err := t.settle(w.env)
			w.env.Memory.Release(u.bytes)
			if err != nil {
				return err
			}
		case t.brings(n, keep):
			if err := w.beginLog(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayLog tells whether the aggregates may see each row as a group of its own, to be merged later: that takes little memory, and gives the same.
func (w *aggWorker) mayLog() bool {
	bytes := int64(0)
	for i := range w.calls {
		c := &w.calls[i]
		if c.distinct != nil || c.shares || c.plan.Agg.Ordered {
			return false
		}
		for _, e := range c.plan.Args {
			if e.Type().Physical() == arrowschema.Floats { // merged, they are rounded in another way
				return false
			}
		}
		bytes += c.state.Bytes()
	}
	return bytes <= smallState*int64(w.table.size())
}

// beginLog makes a table log its keys.
func (w *aggWorker) beginLog(t *groupTable) error {
	if err := w.env.Memory.Spare(t.valueBytes()); err != nil {
		return err
	}
	t.beginLog()
	return nil
}

// settle has the groups of rows with equal keys merged.
func (w *aggWorker) settle() error {
	rows := w.table.size()
	u, err := w.table.settle(w.env)
	defer w.env.Memory.Release(u.bytes)
	if err != nil {
		return err
	}
	for i := range w.calls {
		c := &w.calls[i]
		own := c.state
		if err := w.env.Memory.Spare(own.Bytes()); err != nil {
			return err
		}
		w.begin(c)
		c.tallied = nil
		c.state.Grow(u.size())
		own.Grow(rows)
		if err := c.state.Merge(own, u.into[0]); err != nil {
			return err
		}
	}
	w.tallies = nil
	w.tally()
	return w.account()
}

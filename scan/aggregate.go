package scan

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// AggCall is one aggregate to compute.
type AggCall struct {
	Agg      *exprs.Aggregate
	Args     []exprs.Expr
	Distinct bool
	Filter   exprs.Expr // nil when there is none
}

// Aggregate groups its input and computes aggregates. Its output is the group expressions and then the aggregates, groups in the order of their first rows.
// Without Grouped it gives exactly one row. Each worker aggregates into a table of its own; the tables are merged at the end.
type Aggregate struct {
	Input   Source
	Groups  []exprs.Expr
	Aggs    []AggCall
	Grouped bool
}

// Open implements Source.
func (a *Aggregate) Open(env *Env, _ int) ([]Stream, error) {
	done := false
	var out Stream
	var held int64
	return []Stream{streamFunc(func() (*vec.Batch, error) {
		if !done {
			done = true
			b, err := a.compute(env)
			if err != nil {
				return nil, err
			}
			held = Bytes(b)
			if err := env.Memory.Reserve(held); err != nil {
				return nil, err
			}
			out = chop(b, env.BatchRows)
		}
		b, err := out.Next()
		if b == nil {
			env.Memory.Release(held)
			held = 0
		}
		return b, err
	})}, nil
}

// workers gives the number of workers: one where the result depends on the order of the rows, since rows in order come to one worker only.
func (a *Aggregate) workers(env *Env) int {
	for _, c := range a.Aggs {
		if c.Agg.Ordered || c.Distinct && len(c.Args) > 0 && c.Args[0].Type().Physical() == arrowschema.Floats { // a sum of floats rounds by their order
			return 1
		}
	}
	return env.Workers
}

// reads says what is done with the input.
func (a *Aggregate) reads() reading {
	es := slices.Clone(a.Groups)
	for _, c := range a.Aggs {
		for _, arg := range c.Args {
			if c.Agg.Name == "count" && !c.Distinct {
				arg = &exprs.IsNull{Arg: arg} // all that it asks
			}
			es = append(es, arg)
		}
		if c.Filter != nil {
			es = append(es, c.Filter)
		}
	}
	r := readingOf(es)
	r.grouped = len(a.Groups) > 0
	return r
}

// compute runs the aggregation.
func (a *Aggregate) compute(env *Env) (*vec.Batch, error) {
	first, lost := a.worker(env), a.foldsLost(env)
	streams, err := a.open(env, first)
	if err == nil && lost != nil {
		err = lost.add(env, first)
	}
	if err != nil {
		return nil, err
	}
	states := make([]*aggWorker, len(streams))
	states[0] = first
	for i := range states[1:] {
		states[i+1] = a.worker(env)
	}
	defer func() {
		for _, w := range states {
			env.Memory.Release(w.reserved)
			if w.ctx != nil {
				w.ctx.Release()
			}
		}
	}()
	if err := env.eachMasked(streams, a.reads(), func(i int, b *vec.Batch, keep []uint8) error { return states[i].add(b, keep) }); err != nil {
		return nil, err
	}
	if err := first.merge(states[1:]); err != nil {
		return nil, err
	}
	out, err := first.result()
	if err == nil && lost != nil {
		err = lost.settled(out)
	}
	return out, err
}

// open opens the input, less what first was given already.
func (a *Aggregate) open(env *Env, first *aggWorker) ([]Stream, error) {
	if f := a.folds(env); f != nil {
		return f.open(env, first)
	}
	return a.Input.Open(env, a.workers(env))
}

// result gives groups and aggregates.
func (w *aggWorker) result() (*vec.Batch, error) {
	out := &vec.Batch{N: 1} // GROUP BY () is one group, even of no rows
	var order []int32
	if w.union != nil {
		out.N = w.union.size()
		var err error
		if order, err = w.union.order(w.env); err != nil {
			return nil, err
		}
		if out.Cols, err = w.union.columns(w.env, order); err != nil {
			return nil, err
		}
		out.Cols = slices.Clip(out.Cols) // they may be the union's
	}
	for i := range w.calls {
		c := &w.calls[i]
		c.state.Grow(out.N)
		if c.distinct != nil {
			if err := c.distinct.feed(w.env, c.state); err != nil {
				return nil, err
			}
		}
		v, err := c.state.Result(0, out.N)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, v)
	}
	if order == nil {
		return out, nil
	}
	if err := w.env.Memory.Spare(Bytes(out) + 8*int64(out.N)); err != nil {
		return nil, err
	}
	aggs := out.Cols[len(out.Cols)-len(w.calls):]
	return out, w.env.tasks(len(aggs), func(i int) error {
		aggs[i] = aggs[i].Gather(order)
		return nil
	})
}

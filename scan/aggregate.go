package scan

import (
	"cmp"
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
	workers := env.Workers
	for _, c := range a.Aggs {
		if c.Distinct || c.Agg.Ordered {
			workers = 1 // the values already seen are known to one worker only; rows in order come to one worker only
		}
	}
	done := false
	var out Stream
	return []Stream{streamFunc(func() (*vec.Batch, error) {
		if !done {
			done = true
			b, err := a.compute(env, workers)
			if err != nil {
				return nil, err
			}
			out = chop(b, env.BatchRows)
		}
		return out.Next()
	})}, nil
}

// compute runs the aggregation.
func (a *Aggregate) compute(env *Env, workers int) (*vec.Batch, error) {
	streams, err := a.Input.Open(env, workers)
	if err != nil {
		return nil, err
	}
	states := make([]*aggWorker, len(streams))
	for i := range states {
		states[i] = a.worker(env)
	}
	defer func() {
		for _, w := range states {
			env.Memory.Release(w.reserved)
		}
	}()
	if err := env.each(streams, func(i int, b *vec.Batch) error { return states[i].add(b) }); err != nil {
		return nil, err
	}
	total := states[0]
	for _, w := range states[1:] {
		if err := total.merge(w); err != nil {
			return nil, err
		}
	}
	return total.result()
}

// aggWorker is the aggregation of one worker.
type aggWorker struct {
	plan     *Aggregate
	env      *Env
	ctx      *exprs.Ctx
	table    *groupTable // nil when there are no group expressions
	states   []exprs.State
	seen     []map[string]struct{} // of a DISTINCT aggregate: group and value
	seenSize int64                 // of seen, in bytes
	reserved int64
}

func (a *Aggregate) worker(env *Env) *aggWorker {
	w := &aggWorker{plan: a, env: env, ctx: env.Eval.Fork(), seen: make([]map[string]struct{}, len(a.Aggs))}
	if len(a.Groups) > 0 {
		types := make([]arrowschema.Type, len(a.Groups))
		for i, g := range a.Groups {
			types[i] = g.Type()
		}
		w.table = newGroupTable(types)
	}
	for i, c := range a.Aggs {
		s := c.Agg.New()
		if w.table == nil {
			s.Grow(1)
		}
		if c.Distinct {
			w.seen[i] = map[string]struct{}{}
		}
		w.states = append(w.states, s)
	}
	return w
}

// add aggregates a batch.
func (w *aggWorker) add(b *vec.Batch) error {
	var groups []uint32
	if w.table != nil {
		keys := make([]*vec.Vec, len(w.plan.Groups))
		for i, g := range w.plan.Groups {
			v, err := g.Eval(w.ctx, b)
			if err != nil {
				return err
			}
			keys[i] = v
		}
		groups = w.table.lookup(b, keys)
	}
	for i := range w.plan.Aggs {
		if err := w.update(i, b, groups); err != nil {
			return err
		}
	}
	return w.account()
}

// update adds a batch to one aggregate.
func (w *aggWorker) update(i int, b *vec.Batch, groups []uint32) error {
	call := &w.plan.Aggs[i]
	if w.table != nil {
		w.states[i].Grow(w.table.size())
	}
	if call.Filter != nil {
		v, err := call.Filter.Eval(w.ctx, b)
		if err != nil {
			return err
		}
		sel := exprs.Selection(v, nil)
		b, groups = b.Gather(sel), gatherGroups(groups, sel)
	}
	if b.N == 0 {
		return nil
	}
	args := make([]*vec.Vec, len(call.Args))
	for j, a := range call.Args {
		v, err := a.Eval(w.ctx, b)
		if err != nil {
			return err
		}
		args[j] = v
	}
	n := b.N
	if call.Distinct {
		sel := w.unseen(i, args, groups, n)
		for j := range args {
			args[j] = args[j].Gather(sel)
		}
		groups, n = gatherGroups(groups, sel), len(sel)
	}
	return w.states[i].Update(groups, args, n)
}

func gatherGroups(groups []uint32, sel []int32) []uint32 {
	if groups == nil {
		return nil
	}
	out := make([]uint32, len(sel))
	for i, r := range sel {
		out[i] = groups[r]
	}
	return out
}

// unseen gives the rows whose value the aggregate's group has not had yet.
func (w *aggWorker) unseen(i int, args []*vec.Vec, groups []uint32, n int) []int32 {
	var sel []int32
	var key []byte
	for r := 0; r < n; r++ {
		g := uint32(0)
		if groups != nil {
			g = groups[r]
		}
		key = append(key[:0], byte(g), byte(g>>8), byte(g>>16), byte(g>>24))
		for _, a := range args {
			key = vec.AppendKey(key, a, r)
		}
		if _, ok := w.seen[i][string(key)]; ok {
			continue
		}
		w.seen[i][string(key)] = struct{}{}
		w.seenSize += int64(len(key)) + 48
		sel = append(sel, int32(r))
	}
	return sel
}

// account keeps the memory budget up to date.
func (w *aggWorker) account() error {
	bytes := w.seenSize
	if w.table != nil {
		bytes += w.table.bytes
	}
	for _, s := range w.states {
		bytes += s.Bytes()
	}
	if grown := bytes - w.reserved; grown > 1<<16 {
		w.reserved = bytes
		return w.env.Memory.Reserve(grown)
	}
	return nil
}

// merge adds the groups of another worker.
func (w *aggWorker) merge(other *aggWorker) error {
	into := []uint32{0}
	if w.table != nil {
		var err error
		if into, err = w.table.merge(w.env, other.table); err != nil {
			return err
		}
	}
	for i, s := range w.states {
		if w.table != nil {
			s.Grow(w.table.size())
		}
		if err := s.Merge(other.states[i], into); err != nil {
			return err
		}
	}
	return nil
}

// result gives groups and aggregates.
func (w *aggWorker) result() (*vec.Batch, error) {
	n := 1
	if w.table != nil {
		n = w.table.size()
	}
	if w.plan.Grouped && w.table == nil {
		n = 1 // GROUP BY () is one group, even of no rows
	}
	out := &vec.Batch{N: n}
	if w.table != nil {
		for _, v := range w.table.values {
			out.Cols = append(out.Cols, v.Vec())
		}
	}
	for _, s := range w.states {
		s.Grow(n)
		v, err := s.Result(0, n)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, v)
	}
	if w.table == nil || slices.IsSorted(w.table.first) {
		return out, nil
	}
	return w.inOrder(out)
}

// inOrder puts the groups in the order in which they were first seen.
func (w *aggWorker) inOrder(b *vec.Batch) (*vec.Batch, error) {
	order := make([]int32, b.N)
	for i := range order {
		order[i] = int32(i)
	}
	order, err := w.env.sortRows(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(w.table.first[x], w.table.first[y]), cmp.Compare(x, y))
	})
	if err != nil {
		return nil, err
	}
	out := &vec.Batch{N: b.N, Cols: make([]*vec.Vec, len(b.Cols))}
	return out, w.env.tasks(len(b.Cols), func(i int) error {
		out.Cols[i] = b.Cols[i].Gather(order)
		return nil
	})
}

package scan

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// aggWorker is the aggregation of one worker.
type aggWorker struct {
	env      *Env
	ctx      *exprs.Ctx
	table    *groupTable // nil when there are no group expressions
	union    *groupUnion // of the tables of all workers, when they are done
	calls    []aggCall
	reserved int64
	ahead    int64 // reserved for what the tables may take next

	inputs []aggInput // the expressions of groups and arguments, each once
	keys   []int      // the inputs of the groups
	keyRow []*vec.Vec
	pass   passes

	tallies []*tallied
}

// aggInput is an expression that groups or aggregates read, and what it is in the batch at hand.
type aggInput struct {
	expr   exprs.Expr
	scaled *exprs.Scaled // nil when nobody takes it in scaled form
	lazy   bool          // read by calls with a FILTER alone: it may fail on rows that none of them sees

	v         *vec.Vec // nil when it failed, or only its scaled form was computed
	integers  *vec.Vec // the scaled form, nil when there is none
	wantValue bool     // somebody reads it as it is
}

// aggCall is one aggregate of a worker.
type aggCall struct {
	plan     *AggCall
	state    exprs.State
	args     []int // inputs
	row      []*vec.Vec
	distinct *distinctRows // nil without DISTINCT
	groups   []uint32      // of the rows that pass the FILTER
	keep     []uint8
	tallied  *tallied // what updates it together with others; nil when nothing does
	shares   bool     // another call keeps the values for it
}

func (a *Aggregate) worker(env *Env) *aggWorker {
	w := &aggWorker{env: env, ctx: env.Eval.Fork()}
	w.calls = make([]aggCall, len(a.Aggs))
	var types []arrowschema.Type
	for _, g := range a.Groups {
		types = append(types, g.Type())
		at := w.input(g, false)
		w.inputs[at].wantValue = true
		w.keys = append(w.keys, at)
	}
	if len(types) > 0 {
		w.table = newGroupTable(types)
	}
	for i := range w.calls {
		w.call(&w.calls[i], &a.Aggs[i])
	}
	w.tally()
	w.share()
	return w
}

// call prepares an aggregate.
func (w *aggWorker) call(c *aggCall, plan *AggCall) {
	c.plan = plan
	w.begin(c)
	if w.table == nil {
		c.state.Grow(1)
	}
	for _, e := range plan.Args {
		c.args = append(c.args, w.input(e, plan.Filter != nil))
	}
	c.row = make([]*vec.Vec, len(c.args))
	if plan.Distinct {
		c.distinct = newDistinctRows(plan.Args, w.table != nil)
	}
	if _, ok := c.state.(exprs.ScaledState); ok && len(c.args) == 1 && !plan.Distinct {
		in := &w.inputs[c.args[0]]
		if in.scaled == nil {
			in.scaled, ok = exprs.ScaledOf(in.expr)
		}
		if ok {
			return
		}
	}
	for _, at := range c.args {
		w.inputs[at].wantValue = true
	}
}

// begin gives an aggregate a state that has seen nothing.
func (w *aggWorker) begin(c *aggCall) {
	c.state = c.plan.Agg.New()
	if s, ok := c.state.(exprs.Guarded); ok {
		s.Guard(w.ctx)
	}
}

// input gives the place of an expression among the inputs.
func (w *aggWorker) input(e exprs.Expr, lazy bool) int {
	at := slices.IndexFunc(w.inputs, func(in aggInput) bool { return exprs.Equal(in.expr, e) })
	if at < 0 {
		at = len(w.inputs)
		w.inputs = append(w.inputs, aggInput{expr: e, lazy: lazy})
	}
	w.inputs[at].lazy = w.inputs[at].lazy && lazy
	return at
}

// add aggregates the rows of a batch that keep does not leave out.
func (w *aggWorker) add(b *vec.Batch, keep []uint8) error {
	w.ctx.Recycle()
	if err := w.evaluate(b); err != nil {
		if keep == nil {
			return err
		}
		// A row that is left out may be what failed.
		b, keep = b.Gather(selected(keep, count(keep), 0)), nil
		if err := w.evaluate(b); err != nil {
			return err
		}
	}
	if w.longKeys() && b.N > longPart {
		return w.addParts(b, keep)
	}
	if err := w.lookAhead(b.N); err != nil {
		return err
	}
	var groups []uint32
	if w.table != nil {
		w.keyRow = w.keyRow[:0]
		for _, at := range w.keys {
			w.keyRow = append(w.keyRow, w.inputs[at].v)
		}
		groups = w.table.lookup(b.N, b.Ord, w.keyRow, keep)
	}
	if err := w.updateTallies(groups, keep, b.N); err != nil {
		return err
	}
	for i := range w.calls {
		if t := w.calls[i].tallied; t != nil && t.done || w.calls[i].shares {
			continue
		}
		if err := w.update(&w.calls[i], b, groups, keep); err != nil {
			return err
		}
	}
	if err := w.account(); err != nil {
		return err
	}
	return w.chooseLogs(b.N, keep)
}

const (
	// longKey is the mean length in bytes from which the texts of a key count as long: hashing and keeping a batch of them takes longer than a query may go on
	// after it was cancelled.
	longKey = 1024
	// longPart is the number of rows with long keys that are grouped between two looks at the context.
	longPart = 512
)

// longKeys tells from a few of them whether the texts of the keys are long.
func (w *aggWorker) longKeys() bool {
	for _, at := range w.keys {
		texts, bytes, seen := w.inputs[at].v.Strs, 0, 0
		for i := 0; i < len(texts); i += 128 {
			bytes, seen = bytes+len(texts[i]), seen+1
		}
		if bytes > seen*longKey {
			return true
		}
	}
	return false
}

// addParts aggregates a batch in parts.
func (w *aggWorker) addParts(b *vec.Batch, keep []uint8) error {
	for lo := 0; lo < b.N; lo += longPart {
		if err := w.env.cancelled(); err != nil {
			return err
		}
		hi, part := min(lo+longPart, b.N), keep
		if keep != nil {
			part = keep[lo:hi]
		}
		if err := w.add(b.Slice(lo, hi), part); err != nil {
			return err
		}
	}
	return nil
}

// evaluate computes the inputs.
func (w *aggWorker) evaluate(b *vec.Batch) error {
	for i := range w.inputs {
		if err := w.inputs[i].evaluate(w.ctx, b); err != nil && !w.inputs[i].lazy {
			return err
		}
	}
	return nil
}

func (in *aggInput) evaluate(ctx *exprs.Ctx, b *vec.Batch) (err error) {
	in.v, in.integers = nil, nil
	if in.scaled != nil {
		v, ok, err := in.scaled.Eval(ctx, b)
		if err != nil {
			return err
		}
		if ok {
			in.integers = v
		}
	}
	if in.wantValue || in.integers == nil {
		in.v, err = in.expr.Eval(ctx, b)
	}
	return err
}

// update adds a batch to one aggregate. Of groups, rows of noGroup are left out; without groups, those at which keep is 0.
func (w *aggWorker) update(c *aggCall, b *vec.Batch, groups []uint32, keep []uint8) error {
	if w.table != nil {
		c.state.Grow(w.table.size())
	}
	if c.plan.Filter != nil {
		passed, exact, err := w.filter(c, b, groups, keep)
		if err != nil || exact {
			return err
		}
		groups, keep = c.filtered(groups, keep, passed)
	}
	if c.distinct == nil && len(c.args) == 1 {
		if in := &w.inputs[c.args[0]]; in.integers != nil {
			if s, ok := c.state.(exprs.ScaledState); ok && s.UpdateScaled(groups, keep, in.integers, in.scaled.Scale, b.N) {
				return nil
			}
		}
	}
	for i, at := range c.args {
		in := &w.inputs[at]
		if in.v == nil {
			v, err := in.expr.Eval(w.ctx, b)
			if err != nil {
				return err
			}
			in.v = v
		}
		c.row[i] = in.v
	}
	return c.add(groups, keep, c.row, b.N)
}

// filter evaluates the FILTER of an aggregate for all rows. Should that, or an argument, fail, it is done again for the rows that count, and so is the
// update: exact then says that nothing is left to do.
func (w *aggWorker) filter(c *aggCall, b *vec.Batch, groups []uint32, keep []uint8) (passed []uint8, exact bool, err error) {
	v, err := c.plan.Filter.Eval(w.ctx, b)
	for _, at := range c.args {
		if in := &w.inputs[at]; in.v == nil && in.integers == nil {
			err = errInternal("an argument failed")
		}
	}
	if err != nil {
		return nil, true, w.updateExact(c, b, groups, keep)
	}
	if cap(c.keep) < b.N {
		c.keep = make([]uint8, b.N)
	}
	passed = c.keep[:b.N]
	for i := range passed {
		passed[i] = 1
	}
	w.pass.narrow(passed, v)
	return passed, false, nil
}

// updateExact evaluates filter and arguments on those rows alone for which they are meant.
func (w *aggWorker) updateExact(c *aggCall, b *vec.Batch, groups []uint32, keep []uint8) error {
	if sel := kept(groups, keep, b.N); len(sel) < b.N {
		b, groups = b.Gather(sel), gatherGroups(groups, sel)
	}
	v, err := c.plan.Filter.Eval(w.ctx, b)
	if err != nil {
		return err
	}
	sel := exprs.Selection(v, nil)
	if len(sel) == 0 {
		return nil
	}
	b, groups = b.Gather(sel), gatherGroups(groups, sel)
	for i, e := range c.plan.Args {
		if c.row[i], err = e.Eval(w.ctx, b); err != nil {
			return err
		}
	}
	return c.add(groups, nil, c.row, b.N)
}

// filtered joins a mask to groups, or to the mask there is.
func (c *aggCall) filtered(groups []uint32, keep, passed []uint8) ([]uint32, []uint8) {
	for i, k := range keep {
		passed[i] &= k
	}
	if groups == nil {
		return nil, passed
	}
	c.groups = c.groups[:0]
	for i, g := range groups {
		c.groups = append(c.groups, g|(uint32(passed[i])-1))
	}
	return c.groups, passed
}

// add adds rows to the state, or to the distinct rows. keep is nil when no row is left out.
func (c *aggCall) add(groups []uint32, keep []uint8, args []*vec.Vec, n int) error {
	if c.distinct != nil {
		c.distinct.add(groups, keep, args, n)
		return nil
	}
	if keep == nil {
		return c.state.Update(groups, args, n)
	}
	if s, ok := c.state.(exprs.FilteredState); ok {
		return s.UpdateFiltered(groups, keep, args, n)
	}
	sel := kept(groups, keep, n)
	if len(sel) == 0 {
		return nil
	}
	for i, a := range args {
		args[i] = a.Gather(sel)
	}
	return c.state.Update(gatherGroups(groups, sel), args, len(sel))
}

// kept gives the rows that are not left out.
func kept(groups []uint32, keep []uint8, n int) []int32 {
	sel := make([]int32, 0, n)
	for i := range n {
		if groups != nil && groups[i] == noGroup || groups == nil && keep != nil && keep[i] == 0 {
			continue
		}
		sel = append(sel, int32(i))
	}
	return sel
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

// account keeps the memory budget up to date.
func (w *aggWorker) account() error {
	bytes := int64(0)
	if w.table != nil {
		bytes = w.table.bytes()
	}
	defer func() {
		w.env.Memory.Release(w.ahead)
		w.ahead = 0
	}()
	for i := range w.calls {
		bytes += w.calls[i].state.Bytes()
		if d := w.calls[i].distinct; d != nil {
			bytes += d.table.bytes()
		}
	}
	if grown := bytes - w.reserved; max(grown, -grown) > 1<<16 {
		w.reserved = bytes
		return w.env.Memory.Reserve(grown)
	}
	return nil
}

// merge adds the groups of other workers, whose tables stay in use, and makes the union that result reads.
func (w *aggWorker) merge(others []*aggWorker) error {
	if w.table != nil {
		tables := []*groupTable{w.table}
		for _, o := range others {
			tables = append(tables, o.table)
		}
		var err error
		w.union, err = w.env.unite(tables)
		if w.reserved += w.union.bytes; err != nil {
			return err
		}
	}
	for i := range w.calls {
		if err := w.mergeCall(i, others); err != nil {
			return err
		}
	}
	return nil
}

// mergeCall adds what other workers have of an aggregate.
func (w *aggWorker) mergeCall(i int, others []*aggWorker) error {
	c := &w.calls[i]
	if c.distinct != nil {
		parts := make([]*distinctRows, len(others))
		for j, o := range others {
			parts[j] = o.calls[i].distinct
		}
		held, err := c.distinct.merge(w.env, parts, w.union)
		w.reserved += held
		return err
	}
	before := c.state.Bytes()
	if w.union != nil && w.union.into[0] != nil {
		own := c.state
		w.begin(c)
		before = 0
		if err := w.mergeState(c, own, w.table, w.union.into[0]); err != nil {
			return err
		}
	}
	for j, o := range others {
		into := []uint32{0}
		if w.table != nil {
			into = w.union.into[j+1]
		}
		if err := w.mergeState(c, o.calls[i].state, o.table, into); err != nil {
			return err
		}
	}
	grown := c.state.Bytes() - before
	w.reserved += grown
	return w.env.Memory.Reserve(grown)
}

// mergeState adds what a state has of the groups of a table, of which into has the numbers.
func (w *aggWorker) mergeState(c *aggCall, from exprs.State, table *groupTable, into []uint32) error {
	if w.table != nil {
		c.state.Grow(w.union.size())
		from.Grow(table.size())
	}
	if err := w.env.cancelled(); err != nil {
		return err
	}
	return c.state.Merge(from, into)
}

package scan

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
)

// The footer of a file of ours has aggregates of each row group, for each combination of values of a few columns, the keys (package parquetio). An aggregation
// whose groups, conditions and filters are expressions on keys alone, and whose aggregates are of what the footer has, takes a row group from there: the
// combinations make a batch with a row for each, on which all those expressions are evaluated. Row groups with deleted rows, without aggregates, or of which
// something that is asked for is not known, are read. The answers are the same to the last digit: what the footer has are integers.

// footerFold is such an aggregation.
type footerFold struct {
	plan  *Aggregate
	table *Table
	calls []foldCall
}

// foldCall is an aggregate to be taken from footers.
type foldCall struct {
	plan   *AggCall
	on     foldArg
	a, b   int // output columns
	scale  int
	args   []*vec.Vec     // prepared for the row group at hand: values, one for each combination
	folded []exprs.Folded // or sums
}

// foldArg is what an aggregate is of.
type foldArg uint8

const (
	ofRows       foldArg = iota // count(*)
	ofKeys                      // an expression on keys
	ofColumn                    // a column, or its number of microseconds
	ofDifference                // one timestamp less another
)

// foldsFooters tells whether the shape of an aggregation allows it to be answered so.
func (a *Aggregate) foldsFooters(env *Env) (*footerFold, bool) {
	table, ok := a.Input.(*Table)
	if !ok || env.NoFooters || env.NoPruning || table.hint != nil || len(table.View.Files) == 0 {
		return nil, false
	}
	f := &footerFold{plan: a, table: table}
	for i := range a.Aggs {
		c, ok := foldCallOf(&a.Aggs[i])
		if !ok {
			return nil, false
		}
		f.calls = append(f.calls, c)
	}
	for _, e := range slices.Concat(a.Groups, table.Conds) {
		if volatile(e) {
			return nil, false
		}
	}
	return f, true
}

// foldCallOf says what an aggregate takes from a footer.
func foldCallOf(plan *AggCall) (foldCall, bool) {
	c := foldCall{plan: plan}
	if plan.Agg.Ordered || plan.Filter != nil && volatile(plan.Filter) || slices.ContainsFunc(plan.Args, volatile) {
		return c, false
	}
	if len(plan.Args) == 0 {
		return c, plan.Agg.Name == "count"
	}
	if c.on = ofKeys; plan.Distinct || len(plan.Args) > 1 {
		return c, plan.Distinct
	}
	if c.measure(plan.Args[0]) {
		return c, slices.Contains([]string{"count", "sum", "avg", "min", "max"}, plan.Agg.Name)
	}
	return c, slices.Contains([]string{"count", "min", "max", "bool_and", "bool_or", "every"}, plan.Agg.Name)
}

// measure recognises columns, casts of them to numeric, differences of timestamps, and the seconds of timestamps and of such differences.
func (c *foldCall) measure(e exprs.Expr) bool {
	if col, ok := e.(*exprs.Column); ok {
		c.on, c.a = ofColumn, col.Index
		return true
	}
	call, ok := e.(*exprs.Call)
	switch {
	case !ok:
		return false
	case call.IsCast():
		if scaled, ok := exprs.ScaledOf(e); ok && scaled.Kernel == nil && scaled.Scale == 0 {
			col, ok := call.Args[0].(*exprs.Column)
			if ok {
				c.on, c.a = ofColumn, col.Index
			}
			return ok
		}
	case call.Fn.Name == "extract" && len(call.Args) == 2:
		scaled, ok := exprs.ScaledOf(e)
		if !ok || scaled.Scale != microDigits {
			return false
		}
		c.scale = microDigits
		if col, ok := call.Args[1].(*exprs.Column); ok && isStamp(col.T) {
			c.on, c.a = ofColumn, col.Index
			return true
		}
		return c.difference(call.Args[1])
	}
	return c.difference(e)
}

// microDigits is the scale of numbers of seconds that are held in microseconds.
const microDigits = 6

func isStamp(t arrowschema.Type) bool {
	return t == arrowschema.Timestamp || t == arrowschema.TimestampTZ
}

func (c *foldCall) difference(e exprs.Expr) bool {
	call, ok := e.(*exprs.Call)
	if !ok || call.Fn.Name != "-" || len(call.Args) != 2 || call.Fn.Result != arrowschema.Interval {
		return false
	}
	a, ok := call.Args[0].(*exprs.Column)
	b, ok2 := call.Args[1].(*exprs.Column)
	if !ok || !ok2 || !isStamp(a.T) || a.T != b.T {
		return false
	}
	c.on, c.a, c.b, c.scale = ofDifference, a.Index, b.Index, microDigits
	return true
}

// add takes a row group from its footer, if that has all that is asked for.
func (f *footerFold) add(m morsel, number int, w *aggWorker) (bool, error) {
	cold, ok := m.(*coldMorsel)
	if !ok || !m.allLive() {
		return false, nil
	}
	at := &footerGroup{fold: f, m: cold, known: cold.file.file.Aggregates(cold.rg)}
	if at.known == nil || !at.prepare(w) {
		return false, nil
	}
	return true, at.apply(w, number)
}

// footerGroup is the aggregates of a row group.
type footerGroup struct {
	fold  *footerFold
	m     *coldMorsel
	known *parquetio.Aggregates
	keys  *vec.Batch // a row for each combination of keys
	pass  []uint8    // those that pass the conditions; nil when all do
}

// place gives where the file has an output column, -1 if it does not, or not in the table's own type.
func (g *footerGroup) place(col int) int {
	if col >= len(g.fold.table.Cols) {
		return -1
	}
	col = g.fold.table.Cols[col]
	c := &g.m.file.cols[col]
	if c.place < 0 || g.m.file.file.Columns()[c.place].Type.Physical() != g.fold.table.View.Def.Columns[col].Type.Physical() || !c.alike {
		return -1
	}
	return c.place
}

// prepare evaluates the conditions and finds the values of all calls, without changing w. It tells whether the footer has them.
func (g *footerGroup) prepare(w *aggWorker) bool {
	f := g.fold
	g.keys = &vec.Batch{N: len(g.known.Rows), Cols: make([]*vec.Vec, len(f.table.Cols)+1)}
	for i := range f.table.Cols {
		if k := slices.Index(g.known.GroupBy, g.place(i)); k >= 0 {
			g.keys.Cols[i] = g.known.Keys[k].As(f.table.View.Def.Columns[f.table.Cols[i]].Type)
		}
	}
	for _, e := range f.plan.Groups {
		if !g.onKeys(e) {
			return false
		}
	}
	p := &pruner{table: f.table, stats: g.m.stats, zone: w.ctx.Zone}
	for _, c := range f.table.Conds {
		if g.onKeys(c) {
			v, err := c.Eval(w.ctx, g.keys)
			if err != nil {
				return false
			}
			g.pass = narrowed(g.pass, v, g.keys.N)
		} else if !p.always(c) {
			return false
		}
	}
	for i := range f.calls {
		if !g.prepareCall(&f.calls[i], w) {
			return false
		}
	}
	return true
}

// narrowed clears the rows of a mask at which a condition is not true; nil is a mask of ones.
func narrowed(keep []uint8, v *vec.Vec, n int) []uint8 {
	if keep == nil {
		keep = make([]uint8, n)
		for i := range keep {
			keep[i] = 1
		}
	}
	(&passes{}).narrow(keep, v)
	return keep
}

// onKeys tells whether an expression reads keys alone.
func (g *footerGroup) onKeys(e exprs.Expr) bool {
	set := map[int]bool{}
	exprs.Columns(e, set)
	for c := range set {
		if g.keys.Cols[c] == nil {
			return false
		}
	}
	return true
}

func (g *footerGroup) prepareCall(c *foldCall, w *aggWorker) bool {
	c.args, c.folded = nil, nil
	if c.plan.Filter != nil && !g.onKeys(c.plan.Filter) {
		return false
	}
	for _, e := range c.plan.Args {
		if !g.onKeys(e) {
			return c.on != ofRows && c.on != ofKeys && g.prepareMeasure(c, w)
		}
		v, err := e.Eval(w.ctx, g.keys)
		if err != nil {
			return false
		}
		c.args = append(c.args, v)
	}
	if c.plan.Agg.Name != "count" || c.plan.Distinct {
		return c.plan.Distinct || c.plan.Agg.Name != "sum" && c.plan.Agg.Name != "avg"
	}
	for i, rows := range g.known.Rows {
		if len(c.args) > 0 && c.args[0].IsNull(i) {
			rows = 0
		}
		c.folded = append(c.folded, exprs.Folded{Count: rows})
	}
	return true
}

// prepareMeasure finds the values of an aggregate of a column or a difference.
func (g *footerGroup) prepareMeasure(c *foldCall, w *aggWorker) bool {
	n, a, b := g.keys.N, g.place(c.a), -1
	if c.on == ofDifference {
		b = g.place(c.b)
	}
	if a < 0 || c.on == ofDifference && b < 0 {
		return false
	}
	name := c.plan.Agg.Name
	extremes := name == "min" || name == "max"
	found := make([]parquetio.Aggregate, n)
	for i := range found {
		var ok bool
		switch {
		case c.on == ofDifference:
			found[i], ok = g.known.Difference(i, a, b)
		case name == "count":
			found[i].Count, ok = g.known.Count(i, a)
		default:
			found[i], ok = g.known.Column(i, a)
		}
		if !ok || !c.exact(&found[i]) {
			return false
		}
	}
	if extremes {
		return g.extremes(c, w, found)
	}
	for _, x := range found {
		c.folded = append(c.folded, exprs.Folded{Count: x.Count, SumHi: x.SumHi, SumLo: x.SumLo, Scale: c.scale})
	}
	return true
}

// exact tells whether an aggregate of the footer says all. Intervals are added up by days and by what is left of them, so that a sum of microseconds is theirs
// only where none has a day.
func (c *foldCall) exact(x *parquetio.Aggregate) bool {
	if x.Count == 0 || c.plan.Agg.Name == "count" {
		return true
	}
	const near = 1 << 62 // beyond lie infinite times
	if c.on == ofDifference || c.scale != 0 {
		if x.Min <= -near || x.Max >= near {
			return false
		}
	}
	if c.plan.Args[0].Type() == arrowschema.Interval && (c.plan.Agg.Name == "sum" || c.plan.Agg.Name == "avg") {
		return x.Min > -temporal.MicrosPerDay && x.Max < temporal.MicrosPerDay
	}
	return true
}

// extremes gives the smallest or largest values: the argument is evaluated on rows that have them.
func (g *footerGroup) extremes(c *foldCall, w *aggWorker, found []parquetio.Aggregate) bool {
	col := func(i int) arrowschema.Type { return g.fold.table.View.Def.Columns[g.fold.table.Cols[i]].Type }
	rows := &vec.Batch{N: len(found), Cols: make([]*vec.Vec, len(g.keys.Cols))}
	values := vec.New(col(c.a), len(found))
	if values.Ints == nil {
		return len(found) == 0
	}
	for i, x := range found {
		values.Ints[i] = x.Min
		if c.plan.Agg.Name == "max" {
			values.Ints[i] = x.Max
		}
		if x.Count == 0 {
			values.SetNull(i)
			values.Ints[i] = 0
		}
	}
	rows.Cols[c.a] = values
	if c.on == ofDifference {
		rows.Cols[c.b] = vec.NewConst(col(c.b), int64(0), len(found))
	}
	v, err := c.plan.Args[0].Eval(w.ctx, rows)
	c.args = []*vec.Vec{v}
	return err == nil
}

// apply adds what was prepared to the worker's state.
func (g *footerGroup) apply(w *aggWorker, number int) error {
	var groups []uint32
	if w.table != nil {
		w.keyRow = w.keyRow[:0]
		for _, e := range g.fold.plan.Groups {
			v, err := e.Eval(w.ctx, g.keys)
			if err != nil {
				return err
			}
			w.keyRow = append(w.keyRow, v)
		}
		groups = w.table.lookup(g.keys.N, uint64(number)<<32, w.keyRow, g.pass)
	}
	for i := range w.calls {
		if err := g.applyCall(w, &w.calls[i], &g.fold.calls[i], groups); err != nil {
			return err
		}
	}
	return w.account()
}

func (g *footerGroup) applyCall(w *aggWorker, c *aggCall, f *foldCall, groups []uint32) error {
	if w.table != nil {
		c.state.Grow(w.table.size())
	}
	keep := g.pass
	if c.plan.Filter != nil {
		v, err := c.plan.Filter.Eval(w.ctx, g.keys)
		if err != nil {
			return err
		}
		passed := narrowed(nil, v, g.keys.N)
		groups, keep = c.filtered(groups, keep, passed)
	}
	if f.folded == nil {
		return c.add(groups, keep, f.args, g.keys.N)
	}
	state, ok := c.state.(exprs.FoldedState)
	if !ok {
		return errInternal("%s takes no sums", c.plan.Agg.Name)
	}
	for i, x := range f.folded {
		group := uint32(0)
		if groups != nil {
			group = groups[i]
		}
		if group == noGroup || groups == nil && keep != nil && keep[i] == 0 || x.Count == 0 {
			continue
		}
		if err := state.Fold(group, x); err != nil {
			return err
		}
	}
	return nil
}

package scan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

// footerCalls gives aggregates of which footers know all, or something, or nothing.
func footerCalls(t *testing.T, fx *fixture, r *rand.Rand) (calls []scan.AggCall) {
	s := column(sColumn, str)
	epoch := func(e exprs.Expr) exprs.Expr { return function(t, "extract", textConst("epoch"), e) }
	stamps := []int{tsColumn, laterTimeColumn, wideTimeColumn}
	stamp := func() exprs.Expr { return column(stamps[r.IntN(len(stamps))], arrowschema.Timestamp) }
	add := func(name string, args ...exprs.Expr) {
		var types []arrowschema.Type
		for _, a := range args {
			types = append(types, a.Type())
		}
		c := scan.AggCall{Agg: aggregate(t, name, types...), Args: args}
		switch r.IntN(6) {
		case 0:
			c.Filter = function(t, []string{"=", "<>", "<"}[r.IntN(3)], s, textConst([]string{"flush", "a", ""}[r.IntN(3)]))
		case 1:
			c.Filter = &exprs.IsNull{Arg: s, Negated: r.IntN(2) == 0}
		case 2:
			c.Distinct = name == "count" && len(args) == 1
		}
		calls = append(calls, c)
	}
	for range 1 + r.IntN(4) {
		extreme := []string{"min", "max"}[r.IntN(2)]
		ints := column([]int{nColumn, i2Column, wideIntColumn, laterColumn}[r.IntN(3)], integer)
		if ints.Index == i2Column {
			ints = column(i2Column, arrowschema.Int2)
		}
		difference := function(t, "-", stamp(), stamp())
		switch r.IntN(9) {
		case 0:
			add("count")
		case 1:
			c := r.IntN(len(fx.view.Def.Columns))
			add("count", column(c, fx.view.Def.Columns[c].Type))
		case 2:
			add([]string{"sum", "avg", "min", "max"}[r.IntN(4)], ints)
		case 3:
			add(extreme, stamp())
		case 4:
			add([]string{"sum", "avg", "min", "max", "count"}[r.IntN(5)], difference)
		case 5:
			add([]string{"sum", "avg", "min", "max", "count"}[r.IntN(5)], epoch(difference))
		case 6:
			add([]string{"sum", "avg", "min", "max"}[r.IntN(4)], epoch(stamp()))
		case 7:
			add([]string{"min", "max", "count"}[r.IntN(3)], s)
		case 8:
			add(extreme, column(dColumn, arrowschema.Date))
		}
	}
	return calls
}

// What the footers answer is what the rows would have answered: values, scales, NULLs, groups and their order; also where some row groups have deleted rows, or
// were written under an older definition, or are hot.
func TestFootersAnswer(t *testing.T) {
	t.Parallel()
	answered, read := int64(0), int64(0)
	for seed := range uint64(5) {
		fx := newFixture(t, 60+seed)
		fx.addFile(t, 190) // of which no row is deleted
		snap := fx.db.Snapshot()
		t.Cleanup(snap.Close)
		fx.view, _ = snap.Table(fx.name)
		p := &predicates{t, fx, rand.New(rand.NewPCG(seed, 9))}
		s := column(sColumn, str)
		groupings := [][]exprs.Expr{nil, {s}, {function(t, "upper", s)}, {s, column(laterColumn, str)}, {column(nColumn, integer)}}
		for i := range 60 {
			groups := groupings[p.r.IntN(len(groupings))]
			var conds []exprs.Expr
			for p.r.IntN(2) == 0 {
				switch p.r.IntN(4) {
				case 0:
					conds = append(conds, &exprs.IsNull{Arg: s, Negated: p.r.IntN(3) > 0})
				case 1:
					conds = append(conds, function(t, "~~", s, textConst([]string{"%l%", "c%", "a"}[p.r.IntN(3)])))
				case 2: // mostly true of whole row groups
					conds = append(conds, function(t, []string{">", "<=", ">="}[p.r.IntN(3)], column(idColumn, integer), intConst(p.r.Int64N(2*fx.next))))
				default:
					conds = append(conds, p.condition(1))
				}
			}
			calls := footerCalls(t, fx, p.r)
			shape := shapes()[i%len(shapes())]
			over := func(in scan.Source, env *scan.Env) []string {
				got, err := pull(env, &scan.Aggregate{Input: in, Groups: groups, Aggs: calls, Grouped: len(groups) > 0})
				if err != nil { // infinite times cannot be subtracted: then no way may answer
					return []string{err.Error()}
				}
				require.Zero(t, env.Memory.Used())
				return got
			}
			plain := newEnv(shape)
			plain.NoFooters = true
			want := over(fx.scan(conds...), plain)
			require.Zero(t, plain.Counters.FromFooters.Load())
			require.Equal(t, want, over(&scan.Filter{Input: fx.scan(), Conds: conds}, newEnv(shapes()[3])))
			env := newEnv(shape)
			what := fmt.Sprintf("seed %d, %d: %v by %v, %v", seed, i, exprs.Strings(conds), exprs.Strings(groups), shape)
			for _, c := range calls {
				what += fmt.Sprintf(", %s(%v)", c.Agg.Name, exprs.Strings(c.Args))
			}
			require.Equal(t, want, over(fx.scan(conds...), env), what)
			answered += env.Counters.FromFooters.Load()
			read += env.Counters.RowGroups.Load()
		}
	}
	require.Greater(t, answered, int64(200))
	require.Positive(t, read)
}

// Which row groups are answered, counted.
func TestFooterCounters(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 80)
	fx.addFile(t, 190)
	snap := fx.db.Snapshot()
	t.Cleanup(snap.Close)
	fx.view, _ = snap.Table(fx.name)
	view := *fx.view
	view.Files = view.Files[len(view.Files)-1:] // three row groups, none with a deleted row
	in := func(conds ...exprs.Expr) *scan.Table {
		table := fx.scan(conds...)
		table.View = &view
		return table
	}
	run := func(table *scan.Table, groups []exprs.Expr, call scan.AggCall) *scan.Counters {
		env := newEnv(shape{vec.DefaultRows, 1})
		_, err := pull(env, &scan.Aggregate{Input: table, Groups: groups, Aggs: []scan.AggCall{call}, Grouped: len(groups) > 0})
		require.NoError(t, err)
		return env.Counters
	}
	s, n := column(sColumn, str), column(nColumn, integer)
	sum := scan.AggCall{Agg: aggregate(t, "sum", integer), Args: []exprs.Expr{n}}
	c := run(in(), []exprs.Expr{s}, sum)
	require.Equal(t, []int64{3, 0, 0, 0}, []int64{c.FromFooters.Load(), c.RowGroups.Load(), c.RowGroupsSkipped.Load(), c.BytesRead.Load()})
	c = run(in(), []exprs.Expr{n}, sum)
	require.Equal(t, []int64{0, 3, 12}, []int64{c.FromFooters.Load(), c.RowGroups.Load(), c.PagesRead.Load()}, "n is no key")
	first := 2 * (fx.next - 190)
	c = run(in(function(t, ">=", column(idColumn, integer), intConst(first+2*70))), nil, sum)
	require.Equal(t, []int64{1, 1, 1}, []int64{c.FromFooters.Load(), c.RowGroups.Load(), c.SkippedByStats.Load()}, "a condition cuts the second row group")
	c = run(in(), nil, scan.AggCall{Agg: sum.Agg, Args: sum.Args, Distinct: true})
	require.Equal(t, []int64{0, 3}, []int64{c.FromFooters.Load(), c.RowGroups.Load()}, "distinct values are not known")
}

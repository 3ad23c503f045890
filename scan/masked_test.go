package scan_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// aggregatesOfTable makes calls on the fixture's columns: of states that leave rows out by themselves and of others, in scaled form, with FILTER and DISTINCT.
func aggregatesOfTable(t testing.TB) []scan.AggCall {
	id, n, s := column(idColumn, integer), column(nColumn, integer), column(sColumn, str)
	ts, later := column(tsColumn, arrowschema.Timestamp), column(laterTimeColumn, arrowschema.Timestamp)
	num, i2 := column(numColumn, arrowschema.Numeric), column(i2Column, arrowschema.Int2)
	field := textConst("epoch")
	finite := function(t, "<", ts, exprs.NewConst(vec.NewConst(arrowschema.Timestamp, int64(1)<<60, 1)))
	seconds := function(t, "extract", field, ts)
	between := function(t, "extract", field, function(t, "-", ts, later)) // fails for infinite times
	one := func(name string, arg exprs.Expr) scan.AggCall {
		return scan.AggCall{Agg: aggregate(t, name, arg.Type()), Args: []exprs.Expr{arg}}
	}
	filtered := func(c scan.AggCall, by exprs.Expr) scan.AggCall {
		c.Filter = by
		return c
	}
	distinct := func(c scan.AggCall) scan.AggCall {
		c.Distinct = true
		return c
	}
	return []scan.AggCall{
		{Agg: aggregate(t, "count")}, one("count", n), one("sum", n), one("avg", n), one("min", n), one("max", id), one("max", s), one("min", ts), one("max", later),
		one("sum", i2), one("bit_or", n), one("sum", num), one("max", num), one("avg", seconds), one("max", seconds),
		filtered(one("avg", between), finite), filtered(one("max", between), finite), filtered(one("count", n), finite), filtered(one("bit_and", n), finite),
		distinct(one("count", s)), distinct(one("sum", n)), filtered(distinct(one("count", id)), finite),
	}
}

// An aggregation over a table, which works with masks, gives what it gives over the rows that a filter has copied.
func TestAggregateOverTable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		compareAggregates(t, newFixture(t, 20+seed), seed, 60)
	}
	compareAggregates(t, longSegments(t), 5, 150)
}

// longSegments is a table of row groups and hot segments, of which some are so long that conditions are told by bits.
func longSegments(t *testing.T) *fixture {
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 700, CheckpointBytes: -1})
	require.NoError(t, err)
	def := fixtureDefinition()
	fx := &fixture{db: db, name: def.Name, live: map[int64]bool{}, truth: map[int64]map[int32]string{}, r: rand.New(rand.NewPCG(6, 1))}
	fx.update(t, func(tx *store.Tx) error { return tx.CreateTable(def) })
	fx.addGroups(t, 1500, 600, 128)
	fx.insert(t, 1000)
	fx.deleteSome(t)
	fx.addGroups(t, 800, 800, 128)
	fx.evolve(t)
	for range 4 {
		fx.insert(t, 700)
	}
	snap := db.Snapshot()
	fx.view, _ = snap.Table(fx.name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	return fx
}

// compareAggregates aggregates a table with random conditions and groups.
func compareAggregates(t *testing.T, fx *fixture, seed uint64, times int) {
	p := &predicates{t, fx, rand.New(rand.NewPCG(seed, 7))}
	keys := []exprs.Expr{
		column(sColumn, str), column(nColumn, integer), column(tColumn, str), column(jColumn, arrowschema.JSONB), column(bColumn, arrowschema.Bool),
		column(tsColumn, arrowschema.Timestamp), column(numColumn, arrowschema.Numeric), column(uColumn, arrowschema.UUID), column(fColumn, arrowschema.Float8),
	}
	for i := range times {
		var conds []exprs.Expr
		for len(conds) == 0 || p.r.IntN(2) == 0 {
			conds = append(conds, p.condition(2))
		}
		var groups []exprs.Expr
		for range p.r.IntN(4) {
			groups = append(groups, keys[p.r.IntN(len(keys))])
		}
		s := shapes()[i%len(shapes())]
		over := func(in scan.Source, s shape) []string {
			env := newEnv(s)
			got, err := pull(env, &scan.Aggregate{Input: in, Groups: groups, Aggs: aggregatesOfTable(t), Grouped: len(groups) > 0})
			require.NoError(t, err, exprs.Strings(conds))
			require.Zero(t, env.Memory.Used())
			return got
		}
		want := over(&scan.Filter{Input: fx.scan(), Conds: conds}, shape{vec.DefaultRows, 1})
		requireRows(t, want, over(fx.scan(conds...), s), false, "%v by %v, %v", exprs.Strings(conds), exprs.Strings(groups), s)
		present := &exprs.IsNull{Arg: keys[p.r.IntN(len(keys))], Negated: true}
		counted := keys[p.r.IntN(len(keys))]
		rows := func(in scan.Source) []string { // of which no value is read, but whether there is one
			aggs := []scan.AggCall{
				aggregatesOfTable(t)[0], {Agg: aggregate(t, "count"), Filter: present},
				{Agg: aggregate(t, "count", integer), Args: []exprs.Expr{counted}},
			}
			got, err := pull(newEnv(s), &scan.Aggregate{Input: in, Aggs: aggs})
			require.NoError(t, err, exprs.Strings(conds))
			return got
		}
		require.Equal(t, rows(&scan.Filter{Input: fx.scan(), Conds: conds}), rows(fx.scan(conds...)), "%v, %v, %v", exprs.Strings(conds), exprs.Strings([]exprs.Expr{present, counted}), s)
	}
}

// What is evaluated for rows that a condition leaves out must not fail the statement; what fails for others must.
func TestMaskedFailures(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 31)
	n, zero := column(nColumn, integer), intConst(0)
	quotient := function(t, "/", intConst(100), n)
	safe := []exprs.Expr{function(t, "<>", n, zero), function(t, ">", quotient, intConst(-200))}
	for _, s := range shapes() {
		for _, in := range []scan.Source{fx.scan(safe...), &scan.Filter{Input: fx.scan(), Conds: safe}} {
			_, err := pull(newEnv(s), &scan.Aggregate{Input: in, Aggs: []scan.AggCall{{Agg: aggregate(t, "sum", integer), Args: []exprs.Expr{quotient}}}})
			require.NoError(t, err)
		}
		filtered := scan.AggCall{Agg: aggregate(t, "sum", integer), Args: []exprs.Expr{quotient}, Filter: safe[0]}
		_, err := pull(newEnv(s), &scan.Aggregate{Input: fx.scan(), Aggs: []scan.AggCall{filtered}})
		require.NoError(t, err)
		for _, call := range []scan.AggCall{{Agg: filtered.Agg, Args: filtered.Args}, {Agg: filtered.Agg, Args: []exprs.Expr{n}, Filter: safe[1]}} {
			_, err = pull(newEnv(s), &scan.Aggregate{Input: fx.scan(function(t, "=", n, zero)), Aggs: []scan.AggCall{call}})
			require.ErrorContains(t, err, "division by zero")
		}
	}
}

// Numbers of rows, smallest and largest values come from statistics, and are those of the rows.
func TestStatisticsAnswer(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		fx := newFixture(t, 40+seed)
		fx.addFile(t, 130) // of which no row is deleted
		snap := fx.db.Snapshot()
		t.Cleanup(snap.Close)
		fx.view, _ = snap.Table(fx.name)
		folded := int64(0)
		for c, col := range fx.view.Def.Columns {
			arg := []exprs.Expr{column(c, col.Type)}
			calls := []scan.AggCall{{Agg: aggregate(t, "count")}, {Agg: aggregate(t, "count", col.Type), Args: arg}}
			if col.Type.Physical() == arrowschema.Ints {
				calls = append(calls, scan.AggCall{Agg: aggregate(t, "min", col.Type), Args: arg}, scan.AggCall{Agg: aggregate(t, "max", col.Type), Args: arg})
			}
			for _, s := range shapes() {
				want, err := pull(newEnv(s), &scan.Aggregate{Input: &scan.Filter{Input: fx.scan()}, Aggs: calls})
				require.NoError(t, err)
				env := newEnv(s)
				env.Counters = &scan.Counters{}
				got, err := pull(env, &scan.Aggregate{Input: fx.scan(), Aggs: calls})
				require.NoError(t, err)
				require.Equal(t, want, got, "%s, %v", col.Name, s)
				folded += env.Counters.FromStats.Load() + env.Counters.SegmentsSkipped.Load()
			}
		}
		require.Positive(t, folded)
	}
}

package scan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

func aggregate(t testing.TB, name string, args ...arrowschema.Type) *exprs.Aggregate {
	for _, a := range registry().Aggregates(name) {
		if slices.Equal(a.Args, args) || a.Any && len(args) == 1 {
			return a
		}
	}
	t.Fatalf("no aggregate %s", name)
	return nil
}

// group is what the plain computation knows of a group.
type group struct {
	key               row
	rows, values, few int64
	sum, most         int64
	least             string
	hasLeast          bool
	distinct, neg     map[int64]bool
}

// groupsOf computes the aggregates of the tests: columns keys of (s, u, n, m) group; n is aggregated, s too.
func groupsOf(in *table, keys []int) []*group {
	var out []*group
	at := map[string]*group{}
	if len(keys) == 0 {
		at[""] = &group{distinct: map[int64]bool{}, neg: map[int64]bool{}}
		out = append(out, at[""])
	}
	for _, cells := range in.rows {
		var key row
		for _, k := range keys {
			key = append(key, cells[k])
		}
		g := at[key.String()]
		if g == nil {
			g = &group{key: key, distinct: map[int64]bool{}, neg: map[int64]bool{}}
			at[key.String()] = g
			out = append(out, g)
		}
		g.rows++
		if s, ok := cells[0].(string); ok && (!g.hasLeast || s < g.least) {
			g.least, g.hasLeast = s, true
		}
		n, ok := cells[2].(int64)
		if !ok {
			continue
		}
		if g.values == 0 || n > g.most {
			g.most = n
		}
		g.values, g.sum = g.values+1, g.sum+n
		g.distinct[n] = true
		if n < 0 {
			g.few++
			g.neg[n] = true
		}
	}
	return out
}

func (g *group) row() row {
	out := append(row{}, g.key...)
	out = append(out, g.rows, g.values)
	if g.values > 0 {
		out = append(out, g.sum, g.most)
	} else {
		out = append(out, nil, nil)
	}
	if g.hasLeast {
		out = append(out, g.least)
	} else {
		out = append(out, nil)
	}
	return append(out, g.few, int64(len(g.distinct)), int64(len(g.neg)))
}

// aggregateCalls are count(*), count(n), sum(n), max(n), min(s), count(n) FILTER (n < 0), and the DISTINCT ones.
func aggregateCalls(t testing.TB, distinct bool) []scan.AggCall {
	n, s := column(2, integer), column(0, str)
	negative := function(t, "<", n, intConst(0))
	count := aggregate(t, "count", integer)
	out := []scan.AggCall{
		{Agg: aggregate(t, "count")}, {Agg: count, Args: []exprs.Expr{n}}, {Agg: aggregate(t, "sum", integer), Args: []exprs.Expr{n}},
		{Agg: aggregate(t, "max", integer), Args: []exprs.Expr{n}}, {Agg: aggregate(t, "min", str), Args: []exprs.Expr{s}},
		{Agg: count, Args: []exprs.Expr{n}, Filter: negative},
	}
	if distinct {
		out = append(out, scan.AggCall{Agg: count, Args: []exprs.Expr{n}, Distinct: true}, scan.AggCall{Agg: count, Args: []exprs.Expr{n}, Distinct: true, Filter: negative})
	}
	return out
}

// All ways to find groups: none, one and two dictionary-coded columns, and columns of any form.
func TestAggregate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for name, keys := range map[string][]int{"none": nil, "text": {0}, "two texts": {0, 1}, "bigint": {2}, "bigint and text": {3, 0}, "four": {0, 1, 2, 3}} {
		for _, n := range []int{0, 1, 7, 400} {
			in := randomTable(r, n, str, str, integer, integer)
			var groups []exprs.Expr
			for _, k := range keys {
				groups = append(groups, column(k, in.types[k]))
			}
			var want []string
			for _, g := range groupsOf(in, keys) {
				want = append(want, g.row().String())
			}
			for _, distinct := range []bool{false, true} {
				for _, s := range shapes() {
					env := newEnv(s)
					got, err := pull(env, &scan.Aggregate{Input: in.source(r, min(s.rows, 90)), Groups: groups, Aggs: aggregateCalls(t, distinct), Grouped: keys != nil})
					require.NoError(t, err)
					if !distinct {
						want := slices.Clone(want)
						for i := range want {
							want[i] = cut(want[i], 2)
						}
						requireRows(t, want, got, false, "%s of %d, %v", name, n, s)
						continue
					}
					requireRows(t, want, got, false, "%s of %d, %v", name, n, s) // in the order in which the groups are first seen
					require.Zero(t, env.Memory.Used())
				}
			}
		}
	}
}

// cut takes the last n cells off a line.
func cut(line string, n int) string {
	at := len(line) - 1
	for range n {
		for at--; line[at] != '|'; at-- {
		}
	}
	return line[:at+1]
}

// GROUP BY () of no rows is one group; GROUP BY a column of no rows is none.
func TestAggregateOfNothing(t *testing.T) {
	t.Parallel()
	in := &table{types: []arrowschema.Type{str, str, integer, integer}}
	r := rand.New(rand.NewPCG(2, 2))
	for _, grouped := range []bool{false, true} {
		got, err := pull(newEnv(shape{3, 4}), &scan.Aggregate{Input: in.source(r, 3), Aggs: aggregateCalls(t, true), Grouped: grouped})
		require.NoError(t, err)
		require.Equal(t, []string{"0|0|NULL|NULL|NULL|0|0|0|"}, got)
	}
	got, err := pull(newEnv(shape{3, 4}), &scan.Aggregate{Input: in.source(r, 3), Groups: []exprs.Expr{column(0, str)}, Aggs: aggregateCalls(t, false), Grouped: true})
	require.NoError(t, err)
	require.Empty(t, got)
}

// Dictionaries that change from batch to batch, and pairs of them too large for a table of codes, must not be confused.
func TestAggregateManyDictionaries(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	p, want := &pieces{}, map[string]int64{}
	for i := range 12 {
		entries := []int{3, 700, 5}[i%3]
		var cols []*vec.Vec
		for range 2 {
			dict := vec.NewBuilder(str, 0)
			for range entries {
				dict.AppendString(fmt.Sprint("value ", r.IntN(2*entries)))
			}
			codes := make([]uint16, 50)
			for j := range codes {
				codes[j] = uint16(r.IntN(entries))
			}
			cols = append(cols, vec.NewDict(codes, dict.Vec(), nil))
		}
		b := &vec.Batch{N: 50, Ord: uint64(50 * i), Cols: cols}
		for _, l := range lines(b) {
			want[l]++
		}
		p.batches = append(p.batches, b)
	}
	var all []string
	for k, n := range want {
		all = append(all, fmt.Sprint(k, n, "|"))
	}
	for _, s := range shapes() {
		got, err := pull(newEnv(s), &scan.Aggregate{
			Input: p, Groups: []exprs.Expr{column(0, str), column(1, str)}, Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}, Grouped: true,
		})
		require.NoError(t, err)
		requireRows(t, all, got, true)
	}
}

// Long texts are grouped in parts, with the answer of short ones.
func TestLongKeys(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	long := strings.Repeat("x", 2*1024)
	in := &table{types: []arrowschema.Type{str, str, integer, integer}}
	for i := range 3000 {
		var key any = fmt.Sprintf("%s%d", long, r.IntN(40))
		if i%17 == 0 {
			key = nil
		}
		in.rows = append(in.rows, row{key, "u", int64(i), int64(r.IntN(5))})
	}
	var want []string
	for _, g := range groupsOf(in, []int{0, 3}) {
		want = append(want, cut(g.row().String(), 2))
	}
	for _, s := range shapes() {
		env := newEnv(s)
		got, err := pull(env, &scan.Aggregate{Input: in.source(r, 2500), Groups: []exprs.Expr{column(0, str), column(3, integer)}, Aggs: aggregateCalls(t, false), Grouped: true})
		require.NoError(t, err)
		requireRows(t, want, got, false, "%v", s)
	}
}

package scan_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
)

// sortRows orders rows by keys on columns, stably.
func sortRows(rows []row, keys []scan.SortKey) []row {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b row) int {
		for _, k := range keys {
			c := k.Expr.(*exprs.Column).Index
			if x := compareCells(a[c], b[c], k); x != 0 {
				return x
			}
		}
		return 0
	})
	return out
}

func compareCells(a, b any, k scan.SortKey) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil || b == nil:
		if (a == nil) == k.NullsFirst {
			return -1
		}
		return 1
	}
	c := 0
	if x, ok := a.(int64); ok {
		c = cmp.Compare(x, b.(int64))
	} else {
		c = cmp.Compare(a.(string), b.(string))
	}
	if k.Desc {
		return -c
	}
	return c
}

// Sorting is stable, whatever the keys, the limit and the number of workers, and so has one answer.
func TestSort(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	types := []arrowschema.Type{integer, str, integer}
	for round := range 24 {
		in := randomTable(r, []int{0, 1, 5, 300}[round%4], types...)
		if round%3 == 0 { // without NULLs there is a shorter way
			for _, cells := range in.rows {
				cells[0], cells[2] = r.Int64N(50), r.Int64N(3)
			}
		}
		in.types = append(slices.Clone(types), integer)
		for i := range in.rows { // a number tells equal rows apart
			in.rows[i] = append(in.rows[i], int64(i))
		}
		var keys []scan.SortKey
		for range 1 + r.IntN(3) {
			c := r.IntN(3)
			keys = append(keys, scan.SortKey{Expr: column(c, types[c]), Desc: r.IntN(2) == 0, NullsFirst: r.IntN(2) == 0})
		}
		want := texts(sortRows(in.rows, keys))
		for _, limit := range []int{-1, 0, 1, 4, 299, 1000, 1 << 17} {
			for _, s := range shapes() {
				env := newEnv(s)
				got, err := pull(env, &scan.Sort{Input: in.source(r, min(s.rows, 60)), Keys: keys, Limit: int64(limit)})
				require.NoError(t, err)
				first := want
				if limit >= 0 && limit < len(want) {
					first = want[:limit]
				}
				requireRows(t, first, got, false, "limit %d, %v", limit, s)
				require.Zero(t, env.Memory.Used())
			}
		}
	}
}

// Rows that do not fit one run are sorted in runs, which are merged.
func TestSortOfManyRows(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(14, 14))
	for _, n := range []int{16384, 16385, 50000} {
		in := &table{types: []arrowschema.Type{integer, integer}}
		for i := range n {
			in.rows = append(in.rows, row{r.Int64N(int64(n) / 4), int64(i)})
		}
		keys := []scan.SortKey{{Expr: column(0, integer), Desc: true}}
		want := texts(sortRows(in.rows, keys))
		for _, s := range []shape{{2048, 1}, {2048, 4}} {
			got, err := pull(newEnv(s), &scan.Sort{Input: in.source(r, 3000), Keys: keys, Limit: -1})
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		groups := &scan.Aggregate{Input: in.source(r, 3000), Groups: []exprs.Expr{column(1, integer)}, Grouped: true}
		got, err := pull(newEnv(shape{2048, 4}), groups)
		require.NoError(t, err)
		require.Len(t, got, n)
		for i, l := range got {
			require.Equal(t, fmt.Sprint(i, "|"), l)
		}
	}
}

// A top-N over many batches holds little more than N rows.
func TestTopNHoldsLittle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	in := &table{types: []arrowschema.Type{integer, str}}
	for range 40000 {
		in.rows = append(in.rows, row{r.Int64N(1 << 40), fmt.Sprint("a text of some length ", r.IntN(1000))})
	}
	keys := []scan.SortKey{{Expr: column(0, integer), Desc: true}}
	want := texts(sortRows(in.rows, keys)[:10])
	for _, s := range []shape{{64, 1}, {64, 4}} {
		env := newEnv(s)
		env.Memory = scan.NewBudget(int64(s.workers) << 17) // all rows are 3 MiB
		got, err := pull(env, &scan.Sort{Input: in.source(r, 64), Keys: keys, Limit: 10})
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Zero(t, env.Memory.Used())
	}
}

func BenchmarkSort(b *testing.B) {
	r := rand.New(rand.NewPCG(6, 6))
	in := randomTable(r, 200000, integer, str)
	for _, cells := range in.rows {
		cells[0] = r.Int64N(1 << 40)
	}
	p := in.source(r, 2048)
	for _, limit := range []int64{-1, 10, 1000} {
		for c, name := range []string{"bigint", "text"} {
			b.Run(fmt.Sprintf("%s/limit=%d", name, limit), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, err := drain(newEnv(shape{2048, 1}), &scan.Sort{Input: p, Keys: []scan.SortKey{{Expr: column(c, in.types[c])}}, Limit: limit})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(in.rows)), "ns/row")
			})
		}
	}
}

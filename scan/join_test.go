package scan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
)

// joinRows joins by trying all pairs. Rows are joined when the cells of all keys are equal and, with residual, left n < right m.
func joinRows(kind scan.JoinKind, left, right *table, keys []int, residual bool) []row {
	var out []row
	matched := make([]bool, len(right.rows))
	for _, l := range left.rows {
		found := false
		for j, r := range right.rows {
			if joins(l, r, keys, residual) {
				found, matched[j] = true, true
				out = append(out, append(append(row{}, l...), r...))
			}
		}
		if !found && (kind == scan.Left || kind == scan.Full) {
			out = append(out, append(append(row{}, l...), make(row, len(right.types))...))
		}
	}
	if kind == scan.Right || kind == scan.Full {
		for j, r := range right.rows {
			if !matched[j] {
				out = append(out, append(make(row, len(left.types)), r...))
			}
		}
	}
	return out
}

func joins(l, r row, keys []int, residual bool) bool {
	for _, k := range keys {
		if l[k] == nil || l[k] != r[k] {
			return false
		}
	}
	n, ok := l[2].(int64)
	m, also := r[2].(int64)
	return !residual || ok && also && n < m
}

// Every kind of join, with and without keys and further conditions, on sides with duplicates, NULLs and nothing at all.
func TestJoin(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	types := []arrowschema.Type{str, integer, integer}
	for _, sizes := range [][2]int{{0, 0}, {0, 9}, {9, 0}, {1, 1}, {40, 25}, {25, 90}} {
		left, right := randomTable(r, sizes[0], types...), randomTable(r, sizes[1], types...)
		for kind := scan.Inner; kind <= scan.Full; kind++ {
			for _, keys := range [][]int{nil, {0}, {1}, {0, 1}} {
				for _, residual := range []bool{false, true} {
					want := texts(joinRows(kind, left, right, keys, residual))
					for _, s := range shapes() {
						j := &scan.Join{Kind: kind, Left: left.source(r, min(s.rows, 20)), Right: right.source(r, min(s.rows, 20)), LeftTypes: types, RightTypes: types}
						for _, k := range keys {
							j.LeftKeys, j.RightKeys = append(j.LeftKeys, column(k, types[k])), append(j.RightKeys, column(k, types[k]))
						}
						if residual {
							j.On = []exprs.Expr{function(t, "<", column(2, integer), column(5, integer))}
						}
						got, err := pull(newEnv(s), j)
						require.NoError(t, err)
						requireRows(t, want, got, true, "%v of %v on %v, residual %v, %v", kind, sizes, keys, residual, s)
						count := &scan.Aggregate{Input: j, Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}} // pulls several streams at once
						j.Left, j.Right = left.source(r, min(s.rows, 20)), right.source(r, min(s.rows, 20))
						got, err = pull(newEnv(s), count)
						require.NoError(t, err)
						require.Equal(t, []string{fmt.Sprint(len(want), "|")}, got, "%v of %v on %v, residual %v, %v", kind, sizes, keys, residual, s)
					}
				}
			}
		}
	}
}

// A key that many rows of both sides have makes pairs in portions.
func TestJoinOfManyEqualKeys(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	types := []arrowschema.Type{str}
	in := &table{types: types}
	for range 150 {
		in.rows = append(in.rows, row{"same"})
	}
	j := &scan.Join{
		Kind: scan.Full, Left: in.source(r, 100), Right: in.source(r, 100), LeftTypes: types, RightTypes: types,
		LeftKeys: []exprs.Expr{column(0, str)}, RightKeys: []exprs.Expr{column(0, str)},
	}
	env := newEnv(shape{2048, 4})
	streams, err := j.Open(env, 1)
	require.NoError(t, err)
	n := 0
	for {
		b, err := scan.Pull(env, streams[0])
		require.NoError(t, err)
		if b == nil {
			break
		}
		require.LessOrEqual(t, b.N, 4096)
		n += b.N
	}
	require.Equal(t, 150*150, n)
}

// A left row makes batches of its own with many right rows, of constants and of what the table has.
func TestJoinOfManyRightRows(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	types := []arrowschema.Type{str, integer, integer}
	left, right := randomTable(r, 5, types...), randomTable(r, 5000, types...)
	left.rows[1] = row{nil, nil, nil}
	left.rows[2] = row{strings.Repeat("long", 1000), int64(7), int64(3)}
	for kind := scan.Inner; kind <= scan.Full; kind++ {
		for _, residual := range []bool{false, true} {
			j := &scan.Join{Kind: kind, Left: left.source(r, 2), Right: right.source(r, 999), LeftTypes: types, RightTypes: types}
			if residual {
				j.On = []exprs.Expr{function(t, "<", column(2, integer), column(5, integer))}
			}
			got, err := pull(newEnv(shape{2048, 4}), j)
			require.NoError(t, err)
			requireRows(t, texts(joinRows(kind, left, right, nil, residual)), got, true, "%v, residual %v", kind, residual)
		}
	}
}

// Conditions on the pairs of one left batch take no more of the budget the more pairs there are, and rows without columns take none.
func TestJoinMemory(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(10, 10))
	types := []arrowschema.Type{integer}
	left, right := randomTable(r, 2000, types...), randomTable(r, 3000, types...)
	env := newEnv(shape{2048, 1})
	env.Memory = scan.NewBudget(1 << 20)
	env.Eval.Memory = env.Memory
	j := &scan.Join{
		Left: left.source(r, 2000), Right: right.source(r, 3000), LeftTypes: types, RightTypes: types,
		On: []exprs.Expr{function(t, "<", column(0, integer), column(1, integer))},
	}
	none := &scan.Project{Input: j}
	counted := &scan.Join{Left: (&table{types: types, rows: []row{{int64(1)}}}).source(r, 1), Right: none, LeftTypes: types}
	count := &scan.Aggregate{Input: counted, Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}}
	got, err := pull(env, count)
	require.NoError(t, err)
	require.Equal(t, []string{fmt.Sprint(len(joinRows(scan.Inner, wider(left), wider(right), nil, true)), "|")}, got)
}

// wider gives a table whose only column is its third.
func wider(in *table) *table {
	out := &table{}
	for _, r := range in.rows {
		out.rows = append(out.rows, row{nil, nil, r[0]})
	}
	return out
}

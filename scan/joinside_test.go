package scan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
)

// keyedRows makes rows of a key out of so many, now and then NULL, its text, and a number that tells rows apart.
func keyedRows(r *rand.Rand, n, keys int) *table {
	t := &table{types: []arrowschema.Type{str, integer, integer}}
	for i := range n {
		k := r.IntN(keys)
		in := row{fmt.Sprint("key-", k), int64(k), int64(i)}
		if r.IntN(50) == 0 {
			in[r.IntN(2)] = nil
		}
		t.rows = append(t.rows, in)
	}
	return t
}

// joinedByMap is what a join gives, by a map of the right rows.
func joinedByMap(kind scan.JoinKind, left, right *table, keys []int, residual bool) []string {
	at := map[string][]int{}
	key := func(r row) string {
		out := ""
		for _, k := range keys {
			if r[k] == nil {
				return ""
			}
			out += fmt.Sprint(r[k], "|")
		}
		return out
	}
	for j, r := range right.rows {
		if k := key(r); k != "" {
			at[k] = append(at[k], j)
		}
	}
	var out []row
	matched := make([]bool, len(right.rows))
	for _, l := range left.rows {
		found := false
		for _, j := range at[key(l)] {
			if r := right.rows[j]; !residual || l[2].(int64) < r[2].(int64) {
				found, matched[j] = true, true
				out = append(out, append(append(row{}, l...), r...))
			}
		}
		if !found && (kind == scan.Left || kind == scan.Full) {
			out = append(out, append(append(row{}, l...), make(row, 3)...))
		}
	}
	for j, r := range right.rows {
		if !matched[j] && (kind == scan.Right || kind == scan.Full) {
			out = append(out, append(make(row, 3), r...))
		}
	}
	return texts(out)
}

// Whichever side is built: the left one when it is much the smaller, once some of the right one was read, or the right one; by several workers, too.
func TestJoinSides(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 11))
	types := []arrowschema.Type{str, integer, integer}
	for _, sizes := range [][2]int{{50, 17_000}, {17_000, 50}, {9_000, 40_000}, {20_000, 34_000}} {
		left, right := keyedRows(r, sizes[0], 30_000), keyedRows(r, sizes[1], 30_000)
		for kind := scan.Inner; kind <= scan.Full; kind++ {
			keys := [][]int{{0}, {1}, {0, 1}}[r.IntN(3)]
			residual := r.IntN(2) == 0
			want := joinedByMap(kind, left, right, keys, residual)
			for _, s := range []shape{{2048, 1}, {700, 4}} {
				j := &scan.Join{Kind: kind, Left: left.source(r, 1000), Right: right.source(r, 1000), LeftTypes: types, RightTypes: types}
				for _, k := range keys {
					j.LeftKeys, j.RightKeys = append(j.LeftKeys, column(k, types[k])), append(j.RightKeys, column(k, types[k]))
				}
				if residual {
					j.On = []exprs.Expr{function(t, "<", column(2, integer), column(5, integer))}
				}
				got, err := pull(newEnv(s), j)
				require.NoError(t, err)
				requireRows(t, want, got, true, "%v of %v on %v, residual %v, %v", kind, sizes, keys, residual, s)
				j.Left, j.Right = left.source(r, 1000), right.source(r, 1000)
				j.Unread = slices.Repeat([]bool{true}, 6)
				got, err = pull(newEnv(s), &scan.Aggregate{Input: j, Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}})
				require.NoError(t, err)
				require.Equal(t, []string{fmt.Sprint(len(want), "|")}, got)
			}
		}
	}
}

// A join that needs more than its budget, and one that is cancelled, say so.
func TestJoinStops(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 12))
	in := keyedRows(r, 60_000, 60_000)
	join := func() *scan.Join {
		return &scan.Join{
			Left: in.source(r, 2000), Right: in.source(r, 2000), LeftTypes: in.types, RightTypes: in.types,
			LeftKeys: []exprs.Expr{column(0, str)}, RightKeys: []exprs.Expr{column(0, str)},
		}
	}
	env := newEnv(shape{2048, 4})
	env.Memory = scan.NewBudget(1 << 20)
	_, err := pull(env, join())
	require.Equal(t, sqlstate.OutOfMemory, sqlstate.CodeOf(err), "%v", err)
	env = newEnv(shape{2048, 4})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	env.Context = ctx
	_, err = pull(env, join())
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%v", err)
}

package scan_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

func TestFilterAndProject(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	in := randomTable(r, 500, integer, str)
	var want []string
	for _, cells := range in.rows {
		if n, ok := cells[0].(int64); ok && n > 2 && cells[1] == "flush" {
			want = append(want, row{cells[1], n * 10}.String())
		}
	}
	require.NotEmpty(t, want)
	conds := []exprs.Expr{function(t, ">", column(0, integer), intConst(2)), function(t, "=", column(1, str), textConst("flush"))}
	out := []exprs.Expr{column(1, str), function(t, "*", column(0, integer), intConst(10))}
	for _, s := range shapes() {
		p := &scan.Project{Input: &scan.Filter{Input: in.source(r, min(s.rows, 50)), Conds: conds}, Exprs: out}
		got, err := pull(newEnv(s), p)
		require.NoError(t, err)
		require.Equal(t, want, got)
		p = &scan.Project{Input: &scan.Filter{Input: in.source(r, min(s.rows, 50)), Conds: conds}, Exprs: out}
		got, err = pull(newEnv(s), &scan.Sort{Input: p, Limit: -1}) // several streams: by no key the order is that of the input
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(10, 10))
	in := randomTable(r, 50, integer, str)
	all := texts(in.rows)
	for _, offset := range []int{0, 1, 49, 50, 60} {
		for _, count := range []int{-1, 0, 1, 20, 50, 100} {
			lo := min(offset, 50)
			hi := 50
			if count >= 0 {
				hi = min(lo+count, 50)
			}
			for _, s := range shapes() {
				src := in.source(r, min(s.rows, 9))
				read := 0
				src.before = func(int) error { read++; return nil }
				got, err := pull(newEnv(s), &scan.Limit{Input: src, Count: int64(count), Offset: int64(offset)})
				require.NoError(t, err)
				requireRows(t, all[lo:hi], got, false, "offset %d count %d", offset, count)
				if count == 0 {
					require.Zero(t, read, "nothing is wanted, so nothing is read")
				}
			}
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	b := &vec.Batch{N: 7, Cols: []*vec.Vec{vec.NewConst(integer, int64(3), 7)}}
	for _, s := range shapes() {
		got, err := pull(newEnv(s), &scan.Rows{Batch: b})
		require.NoError(t, err)
		require.Len(t, got, 7)
	}
	got, err := pull(newEnv(shape{3, 1}), &scan.Rows{Batch: &vec.Batch{}})
	require.NoError(t, err)
	require.Empty(t, got)
}

// The four set operations with duplicates and NULLs, which are equal here.
func TestSetOperations(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 11))
	types := []arrowschema.Type{integer, str}
	for _, sizes := range [][2]int{{0, 0}, {0, 20}, {20, 0}, {200, 90}} {
		left, right := randomTable(r, sizes[0], types...), randomTable(r, sizes[1], types...)
		counts := map[string]int{}
		for _, l := range texts(right.rows) {
			counts[l]++
		}
		for _, except := range []bool{false, true} {
			for _, all := range []bool{false, true} {
				var want []string
				given, have := map[string]bool{}, map[string]int{}
				for k, n := range counts {
					have[k] = n
				}
				for _, l := range texts(left.rows) {
					take := (have[l] > 0) != except
					if all {
						have[l]--
					} else {
						take = take && !given[l]
						given[l] = given[l] || take
					}
					if take {
						want = append(want, l)
					}
				}
				for _, s := range shapes() {
					got, err := pull(newEnv(s), &scan.SetOp{Left: left.source(r, min(s.rows, 30)), Right: right.source(r, min(s.rows, 30)), Except: except, All: all})
					require.NoError(t, err)
					requireRows(t, want, got, false, "except %v all %v %v", except, all, s)
				}
			}
		}
		union := append(texts(left.rows), texts(right.rows)...)
		for _, s := range shapes() {
			u := &scan.Union{Inputs: []scan.Source{left.source(r, min(s.rows, 30)), right.source(r, min(s.rows, 30))}}
			got, err := pull(newEnv(s), u)
			require.NoError(t, err)
			requireRows(t, union, got, false)
			u = &scan.Union{Inputs: []scan.Source{left.source(r, min(s.rows, 30)), right.source(r, min(s.rows, 30))}}
			got, err = pull(newEnv(s), &scan.Aggregate{Input: u, Groups: []exprs.Expr{column(0, integer), column(1, str)}, Grouped: true})
			require.NoError(t, err)
			requireRows(t, distinctOf(union), got, false)
		}
	}
}

func distinctOf(all []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, l := range all {
		if !seen[l] {
			out, seen[l] = append(out, l), true
		}
	}
	return out
}

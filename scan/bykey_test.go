package scan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

// Rows that a condition on the key names are found by the index, hot, cold, deleted or unknown, and are those that a scan of everything finds.
func TestScanByKey(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 5)
	r := rand.New(rand.NewPCG(5, 5))
	key := column(idColumn, integer)
	other := function(t, ">", column(nColumn, integer), intConst(0))
	passed := 0
	for i := range 120 {
		cond := function(t, "=", key, intConst(r.Int64N(fx.next*2+20)))
		switch i % 4 {
		case 1:
			cond = function(t, "=", intConst(r.Int64N(fx.next*2+20)), key)
		case 2:
			var list []*exprs.Const
			for range r.IntN(20) + 1 {
				list = append(list, exprs.NewConst(vec.NewConst(integer, r.Int64N(fx.next*2+20), 1)))
			}
			list = append(list, exprs.NewConst(vec.NewNull(integer, 1)))
			cond = exprs.NewIn(key, list, false)
		case 3:
			cond = function(t, "=", key, exprs.NewConst(vec.NewNull(integer, 1)))
		}
		conds := []exprs.Expr{cond}
		if r.IntN(2) == 0 {
			conds = append(conds, other)
		}
		s := shapes()[i%len(shapes())]
		env := newEnv(s)
		env.NoPruning = true
		want, err := pull(env, fx.scan(conds...))
		require.NoError(t, err)
		env = newEnv(s)
		env.Counters = &scan.Counters{}
		got, err := pull(env, fx.scan(conds...))
		require.NoError(t, err)
		requireRows(t, want, got, s.workers > 1, "%v", exprs.Strings(conds))
		require.LessOrEqual(t, env.Counters.Segments.Load(), int64(1), "%v", exprs.Strings(conds))
		got, err = pull(newEnv(s), &scan.Aggregate{Input: fx.scan(conds...), Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}})
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprint(len(want), "|")}, got, exprs.Strings(conds))
		passed += len(want)
	}
	require.Positive(t, passed)
}

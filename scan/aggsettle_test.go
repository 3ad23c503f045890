package scan

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/aggregates"
	"github.com/stoadb/stoa/exprs/vec"
)

// Workers whose logs are settled on the way, and then log on or look keys up again, count and sum as before.
func TestSettledAggregates(t *testing.T) {
	t.Parallel()
	key, value := &exprs.Column{Index: 0, T: arrowschema.Int8}, &exprs.Column{Index: 1, T: arrowschema.Int8}
	plan := &Aggregate{Groups: []exprs.Expr{key}, Grouped: true}
	all := aggregates.All()
	for i := range all {
		switch a := &all[i]; {
		case a.Name == "count" && !a.Any:
			plan.Aggs = append(plan.Aggs, AggCall{Agg: a})
		case (a.Name == "sum" || a.Name == "max") && a.Args[0] == arrowschema.Int8:
			plan.Aggs = append(plan.Aggs, AggCall{Agg: a, Args: []exprs.Expr{value}})
		}
	}
	require.Len(t, plan.Aggs, 3)
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 11))
		ctx := context.Background()
		env := &Env{Context: ctx, Workers: 2, BatchRows: 100, Memory: NewBudget(64 << 20), Eval: exprs.NewCtx(ctx, 0, time.UTC)}
		workers := []*aggWorker{plan.worker(env), plan.worker(env)}
		var order []int64
		want, distinct := map[int64][3]int64{}, int64(10+r.IntN(2000))
		for batch := range uint64(20) {
			keys, values := make([]int64, 100), make([]int64, 100)
			for i := range keys {
				k, v := r.Int64N(distinct), r.Int64N(100)
				keys[i], values[i] = k, v
				w := want[k]
				if w[0] == 0 {
					order = append(order, k)
				}
				want[k] = [3]int64{w[0] + 1, w[1] + v, max(w[2], v)}
			}
			w := workers[r.IntN(2)]
			b := &vec.Batch{N: 100, Ord: 100 * batch, Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, keys, nil), vec.NewFlat(arrowschema.Int8, values, nil)}}
			require.NoError(t, w.add(b, nil))
			switch {
			case w.table.log == nil && !w.table.settled && r.IntN(2) == 0:
				require.NoError(t, w.beginLog(w.table))
			case w.table.log != nil && r.IntN(2) == 0:
				w.table.limit = w.table.size()
				require.NoError(t, w.chooseLogs(100, nil))
			}
		}
		require.NoError(t, workers[0].merge(workers[1:]))
		got, err := workers[0].result()
		require.NoError(t, err)
		require.Equal(t, len(want), got.N)
		for g, k := range order {
			require.Equal(t, k, got.Cols[0].Ints[g])
			for c, v := range got.Cols[1:] {
				x := int64(0)
				switch plan.Aggs[c].Agg.Name {
				case "count":
					x = want[k][0]
				case "sum":
					text := string(vec.AppendText(nil, v, g, time.UTC))
					require.Equal(t, string(vec.AppendText(nil, vec.NewConst(arrowschema.Int8, want[k][1], 1), 0, time.UTC)), text)
					continue
				case "max":
					x = want[k][2]
				}
				require.Equal(t, x, v.Ints[g])
			}
		}
		for _, w := range workers {
			env.Memory.Release(w.reserved)
		}
		require.Zero(t, env.Memory.Used())
	}
}

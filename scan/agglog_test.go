package scan_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
)

// Groups that are as many as rows at first, and then come again, are those of the plain computation, in their order: with memory to spare, with so little that
// the workers' logs are settled on the way, and with too little.
func TestManyGroups(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(30, 30))
	in := &table{types: []arrowschema.Type{str, str, integer, integer}}
	for i := range 100_000 {
		key := any(int64(i))
		switch {
		case i%1000 == 0:
			key = nil
		case i > 45_000:
			key = int64(r.IntN(50_000))
		}
		in.rows = append(in.rows, row{"s", nil, int64(i%7 - 3), key})
	}
	var want []string
	for _, g := range groupsOf(in, []int{3}) {
		want = append(want, cut(g.row().String(), 2))
	}
	source := in.source(r, 5000)
	distinct := []scan.AggCall{{Agg: aggregate(t, "count", integer), Args: []exprs.Expr{column(3, integer)}, Distinct: true}}
	for _, workers := range []int{1, 3} {
		for _, budget := range []int64{0, int64(5+18*workers) << 20, 1 << 20} {
			env := newEnv(shape{4096, workers})
			env.Memory = scan.NewBudget(budget)
			got, err := pull(env, &scan.Aggregate{Input: source, Groups: []exprs.Expr{column(3, integer)}, Aggs: aggregateCalls(t, false), Grouped: true})
			if budget == 1<<20 {
				require.ErrorContains(t, err, "out of memory")
				continue
			}
			require.NoError(t, err)
			requireRows(t, want, got, false, "%d workers, %d bytes", workers, budget)
			require.Zero(t, env.Memory.Used())
			got, err = pull(env, &scan.Aggregate{Input: source, Aggs: distinct})
			require.NoError(t, err)
			require.Equal(t, []string{row{int64(len(want) - 1)}.String()}, got)
			require.Zero(t, env.Memory.Used())
		}
	}
}

package scan_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
)

var twoTypes = []arrowschema.Type{integer, str}

// operators puts each operator that reads its input to the end, or may, over in. small is a second input for those that have two.
func operators(t testing.TB, in, small scan.Source) map[string]scan.Source {
	n, s := column(0, integer), column(1, str)
	keys := []scan.SortKey{{Expr: n}}
	join := func(kind scan.JoinKind, l, r scan.Source, on ...exprs.Expr) *scan.Join {
		return &scan.Join{Kind: kind, Left: l, Right: r, LeftKeys: on, RightKeys: on, LeftTypes: twoTypes, RightTypes: twoTypes}
	}
	count := []scan.AggCall{{Agg: aggregate(t, "count", integer), Args: []exprs.Expr{n}}}
	return map[string]scan.Source{
		"aggregate":      &scan.Aggregate{Input: in, Aggs: count},
		"grouping":       &scan.Aggregate{Input: in, Groups: []exprs.Expr{n, s}, Aggs: count, Grouped: true},
		"distinct":       &scan.Aggregate{Input: in, Aggs: []scan.AggCall{{Agg: count[0].Agg, Args: count[0].Args, Distinct: true}}},
		"sort":           &scan.Sort{Input: in, Keys: keys, Limit: -1},
		"top-N":          &scan.Sort{Input: in, Keys: keys, Limit: 5},
		"build of join":  join(scan.Inner, small, in, n),
		"probe of join":  join(scan.Full, in, small, n),
		"cross join":     join(scan.Inner, in, small),
		"filter":         &scan.Filter{Input: in, Conds: []exprs.Expr{function(t, "=", s, textConst("nothing has this"))}},
		"limit":          &scan.Limit{Input: in, Count: 1, Offset: 1 << 60},
		"intersect":      &scan.SetOp{Left: in, Right: small},
		"except":         &scan.SetOp{Left: small, Right: in, Except: true},
		"union":          &scan.Union{Inputs: []scan.Source{small, in}},
		"project":        &scan.Project{Input: in, Exprs: []exprs.Expr{n}},
		"filter of join": &scan.Filter{Input: join(scan.Left, in, small, n), Conds: []exprs.Expr{function(t, "=", s, textConst("nothing has this"))}},
	}
}

// distinctRows makes n rows of which no two are equal.
func distinctRows(n int) *table {
	in := &table{types: twoTypes}
	for i := range n {
		in.rows = append(in.rows, row{int64(i * 7919 % n), fmt.Sprint("a text of some length, number ", i)})
	}
	return in
}

// What would hold more than the budget allows fails, and what has ended holds nothing.
func TestMemoryBudget(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20, 20))
	in, small := distinctRows(20000), distinctRows(10)
	holds := map[string]bool{"grouping": true, "distinct": true, "sort": true, "build of join": true, "intersect": false, "except": true}
	for name, op := range operators(t, in.source(r, 500), small.source(r, 5)) {
		env := newEnv(shape{100, 4})
		env.Memory = scan.NewBudget(200 << 10)
		_, err := drain(env, op)
		if !holds[name] {
			require.NoError(t, err, name)
		} else {
			require.Equal(t, sqlstate.OutOfMemory, sqlstate.CodeOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, "out of memory")
		}
	}
	for name, op := range operators(t, in.source(r, 500), small.source(r, 5)) {
		env := newEnv(shape{100, 4})
		env.Memory = scan.NewBudget(64 << 20)
		_, err := drain(env, op)
		require.NoError(t, err, name)
		switch name {
		case "build of join", "probe of join", "cross join", "filter of join", "intersect", "except": // hold their tables as long as they stand
			require.Positive(t, env.Memory.Used(), name)
		default:
			require.Zero(t, env.Memory.Used(), name)
		}
	}
}

// endless gives one batch again and again.
type endless struct{ b *vec.Batch }

func (e endless) Open(*scan.Env, int) ([]scan.Stream, error) { return []scan.Stream{e, e, e, e}, nil }
func (e endless) Next() (*vec.Batch, error)                  { return e.b, nil }

// A query whose context ends stops at once, wherever it is.
func TestCancellation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 21))
	in := distinctRows(2000)
	b := in.source(r, 100000).batches[0]
	for _, e := range []struct {
		cause error
		words string
	}{{context.Canceled, "canceling statement due to user request"}, {context.DeadlineExceeded, "canceling statement due to statement timeout"}} {
		for name, op := range operators(t, endless{b}, in.source(r, 100000)) {
			if name == "build of join" || name == "sort" {
				continue // would hold all memory there is
			}
			env := newEnv(shape{vec.DefaultRows, 4})
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			if e.cause == context.Canceled {
				ctx, cancel = context.WithCancel(context.Background())
				time.AfterFunc(20*time.Millisecond, cancel)
			}
			env.Context = ctx
			start := time.Now()
			_, err := drain(env, op)
			cancel()
			require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, e.words)
			require.ErrorIs(t, err, e.cause)
			require.Less(t, time.Since(start), 3*time.Second, name) // 20 ms where nothing else runs
		}
	}
}

// Sorting, hashing and merging what has been read can take long: they look at the context, too.
func TestCancellationAfterTheInput(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(22, 22))
	in := distinctRows(100000)
	for _, name := range []string{"sort", "grouping", "build of join"} {
		src := in.source(r, 5000)
		env := newEnv(shape{vec.DefaultRows, 4})
		ctx, cancel := context.WithCancel(context.Background())
		env.Context = ctx
		src.before = func(i int) error {
			if i == len(src.batches)-1 {
				cancel()
			}
			return nil
		}
		_, err := drain(env, operators(t, src, &pieces{})[name])
		require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), name)
	}
}

var errRead = errors.New("the disk is gone")

// An error or a panic of one stream ends the query with an error, and the streams beside it.
func TestErrorsAndPanics(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(23, 23))
	in, small := distinctRows(3000), distinctRows(10)
	for _, panics := range []bool{false, true} {
		src, ok := in.source(r, 50), small.source(r, 5)
		src.before = func(i int) error {
			if i != 7 {
				return nil
			}
			if panics {
				panic("an operator has a bug")
			}
			return errRead
		}
		for name, op := range operators(t, src, ok) {
			for _, s := range shapes() {
				_, err := drain(newEnv(s), op)
				if panics {
					require.Equal(t, sqlstate.InternalError, sqlstate.CodeOf(err), name)
					require.ErrorContains(t, err, "an operator has a bug", name)
					continue
				}
				require.ErrorIs(t, err, errRead, "%s, %v", name, s)
			}
		}
	}
}

// An expression that fails for some row fails the query.
func TestExpressionErrors(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(24, 24))
	in := distinctRows(500)
	bad := function(t, "/", intConst(1), column(0, integer)) // one row has 0
	flag := function(t, "=", bad, intConst(1))
	for name, op := range map[string]scan.Source{
		"filter":      &scan.Filter{Input: in.source(r, 50), Conds: []exprs.Expr{flag}},
		"project":     &scan.Project{Input: in.source(r, 50), Exprs: []exprs.Expr{bad}},
		"sort":        &scan.Sort{Input: in.source(r, 50), Keys: []scan.SortKey{{Expr: bad}}, Limit: -1},
		"group":       &scan.Aggregate{Input: in.source(r, 50), Groups: []exprs.Expr{bad}, Grouped: true},
		"aggregate":   &scan.Aggregate{Input: in.source(r, 50), Aggs: []scan.AggCall{{Agg: aggregate(t, "sum", integer), Args: []exprs.Expr{bad}}}},
		"agg. filter": &scan.Aggregate{Input: in.source(r, 50), Aggs: []scan.AggCall{{Agg: aggregate(t, "count"), Filter: flag}}},
	} {
		for _, s := range shapes() {
			_, err := drain(newEnv(s), op)
			require.Equal(t, sqlstate.DivisionByZero, sqlstate.CodeOf(err), "%s, %v: %v", name, s, err)
		}
	}
}

package builtin_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
)

// expressions makes expressions on the columns int8, int8, timestamp, timestamp, text, text, numeric, by name, all of which can fail.
func expressions(t *testing.T) map[string]exprs.Expr {
	r := builtin.Registry()
	call := func(name string, args ...exprs.Expr) exprs.Expr {
	next:
		for _, f := range r.Funcs(name) {
			if len(f.Args) != len(args) {
				continue
			}
			for i, a := range args {
				if f.Args[i] != a.Type() {
					continue next
				}
			}
			c, err := exprs.NewCall(f, args)
			require.NoError(t, err)
			return c
		}
		require.Fail(t, "no function "+name)
		return nil
	}
	col := func(i int, typ arrowschema.Type) exprs.Expr { return &exprs.Column{Index: i, T: typ} }
	cast := func(e exprs.Expr, to arrowschema.Type) exprs.Expr {
		c, ok := r.Cast(e.Type(), to)
		require.True(t, ok)
		return exprs.NewCast(c, e)
	}
	constant := func(typ arrowschema.Type, text string) exprs.Expr {
		v, err := vec.Constant(typ, text)
		require.NoError(t, err)
		return exprs.NewConst(v)
	}
	number := func(text string) exprs.Expr { return constant(arrowschema.Numeric, text) }
	word := func(text string) exprs.Expr { return exprs.NewConst(vec.NewConst(arrowschema.Text, text, 1)) }
	a, b := cast(col(0, arrowschema.Int8), arrowschema.Numeric), cast(col(1, arrowschema.Int8), arrowschema.Numeric)
	since := call("extract", word("epoch"), call("-", col(3, arrowschema.Timestamp), col(2, arrowschema.Timestamp)))
	rate, s, u := call("/", a, since), col(4, arrowschema.Text), col(5, arrowschema.Text)
	return map[string]exprs.Expr{
		"a/b": call("/", a, b), "a/epoch": rate, "a/(b+1.5)": call("/", a, call("+", b, number("1.5"))), "a*b": call("*", a, b),
		"round(a/epoch,2)": call("round", rate, constant(arrowschema.Int4, "2")), "(a/epoch)::float8": cast(rate, arrowschema.Float8),
		"a/60.0/b": call("/", call("/", a, number("60.0")), b), "a/0": call("/", a, number("0")), "epoch/7": call("/", since, number("7")),
		"a/NaN": call("/", a, number("NaN")), "10/b": call("/", number("10"), b), "ceil(a/b)": call("ceil", call("/", a, b)),
		"s||'.'||u":          call("||", call("||", s, word(".")), u),
		"case":               &exprs.Case{Whens: []exprs.Expr{call("=", s, u)}, Thens: []exprs.Expr{rate}, Else: exprs.Null(arrowschema.Numeric), T: arrowschema.Numeric},
		"n/b, not provable":  call("/", col(6, arrowschema.Numeric), b),
		"a/b^b, no provable": call("/", a, call("^", b, b)),
	}
}

// batchOf makes rows of the columns of expressions. Harmless ones have no zeros, no extremes and no equal timestamps.
func batchOf(r *rand.Rand, n int, harmless bool) *vec.Batch {
	ints := func(values ...int64) *vec.Vec {
		b := vec.NewBuilder(arrowschema.Int8, n)
		for range n {
			switch {
			case r.IntN(5) == 0:
				b.AppendNull()
			case harmless || r.IntN(40) > 0:
				b.AppendInt(1 + r.Int64N(1000))
			default:
				b.AppendInt(values[r.IntN(len(values))])
			}
		}
		return b.Vec()
	}
	text := func() *vec.Vec {
		b := vec.NewBuilder(arrowschema.Text, n)
		for range n {
			b.AppendString(strings.Repeat("x", r.IntN(5)))
		}
		return b.Vec()
	}
	times := func(base int64) *vec.Vec {
		v := ints(0, math.MinInt64, math.MaxInt64, math.MaxInt64-1, math.MinInt64+1, 1<<62).As(arrowschema.Timestamp)
		for i, x := range v.Ints {
			if x > 0 && x <= 1000 {
				v.Ints[i] += base
			}
		}
		return v
	}
	extremes := []int64{0, math.MinInt64, math.MaxInt64, -1}
	return &vec.Batch{N: n, Cols: []*vec.Vec{ints(extremes...), ints(extremes...), times(0), times(1e6 * int64(1+r.IntN(2))), text(), text(), vec.NewNull(arrowschema.Numeric, n)}}
}

// What is shown to fail for no row fails for none, and usual rows are shown to fail for none.
func TestProofs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(41, 41))
	unprovable := map[string]bool{"n/b, not provable": true, "a/b^b, no provable": true, "a/0": true, "a/NaN": true}
	shown, failed := 0, 0
	for name, e := range expressions(t) {
		require.True(t, exprs.MayFail(e), name)
		proof, ok := exprs.ProofOf(e)
		require.Equal(t, unprovable[name], !ok, name)
		if !ok {
			continue
		}
		for round := range 200 {
			harmless := round%4 == 0
			b := batchOf(r, 1+r.IntN(40), harmless)
			ctx := exprs.NewCtx(context.Background(), 0, time.UTC)
			ok, err := proof(ctx, b)
			require.True(t, ok && err == nil || !harmless, "%s: usual rows: %v", name, err)
			_, evalErr := e.Eval(ctx, b)
			if err != nil {
				require.Error(t, evalErr, name)
			}
			if ok {
				require.NoError(t, evalErr, name)
				shown++
			}
			if evalErr != nil {
				failed++
			}
		}
	}
	require.Greater(t, shown, 1000)
	require.Greater(t, failed, 100)
}

// A text that is far longer than usual is not shown to be harmless.
func TestProofOfLongTexts(t *testing.T) {
	t.Parallel()
	proof, ok := exprs.ProofOf(expressions(t)["s||'.'||u"])
	require.True(t, ok)
	b := batchOf(rand.New(rand.NewPCG(42, 42)), 10, true)
	b.Cols[5].Strs[7] = strings.Repeat("x", 2<<20)
	for _, v := range []*vec.Vec{b.Cols[5], vec.NewDict([]uint16{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, b.Cols[5], nil), vec.NewDict([]uint16{7, 7, 7}, b.Cols[5], nil)} {
		b.Cols[5], b.N = v, v.N
		b.Cols[4] = b.Cols[4].Slice(0, v.N)
		ok, err := proof(exprs.NewCtx(context.Background(), 0, time.UTC), b)
		require.NoError(t, err)
		require.False(t, ok)
	}
	unused := vec.NewDict([]uint16{1, 2, 3}, b.Cols[5].Dict, nil)
	b.Cols[5] = unused
	ok, err := proof(exprs.NewCtx(context.Background(), 0, time.UTC), b)
	require.NoError(t, err)
	require.True(t, ok, "the long entry belongs to no row")
}

package numeric

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Comparing integers with a constant's integer is comparing the numerics: constants between two integers, beyond 64 bits, NaN and infinite ones too.
func TestFusedComparisons(t *testing.T) {
	t.Parallel()
	cast := exprs.Cast{From: arrowschema.Int8, To: arrowschema.Numeric, Eval: exprs.Unary(decimal.FromInt64)}
	column := &exprs.Column{T: arrowschema.Int8}
	plain := exprs.Comparisons(arrowschema.Numeric, arrowschema.Numeric, decimal.Cmp)
	constant := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) decimal.Dec {
			return decimal.New(rapid.Int64Range(-400, 400).Draw(t, "digits"), rapid.IntRange(0, 2).Draw(t, "scale"))
		}),
		rapid.Custom(func(t *rapid.T) decimal.Dec {
			return decimal.FromInt128(rapid.Int64Range(-3, 3).Draw(t, "high"), rapid.Uint64().Draw(t, "low"), 0)
		}),
		rapid.SampledFrom([]decimal.Dec{decimal.NaN(), decimal.Inf(1), decimal.Inf(-1)}),
	)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-4, 4), rapid.Int64()), 1, 20).Draw(t, "values")
		rows := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil)}}
		args := []exprs.Expr{exprs.NewCast(&cast, column), exprs.NewConst(vec.NewConst(arrowschema.Numeric, constant.Draw(t, "constant"), 1))}
		if rapid.Bool().Draw(t, "flip") {
			args[0], args[1] = args[1], args[0]
		}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		for i, f := range numericComparisons() {
			fused, err := exprs.NewCall(&f, args)
			require.NoError(t, err)
			slow, err := exprs.NewCall(&plain[i], args)
			require.NoError(t, err)
			got, err := fused.Eval(ctx, rows)
			require.NoError(t, err)
			want, err := slow.Eval(ctx, rows)
			require.NoError(t, err)
			require.Equal(t, want.Bools, got.Bools, f.Name)
		}
	})
}

// The scaled form of arithmetic is its value, digits and all.
func TestScaledArithmetic(t *testing.T) {
	t.Parallel()
	cast := exprs.Cast{From: arrowschema.Int8, To: arrowschema.Numeric, Eval: exprs.Unary(decimal.FromInt64)}
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]int64{9, 1 << 33, 1 << 58, 1<<63 - 1}).Draw(t, "size")
		n := rapid.IntRange(1, 10).Draw(t, "rows")
		rows := &vec.Batch{N: n}
		for range 2 {
			rows.Cols = append(rows.Cols, vec.NewFlat(arrowschema.Int8, rapid.SliceOfN(rapid.Int64Range(-size, size), n, n).Draw(t, "values"), nil))
		}
		var build func(depth int) exprs.Expr
		build = func(depth int) exprs.Expr {
			switch k := rapid.IntRange(0, 5).Draw(t, "node"); {
			case k == 0:
				return exprs.NewConst(vec.NewConst(arrowschema.Numeric, decimal.New(rapid.Int64Range(-50, 50).Draw(t, "digits"), rapid.IntRange(0, 4).Draw(t, "scale")), 1))
			case k < 3 || depth == 0:
				return exprs.NewCast(&cast, &exprs.Column{Index: k % 2, T: arrowschema.Int8})
			}
			op := rapid.SampledFrom(numericOperators()[:3]).Draw(t, "op")
			c, err := exprs.NewCall(&op, []exprs.Expr{build(depth - 1), build(depth - 1)})
			require.NoError(t, err)
			return c
		}
		e := build(3)
		s, ok := exprs.ScaledOf(e)
		if !ok {
			return
		}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		got, ok, err := s.Eval(ctx, rows)
		require.NoError(t, err)
		if !ok {
			return
		}
		want, err := e.Eval(ctx, rows)
		require.NoError(t, err)
		for i := range n {
			w, at := want.Value(i)
			require.Equal(t, w.Decs[at].String(), decimal.New(got.Ints[got.At(i)], s.Scale).String(), exprs.String(e))
		}
	})
}

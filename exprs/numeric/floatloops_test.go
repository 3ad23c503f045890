package numeric

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// The loops give what one operation after the other gives, or its first error; what lies under NULLs gives none.
func TestFloatLoops(t *testing.T) {
	t.Parallel()
	float := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -3, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64,
		math.SmallestNonzeroFloat64, 0x1p-1022}))
	rapid.Check(t, func(t *rapid.T) {
		op := rapid.SampledFrom(floatOperators(f8, f8)[:4]).Draw(t, "op")
		n := rapid.IntRange(1, 8).Draw(t, "rows")
		a := vec.NewFlat(arrowschema.Float8, rapid.SliceOfN(float, n, n).Draw(t, "a"), nil)
		b := vec.NewFlat(arrowschema.Float8, rapid.SliceOfN(float, n, n).Draw(t, "b"), nil)
		if rapid.Bool().Draw(t, "constant") {
			b = vec.NewConst(arrowschema.Float8, float.Draw(t, "c"), n)
		}
		one := floatOne(f8, op.Name)
		got, want := vec.New(arrowschema.Float8, n), make([]float64, n)
		var wantErr error
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				got.SetNull(i)
			} else if wantErr == nil {
				want[i], wantErr = one(a.Floats[i], b.Floats[b.At(i)])
			}
		}
		err := op.Eval(exprs.NewCtx(t.Context(), 0, nil), []*vec.Vec{a, b}, got)
		require.Equal(t, wantErr, err)
		for i := range n {
			if err == nil && got.Valid.Get(i) {
				w, g := want[i], got.Floats[i]
				require.True(t, math.Float64bits(w) == math.Float64bits(g) || math.IsNaN(w) && math.IsNaN(g), "%v %v", w, g)
			}
		}
	})
}

// The loops of abs and sqrt give what one value after the other gives, or its first error.
func TestUnaryLoops(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "rows")
		ints := rapid.SliceOfN(rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, -1, math.MinInt64, math.MaxInt64})), n, n).Draw(t, "ints")
		floats := rapid.SliceOfN(rapid.OneOf(rapid.Float64Min(0), rapid.SampledFrom([]float64{-1, math.Inf(-1), math.NaN(), math.Copysign(0, -1)})), n, n).Draw(t, "floats")
		whole, real := vec.New(arrowschema.Int8, n), vec.New(arrowschema.Float8, n)
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				whole.SetNull(i)
				real.SetNull(i)
			}
		}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		err := absIntegers(arrowschema.Int8)(ctx, []*vec.Vec{vec.NewFlat(arrowschema.Int8, ints, nil)}, whole)
		rootErr := roots(ctx, []*vec.Vec{vec.NewFlat(arrowschema.Float8, floats, nil)}, real)
		var wantErr, wantRootErr error
		for i := range n {
			if !whole.Valid.Get(i) {
				continue
			}
			w, e := absInteger(arrowschema.Int8)(ints[i])
			if wantErr == nil {
				wantErr = e
			}
			f, e := sqrt(floats[i])
			if wantRootErr == nil {
				wantRootErr = e
			}
			require.True(t, err != nil || w == whole.Ints[i])
			require.True(t, rootErr != nil || math.Float64bits(f) == math.Float64bits(real.Floats[i]) || math.IsNaN(f) && math.IsNaN(real.Floats[i]))
		}
		require.Equal(t, wantErr, err)
		require.Equal(t, wantRootErr, rootErr)
	})
}

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

func numericConst(d decimal.Dec) exprs.Expr {
	return exprs.NewConst(vec.NewConst(arrowschema.Numeric, d, 1))
}

// named gives the numeric function of a name and of that many arguments, computed as it stands.
func named(t require.TestingT, name string, args []exprs.Expr) exprs.Expr {
	for _, f := range append(numericOperators(), Functions()...) {
		if f.Name == name && len(f.Args) == len(args) && f.Args[0] == arrowschema.Numeric {
			f.Fuse = nil
			c, err := exprs.NewCall(&f, args)
			require.NoError(t, err)
			return c
		}
	}
	require.FailNow(t, name)
	return nil
}

// drawRising draws a chain of divisions, products and roundings of a bigint column.
func drawRising(t *rapid.T) exprs.Expr {
	cast := exprs.Cast{From: arrowschema.Int8, To: arrowschema.Numeric, Eval: exprs.Unary(decimal.FromInt64)}
	e := exprs.Expr(exprs.NewCast(&cast, &exprs.Column{T: arrowschema.Int8}))
	for range rapid.IntRange(1, 3).Draw(t, "steps") {
		by := decimal.New(rapid.Int64Range(1, 1<<rapid.IntRange(1, 62).Draw(t, "bits")).Draw(t, "digits"), rapid.IntRange(0, 20).Draw(t, "scale"))
		switch rapid.IntRange(0, 4).Draw(t, "step") {
		case 0:
			name, more := drawRounding(t, -3, 12)
			e = named(t, name, append([]exprs.Expr{e}, more...))
		case 1:
			e = named(t, "*", []exprs.Expr{e, numericConst(by)})
		default:
			e = named(t, "/", []exprs.Expr{e, numericConst(by)})
		}
	}
	return e
}

// drawRounding draws a function that rounds and what it takes beside what it rounds.
func drawRounding(t *rapid.T, from, to int64) (name string, more []exprs.Expr) {
	name = rapid.SampledFrom([]string{"round", "trunc", "ceil", "ceiling", "floor"}).Draw(t, "rounding")
	if (name == "round" || name == "trunc") && rapid.Bool().Draw(t, "has places") {
		more = append(more, exprs.NewConst(vec.NewConst(arrowschema.Int4, rapid.Int64Range(from, to).Draw(t, "places"), 1)))
	}
	return name, more
}

// Comparing the integer is comparing the quotient: around the limit, and where the quotient's scale changes.
func TestFusedRising(t *testing.T) {
	t.Parallel()
	plain := exprs.Comparisons(arrowschema.Numeric, arrowschema.Numeric, decimal.Cmp)
	rapid.Check(t, func(t *rapid.T) {
		e := drawRising(t)
		base := rapid.Int64Range(-mostRising, mostRising).Draw(t, "base") >> rapid.IntRange(0, 46).Draw(t, "cut")
		if rapid.Bool().Draw(t, "step") {
			base = 1
			for range rapid.IntRange(0, 13).Draw(t, "tens") {
				base *= 10
			}
			base *= rapid.Int64Range(-9, 9).Draw(t, "times")
		}
		values := []int64{base - 2, base - 1, base, base + 1, base + 2, rapid.Int64().Draw(t, "any")}
		if rapid.Bool().Draw(t, "near") {
			values = values[:5]
		}
		rows := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil)}}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		v, err := e.Eval(ctx, rows)
		require.NoError(t, err)
		limit := v.Decs[rapid.IntRange(0, 4).Draw(t, "limit")]
		if rapid.Bool().Draw(t, "beside") {
			limit, err = decimal.Add(limit, decimal.New(rapid.Int64Range(-1, 1).Draw(t, "by"), limit.Scale()))
			require.NoError(t, err)
		}
		args := []exprs.Expr{e, numericConst(limit)}
		for i, f := range numericComparisons() {
			fused, err := exprs.NewCall(&f, args)
			require.NoError(t, err)
			slow, err := exprs.NewCall(&plain[i], args)
			require.NoError(t, err)
			got, err := fused.Eval(ctx, rows)
			require.NoError(t, err)
			want, err := slow.Eval(ctx, rows)
			require.NoError(t, err)
			require.Equal(t, want.Bools, got.Bools, "%s %s", f.Name, exprs.String(fused))
		}
	})
}

// A rising expression never falls from one integer to the next, also where scales change.
func TestRisingRises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, ok := risingOf(drawRising(t))
		if !ok {
			return
		}
		x := rapid.Int64Range(-mostRising, mostRising-1).Draw(t, "x") >> rapid.IntRange(0, 46).Draw(t, "cut")
		at := r.at()
		a, err := at(x)
		require.NoError(t, err)
		b, err := at(x + 1)
		require.NoError(t, err)
		require.LessOrEqual(t, decimal.Cmp(a, b), 0)
	})
}

// The scaled form of what is rounded is its value, digits and all.
func TestScaledRound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inner := drawRising(t)
		name, more := drawRounding(t, -1, 13)
		e := named(t, name, append([]exprs.Expr{inner}, more...))
		s, ok := exprs.ScaledOf(e)
		if !ok {
			return
		}
		cut := rapid.IntRange(0, 63).Draw(t, "cut")
		values := rapid.SliceOfN(rapid.Int64(), 1, 6).Draw(t, "values")
		for i := range values {
			values[i] >>= cut
		}
		rows := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil)}}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		got, ok, err := s.Eval(ctx, rows)
		require.NoError(t, err)
		if !ok {
			return
		}
		want, err := e.Eval(ctx, rows)
		require.NoError(t, err)
		for i := range values {
			require.Equal(t, want.Decs[i].String(), decimal.New(got.Ints[i], s.Scale).String(), exprs.String(e))
		}
	})
}

// Codes of rounded values stand for these values, digits and all, batch after batch.
func TestGridCodes(t *testing.T) {
	t.Parallel()
	coded := 0
	rapid.Check(t, func(t *rapid.T) {
		cast := exprs.Cast{From: arrowschema.Int8, To: arrowschema.Numeric, Eval: exprs.Unary(decimal.FromInt64)}
		e, cut := exprs.Expr(exprs.NewCast(&cast, &exprs.Column{T: arrowschema.Int8})), rapid.IntRange(40, 56).Draw(t, "cut")
		by := []exprs.Expr{e, numericConst(decimal.New(rapid.Int64Range(1, 99999).Draw(t, "by"), rapid.IntRange(0, 3).Draw(t, "scale")))}
		if e = named(t, "/", by); rapid.IntRange(0, 3).Draw(t, "chain") == 0 {
			e, cut = drawRising(t), rapid.IntRange(0, 63).Draw(t, "any cut")
		}
		name, more := drawRounding(t, -2, 3)
		args := append([]exprs.Expr{e}, more...)
		slow, fused := named(t, name, args), fuseGrid(name)(args)
		if fused == nil {
			return
		}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			values := rapid.SliceOfN(rapid.Int64(), 1, 100).Draw(t, "values")
			for i := range values {
				values[i] >>= cut
			}
			rows := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, nil)}}
			got, ok, err := fused(ctx, rows)
			require.NoError(t, err)
			if !ok {
				continue
			}
			coded++
			want, err := slow.Eval(ctx, rows)
			require.NoError(t, err)
			for i := range values {
				require.Equal(t, want.Decs[i].String(), got.Dict.Decs[got.Codes[i]].String(), "%s of %d", exprs.String(slow), values[i])
			}
		}
	})
	require.Positive(t, coded)
}

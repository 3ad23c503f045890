package scan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// A comparison told by bits is true where Go's is, negated where that is false, and never for NULL, at the limits of integers too.
func TestRangeTests(t *testing.T) {
	t.Parallel()
	is := map[string]func(a, b int64) bool{
		"=": func(a, b int64) bool { return a == b }, "<>": func(a, b int64) bool { return a != b }, "<": func(a, b int64) bool { return a < b },
		"<=": func(a, b int64) bool { return a <= b }, ">": func(a, b int64) bool { return a > b }, ">=": func(a, b int64) bool { return a >= b },
	}
	edges := rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(edges, rapid.Int64()), 1, 200).Draw(t, "values")
		valid := vec.NewBitmap(len(values))
		for i := range values {
			if rapid.IntRange(0, 5).Draw(t, "null") == 0 {
				valid.Clear(i)
			}
		}
		b := &vec.Batch{N: len(values), Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, values, valid)}}
		x := rapid.OneOf(edges, rapid.Int64(), rapid.SampledFrom(values)).Draw(t, "x")
		flipped, negated := rapid.Bool().Draw(t, "flipped"), rapid.Bool().Draw(t, "negated")
		for op, f := range is {
			out := make([]uint64, (len(values)+63)/64)
			ok, err := rangeTestBy(op, 0, x, flipped, negated).pass(nil, b, out)
			require.NoError(t, err)
			require.True(t, ok)
			for i, v := range values {
				want := f(v, x)
				if flipped {
					want = f(x, v)
				}
				require.Equal(t, want != negated && valid.Get(i), vec.Bitmap(out).Get(i), "%d %s %d, %v %v", v, op, x, flipped, negated)
			}
		}
	})
	require.Nil(t, rangeTestBy("~~", 0, 0, false, false))
}

// What is no test: a date against a time, which count other units; NULL; what may fail; what reads two columns.
func TestBitTestsLeaveOut(t *testing.T) {
	t.Parallel()
	comparison := func(a, b exprs.Expr) exprs.Expr {
		return &exprs.Call{Fn: &exprs.Func{Name: "<", Args: []arrowschema.Type{a.Type(), b.Type()}, Result: arrowschema.Bool}, Args: []exprs.Expr{a, b}}
	}
	constant := func(typ arrowschema.Type) exprs.Expr { return exprs.NewConst(vec.NewConst(typ, int64(5), 1)) }
	date, integer := &exprs.Column{T: arrowschema.Date}, &exprs.Column{T: arrowschema.Int4}
	require.IsType(t, &rangeTest{}, bitTestOf(comparison(integer, constant(arrowschema.Int8)), false))
	require.IsType(t, &rangeTest{}, bitTestOf(comparison(constant(arrowschema.Date), date), true))
	require.IsType(t, &codeTest{}, bitTestOf(comparison(date, constant(arrowschema.Timestamp)), false))
	require.IsType(t, &codeTest{}, bitTestOf(comparison(integer, exprs.NewConst(vec.NewNull(arrowschema.Int4, 1))), false))
	both := comparison(integer, &exprs.Column{T: arrowschema.Int4, Index: 1})
	require.Nil(t, bitTestOf(both, false))
	require.Nil(t, bitTestOf(&exprs.Or{Args: []exprs.Expr{comparison(integer, constant(arrowschema.Int8)), both}}, false))
	require.Len(t, bitTestsOf([]exprs.Expr{comparison(integer, constant(arrowschema.Int8)), both, &exprs.IsNull{Arg: date}}), 1)
}

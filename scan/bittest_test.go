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
		column := vec.NewFlat(arrowschema.Int8, values, valid)
		codes := make([]uint16, len(values)) // into the values backwards, of which NULLs may be entries
		for i := range codes {
			codes[i] = uint16(len(values) - 1 - i)
		}
		if rapid.Bool().Draw(t, "coded") {
			column = vec.NewDict(codes, column, nil)
		}
		b := &vec.Batch{N: len(values), Cols: []*vec.Vec{column}}
		x := rapid.OneOf(edges, rapid.Int64(), rapid.SampledFrom(values)).Draw(t, "x")
		flipped, negated := rapid.Bool().Draw(t, "flipped"), rapid.Bool().Draw(t, "negated")
		for op, f := range is {
			out := make([]uint64, (len(values)+63)/64)
			ok, err := rangeTestBy(op, 0, x, flipped, negated).pass(nil, b, out)
			require.NoError(t, err)
			require.True(t, ok)
			for i := range values {
				holder, place := column.Value(i)
				v := holder.Ints[place]
				want := f(v, x)
				if flipped {
					want = f(x, v)
				}
				require.Equal(t, want != negated && !column.IsNull(i), vec.Bitmap(out).Get(i), "%d %s %d, %v %v", v, op, x, flipped, negated)
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
	require.Len(t, bitTestsOf([]exprs.Expr{comparison(integer, constant(arrowschema.Int8)), both, &exprs.IsNull{Arg: date}}).tests, 1)
}

// Codes are looked up as one by one, where most rows are NULL and where few are, by dictionaries of any size.
func TestLookOfNulls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, entries, values := rapid.IntRange(1, 300).Draw(t, "rows"), rapid.IntRange(1, 200).Draw(t, "entries"), rapid.IntRange(0, 20).Draw(t, "values")
		pass := rapid.SliceOfN(rapid.Uint8Range(0, 1), entries, entries).Draw(t, "pass")
		codes, valid := make([]uint16, n), make(vec.Bitmap, (n+63)/64)
		for i := range codes {
			codes[i] = rapid.Uint16Range(0, uint16(entries-1)).Draw(t, "code")
			if rapid.IntRange(0, 20).Draw(t, "valid") < values {
				valid[i/64] |= 1 << (i % 64)
			}
		}
		valid[len(valid)-1] |= ^uint64(0) << (uint(n-1) % 64) << 1 // what lies behind the rows means nothing
		all := rapid.Bool().Draw(t, "all")
		if all {
			valid = nil
		}
		out := make(vec.Bitmap, (n+63)/64)
		look(out, codes, valid, pass)
		for i, c := range codes {
			require.Equal(t, pass[c] == 1 && valid.Get(i), out.Get(i), i)
		}
	})
}

package exprs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// A function of a dictionary-coded column is computed once per entry, for all the batches that share the dictionary.
func TestDictionaryOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	e := call(t, testFuncs(&calls)["same"], col(0, arrowschema.Text), textConst("k"))
	ctx, dict := newCtx(), texts("a", "k", "z")
	for range 5 {
		v, err := e.Eval(ctx, &vec.Batch{N: 4, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1, 1, 2}, dict, nil)}})
		require.NoError(t, err)
		require.NotNil(t, v.Dict)
		require.Equal(t, 3, calls)
	}
	_, err := e.Eval(ctx, &vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1}, texts("x", "y"), nil)}})
	require.NoError(t, err)
	require.Equal(t, 5, calls)
	_, err = e.Eval(ctx.Fork(), &vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1}, dict, nil)}})
	require.NoError(t, err)
	require.Equal(t, 8, calls, "another goroutine has a cache of its own")
}

// An argument that is constant in one batch and another constant in the next must not meet what was computed with the first.
func TestDictionaryBesideConstantBatches(t *testing.T) {
	t.Parallel()
	calls := 0
	e := call(t, testFuncs(&calls)["="], col(0, arrowschema.Text), col(1, arrowschema.Text))
	ctx, dict := newCtx(), texts("a", "k")
	for _, c := range []struct {
		other any
		want  []any
	}{{"a", []any{true, false}}, {"k", []any{false, true}}, {nil, []any{nil, nil}}, {"a", []any{true, false}}} {
		other := *texts(c.other)
		other.Const, other.N = true, 2
		v, err := e.Eval(ctx, &vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1}, dict, nil), &other}})
		require.NoError(t, err)
		require.Equal(t, c.want, []any{cell(v, 0), cell(v, 1)})
	}
}

// An entry that fails fails the statement only if a row has it.
func TestDictionaryEntryFails(t *testing.T) {
	t.Parallel()
	calls := 0
	e := call(t, testFuncs(&calls)["check"], col(0, arrowschema.Text))
	ctx, dict := newCtx(), texts("a", "bad", "z")
	for _, codes := range [][]uint16{{0, 2, 0}, {2, 2, 2}} {
		v, err := e.Eval(ctx, &vec.Batch{N: 3, Cols: []*vec.Vec{vec.NewDict(codes, dict, nil)}})
		require.NoError(t, err)
		require.Equal(t, codes[0] == 2, cell(v, 0))
	}
	_, err := e.Eval(ctx, &vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1}, dict, nil)}})
	require.ErrorIs(t, err, errBad)
	v, err := e.Eval(ctx, &vec.Batch{N: 2, Cols: []*vec.Vec{vec.NewDict([]uint16{0, 1}, dict, vec.Bitmap{1})}})
	require.NoError(t, err, "under a NULL it does no harm")
	require.Nil(t, cell(v, 1))
}

// A dictionary much larger than the batch is not worth computing, until enough batches of it have come.
func TestLargeDictionary(t *testing.T) {
	t.Parallel()
	calls := 0
	e := call(t, testFuncs(&calls)["same"], col(0, arrowschema.Text), textConst("k"))
	dict := vec.New(arrowschema.Text, 1000)
	ctx := newCtx()
	eval := func(n int, dict *vec.Vec) int {
		calls = 0
		v, err := e.Eval(ctx, &vec.Batch{N: n, Cols: []*vec.Vec{vec.NewDict(make([]uint16, n), dict, nil)}})
		require.NoError(t, err)
		require.Equal(t, n, v.N)
		require.Equal(t, false, cell(v, n-1))
		return calls
	}
	require.Equal(t, 2, eval(2, dict))
	require.Equal(t, 200, eval(200, dict))
	require.Equal(t, 1000, eval(60, dict), "262 rows in all")
	require.Zero(t, eval(5, dict))
	require.Equal(t, 200, eval(200, vec.New(arrowschema.Text, 1000)), "of another nothing has come")
}

// A volatile function is called for every row, whatever the form of its argument; one of constants once for a batch, and for no rows not at all.
func TestCallsPerRow(t *testing.T) {
	t.Parallel()
	calls := 0
	fns := testFuncs(&calls)
	for _, arg := range []exprs.Expr{textConst("a"), col(0, arrowschema.Text)} {
		calls = 0
		v, err := call(t, fns["volatile"], arg).Eval(newCtx(), &vec.Batch{N: 4, Cols: []*vec.Vec{vec.NewDict(make([]uint16, 4), texts("a"), nil)}})
		require.NoError(t, err)
		require.Equal(t, 4, calls)
		require.Equal(t, []any{false, true, false, true}, []any{cell(v, 0), cell(v, 1), cell(v, 2), cell(v, 3)})
	}
	calls = 0
	constant := call(t, fns["same"], textConst("a"), textConst("a"))
	v, err := constant.Eval(newCtx(), &vec.Batch{N: 1000})
	require.NoError(t, err)
	require.True(t, v.Const)
	require.Equal(t, 1, calls)
	v, err = call(t, fns["check"], textConst("bad")).Eval(newCtx(), &vec.Batch{N: 0})
	require.NoError(t, err)
	require.Zero(t, v.N)
}

func TestCastRelabels(t *testing.T) {
	t.Parallel()
	e := exprs.NewCast(&exprs.Cast{From: arrowschema.Varchar, To: arrowschema.Text}, col(0, arrowschema.Varchar))
	v, err := e.Eval(newCtx(), &vec.Batch{N: 1, Cols: []*vec.Vec{vec.NewDict([]uint16{0}, texts("x").As(arrowschema.Varchar), nil)}})
	require.NoError(t, err)
	require.Equal(t, arrowschema.Text, v.Type)
	require.Equal(t, arrowschema.Text, v.Dict.Type)
}

// What Bind refuses is an error of the statement.
func TestBindFails(t *testing.T) {
	t.Parallel()
	_, err := exprs.NewCall(&exprs.Func{Name: "f", Bind: func([]exprs.Expr) (exprs.Kernel, error) { return nil, errBad }}, nil)
	require.ErrorIs(t, err, errBad)
}

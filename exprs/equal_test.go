package exprs_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// All different expressions, made anew at each call.
func different(t *testing.T, fns map[string]*exprs.Func) []exprs.Expr {
	yes, no := true, false
	a, b := col(0, arrowschema.Text), col(1, arrowschema.Text)
	p, q := col(2, arrowschema.Bool), col(3, arrowschema.Bool)
	one := func(v *vec.Vec) exprs.Expr { return exprs.NewConst(v) }
	return []exprs.Expr{
		a, b, p, q, textConst("a"), textConst("b"), boolConst(true), exprs.Null(arrowschema.Text), exprs.Null(arrowschema.Bool), intConst(1),
		one(vec.NewConst(arrowschema.Int4, int64(1), 1)), one(vec.NewConst(arrowschema.Float8, 0.0, 1)), one(vec.NewConst(arrowschema.Float8, math.Copysign(0, -1), 1)),
		one(vec.NewConst(arrowschema.Interval, temporal.Interval{Days: 1}, 1)), one(vec.NewConst(arrowschema.Interval, temporal.Interval{Micros: temporal.MicrosPerDay}, 1)),
		one(vec.NewConst(arrowschema.TimestampTZ, int64(5), 1)),
		call(t, fns["="], a, b), call(t, fns["="], b, a), call(t, fns["<"], a, b), call(t, fns["="], a, textConst("x")), call(t, fns["="], a, textConst("y")),
		exprs.NewCast(&exprs.Cast{From: arrowschema.Text, To: arrowschema.Varchar}, a), exprs.NewCast(&exprs.Cast{From: arrowschema.Text, To: arrowschema.UUID}, a),
		&exprs.And{Args: []exprs.Expr{p, q}}, &exprs.And{Args: []exprs.Expr{q, p}}, &exprs.And{Args: []exprs.Expr{p, q, p}}, &exprs.Or{Args: []exprs.Expr{p, q}},
		&exprs.Not{Arg: p}, &exprs.IsNull{Arg: p}, &exprs.IsNull{Arg: p, Negated: true}, &exprs.Truth{Arg: p}, &exprs.Truth{Arg: p, Want: &yes},
		&exprs.Truth{Arg: p, Want: &no}, &exprs.Truth{Arg: p, Want: &no, Negated: true},
		&exprs.Case{Whens: []exprs.Expr{p}, Thens: []exprs.Expr{a}, Else: b, T: arrowschema.Text},
		&exprs.Case{Whens: []exprs.Expr{q}, Thens: []exprs.Expr{a}, Else: b, T: arrowschema.Text},
		&exprs.Coalesce{Args: []exprs.Expr{a, b}, T: arrowschema.Text}, &exprs.Coalesce{Args: []exprs.Expr{b, a}, T: arrowschema.Text},
		exprs.NewIn(a, []*exprs.Const{textConst("x")}, false), exprs.NewIn(a, []*exprs.Const{textConst("x")}, true), exprs.NewIn(a, []*exprs.Const{textConst("y")}, false),
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	calls := 0
	fns := testFuncs(&calls)
	x, y := different(t, fns), different(t, fns)
	for i := range x {
		for j := range y {
			require.Equal(t, i == j, exprs.Equal(x[i], y[j]), "%s, %s", exprs.String(x[i]), exprs.String(y[j]))
		}
	}
	v := call(t, fns["volatile"], textConst("a"))
	require.True(t, exprs.Equal(v, v))
	require.False(t, exprs.Equal(v, call(t, fns["volatile"], textConst("a"))), "two calls of a volatile function are two values")
}

// Rewriting every node into itself keeps the tree; renumbering columns there and back gives an equal one, and both leave the original alone.
func TestRewriteAndRemap(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, e := range different(t, testFuncs(&calls)) {
		require.Same(t, e, exprs.Rewrite(e, func(x exprs.Expr) exprs.Expr { return x }))
		text := exprs.String(e)
		moved := exprs.Remap(e, func(i int) int { return i + 7 })
		before, after := map[int]bool{}, map[int]bool{}
		exprs.Columns(e, before)
		exprs.Columns(moved, after)
		require.Len(t, after, len(before))
		for i := range before {
			require.True(t, after[i+7], text)
		}
		require.Equal(t, text, exprs.String(e))
		require.True(t, exprs.Equal(e, exprs.Remap(moved, func(i int) int { return i - 7 })), text)
		require.Equal(t, e.Type(), moved.Type())
		require.Equal(t, len(before) == 0, exprs.Fixed(e), text)
	}
	require.False(t, exprs.Fixed(call(t, testFuncs(&calls)["volatile"], textConst("a"))))
}

// A walk that says no does not go on below.
func TestWalk(t *testing.T) {
	t.Parallel()
	p := col(0, arrowschema.Bool)
	e := &exprs.And{Args: []exprs.Expr{&exprs.Not{Arg: p}, p}}
	var seen []string
	exprs.Walk(e, func(x exprs.Expr) bool {
		seen = append(seen, exprs.String(x))
		_, not := x.(*exprs.Not)
		return !not
	})
	require.Equal(t, []string{"(NOT a AND a)", "NOT a", "a"}, seen)
	exprs.Walk(nil, func(exprs.Expr) bool { t.Fatal("there is nothing to visit"); return false })
}

func TestString(t *testing.T) {
	t.Parallel()
	calls := 0
	fns := testFuncs(&calls)
	yes := true
	a, p := col(0, arrowschema.Text), col(1, arrowschema.Bool)
	for want, e := range map[string]exprs.Expr{
		"(a = 'it''s')":                           call(t, fns["="], a, textConst("it's")),
		"check(a)":                                call(t, fns["check"], a),
		"a::varchar":                              exprs.NewCast(&exprs.Cast{From: arrowschema.Text, To: arrowschema.Varchar}, a),
		"(a IN ('x', NULL))":                      exprs.NewIn(a, []*exprs.Const{textConst("x"), exprs.Null(arrowschema.Text)}, false),
		"(a NOT IN ('x'))":                        exprs.NewIn(a, []*exprs.Const{textConst("x")}, true),
		"CASE WHEN b THEN a ELSE NULL END":        &exprs.Case{Whens: []exprs.Expr{p}, Thens: []exprs.Expr{a}, Else: exprs.Null(arrowschema.Text), T: arrowschema.Text},
		"COALESCE(a, 'x')":                        &exprs.Coalesce{Args: []exprs.Expr{a, textConst("x")}, T: arrowschema.Text},
		"(b IS NOT TRUE)":                         &exprs.Truth{Arg: p, Want: &yes, Negated: true},
		"(b IS UNKNOWN)":                          &exprs.Truth{Arg: p},
		"(b IS NOT NULL)":                         &exprs.IsNull{Arg: p, Negated: true},
		"'1970-01-01 00:00:00.000005'::timestamp": exprs.NewConst(vec.NewConst(arrowschema.Timestamp, int64(5), 1)),
	} {
		require.Equal(t, want, exprs.String(e))
	}
}

package numeric_test

import (
	"context"
	"testing"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/vec"
)

func BenchmarkNumeric(b *testing.B) {
	r, ctx := builtin.Registry(), exprs.NewCtx(context.Background(), exprtest.Now, nil)
	ints, decs, floats := vec.New(arrowschema.Int8, vec.DefaultRows), vec.New(arrowschema.Numeric, vec.DefaultRows), vec.New(arrowschema.Float8, vec.DefaultRows)
	for i := range ints.Ints {
		ints.Ints[i] = int64(i) * 52_428_800
		decs.Decs[i] = decimal.New(int64(i)*1_500_001, 6)
		floats.Floats[i] = float64(i) * 1.1
	}
	for _, c := range []struct {
		name, op string
		args     []*vec.Vec
	}{
		{"int8-less-const", "<", []*vec.Vec{ints, exprtest.Int(arrowschema.Int8, 1<<30)}},
		{"int8-equal-const", "=", []*vec.Vec{ints, exprtest.Int(arrowschema.Int8, 1<<30)}},
		{"int8-divide-int4", "/", []*vec.Vec{ints, exprtest.Int(arrowschema.Int4, 1024)}},
		{"int8-plus-int8", "+", []*vec.Vec{ints, ints}},
		{"numeric-divide-int8", "/", []*vec.Vec{decs, vec.NewConst(arrowschema.Numeric, decimal.FromInt64(7), 1)}},
		{"float8-less", "<", []*vec.Vec{floats, vec.NewConst(arrowschema.Float8, 100.5, 1)}},
		{"power", "power", []*vec.Vec{floats, vec.NewConst(arrowschema.Float8, 1.5, 1)}},
		{"to_char", "to_char", []*vec.Vec{decs, exprtest.Text("FM9,999,990.00")}},
	} {
		b.Run(c.name, func(b *testing.B) { exprtest.Benchmark(b, r, ctx, c.op, c.args...) })
	}
}

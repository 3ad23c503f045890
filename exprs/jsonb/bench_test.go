package jsonb_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/vec"
)

func BenchmarkJSONB(b *testing.B) {
	r, ctx := builtin.Registry(), exprs.NewCtx(context.Background(), exprtest.Now, nil)
	arrays, objects, numbers := vec.New(arrowschema.JSONB, vec.DefaultRows), vec.New(arrowschema.JSONB, vec.DefaultRows), vec.New(arrowschema.JSONB, vec.DefaultRows)
	for i := range arrays.Strs {
		arrays.Strs[i] = fmt.Sprintf(`["chat", "messages_%d", "user%d"]`, i%9, i)
		objects.Strs[i] = fmt.Sprintf(`{"last_rows": %d, "buffer_size": %d}`, i%100, 1000+i)
		numbers.Strs[i] = fmt.Sprint(1000 + i)
	}
	for _, c := range []struct {
		name, op string
		args     []*vec.Vec
	}{
		{"index", "->", []*vec.Vec{arrays, exprtest.Int(arrowschema.Int4, 1)}},
		{"field-text", "->>", []*vec.Vec{objects, exprtest.Text("buffer_size")}},
		{"contains", "@>", []*vec.Vec{objects, vec.NewConst(arrowschema.JSONB, `{"last_rows": 7}`, 1)}},
		{"array_length", "jsonb_array_length", []*vec.Vec{arrays}},
		{"to-int", "cast:int4", []*vec.Vec{numbers}},
		{"equal", "=", []*vec.Vec{objects, vec.NewConst(arrowschema.JSONB, objects.Strs[7], 1)}},
	} {
		b.Run(c.name, func(b *testing.B) { exprtest.Benchmark(b, r, ctx, c.op, c.args...) })
	}
}

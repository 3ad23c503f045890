package text_test

import (
	"fmt"
	"testing"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/vec"
)

const benchRows = vec.DefaultRows

func traces() *vec.Vec {
	s := make([]string, benchRows)
	for i := range s {
		s[i] = fmt.Sprintf("node-%d:flush-actor-%d:thread-%d", i%7, i%31, i)
	}
	return exprtest.Texts(s...)
}

func statuses() *vec.Vec {
	s := make([]string, benchRows)
	for i := range s {
		s[i] = []string{"completed", "failed", "running", "pending"}[i*7%4]
	}
	return exprtest.Texts(s...)
}

func BenchmarkText(b *testing.B) {
	r := builtin.Registry()
	for _, c := range []struct {
		name, op string
		args     []*vec.Vec
	}{
		{"equal", "=", []*vec.Vec{statuses(), exprtest.Text("completed")}},
		{"less", "<", []*vec.Vec{traces(), exprtest.Text("node-3")}},
		{"like-prefix", "~~", []*vec.Vec{traces(), exprtest.Text("node-1:%")}},
		{"like-infix", "~~", []*vec.Vec{traces(), exprtest.Text("%actor-7:%")}},
		{"like-general", "~~", []*vec.Vec{traces(), exprtest.Text("node-_:%:thread-1%")}},
		{"ilike", "~~*", []*vec.Vec{traces(), exprtest.Text("NODE-1:%")}},
		{"regex", "~", []*vec.Vec{traces(), exprtest.Text(`^node-[13]:`)}},
		{"concat", "||", []*vec.Vec{statuses(), traces()}},
		{"length", "length", []*vec.Vec{traces()}},
		{"lower", "lower", []*vec.Vec{traces()}},
		{"split_part", "split_part", []*vec.Vec{traces(), exprtest.Text(":"), exprtest.Int(arrowschema.Int4, 2)}},
	} {
		b.Run(c.name, func(b *testing.B) { exprtest.Benchmark(b, r, newCtx(), c.op, c.args...) })
	}
	b.Run("uuid-equal", func(b *testing.B) {
		u := vec.New(arrowschema.UUID, benchRows)
		for i := range u.UUIDs {
			u.UUIDs[i][15] = byte(i)
		}
		exprtest.Benchmark(b, r, newCtx(), "=", u, vec.NewConst(arrowschema.UUID, [16]byte{15: 7}, 1))
	})
	b.Run("cast-int-to-text", func(b *testing.B) {
		v := vec.New(arrowschema.Int8, benchRows)
		for i := range v.Ints {
			v.Ints[i] = int64(i) * 52428800
		}
		exprtest.Benchmark(b, r, newCtx(), "cast:text", v)
	})
}

package exprtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Bind makes a call of the overload of a function, an operator or (cast:TYPE) a cast that has exactly the types of the columns. Constant columns become
// constant arguments.
func Bind(t testing.TB, r *exprs.Registry, name string, cols ...*vec.Vec) exprs.Expr {
	t.Helper()
	run := runner{r: r, name: name}
	args := make([]exprs.Expr, len(cols))
	for i, c := range cols {
		run.types = append(run.types, c.Type)
		if c.Const {
			args[i] = exprs.NewConst(c.Resize(1))
		} else {
			args[i] = &exprs.Column{Index: i, T: c.Type}
		}
	}
	e, err := run.call(args)
	require.NoError(t, err)
	return e
}

// Call binds a call and evaluates it over the columns.
func Call(t testing.TB, r *exprs.Registry, ctx *exprs.Ctx, name string, cols ...*vec.Vec) (*vec.Vec, error) {
	t.Helper()
	n := 1
	for _, c := range cols {
		n = max(n, c.N)
	}
	return Bind(t, r, name, cols...).Eval(ctx, &vec.Batch{N: n, Cols: cols})
}

// Text gives a constant text.
func Text(s string) *vec.Vec { return vec.NewConst(arrowschema.Text, s, 1) }

// Texts gives a flat vector of texts.
func Texts(s ...string) *vec.Vec { return vec.NewFlat(arrowschema.Text, s, nil) }

// Int gives a constant integer of a type.
func Int(t arrowschema.Type, x int64) *vec.Vec { return vec.NewConst(t, x, 1) }

// Benchmark measures a call over the columns in nanoseconds a row.
func Benchmark(b *testing.B, r *exprs.Registry, ctx *exprs.Ctx, name string, cols ...*vec.Vec) {
	b.Helper()
	e := Bind(b, r, name, cols...)
	n := 0
	for _, c := range cols {
		n = max(n, c.N)
	}
	batch := &vec.Batch{N: n, Cols: cols}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Eval(ctx, batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
}

package exprs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func newCtx() *exprs.Ctx { return exprs.NewCtx(context.Background(), 0, time.UTC) }

func col(i int, t arrowschema.Type) *exprs.Column {
	return &exprs.Column{Index: i, T: t, Name: string(rune('a' + i))}
}

func boolConst(x bool) *exprs.Const { return exprs.NewConst(vec.NewConst(arrowschema.Bool, x, 1)) }

func textConst(s string) *exprs.Const { return exprs.NewConst(vec.NewConst(arrowschema.Text, s, 1)) }

func intConst(x int64) *exprs.Const { return exprs.NewConst(vec.NewConst(arrowschema.Int8, x, 1)) }

var errBad = errors.New("bad value")

// testFuncs are functions of text: comparisons, one that fails for "bad", one that is NULL for "none", one that counts its calls, one that sees NULLs.
func testFuncs(calls *int) map[string]*exprs.Func {
	text, flag := arrowschema.Text, arrowschema.Bool
	out := map[string]*exprs.Func{}
	all := append(exprs.OrderedComparisons[string](text, text),
		exprs.Func{Name: "check", Args: []arrowschema.Type{text}, Result: flag, Eval: exprs.UnaryErr(func(s string) (bool, error) {
			if s == "bad" {
				return false, errBad
			}
			return s > "m", nil
		})},
		exprs.Func{Name: "present", Args: []arrowschema.Type{text}, Result: flag, Eval: exprs.UnaryNull(func(s string) (bool, bool) { return s < "m", s != "none" })},
		exprs.Func{Name: "same", Args: []arrowschema.Type{text, text}, Result: flag, Eval: exprs.BinaryErr(func(a, b string) (bool, error) {
			*calls++
			if a == "bad" || b == "bad" {
				return false, errBad
			}
			return a == b, nil
		})},
		exprs.Func{Name: "volatile", Args: []arrowschema.Type{text}, Result: flag, Volatility: exprs.Volatile, Eval: exprs.UnaryErr(func(string) (bool, error) {
			*calls++
			return *calls%2 == 0, nil
		})},
		exprs.Func{Name: "known", Args: []arrowschema.Type{text, text}, Result: flag, NotStrict: true, Eval: func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			for i := range out.Bools {
				out.Bools[i] = !args[0].IsNull(i) && !args[1].IsNull(i)
			}
			return nil
		}},
	)
	for i := range all {
		out[all[i].Name] = &all[i]
	}
	return out
}

func call(t testing.TB, fn *exprs.Func, args ...exprs.Expr) *exprs.Call {
	c, err := exprs.NewCall(fn, args)
	require.NoError(t, err)
	return c
}

// texts makes a vector of text; nil is NULL.
func texts(values ...any) *vec.Vec {
	b := vec.NewBuilder(arrowschema.Text, 0)
	for _, x := range values {
		if s, ok := x.(string); ok {
			b.AppendString(s)
		} else {
			b.AppendNull()
		}
	}
	return b.Vec()
}

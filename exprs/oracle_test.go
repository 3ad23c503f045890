package exprs_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// oracle evaluates an expression for one row, as slowly and plainly as SQL describes it: cells are the row's columns, nil for NULL.
type oracle struct{ cells []any }

func (o *oracle) eval(t testing.TB, e exprs.Expr) (any, error) {
	switch e := e.(type) {
	case *exprs.Column:
		return o.cells[e.Index], nil
	case *exprs.Const:
		return cell(e.V, 0), nil
	case *exprs.And:
		return o.junction(t, e.Args, false)
	case *exprs.Or:
		return o.junction(t, e.Args, true)
	case *exprs.Not:
		x, err := o.eval(t, e.Arg)
		if b, ok := x.(bool); ok {
			return !b, err
		}
		return nil, err
	case *exprs.IsNull:
		x, err := o.eval(t, e.Arg)
		return (x == nil) != e.Negated, err
	case *exprs.Truth:
		x, err := o.eval(t, e.Arg)
		is := x == nil
		if e.Want != nil {
			is = x == any(*e.Want)
		}
		return is != e.Negated, err
	case *exprs.Case:
		return o.choose(t, e)
	case *exprs.Coalesce:
		for _, a := range e.Args {
			if x, err := o.eval(t, a); x != nil || err != nil {
				return x, err
			}
		}
		return nil, nil
	case *exprs.In:
		return o.in(t, e)
	case *exprs.Call:
		return o.call(t, e)
	}
	t.Fatalf("%T", e)
	return nil, nil
}

func (o *oracle) junction(t testing.TB, args []exprs.Expr, decisive bool) (any, error) {
	var out any = !decisive
	for _, a := range args {
		x, err := o.eval(t, a)
		if err != nil {
			return nil, err
		}
		if x == any(decisive) {
			return decisive, nil
		}
		if x == nil {
			out = nil
		}
	}
	return out, nil
}

func (o *oracle) choose(t testing.TB, e *exprs.Case) (any, error) {
	for i, w := range e.Whens {
		x, err := o.eval(t, w)
		if err != nil {
			return nil, err
		}
		if x == any(true) {
			return o.eval(t, e.Thens[i])
		}
	}
	return o.eval(t, e.Else)
}

func (o *oracle) in(t testing.TB, e *exprs.In) (any, error) {
	x, err := o.eval(t, e.Arg)
	if x == nil || err != nil {
		return nil, err
	}
	unknown := false
	for _, c := range e.List {
		y := cell(c.V, 0)
		if x == y {
			return !e.Negated, nil
		}
		unknown = unknown || y == nil
	}
	if unknown {
		return nil, nil
	}
	return e.Negated, nil
}

func (o *oracle) call(t testing.TB, e *exprs.Call) (any, error) {
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		var err error
		if args[i], err = o.eval(t, a); err != nil {
			return nil, err
		}
	}
	if e.Fn.Name == "known" {
		return args[0] != nil && args[1] != nil, nil
	}
	for _, a := range args {
		if a == nil {
			return nil, nil
		}
	}
	a := args[0].(string)
	switch e.Fn.Name {
	case "=":
		return a == args[1].(string), nil
	case "<":
		return a < args[1].(string), nil
	case ">=":
		return a >= args[1].(string), nil
	case "check":
		if a == "bad" {
			return nil, errBad
		}
		return a > "m", nil
	case "present":
		if a == "none" {
			return nil, nil
		}
		return a < "m", nil
	case "same":
		if a == "bad" || args[1] == "bad" {
			return nil, errBad
		}
		return a == args[1].(string), nil
	}
	t.Fatal(e.Fn.Name)
	return nil, nil
}

// cell gives a row of a vector of booleans or text.
func cell(v *vec.Vec, i int) any {
	if v.IsNull(i) {
		return nil
	}
	w, at := v.Value(i)
	if v.Type == arrowschema.Bool {
		return w.Bools[at]
	}
	return w.Strs[at]
}

// trees makes random expressions over columns 0 and 1, booleans, and 2 and 3, text.
type trees struct {
	t   testing.TB
	r   *rand.Rand
	fns map[string]*exprs.Func
}

var words = []string{"a", "k", "none", "z", "bad"}

func (g *trees) flag(depth int) exprs.Expr {
	if depth == 0 {
		return []func() exprs.Expr{
			func() exprs.Expr { return col(g.r.IntN(2), arrowschema.Bool) },
			func() exprs.Expr { return boolConst(g.r.IntN(2) == 0) },
			func() exprs.Expr { return exprs.Null(arrowschema.Bool) },
		}[g.r.IntN(3)]()
	}
	d := depth - 1
	switch g.r.IntN(12) {
	case 0, 1:
		return &exprs.And{Args: g.flags(d)}
	case 2, 3:
		return &exprs.Or{Args: g.flags(d)}
	case 4:
		return &exprs.Not{Arg: g.flag(d)}
	case 5:
		return &exprs.IsNull{Arg: []exprs.Expr{g.flag(d), g.text(d)}[g.r.IntN(2)], Negated: g.r.IntN(2) == 0}
	case 6:
		yes := g.r.IntN(2) == 0
		return &exprs.Truth{Arg: g.flag(d), Want: []*bool{nil, &yes}[g.r.IntN(2)], Negated: g.r.IntN(2) == 0}
	case 7:
		return g.choice(arrowschema.Bool, d)
	case 8:
		return g.in(d)
	case 9:
		name := []string{"check", "present"}[g.r.IntN(2)]
		return call(g.t, g.fns[name], g.text(d))
	default:
		name := []string{"=", "<", ">=", "same", "known"}[g.r.IntN(5)]
		return call(g.t, g.fns[name], g.text(d), g.text(d))
	}
}

func (g *trees) flags(depth int) []exprs.Expr {
	out := make([]exprs.Expr, 2+g.r.IntN(2))
	for i := range out {
		out[i] = g.flag(g.r.IntN(depth + 1))
	}
	return out
}

func (g *trees) text(depth int) exprs.Expr {
	switch k := g.r.IntN(8); {
	case depth > 0 && k < 2:
		return g.choice(arrowschema.Text, depth-1)
	case k < 6:
		return col(2+g.r.IntN(2), arrowschema.Text)
	case k == 6:
		return textConst(words[g.r.IntN(len(words))])
	}
	return exprs.Null(arrowschema.Text)
}

func (g *trees) value(t arrowschema.Type, depth int) exprs.Expr {
	if t == arrowschema.Bool {
		return g.flag(depth)
	}
	return g.text(depth)
}

func (g *trees) choice(t arrowschema.Type, depth int) exprs.Expr {
	if g.r.IntN(2) == 0 {
		e := &exprs.Coalesce{T: t}
		for range 2 + g.r.IntN(2) {
			e.Args = append(e.Args, g.value(t, depth))
		}
		return e
	}
	e := &exprs.Case{T: t, Else: g.value(t, depth)}
	for range 1 + g.r.IntN(2) {
		e.Whens, e.Thens = append(e.Whens, g.flag(depth)), append(e.Thens, g.value(t, depth))
	}
	return e
}

func (g *trees) in(depth int) exprs.Expr {
	var list []*exprs.Const
	for range 1 + g.r.IntN(3) {
		if g.r.IntN(4) == 0 {
			list = append(list, exprs.Null(arrowschema.Text))
		} else {
			list = append(list, textConst(words[g.r.IntN(len(words))]))
		}
	}
	return exprs.NewIn(g.text(depth), list, g.r.IntN(2) == 0)
}

// column makes rows of a column in a random form. Dictionaries have entries that no row uses, "bad" among them, and live through several batches.
func (g *trees) column(t arrowschema.Type, n int, dicts map[arrowschema.Type]*vec.Vec) *vec.Vec {
	b := vec.NewBuilder(t, 0)
	one := func() {
		switch {
		case g.r.IntN(4) == 0:
			b.AppendNull()
		case t == arrowschema.Bool:
			b.AppendBool(g.r.IntN(2) == 0)
		default:
			b.AppendString(words[g.r.IntN(len(words)-g.r.IntN(2))])
		}
	}
	switch g.r.IntN(3) {
	case 0: // constant
		one()
		v := *b.Vec()
		v.Const, v.N = true, n
		return &v
	case 1: // dictionary-coded
		if dicts[t] == nil || g.r.IntN(4) == 0 {
			for range 6 {
				one()
			}
			dicts[t] = b.Vec()
		}
		codes, valid := make([]uint16, n), vec.NewBitmap(n)
		few := 1 + g.r.IntN(6)
		for i := range codes {
			codes[i] = uint16(g.r.IntN(few))
			if g.r.IntN(5) == 0 {
				valid.Clear(i)
			}
		}
		return vec.NewDict(codes, dicts[t], []vec.Bitmap{nil, valid}[g.r.IntN(2)])
	}
	for range n {
		one()
	}
	return b.Vec()
}

// Random expressions over random batches give what SQL's rules give row by row: the same values, NULLs, and an error exactly if some row comes to a value
// that fails. The batches of a round share a context, as those of a scan do, and with it what was computed for dictionaries.
func TestAgainstOracle(t *testing.T) {
	t.Parallel()
	calls, failures := 0, 0
	g := &trees{t: t, r: rand.New(rand.NewPCG(11, 11)), fns: testFuncs(&calls)}
	for range 4000 {
		e, ctx, dicts := g.flag(1+g.r.IntN(4)), newCtx(), map[arrowschema.Type]*vec.Vec{}
		for range 8 {
			n := []int{0, 1, 3, 70}[g.r.IntN(4)]
			b := &vec.Batch{N: n}
			for _, typ := range []arrowschema.Type{arrowschema.Bool, arrowschema.Bool, arrowschema.Text, arrowschema.Text} {
				b.Cols = append(b.Cols, g.column(typ, n, dicts))
			}
			v, err := e.Eval(ctx, b)
			failed := checkRows(t, e, b, v, err)
			if failed {
				failures++
				break
			}
		}
	}
	require.Greater(t, failures, 100)
}

// checkRows compares a result with the oracle's, and tells whether it is an error.
func checkRows(t *testing.T, e exprs.Expr, b *vec.Batch, v *vec.Vec, err error) bool {
	t.Helper()
	var want []any
	var failure error
	for i := range b.N {
		o := &oracle{}
		for _, c := range b.Cols {
			o.cells = append(o.cells, cell(c, i))
		}
		x, err := o.eval(t, e)
		if err != nil {
			failure = err
		}
		want = append(want, x)
	}
	if failure != nil {
		require.ErrorIs(t, err, errBad, exprs.String(e))
		return true
	}
	require.NoError(t, err, exprs.String(e))
	require.Equal(t, b.N, v.N, exprs.String(e))
	require.Equal(t, arrowschema.Bool, v.Type)
	for i := range want {
		require.Equal(t, want[i], cell(v, i), "row %d of %s", i, exprs.String(e))
	}
	sel := exprs.Selection(v, []int32{-1}) // what is true, behind what was there
	n := 1
	for i, x := range want {
		if x == any(true) {
			require.Equal(t, int32(i), sel[n])
			n++
		}
	}
	require.Len(t, sel, n)
	return false
}

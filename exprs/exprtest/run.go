package exprtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Now is the time of the statement in all cases: 2025-10-21 14:30:22.123456 UTC.
const Now = 1761057022123456

// Golden runs the cases of a golden file.
func Golden(t *testing.T, r *exprs.Registry, path string) {
	t.Helper()
	groups := map[string][]Case{}
	var order []string
	for _, c := range Load(t, path) {
		key := c.Zone + " " + c.Signature()
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	for _, key := range order {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			runGroup(t, r, path, groups[key])
		})
	}
}

// Signature gives name(type, type).
func (c *Case) Signature() string {
	types := make([]string, len(c.Args))
	for i, a := range c.Args {
		types[i] = a.Type
	}
	return c.Name + "(" + strings.Join(types, ", ") + ")"
}

// runner evaluates one overload.
type runner struct {
	r     *exprs.Registry
	ctx   *exprs.Ctx
	types []arrowschema.Type
	name  string
	path  string
}

func runGroup(t *testing.T, r *exprs.Registry, path string, cases []Case) {
	zone, err := temporal.SessionZone(cases[0].Zone)
	require.NoError(t, err)
	run := runner{r: r, ctx: exprs.NewCtx(context.Background(), Now, zone), name: cases[0].Name, path: path}
	for _, a := range cases[0].Args {
		typ, ok := typeNamed(a.Type)
		require.True(t, ok, "type %s", a.Type)
		run.types = append(run.types, typ)
	}
	var good, bad []Case
	for _, c := range cases {
		if c.Code == "" {
			good = append(good, c)
		} else {
			bad = append(bad, c)
		}
	}
	for _, c := range bad {
		run.fails(t, c)
	}
	if len(good) > 0 {
		if !run.literals() {
			run.flat(t, good, bad)
			run.empty(t)
		}
		for _, c := range good {
			run.alone(t, c)
		}
	}
}

// literals tells whether an argument is an untyped literal, which is always a constant.
func (run *runner) literals() bool { return slices.Contains(run.types, arrowschema.Unknown) }

// typeNamed finds a type by its internal name or by the name that messages have.
func typeNamed(name string) (arrowschema.Type, bool) {
	if typ, ok := arrowschema.ByName(name); ok {
		return typ, true
	}
	for typ := arrowschema.Unknown; typ <= arrowschema.Interval; typ++ {
		if typ.String() == name {
			return typ, true
		}
	}
	return arrowschema.Unknown, false
}

// Vector gives values as a flat vector, by the type's input function.
func Vector(t *testing.T, r *exprs.Registry, ctx *exprs.Ctx, typ arrowschema.Type, values []Value) *vec.Vec {
	t.Helper()
	b := vec.NewBuilder(typ, len(values))
	for _, v := range values {
		if v.Null {
			b.AppendNull()
			continue
		}
		one := vec.NewConst(arrowschema.Text, v.Text, 1)
		if typ.Physical() == arrowschema.Strings && typ != arrowschema.JSONB {
			b.Append(one.As(typ).Flat())
			continue
		}
		c, ok := r.Cast(arrowschema.Text, typ)
		require.True(t, ok, "input of type %s", typ)
		out, err := exprs.NewCast(c, exprs.NewConst(one)).Eval(ctx, &vec.Batch{N: 1})
		require.NoError(t, err)
		b.AppendRow(out, 0)
	}
	return b.Vec()
}

// call makes the expression over arguments of the runner's types. A parameter of type Void takes any type by a cast.
func (run *runner) call(args []exprs.Expr) (exprs.Expr, error) {
	if to, ok := strings.CutPrefix(run.name, "cast:"); ok {
		typ, _ := typeNamed(to)
		c, ok := run.r.Cast(run.types[0], typ)
		if !ok {
			return nil, fmt.Errorf("no cast from %s to %s", run.types[0], typ)
		}
		return exprs.NewCast(c, args[0]), nil
	}
	for _, f := range run.r.Funcs(run.name) {
		if bound, ok := run.accept(f, args); ok {
			return exprs.NewCall(f, bound)
		}
	}
	return nil, fmt.Errorf("no function %s%v", run.name, run.types)
}

func (run *runner) accept(f *exprs.Func, args []exprs.Expr) ([]exprs.Expr, bool) {
	if len(args) < len(f.Args) || len(args) > len(f.Args) && !f.Variadic {
		return nil, false
	}
	out := make([]exprs.Expr, len(args))
	for i, a := range args {
		want := f.Args[min(i, len(f.Args)-1)]
		switch {
		case want == run.types[i]:
			out[i] = a
		case want == arrowschema.Void && run.types[i] == arrowschema.Unknown: // as the binder makes it
			out[i] = exprs.NewConst(a.(*exprs.Const).V.As(want))
		case want == arrowschema.Void:
			c, ok := run.r.Cast(run.types[i], want)
			if !ok {
				return nil, false
			}
			out[i] = exprs.NewCast(c, a)
		default:
			return nil, false
		}
	}
	return out, true
}

func (run *runner) columns() []exprs.Expr {
	args := make([]exprs.Expr, len(run.types))
	for i, typ := range run.types {
		args[i] = &exprs.Column{Index: i, T: typ}
	}
	return args
}

func (run *runner) vectors(t *testing.T, cases []Case) []*vec.Vec {
	cols := make([]*vec.Vec, len(run.types))
	for a := range cols {
		values := make([]Value, len(cases))
		for i, c := range cases {
			values[i] = c.Args[a]
		}
		cols[a] = Vector(t, run.r, run.ctx, run.types[a], values)
	}
	return cols
}

// check compares row i of a result with a case's answer.
func (run *runner) check(t *testing.T, c Case, v *vec.Vec, i int, how string) {
	t.Helper()
	where := fmt.Sprintf("%s:%d %s %v, %s", run.path, c.Line, c.Name, c.Args, how)
	want, ok := typeNamed(c.Result.Type)
	if c.Result.Type != "regtype" {
		require.True(t, ok, "type %s", c.Result.Type)
		require.Equal(t, want, v.Type, where)
	}
	if c.Result.Null {
		if !v.IsNull(i) {
			t.Errorf("%s: got %q, want NULL", where, vec.AppendText(nil, v, i, run.ctx.Zone))
		}
		return
	}
	if got := string(vec.AppendText(nil, v, i, run.ctx.Zone)); v.IsNull(i) || got != c.Result.Text {
		t.Errorf("%s: got %q (NULL: %t), want %q", where, got, v.IsNull(i), c.Result.Text)
	}
}

// fails checks the error of a case, with flat and with constant arguments.
func (run *runner) fails(t *testing.T, c Case) {
	t.Helper()
	for _, constant := range []bool{run.literals(), true} {
		where := fmt.Sprintf("%s:%d %s %v", run.path, c.Line, c.Name, c.Args)
		cols, args := run.vectors(t, []Case{c}), run.columns()
		if constant {
			for i, v := range cols {
				args[i] = exprs.NewConst(v)
			}
		}
		e, err := run.call(args)
		if err == nil {
			_, err = e.Eval(run.ctx, &vec.Batch{N: 1, Cols: cols})
		}
		var se *sqlstate.Error
		if !errors.As(err, &se) || string(se.Code) != c.Code || se.Message != c.Error {
			t.Errorf("%s: got error %v, want %s: %s", where, err, c.Code, c.Error)
		}
	}
}

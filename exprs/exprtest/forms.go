package exprtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// flat computes all cases in one batch. Behind every case stands a row of NULLs under which lie the arguments of a failing case, or of another one.
func (run *runner) flat(t *testing.T, good, bad []Case) {
	t.Helper()
	e, err := run.call(run.columns())
	require.NoError(t, err)
	strict := !e.(*exprs.Call).Fn.NotStrict
	var rows []Case
	for i, c := range good {
		under := good[len(good)-1-i]
		if len(bad) > 0 && strict {
			under = bad[i%len(bad)]
		}
		rows = append(rows, c, under)
	}
	cols := run.vectors(t, rows)
	for _, v := range cols {
		for i := 1; i < v.N && strict; i += 2 { // a function that is not strict may refuse NULLs
			v.SetNull(i)
		}
	}
	out, err := e.Eval(run.ctx, &vec.Batch{N: len(rows), Cols: cols})
	if err != nil {
		t.Errorf("%s:%d %s, flat: %v", run.path, good[0].Line, run.name, err)
		return
	}
	require.Equal(t, len(rows), out.N)
	for i, c := range good {
		run.check(t, c, out, 2*i, "flat")
	}
	run.halves(t, good, cols)
}

// halves checks that a slice of the batch, whose bitmap does not start at a word, gives the same.
func (run *runner) halves(t *testing.T, good []Case, cols []*vec.Vec) {
	t.Helper()
	from := len(good) / 2
	b := &vec.Batch{N: cols[0].N, Cols: cols}
	half := b.Slice(2*from, b.N)
	e, err := run.call(run.columns())
	require.NoError(t, err)
	out, err := e.Eval(run.ctx, half)
	require.NoError(t, err)
	for i, c := range good[from:] {
		run.check(t, c, out, 2*i, "slice")
	}
}

// empty computes over no rows, with columns and with constant NULLs.
func (run *runner) empty(t *testing.T) {
	t.Helper()
	cols, nulls := make([]*vec.Vec, len(run.types)), make([]exprs.Expr, len(run.types))
	for i, typ := range run.types {
		cols[i], nulls[i] = vec.New(typ, 0), exprs.Null(typ)
	}
	for _, args := range [][]exprs.Expr{run.columns(), nulls} {
		e, err := run.call(args)
		require.NoError(t, err)
		out, err := e.Eval(run.ctx, &vec.Batch{Cols: cols})
		require.NoError(t, err)
		require.Equal(t, 0, out.N)
	}
}

// alone computes one case three rows long: with constants alone, and with each argument in turn as a column, flat or dictionary-coded.
func (run *runner) alone(t *testing.T, c Case) {
	t.Helper()
	values := run.vectors(t, []Case{c})
	constants := func() []exprs.Expr {
		args := make([]exprs.Expr, len(values))
		for i, v := range values {
			args[i] = exprs.NewConst(v)
		}
		return args
	}
	strict := true
	eval := func(args []exprs.Expr, cols []*vec.Vec, how string) {
		e, err := run.call(args)
		require.NoError(t, err)
		strict = !e.(*exprs.Call).Fn.NotStrict
		out, err := e.Eval(run.ctx, &vec.Batch{N: 3, Cols: cols})
		if err != nil {
			t.Errorf("%s:%d %s %v, %s: %v", run.path, c.Line, run.name, c.Args, how, err)
			return
		}
		require.Equal(t, 3, out.N)
		run.check(t, c, out, 0, how)
		run.check(t, c, out, 2, how)
	}
	eval(constants(), make([]*vec.Vec, len(values)), "constant")
	for i, v := range values {
		if run.literals() {
			if run.types[i] == arrowschema.Unknown {
				continue
			}
			args, cols := constants(), make([]*vec.Vec, len(values))
			args[i], cols[i] = run.columns()[i], v.Gather([]int32{0, 0, 0})
			eval(args, cols, "flat and literals")
			continue
		}
		cols, args := make([]*vec.Vec, len(values)), constants()
		args[i] = run.columns()[i]
		cols[i] = v.Gather([]int32{0, 0, 0})
		eval(args, cols, "flat and constants")
		// The dictionary has an entry that is NULL, and a row is NULL too: neither may spoil the others.
		dict := vec.NewBuilder(v.Type, 2)
		dict.AppendNull()
		dict.AppendRow(v, 0)
		codes, valid := []uint16{1, 0, 1}, vec.NewBitmap(3)
		valid.Clear(1)
		if !strict { // it may refuse a NULL
			codes, valid = []uint16{1, 1, 1}, nil
		}
		cols[i] = vec.NewDict(codes, dict.Vec(), valid)
		eval(args, cols, "dictionary")
		flat := run.columns()
		all := make([]*vec.Vec, len(values))
		for j, w := range values {
			all[j] = w.Gather([]int32{0, 0, 0})
		}
		all[i] = cols[i]
		eval(flat, all, "dictionary among flat")
	}
}

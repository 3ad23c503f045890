package exprtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Aggregates runs the cases of a golden file whose names are agg:NAME/N: the arguments are the rows, N columns wide, one row after the other.
//
// Every case is computed with one group; with two groups of equal rows and rows of NULLs and garbage between them; with a dictionary; and by two states
// that are merged, unless merging may round otherwise (floats whose sums are not exact).
func Aggregates(t *testing.T, r *exprs.Registry, path string) {
	t.Helper()
	for _, c := range Load(t, path) {
		t.Run(fmt.Sprintf("%d %s", c.Line, c.Name), func(t *testing.T) {
			t.Parallel()
			a := newAggregateRun(t, r, path, c)
			a.one(t, a.rows, "one group")
			coded := make([]*vec.Vec, len(a.rows))
			for i, v := range a.rows {
				codes := make([]uint16, v.N)
				for j := range codes {
					codes[j] = uint16(j)
				}
				coded[i] = vec.NewDict(codes, v, nil)
			}
			a.one(t, coded, "dictionary")
			a.grouped(t)
			a.merged(t)
		})
	}
}

type aggregateRun struct {
	c    Case
	path string
	ctx  *exprs.Ctx
	agg  *exprs.Aggregate
	rows []*vec.Vec
	n    int
}

func newAggregateRun(t *testing.T, r *exprs.Registry, path string, c Case) *aggregateRun {
	t.Helper()
	name, widthText, ok := strings.Cut(strings.TrimPrefix(c.Name, "agg:"), "/")
	require.True(t, ok)
	width := int(widthText[0] - '0')
	a := &aggregateRun{c: c, path: path, ctx: exprs.NewCtx(t.Context(), Now, nil), n: len(c.Args) / width}
	types := make([]arrowschema.Type, width)
	for i := range width {
		types[i], ok = typeNamed(c.Args[i].Type)
		require.True(t, ok)
		values := make([]Value, a.n)
		for j := range values {
			values[j] = c.Args[j*width+i]
		}
		a.rows = append(a.rows, Vector(t, r, a.ctx, types[i], values))
	}
	for _, agg := range r.Aggregates(name) {
		if agg.Any && width == 1 || fmt.Sprint(agg.Args) == fmt.Sprint(types) {
			a.agg = agg
		}
	}
	require.NotNil(t, a.agg, "%s:%d: no aggregate %s%v", path, c.Line, name, types)
	return a
}

func (a *aggregateRun) check(t *testing.T, err error, v *vec.Vec, i int, how string) {
	t.Helper()
	where := fmt.Sprintf("%s:%d %s %v, %s", a.path, a.c.Line, a.c.Name, a.c.Args, how)
	var se *sqlstate.Error
	switch {
	case a.c.Code != "":
		if !errors.As(err, &se) || string(se.Code) != a.c.Code || se.Message != a.c.Error {
			t.Errorf("%s: got error %v, want %s: %s", where, err, a.c.Code, a.c.Error)
		}
		return
	case err != nil:
		t.Errorf("%s: %v", where, err)
		return
	}
	want, _ := typeNamed(a.c.Result.Type)
	require.Equal(t, want, v.Type, where)
	if got := string(vec.AppendText(nil, v, i, a.ctx.Zone)); v.IsNull(i) != a.c.Result.Null || !a.c.Result.Null && got != a.c.Result.Text {
		t.Errorf("%s: got %q (NULL: %t), want %q (NULL: %t)", where, got, v.IsNull(i), a.c.Result.Text, a.c.Result.Null)
	}
}

func (a *aggregateRun) one(t *testing.T, rows []*vec.Vec, how string) {
	t.Helper()
	s := a.agg.New()
	s.Grow(1)
	err := s.Update(nil, rows, a.n)
	if err == nil {
		err = s.Update(nil, emptyOf(rows), 0)
	}
	var v *vec.Vec
	if err == nil {
		v, err = s.Result(0, 1)
	}
	a.check(t, err, v, 0, how)
	require.GreaterOrEqual(t, s.Bytes(), int64(0))
}

func emptyOf(rows []*vec.Vec) []*vec.Vec {
	out := make([]*vec.Vec, len(rows))
	for i, v := range rows {
		out[i] = vec.New(v.Type, 0)
	}
	return out
}

// grouped puts every row into groups 2 and 5 of 7. Where the aggregate ignores NULLs, there are NULLs with the row's own values under them between.
func (a *aggregateRun) grouped(t *testing.T) {
	t.Helper()
	ignoresNulls := !strings.HasPrefix(a.agg.Name, "jsonb_")
	var sel []int32
	var groups []uint32
	var nulls []int
	for i := range a.n {
		sel, groups = append(sel, int32(i), int32(i)), append(groups, 2, 5)
		if ignoresNulls {
			nulls = append(nulls, len(sel))
			sel, groups = append(sel, int32(i)), append(groups, 2)
		}
	}
	rows := make([]*vec.Vec, len(a.rows))
	for i, v := range a.rows {
		rows[i] = v.Gather(sel)
		for _, at := range nulls {
			rows[i].SetNull(at)
		}
	}
	s := a.agg.New()
	s.Grow(3)
	s.Grow(7)
	err := s.Update(groups, rows, len(sel))
	var v *vec.Vec
	if err == nil {
		v, err = s.Result(0, 7)
	}
	a.check(t, err, v, 2, "group 2")
	a.check(t, err, v, 5, "group 5")
	if err == nil && a.agg.Name != "count" && a.agg.Name != "regr_count" {
		require.True(t, v.IsNull(3), "an empty group")
	}
}

// merged computes the rows in two states.
func (a *aggregateRun) merged(t *testing.T) {
	t.Helper()
	if a.rows[0].Type.Physical() == arrowschema.Floats && !exact(a.c) {
		return
	}
	cut := a.n / 2
	first, second := a.agg.New(), a.agg.New()
	first.Grow(1)
	second.Grow(2)
	half := func(lo, hi int) []*vec.Vec {
		out := make([]*vec.Vec, len(a.rows))
		for i, v := range a.rows {
			out[i] = v.Slice(lo, hi)
		}
		return out
	}
	err := first.Update(nil, half(0, cut), cut)
	if err == nil {
		err = second.Update(make([]uint32, a.n-cut), half(cut, a.n), a.n-cut)
	}
	total := a.agg.New()
	total.Grow(2)
	for _, part := range []struct {
		s    exprs.State
		into []uint32
	}{{first, []uint32{1}}, {second, []uint32{1, 0}}} {
		if err == nil {
			err = total.Merge(part.s, part.into)
		}
	}
	var v *vec.Vec
	if err == nil {
		v, err = total.Result(1, 2)
	}
	a.check(t, err, v, 0, "merged")
}

// exact tells whether the values are few and small whole numbers, whose sums do not round.
func exact(c Case) bool {
	for _, v := range c.Args {
		if len(v.Text) > 2 {
			return false
		}
	}
	return len(c.Args) <= 4
}

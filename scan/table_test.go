package scan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/store"
)

// Every live row comes once, whatever the cut, with an identifier of its own, and no dead one.
func TestTableScan(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 1)
	var first []string
	for _, s := range shapes() {
		env := newEnv(s)
		streams, err := fx.scan().Open(env, 1)
		require.NoError(t, err)
		seen, ids := map[int64]bool{}, map[int64]bool{}
		var all []string
		for {
			b, err := scan.Pull(env, streams[0])
			require.NoError(t, err)
			if b == nil {
				break
			}
			require.LessOrEqual(t, b.N, s.rows+63)
			flat, rowIDs := b.Cols[0].Flat(), b.Cols[len(b.Cols)-1].Flat()
			for i := range b.N {
				require.False(t, seen[flat.Ints[i]] || ids[rowIDs.Ints[i]])
				seen[flat.Ints[i]], ids[rowIDs.Ints[i]] = true, true
			}
			all = append(all, lines(b)...)
		}
		require.Equal(t, fx.live, seen, s)
		if first == nil {
			first = all
		}
		require.Equal(t, first, all)
		sorted, err := pull(newEnv(s), &scan.Sort{Input: fx.scan(), Limit: -1}) // by several streams, put in the order of one
		require.NoError(t, err)
		require.Equal(t, first, sorted)
	}
}

// Rows that were written before columns were widened or added are read as if they had been written under the definition of now.
func TestTableScanOfOldRows(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 8)
	for _, s := range shapes() {
		env := newEnv(s)
		streams, err := fx.scan().Open(env, 1)
		require.NoError(t, err)
		rows := 0
		for {
			b, err := scan.Pull(env, streams[0])
			require.NoError(t, err)
			if b == nil {
				break
			}
			rows += b.N
			ids := b.Cols[idColumn].Flat()
			for c, col := range fx.view.Def.Columns {
				require.Equal(t, col.Type, b.Cols[c].Type)
				for i := range b.N {
					want, ok := fx.truth[ids.Ints[i]][col.ID]
					require.Equal(t, ok, !b.Cols[c].IsNull(i), "row %d, column %d", ids.Ints[i], c)
					if ok {
						require.Equal(t, want, string(vec.AppendText(nil, b.Cols[c], i, time.UTC)), "row %d, column %d", ids.Ints[i], c)
					}
				}
			}
		}
		require.Len(t, fx.live, rows)
	}
}

// predicates makes random conditions on the fixture's columns.
type predicates struct {
	t  testing.TB
	fx *fixture
	r  *rand.Rand
}

// constant gives a value of a column, mostly one that occurs somewhere.
func (p *predicates) constant(c int) exprs.Expr {
	col := p.fx.view.Def.Columns[c]
	b := vec.NewBuilder(col.Type, 1)
	switch {
	case p.r.IntN(25) == 0:
		b.AppendNull()
	case c == idColumn:
		b.AppendInt(p.r.Int64N(2*p.fx.next + 5))
	case c == tColumn:
		b.AppendString(fmt.Sprintf("%c-%d\u00e9", 'a'+rune(p.r.IntN(26)), p.r.IntN(700)))
	default:
		p.fx.value(b, c, col.Type, p.r.Int64N(p.fx.next+100))
	}
	return exprs.NewConst(b.Vec())
}

func (p *predicates) condition(depth int) exprs.Expr {
	if depth > 0 && p.r.IntN(3) == 0 {
		args := []exprs.Expr{p.condition(depth - 1), p.condition(depth - 1)}
		switch p.r.IntN(5) {
		case 0, 1:
			return &exprs.And{Args: args}
		case 2, 3:
			return &exprs.Or{Args: args}
		}
		return &exprs.Not{Arg: args[0]}
	}
	c := p.r.IntN(len(p.fx.view.Def.Columns))
	col := column(c, p.fx.view.Def.Columns[c].Type)
	switch k := p.r.IntN(10); {
	case k == 0:
		return &exprs.IsNull{Arg: col, Negated: p.r.IntN(2) == 0}
	case k == 1:
		var list []*exprs.Const
		for range 1 + p.r.IntN(3) {
			list = append(list, p.constant(c).(*exprs.Const))
		}
		return exprs.NewIn(col, list, p.r.IntN(3) == 0)
	case k == 2 && col.T == str:
		pattern := []string{"a%", "%a", "c-1%", "flu_h", "z", "é%", `a\%`, "", "%", "com%t", "d-%é"}[p.r.IntN(11)]
		return function(p.t, []string{"~~", "!~~"}[p.r.IntN(2)], col, textConst(pattern))
	case k == 3 && c == tsColumn:
		ts := exprs.NewConst(vec.NewConst(arrowschema.TimestampTZ, p.r.Int64N(p.fx.next/40)*1e6, 1))
		return function(p.t, []string{"<", "<=", "=", ">", ">="}[p.r.IntN(5)], col, ts)
	}
	op := []string{"=", "=", "<>", "<", "<=", ">", ">="}[p.r.IntN(7)]
	if p.r.IntN(3) == 0 {
		return function(p.t, op, p.constant(c), col)
	}
	return function(p.t, op, col, p.constant(c))
}

// What statistics, bloom filters and late reading leave out, a filter above a whole scan would have left out too: no row is lost, none is there that
// should not be.
func TestPruningLosesNothing(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 2)
	p := &predicates{t, fx, rand.New(rand.NewPCG(3, 3))}
	counters := &scan.Counters{}
	passed := 0
	for i := range 250 {
		conds := []exprs.Expr{p.condition(2)}
		for p.r.IntN(3) == 0 {
			conds = append(conds, p.condition(1))
		}
		s := shapes()[i%len(shapes())]
		want, err := pull(newEnv(shape{vec.DefaultRows, 1}), &scan.Filter{Input: fx.scan(), Conds: conds})
		require.NoError(t, err)
		env := newEnv(s)
		env.Counters = counters
		got, err := pull(env, fx.scan(conds...))
		require.NoError(t, err)
		requireRows(t, want, got, false, "%v, %v", exprs.Strings(conds), s)
		env = newEnv(s)
		env.NoPruning = true
		got, err = pull(env, fx.scan(conds...))
		require.NoError(t, err)
		requireRows(t, want, got, false, "without pruning: %v, %v", exprs.Strings(conds), s)
		if i%5 == 0 {
			got, err = pull(newEnv(s), &scan.Aggregate{Input: fx.scan(conds...), Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}})
			require.NoError(t, err)
			require.Equal(t, []string{fmt.Sprint(len(want), "|")}, got, exprs.Strings(conds))
		}
		passed += len(want)
	}
	require.Positive(t, passed)
	for name, n := range map[string]int64{
		"segments skipped": counters.SegmentsSkipped.Load(), "by statistics": counters.SkippedByStats.Load(), "by bloom filter": counters.SkippedByBloom.Load(),
		"by page index": counters.SkippedByPages.Load(), "by dictionary": counters.SkippedByDictionary.Load(), "pages skipped": counters.PagesSkipped.Load(),
		"pages": counters.PagesRead.Load(), "row groups read": counters.RowGroups.Load(), "segments read": counters.Segments.Load(), "bytes": counters.BytesRead.Load(),
	} {
		require.Positive(t, n, name)
	}
}

// opaque hides a table from the operator above it.
type opaque struct{ scan.Source }

// A top-N on a column of a table gives the same rows, ties included, as one that knows nothing of the table.
func TestTopNOverTable(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 4)
	p := &predicates{t, fx, rand.New(rand.NewPCG(5, 5))}
	hinted, plain, failed := &scan.Counters{}, &scan.Counters{}, false
	for i := range 90 {
		c := []int{nColumn, i2Column, p.r.IntN(len(fx.view.Def.Columns))}[p.r.IntN(3)]
		keys := []scan.SortKey{{Expr: column(c, fx.view.Def.Columns[c].Type), Desc: p.r.IntN(2) == 0, NullsFirst: p.r.IntN(2) == 0}}
		var conds []exprs.Expr
		if i%3 == 0 { // an interval, which scans compare in microseconds; it is an error where a timestamp is infinite
			ts, epoch := column(tsColumn, arrowschema.Timestamp), exprs.NewConst(vec.NewConst(arrowschema.Timestamp, p.r.Int64N(1e12), 1))
			keys[0].Expr = function(t, "-", ts, epoch)
			if i%6 == 0 {
				conds = append(conds, function(t, "<", ts, exprs.NewConst(vec.NewConst(arrowschema.Timestamp, int64(temporal.Infinity), 1))))
			}
		}
		if p.r.IntN(2) == 0 {
			c = p.r.IntN(len(fx.view.Def.Columns))
			keys = append(keys, scan.SortKey{Expr: column(c, fx.view.Def.Columns[c].Type), Desc: p.r.IntN(2) == 0, NullsFirst: p.r.IntN(2) == 0})
		}
		if p.r.IntN(3) == 0 {
			conds = append(conds, p.condition(1))
		}
		if p.r.IntN(4) == 0 {
			conds = append(conds, &exprs.IsNull{Arg: keys[0].Expr, Negated: true})
		}
		limit := []int64{1, 2, 5, 40, 1000}[p.r.IntN(5)]
		for _, s := range []shape{{3, 1}, {16, 4}} {
			env := newEnv(s)
			env.Counters = plain
			want, wantErr := pull(env, &scan.Sort{Input: opaque{fx.scan(conds...)}, Keys: keys, Limit: limit})
			env = newEnv(s)
			env.Counters = hinted
			got, err := pull(env, &scan.Sort{Input: fx.scan(conds...), Keys: keys, Limit: limit})
			require.Equal(t, sqlstate.CodeOf(wantErr), sqlstate.CodeOf(err), "%v, %v", wantErr, err)
			failed = failed || err != nil
			requireRows(t, want, got, false, "%d: by %s %+v where %v limit %d, %v", i, exprs.String(keys[0].Expr), keys, exprs.Strings(conds), limit, s)
		}
	}
	require.Greater(t, hinted.SegmentsSkipped.Load(), plain.SegmentsSkipped.Load())
	require.Greater(t, hinted.RowGroupsSkipped.Load(), plain.RowGroupsSkipped.Load())
	require.Less(t, hinted.RowsPassed.Load(), plain.RowsPassed.Load())
	require.True(t, failed)
}

// A session whose zone is not UTC compares a timestamp with a timestamptz as local time: the bounds of the numbers say nothing then.
func TestPruningInAnotherZone(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 6)
	for hour := range int64(5) {
		cond := function(t, ">=", column(tsColumn, arrowschema.Timestamp), exprs.NewConst(vec.NewConst(arrowschema.TimestampTZ, (5*3600+3*hour)*1e6, 1)))
		env := func() *scan.Env {
			e := newEnv(shape{3, 1})
			e.Eval.Zone = time.FixedZone("west", -5*3600)
			return e
		}
		want, err := pull(env(), &scan.Filter{Input: fx.scan(), Conds: []exprs.Expr{cond}})
		require.NoError(t, err)
		require.NotEmpty(t, want)
		got, err := pull(env(), fx.scan(cond))
		require.NoError(t, err)
		requireRows(t, want, got, false)
	}
}

// A file that is gone or damaged is an error that names it, and not fewer rows.
func TestTableScanOfLostFile(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 7)
	table := fx.scan()
	table.Files = func(f *store.FileRef) (*parquetio.File, error) {
		if f == fx.view.Files[len(fx.view.Files)-1] {
			return nil, fmt.Errorf("%s: %w", f.Path, errRead)
		}
		return fx.db.OpenFile(f)
	}
	for _, s := range shapes() {
		_, err := pull(newEnv(s), table)
		require.ErrorIs(t, err, errRead)
		_, err = pull(newEnv(s), &scan.Sort{Input: &scan.Table{View: table.View, Files: table.Files, Cols: table.Cols}, Keys: []scan.SortKey{{Expr: column(nColumn, integer)}}, Limit: 3})
		require.ErrorIs(t, err, errRead)
	}
}

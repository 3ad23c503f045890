package scan_test

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// fixture is a table of every kind of place that a row can be in: files of several row groups and hot segments, some of whose rows are deleted, and some of
// which were written before the last column was added.
type fixture struct {
	db   *store.DB
	name schemahistory.Name
	live map[int64]bool // ids
	view *store.TableView
	next int64
	r    *rand.Rand
}

// The columns of the fixture's table.
const (
	idColumn = iota
	nColumn
	sColumn
	tColumn
	fColumn
	tsColumn
	dColumn
	uColumn
	jColumn
	bColumn
	numColumn
	i2Column
	laterColumn
)

func fixtureDefinition() *schemahistory.TableDefinition {
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Namespace: "public", Table: "things"}, Storage: "primary", SortColumn: tsColumn, UserColumn: -1,
		Keys: []schemahistory.Key{{Name: "things_pkey", Columns: []int{idColumn}, Primary: true}},
	}
	for i, t := range []arrowschema.Type{
		integer, integer, str, str, arrowschema.Float8, arrowschema.Timestamp, arrowschema.Date, arrowschema.UUID, arrowschema.JSONB, arrowschema.Bool,
		arrowschema.Numeric, arrowschema.Int2,
	} {
		c := schemahistory.Column{ID: int32(i + 1), Name: fmt.Sprint("c", i), Type: t, NotNull: i == idColumn, Dictionary: i == sColumn || i == jColumn}
		def.Columns = append(def.Columns, c)
	}
	return def
}

// newFixture makes the table: files of 200 rows in row groups of 64, and segments of 64 rows.
func newFixture(t testing.TB, seed uint64) *fixture {
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 64, CheckpointBytes: -1})
	require.NoError(t, err)
	def := fixtureDefinition()
	fx := &fixture{db: db, name: def.Name, live: map[int64]bool{}, r: rand.New(rand.NewPCG(seed, 1))}
	fx.update(t, func(tx *store.Tx) error { return tx.CreateTable(def) })
	fx.addFile(t, 200)
	fx.addFile(t, 1)
	fx.insert(t, 100)
	fx.update(t, func(tx *store.Tx) error {
		old, _ := tx.Table(fx.name)
		next := *old
		next.Version++
		next.Columns = append(slices.Clone(old.Columns), schemahistory.Column{ID: 100, Name: "later", Type: str, Dictionary: true})
		return tx.ReplaceDefinition(&next)
	})
	fx.addFile(t, 200)
	fx.addFile(t, 130)
	for range 4 {
		fx.insert(t, 75)
	}
	fx.deleteSome(t)
	fx.insert(t, 10)
	snap := db.Snapshot()
	fx.view, _ = snap.Table(fx.name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	return fx
}

func (fx *fixture) update(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	require.NoError(t, fx.db.Update(context.Background(), fn))
}

// batch makes rows. Values of neighbours are near to each other, so that statistics have something to say, and a fifth is NULL.
func (fx *fixture) batch(def *schemahistory.TableDefinition, n int) *vec.Batch {
	b := &vec.Batch{N: n}
	first := fx.next
	fx.next += int64(n)
	for c, col := range def.Columns {
		out := vec.NewBuilder(col.Type, n)
		nulls := fx.r.IntN(6) == 0 // throughout
		some := fx.r.IntN(2) > 0
		for i := range n {
			at := first + int64(i)
			switch {
			case c == idColumn:
				fx.live[2*at] = true // the odd numbers lie between, but are not there
				out.AppendInt(2 * at)
			case nulls || some && fx.r.IntN(5) == 0:
				out.AppendNull()
			default:
				fx.value(out, c, at)
			}
		}
		b.Cols = append(b.Cols, out.Vec())
	}
	return b
}

func (fx *fixture) value(out *vec.Builder, c int, at int64) {
	near := at/40 + fx.r.Int64N(4)
	switch c {
	case sColumn, laterColumn:
		out.AppendString([]string{"", "a", "backup", "compact", "flush", "é", "z"}[(near/3)%7])
	case tColumn:
		out.AppendString(fmt.Sprintf("%c-%d\u00e9", 'a'+near%26, at))
	case fColumn:
		special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0}
		if k := fx.r.IntN(60); k < len(special) {
			out.AppendFloat(special[k])
		} else {
			out.AppendFloat(float64(near) - 10)
		}
	case tsColumn:
		if fx.r.IntN(60) == 0 {
			out.AppendInt(temporal.Infinity)
		} else {
			out.AppendInt(near * 1e6)
		}
	case dColumn:
		out.AppendInt(near)
	case uColumn:
		out.AppendUUID([16]byte{0: byte(near), 5: byte(fx.r.IntN(3))})
	case jColumn: // whose order is not that of its text
		out.AppendString([]string{"[]", "null", `"a"`, "-2", "10", "9", "true", `{"a": 1}`, "[1, 2]"}[near%9])
	case bColumn:
		out.AppendBool(near%4 == 0)
	case numColumn:
		out.AppendDec(decimal.New(near*10-50, int(near%3)))
	default:
		out.AppendInt(near - 5)
	}
}

func (fx *fixture) insert(t testing.TB, n int) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		return tx.Insert(fx.name, fx.batch(def, n))
	})
}

// addFile writes a file and adds it.
func (fx *fixture) addFile(t testing.TB, n int) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		path := fmt.Sprintf("batch-%d.parquet", fx.next)
		file, err := fx.db.FS().CreateNew(fx.db.Path(path))
		require.NoError(t, err)
		buffer := bufio.NewWriter(file)
		w, err := parquetio.NewWriter(buffer, def, &parquetio.WriteOptions{RowGroupRows: 64})
		require.NoError(t, err)
		require.NoError(t, w.Write(fx.batch(def, n)))
		info, err := w.Close()
		require.NoError(t, err)
		require.NoError(t, buffer.Flush())
		require.NoError(t, file.Close())
		_, err = tx.AddFile(fx.name, store.FileRef{Path: path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs})
		return err
	})
}

// deleteSome deletes a quarter of the rows, hot and cold: all rows of a row group and all of a segment among them, and of one row group one row.
func (fx *fixture) deleteSome(t testing.TB) {
	fx.update(t, func(tx *store.Tx) error {
		def, _ := tx.Table(fx.name)
		var ids []int64
		for id := range fx.live {
			doomed := fx.r.IntN(4) == 0 || id >= 128 && id < 256 || id >= 480 && id < 600
			if id >= 2*301 && id < 2*(301+64) { // the first row group of the third file
				doomed = id == 2*310
			}
			if doomed {
				ids = append(ids, id)
				delete(fx.live, id)
			}
		}
		found, err := tx.Find(fx.name, def.Keys[0], []*vec.Vec{vec.NewFlat(integer, ids, nil)})
		require.NoError(t, err)
		require.NotContains(t, found, tables.RowID(0))
		return tx.Delete(fx.name, found)
	})
}

// scan gives a scan of all columns, and of the rows' identifiers.
func (fx *fixture) scan(conds ...exprs.Expr) *scan.Table {
	t := &scan.Table{View: fx.view, Files: fx.db.OpenFile, RowID: true, Conds: conds}
	for i := range fx.view.Def.Columns {
		t.Cols = append(t.Cols, i)
	}
	return t
}

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
		p.fx.value(b, c, p.r.Int64N(p.fx.next+100))
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
		"row groups read": counters.RowGroups.Load(), "segments read": counters.Segments.Load(), "bytes": counters.BytesRead.Load(),
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
	hinted, plain := &scan.Counters{}, &scan.Counters{}
	for i := range 90 {
		c := []int{nColumn, i2Column, p.r.IntN(len(fx.view.Def.Columns))}[p.r.IntN(3)]
		keys := []scan.SortKey{{Expr: column(c, fx.view.Def.Columns[c].Type), Desc: p.r.IntN(2) == 0, NullsFirst: p.r.IntN(2) == 0}}
		if p.r.IntN(2) == 0 {
			c = p.r.IntN(len(fx.view.Def.Columns))
			keys = append(keys, scan.SortKey{Expr: column(c, fx.view.Def.Columns[c].Type), Desc: p.r.IntN(2) == 0, NullsFirst: p.r.IntN(2) == 0})
		}
		var conds []exprs.Expr
		if p.r.IntN(3) == 0 {
			conds = append(conds, p.condition(1))
		}
		limit := []int64{1, 2, 5, 40, 1000}[p.r.IntN(5)]
		for _, s := range []shape{{3, 1}, {16, 4}} {
			env := newEnv(s)
			env.Counters = plain
			want, err := pull(env, &scan.Sort{Input: opaque{fx.scan(conds...)}, Keys: keys, Limit: limit})
			require.NoError(t, err)
			env = newEnv(s)
			env.Counters = hinted
			got, err := pull(env, &scan.Sort{Input: fx.scan(conds...), Keys: keys, Limit: limit})
			require.NoError(t, err)
			requireRows(t, want, got, false, "%d: by %s %+v where %v limit %d, %v", i, exprs.String(keys[0].Expr), keys, exprs.Strings(conds), limit, s)
		}
	}
	require.Greater(t, hinted.SegmentsSkipped.Load(), plain.SegmentsSkipped.Load())
	require.Greater(t, hinted.RowGroupsSkipped.Load(), plain.RowGroupsSkipped.Load())
	require.Less(t, hinted.RowsPassed.Load(), plain.RowsPassed.Load())
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

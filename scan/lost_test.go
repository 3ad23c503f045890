package scan_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// lostTable is a table of a few files, whose sort columns may overlap, and hot rows, of which some are deleted. One of the files cannot be opened.
type lostTable struct {
	t    *testing.T
	r    *rand.Rand
	db   *store.DB
	view *store.TableView
	lost uint32 // number of the file; 0 for none
	next int64
}

var errLost = errors.New("the file is lost")

// The columns of such a table.
const (
	lostID = iota
	lostTime
	lostUser
	lostNumber
)

func newLostTable(t *testing.T, seed uint64) *lostTable {
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 64, CheckpointBytes: -1})
	require.NoError(t, err)
	l := &lostTable{t: t, r: rand.New(rand.NewPCG(seed, 31)), db: db}
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Namespace: "public", Table: "l"}, Storage: "primary", SortColumn: lostTime, UserColumn: lostUser,
		Keys: []schemahistory.Key{{Name: "l_pkey", Columns: []int{lostID}, Primary: true}},
		Columns: []schemahistory.Column{
			{ID: 1, Name: "id", Type: integer, NotNull: true}, {ID: 2, Name: "at", Type: arrowschema.Timestamp, NotNull: seed%3 > 0},
			{ID: 3, Name: "user_id", Type: str, Dictionary: true}, {ID: 4, Name: "n", Type: integer},
		},
	}
	l.update(func(tx *store.Tx) error { return tx.CreateTable(def) })
	for range 2 + l.r.IntN(3) {
		l.addFile(def)
	}
	l.update(func(tx *store.Tx) error { return tx.Insert(def.Name, l.batch(def, 100, "")) })
	l.deleteSome(def)
	snap := db.Snapshot()
	l.view, _ = snap.Table(def.Name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	return l
}

func (l *lostTable) update(fn func(tx *store.Tx) error) {
	l.t.Helper()
	require.NoError(l.t, l.db.Update(context.Background(), fn))
}

// batch makes rows, of one user if one is given.
func (l *lostTable) batch(def *schemahistory.TableDefinition, n int, user string) *vec.Batch {
	cols := make([]*vec.Builder, len(def.Columns))
	for i, c := range def.Columns {
		cols[i] = vec.NewBuilder(c.Type, n)
	}
	from, span := l.r.Int64N(400), 1+l.r.Int64N(200)
	for range n {
		cols[lostID].AppendInt(l.next)
		l.next++
		if !def.Columns[lostTime].NotNull && l.r.IntN(40) == 0 {
			cols[lostTime].AppendNull()
		} else {
			cols[lostTime].AppendInt((from + l.r.Int64N(span)) * 1e6)
		}
		if user == "" {
			cols[lostUser].AppendString(fmt.Sprint("u", l.r.IntN(4)))
		} else {
			cols[lostUser].AppendString(user)
		}
		if l.r.IntN(10) == 0 {
			cols[lostNumber].AppendNull()
		} else {
			cols[lostNumber].AppendInt(l.r.Int64N(50))
		}
	}
	b := &vec.Batch{N: n}
	for _, c := range cols {
		b.Cols = append(b.Cols, c.Vec())
	}
	return b
}

func (l *lostTable) addFile(def *schemahistory.TableDefinition) {
	l.update(func(tx *store.Tx) error {
		def, _ := tx.Table(def.Name)
		path := fmt.Sprintf("l-%d.parquet", l.next)
		user := []string{"", "u1", "u2"}[l.r.IntN(3)]
		file, err := l.db.FS().CreateNew(l.db.Path(path))
		require.NoError(l.t, err)
		buffer := bufio.NewWriter(file)
		w, err := parquetio.NewWriter(buffer, def, &parquetio.WriteOptions{RowGroupRows: 32, PageRows: 16})
		require.NoError(l.t, err)
		require.NoError(l.t, w.Write(l.batch(def, 50+l.r.IntN(100), user)))
		info, err := w.Close()
		require.NoError(l.t, err)
		require.NoError(l.t, buffer.Flush())
		require.NoError(l.t, file.Close())
		_, err = tx.AddFile(def.Name, store.FileRef{
			Path: path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
			SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, User: user,
		})
		return err
	})
}

// deleteSome deletes a few rows of some of the files and of memory.
func (l *lostTable) deleteSome(def *schemahistory.TableDefinition) {
	l.update(func(tx *store.Tx) error {
		b := vec.NewBuilder(integer, 0)
		for id := range l.next {
			if id/100%2 == 0 && l.r.IntN(8) == 0 {
				b.AppendInt(id)
			}
		}
		ids, err := tx.Find(def.Name, def.Keys[0], []*vec.Vec{b.Vec()})
		require.NoError(l.t, err)
		require.NotContains(l.t, ids, tables.RowID(0))
		return tx.Delete(def.Name, ids)
	})
}

func (l *lostTable) scan(conds []exprs.Expr) *scan.Table {
	return &scan.Table{View: l.view, Cols: []int{0, 1, 2, 3}, Conds: conds, Files: func(ref *store.FileRef) (*parquetio.File, error) {
		if ref.Number == l.lost {
			return nil, errLost
		}
		return l.db.OpenFile(ref)
	}}
}

// conds makes conditions.
func (l *lostTable) conds() (out []exprs.Expr) {
	ts := column(lostTime, arrowschema.Timestamp)
	for l.r.IntN(2) == 0 {
		switch l.r.IntN(5) {
		case 0, 1:
			at := exprs.NewConst(vec.NewConst(arrowschema.Timestamp, l.r.Int64N(700)*1e6, 1))
			out = append(out, function(l.t, []string{">", "<", ">=", "<="}[l.r.IntN(4)], ts, at))
		case 2:
			out = append(out, function(l.t, "=", column(lostUser, str), textConst(fmt.Sprint("u", l.r.IntN(5)))))
		case 3:
			out = append(out, &exprs.IsNull{Arg: ts, Negated: l.r.IntN(4) > 0})
		default:
			out = append(out, function(l.t, "<", column(lostNumber, integer), intConst(l.r.Int64N(60))))
		}
	}
	return out
}

// keys makes a condition that names keys.
func (l *lostTable) keys() exprs.Expr {
	if l.r.IntN(2) == 0 {
		return function(l.t, "=", column(lostID, integer), intConst(l.r.Int64N(l.next+5)))
	}
	var list []*exprs.Const
	for range 1 + l.r.IntN(3) {
		list = append(list, exprs.NewConst(vec.NewConst(integer, l.r.Int64N(l.next+5), 1)))
	}
	return exprs.NewIn(column(lostID, integer), list, false)
}

// aggregates makes aggregates, of which the manifest knows most.
func (l *lostTable) aggregates() (calls []scan.AggCall) {
	for range 1 + l.r.IntN(2) {
		ts, id, n := column(lostTime, arrowschema.Timestamp), column(lostID, integer), column(lostNumber, integer)
		call := func(name string, args ...exprs.Expr) {
			var types []arrowschema.Type
			for _, a := range args {
				types = append(types, a.Type())
			}
			calls = append(calls, scan.AggCall{Agg: aggregate(l.t, name, types...), Args: args})
		}
		switch l.r.IntN(9) {
		case 0, 1, 2:
			call("max", ts)
		case 3, 4:
			call("min", ts)
		case 5:
			call("count")
		case 6:
			call("count", []exprs.Expr{ts, id, n}[l.r.IntN(3)])
		case 7:
			call("max", n)
		default:
			call("sum", n)
		}
	}
	return calls
}

// What is answered while a file is lost is what the whole table answers, and what is not names the file's error.
func TestLostFile(t *testing.T) {
	t.Parallel()
	kinds := []string{"rows", "keys", "top-N", "aggregate", "limit"}
	answered, refused := map[string]int{}, map[string]int{}
	for seed := range uint64(12) {
		l := newLostTable(t, seed)
		for i := range 400 {
			kind := kinds[i%len(kinds)]
			conds := l.conds()
			if kind == "keys" {
				conds = slices.Insert(conds, l.r.IntN(len(conds)+1), l.keys())
			}
			limit := 1 + l.r.Int64N([]int64{6, 6, 300}[l.r.IntN(3)])
			sortKeys := []scan.SortKey{{Expr: column(lostTime, arrowschema.Timestamp), Desc: l.r.IntN(2) == 0, NullsFirst: l.r.IntN(3) == 0}}
			if l.r.IntN(2) == 0 {
				sortKeys = append(sortKeys, scan.SortKey{Expr: column(lostID, integer)})
			}
			if l.r.IntN(5) == 0 {
				sortKeys[0].Expr = []exprs.Expr{column(lostID, integer), column(lostNumber, integer), column(lostUser, str)}[l.r.IntN(3)]
			}
			calls := l.aggregates()
			query := func() scan.Source {
				table := l.scan(conds)
				switch kind {
				case "top-N":
					return &scan.Sort{Input: table, Keys: sortKeys, Limit: limit}
				case "aggregate":
					return &scan.Aggregate{Input: table, Aggs: calls}
				case "limit":
					return &scan.Limit{Input: &scan.Project{Input: table, Exprs: []exprs.Expr{column(lostID, integer)}}, Count: limit}
				}
				return table
			}
			l.lost = 0
			whole := newEnv(shapes()[i%len(shapes())])
			whole.NoPruning, whole.NoFooters = true, true
			want, err := pull(whole, query())
			require.NoError(t, err)
			l.lost = uint32(1 + l.r.IntN(len(l.view.Files)))
			env := newEnv(shapes()[i%len(shapes())])
			got, err := pull(env, query())
			what := fmt.Sprintf("seed %d, %d: %s, %v, %v by %v", seed, i, kind, exprs.Strings(conds), limit, sortKeys)
			if err != nil {
				require.ErrorIs(t, err, errLost, what)
				refused[kind]++
				continue
			}
			answered[kind]++
			if kind == "limit" {
				require.Len(t, got, len(want), what)
				continue
			}
			requireRows(t, want, got, env.Workers > 1 && kind != "top-N" && kind != "aggregate", what)
		}
	}
	t.Logf("answered %v, refused %v", answered, refused)
	for _, kind := range kinds {
		require.Greater(t, answered[kind], 100, "%s: %d were refused", kind, refused[kind])
		require.Greater(t, refused[kind], 20, "%s: %d were answered", kind, answered[kind])
	}
}

package scan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// Rows that a condition on the key names are found by the index, hot, cold, deleted or unknown, and are those that a scan of everything finds.
func TestScanByKey(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 5)
	r := rand.New(rand.NewPCG(5, 5))
	key := column(idColumn, integer)
	other := function(t, ">", column(nColumn, integer), intConst(0))
	passed := 0
	for i := range 120 {
		cond := function(t, "=", key, intConst(r.Int64N(fx.next*2+20)))
		switch i % 4 {
		case 1:
			cond = function(t, "=", intConst(r.Int64N(fx.next*2+20)), key)
		case 2:
			var list []*exprs.Const
			for range r.IntN(20) + 1 {
				list = append(list, exprs.NewConst(vec.NewConst(integer, r.Int64N(fx.next*2+20), 1)))
			}
			list = append(list, exprs.NewConst(vec.NewNull(integer, 1)))
			cond = exprs.NewIn(key, list, false)
		case 3:
			cond = function(t, "=", key, exprs.NewConst(vec.NewNull(integer, 1)))
		}
		conds := []exprs.Expr{cond}
		if r.IntN(2) == 0 {
			conds = append(conds, other)
		}
		s := shapes()[i%len(shapes())]
		env := newEnv(s)
		env.NoPruning = true
		want, err := pull(env, fx.scan(conds...))
		require.NoError(t, err)
		env = newEnv(s)
		env.Counters = &scan.Counters{}
		got, err := pull(env, fx.scan(conds...))
		require.NoError(t, err)
		requireRows(t, want, got, s.workers > 1, "%v", exprs.Strings(conds))
		require.LessOrEqual(t, env.Counters.Segments.Load(), int64(1), "%v", exprs.Strings(conds))
		got, err = pull(newEnv(s), &scan.Aggregate{Input: fx.scan(conds...), Aggs: []scan.AggCall{{Agg: aggregate(t, "count")}}})
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprint(len(want), "|")}, got, exprs.Strings(conds))
		passed += len(want)
	}
	require.Positive(t, passed)
}

// A scan for one key reads no file when the row is hot.
func TestScanByHotKey(t *testing.T) {
	t.Parallel()
	fx := newFixture(t, 6)
	files := int64(0)
	for id := range fx.live {
		env := newEnv(shapes()[id%5])
		got, err := pull(env, fx.scan(function(t, "=", column(idColumn, integer), intConst(id))))
		require.NoError(t, err)
		require.Len(t, got, 1, "%d", id)
		if n := env.Counters.FilesSkippedByKey.Load(); n > 0 {
			require.Zero(t, env.Counters.Files.Load()+env.Counters.RowGroups.Load(), "%d is hot", id)
			files += n
		}
	}
	require.Positive(t, files)
}

// A scan for one key ends at the row group that has it: what bloom filters with many false positives let through is read one by one.
func TestScanByKeyEnds(t *testing.T) {
	t.Parallel()
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), CheckpointBytes: -1})
	require.NoError(t, err)
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Namespace: "public", Table: "ids"}, Storage: "primary", SortColumn: -1, UserColumn: -1,
		Keys:    []schemahistory.Key{{Name: "ids_pkey", Columns: []int{0}, Primary: true}},
		Columns: []schemahistory.Column{{ID: 1, Name: "id", Type: integer, NotNull: true}},
	}
	const rows, group = 1024, 64
	b := vec.NewBuilder(integer, rows)
	for _, id := range rand.New(rand.NewPCG(7, 7)).Perm(rows) {
		b.AppendInt(2 * int64(id))
	}
	require.NoError(t, db.Update(context.Background(), func(tx *store.Tx) error {
		require.NoError(t, tx.CreateTable(def))
		file, err := db.FS().CreateNew(db.Path("ids.parquet"))
		require.NoError(t, err)
		w, err := parquetio.NewWriter(file, def, &parquetio.WriteOptions{RowGroupRows: group, BloomFPP: 0.3})
		require.NoError(t, err)
		require.NoError(t, w.Write(&vec.Batch{N: rows, Cols: []*vec.Vec{b.Vec()}}))
		info, err := w.Close()
		require.NoError(t, err)
		require.NoError(t, file.Close())
		_, err = tx.AddFile(def.Name, store.FileRef{Path: "ids.parquet", Rows: rows, Size: info.Bytes, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs})
		return err
	}))
	snap := db.Snapshot()
	view, _ := snap.Table(def.Name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	var read, ended int64
	for id := range int64(2 * rows) {
		env := newEnv(shapes()[id%5])
		got, err := pull(env, &scan.Table{View: view, Files: db.OpenFile, Cols: []int{0}, Conds: []exprs.Expr{function(t, "=", column(0, integer), intConst(id))}})
		require.NoError(t, err)
		require.Len(t, got, int(1-id%2), "%d", id)
		c := env.Counters
		require.Equal(t, int64(rows/group), c.RowGroups.Load()+c.RowGroupsSkipped.Load(), "%d", id)
		require.Equal(t, c.RowGroupsSkipped.Load(), c.SkippedByStats.Load()+c.SkippedByPages.Load()+c.SkippedByBloom.Load()+c.SkippedByKey.Load(), "%d", id)
		if id%2 == 0 {
			read += c.RowGroups.Load()
			ended += c.SkippedByKey.Load()
		} else {
			require.Zero(t, c.SkippedByKey.Load(), "%d", id)
		}
	}
	require.Positive(t, ended)
	require.InDelta(t, ended, read-rows, float64(rows)/8, "about as many false positives before the row as behind it")
}

package scan_test

import (
	"bufio"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// userFiles is a table of three files, of the users ann and bob and of several, each of 256 rows in 4 row groups of 4 pages. Row i of all has the key 2*i, the
// time i seconds, and one of 8 words, of which "rare" is in one row group alone.
func userFiles(t *testing.T) (*store.DB, *store.TableView) {
	db, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), CheckpointBytes: -1})
	require.NoError(t, err)
	def := &schemahistory.TableDefinition{
		Name: schemahistory.Name{Namespace: "public", Table: "u"}, Storage: "primary", SortColumn: 2, UserColumn: 1,
		Keys: []schemahistory.Key{{Name: "u_pkey", Columns: []int{0}, Primary: true}},
		Columns: []schemahistory.Column{
			{ID: 1, Name: "id", Type: integer, NotNull: true}, {ID: 2, Name: "user_id", Type: str, Dictionary: true},
			{ID: 3, Name: "created_at", Type: arrowschema.Timestamp}, {ID: 4, Name: "word", Type: str, Dictionary: true}, {ID: 5, Name: "long", Type: str},
		},
	}
	update := func(fn func(tx *store.Tx) error) { require.NoError(t, db.Update(context.Background(), fn)) }
	update(func(tx *store.Tx) error { return tx.CreateTable(def) })
	for f, user := range []string{"ann", "bob", ""} {
		ids, users, times, words, long := vec.New(integer, 256), vec.New(str, 256), vec.New(arrowschema.Timestamp, 256), vec.New(str, 256), vec.New(str, 256)
		for i := range 256 {
			at := 256*f + i
			ids.Ints[i], times.Ints[i] = int64(2*at), int64(at)*1e6
			users.Strs[i] = []string{"ann", "bob", fmt.Sprintf("u%d", i%5)}[f]
			words.Strs[i] = []string{"a", "b", "c", "d", "x", "y", "z"}[at%7]
			if at == 300 {
				words.Strs[i] = "rare"
			}
			long.Strs[i] = fmt.Sprintf("row %d of %d", at, f)
		}
		update(func(tx *store.Tx) error {
			def, _ := tx.Table(def.Name)
			path := fmt.Sprintf("u-%d.parquet", f)
			file, err := db.FS().CreateNew(db.Path(path))
			require.NoError(t, err)
			buffer := bufio.NewWriter(file)
			w, err := parquetio.NewWriter(buffer, def, &parquetio.WriteOptions{RowGroupRows: 64, PageRows: 16})
			require.NoError(t, err)
			require.NoError(t, w.Write(&vec.Batch{N: 256, Cols: []*vec.Vec{ids, users, times, words, long}}))
			info, err := w.Close()
			require.NoError(t, err)
			require.NoError(t, buffer.Flush())
			require.NoError(t, file.Close())
			_, err = tx.AddFile(def.Name, store.FileRef{
				Path: path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
				SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, User: user,
			})
			return err
		})
	}
	snap := db.Snapshot()
	view, _ := snap.Table(def.Name)
	t.Cleanup(func() {
		snap.Close()
		require.NoError(t, db.Close())
	})
	return db, view
}

// What each means of pruning leaves out is counted, and what is read is no more than it must be.
func TestPruningCounters(t *testing.T) {
	t.Parallel()
	db, view := userFiles(t)
	user, ts, word, id := column(1, str), column(2, arrowschema.Timestamp), column(3, str), column(0, integer)
	at := func(second int64) exprs.Expr {
		return exprs.NewConst(vec.NewConst(arrowschema.Timestamp, second*1e6, 1))
	}
	between := exprs.NewConst(vec.NewConst(arrowschema.Timestamp, int64(271_500_000), 1)) // a row group has it, but none of its pages
	type counted struct{ rows, files, byPath, byFileStats, groups, byStats, byPages, byBloom, byDictionary, pages, pagesSkipped int64 }
	for name, c := range map[string]struct {
		conds []exprs.Expr
		want  counted
	}{
		"path": {[]exprs.Expr{function(t, "=", user, textConst("bob")), function(t, "=", word, textConst("rare"))},
			counted{rows: 1, files: 2, byPath: 1, groups: 1, byStats: 4, byDictionary: 3, pages: 4*2 + 3, pagesSkipped: 3*3 + 3*4*2}},
		"path and IS NULL": {[]exprs.Expr{&exprs.IsNull{Arg: user}}, counted{files: 1, byPath: 2, byStats: 4}},
		"file statistics": {[]exprs.Expr{function(t, ">=", ts, at(600))},
			counted{rows: 168, files: 1, byFileStats: 2, groups: 3, byStats: 1, pages: 3*5 + 2*4*5, pagesSkipped: 5}},
		"page index": {[]exprs.Expr{function(t, ">=", ts, at(266)), function(t, "<", ts, at(270))},
			counted{rows: 4, files: 1, byFileStats: 2, groups: 1, byStats: 3, pages: 5, pagesSkipped: 15}},
		"page index, every page": {[]exprs.Expr{function(t, ">", ts, between), function(t, "<=", ts, between)}, counted{files: 1, byFileStats: 2, byPages: 1, byStats: 3}},
		"bloom filter":           {[]exprs.Expr{function(t, "=", id, intConst(601))}, counted{files: 3, byStats: 11, byBloom: 1}},
		"primary key":            {[]exprs.Expr{function(t, "=", id, intConst(600))}, counted{rows: 1, files: 3, groups: 1, byStats: 11, pages: 5, pagesSkipped: 15}},
		"dictionary": {[]exprs.Expr{function(t, "~~", word, textConst("%ar%"))},
			counted{rows: 1, files: 3, groups: 1, byDictionary: 11, pages: 4 + 4, pagesSkipped: 11*4 + 4*3}},
	} {
		table := &scan.Table{View: view, Files: db.OpenFile, Conds: c.conds, Cols: []int{0, 1, 2, 3, 4}}
		env := newEnv(shape{vec.DefaultRows, 1})
		rows, err := pull(env, table)
		require.NoError(t, err)
		n := env.Counters
		got := counted{
			int64(len(rows)), n.Files.Load(), n.FilesSkippedByPath.Load(), n.FilesSkippedByStats.Load(), n.RowGroups.Load(), n.SkippedByStats.Load(),
			n.SkippedByPages.Load(), n.SkippedByBloom.Load(), n.SkippedByDictionary.Load(), n.PagesRead.Load(), n.PagesSkipped.Load(),
		}
		require.Equal(t, c.want, got, name)
		require.Equal(t, n.RowGroupsSkipped.Load(), got.byStats+got.byPages+got.byBloom+got.byDictionary, name)
		all, err := pull(newEnv(shape{vec.DefaultRows, 1}), &scan.Filter{Input: &scan.Table{View: view, Files: db.OpenFile, Cols: table.Cols}, Conds: c.conds})
		require.NoError(t, err)
		require.Equal(t, all, rows, name)
	}
}

// A top-N reads one row group, however many workers there are, and of the columns that are not its key one page.
func TestTopNReadsOneRowGroup(t *testing.T) {
	t.Parallel()
	db, view := userFiles(t)
	for _, workers := range []int{1, 4} {
		for _, conds := range [][]exprs.Expr{nil, {function(t, "<>", column(3, str), textConst("a"))}} {
			env := newEnv(shape{vec.DefaultRows, workers})
			got, err := pull(env, &scan.Sort{
				Input: &scan.Table{View: view, Files: db.OpenFile, Cols: []int{0, 1, 2, 3, 4}, Conds: conds}, Limit: 3,
				Keys: []scan.SortKey{{Expr: column(2, arrowschema.Timestamp), Desc: true, NullsFirst: false}},
			})
			require.NoError(t, err)
			require.Len(t, got, 3)
			n := env.Counters
			require.Equal(t, []int64{1, 11, 11}, []int64{n.RowGroups.Load(), n.RowGroupsSkipped.Load(), n.SkippedByTopN.Load()}, "%d workers", workers)
			want := int64(4 + 4)
			if conds != nil {
				want = 4 + 4 + 3
			}
			require.Equal(t, want, n.PagesRead.Load())
		}
	}
}

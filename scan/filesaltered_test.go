package scan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/store"
)

// After an ALTER a file is still ruled out by its path and its bounds, as long as the user and the sort column are those of when it was written.
func TestFilesAreRuledOutAfterAlter(t *testing.T) {
	t.Parallel()
	db, view := userFiles(t)
	second := exprs.NewConst(vec.NewConst(arrowschema.Timestamp, 600*int64(1e6), 1))
	conds := []exprs.Expr{function(t, "=", column(1, str), textConst("bob")), function(t, "<", column(2, arrowschema.Timestamp), second)}
	for name, c := range map[string]struct {
		userID, sortID int32 // of the files
		version        int64 // of the table
		byPath, files  int64 // ruled out by their paths, by their bounds
	}{
		"never altered":                 {0, 0, 1, 1, 0},
		"altered, files say nothing":    {0, 0, 2, 0, 0},
		"altered":                       {2, 3, 2, 1, 0},
		"another user column":           {4, 3, 2, 0, 0},
		"another user column, at first": {4, 0, 1, 0, 0},
	} {
		def := *view.Def
		def.Version = c.version
		altered := &store.TableView{Def: &def, Hot: view.Hot}
		for _, f := range view.Files {
			ref := *f
			ref.UserID, ref.SortID = c.userID, c.sortID
			altered.Files = append(altered.Files, &ref)
		}
		env := newEnv(shape{vec.DefaultRows, 1})
		rows, err := pull(env, &scan.Table{View: altered, Files: db.OpenFile, Conds: conds, Cols: []int{0, 1, 2, 3, 4}})
		require.NoError(t, err)
		require.Len(t, rows, 256, name)
		require.Equal(t, []int64{c.byPath, c.files}, []int64{env.Counters.FilesSkippedByPath.Load(), env.Counters.FilesSkippedByStats.Load()}, name)
	}
	late := exprs.NewConst(vec.NewConst(arrowschema.Timestamp, 700*int64(1e6), 1))
	for sortID, want := range map[int32]int64{0: 0, 1: 0, 3: 2} {
		def := *view.Def
		def.Version = 2
		altered := &store.TableView{Def: &def, Hot: view.Hot}
		for _, f := range view.Files {
			ref := *f
			ref.SortID = sortID
			altered.Files = append(altered.Files, &ref)
		}
		env := newEnv(shape{vec.DefaultRows, 1})
		rows, err := pull(env, &scan.Table{
			View: altered, Files: db.OpenFile, Conds: []exprs.Expr{function(t, ">=", column(2, arrowschema.Timestamp), late)}, Cols: []int{0, 1, 2, 3, 4},
		})
		require.NoError(t, err)
		require.Len(t, rows, 68)
		require.Equal(t, want, env.Counters.FilesSkippedByStats.Load(), "sorted by column %d", sortID)
	}
}

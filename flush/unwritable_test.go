package flush

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// A base path at which nothing can be written fails the flush with its name and what to do, loses no row, and is no hindrance once it is mended.
func TestUnwritableStorage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link, loop := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "loop")
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(dir, "nowhere"), link))
	require.NoError(t, os.Symlink(loop, loop))
	for name, c := range map[string]struct {
		base string
		code sqlstate.Code
	}{
		"file":  {file, sqlstate.WrongObjectType},
		"below": {filepath.Join(file, "sub"), sqlstate.WrongObjectType},
		"link":  {link, sqlstate.DuplicateFile},
		"loop":  {loop, sqlstate.IOError},
		"long":  {filepath.Join(dir, strings.Repeat("a", 5000)), sqlstate.IOError},
	} {
		db := open(t, vfs.OS(), filepath.Join(dir, "data-"+name))
		insertJobs(t, db, 0, 100)
		addStorage(t, db, "o'"+name, c.base, "{storageLocation}/{namespace}/{tableName}/", schemahistory.Jobs)
		ctx, req := context.Background(), Request{Table: &schemahistory.Jobs, AllRows: true}
		_, err := Run(ctx, db, req)
		var coded *sqlstate.Error
		require.ErrorAs(t, err, &coded, name)
		require.Equal(t, c.code, coded.Code, name)
		require.Contains(t, coded.Message, `could not flush to storage "o'`+name+`": `)
		require.Contains(t, coded.Message, c.base, name)
		require.Contains(t, coded.Hint, "WHERE name = 'o''"+name+"'")
		snap := db.Snapshot()
		_, hot, cold := rowsOf(t, db, snap, schemahistory.Jobs)
		snap.Close()
		require.Equal(t, []int{101, 0}, []int{hot, cold}, "the jobs and the failed flush")
		if name == "link" {
			require.NoError(t, os.Mkdir(filepath.Join(dir, "nowhere"), 0o700))
			_, err := Run(ctx, db, req)
			require.NoError(t, err)
			snap := db.Snapshot()
			_, hot, cold := rowsOf(t, db, snap, schemahistory.Jobs)
			snap.Close()
			require.Equal(t, []int{1, 101}, []int{hot, cold})
		}
		require.NoError(t, db.Close())
	}
}

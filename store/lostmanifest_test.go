package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// TestLostManifest removes the manifest: of a database with rows in its log, of a backup, which has them in its first checkpoint and an empty log, and of a
// database that was only begun. The first two are refused, by name, and left as they are; the last is made anew, as after a crash in its making.
func TestLostManifest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, what := range []string{"log", "copy", "begun"} {
		fs := vfs.NewMem()
		db, err := store.Open(ctx, "/db", &store.Options{FS: fs})
		require.NoError(t, err)
		if what != "begun" {
			require.NoError(t, db.Reserve(ctx, "/db/storage/a.parquet")) // a record in the log
		}
		if what == "copy" {
			require.NoError(t, fs.MkdirAll("/copy"))
			snap := db.Snapshot()
			require.NoError(t, db.Reserve(ctx, "/db/storage/b.parquet"))
			_, err := snap.WriteCopy(ctx, "/copy", nil)
			require.NoError(t, err)
			snap.Close()
		}
		require.NoError(t, db.Close())
		dir := map[bool]string{false: "/db", true: "/copy"}[what == "copy"]
		require.NoError(t, fs.Remove(dir+"/MANIFEST"))
		for _, readOnly := range []bool{true, false} {
			db, err := store.Open(ctx, dir, &store.Options{FS: fs, ReadOnly: readOnly})
			if what != "begun" {
				require.ErrorIs(t, err, store.ErrCorrupt, what)
				require.ErrorContains(t, err, dir+"/MANIFEST is gone", what)
				continue
			}
			if readOnly {
				require.ErrorIs(t, err, store.ErrNotFound)
				continue
			}
			require.NoError(t, err)
			require.NoError(t, db.Close())
		}
	}
}

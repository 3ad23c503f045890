package flush

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// The name of a file that has vanished from the disk is not given to another, also in the second in which it was made: what was lost may be put back.
func TestNameOfAVanishedFile(t *testing.T) {
	t.Parallel()
	ctx, fsys := context.Background(), vfs.NewMem()
	db := open(t, fsys, "data")
	defer func() { require.NoError(t, db.Close()) }()
	files := func() []string {
		snap := db.Snapshot()
		defer snap.Close()
		v, ok := snap.Table(schemahistory.Jobs)
		require.True(t, ok)
		var paths []string
		for _, f := range v.Files {
			paths = append(paths, db.Path(f.Path))
		}
		return paths
	}
	run := func() {
		_, err := Run(ctx, db, Request{Table: &schemahistory.Jobs, AllRows: true})
		require.NoError(t, err)
	}
	insertJobs(t, db, 0, 100)
	run()
	lost := files()[0]
	insertJobs(t, db, 100, 130)
	require.NoError(t, fsys.Rename(lost, lost+".aside"))
	run()
	require.Len(t, files(), 2)
	require.NotEqual(t, files()[0], files()[1])
	snap := db.Snapshot()
	v, _ := snap.Table(schemahistory.Jobs)
	other, err := db.OpenFile(v.Files[1])
	require.NoError(t, err)
	require.Equal(t, v.Files[1].Rows, other.Rows())
	snap.Close()

	require.NoError(t, fsys.Rename(lost+".aside", lost))
	snap = db.Snapshot()
	defer snap.Close()
	_, hot, cold := rowsOf(t, db, snap, schemahistory.Jobs)
	require.Equal(t, 132, hot+cold, "the jobs and the flushes'")
}

package store

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// A database that is closed when most rows of its last checkpoint are gone, as after a flush, is checkpointed, so that the next opening does not load them.
func TestClosingAfterRowsWent(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	opts := testOptions(mem)
	opts.CheckpointBytes, opts.SegmentRows = 1<<40, 0
	db := mustOpen(t, mem, opts)
	const rows, stay = manyRows + 1000, 10
	insertJobs(t, db, 0, rows)
	require.NoError(t, db.Checkpoint(context.Background()))
	require.NoError(t, db.Close())

	db = mustOpen(t, mem, opts)
	require.EqualValues(t, rows+1, db.Recovery().CheckpointRows)
	update(t, db, func(tx *Tx) error {
		view, _ := tx.Snapshot().Table(schemahistory.Jobs)
		var ids []tables.RowID
		segments := view.Hot.Segments()
		for i := range segments {
			for _, row := range segments[i].Live(0, segments[i].Rows(), nil) {
				ids = append(ids, tables.HotID(segments[i].Number(), int(row)))
			}
		}
		return tx.Delete(schemahistory.Jobs, ids[stay:])
	})
	require.NoError(t, db.Close())

	db = mustOpen(t, mem, opts)
	require.EqualValues(t, stay+1, db.Recovery().CheckpointRows) // and the storage primary
	require.Len(t, jobsOf(t, db), stay)
	require.NoError(t, db.Close())
}

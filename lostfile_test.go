package stoa_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// A job whose row is found is read and changed, by SQL and by the typed writer, while a file of the table is missing; what needs the file names it.
func TestJobsBesideALostFile(t *testing.T) {
	t.Parallel()
	ctx, fsys := context.Background(), vfs.NewMem()
	open := func() *stoa.DB {
		db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: fsys})
		require.NoError(t, err)
		return db
	}
	db := open()
	var ids [3]uuid.UUID // in the first file, in the second, and hot
	for i := range ids {
		for range 20 {
			id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "reindex"})
			require.NoError(t, err)
			require.NoError(t, db.Jobs().Start(ctx, id, ""))
			ids[i] = id
		}
		if i < 2 {
			_, err := db.Exec(ctx, "CALL system.flush('system.jobs', all_rows => true)")
			require.NoError(t, err)
		}
	}
	snap := db.Store().Snapshot()
	view, _ := snap.Table(schemahistory.Jobs)
	lost := view.Files[0].Path
	rows := view.Rows()
	snap.Close()
	require.NoError(t, db.Close())
	require.NoError(t, fsys.Rename("/db/"+lost, "/db/away"))
	db = open()
	for i, id := range ids {
		_, err := db.Jobs().Get(ctx, id)
		_, err2 := db.Exec(ctx, fmt.Sprintf("UPDATE system.jobs SET trace = 'n:a:t' WHERE job_id = '%s'", id))
		err3 := db.Jobs().Complete(ctx, id, stoa.Outcome{})
		for _, err := range []error{err, err2, err3} {
			if i > 0 {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, lost)
			}
		}
	}
	_, err := db.Exec(ctx, "INSERT INTO system.jobs (job_id, job_type, status) VALUES (gen_random_uuid(), 'a', 'pending')")
	require.Equal(t, sqlstate.UndefinedFile, sqlstate.CodeOf(err))
	require.NoError(t, db.Close())
	require.NoError(t, fsys.Rename("/db/away", "/db/"+lost))
	db = open()
	for i, id := range ids {
		j, err := db.Jobs().Get(ctx, id)
		require.NoError(t, err)
		require.Equal(t, i > 0, j.Status == "completed" && j.Trace != nil && *j.Trace == "n:a:t")
	}
	snap = db.Store().Snapshot()
	view, _ = snap.Table(schemahistory.Jobs)
	require.Equal(t, rows, view.Rows())
	snap.Close()
	require.NoError(t, db.Close())
}

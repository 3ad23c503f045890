package stoa_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

// TestTypedWritersOnOlderForm: what has a column is written and read, what has none is refused until the database is migrated.
func TestTypedWritersOnOlderForm(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, err := stoa.Open(ctx, "db", &stoa.Options{FS: vfs.NewMem(), Legacy: true})
	require.NoError(t, err)
	defer db.Close()
	refused := func(err error, column string) {
		t.Helper()
		require.Equal(t, "55000", stoa.CodeOf(err))
		require.ErrorContains(t, err, "has no column \""+column+"\"")
	}
	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.NoError(t, err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: []any{"chat"}})
	refused(err, "parameters")
	refused(db.Jobs().Start(ctx, id, "node-1:a:b"), "trace")
	require.NoError(t, db.Jobs().Start(ctx, id, ""))
	memory := int64(0)
	refused(db.Jobs().Complete(ctx, id, stoa.Outcome{MemoryUsed: &memory}), "memory_used")
	require.NoError(t, db.Jobs().Complete(ctx, id, stoa.Outcome{}))
	job, err := db.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "completed", job.Status)
	require.Nil(t, job.Result)

	live, err := db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1"})
	require.NoError(t, err)
	refused(db.LiveQueries().Notify(ctx, live, 3), "changes")
	_, err = db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT 1", Node: "node-1"})
	refused(err, "node")
	_, err = db.Storages().Add(ctx, "archive", "./archive", "{storageLocation}/{tableName}/")
	require.NoError(t, err, "under its old name")

	report, err := db.Migrate(ctx)
	require.NoError(t, err)
	require.True(t, report.Migrated)
	require.Contains(t, report.Result, "Migrated 3 tables")
	require.NotEmpty(t, report.Steps)
	done, err := db.Jobs().Get(ctx, report.JobID)
	require.NoError(t, err)
	require.Equal(t, "migrate", done.JobType)
	require.Equal(t, report.Result, *done.Result)

	job, err = db.Jobs().Get(ctx, id)
	require.NoError(t, err)
	require.Nil(t, job.MemoryUsed)
	require.NoError(t, db.LiveQueries().Notify(ctx, live, 3))
	got, err := db.LiveQueries().Get(ctx, live)
	require.NoError(t, err)
	require.Equal(t, int64(3), got.Changes)
	require.Equal(t, "chat", got.NamespaceID)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: []any{"chat"}, Trace: "a:b:c"})
	require.NoError(t, err)
	_, err = db.Storages().Add(ctx, "other", "./other", "{storageLocation}/{tableName}/")
	require.NoError(t, err)

	again, err := db.Migrate(ctx)
	require.NoError(t, err)
	require.False(t, again.Migrated)
	require.Empty(t, again.Result)
}

func TestMigrateReadOnly(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	fs := vfs.NewMem()
	db, err := stoa.Open(ctx, "db", &stoa.Options{FS: fs, Legacy: true})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	db, err = stoa.Open(ctx, "db", &stoa.Options{FS: fs, ReadOnly: true})
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Migrate(ctx)
	require.Equal(t, "25006", stoa.CodeOf(err))
	db2, err := stoa.Open(ctx, "new", &stoa.Options{FS: fs})
	require.NoError(t, err)
	defer db2.Close()
	report, err := db2.Migrate(ctx)
	require.NoError(t, err)
	require.False(t, report.Migrated)
}

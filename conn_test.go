package stoa_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

// Settings of a Conn stay; those of one statement run by the DB do not.
func TestConn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := stoa.Open(ctx, "/db", &stoa.Options{FS: vfs.NewMem()})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	zone := func(q interface {
		Query(c context.Context, sql string, args ...any) (*stoa.Rows, error)
	}) string {
		rows, err := q.Query(ctx, "SHOW timezone")
		require.NoError(t, err)
		defer rows.Release()
		require.True(t, rows.Next())
		return rows.RecordBatch().Column(0).ValueStr(0)
	}
	conn := db.Conn()
	_, err = conn.Exec(ctx, "SET timezone = 'Europe/Vienna'")
	require.NoError(t, err)
	require.Equal(t, "Europe/Vienna", zone(conn))
	_, err = db.Exec(ctx, "SET timezone = 'Europe/Vienna'")
	require.NoError(t, err)
	require.Equal(t, "UTC", zone(db))
	require.Equal(t, "UTC", zone(db.Conn()))
	_, err = conn.Query(ctx, "SELECT 1; SELECT 2")
	require.Equal(t, "42601", stoa.CodeOf(err))
}

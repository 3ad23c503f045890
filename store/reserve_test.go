package store

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// TestReserveIsDurable has the power fail after a file was made under a name that was reserved: whatever statements wait for, no file is left that nobody
// knows of, since the file is durable and so is what tells of it.
func TestReserveIsDurable(t *testing.T) {
	t.Parallel()
	for _, durability := range []wal.Durability{wal.Full, wal.Interval, wal.Off} {
		mem := vfs.NewMem()
		opts := &Options{FS: mem, Durability: durability}
		db, err := Open(context.Background(), "/db", opts)
		require.NoError(t, err)
		require.NoError(t, db.Reserve(context.Background(), "files/a"))
		require.NoError(t, vfs.MkdirAllSync(mem, "/db/files"))
		f, err := mem.CreateNew("/db/files/a")
		require.NoError(t, err)
		require.NoError(t, f.Sync())
		require.NoError(t, f.Close())
		require.NoError(t, mem.SyncDir("/db/files"))
		opts.FS = mem.CrashClone(vfs.CrashOptions{Loss: vfs.LoseUnsynced})
		require.NoError(t, db.Close())

		db, err = Open(context.Background(), "/db", opts)
		require.NoError(t, err)
		there, err := vfs.Exists(opts.FS, "/db/files/a")
		require.NoError(t, err)
		require.False(t, there, "durability %d", durability)
		require.NoError(t, db.Close())
	}
}

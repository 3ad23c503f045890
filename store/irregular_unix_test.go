//go:build unix

package store

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// A pipe or a directory in the place of a flushed file is damage like any other: nobody waits for the pipe, and a salvage and what opens the database
// afterwards leave the directory alone.
func TestIrregularFile(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(path string) error{
		"pipe":      func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"directory": func(path string) error { return os.MkdirAll(filepath.Join(path, "sub"), 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			dir := filepath.Join(t.TempDir(), "db")
			open := func() *DB {
				db, err := Open(ctx, dir, testOptions(vfs.OS()))
				require.NoError(t, err)
				return db
			}
			db := open()
			insertJobs(t, db, 0, 100)
			flushParquet(t, db, "storage/a.parquet")
			insertJobs(t, db, 100, 110)
			require.NoError(t, db.Close())
			path := filepath.Join(dir, "storage", "a.parquet")
			require.NoError(t, os.Remove(path))
			require.NoError(t, replace(path))

			db = open()
			s := db.Snapshot()
			v, _ := s.Table(schemahistory.Jobs)
			_, err := db.OpenFile(v.Files[0])
			require.ErrorIs(t, err, parquetio.ErrCorrupt)
			require.ErrorContains(t, err, path)
			s.Close()
			require.NoError(t, db.Close())

			_, err = Salvage(ctx, dir, &SalvageOptions{FS: vfs.OS()})
			require.NoError(t, err)
			db = open()
			wantJobs(t, db, span(100, 110)...)
			require.NoError(t, db.Close())
			_, err = os.Stat(filepath.Join(path, "sub"))
			require.Equal(t, name == "directory", err == nil)
		})
	}
}

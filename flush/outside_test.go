package flush

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// TestBackupOutside refuses to put a backup where the database or another one has its files, by whatever name, before anything is done; a storage of the database may be
// anywhere.
func TestBackupOutside(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{home}, parts...)...) }
	db := open(t, vfs.OS(), at("data"))
	other := open(t, vfs.OS(), at("other"))
	require.NoError(t, other.Close())
	twoWaves(t, db)
	addStorage(t, db, "apart", at("files", "apart"), "{storageLocation}/{namespace}/{tableName}/", chatMessages)
	require.NoError(t, os.MkdirAll(at("data", "empty"), 0o700))
	require.NoError(t, os.MkdirAll(at("files", "apart", "deep"), 0o700))
	for name, to := range map[string]string{"to-data": at("data"), "to-empty": at("data", "empty"), "to-deep": at("files", "apart", "deep"), "to-home": home} {
		require.NoError(t, os.Symlink(to, at(name)))
	}
	before, jobs := files(t, vfs.OS(), home), len(backupJobs(t, db))
	refused := []string{
		at("data"), at("data", "copy"), at("data", "empty"), at("data", "wal", "x"), at("data", "storage", "system", "x"), at("data", "new", "deep"), at("other", "x"),
		at("files", "apart"), at("files", "apart", "x"), at("files", "apart", "deep"), at("other", "..", "data", "x"),
		at("to-data"), at("to-data", "x"), at("to-empty"), at("to-empty", "x", "y"), at("to-deep", "x"), at("to-home", "data", "x"), at("to-home", "to-deep", "x"),
	}
	require.NoError(t, db.Close())
	db = open(t, vfs.OS(), at("data"))
	for _, dest := range refused {
		_, err := Backup(ctx, db, BackupRequest{Dest: dest})
		var known *sqlstate.Error
		require.True(t, errors.As(err, &known), "%s: %v", dest, err)
		require.Equal(t, sqlstate.InvalidParameterValue, known.Code, "%s: %v", dest, err)
		require.NotEmpty(t, known.Hint)
	}
	require.Len(t, backupJobs(t, db), jobs, "a slip is no job")
	require.ElementsMatch(t, before, files(t, vfs.OS(), home))
	_, err := Backup(ctx, db, BackupRequest{Dest: at("files", "apart-from-it")})
	require.NoError(t, err)
	_, err = Backup(ctx, db, BackupRequest{Dest: at("to-home", "files", "copy")})
	require.NoError(t, err)

	// And to restore there.
	backup := openReader(t, vfs.OS(), at("files", "copy"))
	defer backup.Close()
	for _, dest := range refused {
		want := sqlstate.InvalidParameterValue
		if dest == at("data") || dest == at("to-data") { // another database, to the backup
			want = sqlstate.DuplicateFile
		}
		_, err := Restore(ctx, backup, dest, nil)
		require.Equal(t, want, sqlstate.CodeOf(err), "%s: %v", dest, err)
	}
	_, err = Restore(ctx, backup, at("restored"), nil)
	require.NoError(t, err)
}

// TestBackupOutsideInMemory does so on a file system that knows no links.
func TestBackupOutsideInMemory(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	db := open(t, mem, "data")
	for _, dest := range []string{"data", "data/x", "./data/../data/x/y"} {
		_, err := Backup(ctx, db, BackupRequest{Dest: dest})
		require.Equal(t, sqlstate.InvalidParameterValue, sqlstate.CodeOf(err), "%s: %v", dest, err)
	}
	_, err := Backup(ctx, db, BackupRequest{Dest: "database"})
	require.NoError(t, err)
	there, err := store.Exists(mem, "database")
	require.NoError(t, err)
	require.True(t, there)
}

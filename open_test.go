package stoa_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/store"
)

// One process writes a directory; others read what is committed when they open it.
func TestOneWriterManyReaders(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "data")
	_, err := stoa.Open(ctx, dir, &stoa.Options{MustExist: true})
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = os.Stat(dir)
	require.ErrorIs(t, err, os.ErrNotExist, "nothing was made")
	_, err = stoa.Open(ctx, dir, &stoa.Options{ReadOnly: true})
	require.ErrorIs(t, err, store.ErrNotFound)

	writer, err := stoa.Open(ctx, dir, nil)
	require.NoError(t, err)
	require.Equal(t, dir, writer.Dir())
	id, err := writer.Jobs().Create(ctx, stoa.NewJob{Type: "flush"})
	require.NoError(t, err)
	_, err = stoa.Open(ctx, dir, nil)
	require.ErrorContains(t, err, "is open for writing")
	require.ErrorContains(t, err, dir)

	read := func() *stoa.DB {
		db, err := stoa.Open(ctx, dir, &stoa.Options{ReadOnly: true})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		return db
	}
	early := read()
	require.NoError(t, writer.Jobs().Start(ctx, id, ""))
	_, err = writer.Exec(ctx, "CALL system.flush(all_rows => true)")
	require.NoError(t, err)
	for _, db := range []*stoa.DB{early, read()} {
		job, err := db.Jobs().Get(ctx, id)
		require.NoError(t, err)
		require.Equal(t, "running", job.Status)
		_, err = db.Exec(ctx, "DELETE FROM system.jobs")
		require.Equal(t, "25006", stoa.CodeOf(err))
		require.Equal(t, "25006", stoa.CodeOf(db.Jobs().Cancel(ctx, id)))
	}
	require.NoError(t, writer.Close())
	again, err := stoa.Open(ctx, dir, &stoa.Options{MustExist: true})
	require.NoError(t, err)
	defer again.Close()
	require.NoError(t, again.Jobs().Complete(ctx, id, stoa.Outcome{}))
}

// A database of a newer format is refused, by writers and readers, and left as it is.
func TestNewerFormat(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := stoa.Open(ctx, dir, nil)
	require.NoError(t, err)
	_, err = db.Jobs().Create(ctx, stoa.NewJob{ID: uuid.New(), Type: "flush"})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	manifest := filepath.Join(dir, "MANIFEST")
	text, err := os.ReadFile(manifest)
	require.NoError(t, err)
	require.Contains(t, string(text), "\nformat 2\n")
	newer := strings.Replace(string(text), "format 2", "format 3", 1)
	newer = newer[:strings.LastIndex(newer, "crc ")]
	newer += fmt.Sprintf("crc %08x\n", crc32.Checksum([]byte(newer), crc32.MakeTable(crc32.Castagnoli)))
	require.NoError(t, os.WriteFile(manifest, []byte(newer), 0o600))
	before := files(t, dir)
	for _, readOnly := range []bool{false, true} {
		_, err := stoa.Open(ctx, dir, &stoa.Options{ReadOnly: readOnly})
		require.ErrorIs(t, err, store.ErrVersion)
		require.Equal(t, before, files(t, dir))
	}
}

// files reads all files of a directory, but for the lock, which has nothing in it.
func files(t *testing.T, dir string) map[string]string {
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "LOCK" {
			return err
		}
		text, err := os.ReadFile(path)
		out[path] = string(text)
		return err
	}))
	require.NotEmpty(t, out)
	return out
}

// Opening ends with its context.
func TestOpenCancelled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := stoa.Open(context.Background(), dir, nil)
	require.NoError(t, err)
	for range 3 {
		_, err := db.Jobs().Create(context.Background(), stoa.NewJob{Type: "flush"})
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = stoa.Open(ctx, dir, nil)
	require.ErrorIs(t, err, context.Canceled)
	db, err = stoa.Open(context.Background(), dir, nil)
	require.NoError(t, err, "the lock was given back")
	require.NoError(t, db.Close())
}

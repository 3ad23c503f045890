package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// replaceFiles makes the newest state do without the files that there are.
func replaceFiles(t testing.TB, db *DB) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		v, _ := tx.Snapshot().Table(schemahistory.Jobs)
		for _, f := range v.Files {
			require.NoError(t, tx.RemoveFile(schemahistory.Jobs, f.Number))
		}
		return nil
	})
}

func onDisk(t testing.TB, db *DB, name string) bool {
	t.Helper()
	there, err := vfs.Exists(db.FS(), db.Path(name))
	require.NoError(t, err)
	return there
}

func eventually(t testing.TB, what string, fn func() bool) {
	t.Helper()
	require.Eventually(t, fn, time.Minute, 5*time.Millisecond, what)
}

// TestSnapshotKeepsFiles has the writer do without a file, and with a checkpoint without a part of the log, while a reader's snapshot is open: they stay until it is
// closed. Then the name stays taken, for readers without protection.
func TestSnapshotKeepsFiles(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	opts := testOptions(fsys)
	opts.LogSegmentBytes = 500
	db := mustOpen(t, fsys, opts)
	reader := openBeside(t, fsys, *opts)
	insertJobs(t, db, 0, 10)
	flushParquet(t, db, "storage/a.parquet")
	s, err := reader.Latest(context.Background())
	require.NoError(t, err)
	replaceFiles(t, db)
	old := checkpointName(db.manifest.checkpoint)
	require.NoError(t, db.Checkpoint(context.Background()))
	require.True(t, onDisk(t, db, "storage/a.parquet") && onDisk(t, db, old))
	require.True(t, db.Taken("storage/a.parquet"))
	v, _ := s.Table(schemahistory.Jobs)
	require.Len(t, v.Files, 1)
	file, err := reader.OpenFile(v.Files[0])
	require.NoError(t, err)
	require.EqualValues(t, 10, file.Rows())
	later, err := reader.Latest(context.Background()) // in the other slot, or the same: it does not need the file
	require.NoError(t, err)
	v, _ = later.Table(schemahistory.Jobs)
	require.Empty(t, v.Files)
	later.Close()
	require.True(t, onDisk(t, db, "storage/a.parquet"))
	s.Close()
	eventually(t, "the file goes", func() bool { return !onDisk(t, db, "storage/a.parquet") && !onDisk(t, db, old) })
	eventually(t, "nothing is reserved", func() bool { return len(db.reservedPaths()) == 0 })
	require.True(t, db.Taken("storage/a.parquet"))
	require.False(t, db.Taken("storage/b.parquet"))
	db.background.Wait()
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())
}

// TestSlotsDrain has readers come one upon the other, so that there is never none: what is retired goes all the same.
func TestSlotsDrain(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	readers := []*DB{openBeside(t, fsys, *testOptions(fsys)), openBeside(t, fsys, *testOptions(fsys))}
	snaps := make([]*Snapshot, 2)
	round := 0
	next := func() {
		s, err := readers[round%2].Latest(context.Background())
		require.NoError(t, err)
		snaps[round%2].Close()
		snaps[round%2] = s
		round++
	}
	next()
	for n := range 3 {
		insertJobs(t, db, 10*n, 10*n+10)
		path := fmt.Sprintf("storage/%d.parquet", n)
		flushParquet(t, db, path)
		next()
		replaceFiles(t, db)
		eventually(t, path, func() bool { next(); return !onDisk(t, db, path) })
	}
	for i, r := range readers {
		snaps[i].Close()
		require.NoError(t, r.Close())
	}
	require.NoError(t, db.Close())
}

// TestWriterOpensBesideReaders closes the writer while a reader's snapshot keeps a file: the next writer leaves it until the reader ends; and at once when the
// reader's process is dead.
func TestWriterOpensBesideReaders(t *testing.T) {
	t.Parallel()
	for _, dies := range []bool{false, true} {
		fsys := vfs.NewMem()
		db := mustOpen(t, fsys, nil)
		insertJobs(t, db, 0, 10)
		flushParquet(t, db, "storage/a.parquet")
		reader := openBeside(t, fsys, *testOptions(fsys))
		s, err := reader.Latest(context.Background())
		require.NoError(t, err)
		replaceFiles(t, db)
		require.NoError(t, db.Close())
		if dies {
			fsys = fsys.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		}
		db = mustOpen(t, fsys, nil)
		require.Equal(t, !dies, onDisk(t, db, "storage/a.parquet"))
		require.Equal(t, !dies, db.Taken("storage/a.parquet"))
		s.Close()
		eventually(t, "the file goes", func() bool { return !onDisk(t, db, "storage/a.parquet") })
		require.NoError(t, reader.Close())
		require.NoError(t, db.Close())
	}
}

// TestReaderWithoutSlots reads a directory that no writer has prepared: it makes nothing there, and has no protection.
func TestReaderWithoutSlots(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	insertJobs(t, db, 0, 10)
	flushParquet(t, db, "storage/a.parquet")
	for _, name := range []string{readersName, readersName + ".0", readersName + ".1"} {
		require.NoError(t, fsys.Remove(db.Path(name)))
	}
	reader := openBeside(t, fsys, *testOptions(fsys))
	s, err := reader.Latest(context.Background())
	require.NoError(t, err)
	require.Nil(t, s.held)
	require.False(t, onDisk(t, db, readersName+".0"))
	replaceFiles(t, db)
	eventually(t, "the file goes", func() bool { return !onDisk(t, db, "storage/a.parquet") })
	v, _ := s.Table(schemahistory.Jobs)
	_, err = reader.OpenFile(v.Files[0])
	require.Equal(t, sqlstate.UndefinedFile, sqlstate.CodeOf(Worded(err)))
	require.ErrorContains(t, err, "a.parquet")
	s.Close()
	require.NoError(t, reader.Close())
	require.NoError(t, db.Close())
}

// TestRetireFaults fails every call of the writer while it retires a file beside a reader that comes and goes: the reader is never without a file that it knows,
// and in the end, after another opening, what is not needed is gone.
func TestRetireFaults(t *testing.T) {
	t.Parallel()
	for n, hit := uint64(1), true; hit; n++ {
		hit = false
		fsys, armed := vfs.NewMem(), false
		inject := vfs.FailNth(n, n%2 == 0, syscall.EIO, func(op vfs.Op) bool {
			return armed && (op.Kind == vfs.OpLock || op.Kind == vfs.OpRemove || op.Kind == vfs.OpSyncDir || filepath.Base(op.Path) == readersName)
		})
		opts := testOptions(vfs.WithFaults(fsys, func(op vfs.Op) error { err := inject(op); hit = hit || err != nil; return err }))
		db := mustOpen(t, nil, opts)
		insertJobs(t, db, 0, 10)
		flushParquet(t, db, "storage/a.parquet")
		reader := openBeside(t, fsys, *testOptions(fsys))
		s, err := reader.Latest(context.Background())
		require.NoError(t, err)
		armed = true
		replaceFiles(t, db)
		require.True(t, onDisk(t, reader, "storage/a.parquet"), "call %d", n)
		s.Close()
		db.lastReap()
		_ = db.Close() // it may fail, as a call of it may
		armed = false
		db = mustOpen(t, fsys, nil)
		require.False(t, onDisk(t, db, "storage/a.parquet"), "call %d", n)
		require.NoError(t, db.Close())
		require.NoError(t, reader.Close())
	}
}

// TestSecondWriter opens a database twice for writing, in one process, and after the death of the first.
func TestSecondWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := Open(context.Background(), dir, nil)
	require.NoError(t, err)
	_, err = Open(context.Background(), dir, nil)
	require.Equal(t, objectInUse, sqlstate.CodeOf(err))
	var locked *vfs.LockedError
	require.ErrorAs(t, err, &locked)
	require.ErrorContains(t, err, dir)
	require.NoError(t, db.Close())
	f, err := vfs.OS().Create(filepath.Join(dir, lockName)) // of a process that is no more
	require.NoError(t, err)
	_, err = f.Write([]byte("999999              \n"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	db, err = Open(context.Background(), dir, nil)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestWorded(t *testing.T) {
	t.Parallel()
	for code, err := range map[sqlstate.Code]error{
		"XX001": fmt.Errorf("a.parquet: %w: size", parquetio.ErrCorrupt), "55006": &vfs.LockedError{Path: "a"}, "53100": syscall.ENOSPC, "53000": syscall.EMFILE,
		"53200": syscall.ENOMEM, "58P01": syscall.ENOENT, "42501": syscall.EACCES, "58030": syscall.EIO, "22023": sqlstate.New("22023", "x"),
	} {
		require.Equal(t, code, sqlstate.CodeOf(Worded(fmt.Errorf("reading a: %w", err))))
	}
	require.Equal(t, sqlstate.DataCorrupted, sqlstate.CodeOf(Worded(&wal.CorruptError{File: "a"})))
	plain := errors.New("something else")
	require.Equal(t, plain, Worded(plain))
	require.NoError(t, Worded(nil))
	require.ErrorIs(t, Worded(context.Canceled), context.Canceled)
	require.Equal(t, sqlstate.InternalError, sqlstate.CodeOf(Worded(context.Canceled)))
}

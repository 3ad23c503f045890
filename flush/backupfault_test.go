package flush

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// TestBackupCrashes crashes before every call that changes something. Under its name there is nothing, or a whole backup; what was left is no obstacle.
func TestBackupCrashes(t *testing.T) {
	t.Parallel()
	mem := vfs.NewMem()
	var disks []*vfs.Mem
	var armed bool
	rng := rand.New(rand.NewPCG(5, 2))
	guard := make(chan struct{}, 1)
	db := open(t, vfs.WithFaults(mem, func(op vfs.Op) error {
		guard <- struct{}{}
		defer func() { <-guard }()
		if armed && op.Kind.Changes() {
			for _, loss := range []vfs.Loss{vfs.LoseUnsynced, vfs.LoseNothing, vfs.LoseSome} {
				disks = append(disks, mem.CrashClone(vfs.CrashOptions{Loss: loss, Rand: rng}))
			}
		}
		return nil
	}), "data")
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	armed = true
	_, err := Backup(ctx, db, BackupRequest{Dest: "copy"})
	require.NoError(t, err)
	armed = false
	require.NoError(t, db.Close())
	whole := 0
	for i, disk := range disks {
		there, err := vfs.Exists(disk, "copy")
		require.NoError(t, err)
		if there {
			backup := openReader(t, disk, "copy")
			require.Equal(t, want, allRowsNow(t, backup), "crash %d", i)
			require.NoError(t, backup.Close())
			whole++
		}
		db := open(t, disk, "data")
		n, err := Recover(ctx, db)
		require.NoError(t, err)
		for _, j := range backupJobs(t, db) {
			require.Equal(t, n == 1, j.Status == tables.Failed)
			require.True(t, tables.Final(j.Status))
		}
		if !there {
			_, err = Backup(ctx, db, BackupRequest{Dest: "copy"})
			require.NoError(t, err, "crash %d", i)
			left, err := vfs.Exists(disk, "copy.tmp")
			require.NoError(t, err)
			require.False(t, left)
		}
		require.NoError(t, db.Close())
	}
	require.Positive(t, whole)
	require.Less(t, whole, len(disks)/4)
}

// TestBackupFaults fails every call of a backup, one after the other. Under its name there is nothing, or a whole backup, and the job has ended.
func TestBackupFaults(t *testing.T) {
	t.Parallel()
	base := vfs.NewMem()
	db := open(t, base, "data")
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	require.NoError(t, db.Close())
	for i, fault := range []error{syscall.EIO, &vfs.Fault{Err: syscall.EIO, Done: true}, &vfs.Fault{Err: syscall.ENOSPC, Bytes: 5}} {
		t.Run([]string{"once", "done all the same", "half a write"}[i], func(t *testing.T) {
			t.Parallel()
			failed := 0
			for n := uint64(1); ; n++ {
				mem := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
				var armed, hit atomic.Bool
				inject := vfs.FailNth(n, false, fault, func(vfs.Op) bool { return armed.Load() })
				fsys := vfs.WithFaults(mem, func(op vfs.Op) error {
					err := inject(op)
					if err != nil {
						hit.Store(true)
					}
					return err
				})
				db := open(t, fsys, "data")
				armed.Store(true)
				_, err := Backup(ctx, db, BackupRequest{Dest: "copy"})
				armed.Store(false)
				there, serr := vfs.Exists(mem, "copy/MANIFEST")
				require.NoError(t, serr)
				if err != nil {
					var known *sqlstate.Error
					require.True(t, errors.As(err, &known))
					require.Equal(t, there, known.Detail == `The backup in "copy" is complete.`, "call %d: %v", n, err)
					failed++
					require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err), "call %d: %v", n, err)
				} else {
					require.True(t, there)
				}
				for _, j := range backupJobs(t, db) {
					require.True(t, tables.Final(j.Status) || db.Err() != nil, "call %d", n)
				}
				if there {
					backup := openReader(t, mem, "copy")
					require.Equal(t, want, allRowsNow(t, backup), "call %d", n)
					require.NoError(t, backup.Close())
				}
				_ = db.Close()
				if !hit.Load() {
					break
				}
			}
			require.Greater(t, failed, 60)
		})
	}
}

// TestRestoreDamaged flips a bit in every file of a backup, one after the other: what is restored is right, or nothing is.
func TestRestoreDamaged(t *testing.T) {
	t.Parallel()
	base := vfs.NewMem()
	db := open(t, base, "data")
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	_, err := Backup(ctx, db, BackupRequest{Dest: "copy"})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	refused := 0
	for _, name := range files(t, base, "copy") {
		for _, how := range []string{"flip", "cut", "remove"} {
			mem := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
			damage(t, mem, "copy/"+name, how)
			backup, err := store.Open(ctx, "copy", &store.Options{FS: mem, ReadOnly: true})
			if err == nil {
				_, err = Restore(ctx, backup, "back", nil)
				require.NoError(t, backup.Close())
			}
			there, serr := vfs.Exists(mem, "back")
			require.NoError(t, serr)
			require.Equal(t, err == nil, there, "%s: %s", name, how)
			if err != nil {
				refused++
				continue
			}
			again := openReader(t, mem, "back")
			require.Equal(t, want, allRowsNow(t, again), "%s: %s", name, how)
			require.NoError(t, again.Close())
		}
	}
	require.Greater(t, refused, 15)
}

func damage(t *testing.T, fsys vfs.FS, name, how string) {
	t.Helper()
	if how == "remove" {
		require.NoError(t, fsys.Remove(name))
		return
	}
	f, err := fsys.OpenReadWrite(name)
	require.NoError(t, err)
	defer f.Close()
	size, err := vfs.Size(f)
	require.NoError(t, err)
	switch {
	case size == 0:
	case how == "cut":
		require.NoError(t, f.Truncate(size/2))
	default:
		var b [1]byte
		_, err = f.ReadAt(b[:], size/2)
		require.NoError(t, err)
		b[0] ^= 16
		_, err = f.WriteAt(b[:], size/2)
		require.NoError(t, err)
	}
}

// TestBackupCancelled has the context of a backup end at each of its calls of the file system. Either it has failed, and nothing is there, or it has succeeded.
func TestBackupCancelled(t *testing.T) {
	t.Parallel()
	base := vfs.NewMem()
	db := open(t, base, "data")
	mixedDatabase(t, db)
	want := allRowsNow(t, db)
	require.NoError(t, db.Close())
	done, late := 0, 0
	for n := int64(1); done < 2; n += 7 {
		mem := base.CrashClone(vfs.CrashOptions{Loss: vfs.LoseNothing})
		ctx, cancel := context.WithCancel(context.Background())
		var calls atomic.Int64
		calls.Store(-1 << 40)
		db := open(t, vfs.WithFaults(mem, func(vfs.Op) error {
			if calls.Add(1) == n {
				cancel()
			}
			return nil
		}), "data")
		calls.Store(0)
		_, err := Backup(ctx, db, BackupRequest{Dest: "copy"})
		if calls.Load() < n {
			done++
		} else if err == nil {
			late++
		}
		there, serr := vfs.Exists(mem, "copy")
		require.NoError(t, serr)
		require.Equal(t, err == nil, there, "call %d: %v", n, err)
		jobs := backupJobs(t, db)
		if err == nil {
			require.Equal(t, tables.Completed, jobs[0].Status, "call %d", n)
			backup := openReader(t, mem, "copy")
			require.Equal(t, want, allRowsNow(t, backup), "call %d", n)
			require.NoError(t, backup.Close())
		} else {
			require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "call %d: %v", n, err)
		}
		for _, j := range jobs {
			require.True(t, tables.Final(j.Status), "call %d", n)
		}
		left, serr := vfs.Exists(mem, "copy.tmp")
		require.NoError(t, serr)
		require.False(t, left)
		cancel()
		require.NoError(t, db.Close())
	}
	require.Positive(t, late)
}

// TestRestoreApart refuses to restore into the backup and over it.
func TestRestoreApart(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{home}, parts...)...) }
	db := open(t, vfs.OS(), at("data"))
	_, err := Backup(ctx, db, BackupRequest{Dest: at("copies", "one")})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, os.Symlink(at("copies"), at("link")))
	before := files(t, vfs.OS(), at("copies"))
	backup := openReader(t, vfs.OS(), at("copies", "one"))
	defer backup.Close()
	for _, dest := range []string{at("copies", "one"), at("copies", "one", "x"), at("copies", "two", "..", "one", "x", "y"), at("link", "one", "x"), at("copies"), at("link"), home} {
		_, err := Restore(ctx, backup, dest, nil)
		var known *sqlstate.Error
		require.True(t, errors.As(err, &known), "%s: %v", dest, err)
		require.Equal(t, sqlstate.InvalidParameterValue, known.Code)
		require.NotEmpty(t, known.Hint)
	}
	require.Equal(t, before, files(t, vfs.OS(), at("copies")))
	_, err = Restore(ctx, backup, at("link", "two"), nil)
	require.NoError(t, err)
}

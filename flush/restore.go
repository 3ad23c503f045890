package flush

import (
	"context"
	"runtime"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// RestoreOptions are the choices of Restore. nil means none.
type RestoreOptions struct {
	// Link is as in BackupRequest.
	Link bool
	// Progress is told how many bytes of flushed files are there, and of how many, as in Request.
	Progress func(done, total int64)
}

// Restore makes a database in a directory that does not exist or is empty, of a backup that was opened, for reading as a rule, and leaves the backup as it
// is. Any database will do: a backup is one.
//
// Every file of it is read, and its checksums are compared, before the directory gets its name. Flushed files are where they are in the backup; what was
// outside the database that was backed up is below the directory `outside` now. New files go where system.storages says: relative base paths are in
// the new directory, absolute ones where they were, and files that are there already are left alone.
//
// Errors are those of Backup; 22023 also when one of the two directories is in the other, and when the new one is in another database.
func Restore(ctx context.Context, backup *store.DB, dir string, opts *RestoreOptions) (report CopyReport, err error) {
	start := time.Now()
	defer func() {
		report.Duration = time.Since(start)
		err = worded(ctx, "could not restore", err)
	}()
	defer recovered(&err)
	if opts == nil {
		opts = &RestoreOptions{}
	}
	if err := checkDest(dir); err != nil {
		return report, err
	}
	if err := checkApart(backup.FS(), backup.Dir(), dir); err != nil {
		return report, err
	}
	runtime.LockOSThread() // a meter is asked for where files are copied
	defer runtime.UnlockOSThread()
	m := newMeter()
	defer m.close()
	snap, err := backup.Latest(ctx)
	if err != nil {
		return report, err
	}
	defer snap.Close()
	if err := checkOutside(backup, snap, "restore", dir); err != nil {
		return report, err
	}
	c := &contents{db: backup, snap: snap}
	return c.write(ctx, dir, &copyOptions{link: opts.Link, meter: m, progress: opts.Progress})
}

// checkApart refuses to restore into the backup, which is to stay as it is, and over it.
func checkApart(fsys vfs.FS, backup, dest string) error {
	what := "It is the backup, or in it."
	in, err := isIn(fsys, dest, backup)
	if err == nil && !in {
		what = "The backup is in it."
		in, err = isIn(fsys, backup, dest)
	}
	if err != nil || !in {
		return err
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "cannot restore %q to %q", backup, dest).WithDetail("%s", what).
		WithHint("Name a directory that does not exist or is empty, outside of the backup.")
}

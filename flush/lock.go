package flush

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// The files in the database's directory whose locks the jobs hold. The operating system forgets a lock when the process ends.
const (
	// lockName is held by a flush and by a compaction: one of them at a time, so that two do not write the same rows.
	lockName = "FLUSH.LOCK"
	// backupLock is held by a backup, beside which the others go on.
	backupLock = "BACKUP.LOCK"
)

// lockWait is the longest pause between two attempts to take the lock.
const lockWait = 50 * time.Millisecond

// lock waits until nobody else holds a lock.
func lock(ctx context.Context, db *store.DB, name string) (io.Closer, error) {
	for pause := time.Millisecond; ; pause = min(2*pause, lockWait) {
		held, err := tryLock(db, name)
		if other := (*vfs.LockedError)(nil); err == nil || !errors.As(err, &other) {
			return held, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func tryLock(db *store.DB, name string) (io.Closer, error) {
	return db.FS().Lock(filepath.Join(db.Dir(), name), vfs.Exclusive)
}

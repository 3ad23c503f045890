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

// lockName is the file in the database's directory whose lock a flush holds: one flush at a time, so that two do not write the same rows. The
// operating system forgets the lock when the process ends.
const lockName = "FLUSH.LOCK"

// lockWait is the longest pause between two attempts to take the lock.
const lockWait = 50 * time.Millisecond

// lock waits until no other flush of the database is running.
func lock(ctx context.Context, db *store.DB) (io.Closer, error) {
	for pause := time.Millisecond; ; pause = min(2*pause, lockWait) {
		held, err := tryLock(db)
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

func tryLock(db *store.DB) (io.Closer, error) {
	return db.FS().Lock(filepath.Join(db.Dir(), lockName), vfs.Exclusive)
}

package store

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/stoadb/stoa/vfs"
)

// hold is a reader's lock on a slot, for all of its snapshots that were begun under it.
type hold struct {
	slot int
	refs int // guarded by DB.holding
	lock io.Closer
}

// The writer looks whether a slot is free by locking it for some microseconds.
const (
	holdPause = 20 * time.Microsecond
	holdWait  = time.Second
)

// takeHold locks the slot to which the writer points. Without one (a directory that no writer has prepared, a file system without locks) it gives nil: then the
// reader has no protection, and finds out when a file is gone.
func (db *DB) takeHold(ctx context.Context) *hold {
	slot := readTurn(db.opts.FS, db.dir)
	db.holding.Lock()
	defer db.holding.Unlock()
	if h := db.holds[slot]; h != nil {
		h.refs++
		return h
	}
	path := db.slotPath(slot)
	if there, err := vfs.Exists(db.opts.FS, path); err != nil || !there { // a reader makes nothing
		return nil
	}
	for began := time.Now(); ; {
		lock, err := db.opts.FS.Lock(path, vfs.Shared)
		if err == nil {
			db.holds[slot] = &hold{slot: slot, refs: 1, lock: lock}
			return db.holds[slot]
		}
		if held := (*vfs.LockedError)(nil); !errors.As(err, &held) || ctx.Err() != nil || time.Since(began) > holdWait {
			return nil
		}
		time.Sleep(holdPause)
	}
}

// dropHold gives a hold back; nil does nothing.
func (db *DB) dropHold(h *hold) {
	if h == nil {
		return
	}
	db.holding.Lock()
	defer db.holding.Unlock()
	if h.refs--; h.refs > 0 {
		return
	}
	db.holds[h.slot] = nil
	_ = h.lock.Close() // the operating system has it back in any case
}

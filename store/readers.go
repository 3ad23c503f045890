package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stoadb/stoa/vfs"
)

// A reader beside the writer must find the files that its snapshot names. So what a commit or a checkpoint makes needless (flushed files, checkpoints, parts of
// the log) is retired first, and removed when nobody can be reading it.
//
//	READERS     "0" or "1": the slot that readers should take, a hint
//	READERS.0   slot 0: readers hold a shared lock on it
//	READERS.1   slot 1
//
// A reader locks the slot of the hint before it looks at the end of the log, and gives the lock back when its last snapshot is closed. The writer removes what is
// retired when it has seen each of the slots free since: whoever has locked a slot after that reads a log that has the commit, and does not need it. That is
// so whatever the hint says. The hint is for readers who come one upon the other: it points away from the slot that is to drain.
//
// The locks are the operating system's, which forgets those of a dead process. A reader that may not write takes its lock all the same; the files are the
// writer's. What is retired when the database is closed, or its process killed, is removed by the next opening, under the same rule.

const (
	readersName = "READERS"
	slots       = 2
)

func (db *DB) slotPath(slot int) string {
	return filepath.Join(db.dir, readersName+"."+strconv.Itoa(slot))
}

// retired is what a commit or a checkpoint made needless.
type retired struct {
	free        [slots]bool // the slot was seen free since
	files       []string    // flushed files, as FileRef.Path
	log         uint64      // the log's records before this one; 0 for none
	checkpoints []uint64
}

// free tells whether no reader holds a slot. What cannot be told is no.
func (db *DB) free(slot int) bool {
	lock, err := db.opts.FS.Lock(db.slotPath(slot), vfs.Exclusive)
	if err != nil {
		return false
	}
	return lock.Close() == nil
}

// openSlots makes the files by which readers are known, and tells whether there are none. Where they cannot be made, on a full disk, readers go unprotected.
func (db *DB) openSlots() (free bool) {
	free = true
	for slot := range slots {
		lock, err := db.opts.FS.Lock(db.slotPath(slot), vfs.Exclusive)
		held := (*vfs.LockedError)(nil)
		free = free && !errors.As(err, &held)
		if err == nil {
			_ = lock.Close()
		}
	}
	db.turn = readTurn(db.opts.FS, db.dir)
	if there, err := vfs.Exists(db.opts.FS, filepath.Join(db.dir, readersName)); err == nil && !there {
		db.point(db.turn)
	}
	return free
}

// point points readers to a slot. If it cannot be written the slots drain when readers happen to pause.
func (db *DB) point(slot int) {
	path := filepath.Join(db.dir, readersName)
	f, err := db.opts.FS.OpenReadWrite(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = db.opts.FS.Create(path)
	}
	if err != nil {
		return
	}
	if _, err := f.WriteAt([]byte{'0' + byte(slot), '\n'}, 0); err == nil {
		db.turn = slot
	}
	_ = f.Close() // a hint need not be durable
}

// readTurn reads the hint; without one it is slot 0.
func readTurn(fsys vfs.FS, dir string) int {
	f, err := fsys.Open(filepath.Join(dir, readersName))
	if err != nil {
		return 0
	}
	defer f.Close() // opened for reading
	var b [1]byte
	if n, err := f.ReadAt(b[:], 0); n == 1 && (err == nil || err == io.EOF) && b[0] == '1' {
		return 1
	}
	return 0
}

// retire removes something as soon as no reader can need it: now, if there is none.
func (db *DB) retire(what *retired) error {
	db.removals.Lock()
	defer db.removals.Unlock()
	if db.given { // whoever opens the directory next finds it
		return nil
	}
	db.retired = append(db.retired, what)
	err := db.reap()
	if len(db.retired) > 0 {
		db.awaitReaders()
	}
	return err
}

// reap removes what is retired and can be. The caller holds removals.
func (db *DB) reap() error {
	// Under less than full durability the commit that does without the files may not be on the disk yet, and the one before it needs them.
	if err := db.log.Flush(context.Background()); err != nil {
		return nil // the log has failed, and tells so itself; the next opening removes
	}
	var free [slots]bool
	for slot := range slots {
		free[slot] = db.free(slot)
	}
	for _, r := range db.retired {
		for slot := range slots {
			r.free[slot] = r.free[slot] || free[slot]
		}
	}
	if !free[db.turn] && free[1-db.turn] {
		db.point(1 - db.turn)
	}
	var errs []error
	kept := db.retired[:0]
	for _, r := range db.retired {
		if r.free == [slots]bool{true, true} {
			errs = append(errs, db.removeRetired(r))
		} else {
			kept = append(kept, r)
		}
	}
	clear(db.retired[len(kept):])
	db.retired = kept
	return errors.Join(errs...)
}

func (db *DB) removeRetired(r *retired) error {
	db.removeFiles(r.files)
	if r.log > 0 {
		if err := db.log.TruncateBefore(r.log); err != nil {
			return err
		}
	}
	for _, number := range r.checkpoints {
		if _, err := removeFile(db.opts.FS, filepath.Join(db.dir, checkpointName(number))); err != nil {
			return err
		}
	}
	return nil
}

const (
	firstPause = 10 * time.Millisecond
	lastPause  = time.Second
)

// awaitReaders tries again in the background until nothing is retired.
func (db *DB) awaitReaders() {
	db.work.Lock()
	defer db.work.Unlock()
	if db.ended || db.waiting {
		return
	}
	db.waiting = true
	db.background.Go(func() {
		for pause := firstPause; ; pause = min(2*pause, lastPause) {
			select {
			case <-db.running.Done():
			case <-time.After(pause):
			}
			if db.tryAgain() {
				return
			}
		}
	})
}

// tryAgain removes what can be removed, and tells whether there is nothing more to wait for.
func (db *DB) tryAgain() bool {
	db.removals.Lock()
	defer db.removals.Unlock()
	if db.running.Err() == nil {
		_ = db.reap() // what could not be removed is removed by the next opening
	}
	if len(db.retired) > 0 && db.running.Err() == nil {
		return false
	}
	db.work.Lock()
	db.waiting = false
	db.work.Unlock()
	return true
}

// lastReap removes what can be removed before the database is closed.
func (db *DB) lastReap() {
	db.removals.Lock()
	defer db.removals.Unlock()
	if len(db.retired) > 0 {
		_ = db.reap() // the rest is for the next opening
	}
}

// giveUp ends all removing: the directory is another's from now on.
func (db *DB) giveUp() {
	db.removals.Lock()
	defer db.removals.Unlock()
	db.given = true
}

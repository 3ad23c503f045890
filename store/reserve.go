package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// Reserve tells the database, durably, that files are about to be made under these paths, and before that under TempName of them. Those that no
// commit has added when the database is opened again are removed then: so a crash leaves no file that nobody knows of, and no directory need
// be searched for such. A flush calls it once, before it writes. What AddFile adds is no longer reserved; what is given up is released.
func (db *DB) Reserve(ctx context.Context, paths ...string) error {
	err := db.Update(ctx, func(tx *Tx) error {
		tx.reserve = append(tx.reserve, slashed(paths)...)
		dst, at := beginOp(tx.record, opReserve)
		tx.record = endOp(appendTexts(dst, slashed(paths)), at)
		return nil
	})
	if err != nil || db.opts.Durability == wal.Full {
		return err
	}
	// The files will be durable, and so must be what tells of them.
	if err := db.log.Flush(ctx); err != nil {
		return writeError(err)
	}
	return nil
}

// Release takes Reserve back, for paths under which nothing is, or something that is not the database's.
func (db *DB) Release(ctx context.Context, paths ...string) error {
	return db.Update(ctx, func(tx *Tx) error {
		tx.release = append(tx.release, slashed(paths)...)
		dst, at := beginOp(tx.record, opRelease)
		tx.record = endOp(appendTexts(dst, slashed(paths)), at)
		return nil
	})
}

func slashed(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = filepath.ToSlash(p)
	}
	return out
}

// applyReservations applies what a statement, whose table changes are applied, did to the paths that a recovery must look after: those of
// obsolete files are among them until they are removed.
func (db *DB) applyReservations(tx *Tx) {
	db.reservations.Lock()
	defer db.reservations.Unlock()
	for _, p := range tx.reserve {
		db.reserved[p] = true
	}
	for _, p := range tx.release {
		delete(db.reserved, p)
	}
	for _, p := range db.head.obsolete {
		db.reserved[p] = true
	}
	for _, t := range tx.touched {
		for _, f := range t.added {
			if !t.dropped && !t.removed[f.Number] {
				delete(db.reserved, f.Path)
			}
		}
	}
}

// reservedPaths gives the paths that a recovery must look after, sorted.
func (db *DB) reservedPaths() []string {
	db.reservations.Lock()
	defer db.reservations.Unlock()
	out := make([]string, 0, len(db.reserved))
	for p := range db.reserved {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// removeObsolete removes files that nobody in this process can read any more, as soon as nobody in another can. What cannot be removed is removed by the next
// recovery. A reader closes them.
func (db *DB) removeObsolete(paths []string) {
	if len(paths) == 0 {
		return
	}
	for _, p := range paths {
		db.files.forget(p)
	}
	if db.log != nil {
		_ = db.retire(&retired{files: paths})
	}
}

// removeFiles removes flushed files that are reserved. The caller holds removals.
func (db *DB) removeFiles(paths []string) {
	byDir := map[string][]string{}
	for _, p := range paths {
		if _, err := removeFile(db.opts.FS, db.Path(p)); err == nil {
			dir := filepath.Dir(db.Path(p))
			byDir[dir] = append(byDir[dir], p)
		}
	}
	now := db.Now()
	for dir, gone := range byDir {
		if err := db.opts.FS.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue // a crash might bring the names back
		}
		db.reservations.Lock()
		for _, p := range gone {
			delete(db.reserved, p)
			db.spend(p, now)
		}
		db.reservations.Unlock()
	}
}

const (
	// manySpent is how many names of removed files are kept before those are forgotten whose second is over, and maxSpent how many at most.
	manySpent = 1 << 10
	maxSpent  = 1 << 16
)

// spend notes that a name was a file's. The names have the second in which the file was begun, so that they need not be kept for long.
func (db *DB) spend(path string, now time.Time) {
	if len(db.spent) >= manySpent {
		maps.DeleteFunc(db.spent, func(_ string, at time.Time) bool { return now.Sub(at) > 2*time.Second })
	}
	if len(db.spent) >= maxSpent {
		clear(db.spent)
	}
	if db.spent == nil {
		db.spent = map[string]time.Time{}
	}
	db.spent[path] = now
}

// Taken tells whether a path, relative to the database's directory, is not to be given to a new file although none is there: because it is reserved, was given up
// by a commit and waits to be removed, or was removed a moment ago. A reader beside the writer may still know the name as that of the file before.
func (db *DB) Taken(path string) bool {
	db.reservations.Lock()
	defer db.reservations.Unlock()
	path = filepath.ToSlash(path)
	_, spent := db.spent[path]
	return spent || db.reserved[path]
}

// sweep removes, after a recovery, the files that were reserved and that no commit has added, and temporary files in the directory itself. While there are
// readers, who may be reading what was given up, it waits for them.
func (db *DB) sweep(free bool) error {
	known := map[string]bool{}
	for _, t := range db.tables {
		for _, f := range t.files {
			known[f.Path] = true
		}
	}
	later := &retired{}
	dirs := map[string]bool{}
	for p := range db.reserved {
		if !known[p] {
			kept, err := db.sweepReserved(p, free)
			if err != nil {
				return err
			}
			dirs[filepath.Dir(db.Path(p))] = true // also if it was gone: who removed it may have died before this
			if kept {
				later.files = append(later.files, p)
				continue
			}
		}
		delete(db.reserved, p)
	}
	if err := db.sweepOwn(dirs, free, later); err != nil {
		return err
	}
	for dir := range dirs {
		if err := db.opts.FS.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(later.files) > 0 || len(later.checkpoints) > 0 {
		return db.retire(later)
	}
	return nil
}

// sweepReserved removes what stands under a reserved path; if not all is free to go only what is no whole file, and then it tells whether there is one.
func (db *DB) sweepReserved(p string, free bool) (kept bool, err error) {
	if _, err := removeFile(db.opts.FS, TempName(db.Path(p))); err != nil {
		return false, err
	}
	if free {
		_, err := removeFile(db.opts.FS, db.Path(p))
		return false, err
	}
	return vfs.Exists(db.opts.FS, db.Path(p))
}

// sweepOwn removes from the database's directory what an interrupted checkpoint left.
func (db *DB) sweepOwn(dirs map[string]bool, free bool, later *retired) error {
	entries, err := db.opts.FS.ReadDir(db.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, isCheckpoint := parseCheckpointName(e.Name())
		stale := isCheckpoint && number != db.manifest.checkpoint
		if e.IsDir() || !stale && !vfs.IsTemp(e.Name()) {
			continue
		}
		if stale && !free {
			later.checkpoints = append(later.checkpoints, number)
			continue
		}
		removed, err := removeFile(db.opts.FS, filepath.Join(db.dir, e.Name()))
		if err != nil {
			return err
		}
		if removed {
			dirs[db.dir] = true
		}
	}
	return nil
}

// removeFile removes a file, and tells whether there was one. A directory that somebody has put in its place is left alone.
func removeFile(fsys vfs.FS, name string) (bool, error) {
	err := fsys.Remove(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if info, serr := fsys.Stat(name); err != nil && serr == nil && info.IsDir() {
		return false, nil
	}
	return err == nil, err
}

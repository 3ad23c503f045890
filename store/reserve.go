package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/stoadb/stoa/vfs"
)

// Reserve tells the database, durably, that files are about to be made under these paths, and before that under TempName of them. Those that no
// commit has added when the database is opened again are removed then: so a crash leaves no file that nobody knows of, and no directory need
// be searched for such. A flush calls it once, before it writes. What AddFile adds is no longer reserved; what is given up is released.
func (db *DB) Reserve(ctx context.Context, paths ...string) error {
	return db.Update(ctx, func(tx *Tx) error {
		tx.reserve = append(tx.reserve, slashed(paths)...)
		dst, at := beginOp(tx.record, opReserve)
		tx.record = endOp(appendTexts(dst, slashed(paths)), at)
		return nil
	})
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

// removeObsolete removes files that nobody can read any more. What cannot be removed now is removed by the next recovery.
func (db *DB) removeObsolete(paths []string) {
	if len(paths) == 0 || db.log == nil {
		return
	}
	db.removals.Lock()
	defer db.removals.Unlock()
	db.work.Lock()
	ended := db.ended
	db.work.Unlock()
	if ended { // the directory may be another's by now, who finds them reserved
		return
	}
	// Under less than full durability the commit that does without the files may not be on the disk yet, and the one before it needs them.
	if db.log.Flush(context.Background()) != nil {
		return
	}
	byDir := map[string][]string{}
	for _, p := range paths {
		db.files.forget(p)
		if _, err := removeFile(db.opts.FS, db.Path(p)); err == nil {
			dir := filepath.Dir(db.Path(p))
			byDir[dir] = append(byDir[dir], p)
		}
	}
	for dir, gone := range byDir {
		if err := db.opts.FS.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue // a crash might bring the names back
		}
		db.reservations.Lock()
		for _, p := range gone {
			delete(db.reserved, p)
		}
		db.reservations.Unlock()
	}
}

// sweep removes, after a recovery, the files that were reserved and that no commit has added, and temporary files in the directory itself.
func (db *DB) sweep() error {
	known := map[string]bool{}
	for _, t := range db.tables {
		for _, f := range t.files {
			known[f.Path] = true
		}
	}
	dirs := map[string]bool{}
	for p := range db.reserved {
		if !known[p] {
			for _, name := range []string{db.Path(p), TempName(db.Path(p))} {
				if _, err := removeFile(db.opts.FS, name); err != nil {
					return err
				}
			}
			dirs[filepath.Dir(db.Path(p))] = true // also if it was gone: who removed it may have died before this
		}
		delete(db.reserved, p)
	}
	if err := db.sweepOwn(dirs); err != nil {
		return err
	}
	for dir := range dirs {
		if err := db.opts.FS.SyncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sweepOwn removes from the database's directory what an interrupted checkpoint left.
func (db *DB) sweepOwn(dirs map[string]bool) error {
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

// removeFile removes a file, and tells whether there was one.
func removeFile(fsys vfs.FS, name string) (bool, error) {
	err := fsys.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

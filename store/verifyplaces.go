package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// maxEntries bounds the names that are looked at in storages: a base path may be any directory of the machine.
const maxEntries = 200000

// places notes what lies in the database's directory and in the storages and belongs to nothing.
func (v *verifier) places() error {
	entries, err := v.opts.FS.ReadDir(v.db.dir)
	if err != nil {
		return err
	}
	m, _ := readManifest(v.opts.FS, v.db.dir)
	for _, e := range entries {
		path := filepath.Join(v.db.dir, e.Name())
		number, isCheckpoint := parseCheckpointName(e.Name())
		switch {
		case e.IsDir():
		case vfs.IsTemp(e.Name()):
			v.note(findingIn(path, "a temporary file; the next opening for writing removes it"))
		case isCheckpoint && number != m.checkpoint:
			v.note(findingIn(path, "a checkpoint that the manifest does not name; the next opening for writing removes it"))
		}
	}
	known := map[string]bool{}
	for _, t := range v.snap.Tables() {
		for _, f := range t.Files {
			known[v.db.Path(f.Path)] = true
		}
	}
	budget := maxEntries
	for _, dir := range v.db.storageDirs(v.snap) {
		err := walkFiles(v.opts.FS, dir, v.db.notStorage, &budget, func(path string) error {
			switch name := filepath.Base(path); {
			case known[path]:
			case strings.HasPrefix(name, tempPrefix) && vfs.IsTemp(name):
				v.note(findingIn(path, "a temporary file of a flush or a compaction"))
			case strings.HasSuffix(name, ".parquet"):
				v.note(findingIn(path, "the database does not know this file"))
			}
			return v.ctx.Err()
		})
		if err != nil {
			if v.ctx.Err() != nil {
				return v.ctx.Err()
			}
			v.note(findingIn(dir, "the storage cannot be listed: %v", err))
		}
	}
	if budget <= 0 {
		v.note(findingIn("", "only the first %d names in the storages were looked at", maxEntries))
	}
	return nil
}

// storageDirs gives the directories in which files of the database may be: the base paths of the storages, and the directories of files that are elsewhere.
// None of them is below another.
func (db *DB) storageDirs(s *Snapshot) []string {
	all := map[string]bool{}
	add := func(dir string) { all[filepath.Clean(dir)] = true }
	add(db.Path(tables.PrimaryStorage().BasePath))
	if t, ok := s.TableByID(tables.StoragesTable); ok {
		db.eachStorage(s, t, func(row *tables.Storage) {
			if base := filepath.FromSlash(row.BasePath); base != "" && !strings.ContainsRune(base, 0) && !strings.Contains(base, "://") {
				add(db.Path(filepath.Clean(base)))
			}
		})
	}
	for _, t := range s.Tables() {
		for _, f := range t.Files {
			add(filepath.Dir(db.Path(f.Path)))
		}
	}
	var dirs []string
	for _, dir := range slices.Sorted(maps.Keys(all)) { // a directory comes before those below it
		below := func(d string) bool { rel, err := filepath.Rel(d, dir); return err == nil && filepath.IsLocal(rel) }
		if !slices.ContainsFunc(dirs, below) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// StorageDirs gives the directories in which the database's files may be: the base paths of its storages, and the directories of files that are elsewhere. None of them is
// below another.
func (s *Snapshot) StorageDirs() []string { return s.db.storageDirs(s) }

// eachStorage calls fn with the rows of system.storages that can be read.
func (db *DB) eachStorage(s *Snapshot, t *TableView, fn func(row *tables.Storage)) {
	give := func(ids []tables.RowID) {
		b, err := fetchRows(s.cold(db.running, t), t.Hot, ids, allPlaces(len(t.Def.Columns)))
		if err != nil || b == nil {
			return // told of with the file
		}
		for i := range b.N {
			row := tables.StorageAt(t.Def, b, i)
			fn(&row)
		}
	}
	segments := t.Hot.Segments()
	for i := range segments {
		var ids []tables.RowID
		for _, at := range segments[i].Live(0, segments[i].Rows(), nil) {
			ids = append(ids, tables.HotID(segments[i].Number(), int(at)))
		}
		give(ids)
	}
	for _, f := range t.Files {
		var ids []tables.RowID
		for i := range f.Rows {
			if !deletedIn(f, uint32(i)) {
				ids = append(ids, tables.ColdID(f.Number, uint32(i)))
			}
		}
		give(ids)
	}
}

func allPlaces(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// notStorage tells of a directory that it holds no files of tables.
func (db *DB) notStorage(dir string) bool {
	if filepath.Dir(dir) != filepath.Clean(db.dir) {
		return false
	}
	name := filepath.Base(dir)
	return name == logDir || strings.HasPrefix(name, salvagedPrefix)
}

// walkFiles calls fn with the files in a directory and below, in order, as long as the budget of names lasts. Symbolic links are not followed. A directory that
// is not there is empty.
func walkFiles(fsys vfs.FS, dir string, skip func(dir string) bool, budget *int, fn func(path string) error) error {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	for _, e := range entries {
		if *budget--; *budget < 0 {
			return nil
		}
		path := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir() && skip(path):
		case e.IsDir():
			err = walkFiles(fsys, path, skip, budget, fn)
		case e.Type().IsRegular():
			err = fn(path)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// leftovers tells whether a directory without a manifest has what a database leaves: a checkpoint or a log with records.
func leftovers(fsys vfs.FS, dir string) (bool, error) {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, err
	}
	for _, e := range entries {
		if _, ok := parseCheckpointName(e.Name()); ok && !e.IsDir() {
			return true, nil
		}
		if e.IsDir() && e.Name() == logDir {
			segments, err := fsys.ReadDir(filepath.Join(dir, logDir))
			if err != nil {
				return false, err
			}
			if len(segments) > 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

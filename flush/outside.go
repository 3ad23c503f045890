package flush

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// checkOutside refuses (22023) to make a copy of a database, as a snapshot has it, in that database, one of its storages, or another database: a verification would find
// files there that nobody knows, and what removes one of the two would remove both. what is what is being done.
func checkOutside(db *store.DB, snap *store.Snapshot, what, dest string) error {
	fsys := db.FS()
	refused := func(why string) error {
		return sqlstate.New(sqlstate.InvalidParameterValue, "cannot %s to %q", what, dest).WithDetail("%s", why).
			WithHint("Name a directory that does not exist or is empty, outside of the database and its storages.")
	}
	itself := true // one that is a database is not empty, as is said elsewhere
	within, err := anyAbove(fsys, dest, func(dir string, _ fs.FileInfo) bool {
		if itself {
			itself = false
			return false
		}
		there, err := store.Exists(fsys, dir)
		return err == nil && there
	})
	if err != nil {
		return err
	}
	if within {
		return refused("It is in the directory of a database.")
	}
	for _, dir := range append([]string{db.Dir()}, snap.StorageDirs()...) {
		in, err := isIn(fsys, dest, dir)
		if err != nil {
			return err
		}
		if in {
			return refused("It is in \"" + filepath.ToSlash(dir) + "\", where the database has its files.")
		}
	}
	return nil
}

// isIn tells whether a path is that of a directory, or goes through it, by its name or by another name of the same directory.
func isIn(fsys vfs.FS, name, dir string) (bool, error) {
	home, err := fsys.Abs(dir)
	if err != nil {
		return false, err
	}
	info, lost := fsys.Stat(home)
	return anyAbove(fsys, name, func(dir string, there fs.FileInfo) bool {
		return dir == home || lost == nil && there != nil && os.SameFile(there, info)
	})
}

// maxAbove bounds the way up to the root of the file system.
const maxAbove = 1000

// anyAbove tells whether a path or a directory above it is what is looked for: those of its name, and those that the links in it lead to. info is nil where nothing is.
func anyAbove(fsys vfs.FS, name string, is func(dir string, info fs.FileInfo) bool) (bool, error) {
	at, err := fsys.Abs(name)
	if err != nil {
		return false, err
	}
	stat := func(dir string) fs.FileInfo {
		info, err := fsys.Stat(dir)
		if err != nil {
			return nil
		}
		return info
	}
	nearest, found := "", fs.FileInfo(nil) // the first that exists
	for dir := at; ; dir = filepath.Dir(dir) {
		info := stat(dir)
		if found == nil && info != nil {
			nearest, found = dir, info
		}
		if is(dir, info) {
			return true, nil
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if found == nil || !os.SameFile(found, found) { // no file system of the system's has links
		return false, nil
	}
	// The system goes up from where links have led to; cleaning the path would go back.
	for n := 1; n < maxAbove; n++ {
		dir := nearest + strings.Repeat(string(filepath.Separator)+"..", n)
		info := stat(dir)
		if info == nil || os.SameFile(info, found) { // or at the root
			return false, nil
		}
		if is(dir, info) {
			return true, nil
		}
		found = info
	}
	return false, nil
}

package vfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// TempSuffix ends the names of files that are being written. A file that bears it when a database is opened is left from a crash.
const TempSuffix = ".tmp"

// IsTemp says whether a name is that of an unfinished file.
func IsTemp(name string) bool { return strings.HasSuffix(name, TempSuffix) }

// AtomicWrite replaces the file at path, or makes it, such that after a crash at any point there is the old content or the new, whole:
//
//  1. path + TempSuffix is created, or emptied, and filled by write;
//  2. it is synced and closed: its bytes are durable before any name refers to them;
//  3. it is renamed to path: readers see the old file or the new one;
//  4. the directory is synced: the new name is durable.
//
// On an error in 1 to 3 the old content stands and the temporary file is removed if that can be done. On an error in 4 the new content is
// in place but may be gone after a crash. Two calls for the same path must not run at once.
func AtomicWrite(fsys FS, path string, write func(io.Writer) error) error {
	return atomicWrite(fsys, path, write, fsys.Rename)
}

// AtomicCreate is AtomicWrite of a file that must not exist: else the error is fs.ErrExist and the existing file is untouched.
func AtomicCreate(fsys FS, path string, write func(io.Writer) error) error {
	return atomicWrite(fsys, path, write, fsys.RenameNoReplace)
}

func atomicWrite(fsys FS, path string, write func(io.Writer) error, rename func(oldName, newName string) error) error {
	temp := path + TempSuffix
	f, err := fsys.Create(temp)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = closeAnd(f, err); err == nil {
		err = rename(temp, path)
	}
	if err != nil {
		_ = fsys.Remove(temp) // the first error is the one to tell; whoever opens the directory next sweeps
		return err
	}
	return fsys.SyncDir(filepath.Dir(path))
}

// MkdirAllSync makes a directory and the parents it lacks, durably: each new name is synced in its own parent. The directory's own name is
// synced even if it existed, since whoever made it may have been killed before doing so.
func MkdirAllSync(fsys FS, dir string) error {
	dir = filepath.Clean(dir)
	var made []string // deepest first
	for d := dir; ; d = filepath.Dir(d) {
		info, err := fsys.Stat(d)
		if err == nil && !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: d, Err: errors.New("exists and is not a directory")}
		}
		if err == nil || filepath.Dir(d) == d {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		made = append(made, d)
	}
	if len(made) == 0 {
		err := fsys.SyncDir(filepath.Dir(dir))
		if errors.Is(err, fs.ErrPermission) {
			err = nil // not ours: a parent that we may not even open was made by somebody else long ago
		}
		return err
	}
	if err := fsys.MkdirAll(dir); err != nil {
		return err
	}
	for i := len(made) - 1; i >= 0; i-- {
		if err := fsys.SyncDir(filepath.Dir(made[i])); err != nil {
			return err
		}
	}
	return nil
}

// RemoveAll removes a file, or a directory with all that is in it. Symbolic links are removed, not followed. A path that does not exist is
// no error. It stops at the first failure.
func RemoveAll(fsys FS, path string) error {
	err := fsys.Remove(path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	info, serr := fsys.Stat(path)
	if serr != nil || !info.IsDir() {
		return err
	}
	return removeTree(fsys, path)
}

func removeTree(fsys FS, dir string) error {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		remove := fsys.Remove
		if e.IsDir() { // the entry's own type: a link to a directory is not one
			remove = func(name string) error { return removeTree(fsys, name) }
		}
		if err := remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return fsys.Remove(dir)
}

// Exists says whether there is a file or directory at path. An error other than fs.ErrNotExist means that nobody knows.
func Exists(fsys FS, path string) (bool, error) {
	_, err := fsys.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Size returns the size of an open file in bytes.
func Size(f File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// ErrTooLarge is what ReadFile finds in a file that is larger than its limit.
var ErrTooLarge = errors.New("the file is too large")

// ReadFile reads a whole file, and refuses one of more than limit bytes with ErrTooLarge before it allocates anything for it.
func ReadFile(fsys FS, path string, limit int64) ([]byte, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	data, err := readAll(f, limit)
	if err = closeAnd(f, err); err != nil {
		return nil, err
	}
	return data, nil
}

func readAll(f File, limit int64) ([]byte, error) {
	size, err := Size(f)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, &fs.PathError{Op: "read", Path: f.Name(), Err: fmt.Errorf("%w: %d bytes are more than the limit of %d", ErrTooLarge, size, limit)}
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, &fs.PathError{Op: "read", Path: f.Name(), Err: err}
	}
	return data, nil
}

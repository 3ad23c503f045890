package flush

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/vfs"
)

// unfinished is a file in a directory that is being filled, and locked meanwhile. Only a directory that has it, and whose filler has died, is emptied: nobody's
// data are taken for a leftover because of a name.
const unfinished = "UNFINISHED"

// stage makes a directory at once: it has its name when all that fill puts into it is durable, and before that the name with vfs.TempSuffix. It must not
// exist, or be empty (58P02). What a killed stage has left under the temporary name is removed by the next one, and what a failed one made at once, if that
// can be done.
func stage(fsys vfs.FS, dest string, fill func(dir string) error) (err error) {
	dest = filepath.Clean(dest)
	if err := checkEmpty(fsys, dest); err != nil {
		return err
	}
	temp := dest + vfs.TempSuffix
	lock, err := beginStage(fsys, temp)
	if err != nil {
		return err
	}
	made := temp // what is to be removed after an error
	defer func() {
		if err != nil && emptyStage(fsys, made) == nil { // the first error is the one to tell
			_ = vfs.RemoveAll(fsys, made)
		}
		_ = lock.Close()
	}()
	if err := fill(temp); err != nil {
		return err
	}
	if err := fsys.SyncDir(temp); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		_ = lock.Close() // a directory with an open file cannot be renamed there
	}
	if err := rename(fsys, temp, dest); err != nil {
		if there, _ := vfs.Exists(fsys, temp); !there {
			made = dest // it was carried out all the same
		}
		return err
	}
	made = dest
	if err := fsys.SyncDir(filepath.Dir(dest)); err != nil {
		return err
	}
	// The directory is complete and durable: that the file stays there does no harm.
	if removeFile(fsys, filepath.Join(dest, unfinished)) == nil {
		_ = fsys.SyncDir(dest)
	}
	return nil
}

// checkEmpty tells whether a name is free, or that of an empty directory.
func checkEmpty(fsys vfs.FS, dest string) error {
	info, err := fsys.Stat(dest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return sqlstate.New(sqlstate.DuplicateFile, "%q exists and is not a directory", dest)
	}
	entries, err := fsys.ReadDir(dest)
	if err == nil && len(entries) > 0 {
		err = sqlstate.New(sqlstate.DuplicateFile, "directory %q exists but is not empty", dest).WithHint("Name a directory that does not exist or is empty.")
	}
	return err
}

// beginStage makes the temporary directory, or takes over one that was left, and locks it.
func beginStage(fsys vfs.FS, temp string) (lock io.Closer, err error) {
	entries, err := fsys.ReadDir(temp)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ours := len(entries) == 0
	for _, e := range entries {
		ours = ours || e.Name() == unfinished
	}
	if !ours {
		return nil, sqlstate.New(sqlstate.DuplicateFile, "directory %q exists but is not empty", temp).WithHint("What is to be written stays there until it is complete.")
	}
	if err := vfs.MkdirAllSync(fsys, temp); err != nil {
		return nil, err
	}
	lock, err = fsys.Lock(filepath.Join(temp, unfinished), vfs.Exclusive)
	if held := (*vfs.LockedError)(nil); errors.As(err, &held) {
		return nil, &sqlstate.Error{Code: sqlstate.LockNotAvailable, Message: fmt.Sprintf("directory %q is being written by somebody else", temp), Cause: err}
	}
	if err != nil {
		return nil, err
	}
	if err = fsys.SyncDir(temp); err == nil { // before there is anything else
		err = emptyStage(fsys, temp)
	}
	if err != nil {
		return nil, also(err, lock.Close())
	}
	return lock, nil
}

// emptyStage removes all but the file that says what the directory is.
func emptyStage(fsys vfs.FS, temp string) error {
	entries, err := fsys.ReadDir(temp)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == unfinished {
			continue
		}
		if err := vfs.RemoveAll(fsys, filepath.Join(temp, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// rename gives the directory its name, in the place of an empty one where the system can do that, and else after it.
func rename(fsys vfs.FS, temp, dest string) error {
	err := fsys.Rename(temp, dest)
	if err == nil {
		return nil
	}
	if there, serr := vfs.Exists(fsys, dest); serr != nil || !there || checkEmpty(fsys, dest) != nil {
		return err
	}
	if fsys.Remove(dest) != nil {
		return err
	}
	return fsys.Rename(temp, dest)
}

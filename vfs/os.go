package vfs

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Permissions before the umask: whoever may enter the database's directory may read its files with other tools, as analysts do.
const (
	filePerm fs.FileMode = 0o644
	dirPerm  fs.FileMode = 0o755
)

// OS returns the host's file system. Its files are *os.File.
func OS() FS { return osFS{} }

type osFS struct{}

func openFile(name string, flag int) (File, error) {
	f, err := os.OpenFile(name, flag, filePerm)
	if err != nil {
		return nil, err // not f: a nil *os.File in an interface is not nil
	}
	return f, nil
}

func (osFS) Create(name string) (File, error) {
	return openFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

func (osFS) CreateNew(name string) (File, error) {
	return openFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (osFS) Open(name string) (File, error)             { return openFile(name, os.O_RDONLY) }
func (osFS) OpenReadWrite(name string) (File, error)    { return openFile(name, os.O_RDWR) }
func (osFS) Remove(name string) error                   { return os.Remove(name) }
func (osFS) Rename(oldName, newName string) error       { return os.Rename(oldName, newName) }
func (osFS) MkdirAll(name string) error                 { return os.MkdirAll(name, dirPerm) }
func (osFS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (osFS) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (osFS) SyncDir(name string) error                  { return syncDir(name) }
func (osFS) Abs(name string) (string, error)            { return filepath.Abs(name) }

func (osFS) RenameNoReplace(oldName, newName string) error {
	if err := renameNoReplace(oldName, newName); err != nil {
		return &os.LinkError{Op: "rename", Old: oldName, New: newName, Err: err}
	}
	return nil
}

// Lock locks the file itself and, if exclusively, leaves the process number in it for the message that others get.
func (osFS) Lock(name string, mode LockMode) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil && mode == Shared {
		f, err = os.Open(name)
	}
	if err != nil {
		return nil, err
	}
	held, err := lockFile(f, mode)
	if err != nil || held {
		if err = closeAnd(f, err); err == nil {
			err = &LockedError{Path: name, Holder: lockHolder(name)}
		}
		return nil, err
	}
	if mode == Exclusive {
		if err := f.Truncate(0); err != nil {
			return nil, closeAnd(f, err)
		}
		if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
			return nil, closeAnd(f, err)
		}
	}
	return &osLock{f: f, mode: mode}, nil
}

// lockHolder reads the process number that an exclusive holder left, or 0.
func lockHolder(name string) int {
	f, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	var b [24]byte
	n, _ := f.Read(b[:])
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		return 0
	}
	return pid
}

// osLock holds a lock as long as its file is open.
type osLock struct {
	f    *os.File
	mode LockMode
}

func (l *osLock) Close() error {
	var err error
	if l.mode == Exclusive {
		err = l.f.Truncate(0) // a number left behind would be blamed for the locks of others
	}
	return closeAnd(l.f, err)
}

// closeAnd closes c and returns the first of err and the error of closing.
func closeAnd(c io.Closer, err error) error {
	if cerr := c.Close(); err == nil {
		err = cerr
	}
	return err
}

package vfs

import (
	"errors"
	"fmt"
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

// errNotOrdinary is why a pipe or a device is not opened in a file's place: its reader would wait for a writer, or would never come to an end.
var errNotOrdinary = errors.New("not an ordinary file")

// openOrdinary opens an existing file, or a directory.
func openOrdinary(name string, flag int) (File, error) {
	const others = fs.ModeNamedPipe | fs.ModeSocket | fs.ModeDevice | fs.ModeIrregular
	if info, err := os.Stat(name); err == nil && info.Mode()&others != 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotOrdinary}
	}
	return openFile(name, flag)
}

func (osFS) Create(name string) (File, error) {
	return openFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

func (osFS) CreateNew(name string) (File, error) {
	return openFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (osFS) Open(name string) (File, error)             { return openOrdinary(name, os.O_RDONLY) }
func (osFS) OpenStream(name string) (File, error)       { return openFile(name, os.O_RDONLY) }
func (osFS) OpenReadWrite(name string) (File, error)    { return openOrdinary(name, os.O_RDWR) }
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

// Lock locks the file itself and, if exclusively, leaves the process number in it for the message that others get. The lock needs no room
// on the disk if the file exists; the number may, and is left out if it cannot be written.
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
		locked := &LockedError{Path: name}
		if held && mode == Exclusive {
			if byWriter, serr := lockFile(f, Shared); serr == nil && byWriter { // and not by readers, who leave no number
				locked.Holder = lockHolder(name)
			}
		} else if held {
			locked.Holder = lockHolder(name)
		}
		if err = closeAnd(f, err); err == nil {
			err = locked
		}
		return nil, err
	}
	l := &osLock{f: f, mode: mode}
	if mode == Exclusive {
		l.note(strconv.Itoa(os.Getpid()))
	}
	return l, nil
}

// lockHolder reads the process number that an exclusive holder left, or 0.
func lockHolder(name string) int {
	f, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	var b [2 * lockText]byte
	n, _ := f.Read(b[:])
	text, _, whole := strings.Cut(string(b[:n]), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || !whole {
		return 0
	}
	return pid
}

// lockText is the length of what a lock file holds: a process number, or none, blanks, and a line feed. It is always the same, so that
// after the first time writing it needs no room.
const lockText = 21

// osLock holds a lock as long as its file is open.
type osLock struct {
	f    *os.File
	mode LockMode
}

// note writes a text into the file if that can be done; else it empties it, for a number left behind would be blamed for the locks of others.
func (l *osLock) note(text string) {
	if _, err := l.f.WriteAt(fmt.Appendf(nil, "%-*s\n", lockText-1, text), 0); err != nil {
		_ = l.f.Truncate(0)
	}
}

// Close gives the lock back.
func (l *osLock) Close() error {
	if l.mode == Exclusive {
		l.note("")
	}
	return l.f.Close()
}

// closeAnd closes c and returns the first of err and the error of closing.
func closeAnd(c io.Closer, err error) error {
	if cerr := c.Close(); err == nil {
		err = cerr
	}
	return err
}

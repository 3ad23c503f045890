//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package vfs

import (
	"errors"
	"os"
	"syscall"
)

// syncDir syncs a directory as if it were a file. File systems that have nothing to do for it answer EINVAL or ENOTSUP.
func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return closeAnd(d, err)
}

// lockFile takes an flock, which belongs to the open file and not to the process: a second open in the same process is refused as well,
// and closing another descriptor of the file does not drop it, as it would with fcntl locks.
func lockFile(f *os.File, mode LockMode) (held bool, err error) {
	how := syscall.LOCK_EX
	if mode == Shared {
		how = syscall.LOCK_SH
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return false, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return true, nil
		case errors.Is(err, syscall.EINTR):
			continue
		}
		return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
}

// linkNoReplace is the rename that never replaces for systems without one: link fails if the new name is taken.
func linkNoReplace(oldName, newName string) error {
	if err := syscall.Link(oldName, newName); err != nil {
		return err
	}
	return syscall.Unlink(oldName)
}

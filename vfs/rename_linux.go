package vfs

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNoReplace uses renameat2, which some file systems (EINVAL) and kernels (ENOSYS) lack.
func renameNoReplace(oldName, newName string) error {
	for {
		err := unix.Renameat2(unix.AT_FDCWD, oldName, unix.AT_FDCWD, newName, unix.RENAME_NOREPLACE)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
			return linkNoReplace(oldName, newName)
		}
		return err
	}
}

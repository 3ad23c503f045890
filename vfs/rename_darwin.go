package vfs

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNoReplace uses renamex_np, which some file systems lack (ENOTSUP).
func renameNoReplace(oldName, newName string) error {
	err := unix.RenamexNp(oldName, newName, unix.RENAME_EXCL)
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EINVAL) {
		return linkNoReplace(oldName, newName)
	}
	return err
}

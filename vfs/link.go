package vfs

import (
	"errors"
	"os"
)

// Link gives a file of the host's file system (OS) another name, in which it is not copied; the name must not be taken. Other file systems, and names on
// different disks, answer errors.ErrUnsupported or an error of the system's: then copy.
func Link(fsys FS, oldName, newName string) error {
	if _, ok := fsys.(osFS); !ok {
		return errors.ErrUnsupported
	}
	return os.Link(oldName, newName)
}

package vfs

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func syncData(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var serr error
	err = conn.Control(func(fd uintptr) { // while it runs nobody closes the descriptor
		for serr = unix.Fdatasync(int(fd)); errors.Is(serr, unix.EINTR); serr = unix.Fdatasync(int(fd)) {
		}
	})
	switch {
	case err != nil, errors.Is(serr, unix.EINVAL), errors.Is(serr, unix.ENOSYS), errors.Is(serr, unix.ENOTSUP):
		return f.Sync() // it is closed, and Sync says so; or the file system has no fdatasync
	case serr != nil:
		return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: serr}
	}
	return nil
}

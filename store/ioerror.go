package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// The SQLSTATEs of PostgreSQL 15 that the system's refusals have.
const (
	insufficientPrivilege sqlstate.Code = "42501"
	insufficientResources sqlstate.Code = "53000"
	objectInUse           sqlstate.Code = "55006"
)

// Worded gives an error of the disk, or of what is on it, an SQLSTATE: XX001 for what is not what was written, 58P01 for a file that is not there, 42501 for one
// that may not be opened, 53100 for a full disk, 53000 when too many files are open, 53200 when there is no memory, 55006 for a lock that another process
// holds, and 58030 for the rest. The message keeps the file's name. Other errors, and those that have an SQLSTATE, stay as they are; the end of a context is
// no matter of the disk.
func Worded(err error) error {
	known := (*sqlstate.Error)(nil)
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code, hint := codeOf(err)
	if code == "" {
		return err
	}
	return &sqlstate.Error{Code: code, Message: err.Error(), Hint: hint, Cause: err}
}

const verifyHint = "Run stoa verify, which lists what is damaged; what does not need the file can be read as before."

// codeOf finds the SQLSTATE of an error of the disk, and a hint; "" for an error that is none.
func codeOf(err error) (code sqlstate.Code, hint string) {
	damage, locked := (*wal.CorruptError)(nil), (*vfs.LockedError)(nil)
	switch {
	case errors.Is(err, parquetio.ErrCorrupt), errors.Is(err, parquetio.ErrNotParquet), errors.Is(err, ErrCorrupt), errors.As(err, &damage):
		return sqlstate.DataCorrupted, verifyHint
	case errors.As(err, &locked):
		return objectInUse, "It can be opened read-only beside the writer."
	case vfs.IsFull(err):
		return sqlstate.DiskFull, "Free space on the disk; then the statement can be repeated."
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return insufficientResources, "Raise the limit of open files."
	case errors.Is(err, syscall.ENOMEM):
		return sqlstate.OutOfMemory, ""
	case errors.Is(err, fs.ErrNotExist):
		return sqlstate.UndefinedFile, verifyHint
	case errors.Is(err, fs.ErrPermission):
		return insufficientPrivilege, ""
	case isInputOutput(err):
		return sqlstate.IOError, ""
	}
	return "", ""
}

// isInputOutput tells whether the system gave the error.
func isInputOutput(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	var errno syscall.Errno
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &call) || errors.As(err, &errno) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrShortWrite) || errors.Is(err, fs.ErrClosed)
}

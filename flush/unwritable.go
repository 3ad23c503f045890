package flush

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// insufficientPrivilege is PostgreSQL's SQLSTATE for a directory that may not be written to.
const insufficientPrivilege sqlstate.Code = "42501"

// unwritable words an error of making files in the storage that says something of the place and not of the disk: its base path is no directory and cannot be
// made one, or must not be written to. Other errors stay as they are.
func (s *storage) unwritable(err error) error {
	if coded := (*sqlstate.Error)(nil); err == nil || errors.As(err, &coded) {
		return err
	}
	e := &sqlstate.Error{Message: fmt.Sprintf("could not flush to storage %q: %v", s.name, err), Cause: err}
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Code = insufficientPrivilege
	case errors.Is(err, fs.ErrNotExist):
		e.Code = sqlstate.UndefinedFile
	case errors.Is(err, fs.ErrExist):
		e.Code, e.Detail = sqlstate.DuplicateFile, "A file, or a symbolic link that leads nowhere, has the name of a directory."
	case errors.Is(err, syscall.ENOTDIR):
		e.Code = sqlstate.WrongObjectType
	case errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.EINVAL):
		e.Code = sqlstate.IOError
	default:
		return err
	}
	name := strings.ReplaceAll(s.name, "'", "''")
	e.Hint = fmt.Sprintf("Make the storage's base_path a directory that can be written to, or give it another one: "+
		"UPDATE system.storages SET base_path = '…' WHERE name = '%s'. No row is lost, and the flush can then be repeated.", name)
	return e
}

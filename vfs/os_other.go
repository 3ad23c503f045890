//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package vfs

import (
	"errors"
	"os"
)

// On other systems a database in memory works; one on disk is refused at its first lock rather than run unguarded.

func syncDir(string) error { return errors.ErrUnsupported }

func lockFile(*os.File, LockMode) (held bool, err error) { return false, errors.ErrUnsupported }

func renameNoReplace(string, string) error { return errors.ErrUnsupported }

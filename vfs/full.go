package vfs

import (
	"errors"
	"slices"
	"syscall"
)

// IsFull says whether an error tells that the disk, or somebody's share of it, is full: that nothing is broken, and that the same may
// succeed when room has been made.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) ||
		slices.ContainsFunc(fullErrors(), func(full error) bool { return errors.Is(err, full) })
}

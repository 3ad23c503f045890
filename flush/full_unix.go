//go:build unix

package flush

import (
	"errors"
	"syscall"
)

// isFull tells whether an error says that there is no more space.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

package stoa

import (
	"context"
	"errors"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// Finding is one thing that a verification or a salvage tells: where, what, and which rows it concerns. It shows nothing of what the files hold.
type Finding = store.Finding

// VerifyReport is what a verification found.
type VerifyReport = store.VerifyReport

// VerifyOptions are the choices of Verify. nil means none.
type VerifyOptions struct {
	Progress func(done, total int64) // bytes of flushed files that have been read, and of how many; as in CompactOptions
	KeyBytes int64                   // memory in which keys are compared; 256 MiB by default
	FS       vfs.FS                  // the file system; the operating system's by default
}

// Verify reads all of a database and lists what is damaged, in manifest, checkpoint, log and flushed files, and what does not agree: keys that are not unique,
// constraints that do not hold, statistics that are untrue. It changes nothing, not even what a crash has left, needs no lock, and works beside a writer.
//
// Damage is in the report, not an error. Errors carry SQLSTATE: 3D000 when there is no database, 0A000 for a newer format, 58030 and the like when the disk
// cannot be read.
func Verify(ctx context.Context, dir string, opts *VerifyOptions) (*VerifyReport, error) {
	var o VerifyOptions
	if opts != nil {
		o = *opts
	}
	report, err := store.Verify(ctx, dir, &store.VerifyOptions{FS: o.FS, Progress: o.Progress, KeyBytes: o.KeyBytes})
	return report, checking(dir, err)
}

// SalvageReport is what a salvage found, and what it could not keep.
type SalvageReport = store.SalvageReport

// SalvageOptions are the choices of Salvage. nil means none.
type SalvageOptions struct {
	Progress func(done, total int64) // as in VerifyOptions
	Now      func() time.Time        // the clock; time.Now by default
	FS       vfs.FS                  // the file system; the operating system's by default
}

// Salvage repairs a damaged database in its place: what is whole is kept, what is not is listed, and everything that is replaced stays in the directory
// salvaged-YYYYMMDD-HHMMSS of the database. Nobody may have the database open for writing. It can be interrupted anywhere and repeated. Afterwards the database
// opens, takes writes, and Verify finds nothing. Without damage nothing is changed.
//
// Errors are those of Verify, and 55006 when somebody else writes the database; 58P01 when a storage that may have files is not there at all.
func Salvage(ctx context.Context, dir string, opts *SalvageOptions) (*SalvageReport, error) {
	var o SalvageOptions
	if opts != nil {
		o = *opts
	}
	report, err := store.Salvage(ctx, dir, &store.SalvageOptions{FS: o.FS, Now: o.Now, Progress: o.Progress})
	return report, checking(dir, err)
}

// checking gives the errors of Verify and Salvage an SQLSTATE.
func checking(dir string, err error) error {
	var known *sqlstate.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, store.ErrNotFound):
		return &sqlstate.Error{Code: "3D000", Message: "there is no database in " + dir, Cause: err}
	case errors.Is(err, store.ErrVersion):
		return &sqlstate.Error{Code: sqlstate.FeatureNotSupported, Message: err.Error(), Cause: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: "canceling statement due to user request", Cause: err}
	}
	return store.Worded(err)
}

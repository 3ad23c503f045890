package text

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

const (
	// maxText is the longest text in bytes: PostgreSQL's MaxAllocSize, 1 GB less one, less the header of four bytes.
	maxText = 0x3fffffff - 4
	// maxBatch is how many bytes the results of one call for one batch of rows may take together. PostgreSQL makes one row at a time and has no
	// such limit; without one, two thousand rows of repeat('x', 1000000000) would take two terabytes.
	maxBatch = 2 << 30
)

func errTooLong() error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "requested length too large")
}

// cancelled gives the error of a statement whose context is done.
func cancelled(ctx *exprs.Ctx) error {
	if ctx == nil || ctx.Context == nil {
		return nil
	}
	if err := ctx.Context.Err(); err != nil {
		return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: "canceling statement due to user request", Cause: err}
	}
	return nil
}

// budget counts the bytes of the results of one call.
type budget int64

// take accounts for a text of n bytes before it is made.
func (b *budget) take(n int64) error {
	if n > maxText {
		return errTooLong()
	}
	if *b += budget(n); *b > maxBatch {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory").WithDetail("The results for one batch of rows exceed %d bytes.", maxBatch)
	}
	return nil
}

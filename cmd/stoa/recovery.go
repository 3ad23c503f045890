package main

import (
	"context"
	"fmt"
	"time"

	stoa "github.com/stoadb/stoa"
)

// tornAgain is after what time a reader looks once more at a log that ends in half a record: if a writer is at it, the record is whole by then.
const tornAgain = 20 * time.Millisecond

// tellRecovery tells, as a warning on standard error, of an end of the log that was not whole and that opening has cut off, or that a reader leaves out.
// Nothing that had been acknowledged before the process died was in it; but damage to the very end of a log that was not closed looks the same.
func tellRecovery(ctx context.Context, s *streams, db *stoa.DB) error {
	found := db.Store().Recovery().Log
	if found.TornBytes == 0 {
		return nil
	}
	what := "they have been cut off"
	if db.Store().ReadOnly() {
		select {
		case <-time.After(tornAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
		again, err := stoa.Open(ctx, db.Dir(), &stoa.Options{ReadOnly: true})
		if err != nil { // that is for the statements to say, if it lasts
			return nil
		}
		now := again.Store().Recovery().Log
		if err := again.Close(); err != nil || now.TornBytes != found.TornBytes || now.TornOffset != found.TornOffset || now.TornFile != found.TornFile {
			return err
		}
		what = "they are left out, and a writer will cut them off"
	}
	_, err := fmt.Fprintf(s.err, "WARNING:  the database was not closed, and the log's last %s are no whole record: %s\nDETAIL:  %s from byte %d on: %s.\n",
		count(found.TornBytes, "byte", "bytes"), what, found.TornFile, found.TornOffset, found.TornReason)
	return err
}

package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// defaultDir is where a database is unless --dir says otherwise.
const defaultDir = "./data"

// The SQLSTATEs of databases that cannot be opened (PostgreSQL 15, Appendix A).
const (
	invalidCatalogName sqlstate.Code = "3D000"
	objectInUse        sqlstate.Code = "55006"
)

// dirFlag adds --dir.
func dirFlag(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVarP(dir, "dir", "d", defaultDir, "directory of the database")
}

// openDatabase opens a database and words what stands against it.
func openDatabase(ctx context.Context, dir string, opts *stoa.Options) (*stoa.DB, error) {
	db, err := stoa.Open(ctx, dir, opts)
	if err == nil {
		return db, nil
	}
	return nil, opening(dir, err)
}

// opening words what stands against opening a database.
func opening(dir string, err error) error {
	var known *sqlstate.Error
	var locked *vfs.LockedError
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, store.ErrNotFound):
		return (&sqlstate.Error{Code: invalidCatalogName, Message: "there is no database in " + dir, Cause: err}).
			WithHint("Name its directory with --dir, or make one with stoa demo, stoa gen or stoa sql.")
	case errors.As(err, &locked):
		return (&sqlstate.Error{Code: objectInUse, Message: err.Error(), Cause: err}).
			WithHint("stoa sql --read-only reads the newest committed state beside the writer.")
	case errors.Is(err, store.ErrVersion):
		return (&sqlstate.Error{Code: sqlstate.FeatureNotSupported, Message: err.Error(), Cause: err}).
			WithHint("This is stoa %s; the database was written by a newer one and is left as it is.", stoa.Version)
	case errors.Is(err, store.ErrCorrupt):
		return &sqlstate.Error{Code: sqlstate.DataCorrupted, Message: err.Error(), Cause: err}
	}
	return err
}

// clock is a clock that --now has stopped, or nil for the system's.
func clock(now string) (func() time.Time, error) {
	if now == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339Nano, now)
	if err != nil {
		return nil, sqlstate.New(sqlstate.InvalidDatetimeFormat, "--now %q is not a time of RFC 3339", now).WithHint("For example 2025-10-22T15:00:00Z.")
	}
	return func() time.Time { return t }, nil
}

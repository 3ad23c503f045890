package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/wal"
)

// defaultDir is where a database is unless --dir says otherwise.
const defaultDir = "./data"

// invalidCatalogName is the SQLSTATE of a database that is not there (PostgreSQL 15, Appendix A).
const invalidCatalogName sqlstate.Code = "3D000"

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
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return notDirectory(dir, err)
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled):
		return exec.Cancelled(err)
	case errors.Is(err, store.ErrNotFound):
		return (&sqlstate.Error{Code: invalidCatalogName, Message: "there is no database in " + dir, Cause: err}).
			WithHint("Name its directory with --dir, or make one with stoa demo, stoa gen or stoa sql.")
	case errors.Is(err, store.ErrVersion), errors.Is(err, wal.ErrVersion):
		return (&sqlstate.Error{Code: sqlstate.FeatureNotSupported, Message: err.Error(), Cause: err}).
			WithHint("This is stoa %s; the database was written by a newer one and is left as it is.", stoa.Version)
	}
	return salvageable(dir, store.Worded(err))
}

// notDirectory names what is no directory: that which a path names, or one that it goes through. The code is the one that PostgreSQL has for ENOTDIR.
func notDirectory(path string, err error) error {
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		info, lost := os.Stat(at)
		if lost == nil && !info.IsDir() {
			return &sqlstate.Error{Code: sqlstate.WrongObjectType, Message: fmt.Sprintf("%q is not a directory", at), Cause: err}
		}
		if lost == nil || at == filepath.Dir(at) {
			return err
		}
	}
}

// salvageable gives the error of a database that cannot be opened because it is damaged the hint that helps.
func salvageable(dir string, err error) error {
	var known *sqlstate.Error
	if !errors.As(err, &known) || known.Code != sqlstate.DataCorrupted && known.Code != sqlstate.UndefinedFile {
		return err
	}
	with := *known
	return with.WithHint("stoa verify --dir %s lists what is damaged; with --salvage it keeps what is whole, and the damaged files beside it.", dir)
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

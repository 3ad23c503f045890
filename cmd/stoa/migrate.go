package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
)

func newMigrate(s *streams) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "migrate [--dir DIR]",
		Short: "Bring a database of the older form to the contract's",
		Long: `Brings a database of the older form to that of the Enhanced System Tables Schema Contract: adds the
new columns of system.jobs and system.live_queries, renames system.storage_locations to
system.storages, makes system.table_schemas, and records the schema of every table as version 1.

All of it happens at once or not at all: a migration that is killed leaves the database as it was,
and can be run again. Flushed files are not rewritten; their rows have NULL or the default in the
new columns. The migration is itself a job in system.jobs. CALL system.migrate() does the same.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			db, err := openDatabase(ctx, dir, &stoa.Options{MustExist: true})
			if err != nil {
				return err
			}
			err = migrate(ctx, s, db)
			if lost := db.Close(); err == nil {
				err = lost
			}
			return err
		},
	}
	dirFlag(cmd, &dir)
	return cmd
}

// migrate migrates and prints what was done.
func migrate(ctx context.Context, s *streams, db *stoa.DB) error {
	if err := tellRecovery(ctx, s, db); err != nil {
		return err
	}
	report, err := db.Migrate(ctx)
	if err != nil {
		return cancelled(ctx, err)
	}
	if !report.Migrated {
		_, err := fmt.Fprintf(s.out, "nothing to migrate: the database in %s has the contract's form\n", db.Dir())
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s (%.2f s)\n", report.Result, report.Duration.Seconds())
	return err
}

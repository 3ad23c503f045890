package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/vfs"
)

func newBackup(s *streams) *cobra.Command {
	var dir string
	var opts stoa.BackupOptions
	cmd := &cobra.Command{
		Use:   "backup DEST [--dir DIR] [--namespace NAME] [--no-system-tables] [--link]",
		Short: "Write the database as it is now to a directory",
		Long: `Writes the database as it is at this moment to the directory DEST, which must not exist or be empty,
and lies outside of DIR, of the storages, and of any other database.
What is written is a database of its own: it can be opened, and needs nothing of the one it was made
of; files of storages outside DIR are in DEST/outside. Every file is read again and its checksums are
compared. DEST appears when it is complete; until then there is DEST.tmp.

The backup is a job in system.jobs. While another process writes the database, it is read beside that
process, and there is no job. CALL system.backup('dir') does the same.`,
		Example: `  stoa backup /backups/monday
  stoa backup /backups/chat --namespace chat --no-system-tables`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			return cancelled(ctx, backup(ctx, s, dir, args[0], &opts))
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().StringVar(&opts.Namespace, "namespace", "", "back up the tables of this namespace, and the system's")
	cmd.Flags().BoolVar(&opts.NoSystemTables, "no-system-tables", false, "leave out the rows of system.jobs and system.live_queries")
	cmd.Flags().BoolVar(&opts.Link, "link", false, "give Parquet files a second name instead of copying them, on the same disk")
	return cmd
}

// maxBesides is how often a backup beside a writer begins anew because the writer has removed a file, in a compaction for instance, that the backup needed.
const maxBesides = 10

// backup backs up, beside a writer if there is one.
func backup(ctx context.Context, s *streams, dir, dest string, opts *stoa.BackupOptions) error {
	db, err := openDatabase(ctx, dir, &stoa.Options{MustExist: true})
	beside := false
	if held := (*vfs.LockedError)(nil); errors.As(err, &held) {
		beside = true
		if _, err := fmt.Fprintln(s.err, "NOTICE:  another process is writing the database: the backup is read beside it, and is no job in system.jobs"); err != nil {
			return err
		}
	}
	for attempt := 0; ; attempt++ {
		if beside {
			db, err = openDatabase(ctx, dir, &stoa.Options{ReadOnly: true})
		}
		if err != nil {
			return err
		}
		err = backupOf(ctx, s, db, dest, opts)
		if lost := db.Close(); err == nil {
			err = lost
		}
		if !beside || attempt == maxBesides || !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
}

// backupOf backs an open database up and prints what was done.
func backupOf(ctx context.Context, s *streams, db *stoa.DB, dest string, opts *stoa.BackupOptions) error {
	if err := tellRecovery(ctx, s, db); err != nil {
		return err
	}
	progress, finish := s.progress("backing up:")
	opts.Progress = progress
	report, err := db.Backup(ctx, dest, opts)
	finish()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s (%s, %.1f s)\n", report.Result, count(report.Rows, "row", "rows"), report.Duration.Seconds())
	return err
}

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/store"
)

func newRestore(s *streams) *cobra.Command {
	var dir string
	var opts stoa.RestoreOptions
	cmd := &cobra.Command{
		Use:   "restore BACKUP [--dir DIR]",
		Short: "Make a database of a backup",
		Long: `Makes a database in DIR, which must not exist or be empty and is in no other database, of what
stoa backup has written. The backup is read, all of it, and its checksums are compared; it is not
changed. DIR appears when it is complete; until then there is DIR.tmp.

Storages with a relative base_path are in DIR then. A storage with an absolute one will be flushed to
where it was, and the files that it had are in DIR/outside.`,
		Example: `  stoa restore /backups/monday --dir ./data`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			progress, finish := s.progress("restoring:")
			opts.Progress = progress
			report, err := stoa.Restore(ctx, args[0], dir, &opts)
			finish()
			if err != nil {
				if errors.Is(err, store.ErrNotFound) {
					return &sqlstate.Error{Code: invalidCatalogName, Message: "there is no backup in " + args[0], Cause: err}
				}
				return cancelled(ctx, opening(args[0], err))
			}
			_, err = fmt.Fprintf(s.out, "Restored %s, %s, %s, %s to %s (%.1f s)\n", count(int64(report.Namespaces), "namespace", "namespaces"),
				count(int64(report.Tables), "table", "tables"), count(report.Rows, "row", "rows"), render.Bytes(report.Bytes), dir, report.Duration.Seconds())
			return err
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().BoolVar(&opts.Link, "link", false, "give Parquet files a second name instead of copying them, on the same disk")
	return cmd
}

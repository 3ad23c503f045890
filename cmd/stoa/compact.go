package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
)

func newCompact(s *streams) *cobra.Command {
	var dir, table, partition string
	cmd := &cobra.Command{
		Use:   "compact [--table NAME] [--partition DIR]",
		Short: "Merge small Parquet files and apply deletes",
		Long: `Merges the small flushed files of each directory into larger ones, sorted as flushes sort them, and
rewrites files of which many rows are deleted, without these. Large files with few deleted rows are
left alone. The old files are removed when no query can read them any more. The compaction of each
table is a job in system.jobs. CALL system.compact() does the same.`,
		Example: `  stoa compact
  stoa compact --table chat.messages
  stoa compact --partition chat/users/jamal/messages/j`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts := &stoa.CompactOptions{Partition: partition}
			if table != "" {
				name, err := tableNamed(table)
				if err != nil {
					return err
				}
				opts.Namespace, opts.Table = name.Namespace, name.Table
			}
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			db, err := openDatabase(ctx, dir, &stoa.Options{MustExist: true})
			if err != nil {
				return err
			}
			err = compact(ctx, s, db, opts)
			if lost := db.Close(); err == nil {
				err = lost
			}
			return err
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().StringVar(&table, "table", "", "compact only this table, for example system.jobs")
	cmd.Flags().StringVar(&partition, "partition", "", "compact only this directory, relative to the base path of its storage")
	return cmd
}

// compact compacts and prints what was done to each table.
func compact(ctx context.Context, s *streams, db *stoa.DB, opts *stoa.CompactOptions) error {
	if err := tellRecovery(ctx, s, db); err != nil {
		return err
	}
	progress, finish := s.progress("compacting:")
	opts.Progress = progress
	report, err := db.Compact(ctx, opts)
	finish()
	for i := range report.Tables {
		t := &report.Tables[i]
		rows := fmt.Sprintf("%s in %s", count(t.Rows, "row", "rows"), render.Bytes(t.BytesAfter))
		if _, lost := fmt.Fprintf(s.out, "%s (%s, %.1f s)\n", t, rows, t.Duration.Seconds()); err == nil {
			err = lost
		}
	}
	if err == nil && len(report.Tables) == 0 {
		_, err = fmt.Fprintln(s.out, "nothing to compact")
	}
	return cancelled(ctx, err)
}

// progress gives what tells a bar how far something has come, and what takes the bar away.
func (s *streams) progress(label string) (tell func(done, total int64), finish func()) {
	var b *bar
	return func(done, total int64) {
		if b == nil {
			b = s.newBar(label, total)
		}
		b.set(done)
	}, func() { b.finish() }
}

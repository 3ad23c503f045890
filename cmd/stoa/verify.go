package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
)

func newVerify(s *streams) *cobra.Command {
	var dir, format string
	var salvage bool
	cmd := &cobra.Command{
		Use:   "verify [--salvage]",
		Short: "Read everything, list what is damaged; with --salvage repair it",
		Long: `Reads a database, all of it: manifest, checkpoint, log and Parquet files, whose checksums are compared;
statistics, bounds, bloom filters and deletes are held against the rows; keys must be unique over hot
and flushed rows, and constraints hold. Nothing is changed, and it works beside a writer. The exit
status is 1 when something is damaged, with a line for each finding.

With --salvage a damaged database is repaired in its place, also one that does not open: what is
whole is kept, what is lost is listed, and every file that is replaced is kept in the directory
salvaged-YYYYMMDD-HHMMSS of the database. It can be interrupted and repeated. Nobody may have the
database open for writing. The exit status is 0 when the database is sound afterwards.`,
		Example: `  stoa verify --dir ./data
  stoa verify --dir ./data --format json
  stoa verify --dir ./data --salvage`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "table" && format != "json" {
				return sqlstate.New(sqlstate.InvalidParameterValue, "--format is %q: it must be table or json", format)
			}
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			var err error
			if salvage {
				err = salvageDatabase(ctx, s, dir, format)
			} else {
				err = verifyDatabase(ctx, s, dir, format)
			}
			return cancelled(ctx, opening(dir, err))
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().BoolVar(&salvage, "salvage", false, "repair the database: keep what is whole, list what is lost")
	cmd.Flags().StringVar(&format, "format", "table", "table (lines of text) or json")
	return cmd
}

// verifyDatabase verifies and prints what was found.
func verifyDatabase(ctx context.Context, s *streams, dir, format string) error {
	progress, finish := s.progress("verifying:")
	report, err := stoa.Verify(ctx, dir, &stoa.VerifyOptions{Progress: progress})
	finish()
	if err != nil {
		return err
	}
	if format == "json" {
		err = printJSON(s.out, report)
	} else {
		err = printVerified(s, report)
	}
	if err != nil || report.Clean() {
		return err
	}
	found := int64(len(report.Findings) + report.More)
	return sqlstate.New(sqlstate.DataCorrupted, "the database in %s is damaged: %s", dir, count(found, "finding", "findings")).
		WithHint("stoa verify --salvage --dir %s keeps what is whole, lists what is lost, and keeps the damaged files beside the new ones.", dir)
}

// printVerified prints a line for each finding and note, and the summary.
func printVerified(s *streams, r *stoa.VerifyReport) error {
	for _, f := range r.Findings {
		fmt.Fprintln(s.out, render.Escape(f.String()))
	}
	if r.More > 0 {
		fmt.Fprintf(s.out, "and %s\n", count(int64(r.More), "more finding", "more findings"))
	}
	for _, f := range r.Notes {
		fmt.Fprintln(s.out, "note: "+render.Escape(f.String()))
	}
	what := "no damage"
	if !r.Clean() {
		what = count(int64(len(r.Findings)+r.More), "finding", "findings")
	}
	_, err := fmt.Fprintf(s.out, "verified %s, %s, %s, %s: %s (%.1f s)\n", count(int64(r.Tables), "table", "tables"), count(int64(r.Files), "file", "files"),
		count(r.Rows, "row", "rows"), render.Bytes(r.Bytes), what, r.Duration.Seconds())
	return err
}

// salvageDatabase salvages, prints what was done, and verifies the outcome.
func salvageDatabase(ctx context.Context, s *streams, dir, format string) error {
	progress, finish := s.progress("salvaging:")
	report, err := stoa.Salvage(ctx, dir, &stoa.SalvageOptions{Progress: progress})
	finish()
	if err != nil {
		return err
	}
	if format == "json" {
		err = printJSON(s.out, report)
	} else {
		err = printSalvaged(s, report)
	}
	if err != nil {
		return err
	}
	after, err := stoa.Verify(ctx, dir, nil)
	if err != nil {
		return err
	}
	if format != "json" {
		err = printVerified(s, after)
	}
	if err == nil && !after.Clean() {
		err = sqlstate.New(sqlstate.DataCorrupted, "the database in %s is still damaged: %s", dir, count(int64(len(after.Findings)+after.More), "finding", "findings"))
	}
	return err
}

// printSalvaged prints what was damaged, what is lost, and where the originals are.
func printSalvaged(s *streams, r *stoa.SalvageReport) error {
	if !r.Changed() {
		_, err := fmt.Fprintln(s.out, "nothing to salvage")
		return err
	}
	for _, f := range r.Damaged {
		fmt.Fprintln(s.out, "damaged: "+render.Escape(f.String()))
	}
	for _, f := range r.Lost {
		fmt.Fprintln(s.out, "lost: "+render.Escape(f.String()))
	}
	for _, name := range r.Rewritten {
		fmt.Fprintln(s.out, "rewritten: "+render.Escape(name))
	}
	if len(r.Left) > 0 {
		fmt.Fprintf(s.err, "HINT:  %s can be read: SELECT * FROM read_parquet('%s'). What is wanted goes into a table by INSERT … SELECT, or COPY … FROM.\n",
			count(int64(len(r.Left)), "file that is left as it is", "files that are left as they are"), render.Escape(strings.ReplaceAll(r.Left[0], "'", "''")))
	}
	_, err := fmt.Fprintf(s.out, "salvaged %s, %s, %s (%.1f s); the originals are in %s\n", count(int64(r.Tables), "table", "tables"),
		count(int64(r.Files), "file", "files"), count(r.Rows, "row", "rows"), r.Duration.Seconds(), render.Escape(r.Kept))
	return err
}

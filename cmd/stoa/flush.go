package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

func newFlush(s *streams) *cobra.Command {
	var dir, table, user string
	var all bool
	cmd := &cobra.Command{
		Use:   "flush [--all] [--table NAME] [--user NAME]",
		Short: "Write settled rows to Parquet files in the storages",
		Long: `Writes the rows that have settled (jobs in a final state, subscriptions idle for an hour, all
rows of other tables) to Parquet files in the directories that the storages' path templates name.
Each flush of a table is itself a job in system.jobs. With --user only that user's rows are
written, of the tables that have a column for the user.`,
		Example: `  stoa flush
  stoa flush --table system.jobs --all
  stoa flush --table chat.messages --user jamal`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			req := flush.Request{AllRows: all, Actor: "flush-command"}
			if cmd.Flags().Changed("user") {
				req.User = &user
			}
			if table != "" {
				name, err := tableNamed(table)
				if err != nil {
					return err
				}
				req.Table = &name
			}
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			db, err := openDatabase(ctx, dir, &stoa.Options{MustExist: true})
			if err != nil {
				return err
			}
			err = runFlush(ctx, s, db, req)
			if lost := db.Close(); err == nil {
				err = lost
			}
			return err
		},
	}
	dirFlag(cmd, &dir)
	cmd.Flags().BoolVar(&all, "all", false, "flush every row, settled or not")
	cmd.Flags().StringVar(&table, "table", "", "flush only this table, for example system.jobs")
	cmd.Flags().StringVar(&user, "user", "", "flush only the rows of this user, of the tables that have a user column")
	return cmd
}

// runFlush flushes and prints what was written for each table.
func runFlush(ctx context.Context, s *streams, db *stoa.DB, req flush.Request) error {
	if err := tellRecovery(ctx, s, db); err != nil {
		return err
	}
	var b *bar
	req.Progress = func(done, total int64) {
		if b == nil {
			b = s.newBar("flushing:", total)
		}
		b.set(done)
	}
	report, err := flush.Run(ctx, db.Store(), req)
	b.finish()
	for i := range report.Tables {
		if lost := printFlush(s, &report.Tables[i]); err == nil {
			err = lost
		}
	}
	return err
}

// manyFiles is how many files are listed one by one.
const manyFiles = 12

// printFlush prints what was written of a table: the job's result, its size and time, and the files when there are several.
func printFlush(s *streams, t *flush.TableReport) error {
	if t.Rows == 0 {
		_, err := fmt.Fprintln(s.out, t.String())
		return err
	}
	bytes := int64(0)
	for _, f := range t.Files {
		bytes += f.Bytes
	}
	_, err := fmt.Fprintf(s.out, "%s (%s, %s, %.1f s)\n", t, count(int64(len(t.Files)), "file", "files"), render.Bytes(bytes), t.Duration.Seconds())
	if len(t.Files) == 1 {
		return err
	}
	for i, f := range t.Files {
		if i == manyFiles {
			fmt.Fprintf(s.out, "    and %s\n", count(int64(len(t.Files)-i), "more file", "more files"))
			break
		}
		fmt.Fprintf(s.out, "    %s  %s, %s\n", f.Path, count(f.Rows, "row", "rows"), render.Bytes(f.Bytes))
	}
	return err
}

// tableNamed reads a table's name as SQL would; a bare name is one of the schema system.
func tableNamed(text string) (schemahistory.Name, error) {
	e, err := parser.ParseExpr(text)
	if ref, ok := e.(*parser.ColumnRef); err == nil && ok {
		switch len(ref.Parts) {
		case 1:
			return schemahistory.Name{Namespace: "system", Table: ref.Parts[0]}, nil
		case 2:
			return schemahistory.Name{Namespace: ref.Parts[0], Table: ref.Parts[1]}, nil
		}
	}
	return schemahistory.Name{}, sqlstate.New("42602", "%q is not the name of a table", strings.TrimSpace(text)).WithHint("Write schema.table, such as system.jobs.")
}

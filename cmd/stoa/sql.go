package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/client"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/cmd/stoa/internal/shell"
	"github.com/stoadb/stoa/sql/exec"
)

// sqlOptions are the flags of stoa sql.
type sqlOptions struct {
	dir, file, format, null, now, onError string
	commands                              []string
	timing, quiet, readOnly               bool
}

func newSQL(s *streams) *cobra.Command {
	o := &sqlOptions{}
	cmd := &cobra.Command{
		Use:   "sql",
		Short: "Run SQL: a shell on a terminal, otherwise the statements that come from a pipe",
		Long: `Runs SQL on a database, which is made if there is none.

Statements come from -c, from -f, or from standard input: on a terminal that is a shell.
From a pipe each statement runs as soon as it is complete; its command tag is printed when
what it did is durable. Errors go to standard error, and the exit status is 1.`,
		Example: `  stoa sql
  stoa sql -c "SELECT status, count(*) FROM system.jobs GROUP BY status"
  stoa sql --format csv -c "SELECT * FROM system.jobs" > jobs.csv
  echo "CALL system.flush();" | stoa sql --dir ./data`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), s) },
	}
	f := cmd.Flags()
	dirFlag(cmd, &o.dir)
	f.StringArrayVarP(&o.commands, "command", "c", nil, "run these statements; can be given more than once")
	f.StringVarP(&o.file, "file", "f", "", "run the statements in this file; - is standard input")
	f.StringVar(&o.format, "format", "table", "table, csv, json, ndjson or markdown")
	f.StringVar(&o.null, "null", "", "what stands for NULL")
	f.StringVar(&o.now, "now", "", "freeze the clock at this time (RFC 3339)")
	f.StringVar(&o.onError, "on-error", "stop", "stop or continue after a statement that fails")
	f.BoolVar(&o.timing, "timing", false, "print how long each statement takes, on standard error")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print no command tags")
	f.BoolVar(&o.readOnly, "read-only", false, "read the newest committed state, also beside a writer")
	cmd.MarkFlagsMutuallyExclusive("command", "file")
	return cmd
}

// run runs stoa sql.
func (o *sqlOptions) run(ctx context.Context, s *streams) error {
	format, err := render.Parse(o.format)
	if err != nil {
		return sqlstate.New(sqlstate.InvalidParameterValue, "%s", err)
	}
	if o.onError != "stop" && o.onError != "continue" {
		return sqlstate.New(sqlstate.InvalidParameterValue, "--on-error is %q: it must be stop or continue", o.onError)
	}
	now, err := clock(o.now)
	if err != nil {
		return err
	}
	opening, opened := s.interruptible(ctx)
	db, err := openDatabase(opening, o.dir, &stoa.Options{ReadOnly: o.readOnly, MustExist: o.readOnly, Now: now})
	if err == nil && opening.Err() != nil { // too late for that, but not for the statements
		err = errors.Join(exec.Cancelled(opening.Err()), db.Close())
	}
	opened()
	if err != nil {
		return err
	}
	ctx, interrupts, stop := s.watch(ctx, true)
	defer stop()
	if err := tellRecovery(ctx, s, db); err != nil {
		return errors.Join(err, db.Close())
	}
	c := client.New(db, s.out, s.err, &client.Options{
		Format: format, Null: o.null, Timing: o.timing, Quiet: o.quiet, KeepGoing: o.onError == "continue",
		Interrupts: interrupts, Progress: s.statementProgress(o.quiet),
	})
	code, err := o.statements(ctx, s, c, interrupts)
	if lost := c.Close(); err == nil {
		err = lost
	}
	if lost := db.Close(); err == nil {
		err = lost
	}
	if err == nil && code != 0 {
		err = exitError{code}
	}
	return err
}

// statements runs the statements from wherever they come, and gives the exit status.
func (o *sqlOptions) statements(ctx context.Context, s *streams, c *client.Client, interrupts <-chan os.Signal) (int, error) {
	_, typed := terminal(s.in)
	_, seen := terminal(s.out)
	switch {
	case len(o.commands) > 0:
		data := client.NewInput(s.in)
		defer data.Close()
		for _, text := range o.commands {
			in := client.NewInput(strings.NewReader(text))
			err := c.Script(ctx, in, data)
			in.Close()
			if err != nil {
				return c.ExitCode(err), nil
			}
		}
		return c.ExitCode(nil), nil
	case o.file != "" && o.file != "-":
		f, err := openScript(o.file)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		return script(ctx, c, f)
	case typed && seen && o.file == "":
		return shell.Run(ctx, c, &shell.Options{Interrupts: interrupts, Quiet: o.quiet, Version: stoa.Version})
	}
	return script(ctx, c, s.in)
}

func openScript(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, statError(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is a directory: name a file", path)
	}
	return f, nil
}

func script(ctx context.Context, c *client.Client, r io.Reader) (int, error) {
	in := client.NewInput(r)
	defer in.Close()
	return c.ExitCode(c.Script(ctx, in, nil)), nil
}

// statementProgress shows the rows that a long statement has handled, on a terminal.
func (s *streams) statementProgress(quiet bool) func() (func(int64), func()) {
	if _, ok := terminal(s.err); !ok || quiet {
		return nil
	}
	return func() (func(int64), func()) {
		b := s.newBar("working:", 0)
		return b.set, b.finish
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
)

// streams are what a command reads and writes, and the signals that end it.
type streams struct {
	in         io.Reader
	out, err   io.Writer
	interrupts <-chan os.Signal
	listen     func()       // has signals come to interrupts, when it is set; those that nobody listens to do what the system has them do
	ended      atomic.Int32 // the exit status of the signal that has ended the command; 0: none has
}

// The exit statuses, but for those of signals.
const (
	exitFailure = 1
	exitUsage   = 2
)

// exitError ends the program with a status; what there was to say has been said.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// run runs the command line and gives the exit status: 0, 1 for what failed, 2 for a command line that cannot be understood.
func run(args []string, s *streams) int {
	// What the data hold shall not act on a terminal, nor in messages, wherever these go.
	s.err = render.NewScreen(s.err)
	if _, seen := terminal(s.out); seen {
		s.out = render.NewScreen(s.out)
	}
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	began := false
	tellWhen(root, func() { began = true })
	cmd, err := root.ExecuteContextC(context.Background())
	var exit exitError
	ended := int(s.ended.Load())
	switch {
	case err == nil: // also when a signal came too late
		return 0
	case errors.As(err, &exit) && ended != 0:
		return ended
	case errors.As(err, &exit):
		return exit.code
	case !began:
		fmt.Fprintf(s.err, "stoa: %v\nTry '%s --help'.\n", err, cmd.CommandPath())
		return exitUsage
	case errors.Is(err, syscall.EPIPE): // whoever read the output has seen enough
		return exitFailure
	}
	io.WriteString(s.err, sqlstate.Report(err, ""))
	if ended != 0 {
		return ended
	}
	return exitFailure
}

// tellWhen has the commands below cmd tell when they begin to work. A hook would run before the flags have been checked.
func tellWhen(cmd *cobra.Command, begins func()) {
	for _, c := range cmd.Commands() {
		tellWhen(c, begins)
		if work := c.RunE; work != nil {
			c.RunE = func(cmd *cobra.Command, args []string) error {
				begins()
				return work(cmd, args)
			}
		}
	}
}

func newRoot(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "stoa",
		Short: "A columnar engine for the tables in which a system describes itself",
		Long: `Stoa keeps system tables (jobs, live queries, storages, schema versions) in a directory,
flushes settled rows to Parquet files, and answers SQL in PostgreSQL's dialect.

Start with:  stoa demo`,
		Args:          cobra.NoArgs,
		Version:       versionLine(),
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.AddCommand(newDemo(s), newSQL(s), newGen(s), newFlush(s), newCompact(s), newBackup(s), newRestore(s), newInspect(s), newVerify(s), newSchema(s), newMigrate(s), newBench(s), newVersion(s))
	return root
}

// terminal gives the file that a stream is, when it is a terminal.
func terminal(stream any) (*os.File, bool) {
	if s, ok := stream.(*render.Screen); ok {
		stream = s.Unwrap()
	}
	f, ok := stream.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// width gives the columns of the terminal that a stream is, or otherwise when it is none.
func width(stream any, otherwise int) int {
	if f, ok := terminal(stream); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return otherwise
}

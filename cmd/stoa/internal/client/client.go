// Package client runs the statements of a text on a database and prints what they give: the part of `stoa sql` that needs no terminal.
//
// A text is a script, a pipe or what was typed. Each statement runs as soon as its semicolon has come; rows go to the output in the format that is
// set, then the command tag, and the output is flushed before anything more is read: whoever sees the tag of a statement knows that it is durable.
// Errors, notices and timings go to the error output. Lines that begin with a backslash are commands of the client (see [Client.Command]). The data
// of COPY … FROM STDIN follow its statement, up to a line `\.`.
package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
)

// Options of a client; nil means the defaults.
type Options struct {
	Format     render.Format // Table when empty
	Null       string        // what stands for NULL
	Timing     bool          // print how long each statement took
	Quiet      bool          // print no tags
	KeepGoing  bool          // go on after a statement that failed
	Interrupts <-chan os.Signal
	// Progress, when set, is asked for a function that is told the rows a long statement has handled, and for one that is called at its end.
	Progress func() (update func(rows int64), finish func())
}

// Client runs statements in one session. It belongs to one goroutine.
type Client struct {
	db       *stoa.DB
	session  *exec.Session
	opts     Options
	expanded bool

	interactive bool
	heap        heap

	stdout io.Writer // where the output goes unless \o says otherwise
	out    io.Writer
	errout io.Writer
	file   *os.File // of \o
	failed bool
	depth  int         // of scripts within scripts
	broken atomic.Bool // an interrupt came while the last statement ran
}

// The ends of a script other than its own.
var (
	errStopped = errors.New("a statement failed")
	errQuit    = errors.New("the client is to end")
	errOutput  = errors.New("write the output")
	errIdle    = errors.New("interrupted while waiting for input")
)

// New makes a client with a session of its own.
func New(db *stoa.DB, out, errout io.Writer, opts *Options) *Client {
	c := &Client{db: db, session: db.Session(), stdout: out, out: out, errout: errout}
	if opts != nil {
		c.opts = *opts
	}
	if c.opts.Format == "" {
		c.opts.Format = render.Table
	}
	return c
}

// Close closes the file that \o opened, and gives the process back the memory limit that it had.
func (c *Client) Close() error {
	c.heap.within(0)
	return c.redirect("")
}

// Failed tells whether a statement or command failed.
func (c *Client) Failed() bool { return c.failed }

// Interactive makes the client go on after errors: somebody is there to see them.
func (c *Client) Interactive() { c.opts.KeepGoing, c.interactive = true, true }

// Quits tells whether an error of Script means that the user wants to leave.
func Quits(err error) bool { return errors.Is(err, errQuit) }

// Interrupted tells whether an interrupt came while the last statement ran.
func (c *Client) Interrupted() bool { return c.broken.Load() }

// ExitCode gives the exit status for how a script ended: 0, 1 after an error, 130 when it was interrupted while it waited, or its context ended.
func (c *Client) ExitCode(err error) int {
	switch {
	case errors.Is(err, errIdle):
		return 130
	case err != nil && !errors.Is(err, errQuit) || c.failed:
		return 1
	}
	return 0
}

// parsed is a statement's text and what the parser made of it: one statement, none for a comment, or an error.
type parsed struct {
	text  string
	stmts []parser.Stmt
	err   error
}

// parse parses a statement that is to be run next.
func (c *Client) parse(ctx context.Context, text string) parsed {
	stmts, err := c.session.Parse(ctx, text)
	return parsed{text, stmts, err}
}

// readsData tells whether the statement is COPY … FROM STDIN.
func (p *parsed) readsData() bool {
	if len(p.stmts) != 1 {
		return false
	}
	copied, ok := p.stmts[0].Node.(*parser.Copy)
	return ok && copied.From && copied.Std
}

// statement runs one statement and reports its error; data is where COPY … FROM STDIN reads. It returns an error only when no further statement is to
// run.
func (c *Client) statement(ctx context.Context, p parsed, data DataSource) error {
	start := time.Now()
	err := c.execute(ctx, p, data)
	if c.opts.Timing {
		fmt.Fprintf(c.errout, "Time: %.3f ms\n", float64(time.Since(start).Microseconds())/1000)
	}
	if ends(err) {
		c.failed = true
		if errors.Is(err, errOutput) && !errors.Is(err, syscall.EPIPE) {
			fmt.Fprintf(c.errout, "stoa: %v\n", err)
		}
		return err
	}
	if err := c.report(err, p.text); err != nil || ctx.Err() == nil {
		return err
	}
	return errIdle // also when errors are no reason to stop
}

// report prints an error, if there is one, and says whether to go on.
func (c *Client) report(err error, text string) error {
	if err == nil {
		return nil
	}
	c.failed = true
	if c.interactive && c.Interrupted() {
		fmt.Fprintln(c.errout) // behind the ^C that the terminal shows
	}
	io.WriteString(c.errout, sqlstate.Report(err, text))
	if !c.opts.KeepGoing {
		return errStopped
	}
	return nil
}

// execute runs one statement.
func (c *Client) execute(ctx context.Context, p parsed, data DataSource) error {
	if p.err != nil || len(p.stmts) == 0 {
		return p.err
	}
	running, stop := c.cancellable(ctx)
	var in dataReader
	c.session.In = nil
	if data != nil && p.readsData() {
		in = data.data(running)
		c.session.In = in
	}
	err := c.run(running, p.stmts[0])
	stop()
	if in != nil { // what a failed COPY has left is no SQL
		if lost := in.drain(ctx, c.opts.Interrupts); lost != nil {
			_ = c.report(err, p.text)
			return lost
		}
	}
	if err == nil && (c.Interrupted() || ctx.Err() != nil) { // too late for the statement, but not for the script
		return errIdle
	}
	return err
}

// run executes a statement and prints its notices, rows and tag.
func (c *Client) run(ctx context.Context, st parser.Stmt) error {
	c.session.Out = &output{w: c.out}
	defer func() { c.session.In, c.session.Out = nil, nil }()
	c.heap.within(max(0, c.session.MemoryLimit()))
	finish := c.progress()
	res, err := c.session.Execute(ctx, st, nil)
	finish()
	if err != nil {
		return cancelled(ctx, err)
	}
	defer res.Close()
	for _, n := range res.Notices {
		c.notice(n)
	}
	if err := c.rows(ctx, res); err != nil {
		return err
	}
	if c.opts.Quiet || !showsTag(st.Node) {
		return nil
	}
	_, err = fmt.Fprintln(&output{w: c.out}, res.Tag())
	return err
}

// rows prints the rows of a result. What fails before the first rows are due prints nothing.
func (c *Client) rows(ctx context.Context, res *exec.Result) error {
	var w render.Writer
	if res.Columns != nil {
		var err error
		if w, err = render.New(&output{w: c.out}, c.format(), res.Columns, &render.Options{Null: c.opts.Null, Zone: c.session.Zone()}); err != nil {
			return err
		}
	}
	for {
		b, err := res.Next()
		switch {
		case err != nil:
			return cancelled(ctx, err)
		case b == nil && w == nil:
			return nil
		case b == nil:
			return w.Close()
		case w == nil:
			continue
		}
		if err := ctx.Err(); err != nil {
			return cancelled(ctx, err)
		}
		if err := w.Write(b); err != nil {
			return err
		}
	}
}

func (c *Client) format() render.Format {
	if c.expanded && c.opts.Format == render.Table {
		return render.Records
	}
	return c.opts.Format
}

func (c *Client) notice(n exec.Notice) {
	fmt.Fprintf(c.errout, "%s:  %s\n", n.Severity, n.Message)
	if n.Hint != "" {
		fmt.Fprintf(c.errout, "HINT:  %s\n", n.Hint)
	}
}

// progress starts to show the progress of a statement, and gives what ends it.
func (c *Client) progress() func() {
	if c.opts.Progress == nil {
		return func() {}
	}
	update, finish := c.opts.Progress()
	c.session.Progress = update
	return func() {
		c.session.Progress = nil
		finish()
	}
}

// cancellable gives a context that an interrupt cancels, and a function that ends the waiting for one: after it, Interrupted tells whether one came.
func (c *Client) cancellable(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	done, ended := make(chan struct{}), make(chan struct{})
	c.broken.Store(false)
	go func() {
		defer close(ended)
		select {
		case <-c.opts.Interrupts: // nil blocks for ever
			c.broken.Store(true)
			cancel()
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		<-ended
		cancel()
	}
}

// cancelled gives the error of a statement that was interrupted its SQLSTATE.
func cancelled(ctx context.Context, err error) error {
	var known *sqlstate.Error
	if ctx.Err() == nil || errors.As(err, &known) && known.Code == sqlstate.QueryCanceled {
		return err
	}
	return canceled(err)
}

func canceled(cause error) error {
	return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: "canceling statement due to user request", Cause: cause}
}

// showsTag tells whether a statement's tag is printed. As in psql, it is not when the rows say all (SELECT), nor when the data of COPY … TO STDOUT are
// what the output is for.
func showsTag(st parser.Statement) bool {
	switch st := st.(type) {
	case *parser.Query, *parser.Show, *parser.Explain:
		return false
	case *parser.Copy:
		return st.From || !st.Std
	}
	return true
}

// ends tells whether an error ends the script rather than one statement or command.
func ends(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, errQuit) || errors.Is(err, errOutput) || errors.Is(err, errIdle)
}

// output marks the errors of the output, which no statement is to blame for.
type output struct{ w io.Writer }

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errOutput, err)
	}
	return n, err
}

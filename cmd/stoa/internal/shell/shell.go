// Package shell is `stoa sql` on a terminal: a prompt with line editing, a history and completion, in front of a client that runs what is typed.
//
// A statement may take several lines; it is edited and remembered as one. An interrupt cancels the statement that runs, or clears the line; on an empty
// line a second one in a row leaves. The package must only be used on a terminal: the line editor writes escape sequences.
package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/reeflective/readline"
	"golang.org/x/term"

	"github.com/stoadb/stoa/cmd/stoa/internal/client"
	"github.com/stoadb/stoa/sql/parser"
)

// Options of a shell; nil means the defaults.
type Options struct {
	Interrupts <-chan os.Signal
	Quiet      bool // no greeting
	Version    string
}

// The prompts: for a statement, for its further lines, and for the data of COPY.
const (
	prompt     = "stoa=> "
	promptMore = "stoa-> "
	promptData = ">> "
)

// shell is a running shell.
type shell struct {
	client *client.Client
	opts   Options
	editor *readline.Shell
	past   *history
	prompt string
	multi  bool // what is typed is SQL, in which a line may go on
	armed  bool // the next interrupt on an empty line leaves
}

// Run reads and runs statements until the user leaves, and gives the exit status.
func Run(ctx context.Context, c *client.Client, opts *Options) (int, error) {
	s := &shell{client: c, editor: readline.NewShell(), prompt: prompt, multi: true}
	if opts != nil {
		s.opts = *opts
	}
	c.Interactive()
	past, err := openHistory()
	if err != nil {
		fmt.Fprintf(os.Stderr, "The history is not kept: %v\n", err)
	}
	s.past = past
	s.editor.History.Add("statements", past)
	s.editor.Prompt.Primary(func() string { return s.prompt })
	s.editor.Prompt.Secondary(func() string { return promptMore })
	for _, name := range []string{
		"multiline-column",             // without it further lines have no prompt
		"menu-complete-display-prefix", // the first tab goes on as far as all candidates agree, and shows them
	} {
		_ = s.editor.Config.Set(name, true) // cannot fail
	}
	s.editor.AcceptMultiline = func(line []rune) bool { return !s.multi || complete(string(line)) }
	s.editor.Completer = s.complete
	if !s.opts.Quiet {
		fmt.Printf("stoa %s. \\? for help, \\q to quit.\n", s.opts.Version)
	}
	return s.loop(ctx)
}

func (s *shell) loop(ctx context.Context) (int, error) {
	for {
		line, err := s.readLine(ctx)
		switch {
		case ctx.Err() != nil:
			return s.client.ExitCode(ctx.Err()), nil
		case errors.Is(err, readline.ErrInterrupt):
			if strings.TrimSpace(line) == "" && s.armed {
				return 130, nil
			}
			if s.armed = strings.TrimSpace(line) == ""; s.armed {
				fmt.Println(`Interrupt again, or \q, to quit.`)
			}
			continue
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return 1, err
		}
		s.forget()
		in := client.NewInput(strings.NewReader(line + "\n"))
		err = s.client.Script(ctx, in, client.Typed(func() (string, error) { return s.dataLine(ctx) }))
		in.Close()
		if client.Quits(err) {
			return 0, nil
		}
		s.armed = s.client.Interrupted()
		if err != nil && s.client.ExitCode(err) == 130 { // an interrupt between two statements
			s.armed = true
		}
	}
}

// forget drops an interrupt that came when nothing ran.
func (s *shell) forget() {
	select {
	case <-s.opts.Interrupts:
	default:
	}
}

// dataLine reads a line of data for COPY … FROM STDIN.
func (s *shell) dataLine(ctx context.Context) (string, error) {
	s.prompt, s.multi, s.past.data = promptData, false, true
	defer func() { s.prompt, s.multi, s.past.data = prompt, true, false }()
	return s.readLine(ctx)
}

// readLine has a line typed. When the process is to end, the editor is left waiting and the terminal is put as it was.
func (s *shell) readLine(ctx context.Context) (string, error) {
	terminal := int(os.Stdin.Fd())
	before, lost := term.GetState(terminal)
	type typed struct {
		line string
		err  error
	}
	read := make(chan typed, 1)
	go func() {
		line, err := s.editor.Readline()
		read <- typed{line, err}
	}()
	select {
	case got := <-read:
		return got.line, got.err
	case <-ctx.Done():
		if lost == nil {
			_ = term.Restore(terminal, before)
		}
		fmt.Println()
		return "", ctx.Err()
	}
}

// complete tells whether what is typed can be run: nothing, a command, or statements of which the last has its semicolon.
func complete(text string) bool {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || strings.HasPrefix(trimmed, `\`) {
		return true
	}
	var split parser.Splitter
	split.Write(text)
	for {
		if _, ok := split.Next(); !ok {
			break
		}
	}
	return split.Pending() == "" || strings.HasPrefix(strings.TrimSpace(split.Rest()), `\`)
}

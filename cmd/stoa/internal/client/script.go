package client

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/parser"
)

// maxStatement bounds the length of a statement, as PostgreSQL bounds a message: 1 GiB.
const maxStatement = 1 << 30

var errLong = sqlstate.New(sqlstate.ProgramLimitExceeded, "a statement is longer than 1 GiB")

// Script runs the statements and commands of a text as they come. The data of COPY … FROM STDIN come from data, or when that is nil from the text itself,
// after the line in which the statement ends. The error is nil at the end of the text; ExitCode tells what it means otherwise. It has been reported.
func (c *Client) Script(ctx context.Context, text *Input, data DataSource) error {
	err := (&script{client: c, text: text, other: data}).run(ctx)
	if err == nil || ends(err) {
		return err
	}
	c.failed = true
	io.WriteString(c.errout, sqlstate.Report(err, ""))
	return err
}

// script is a text that is being run.
type script struct {
	client *Client
	text   *Input
	other  DataSource
	split  parser.Splitter
	length int // of the unfinished statement, or more
}

func (s *script) run(ctx context.Context) error {
	for first := true; ; first = false {
		piece, err := s.text.take(ctx, s.client.opts.Interrupts)
		if err == io.EOF {
			return s.last(ctx)
		}
		if err != nil {
			return err
		}
		if first {
			piece = strings.TrimPrefix(piece, byteOrderMark)
		}
		if err := s.piece(ctx, piece); err != nil {
			return err
		}
	}
}

// byteOrderMark is what editors put before a text in UTF-8; psql passes over it as well.
const byteOrderMark = "\ufeff"

// piece runs what a piece of the text completes. A line that begins with a backslash, outside a statement, is a command.
func (s *script) piece(ctx context.Context, piece string) error {
	if s.split.Pending() == "" && isCommand(piece) {
		return s.command(ctx, piece)
	}
	if s.length += len(piece); s.length > maxStatement {
		return errLong
	}
	s.split.Write(piece)
	ran := false
	for {
		stmt, ok := s.split.Next()
		if !ok {
			break
		}
		ran = true
		if err := s.statement(ctx, stmt); err != nil {
			return err
		}
	}
	if !ran {
		return nil
	}
	rest := s.split.Rest() // of the piece, since the statement ended in it
	if s.length = 0; isCommand(rest) {
		return s.command(ctx, rest)
	}
	s.length = len(rest)
	s.split.Write(rest)
	s.split.Next() // finds none, but knows then that a statement has begun
	return nil
}

// statement runs a complete statement. When it is COPY … FROM STDIN and the data are in the text, they begin on the next line: what follows the statement
// on its own line is kept for later.
func (s *script) statement(ctx context.Context, stmt string) error {
	c := s.client
	p := c.parse(ctx, stmt)
	if !p.readsData() {
		return c.statement(ctx, p, nil)
	}
	if s.other != nil {
		return c.statement(ctx, p, s.other)
	}
	rest, err := s.text.line(ctx, s.split.Rest(), c.opts.Interrupts)
	if err != nil {
		return err
	}
	s.split.Write(rest)
	return c.statement(ctx, p, s.text)
}

// last runs what stands behind the last semicolon.
func (s *script) last(ctx context.Context) error {
	if s.split.Pending() == "" {
		return nil
	}
	var data DataSource = s.text // at its end: no data
	if s.other != nil {
		data = s.other
	}
	return s.client.statement(ctx, s.client.parse(ctx, strings.TrimSpace(s.split.Rest())), data)
}

// command runs the command on the line that begins with text.
func (s *script) command(ctx context.Context, text string) error {
	line, err := s.text.line(ctx, text, s.client.opts.Interrupts)
	if err != nil {
		return err
	}
	return s.client.Command(ctx, line)
}

func isCommand(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n\f\v"), `\`)
}

// maxDepth bounds how deep scripts may be nested.
const maxDepth = 32

// File runs the script in a file.
func (c *Client) File(ctx context.Context, path string) error {
	if c.depth >= maxDepth {
		return c.report(fmt.Errorf("scripts are nested more than %d deep", maxDepth), "")
	}
	f, err := os.Open(path)
	if err != nil {
		return c.report(err, "")
	}
	defer f.Close()
	c.depth++
	defer func() { c.depth-- }()
	in := NewInput(f)
	defer in.Close()
	return c.Script(ctx, in, nil)
}

package client

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/stoadb/stoa/cmd/stoa/internal/render"
)

// command is a command of the client.
type command struct {
	name, args, help string
	run              func(c *Client, ctx context.Context, args []string) error
	quotes           bool // the words are names: run is given their double quotes too
}

// commands gives the commands, in the order of the help.
func commands() []command {
	return []command{
		{name: `\?`, help: "show this help", run: func(c *Client, _ context.Context, _ []string) error { return c.help() }},
		{name: `\q`, help: "quit", run: func(*Client, context.Context, []string) error { return errQuit }},
		{name: `\d`, args: "[PATTERN]", help: "list the tables, or describe tables and indexes", quotes: true,
			run: func(c *Client, ctx context.Context, args []string) error { return c.describe(ctx, args, false) }},
		{name: `\d+`, args: "[PATTERN]", help: "describe them with column IDs, Arrow types and schema versions", quotes: true,
			run: func(c *Client, ctx context.Context, args []string) error { return c.describe(ctx, args, true) }},
		{name: `\dt`, help: "list the tables with their sizes", run: func(c *Client, _ context.Context, _ []string) error { return c.listTables() }},
		{name: `\df`, args: "[PREFIX]", help: "list the functions", run: (*Client).listFunctions},
		{name: `\i`, args: "FILE", help: "run the statements in a file", run: func(c *Client, ctx context.Context, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf(`\i: missing required argument`)
			}
			return c.File(ctx, args[0])
		}},
		{name: `\o`, args: "[FILE]", help: "send results to a file, or back here", run: func(c *Client, _ context.Context, args []string) error {
			return c.redirect(strings.Join(args, " "))
		}},
		{name: `\timing`, args: "[on|off]", help: "show how long statements take", run: func(c *Client, _ context.Context, args []string) error {
			return c.toggle("Timing", &c.opts.Timing, args)
		}},
		{name: `\x`, args: "[on|off]", help: "show each row as a list of names and values", run: func(c *Client, _ context.Context, args []string) error {
			return c.toggle("Expanded display", &c.expanded, args)
		}},
		{name: `\pset`, args: "format|null VALUE", help: "set the format (table, csv, json, ndjson, markdown) or what stands for NULL", run: (*Client).set},
		{name: `\echo`, args: "[TEXT]", help: "print a text", run: func(c *Client, _ context.Context, args []string) error {
			_, err := fmt.Fprintln(&output{w: c.out}, strings.Join(args, " "))
			return err
		}},
	}
}

// Commands gives the names of the commands.
func Commands() []string {
	var names []string
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	return names
}

// Command runs a command: a line that begins with a backslash. It returns an error only when nothing further is to run.
func (c *Client) Command(ctx context.Context, line string) error {
	words := split(line)
	if len(words) == 0 {
		return nil
	}
	for _, cmd := range commands() {
		if cmd.name != words[0] {
			continue
		}
		if cmd.quotes {
			words = splitNames(line)
		}
		err := cmd.run(c, ctx, words[1:])
		switch {
		case err == nil, ends(err):
			return err
		}
		return c.report(err, "")
	}
	return c.report(fmt.Errorf(`invalid command %s; try \? for help`, words[0]), "")
}

// split cuts a command into words; quotes keep a word together.
func split(line string) []string { return cut(line, false) }

// splitNames cuts a command whose words are names: their double quotes stay.
func splitNames(line string) []string { return cut(line, true) }

func cut(line string, quotes bool) []string {
	var words []string
	var word strings.Builder
	in, quote := false, rune(0)
	for _, r := range strings.TrimRight(line, " \t\r\n;") {
		switch {
		case quote != 0 && r == quote:
			quote = 0
			if quotes && r == '"' {
				word.WriteRune(r)
			}
		case quote == 0 && (r == '\'' || r == '"'):
			in, quote = true, r
			if quotes && r == '"' {
				word.WriteRune(r)
			}
		case quote == 0 && (r == ' ' || r == '\t' || r == '\r' || r == '\n'):
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		default:
			in = true
			word.WriteRune(r)
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}

func (c *Client) help() error {
	var b strings.Builder
	for _, cmd := range commands() {
		fmt.Fprintf(&b, "  %-25s %s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.help)
	}
	b.WriteString("Statements end with a semicolon. EXPLAIN shows how a query runs; CALL system.flush() writes settled rows to Parquet.\n")
	return c.print(b.String())
}

func (c *Client) print(text string) error {
	_, err := io.WriteString(&output{w: c.out}, text)
	return err
}

// toggle turns a setting on, off, or over, and says so.
func (c *Client) toggle(name string, setting *bool, args []string) error {
	on := !*setting
	if len(args) > 0 {
		switch strings.ToLower(args[0]) {
		case "on", "true", "1", "yes":
			on = true
		case "off", "false", "0", "no":
			on = false
		default:
			return fmt.Errorf("unrecognized value %q: Boolean expected", args[0])
		}
	}
	*setting = on
	if c.opts.Quiet {
		return nil
	}
	state := "off"
	if on {
		state = "on"
	}
	return c.print(fmt.Sprintf("%s is %s.\n", name, state))
}

// set runs \pset.
func (c *Client) set(_ context.Context, args []string) error {
	if len(args) == 0 {
		return c.print(fmt.Sprintf("format   %s\nnull     '%s'\n", c.opts.Format, c.opts.Null))
	}
	value := ""
	if len(args) > 1 {
		value = args[1]
	}
	switch args[0] {
	case "null":
		c.opts.Null = value
	case "format":
		f, err := render.Parse(value)
		if err != nil {
			return err
		}
		c.opts.Format = f
	default:
		return fmt.Errorf(`\pset: unknown option: %s`, args[0])
	}
	return nil
}

// redirect sends the output to a file, or with "" to where it went at first.
func (c *Client) redirect(path string) error {
	var f *os.File
	if path != "" {
		var err error
		if f, err = os.Create(path); err != nil {
			return err
		}
	}
	old := c.file
	c.file, c.out = f, c.stdout
	if f != nil {
		c.out = f
	}
	if old != nil {
		return old.Close()
	}
	return nil
}

package client

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
)

// DataSource is where the data of COPY … FROM STDIN come from: an [Input], or lines that are typed.
type DataSource interface {
	data(ctx context.Context) dataReader
}

// dataReader gives the data of one statement. drain skips what the statement has left of them.
type dataReader interface {
	io.Reader
	drain(ctx context.Context, interrupts <-chan os.Signal) error
}

// Typed gives the data that somebody types: readLine gives a line without its line feed, io.EOF at the end, or another error when no more is to come.
func Typed(readLine func() (string, error)) DataSource { return typed(readLine) }

type typed func() (string, error)

func (t typed) data(context.Context) dataReader { return &typedData{read: t} }

// typedData are lines up to `\.`.
type typedData struct {
	read  func() (string, error)
	rest  string
	ended bool
}

// Read implements io.Reader.
func (d *typedData) Read(p []byte) (int, error) {
	if d.rest == "" && !d.ended {
		line, err := d.read()
		switch {
		case errors.Is(err, io.EOF), err == nil && strings.TrimRight(line, "\r") == `\.`:
			d.ended = true
		case err != nil:
			d.ended = true
			return 0, canceled(err)
		default:
			d.rest = line + "\n"
		}
	}
	if d.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// drain drops the rest of a line; nobody is made to type what is not wanted.
func (d *typedData) drain(context.Context, <-chan os.Signal) error {
	d.rest = ""
	return nil
}

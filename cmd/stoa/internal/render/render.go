// Package render writes the rows of a query as text: psql's aligned table and expanded records, psql's CSV, JSON, newline-delimited JSON and Markdown.
//
// The table, the records and the CSV are psql 15's byte for byte, which golden files of psql check. JSON follows PostgreSQL's row_to_json. What goes
// to a terminal carries no control characters of the data: they are escaped. CSV, JSON and Markdown are streamed; a table is laid out in pieces of a
// bounded size, the first of which decides the widths unless a later one needs more. The package runs no statements.
package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// Format is how rows are written.
type Format string

// The formats. Records is the expanded form of Table, which \x turns on.
const (
	Table    Format = "table"
	Records  Format = "records"
	CSV      Format = "csv"
	JSON     Format = "json"
	NDJSON   Format = "ndjson"
	Markdown Format = "markdown"
)

// Parse finds a format by the name that --format takes.
func Parse(name string) (Format, error) {
	switch f := Format(strings.ToLower(name)); f {
	case Table, CSV, JSON, NDJSON, Markdown:
		return f, nil
	}
	return "", fmt.Errorf("unknown format %q: use table, csv, json, ndjson or markdown", name)
}

// Options say how values are written; nil means the defaults.
type Options struct {
	Null string         // what stands for NULL; JSON has null of its own
	Zone *time.Location // the session's, for timestamptz; UTC when nil
}

// Writer writes the rows of one result.
type Writer interface {
	// Write takes the next rows; the batch is not kept.
	Write(b *vec.Batch) error
	// Close ends the result and flushes it. A result without rows still has its header.
	Close() error
}

// New starts a result with the given columns.
func New(w io.Writer, f Format, cols []plan.Column, opts *Options) (Writer, error) {
	o := Options{}
	if opts != nil {
		o = *opts
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	out := bufio.NewWriterSize(w, 64<<10)
	switch f {
	case Table:
		return newTable(out, cols, o), nil
	case Records:
		return newRecords(out, cols, o), nil
	case CSV:
		return newCSV(out, cols, o), nil
	case JSON, NDJSON:
		return newJSON(out, cols, o, f == JSON), nil
	case Markdown:
		return newMarkdown(out, cols, o), nil
	}
	return nil, fmt.Errorf("unknown format %q", f)
}

// cell appends the text of a value: PostgreSQL's, or what stands for NULL.
func (o *Options) cell(dst []byte, v *vec.Vec, row int) []byte {
	if v.IsNull(row) {
		return append(dst, o.Null...)
	}
	return vec.AppendText(dst, v, row, o.Zone)
}

// rightAligned tells which types psql aligns to the right: the numbers.
func rightAligned(t arrowschema.Type) bool { return t.Category() == arrowschema.CategoryNumeric }

package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store/rowcodec"
	"github.com/stoadb/stoa/wal"
)

// Finding is one thing that Verify or Salvage has to tell: where it is, what is wrong, and which rows it concerns. It shows nothing of what files hold.
type Finding struct {
	File     string `json:"file,omitempty"`      // its path; "" when it is of no single file
	Offset   int64  `json:"offset"`              // in bytes; -1 when it is not known
	RowGroup int    `json:"row_group"`           // of a Parquet file, from 0; -1 when it is of no single one
	Column   string `json:"column,omitempty"`    // of a Parquet file or a table
	Table    string `json:"table,omitempty"`     // qualified
	Rows     int64  `json:"rows"`                // that it concerns; -1 when that is not known
	Problem  string `json:"problem"`             // what is wrong, in words
	Key      string `json:"key_range,omitempty"` // where the sort column's values of these rows lie, when that is known
}

// String gives the finding as a line, without its end.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Offset >= 0 {
		fmt.Fprintf(&b, " at byte %d", f.Offset)
	}
	var of []string
	if f.RowGroup >= 0 {
		of = append(of, fmt.Sprintf("row group %d", f.RowGroup))
	}
	if f.Column != "" {
		of = append(of, "column "+f.Column)
	}
	if f.Table != "" && (f.File == "" || len(of) == 0) {
		of = append([]string{"table " + f.Table}, of...)
	}
	if len(of) > 0 {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(strings.Join(of, ", "))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(f.Problem)
	switch {
	case f.Rows == 1:
		b.WriteString("; 1 row")
	case f.Rows >= 0:
		fmt.Fprintf(&b, "; %d rows", f.Rows)
	}
	if f.Key != "" {
		b.WriteString(" " + f.Key)
	}
	return b.String()
}

// findingIn begins a finding of a file.
func findingIn(file, format string, args ...any) Finding {
	return Finding{File: file, Offset: -1, RowGroup: -1, Rows: -1, Problem: fmt.Sprintf(format, args...)}
}

// findingOf makes a finding of an error that says that something on the disk is not what was written. file is what it is about unless the error knows better.
func findingOf(file string, err error) Finding {
	var log *wal.CorruptError
	var own *CorruptError
	switch {
	case errors.As(err, &log):
		f := findingIn(log.File, "%s", log.Reason)
		f.Offset = log.Offset
		return f
	case errors.As(err, &own):
		f := findingIn(own.File, "%s", own.Reason)
		f.Offset = own.Offset
		return f
	case errors.Is(err, fs.ErrNotExist):
		return findingIn(file, "the file is missing")
	}
	text := strings.TrimPrefix(err.Error(), file+": ")
	for _, prefix := range []error{ErrCorrupt, parquetio.ErrCorrupt} {
		text = strings.TrimPrefix(text, prefix.Error()+": ")
	}
	return findingIn(file, "%s", text)
}

// isDamage tells whether an error says that something on the disk is not what was written: not one of reading, of a right that is missing, or of a context.
func isDamage(err error) bool {
	var log *wal.CorruptError
	return errors.Is(err, ErrCorrupt) || errors.As(err, &log) || errors.Is(err, ErrRecord) || errors.Is(err, rowcodec.ErrFormat) ||
		errors.Is(err, parquetio.ErrCorrupt) || errors.Is(err, parquetio.ErrNotParquet)
}

// saysOfFile tells whether an error of decoding a flushed file is one of its content, and not of reading it or of a context.
func saysOfFile(err error) bool {
	return isDamage(err) || !isInputOutput(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// CorruptError says where a file of the database other than the log is damaged. It matches ErrCorrupt.
type CorruptError struct {
	File   string
	Offset int64 // of the first byte that cannot be relied on; -1 when it is not known
	Reason string
}

// Error names file, offset and reason.
func (e *CorruptError) Error() string {
	if e.Offset < 0 {
		return fmt.Sprintf("%v: %s: %s", ErrCorrupt, e.File, e.Reason)
	}
	return fmt.Sprintf("%v: %s at byte %d: %s", ErrCorrupt, e.File, e.Offset, e.Reason)
}

// Unwrap gives ErrCorrupt.
func (e *CorruptError) Unwrap() error { return ErrCorrupt }

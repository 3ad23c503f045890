package render

import (
	"bufio"
	"fmt"
	"strconv"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// records writes psql's expanded format with border 1: each row as a list of names and values.
type records struct {
	out     *bufio.Writer
	opts    Options
	piece   piece
	printed int64
}

func newRecords(out *bufio.Writer, cols []plan.Column, o Options) *records {
	r := &records{out: out, opts: o, piece: newPiece(cols)}
	clear(r.piece.widths) // those of the values alone count here
	return r
}

// Write implements Writer.
func (r *records) Write(b *vec.Batch) error {
	for row := range b.N {
		if r.piece.add(&r.opts, b, row) {
			if err := r.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close implements Writer.
func (r *records) Close() error {
	if err := r.flush(); err != nil {
		return err
	}
	switch {
	case r.piece.total == 0:
		r.out.WriteString("(0 rows)\n")
	case len(r.piece.titles) == 0 && r.piece.total == 1:
		r.out.WriteString("(1 row)\n")
	case len(r.piece.titles) == 0:
		fmt.Fprintf(r.out, "(%d rows)\n", r.piece.total)
	}
	r.out.WriteByte('\n')
	return r.out.Flush()
}

func (r *records) flush() error {
	names, values, marks := 0, 0, 0
	for i, t := range r.piece.titles {
		for _, l := range t {
			names = max(names, l.width)
		}
		values = max(values, r.piece.widths[i])
	}
	for _, cell := range r.piece.cells {
		if len(cell) > 1 {
			marks = 1 // each line but the last ends in a +
		}
	}
	// The values are at least so wide that a line takes as much as the longest label, that of the last record: "-[ RECORD 12 ]".
	label := len("-[ RECORD  ]") + len(strconv.FormatInt(r.piece.total, 10))
	values = max(values, label-names-marks-len(" | "))
	for i := range r.piece.rows() {
		r.printed++
		r.rule(names, values)
		for c, cell := range r.piece.row(i) {
			r.field(r.piece.titles[c], cell, names, values)
		}
	}
	r.piece.clear()
	return r.out.Flush()
}

// rule prints the line above a record: its number, and a + over the bars below where the number leaves room for it.
func (r *records) rule(names, values int) {
	label := fmt.Sprintf("-[ RECORD %d ]", r.printed)
	r.out.WriteString(label)
	rest := len(label)
	pad(r.out, '-', names-rest)
	rest -= names
	for _, c := range []byte("-+-") {
		if rest <= 0 {
			r.out.WriteByte(c)
		}
		rest--
	}
	pad(r.out, '-', values-max(rest, 0))
	r.out.WriteByte('\n')
}

// field prints a name and its value, either of which may be of several lines.
func (r *records) field(name, value []line, names, values int) {
	for n := 0; n == 0 || n < len(name) || n < len(value); n++ {
		l, _, more := at(name, n)
		r.out.WriteString(l.text)
		pad(r.out, ' ', names-l.width)
		if more {
			r.out.WriteByte('+')
		} else {
			r.out.WriteByte(' ')
		}
		r.out.WriteByte('|')
		if l, ok, more := at(value, n); ok {
			r.out.WriteByte(' ')
			r.out.WriteString(l.text)
			if more {
				pad(r.out, ' ', values-l.width)
				r.out.WriteByte('+')
			}
		}
		r.out.WriteByte('\n')
	}
}

package render

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// table writes psql's aligned format with border 1.
type table struct {
	out    *bufio.Writer
	opts   Options
	right  []bool
	piece  piece
	titled bool
}

func newTable(out *bufio.Writer, cols []plan.Column, o Options) *table {
	t := &table{out: out, opts: o, piece: newPiece(cols)}
	for _, c := range cols {
		t.right = append(t.right, rightAligned(c.Type))
	}
	return t
}

// Write implements Writer.
func (t *table) Write(b *vec.Batch) error {
	for row := range b.N {
		if t.piece.add(&t.opts, b, row) {
			if err := t.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close implements Writer.
func (t *table) Close() error {
	if err := t.flush(); err != nil {
		return err
	}
	noun := "rows"
	if t.piece.total == 1 {
		noun = "row"
	}
	fmt.Fprintf(t.out, "(%d %s)\n\n", t.piece.total, noun)
	return t.out.Flush()
}

// flush prints the piece, and before the first one the titles.
func (t *table) flush() error {
	if !t.titled {
		t.titles()
		t.titled = true
	}
	for i := range t.piece.rows() {
		t.row(t.piece.row(i))
	}
	t.piece.clear()
	return t.out.Flush()
}

// titles prints the names of the columns, centred, and the rule below them.
func (t *table) titles() {
	height := 0
	for _, lines := range t.piece.titles {
		height = max(height, len(lines))
	}
	for n := range height {
		for i, lines := range t.piece.titles {
			if i > 0 {
				t.out.WriteByte('|')
			}
			l, _, more := at(lines, n)
			pad := t.piece.widths[i] - l.width
			t.out.WriteByte(' ')
			t.spaces(pad / 2)
			t.out.WriteString(l.text)
			t.spaces((pad + 1) / 2)
			t.mark(more)
		}
		t.out.WriteByte('\n')
	}
	t.out.WriteByte('-')
	for i, w := range t.piece.widths {
		if i > 0 {
			t.out.WriteString("-+-")
		}
		t.out.WriteString(strings.Repeat("-", w))
	}
	t.out.WriteString("-\n")
}

// row prints a row, whose cells may be of several lines: a + marks those that go on.
func (t *table) row(cells [][]line) {
	height := 1
	for _, c := range cells {
		height = max(height, len(c))
	}
	last := len(cells) - 1
	for n := range height {
		for i, c := range cells {
			if i > 0 {
				t.out.WriteByte('|')
			}
			t.out.WriteByte(' ')
			l, ok, more := at(c, n)
			pad := t.piece.widths[i] - l.width
			if ok && t.right[i] {
				t.spaces(pad)
			}
			t.out.WriteString(l.text)
			if (!ok || !t.right[i]) && (i < last || more) {
				t.spaces(pad)
			}
			if more || i < last {
				t.mark(more)
			}
		}
		t.out.WriteByte('\n')
	}
}

func (t *table) mark(more bool) {
	if more {
		t.out.WriteByte('+')
		return
	}
	t.out.WriteByte(' ')
}

func (t *table) spaces(n int) { pad(t.out, ' ', n) }

// pad writes n bytes.
func pad(out *bufio.Writer, c byte, n int) {
	for range n {
		out.WriteByte(c)
	}
}

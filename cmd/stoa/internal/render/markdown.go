package render

import (
	"bufio"
	"strings"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// markdown writes a table of GitHub's Markdown. What would be read as markup of the table is escaped; a line end becomes <br>.
type markdown struct {
	out  *bufio.Writer
	opts Options
	buf  []byte
}

// markup replaces what ends a cell or a line.
var markup = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\r\n", "<br>", "\n", "<br>", "\r", "<br>", "<", "&lt;", "&", "&amp;")

func newMarkdown(out *bufio.Writer, cols []plan.Column, o Options) *markdown {
	m := &markdown{out: out, opts: o}
	for _, c := range cols {
		m.cell(c.Name)
	}
	out.WriteString("|\n")
	for _, c := range cols {
		if rightAligned(c.Type) {
			out.WriteString("|---:")
		} else {
			out.WriteString("|---")
		}
	}
	out.WriteString("|\n")
	return m
}

func (m *markdown) cell(text string) {
	m.out.WriteString("| ")
	if text != "" {
		m.out.WriteString(markup.Replace(text))
		m.out.WriteByte(' ')
	}
}

// Write implements Writer.
func (m *markdown) Write(b *vec.Batch) error {
	for row := range b.N {
		for _, c := range b.Cols {
			m.buf = m.opts.cell(m.buf[:0], c, row)
			m.cell(string(m.buf))
		}
		if _, err := m.out.WriteString("|\n"); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Writer.
func (m *markdown) Close() error { return m.out.Flush() }

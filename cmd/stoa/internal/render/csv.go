package render

import (
	"bufio"
	"bytes"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// csvWriter writes what psql --csv writes: fields are quoted when they hold a comma, a quote, a carriage return or a line feed, or are `\.`, which
// COPY would take for the end of the data; an empty text is not quoted, and lines end in a line feed.
type csvWriter struct {
	out  *bufio.Writer
	opts Options
	buf  []byte
}

func newCSV(out *bufio.Writer, cols []plan.Column, o Options) *csvWriter {
	w := &csvWriter{out: out, opts: o}
	for i, c := range cols {
		w.field(i, []byte(c.Name))
	}
	w.out.WriteByte('\n')
	return w
}

func (w *csvWriter) field(i int, text []byte) {
	if i > 0 {
		w.out.WriteByte(',')
	}
	if !bytes.ContainsAny(text, ",\"\r\n") && string(text) != `\.` {
		w.out.Write(text)
		return
	}
	w.out.WriteByte('"')
	for {
		quote := bytes.IndexByte(text, '"')
		if quote < 0 {
			break
		}
		w.out.Write(text[:quote+1])
		w.out.WriteByte('"')
		text = text[quote+1:]
	}
	w.out.Write(text)
	w.out.WriteByte('"')
}

// Write implements Writer.
func (w *csvWriter) Write(b *vec.Batch) error {
	for row := range b.N {
		for i, c := range b.Cols {
			w.buf = w.opts.cell(w.buf[:0], c, row)
			w.field(i, w.buf)
		}
		if err := w.out.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Writer.
func (w *csvWriter) Close() error { return w.out.Flush() }

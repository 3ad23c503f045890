package render

import (
	"bufio"
	"bytes"
	"math"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// jsonWriter writes rows as JSON objects as PostgreSQL's row_to_json makes them: an array of them with one on a line, or lines of them. Numbers keep
// all their digits; NaN and the infinities, which JSON does not have, are strings; jsonb is put in as it is; timestamps have the T of ISO 8601.
type jsonWriter struct {
	out   *bufio.Writer
	opts  Options
	array bool
	keys  [][]byte // in quotes, with what stands before and the colon behind
	rows  int64
	buf   []byte
}

func newJSON(out *bufio.Writer, cols []plan.Column, o Options, array bool) *jsonWriter {
	w := &jsonWriter{out: out, opts: o, array: array}
	for i, c := range cols {
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		w.keys = append(w.keys, append(jsontext.AppendQuoted([]byte{before}, c.Name), ':'))
	}
	if array {
		out.WriteByte('[')
	}
	return w
}

// Write implements Writer.
func (w *jsonWriter) Write(b *vec.Batch) error {
	for row := range b.N {
		w.buf = w.buf[:0]
		if w.array && w.rows > 0 {
			w.buf = append(w.buf, ',')
		}
		if w.array {
			w.buf = append(w.buf, '\n')
		}
		if len(b.Cols) == 0 {
			w.buf = append(w.buf, '{')
		}
		for i, c := range b.Cols {
			w.buf = append(w.buf, w.keys[i]...)
			w.buf = w.value(w.buf, c, row)
		}
		w.buf = append(w.buf, '}')
		if !w.array {
			w.buf = append(w.buf, '\n')
		}
		w.rows++
		if _, err := w.out.Write(w.buf); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Writer.
func (w *jsonWriter) Close() error {
	if w.array {
		if w.rows > 0 {
			w.out.WriteByte('\n')
		}
		w.out.WriteString("]\n")
	}
	return w.out.Flush()
}

// value appends a value as JSON.
func (w *jsonWriter) value(dst []byte, v *vec.Vec, row int) []byte {
	if v.IsNull(row) {
		return append(dst, "null"...)
	}
	v, row = v.Value(row)
	switch v.Type {
	case arrowschema.Bool:
		if v.Bools[row] {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case arrowschema.Int2, arrowschema.Int4, arrowschema.Int8:
		return vec.AppendText(dst, v, row, w.opts.Zone)
	case arrowschema.Float4, arrowschema.Float8:
		if f := v.Floats[row]; math.IsNaN(f) || math.IsInf(f, 0) {
			return w.quoted(dst, v, row)
		}
		return vec.AppendText(dst, v, row, w.opts.Zone)
	case arrowschema.Numeric:
		at := len(dst)
		dst = vec.AppendText(dst, v, row, w.opts.Zone)
		if last := dst[len(dst)-1]; last < '0' || last > '9' { // NaN, Infinity
			return w.quoted(dst[:at], v, row)
		}
		return dst
	case arrowschema.JSON, arrowschema.JSONB:
		return w.inline(dst, v.Strs[row])
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return w.timestamp(dst, v, row)
	}
	return w.quoted(dst, v, row)
}

func (w *jsonWriter) quoted(dst []byte, v *vec.Vec, row int) []byte {
	return jsontext.AppendQuoted(dst, string(vec.AppendText(nil, v, row, w.opts.Zone)))
}

// inline appends a JSON value. The type json keeps the text that came in, which may have line ends between its tokens; within strings there can be none.
func (w *jsonWriter) inline(dst []byte, doc string) []byte {
	for i := range len(doc) {
		c := doc[i]
		if c == '\n' || c == '\r' {
			c = ' '
		}
		dst = append(dst, c)
	}
	return dst
}

// timestamp appends PostgreSQL's text with a T where it has the space between date and time ("infinity" has none; the space before BC is not the first),
// and with the minutes of an offset of whole hours, as row_to_json has it.
func (w *jsonWriter) timestamp(dst []byte, v *vec.Vec, row int) []byte {
	at := len(dst)
	dst = w.quoted(dst, v, row)
	space := bytes.IndexByte(dst[at:], ' ')
	if space < 0 {
		return dst
	}
	dst[at+space] = 'T'
	if v.Type != arrowschema.TimestampTZ {
		return dst
	}
	offset := at + space + bytes.LastIndexAny(dst[at+space:], "+-")
	if end := offset + len("+00"); end < len(dst) && (dst[end] == '"' || dst[end] == ' ') {
		dst = slices.Insert(dst, end, []byte(":00")...)
	}
	return dst
}

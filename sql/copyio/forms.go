package copyio

import (
	"bytes"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
)

// delimited is what text and csv share: values with a delimiter between them.
type delimited struct {
	delim, nulls string
	first        string // the header line
}

func (d *delimited) before(col int) string {
	if col == 0 {
		return ""
	}
	return d.delim
}

func (d *delimited) after() string   { return "\n" }
func (d *delimited) null(int) string { return d.nulls }
func (d *delimited) header() string  { return d.first }

// headerLine writes the columns' names as values are written.
func headerLine(f form, cols []Column) string {
	var line []byte
	for i, c := range cols {
		line = f.value(append(line, f.before(i)...), i, []byte(c.Name))
	}
	return string(append(line, f.after()...))
}

// csvRows writes csv; it follows CopyAttributeOutCSV.
type csvRows struct {
	delimited
	quote, esc byte
	special    [256]bool // bytes that ask for quotes
	always     []bool    // FORCE_QUOTE
	single     bool      // one column: \. alone on a line would end the data
}

func newCSVRows(o *Options, cols []Column) (*csvRows, error) {
	c := &csvRows{delimited: delimited{delim: string([]byte{o.Delimiter}), nulls: o.Null}, quote: o.Quote, esc: o.Escape, single: len(cols) == 1}
	for _, b := range []byte{o.Delimiter, o.Quote, '\n', '\r'} {
		c.special[b] = true
	}
	if o.Header != HeaderOff {
		c.first = headerLine(c, cols) // FORCE_QUOTE is for values
	}
	var err error
	if c.always, err = forced(cols, o.ForceQuote, "FORCE_QUOTE"); err != nil {
		return nil, err
	}
	if o.ForceQuoteAll {
		c.always = slices.Repeat([]bool{true}, len(cols))
	}
	return c, nil
}

func (c *csvRows) value(dst []byte, col int, text []byte) []byte {
	if !c.needsQuotes(col, text) {
		return append(dst, text...)
	}
	dst = append(dst, c.quote)
	for _, b := range text {
		if b == c.quote || b == c.esc {
			dst = append(dst, c.esc)
		}
		dst = append(dst, b)
	}
	return append(dst, c.quote)
}

func (c *csvRows) needsQuotes(col int, text []byte) bool {
	if c.always != nil && c.always[col] || string(text) == c.nulls || c.single && string(text) == `\.` {
		return true
	}
	for _, b := range text {
		if c.special[b] {
			return true
		}
	}
	return false
}

// textRows writes the text format; it follows CopyAttributeOutText.
type textRows struct {
	delimited
	escapes [256]byte // what follows the backslash; 0 for bytes that need none
}

func newTextRows(o *Options, cols []Column) *textRows {
	t := &textRows{delimited: delimited{delim: string([]byte{o.Delimiter}), nulls: o.Null}}
	t.escapes[o.Delimiter], t.escapes['\\'] = o.Delimiter, '\\'
	for i, b := range []byte("\b\f\n\r\t\v") {
		t.escapes[b] = "bfnrtv"[i]
	}
	if o.Header != HeaderOff {
		t.first = headerLine(t, cols)
	}
	return t
}

func (t *textRows) value(dst []byte, _ int, text []byte) []byte {
	from := 0
	for i, b := range text {
		if e := t.escapes[b]; e != 0 {
			dst = append(append(dst, text[from:i]...), '\\', e)
			from = i + 1
		}
	}
	return append(dst, text[from:]...)
}

// jsonRows writes objects as PostgreSQL's row_to_json does, one a line.
type jsonRows struct {
	keys  []string // {"a": and ,"b": and so on
	types []arrowschema.Type
}

func newJSONRows(cols []Column) *jsonRows {
	j := &jsonRows{}
	for i, c := range cols {
		open := ","
		if i == 0 {
			open = "{"
		}
		j.keys = append(j.keys, open+string(jsontext.AppendQuoted(nil, c.Name))+":")
		j.types = append(j.types, c.Type)
	}
	return j
}

func (j *jsonRows) before(col int) string { return j.keys[col] }
func (j *jsonRows) null(int) string       { return "null" }
func (j *jsonRows) header() string        { return "" }

func (j *jsonRows) after() string {
	if len(j.keys) == 0 {
		return "{}\n"
	}
	return "}\n"
}

func (j *jsonRows) value(dst []byte, col int, text []byte) []byte {
	switch t := j.types[col]; t {
	case arrowschema.Bool:
		if text[0] == 't' {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case arrowschema.Int2, arrowschema.Int4, arrowschema.Int8:
		return append(dst, text...)
	case arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8:
		if d := text[len(text)-1]; d >= '0' && d <= '9' { // not NaN, not Infinity
			return append(dst, text...)
		}
		return jsontext.AppendQuoted(dst, string(text))
	case arrowschema.JSONB:
		return append(dst, text...)
	case arrowschema.JSON: // as it was written, but on one line: line ends are only spaces between its tokens
		at := len(dst)
		dst = append(dst, text...)
		for i, b := range dst[at:] {
			if b == '\n' || b == '\r' {
				dst[at+i] = ' '
			}
		}
		return dst
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		return append(append(append(dst, '"'), isoTime(text, t)...), '"')
	}
	return jsontext.AppendQuoted(dst, string(text))
}

// isoTime turns PostgreSQL's text of a timestamp into ISO 8601 as its JSON functions write it: 2025-10-21T14:30:22.5+00:00. It may change text.
func isoTime(text []byte, t arrowschema.Type) []byte {
	gap := bytes.IndexByte(text, ' ')
	if gap < 0 { // infinity
		return text
	}
	text[gap] = 'T'
	if t == arrowschema.Timestamp {
		return text
	}
	body, era, _ := bytes.Cut(text, []byte(" "))
	sign := max(bytes.LastIndexByte(body, '+'), bytes.LastIndexByte(body, '-'))
	if sign > gap && len(body)-sign == 3 {
		body = append(bytes.Clone(body), ":00"...)
	}
	if len(era) > 0 {
		body = append(append(bytes.Clone(body), ' '), era...)
	}
	return body
}

package copyio

import (
	"io"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// Create starts to write rows of the given columns to a file; zone is the session's, for timestamptz. A name that ends in .gz or .zst asks for a
// compressed file (Parquet is compressed by itself).
//
// Errors: 58P01 for a directory that is not there, 42809 when path is one, 42501 where nothing may be written, 53100 for a full disk, 58030.
func Create(fsys vfs.FS, path string, opts *Options, cols []Column, zone *time.Location) (Writer, error) {
	opts = opts.withDefaults()
	f, err := createFile(fsys, path)
	if err != nil {
		return nil, err
	}
	packed := packing(path)
	if opts.Format == Parquet {
		packed = ""
	}
	w, err := newWriter(f, f, packed, opts, cols, zone)
	if err != nil {
		f.giveUp()
		return nil, err
	}
	return w, nil
}

// NewWriter starts to write rows of the given columns to w, which it does not close; zone is the session's, for timestamptz.
func NewWriter(w io.Writer, opts *Options, cols []Column, zone *time.Location) (Writer, error) {
	return newWriter(w, nil, "", opts.withDefaults(), cols, zone)
}

func newWriter(w io.Writer, f *file, packed string, o *Options, cols []Column, zone *time.Location) (Writer, error) {
	out, err := newOutput(w, f, packed)
	if err != nil {
		return nil, err
	}
	switch o.Format {
	case Parquet:
		return newParquetWriter(out, cols, o.Stop)
	case NDJSON:
		return newRowWriter(out, newJSONRows(cols), cols, zone)
	case SWF:
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY TO in the format \"swf\" is not supported")
	case CSV:
		rows, err := newCSVRows(o, cols)
		if err != nil {
			return nil, err
		}
		return newRowWriter(out, rows, cols, zone)
	default:
		return newRowWriter(out, newTextRows(o, cols), cols, zone)
	}
}

// form is how a format that is made of lines writes values.
type form interface {
	before(col int) string // what stands in front of a column's value
	after() string         // what ends a row
	null(col int) string   // what stands for NULL
	header() string        // the first line, "" for none
	// value appends a value, of which text is PostgreSQL's text. It may change text.
	value(dst []byte, col int, text []byte) []byte
}

// rowWriter writes the formats made of lines.
type rowWriter struct {
	out    *output
	form   form
	cols   []Column
	zone   *time.Location
	coded  []renderedDict
	buf    []byte
	text   []byte
	opened bool
	err    error
}

// renderedDict holds the written form of a dictionary's entries, for the batches that share it.
type renderedDict struct {
	dict    *vec.Vec
	entries []string
}

func newRowWriter(out *output, f form, cols []Column, zone *time.Location) (Writer, error) {
	if zone == nil {
		zone = time.UTC
	}
	return &rowWriter{out: out, form: f, cols: cols, zone: zone, coded: make([]renderedDict, len(cols))}, nil
}

// open writes the header, once.
func (w *rowWriter) open() error {
	if w.opened {
		return nil
	}
	w.opened = true
	_, err := w.out.WriteString(w.form.header())
	return err
}

// Write implements Writer.
func (w *rowWriter) Write(b *vec.Batch) error {
	if w.err != nil {
		return w.err
	}
	if w.err = w.open(); w.err != nil {
		return w.fail()
	}
	columns := make([]*vec.Vec, len(w.cols))
	for i := range columns {
		columns[i] = b.Cols[i]
		w.render(i, columns[i])
	}
	for row := range b.N {
		w.buf = w.buf[:0]
		for i, v := range columns {
			w.buf = append(w.buf, w.form.before(i)...)
			w.cell(i, v, row)
		}
		w.buf = append(w.buf, w.form.after()...)
		if _, w.err = w.out.Write(w.buf); w.err != nil {
			return w.fail()
		}
	}
	return nil
}

func (w *rowWriter) fail() error {
	w.out.Abort()
	return w.err
}

// cell appends one value.
func (w *rowWriter) cell(i int, v *vec.Vec, row int) {
	switch {
	case v.IsNull(row):
		w.buf = append(w.buf, w.form.null(i)...)
	case w.coded[i].dict != nil && w.coded[i].dict == v.Dict:
		w.buf = append(w.buf, w.coded[i].entries[v.Codes[row]]...)
	case v.Type.Physical() == arrowschema.Strings:
		from, at := v.Value(row)
		w.text = append(w.text[:0], from.Strs[at]...)
		w.buf = w.form.value(w.buf, i, w.text)
	default:
		w.text = vec.AppendText(w.text[:0], v, row, w.zone)
		w.buf = w.form.value(w.buf, i, w.text)
	}
}

// render writes the entries of a dictionary, where there are fewer of them than rows.
func (w *rowWriter) render(i int, v *vec.Vec) {
	if v.Dict == nil || v.Dict == w.coded[i].dict {
		return
	}
	w.coded[i] = renderedDict{}
	if v.Dict.N > v.N {
		return
	}
	entries := make([]string, v.Dict.N)
	for e := range entries {
		w.text = vec.AppendText(w.text[:0], v.Dict, e, w.zone)
		entries[e] = string(w.form.value(nil, i, w.text))
	}
	w.coded[i] = renderedDict{dict: v.Dict, entries: entries}
}

// Close implements Writer.
func (w *rowWriter) Close() error {
	if w.err != nil {
		return w.err
	}
	if w.err = w.open(); w.err != nil {
		return w.fail()
	}
	w.err = w.out.Close()
	return w.err
}

// Abort implements Writer.
func (w *rowWriter) Abort() { w.out.Abort() }

// parquetWriter writes Parquet.
type parquetWriter struct {
	out  *output
	file *parquetio.Writer
	err  error
}

// newParquetWriter makes a table definition of the columns. Text is tried as codes; a column whose values do not repeat gives that up by itself.
func newParquetWriter(out *output, cols []Column, stop func() error) (Writer, error) {
	def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "copy", Table: "query"}, Version: 1, SortColumn: -1, UserColumn: -1}
	for i, c := range cols {
		c.ID = int32(i + 1)
		if c.Type == arrowschema.Unknown {
			c.Type = arrowschema.Text
		}
		c.Dictionary = c.Dictionary || c.Type.Physical() == arrowschema.Strings
		if def.Find(c.Name) >= 0 {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column name \"%s\" appears more than once: a Parquet file needs distinct names", c.Name).
				WithHint("Name the columns with AS.")
		}
		def.Columns = append(def.Columns, c)
	}
	f, err := parquetio.NewWriter(out, def, &parquetio.WriteOptions{Stop: stop})
	if err != nil {
		return nil, err
	}
	return &parquetWriter{out: out, file: f}, nil
}

// Write implements Writer.
func (w *parquetWriter) Write(b *vec.Batch) error {
	if w.err == nil {
		if w.err = w.file.Write(b); w.err != nil {
			w.out.Abort()
		}
	}
	return w.err
}

// Close implements Writer.
func (w *parquetWriter) Close() error {
	if w.err != nil {
		return w.err
	}
	if _, w.err = w.file.Close(); w.err != nil {
		w.out.Abort()
		return w.err
	}
	w.err = w.out.Close()
	return w.err
}

// Abort implements Writer.
func (w *parquetWriter) Abort() { w.out.Abort() }

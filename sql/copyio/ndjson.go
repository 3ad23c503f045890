package copyio

import (
	"context"
	"errors"
	"io"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// jsonReader reads newline-delimited JSON.
type jsonReader struct {
	src    io.Closer
	rec    *records
	cols   *columns
	target []Column
	listed bool
	index  map[string]int
	values [][]byte // of the current line, by column; nil is NULL
	scan   jsonScan
	done   bool
	err    error
}

func newJSONReader(r io.ReadCloser, memory *budget, o *Options, target []Column, from origin, conv []*converter) (*jsonReader, error) {
	j := &jsonReader{
		src: r, rec: newRecords(r, &Options{}), cols: newColumns(target, from, conv, memory), target: target, listed: o.Listed,
		index: make(map[string]int, len(target)), values: make([][]byte, len(target)),
	}
	j.rec.within(memory)
	for i := range target {
		j.index[target[i].Name] = i
	}
	return j, nil
}

// Close implements Reader.
func (j *jsonReader) Close() error { return j.src.Close() }

// Place implements Reader.
func (j *jsonReader) Place(row int) Place { return j.cols.place(row) }

// Refused implements Reader.
func (j *jsonReader) Refused(err error, at Place, column string) error {
	return j.cols.refused(err, at, column)
}

// Read implements Reader.
func (j *jsonReader) Read(ctx context.Context, maxRows int) (*vec.Batch, error) {
	if maxRows <= 0 {
		maxRows = DefaultRows
	}
	j.cols.reset()
	for passed := 0; j.err == nil && !j.done && !j.cols.full(maxRows); passed++ {
		if passed%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		j.err = j.row()
	}
	if len(j.cols.lines) == 0 && j.err == nil {
		return nil, nil
	}
	b, err := j.cols.convert(j.err)
	if err != nil {
		j.err = err
		return nil, err
	}
	return b, nil
}

// row reads one line into the columns. Lines of nothing but spaces are passed.
func (j *jsonReader) row() error {
	line, last, err := j.rec.nextLine()
	if err != nil {
		return j.cols.from.line(err, j.rec.line, "")
	}
	j.done = last
	j.scan.reset(line)
	if j.scan.space(); j.scan.p == len(line) {
		return nil
	}
	clear(j.values)
	if err := j.object(); err != nil {
		return j.cols.from.line(err, j.rec.line, ": \"%s\"", clip(line))
	}
	for i, v := range j.values {
		j.cols.cells[i].add(v)
	}
	j.cols.lines = append(j.cols.lines, j.rec.line)
	j.cols.bytes += len(line)
	return nil
}

// object reads the line's object into values.
func (j *jsonReader) object() error {
	s := &j.scan
	if !s.accept('{') {
		return j.malformed("a line must hold one JSON object")
	}
	for next := 0; ; next++ { // keys usually come in the order of the columns
		s.space()
		if next == 0 && s.accept('}') {
			break
		}
		key, ok := s.str()
		if !ok || !s.separator(':') {
			return j.malformed("")
		}
		i, known := j.column(key, next)
		kind, value, ok := s.value()
		if !ok {
			return j.malformed("")
		}
		if err := j.take(i, known, key, kind, value); err != nil {
			return err
		}
		s.space()
		if s.accept('}') {
			break
		}
		if !s.accept(',') {
			return j.malformed("")
		}
	}
	if s.space(); s.p != len(s.in) {
		return j.malformed("a line must hold one JSON object")
	}
	return nil
}

func (j *jsonReader) column(key []byte, guess int) (int, bool) {
	if guess < len(j.target) && string(key) == j.target[guess].Name {
		return guess, true
	}
	i, ok := j.index[string(key)]
	return i, ok
}

// take keeps a value for its column, in the form that the column's conversion reads.
func (j *jsonReader) take(i int, known bool, key []byte, kind jsonKind, value []byte) error {
	if !known {
		if !j.listed {
			return sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", key, sqlstate.SafeString(j.cols.from.relation))
		}
		if kind == jsonNested {
			return jsontext.ValidJSON(string(value))
		}
		return nil
	}
	t := j.target[i].Type
	isJSON := t == arrowschema.JSON || t == arrowschema.JSONB
	switch {
	case kind == jsonNull:
		j.values[i] = nil
	case isJSON:
		j.values[i] = j.scan.raw
	case kind == jsonNested:
		if err := jsontext.ValidJSON(string(value)); err != nil {
			return err
		}
		return sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but its value is a JSON %s",
			sqlstate.SafeString(j.target[i].Name), t, sqlstate.SafeString(jsontext.TypeOf(string(value))))
	default:
		j.values[i] = value
	}
	return nil
}

// errGrown ends the search for an error in a line whose numbers are long when they are written out.
var errGrown = errors.New("the line grows too long")

// malformed words what is wrong with the line: in PostgreSQL's words if it is no JSON at all, or has an escape that no text can hold.
func (j *jsonReader) malformed(otherwise string) error {
	line := string(j.scan.in)
	if err := jsontext.ValidJSON(line); err != nil {
		return err
	}
	grown := 0
	_, err := jsontext.CanonicalWatched(line, func(n int) error {
		if grown += n; grown > 4*len(line)+batchBytes {
			return errGrown
		}
		return nil
	})
	if err != nil && !errors.Is(err, errGrown) {
		return err
	}
	if otherwise == "" {
		otherwise = "the line is not understood"
	}
	return sqlstate.New(sqlstate.BadCopyFileFormat, "%s", sqlstate.SafeString(otherwise))
}

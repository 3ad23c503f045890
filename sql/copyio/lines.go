package copyio

import (
	"context"
	"io"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// batchBytes ends a batch early: long values must not make batches of gigabytes.
const batchBytes = 32 << 20

// columns collects the rows of a batch as text and converts them, column by column. It is shared by the formats made of lines.
type columns struct {
	from   origin
	target []Column
	conv   []*converter
	cells  []*gather
	lines  []int64 // of each row
	bytes  int
	memory *budget
}

func newColumns(target []Column, from origin, conv []*converter, memory *budget) *columns {
	c := &columns{from: from, target: target, conv: conv, memory: memory}
	for _, t := range target {
		c.cells = append(c.cells, newGather(t.Type))
	}
	return c
}

func (c *columns) reset() {
	for _, g := range c.cells {
		g.reset()
	}
	c.lines, c.bytes = c.lines[:0], 0
}

// full tells whether the batch is to end.
func (c *columns) full(maxRows int) bool { return len(c.lines) >= maxRows || c.bytes >= batchBytes }

// convert makes the batch of the rows. The columns may hold the beginning of one more row, the one in which failed happened: its values are
// converted too, because PostgreSQL would have, and complained of them first. failed is returned when no conversion fails.
func (c *columns) convert(failed error) (*vec.Batch, error) {
	b := &vec.Batch{N: len(c.lines), Cols: make([]*vec.Vec, len(c.cells))}
	worst, limit := error(nil), -1 // the failure in the first row so far
	for _, conv := range c.conv {
		conv.ctx.Settle() // hand has counted what the last batch came to
	}
	for i, g := range c.cells {
		n := g.rows()
		if limit >= 0 {
			n = min(n, limit)
		}
		v := g.vec(n)
		out, err := c.conv[i].run(v)
		if err != nil {
			row, cause := c.conv[i].firstFailure(v)
			if row < 0 {
				return nil, err
			}
			limit, worst = row, c.at(cause, i, row)
			continue
		}
		b.Cols[i] = out
	}
	switch {
	case worst != nil:
		return nil, worst
	case failed != nil:
		return nil, failed
	}
	if err := c.memory.hand(b); err != nil {
		return nil, err
	}
	return b, nil
}

// at gives an error of a value its place.
func (c *columns) at(err error, col, row int) error {
	line := int64(0)
	if row < len(c.lines) {
		line = c.lines[row]
	}
	g := c.cells[col]
	if g.isNull(row) {
		return c.from.refused(err, "line", line, &c.target[col], ": null input")
	}
	return c.from.refused(err, "line", line, &c.target[col], ": \""+clip(g.field(row))+"\"")
}

// place gives the place of a row of the batch.
func (c *columns) place(row int) Place {
	if row < 0 || row >= len(c.lines) {
		return Place{}
	}
	return Place{number: c.lines[row], row: row}
}

// refused words an error about a row, or a value in it. The value is quoted, to those who may see it, while its batch is there.
func (c *columns) refused(err error, at Place, column string) error {
	if at.number == 0 {
		return err
	}
	col := find(c.target, column)
	switch {
	case col < 0:
		return c.from.line(err, at.number, "")
	case c.place(at.row) == at && at.row < c.cells[col].rows():
		return c.at(err, col, at.row)
	}
	return c.from.refused(err, "line", at.number, &c.target[col], "")
}

// lineReader reads the formats text and csv.
type lineReader struct {
	src     io.Closer
	opts    *Options
	target  []Column
	rec     *records
	split   *splitter
	cols    *columns
	notNull []bool // FORCE_NOT_NULL
	null    []bool // FORCE_NULL
	started bool
	done    bool
	err     error
}

func newLineReader(r io.ReadCloser, memory *budget, o *Options, target []Column, from origin, conv []*converter) (*lineReader, error) {
	l := &lineReader{src: r, opts: o, target: target, rec: newRecords(r, o), split: newSplitter(o), cols: newColumns(target, from, conv, memory)}
	l.rec.within(memory)
	var err error
	if l.notNull, err = forced(target, o.ForceNotNull, "FORCE_NOT_NULL"); err != nil {
		return nil, err
	}
	if l.null, err = forced(target, o.ForceNull, "FORCE_NULL"); err != nil {
		return nil, err
	}
	return l, nil
}

// forced marks the columns that an option names; nil when it names none.
func forced(target []Column, names []string, option string) ([]bool, error) {
	if len(names) == 0 {
		return nil, nil
	}
	out := make([]bool, len(target))
	for _, name := range names {
		i := find(target, name)
		if i < 0 {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", option, name)
		}
		out[i] = true
	}
	return out, nil
}

func find(target []Column, name string) int {
	for i := range target {
		if target[i].Name == name {
			return i
		}
	}
	return -1
}

// Close implements Reader.
func (l *lineReader) Close() error { return l.src.Close() }

// Place implements Reader.
func (l *lineReader) Place(row int) Place { return l.cols.place(row) }

// Refused implements Reader.
func (l *lineReader) Refused(err error, at Place, column string) error {
	return l.cols.refused(err, at, column)
}

// Read implements Reader.
func (l *lineReader) Read(ctx context.Context, maxRows int) (*vec.Batch, error) {
	if maxRows <= 0 {
		maxRows = DefaultRows
	}
	l.cols.reset()
	for l.err == nil && !l.done && !l.cols.full(maxRows) {
		if len(l.cols.lines)%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		l.err = l.row()
	}
	if len(l.cols.lines) == 0 && l.err == nil {
		return nil, nil
	}
	b, err := l.cols.convert(l.err)
	if err != nil {
		l.err = err
		return nil, err
	}
	return b, nil
}

// row reads one record into the columns.
func (l *lineReader) row() error {
	if !l.started {
		l.started = true
		if l.opts.Header != HeaderOff {
			if err := l.header(); err != nil || l.done {
				return err
			}
		}
	}
	rec, last, err := l.rec.next()
	if err != nil {
		return l.atLine(err)
	}
	if last {
		l.done = true
		if len(rec) == 0 {
			return nil
		}
	}
	if err := l.parse(rec); err != nil {
		return err
	}
	c := l.cols
	c.bytes += len(rec)
	fields := l.split.fields
	if len(fields) > len(l.target) && len(l.target) > 0 {
		return l.atRecord(sqlstate.New(sqlstate.BadCopyFileFormat, "extra data after last expected column"), rec)
	}
	for i, f := range fields {
		if l.notNull != nil || l.null != nil {
			f = l.force(i, f)
		}
		c.cells[i].add(f)
	}
	c.lines = append(c.lines, l.rec.line)
	if len(fields) < len(l.target) {
		err := sqlstate.New(sqlstate.BadCopyFileFormat, "missing data for column \"%s\"", sqlstate.SafeString(l.target[len(fields)].Name))
		return l.atRecord(err, rec)
	}
	return nil
}

// parse splits a record. A table without columns has empty lines.
func (l *lineReader) parse(rec []byte) error {
	if len(l.target) == 0 {
		l.split.fields = nil
		if len(rec) > 0 {
			return l.atRecord(sqlstate.New(sqlstate.BadCopyFileFormat, "extra data after last expected column"), rec)
		}
		return nil
	}
	var err error
	if l.opts.Format == CSV {
		err = l.split.csv(rec)
	} else {
		err = l.split.text(rec)
	}
	if err != nil {
		return l.atRecord(err, rec)
	}
	return nil
}

// force applies FORCE_NOT_NULL and FORCE_NULL.
func (l *lineReader) force(i int, f []byte) []byte {
	if f == nil && l.notNull != nil && l.notNull[i] {
		return append(make([]byte, 0, 1), l.opts.Null...)
	}
	if f != nil && l.null != nil && l.null[i] && string(f) == l.opts.Null {
		return nil
	}
	return f
}

// header passes the first line, and compares it with the columns under HEADER MATCH.
func (l *lineReader) header() error {
	rec, last, err := l.rec.next()
	if err != nil {
		return l.atLine(err)
	}
	if l.opts.Header == HeaderMatch {
		if err := l.parse(rec); err != nil {
			return err
		}
		if err := l.matchHeader(); err != nil {
			return l.atRecord(err, rec)
		}
	}
	l.done = last
	return nil
}

func (l *lineReader) matchHeader() error {
	fields := l.split.fields
	if len(fields) != len(l.target) {
		return sqlstate.New(sqlstate.BadCopyFileFormat, "wrong number of fields in header line: got %d, expected %d",
			sqlstate.SafeInt(len(fields)), sqlstate.SafeInt(len(l.target)))
	}
	for i, f := range fields {
		switch at, name := sqlstate.SafeInt(i+1), sqlstate.SafeString(l.target[i].Name); {
		case f == nil:
			return sqlstate.New(sqlstate.BadCopyFileFormat, "column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"",
				at, sqlstate.SafeString(l.opts.Null), name)
		case string(f) != string(name):
			return sqlstate.New(sqlstate.BadCopyFileFormat, "column name mismatch in header line field %d: got \"%s\", expected \"%s\"", at, f, name)
		}
	}
	return nil
}

// atLine gives an error the number of the line; atRecord shows the line too.
func (l *lineReader) atLine(err error) error {
	return l.cols.from.line(err, l.rec.line, "")
}

func (l *lineReader) atRecord(err error, rec []byte) error {
	return l.cols.from.line(err, l.rec.line, ": \"%s\"", clip(rec))
}

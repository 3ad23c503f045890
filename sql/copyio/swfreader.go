package copyio

import (
	"context"
	"io"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/copyio/swf"
)

// swfReader gives the rows of a log in the columns of the statement.
type swfReader struct {
	src    io.Closer
	log    *swf.Reader
	places []int // of the target's columns in the log's
	lines  columns
	memory *budget
}

func newSWFReader(r io.ReadCloser, memory *budget, target []Column, from origin) (*swfReader, error) {
	s := &swfReader{src: r, memory: memory, log: swf.NewReader(r, from.relation), lines: columns{from: from}}
	for _, c := range target {
		i, t, ok := swf.Column(c.Name)
		if !ok {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of relation \"%s\" is not in a log in the Standard Workload Format", c.Name, from.relation).
				WithHint("The format fills system.jobs and tables with columns of the same names.")
		}
		if c.Type != t {
			return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but the Standard Workload Format gives it type %s", c.Name, c.Type, t)
		}
		s.places = append(s.places, i)
	}
	return s, nil
}

// Close implements Reader.
func (s *swfReader) Close() error { return s.src.Close() }

// Place implements Reader.
func (s *swfReader) Place(row int) Place { return s.lines.place(row) }

// Refused implements Reader.
func (s *swfReader) Refused(err error, at Place, column string) error {
	return s.lines.refused(err, at, column)
}

// Read implements Reader.
func (s *swfReader) Read(ctx context.Context, maxRows int) (*vec.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if maxRows <= 0 {
		maxRows = DefaultRows
	}
	jobs, lines, err := s.log.Read(maxRows)
	if err != nil && s.lines.from.file != "" { // to a client it has the place already
		err = s.lines.from.line(err, s.log.Line(), "")
	}
	if err != nil || jobs == nil {
		return nil, err
	}
	s.lines.lines = lines
	out := &vec.Batch{N: jobs.N, Cols: make([]*vec.Vec, len(s.places))}
	for i, p := range s.places {
		out.Cols[i] = jobs.Cols[p]
	}
	if err := s.memory.hand(out); err != nil {
		return nil, err
	}
	return out, nil
}

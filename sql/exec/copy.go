package exec

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/copyio"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// copyRows is the number of rows in a batch that COPY reads.
const copyRows = 8192

// Waiting is what a Session's In implements if its reads may wait for somebody: Until is called before the first of them, and from when done is closed they
// end with an error. COPY FROM holds the writer's lock meanwhile. Reads of other readers are waited for.
type Waiting interface {
	Until(done <-chan struct{})
}

// copy runs COPY.
func (s *statement) copy(st *parser.Copy) (*Result, error) {
	if st.Program {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY … PROGRAM is not supported").At(st.Position())
	}
	opts, err := copyio.ParseOptions(st.Options, st.From, st.File)
	if err != nil {
		return nil, err
	}
	opts.Listed, opts.Stop = len(st.Columns) > 0, s.eval().Check
	var n int64
	if st.From {
		n, err = s.copyFrom(st, opts)
	} else {
		n, err = s.copyTo(st, opts)
	}
	if err != nil {
		return nil, err
	}
	return done(fmt.Sprintf("COPY %d", n)), nil
}

// copyFrom reads a file into a table, as one statement.
func (s *statement) copyFrom(st *parser.Copy, opts *copyio.Options) (int64, error) {
	if st.Where != nil {
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "COPY … WHERE is not supported").At(st.Where.Position())
	}
	var w *inserter
	var r copyio.Reader
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		def, err := s.tableFor(tx, st.Table)
		if err != nil {
			return err
		}
		s.uses(def)
		target, err := bind.TargetColumns(def, st.Columns)
		if err != nil {
			return err
		}
		if r, err = s.copyReader(st, opts, def, target); err != nil {
			return err
		}
		defer r.Close()
		w = &inserter{stmt: s, tx: tx, def: def, ret: &returned{}, place: r.Place}
		return s.copyRows(r, w, def, target)
	})
	if err != nil {
		return 0, atTheEnd(err, r, w)
	}
	return w.count, nil
}

// atTheEnd adds to an error of a statement as a whole about which row it is, if it is about one.
func atTheEnd(err error, r copyio.Reader, w *inserter) error {
	if row := (*store.RowError)(nil); errors.As(err, &row) {
		return r.Refused(row.Err, w.places[row.Row], row.Column)
	}
	return err
}

func (s *statement) copyReader(st *parser.Copy, opts *copyio.Options, def *schemahistory.TableDefinition, target []int) (copyio.Reader, error) {
	cols := make([]copyio.Column, len(target))
	for i, c := range target {
		cols[i] = def.Columns[c]
	}
	for c := range def.Columns {
		if !slices.Contains(target, c) {
			opts.Others = append(opts.Others, def.Columns[c])
		}
	}
	if !st.Std {
		return copyio.Open(s.engine.db.FS(), filepath.FromSlash(st.File), opts, cols, def.Name.Table, s.engine.registry, s.eval())
	}
	if s.session.In == nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY FROM STDIN needs a client that sends data").At(st.Position())
	}
	if in, ok := s.session.In.(Waiting); ok {
		in.Until(s.ctx.Done())
	}
	return copyio.NewReader(s.session.In, opts, cols, def.Name.Table, s.engine.registry, s.eval())
}

// copyRows inserts what a reader gives. Columns that the statement does not name get their defaults.
func (s *statement) copyRows(r copyio.Reader, w *inserter, def *schemahistory.TableDefinition, target []int) error {
	rows, err := s.completer(def, target, false)
	if err != nil {
		return err
	}
	for {
		b, err := r.Read(s.ctx, copyRows)
		if err != nil && s.ctx.Err() != nil { // whatever the reader made of it
			return exprs.Cancelled(s.ctx)
		}
		if err != nil || b == nil {
			return err
		}
		if b, err = rows.complete(b); err != nil {
			return err
		}
		if err := w.add(b); err != nil {
			return located(err, r, b, w)
		}
	}
}

// located adds to an error about a row which line it came from. What an error about a row of a file quotes is left out.
func located(err error, r copyio.Reader, b *vec.Batch, w *inserter) error {
	if row := (*store.RowError)(nil); errors.As(err, &row) {
		return atTheEnd(err, r, w)
	}
	var e *sqlstate.Error
	if !errors.As(err, &e) || e.Where != "" || !strings.HasPrefix(string(e.Code), "22") && !strings.HasPrefix(string(e.Code), "23") {
		return r.Refused(err, copyio.Place{}, "")
	}
	return r.Refused(err, r.Place(w.firstRefused(b)), "")
}

// firstRefused finds the first row of a batch that is not taken, by inserting parts of it: what of them is kept goes with the statement, which fails.
func (w *inserter) firstRefused(b *vec.Batch) int {
	lo, hi := 0, b.N // the rows below lo are in, and one of [lo, hi) is refused
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		part := b.Slice(lo, mid)
		if guard(w.def, part) == nil && w.tx.Insert(w.def.Name, part) == nil {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// copyTo writes a table or the rows of a query to a file.
func (s *statement) copyTo(st *parser.Copy, opts *copyio.Options) (int64, error) {
	q, err := copySource(st)
	if err != nil {
		return 0, err
	}
	snap, err := s.engine.db.Latest(s.ctx)
	if err != nil {
		return 0, err
	}
	defer snap.Close()
	n, err := s.binder(snap).Query(q)
	if err != nil {
		return 0, err
	}
	w, err := s.copyWriter(st, opts, n.Columns())
	if err != nil {
		return 0, err
	}
	defer w.Abort()
	var count int64
	err = s.each(n, func(b *vec.Batch) error {
		count += int64(b.N)
		return w.Write(b)
	})
	if err != nil {
		return 0, err
	}
	return count, w.Close()
}

// copySource gives the query whose rows are written.
func copySource(st *parser.Copy) (*parser.Query, error) {
	if st.Query != nil {
		q, ok := st.Query.(*parser.Query)
		if !ok {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY of a data-modifying statement is not supported").At(st.Query.Position())
		}
		return q, nil
	}
	sel := &parser.Select{Pos: st.Pos, From: []parser.TableExpr{st.Table}}
	if len(st.Columns) == 0 {
		sel.Items = []parser.SelectItem{{Pos: st.Pos, Expr: &parser.Star{Pos: st.Pos}}}
	}
	for _, c := range st.Columns {
		sel.Items = append(sel.Items, parser.SelectItem{Pos: c.Pos, Expr: &parser.ColumnRef{Pos: c.Pos, Parts: []string{c.Name}}})
	}
	return &parser.Query{Pos: st.Pos, Body: sel}, nil
}

func (s *statement) copyWriter(st *parser.Copy, opts *copyio.Options, cols []plan.Column) (copyio.Writer, error) {
	out := make([]copyio.Column, len(cols))
	for i, c := range cols {
		out[i] = copyio.Column{ID: int32(i + 1), Name: c.Name, Type: c.Type}
	}
	if !st.Std {
		return copyio.Create(s.engine.db.FS(), filepath.FromSlash(st.File), opts, out, s.session.zone)
	}
	if s.session.Out == nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "COPY TO STDOUT needs a client that takes data").At(st.Position())
	}
	return copyio.NewWriter(s.session.Out, opts, out, s.session.zone)
}

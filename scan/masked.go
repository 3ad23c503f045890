package scan

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
)

// maskedStream is a Stream that can leave out rows by a mask instead of copying those that stay: cheap where most stay, and what is computed next costs little.
type maskedStream interface {
	// nextMasked gives the next batch and, for each row, whether it is one: 1 or 0. A nil mask keeps all rows; at least one is kept. Batch and mask are valid
	// until the next call.
	nextMasked() (b *vec.Batch, keep []uint8, err error)
}

// reading is what will be done with masked batches.
type reading struct {
	cols    []int // the columns that are read, ascending; others may be missing
	bare    []int // those of them of which is asked only whether they are NULL
	cheap   bool  // nothing is computed row by row but loops over numbers and codes
	grouped bool  // rows are numbered by group
	texts   bool  // texts of the rows may be kept, as groups, extremes and the like
}

// readingOf says what evaluating expressions reads.
func readingOf(es []exprs.Expr) reading {
	r, set, valued := reading{cheap: true}, map[int]bool{}, map[int]bool{}
	for _, e := range es {
		exprs.Columns(e, set)
		valuedColumns(e, valued)
		switch e.Type().Physical() {
		case arrowschema.Bools, arrowschema.Ints, arrowschema.Floats, arrowschema.UUIDs:
		default:
			r.texts = true
		}
		exprs.Walk(e, func(n exprs.Expr) bool {
			switch n.(type) {
			case *exprs.Column, *exprs.IsNull:
			default:
				r.cheap = r.cheap && n.Type().Physical() == arrowschema.Ints
			}
			return r.cheap
		})
	}
	for c := range set {
		if r.cols = append(r.cols, c); !valued[c] {
			r.bare = append(r.bare, c)
		}
	}
	slices.Sort(r.cols)
	return r
}

// valuedColumns collects the columns of whose rows an expression asks more than whether they are NULL.
func valuedColumns(e exprs.Expr, into map[int]bool) {
	switch e := e.(type) {
	case *exprs.Column:
		into[e.Index] = true
	case *exprs.IsNull:
		if _, ok := e.Arg.(*exprs.Column); !ok {
			valuedColumns(e.Arg, into)
		}
	default:
		for _, c := range e.Children() {
			valuedColumns(c, into)
		}
	}
}

// bareOf gives the table's columns of which neither the conditions nor what is done with the rows asks more than whether they are NULL.
func (t *Table) bareOf(r reading) (out []int) {
	outputs, valued := map[int]bool{}, map[int]bool{}
	for _, c := range t.Conds {
		valuedColumns(c, outputs)
	}
	for c, col := range t.Cols {
		valued[col] = valued[col] || outputs[c] || slices.Contains(r.cols, c) && !slices.Contains(r.bare, c)
	}
	for col, is := range valued {
		if !is {
			out = append(out, col)
		}
	}
	return out
}

// masked gives a stream as one that gives masks; of most there are none.
func masked(s Stream, r reading) maskedStream {
	if t, ok := s.(*tableStream); ok && t.table.hint == nil {
		t.readers.keep = parquetio.KeepDictionaries
		if r.texts {
			t.readers.keep = parquetio.KeepTexts
		}
		t.readers.bare = t.table.bareOf(r)
		for c, col := range t.table.Cols {
			if !slices.Contains(r.cols, c) {
				t.readers.asked = append(t.readers.asked, col)
			}
		}
		return &maskedTable{s: t, reading: r}
	}
	return unmasked{s}
}

type unmasked struct{ Stream }

// nextMasked implements maskedStream.
func (u unmasked) nextMasked() (*vec.Batch, []uint8, error) {
	b, err := u.Next()
	return b, nil, err
}

// eachMasked is each for streams that give masks.
func (env *Env) eachMasked(streams []Stream, r reading, consume func(worker int, b *vec.Batch, keep []uint8) error) error {
	bare := make([]Stream, len(streams))
	keep := make([][]uint8, len(streams))
	for i, s := range streams {
		m := masked(s, r)
		bare[i] = streamFunc(func() (b *vec.Batch, err error) {
			b, keep[i], err = m.nextMasked()
			return b, err
		})
	}
	return env.each(bare, func(i int, b *vec.Batch) error { return consume(i, b, keep[i]) })
}

// maskedTable is a table's stream without the copying: its batches share the morsel's memory.
type maskedTable struct {
	reading
	s *tableStream
}

// maskedRows is the number of rows of a masked batch in batches of the usual size: what a batch costs whatever its size is spread over more rows.
const maskedRows = 4

// sparse is the share of rows below which those that stay are copied, as a divisor: the rows left out cost each column a load, those copied a load and a
// store, and expressions on few rows are cheaper. Where nothing is computed but cheap loops the share is verySparse, and kernelSparse where these are kernels.
const (
	sparse       = 3
	verySparse   = 8
	kernelSparse = 32
)

// nextMasked implements maskedStream.
func (m *maskedTable) nextMasked() (*vec.Batch, []uint8, error) {
	s := m.s
	for {
		for s.cur == nil || s.lo >= s.cur.rows() {
			if more, err := s.nextUnit(); err != nil || !more {
				return nil, nil, err
			}
		}
		if err := s.env.cancelled(); err != nil {
			return nil, nil, err
		}
		lo, hi := s.lo, min(s.lo+maskedRows*s.env.BatchRows, s.cur.rows())
		if s.found != nil {
			if len(m.cols) == 0 {
				return m.bareRows(), nil, nil
			}
			few, err := s.readFew(s.found, m.cols)
			if err != nil {
				return nil, nil, err
			}
			if few {
				return m.fewRows(), nil, nil
			}
		}
		s.lo = hi
		keep, kept, err := m.filter(lo, hi)
		if err != nil {
			return nil, nil, err
		}
		if kept == 0 {
			continue
		}
		b, err := m.output(lo, hi, keep, kept)
		if err != nil {
			return nil, nil, err
		}
		if kept == hi-lo || b.N == kept {
			keep = nil
		}
		return b, keep, nil
	}
}

// bareRows gives the next of the rows that were found in a row group, of which no column is read: their number.
func (m *maskedTable) bareRows() *vec.Batch {
	s, f := m.s, m.s.found
	b := &vec.Batch{N: min(maskedRows*s.env.BatchRows, f.kept-f.at), Ord: s.ord(f.at), Cols: make([]*vec.Vec, len(s.table.Cols)+1)}
	if f.at += b.N; f.at == f.kept {
		s.lo = s.cur.rows()
	}
	return b
}

// fewRows gives the next of the few rows that were found in a row group.
func (m *maskedTable) fewRows() *vec.Batch {
	s, f := m.s, m.s.found
	lo, hi := f.at, min(f.at+maskedRows*s.env.BatchRows, f.kept)
	b := f.rows.Slice(lo, hi)
	b.Ord = s.ord(int(f.sel[lo]))
	if f.at = hi; hi == f.kept {
		s.lo = s.cur.rows()
	}
	return b
}

// output gives the columns of a window: all rows, or, where few are kept, those.
func (m *maskedTable) output(lo, hi int, keep []uint8, kept int) (*vec.Batch, error) {
	var sel []int32
	share := sparse
	switch {
	case m.cheap && !m.grouped && kernels.Quick(hi-lo):
		share = kernelSparse
	case m.cheap:
		share = verySparse
	}
	if kept*share < hi-lo {
		sel = selected(keep, kept, lo)
	}
	b, err := m.s.window(lo, hi, sel, m.cols)
	if err != nil {
		return nil, err
	}
	if b.Ord = m.s.ord(lo); sel != nil {
		b.Ord = m.s.ord(int(sel[0]))
	}
	return b, nil
}

// selected gives the rows that are kept, counted from lo.
func selected(keep []uint8, kept, lo int) []int32 {
	sel := make([]int32, kept+kernels.RowsRoom)
	n := 0
	if kernels.Quick(len(keep)) {
		var bits [64]uint64
		for at := 0; n < kept; at += 64 * len(bits) {
			part := keep[at:min(at+64*len(bits), len(keep))]
			kernels.Pack(bits[:], part)
			n += kernels.Rows(sel[n:], bits[:], len(part), int32(lo+at))
		}
		return sel[:n]
	}
	for i, k := range keep {
		sel[n] = int32(lo + i)
		n += int(k)
		if n == kept {
			break
		}
	}
	return sel[:n]
}

// filter finds the rows of a window that are visible and pass the conditions; keep is nil when all do.
func (m *maskedTable) filter(lo, hi int) (keep []uint8, kept int, err error) {
	s := m.s
	n := hi - lo
	if s.found != nil {
		if s.found.keep == nil {
			return nil, n, nil
		}
		keep = s.found.keep[lo:hi]
		return keep, count(keep), nil
	}
	s.ctx.Recycle() // nothing of a condition outlives its mask
	kept = n
	if !s.cur.allLive() {
		keep = s.mask(n, 0)
		live := s.cur.live(lo, hi, nil)
		for _, r := range live {
			keep[int(r)-lo] = 1
		}
		kept = len(live)
	}
	examined := kept
	keep, kept, done, err := s.byTests(lo, hi, keep, kept)
	if err != nil {
		return nil, 0, err
	}
	for i := done; i < len(s.table.Conds); i++ {
		if kept == 0 {
			break
		}
		if keep == nil {
			keep, kept, err = m.first(i, lo, hi)
		} else {
			kept, err = s.narrow(i, lo, hi, keep, kept)
		}
		if err != nil {
			return nil, 0, err
		}
	}
	s.count(examined, kept)
	return keep, kept, nil
}

// room gives memory for a mask of n rows.
func (s *tableStream) room(n int) []uint8 {
	if cap(s.keep) < n {
		s.keep = make([]uint8, n)
	}
	return s.keep[:n]
}

// first makes a mask of a condition when all rows are there.
func (m *maskedTable) first(i, lo, hi int) (keep []uint8, kept int, err error) {
	s := m.s
	b, err := s.window(lo, hi, nil, s.needs[i])
	if err != nil {
		return nil, 0, err
	}
	v, err := s.table.Conds[i].Eval(s.ctx, b)
	if err != nil {
		return nil, 0, err // of all the rows, each of which counts
	}
	keep = s.room(hi - lo)
	return keep, s.pass.begin(keep, v), nil
}

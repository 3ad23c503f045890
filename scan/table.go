package scan

import (
	"slices"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
)

// Table scans a table of a snapshot: its files, in the order in which they were written, and then its hot rows. A unit of work, a morsel, is a row group or
// a hot segment. Columns are read when they are needed: those of the conditions first, the others for the rows that passed.
type Table struct {
	View  *store.TableView
	Files func(*store.FileRef) (*parquetio.File, error)
	// Memory gives what counts the memory that reading a file takes, beside the statement's budget; nil counts nothing.
	Memory func(*store.FileRef) parquetio.Memory
	Cols   []int        // indexes into the definition's columns, in output order
	RowID  bool         // a further, last column: each row's tables.RowID, as int8
	Conds  []exprs.Expr // on the output columns, in order of evaluation
	// Counters says what this scan does; nil means the environment's.
	Counters *Counters

	hint     *topHint    // what a top-N above still wants; nil when there is none
	lost     *[]lostFile // gets the files that cannot be opened, instead of failing; nil when nobody above looks at them
	lostLast bool        // the rows of other files may do, in no order: files that cannot be opened come behind them
}

// morsel is a unit of a scan: some rows whose columns can be had one by one.
type morsel interface {
	rows() int
	// column gives all rows of the table's column i.
	column(i int) (*vec.Vec, error)
	// live appends the offsets of the rows in [lo, hi) that are visible.
	live(lo, hi int, sel []int32) []int32
	allLive() bool
	stats(col int) zone
	mayContain(col int, value *vec.Vec) bool
	rowID(offset int32) int64
	// leave says that nothing more will be asked of it.
	leave(c *Counters)
}

// Open implements Source.
func (t *Table) Open(env *Env, n int) ([]Stream, error) {
	units := t.units(env)
	if h := t.hint.ofColumn(); h != nil && !env.NoPruning {
		h.promising(units)
	}
	return t.streams(env, units, n), nil
}

// streams gives at most n streams of some morsels.
func (t *Table) streams(env *Env, units []unit, n int) []Stream {
	var next atomic.Int64
	search := t.search(env)
	out := make([]Stream, max(1, min(n, len(units))))
	for i := range out {
		out[i] = &tableStream{
			table: t, env: env, counters: t.counters(env), ctx: env.Eval.Fork(), units: units, next: &next, needs: t.needs(),
			readers: readers{keep: parquetio.KeepAll}, search: search, top: newTopScan(env, t.hint),
			bits: bitTestsOf(t.Conds),
		}
	}
	return out
}

// counters gives where the scan counts, nil when nobody asks.
func (t *Table) counters(env *Env) *Counters {
	if t.Counters != nil {
		return t.Counters
	}
	return env.Counters
}

// needs gives for each condition the output columns that it reads.
func (t *Table) needs() [][]int {
	out := make([][]int, len(t.Conds))
	for i, c := range t.Conds {
		set := map[int]bool{}
		exprs.Columns(c, set)
		for col := range set {
			out[i] = append(out[i], col)
		}
		slices.Sort(out[i])
	}
	return out
}

// unit is a morsel to be opened when its turn comes.
type unit struct {
	number int                              // its place in the order of a single worker
	open   func(r *readers) (morsel, error) // r is the worker's
	zone   func(output int) zone            // what is known of an output column; asked without reading anything
}

// units lists the morsels: row groups by file, then hot segments. Files that their names and the manifest rule out are left out.
func (t *Table) units(env *Env) []unit {
	var out []unit
	var lost []lostFile
	hot, complete := t.hotUnits(env)
	for _, ref := range t.View.Files {
		if ref.LiveRows() == 0 {
			continue
		}
		if complete {
			t.counters(env).file(byKey, false)
			continue
		}
		if t.fileRuledOut(env, ref) {
			continue
		}
		f := &coldFile{table: t, env: env, ref: ref}
		if err := f.open(); err != nil {
			lost = append(lost, lostFile{ref, err})
			continue
		}
		out = append(out, f.units()...)
	}
	out = append(out, hot...)
	if failing := t.lostUnits(env, lost); t.lostLast {
		out = append(out, failing...)
	} else {
		out = append(failing, out...)
	}
	for i := range out {
		out[i].number = i
	}
	return out
}

// tableStream is one worker's share of a scan.
type tableStream struct {
	table    *Table
	env      *Env
	counters *Counters // nil when nobody asks
	ctx      *exprs.Ctx
	units    []unit
	next     *atomic.Int64
	needs    [][]int
	readers  readers
	search   *keySearch // nil when no condition names a key
	top      *topScan   // nil when no top-N is above

	number int // of cur among the units
	cur    morsel
	lo     int     // the next row of cur to look at
	passed []int32 // offsets in cur that passed and were not given out
	keep   []uint8 // memory of masks
	pass   passes
	bits   bitTests
	found  *survey // of cur, where its rows were filtered at once; nil elsewhere
}

// Next implements Stream.
func (s *tableStream) Next() (*vec.Batch, error) {
	for {
		if s.cur == nil {
			more, err := s.nextUnit()
			if err != nil || !more {
				return nil, err
			}
			continue
		}
		if err := s.env.cancelled(); err != nil {
			return nil, err
		}
		if s.found != nil {
			b, err := s.giveFound()
			if err != nil || b != nil {
				return b, err
			}
			s.leave()
			continue
		}
		if s.lo >= s.cur.rows() || len(s.passed) >= s.env.BatchRows {
			b, err := s.give()
			if err != nil || b != nil {
				return b, err
			}
			continue
		}
		if len(s.table.Conds) == 0 && s.table.hint == nil && s.cur.allLive() {
			return s.giveWindow()
		}
		if err := s.filterWindow(); err != nil {
			return nil, err
		}
	}
}

// leave has done with a morsel.
func (s *tableStream) leave() {
	if s.cur != nil {
		s.cur.leave(s.counters)
	}
	s.cur, s.found = nil, nil
}

// nextUnit takes the next morsel of which some row may pass.
func (s *tableStream) nextUnit() (bool, error) {
	for {
		s.leave()
		at := int(s.next.Add(1) - 1)
		if at >= len(s.units) {
			s.ctx.Release()
			s.top.release()
			return false, nil
		}
		if err := s.env.cancelled(); err != nil {
			return false, err
		}
		if h := s.table.hint; h != nil && !s.env.NoPruning {
			h.await(s.env, at)
		}
		taken, err := s.take(at)
		if err != nil || taken {
			return taken, err
		}
	}
}

// take opens a morsel, and filters a row group at once. It answers false when no row is left.
func (s *tableStream) take(at int) (bool, error) {
	if h := s.table.hint; h != nil {
		defer h.filtered(at)
	}
	m, err := s.units[at].open(&s.readers)
	if err != nil {
		return false, err
	}
	if m == nil || m.rows() == 0 {
		return false, nil
	}
	why, err := s.ruledOut(m)
	cold, ok := m.(*coldMorsel)
	if ok && s.search != nil && why == notSkipped {
		s.search.reading.Lock()
		defer s.search.reading.Unlock()
		if s.search.found {
			why = byKey
		}
	}
	if s.counters.unit(m, why); err != nil {
		return false, err
	}
	if why != notSkipped {
		m.leave(s.counters)
		return false, nil
	}
	s.cur, s.number, s.lo, s.passed = m, s.units[at].number, 0, nil
	if !ok || len(s.table.Conds) == 0 && s.table.hint == nil && m.allLive() {
		return true, nil
	}
	s.found, err = s.surveyOf(cold)
	if s.search != nil && s.found != nil {
		s.search.found = true
	}
	return err == nil && s.found != nil, err
}

// giveWindow gives the next rows of a morsel from which nothing is left out, sharing its memory.
func (s *tableStream) giveWindow() (*vec.Batch, error) {
	lo, hi := s.lo, min(s.lo+s.env.BatchRows, s.cur.rows())
	out := &vec.Batch{N: hi - lo, Ord: s.ord(lo)}
	for _, c := range s.table.Cols {
		v, err := s.cur.column(c)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, v.Slice(lo, hi))
	}
	if s.table.RowID {
		ids := make([]int64, hi-lo)
		for i := range ids {
			ids[i] = s.cur.rowID(int32(lo + i))
		}
		out.Cols = append(out.Cols, vec.NewFlat(arrowschema.Int8, ids, nil))
	}
	if s.lo = hi; s.lo >= s.cur.rows() {
		s.leave()
	}
	s.count(out.N, out.N)
	return out, nil
}

// ord places a row among those of all workers.
func (s *tableStream) ord(offset int) uint64 { return uint64(s.number)<<32 | uint64(offset) }

func (s *tableStream) count(examined, passed int) {
	if c := s.counters; c != nil {
		c.Rows.Add(int64(examined))
		c.RowsPassed.Add(int64(passed))
	}
}

// filterWindow finds the rows of the next window that pass.
func (s *tableStream) filterWindow() error {
	s.ctx.Settle()
	lo, hi := s.lo, min(s.lo+s.env.BatchRows, s.cur.rows())
	s.lo = hi
	var sel []int32 // absolute offsets; nil means the whole window
	if !s.cur.allLive() {
		if sel = s.cur.live(lo, hi, nil); len(sel) == 0 {
			return nil
		}
	}
	examined := hi - lo
	if sel != nil {
		examined = len(sel)
	}
	if s.top != nil {
		if err := s.top.load(s, lo, hi); err != nil {
			return err
		}
		if s.top.hint.early {
			if sel = s.top.candidates(lo, hi, sel); sel != nil && len(sel) == 0 {
				s.count(examined, 0)
				return nil
			}
		}
	}
	for i, cond := range s.table.Conds {
		b, err := s.window(lo, hi, sel, s.needs[i])
		if err != nil {
			return err
		}
		v, err := cond.Eval(s.ctx, b)
		if err != nil {
			return err
		}
		kept := exprs.Selection(v, nil)
		if len(kept) == 0 {
			s.count(examined, 0)
			return nil
		}
		sel = compose(sel, kept, lo)
	}
	if sel == nil {
		sel = s.cur.live(lo, hi, nil)
	}
	if s.top != nil {
		sel = s.top.keep(sel)
	}
	s.passed = append(s.passed, sel...)
	s.count(examined, len(sel))
	return nil
}

// compose gives the absolute offsets of the rows kept of a selection.
func compose(sel, kept []int32, lo int) []int32 {
	for i, k := range kept {
		if sel == nil {
			kept[i] = k + int32(lo)
		} else {
			kept[i] = sel[k]
		}
	}
	return kept
}

// window gives some columns of the selected rows of a window.
func (s *tableStream) window(lo, hi int, sel []int32, cols []int) (*vec.Batch, error) {
	b := &vec.Batch{N: hi - lo, Cols: make([]*vec.Vec, len(s.table.Cols)+1)}
	if sel != nil {
		b.N = len(sel)
	}
	for _, c := range cols {
		if c >= len(s.table.Cols) {
			b.Cols[c] = s.ids(lo, hi, sel)
			continue
		}
		v, err := s.cur.column(s.table.Cols[c])
		if err != nil {
			return nil, err
		}
		if sel == nil {
			b.Cols[c] = v.Slice(lo, hi)
		} else {
			b.Cols[c] = v.Gather(sel)
		}
	}
	return b, nil
}

func (s *tableStream) ids(lo, hi int, sel []int32) *vec.Vec {
	var out []int64
	if sel == nil {
		for i := lo; i < hi; i++ {
			out = append(out, s.cur.rowID(int32(i)))
		}
	}
	for _, r := range sel {
		out = append(out, s.cur.rowID(r))
	}
	return vec.NewFlat(arrowschema.Int8, out, nil)
}

// give gives the rows that passed, and leaves the morsel when it has no more.
func (s *tableStream) give() (*vec.Batch, error) {
	var out *vec.Batch
	if sel := s.passed; len(sel) > 0 {
		out = &vec.Batch{N: len(sel), Ord: s.ord(int(sel[0]))}
		for _, c := range s.table.Cols {
			v, err := s.cur.column(c)
			if err != nil {
				return nil, err
			}
			if n := len(sel); int(sel[n-1]-sel[0]) == n-1 {
				out.Cols = append(out.Cols, v.Slice(int(sel[0]), int(sel[n-1])+1))
			} else {
				out.Cols = append(out.Cols, v.Gather(sel))
			}
		}
		if s.table.RowID {
			out.Cols = append(out.Cols, s.ids(0, 0, sel))
		}
		s.passed = nil
	}
	if s.lo >= s.cur.rows() {
		s.leave()
	}
	return out, nil
}

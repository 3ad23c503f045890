package tables

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// View is the hot rows of a table at one commit. It is immutable.
type View struct {
	def    *schemahistory.TableDefinition
	layout *layout
	segs   []*segment // all full but the last
	last   int        // rows of the last
	tail   []run      // serial numbers of the last
	seq    uint64

	index      *readIndex
	rollbacks  uint64 // of the table so far
	nextNumber uint32 // of the table's next segment

	once  sync.Once
	views []SegmentView
}

// Def gives the definition under which the rows are seen: of a segment that was written under another one, columns are found by their IDs, what it does
// not have is Column.Missing, and values of a narrower type are widened.
func (v *View) Def() *schemahistory.TableDefinition { return v.def }

// Seq gives the commit sequence.
func (v *View) Seq() uint64 { return v.seq }

// Segments gives the segments that may hold visible rows, in order of insertion. The slice belongs to the view.
func (v *View) Segments() []SegmentView {
	v.once.Do(func() {
		v.views = make([]SegmentView, 0, len(v.segs))
		for i, s := range v.segs {
			rows := v.last
			if i < len(v.segs)-1 {
				rows = s.rows
			}
			if rows > 0 {
				v.views = append(v.views, SegmentView{seg: s, rows: rows, view: v, cols: make([]atomic.Pointer[vec.Vec], len(v.def.Columns))})
			}
		}
	})
	return v.views
}

// Rows counts the visible rows.
func (v *View) Rows() int {
	n := 0
	segs := v.Segments()
	for i := range segs {
		n += segs[i].LiveRows()
	}
	return n
}

// SegmentView is what a view sees of a segment. Use it by pointer; its methods may be called by several goroutines at once.
type SegmentView struct {
	seg  *segment
	rows int
	view *View
	cols []atomic.Pointer[vec.Vec]
}

// Number gives the segment's number, for HotID.
func (s *SegmentView) Number() uint32 { return s.seg.number }

// Rows gives the number of rows, dead ones among them.
func (s *SegmentView) Rows() int { return s.rows }

// Column gives all rows of a column of the view's definition. It is the same vector, with the same dictionary, at each call.
func (s *SegmentView) Column(i int) *vec.Vec {
	if v := s.cols[i].Load(); v != nil {
		return v
	}
	v := s.column(i)
	if !s.cols[i].CompareAndSwap(nil, v) {
		v = s.cols[i].Load()
	}
	return v
}

func (s *SegmentView) column(i int) *vec.Vec {
	return s.seg.read(s.view.layout, i, s.rows)
}

// Serials calls fn with the serial numbers of rows, whose offsets ascend, as runs: the serial number of a run's first row, and its rows.
func (s *SegmentView) Serials(offsets []int32, fn func(first uint64, rows int)) {
	runs := s.seg.serials
	if s.seg == s.view.segs[len(s.view.segs)-1] {
		runs = s.view.tail // the writer may be adding to its own
	}
	first, rows, at := uint64(0), 0, 0
	for _, o := range offsets {
		for at+1 < len(runs) && runs[at+1].offset <= o {
			at++
		}
		serial := runs[at].serial + uint64(o-runs[at].offset)
		if rows > 0 && serial == first+uint64(rows) {
			rows++
			continue
		}
		if rows > 0 {
			fn(first, rows)
		}
		first, rows = serial, 1
	}
	if rows > 0 {
		fn(first, rows)
	}
}

// AllLive tells whether no row is dead; Live need not be asked then.
func (s *SegmentView) AllLive() bool {
	first := s.seg.firstDead.Load()
	return first == 0 || first > s.view.seq
}

// Live appends the offsets of the visible rows in [lo, hi) to sel.
func (s *SegmentView) Live(lo, hi int, sel []int32) []int32 {
	at := len(sel)
	if need := at + hi - lo; cap(sel) < need {
		sel = append(make([]int32, 0, need), sel...)
	}
	sel = sel[:at+hi-lo]
	if s.AllLive() {
		for i := lo; i < hi; i++ {
			sel[at] = int32(i)
			at++
		}
		return sel
	}
	dead := *s.seg.dead.Load()
	for i := lo; i < hi; i++ { // the offset is written in any case and kept by counting on: no branch to mispredict
		sel[at] = int32(i)
		// dead-1 is the largest number for a living row
		if atomic.LoadUint64(&dead[i])-1 >= s.view.seq {
			at++
		}
	}
	return sel[:at]
}

// IsLive tells whether one row is visible.
func (s *SegmentView) IsLive(i int) bool {
	return s.AllLive() || atomic.LoadUint64(&(*s.seg.dead.Load())[i])-1 >= s.view.seq
}

// LiveRows counts the visible rows.
func (s *SegmentView) LiveRows() int {
	if s.AllLive() {
		return s.rows
	}
	n := 0
	dead := (*s.seg.dead.Load())[:s.rows]
	for i := range dead {
		if atomic.LoadUint64(&dead[i])-1 >= s.view.seq {
			n++
		}
	}
	return n
}

// Sealed tells whether the segment is closed and has taken its last form.
func (s *SegmentView) Sealed() bool { return s.seg.sealedRows() >= s.rows }

// RecordBatch gives the rows as an Arrow record batch, dead ones among them. Dictionary-coded columns are dictionary arrays. The batch of a
// sealed segment is made once and shares the memory of its vectors. The caller releases it.
func (s *SegmentView) RecordBatch() arrow.RecordBatch {
	if !sameShape(s.seg.def, s.view.def) || s.rows != s.seg.sealedRows() {
		return s.newRecord()
	}
	s.seg.record.once.Do(func() { s.seg.record.batch = s.newRecord() })
	s.seg.record.batch.Retain()
	return s.seg.record.batch
}

// sameShape tells whether the record batches of two definitions' rows have the same fields.
func sameShape(a, b *schemahistory.TableDefinition) bool {
	return a == b || slices.EqualFunc(a.Columns, b.Columns, func(x, y schemahistory.Column) bool {
		return x.ID == y.ID && x.Type == y.Type && x.Name == y.Name && x.NotNull == y.NotNull
	})
}

func (s *SegmentView) newRecord() arrow.RecordBatch {
	def := s.view.def
	cols, nullable := make([]*vec.Vec, len(def.Columns)), make([]bool, len(def.Columns))
	for i := range cols {
		cols[i], nullable[i] = s.Column(i), !def.Columns[i].NotNull
	}
	return recordOf(def.ColumnNames(), cols, nullable, s.rows)
}

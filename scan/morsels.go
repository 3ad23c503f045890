package scan

import (
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/tables"
)

// zone is what statistics say of a column in a morsel: every value that is not NULL lies between min and max, where they are known.
type zone struct {
	min, max *vec.Vec // one row; nil when unknown
	nulls    int64    // -1 when unknown
	rows     int64
}

// hotMorsel is a hot segment.
type hotMorsel struct{ seg *tables.SegmentView }

func (m *hotMorsel) rows() int                            { return m.seg.Rows() }
func (m *hotMorsel) column(i int) (*vec.Vec, error)       { return m.seg.Column(i), nil }
func (m *hotMorsel) allLive() bool                        { return m.seg.AllLive() }
func (m *hotMorsel) live(lo, hi int, sel []int32) []int32 { return m.seg.Live(lo, hi, sel) }
func (m *hotMorsel) mayContain(int, *vec.Vec) bool        { return true }
func (m *hotMorsel) rowID(offset int32) int64 {
	return int64(tables.HotID(m.seg.Number(), int(offset)))
}

func (m *hotMorsel) stats(col int) zone {
	lo, hi, nulls := m.seg.Stats(col)
	return zone{min: lo, max: hi, nulls: int64(nulls), rows: int64(m.seg.Rows())}
}

// leave implements morsel.
func (m *hotMorsel) leave(*Counters) {}

package scan

import (
	"sync"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
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

// coldFile opens a file when the first of its row groups is wanted.
type coldFile struct {
	table *Table
	env   *Env
	ref   *store.FileRef

	once sync.Once
	file *parquetio.File
	cols []fileColumn // by column of the table
	err  error
}

// fileColumn is a column of the table in a file, which may have been written under an older definition.
type fileColumn struct {
	place   int      // -1 when the file does not have the column
	missing *vec.Vec // what its rows then have: constant, one row
	alike   bool     // values in the file are values of the column, element by element
}

// units gives one unit per row group. How many there are is known only from the footer, which is read at once: it is cached by the store.
func (f *coldFile) units() []unit {
	if err := f.open(); err != nil {
		return []unit{{open: func() (morsel, error) { return nil, err }, zone: func(int) zone { return zone{nulls: -1} }}}
	}
	out := make([]unit, f.file.RowGroups())
	first := int64(0)
	for rg := range out {
		at := first
		first += int64(f.file.RowGroupRows(rg))
		out[rg] = unit{
			open: func() (morsel, error) { return f.rowGroup(rg, at), nil },
			zone: func(col int) zone { return f.zone(rg, f.table.Cols[col]) },
		}
	}
	return out
}

func (f *coldFile) open() error {
	f.once.Do(func() {
		if f.file, f.err = f.table.Files(f.ref); f.err != nil {
			return
		}
		byID := map[int32]int{}
		for i, c := range f.file.Columns() {
			byID[c.FieldID] = i
		}
		columns := f.table.View.Def.Columns
		f.cols = make([]fileColumn, len(columns))
		for i := range columns {
			c := &columns[i]
			place, ok := byID[c.ID]
			if !ok {
				f.cols[i] = fileColumn{place: -1, missing: tables.Missing(c)}
				continue
			}
			f.cols[i] = fileColumn{place: place, alike: vec.Alike(f.file.Columns()[place].Type, c.Type)}
		}
	})
	return f.err
}

func (f *coldFile) rowGroup(rg int, first int64) morsel {
	n := f.file.RowGroupRows(rg)
	m := &coldMorsel{file: f, rg: rg, n: n, first: uint32(first), cols: make([]*vec.Vec, len(f.cols))}
	if d := f.ref.Deletes; d != nil && n > 0 {
		upTo := d.Rank(uint32(first) + uint32(n) - 1)
		if first > 0 {
			upTo -= d.Rank(uint32(first) - 1)
		}
		m.deleted = upTo > 0
	}
	return m
}

// coldMorsel is a row group. It belongs to one worker.
type coldMorsel struct {
	file    *coldFile
	rg, n   int
	first   uint32 // position of its first row in the file
	deleted bool   // some of its rows are
	cols    []*vec.Vec
}

func (m *coldMorsel) rows() int     { return m.n }
func (m *coldMorsel) allLive() bool { return !m.deleted }
func (m *coldMorsel) rowID(offset int32) int64 {
	return int64(tables.ColdID(m.file.ref.Number, m.first+uint32(offset)))
}

func (m *coldMorsel) column(i int) (*vec.Vec, error) {
	if m.cols[i] != nil {
		return m.cols[i], nil
	}
	t := m.file.table.View.Def.Columns[i].Type
	place := m.file.cols[i].place
	if place < 0 {
		m.cols[i] = m.file.cols[i].missing.Resize(m.n)
		return m.cols[i], nil
	}
	v, err := m.file.file.ReadColumn(m.file.env.Context, m.rg, place)
	if err != nil {
		return nil, err
	}
	if !vec.Widens(v.Type, t) {
		return nil, errInternal("%s: column %d holds %s, the table %s", m.file.ref.Path, place, v.Type, t)
	}
	if c := m.file.env.Counters; c != nil {
		c.BytesRead.Add(m.file.file.ChunkBytes(m.rg, place))
	}
	m.cols[i] = vec.Widen(v, t)
	return m.cols[i], nil
}

func (m *coldMorsel) live(lo, hi int, sel []int32) []int32 {
	if !m.deleted {
		for i := lo; i < hi; i++ {
			sel = append(sel, int32(i))
		}
		return sel
	}
	it := m.file.ref.Deletes.Iterator()
	it.AdvanceIfNeeded(m.first + uint32(lo))
	for i := lo; i < hi; i++ {
		if it.HasNext() && it.PeekNext() == m.first+uint32(i) {
			it.Next()
			continue
		}
		sel = append(sel, int32(i))
	}
	return sel
}

func (m *coldMorsel) stats(col int) zone {
	return m.file.zone(m.rg, col)
}

// zone gives what the footer says of a table column in a row group.
func (f *coldFile) zone(rg, col int) zone {
	rows := int64(f.file.RowGroupRows(rg))
	c := &f.cols[col]
	if c.place < 0 {
		if c.missing.NullConst() {
			return zone{nulls: rows, rows: rows}
		}
		return zone{min: c.missing, max: c.missing, rows: rows}
	}
	s := f.file.RowGroupStats(rg, c.place)
	if c.alike {
		return zone{min: s.Min, max: s.Max, nulls: s.Nulls, rows: rows}
	}
	t := f.table.View.Def.Columns[col].Type
	return zone{min: widened(s.Min, t), max: widened(s.Max, t), nulls: s.Nulls, rows: rows}
}

// widened gives a bound under a wider type; nil, for unknown, when it does not widen.
func widened(bound *vec.Vec, t arrowschema.Type) *vec.Vec {
	if bound == nil || !vec.Widens(bound.Type, t) {
		return nil
	}
	return vec.Widen(bound, t)
}

func (m *coldMorsel) mayContain(col int, value *vec.Vec) bool {
	c := &m.file.cols[col]
	return !c.alike || m.file.file.MayContain(m.rg, c.place, value)
}

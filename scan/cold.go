package scan

import (
	"slices"
	"sync"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// coldFile is a file of the table.
type coldFile struct {
	table *Table
	env   *Env
	ref   *store.FileRef

	once   sync.Once
	file   *parquetio.File
	memory parquetio.Memory // what reading it may take; nil is not counted
	cols   []fileColumn     // by column of the table
	err    error
}

// fileColumn is a column of the table in a file, which may have been written under an older definition.
type fileColumn struct {
	place   int      // -1 when the file does not have the column
	missing *vec.Vec // what its rows then have: constant, one row
	alike   bool     // values in the file are values of the column, element by element
}

// units gives one unit per row group of the file, which is open: how many there are is known only from the footer. It is cached by the store.
func (f *coldFile) units() []unit {
	out := make([]unit, f.file.RowGroups())
	first := int64(0)
	for rg := range out {
		at := first
		first += int64(f.file.RowGroupRows(rg))
		out[rg] = unit{
			open: func(r *readers) (morsel, error) { return f.rowGroup(rg, at, r), nil },
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
		if f.table.Memory != nil {
			f.memory = f.table.Memory(f.ref)
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

func (f *coldFile) rowGroup(rg int, first int64, r *readers) morsel {
	n := f.file.RowGroupRows(rg)
	m := &coldMorsel{
		file: f, rg: rg, n: n, first: uint32(first), readers: r, cols: make([]*vec.Vec, len(f.cols)), opened: make([]bool, len(f.cols)),
	}
	if d := f.ref.Deletes; d != nil && n > 0 {
		upTo := d.Rank(uint32(first) + uint32(n) - 1)
		if first > 0 {
			upTo -= d.Rank(uint32(first) - 1)
		}
		m.deleted = upTo > 0
	}
	return m
}

// zone gives what the footer says of a table column in a row group.
func (f *coldFile) zone(rg, col int) zone {
	rows := int64(f.file.RowGroupRows(rg))
	c := &f.cols[col]
	if c.place < 0 {
		return f.missingZone(col, rows)
	}
	return f.zoneOf(col, f.file.RowGroupStats(rg, c.place), rows)
}

// missingZone describes rows that do not have the column.
func (f *coldFile) missingZone(col int, rows int64) zone {
	if missing := f.cols[col].missing; !missing.NullConst() {
		return zone{min: missing, max: missing, rows: rows}
	}
	return zone{nulls: rows, rows: rows}
}

// zoneOf gives statistics of a row group or a page in terms of the table's column.
func (f *coldFile) zoneOf(col int, s parquetio.Stats, rows int64) zone {
	if f.cols[col].alike {
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

// coldMorsel is a row group, or what the page index has left of it: then its rows are numbered without the others. It belongs to one worker.
type coldMorsel struct {
	file    *coldFile
	rg, n   int
	first   uint32               // position of the row group's first row in the file
	deleted bool                 // some of its rows are
	ranges  []parquetio.RowRange // of the row group that are left; nil for all
	starts  []int                // the first row of each range as it is numbered here
	cols    []*vec.Vec           // that were read whole
	opened  []bool               // the readers that read this row group
	readers *readers             // the worker's
}

func (m *coldMorsel) rows() int     { return m.n }
func (m *coldMorsel) allLive() bool { return !m.deleted }

// narrow leaves only some ranges of the rows. Nothing but dictionaries was read before.
func (m *coldMorsel) narrow(ranges []parquetio.RowRange) {
	m.ranges, m.starts, m.n = ranges, make([]int, len(ranges)), 0
	for i, r := range ranges {
		m.starts[i] = m.n
		m.n += r.Hi - r.Lo
	}
}

// position gives the place of a row in the row group.
func (m *coldMorsel) position(row int) int {
	if m.ranges == nil {
		return row
	}
	i, found := slices.BinarySearch(m.starts, row)
	if !found {
		i--
	}
	return m.ranges[i].Lo + row - m.starts[i]
}

func (m *coldMorsel) rowID(offset int32) int64 {
	return int64(tables.ColdID(m.file.ref.Number, m.first+uint32(m.position(int(offset)))))
}

func (m *coldMorsel) live(lo, hi int, sel []int32) []int32 {
	if !m.deleted {
		for i := lo; i < hi; i++ {
			sel = append(sel, int32(i))
		}
		return sel
	}
	for lo < hi {
		at, end := m.position(lo), hi
		if i, _ := slices.BinarySearch(m.starts, lo+1); i < len(m.starts) {
			end = min(hi, m.starts[i])
		}
		it := m.file.ref.Deletes.Iterator()
		it.AdvanceIfNeeded(m.first + uint32(at))
		for ; lo < end; lo, at = lo+1, at+1 {
			if it.HasNext() && it.PeekNext() == m.first+uint32(at) {
				it.Next()
				continue
			}
			sel = append(sel, int32(lo))
		}
	}
	return sel
}

func (m *coldMorsel) stats(col int) zone { return m.file.zone(m.rg, col) }

func (m *coldMorsel) mayContain(col int, value *vec.Vec) bool {
	c := &m.file.cols[col]
	return !c.alike || m.file.file.MayContain(m.rg, c.place, value)
}

// reader gives the reader of a column that the file has, open on the row group.
func (m *coldMorsel) reader(i int) (*parquetio.ColumnReader, error) {
	if m.readers == nil {
		m.readers = &readers{keep: parquetio.KeepAll}
	}
	r := m.readers.at(i)
	if !m.opened[i] {
		r.Memory = m.file.memory
		if err := r.Open(m.file.file, m.rg, m.file.cols[i].place); err != nil {
			return nil, err
		}
		r.PagesRead, r.BytesRead = 0, 0
		m.opened[i] = true
	}
	return r, nil
}

// column gives all rows of a column.
func (m *coldMorsel) column(i int) (*vec.Vec, error) {
	if m.cols[i] != nil {
		return m.cols[i], nil
	}
	if m.file.cols[i].place < 0 {
		m.cols[i] = m.file.cols[i].missing.Resize(m.n)
		return m.cols[i], nil
	}
	v, err := m.read(i, m.ranges)
	m.cols[i] = v
	return v, err
}

// pick gives some rows of a column: of one that was not read yet only the pages that they are in. ranges are those rows, as rangesOf gives them.
func (m *coldMorsel) pick(i int, sel []int32, ranges []parquetio.RowRange) (*vec.Vec, error) {
	switch {
	case m.file.cols[i].place < 0:
		return m.file.cols[i].missing.Resize(len(sel)), nil
	case m.cols[i] != nil && int(sel[len(sel)-1]-sel[0]) == len(sel)-1:
		return m.cols[i].Slice(int(sel[0]), int(sel[len(sel)-1])+1), nil
	case m.cols[i] != nil:
		return m.cols[i].Gather(sel), nil
	}
	return m.read(i, ranges)
}

func (m *coldMorsel) read(i int, ranges []parquetio.RowRange) (*vec.Vec, error) {
	r, err := m.reader(i)
	if err != nil {
		return nil, err
	}
	read := r.Read
	if slices.Contains(m.readers.bare, i) {
		read = r.ReadPresence
	}
	v, err := read(m.file.env.Context, ranges)
	if err != nil {
		return nil, err
	}
	t := m.file.table.View.Def.Columns[i].Type
	if !vec.Widens(v.Type, t) {
		return nil, errInternal("%s: column %d holds %s, the table %s", m.file.ref.Path, m.file.cols[i].place, v.Type, t)
	}
	return vec.Widen(v, t), nil
}

// dictionary gives the values of a column, of which every row has one or NULL; nil when they are not known without reading all rows.
func (m *coldMorsel) dictionary(i int) (*vec.Vec, error) {
	c := &m.file.cols[i]
	if c.place < 0 || !c.alike || m.readers != nil && slices.Contains(m.readers.bare, i) {
		return nil, nil
	}
	r, err := m.reader(i)
	if err != nil {
		return nil, err
	}
	return r.Dictionary(m.file.env.Context)
}

// dictionaryBytes gives the size of a column's dictionary in the file, 0 when there is none.
func (m *coldMorsel) dictionaryBytes(i int) int64 {
	if place := m.file.cols[i].place; place >= 0 {
		return m.file.file.DictionaryBytes(m.rg, place)
	}
	return 0
}

// rangesOf gives the ranges of the row group that selected rows make. They are valid until the next call.
func (m *coldMorsel) rangesOf(sel []int32) []parquetio.RowRange {
	out := m.readers.ranges[:0]
	for _, row := range sel {
		at := m.position(int(row))
		if n := len(out); n > 0 && out[n-1].Hi == at {
			out[n-1].Hi++
			continue
		}
		out = append(out, parquetio.RowRange{Lo: at, Hi: at + 1})
	}
	m.readers.ranges = out
	return out
}

// leave gives back what reading took, and counts what was read.
func (m *coldMorsel) leave(c *Counters) {
	for i, opened := range m.opened {
		if !opened {
			continue
		}
		r := m.readers.at(i)
		if r.Done(); c == nil {
			continue
		}
		c.BytesRead.Add(r.BytesRead)
		c.PagesRead.Add(r.PagesRead)
		c.PagesSkipped.Add(max(0, int64(m.file.file.DataPages(m.rg, m.file.cols[i].place))-r.PagesRead))
	}
}

package tables

import (
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// layout is the columns of a definition as rows are held and read under it. Definitions whose columns are the same, whatever their names and keys,
// share one: so a change that does not touch the columns leaves segments as readable as they were. It is immutable.
type layout struct {
	columns []schemahistory.Column
	missing []*vec.Vec // by column: what rows have that were written without it, constant, one row
	places  idPlaces
}

func newLayout(def *schemahistory.TableDefinition) *layout {
	l := &layout{columns: def.Columns, missing: make([]*vec.Vec, len(def.Columns)), places: placesOf(def)}
	for i := range def.Columns {
		l.missing[i] = Missing(&def.Columns[i])
	}
	return l
}

// Missing gives what rows that were written before a column was added have in it: a constant vector of one row. Text that is no value of the column's
// type, which the store refuses in a definition, is taken for NULL.
func Missing(c *schemahistory.Column) *vec.Vec {
	if c.Missing != nil {
		if v, err := vec.Constant(c.Type, *c.Missing); err == nil {
			return v
		}
	}
	return vec.NewNull(c.Type, 1)
}

// fits tells whether rows under the layout are rows under the definition.
func (l *layout) fits(def *schemahistory.TableDefinition) bool {
	return slices.EqualFunc(l.columns, def.Columns, func(x, y schemahistory.Column) bool {
		return x.ID == y.ID && x.Type == y.Type && x.Dictionary == y.Dictionary && sameText(x.Missing, y.Missing)
	})
}

func sameText(a, b *string) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// place gives the segment's column that holds column col of a layout, by the column's ID; -1 when the segment was written before the column was added.
func (s *segment) place(l *layout, col int) int {
	if s.layout == l {
		return col
	}
	id := l.columns[col].ID
	for i := range s.layout.columns {
		if s.layout.columns[i].ID == id {
			return i
		}
	}
	return -1
}

// read gives the first rows of column col of a layout.
func (s *segment) read(l *layout, col, rows int) *vec.Vec {
	at := s.place(l, col)
	if at < 0 {
		return l.missing[col].Resize(rows)
	}
	return vec.Widen(s.cols[at].vec(rows), l.columns[col].Type)
}

// gather gives rows of column col of a layout.
func (s *segment) gather(l *layout, col int, offsets []int32) *vec.Vec {
	at := s.place(l, col)
	if at < 0 {
		return l.missing[col].Resize(len(offsets))
	}
	return vec.Widen(s.cols[at].gather(offsets), l.columns[col].Type)
}

// equal compares a stored value with row j of v, which is of the layout's type.
func (s *segment) equal(l *layout, col, offset int, v *vec.Vec, j int) bool {
	if s.layout == l {
		return s.cols[col].equal(offset, v, j)
	}
	at := s.place(l, col)
	if at < 0 {
		return equalValue(l.missing[col], 0, v, j)
	}
	if c := &s.cols[at]; vec.Alike(c.typ, l.columns[col].Type) {
		return c.equal(offset, v, j)
	}
	return equalValue(s.gather(l, col, []int32{int32(offset)}), 0, v, j)
}

package tables

import (
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Cells is one row of one of the contract's tables, whose values are found by the IDs of their columns: a row of a batch, or one that is read where it lies in
// a segment, without a vector for each column. See JobOf.
type Cells struct {
	places *idPlaces
	batch  *vec.Batch // nil for a row of a segment
	seg    *segment
	row    int
}

// CellsOf gives row i of a batch of all columns, as def has them.
func CellsOf(def *schemahistory.TableDefinition, b *vec.Batch, i int) Cells {
	places := placesOf(def)
	return Cells{places: &places, batch: b, row: i}
}

// Cells gives a row of the view, dead or alive. It gives false for a flushed row, and for one that is held under another definition than it is seen: Fetch
// gives those.
func (v *View) Cells(id RowID) (Cells, bool) {
	if id.Cold() {
		return Cells{}, false
	}
	s := v.segment(id)
	if s == nil || s.layout != v.layout {
		return Cells{}, false
	}
	return Cells{places: &v.layout.places, seg: s, row: id.Offset()}, true
}

// value gives a value as an element of a vector: nil for NULL, and for a column that the table does not have.
func (c *Cells) value(id int) (*vec.Vec, int) {
	at := int(c.places[id]) - 1
	switch {
	case at < 0:
		return nil, 0
	case c.batch == nil:
		return c.seg.cols[at].value(c.row)
	case c.batch.Cols[at].IsNull(c.row):
		return nil, 0
	}
	return c.batch.Cols[at].Value(c.row)
}

// value gives where the value of a row lies; nil when it is NULL.
func (c *column) value(i int) (*vec.Vec, int) {
	s := c.state.Load()
	if !s.isValid(i) {
		return nil, 0
	}
	if s.dict != nil {
		return s.dict.vec(c.typ), int(s.v.Codes[i])
	}
	return s.v.Value(i)
}

func (c *Cells) uuid(id int) uuid.UUID {
	if v, i := c.value(id); v != nil {
		return v.UUIDs[i]
	}
	return uuid.Nil
}

func (c *Cells) text(id int) string {
	if v, i := c.value(id); v != nil {
		return v.Strs[i]
	}
	return ""
}

func (c *Cells) int(id int) int64 {
	if v, i := c.value(id); v != nil {
		return v.Ints[i]
	}
	return 0
}

func (c *Cells) time(id int) time.Time { return Time(c.int(id)) }

// textPtr puts a value into to, of which it gives the address; nil for NULL.
func (c *Cells) textPtr(id int, to *string) *string {
	v, i := c.value(id)
	if v == nil {
		return nil
	}
	*to = v.Strs[i]
	return to
}

func (c *Cells) intPtr(id int, to *int64) *int64 {
	v, i := c.value(id)
	if v == nil {
		return nil
	}
	*to = v.Ints[i]
	return to
}

func (c *Cells) timePtr(id int, to *time.Time) *time.Time {
	v, i := c.value(id)
	if v == nil {
		return nil
	}
	*to = Time(v.Ints[i])
	return to
}

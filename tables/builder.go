package tables

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Builder makes a batch of a table's rows, column by column: every column is appended to once for each row. It is for one goroutine.
type Builder struct {
	def    *schemahistory.TableDefinition
	cols   []*vec.Builder
	places idPlaces
}

// NewBuilder makes a builder with room for so many rows.
func NewBuilder(def *schemahistory.TableDefinition, rows int) *Builder {
	b := &Builder{def: def, cols: make([]*vec.Builder, len(def.Columns)), places: placesOf(def)}
	for i, c := range def.Columns {
		b.cols[i] = vec.NewBuilder(c.Type, rows)
	}
	return b
}

// Column gives the builder of a column, for values of any type.
func (b *Builder) Column(i int) *vec.Builder { return b.cols[i] }

// AppendNull appends a NULL to column i.
func (b *Builder) AppendNull(i int) { b.cols[i].AppendNull() }

// AppendInt appends to a column of integers, dates, times or timestamps.
func (b *Builder) AppendInt(i int, x int64) { b.cols[i].AppendInt(x) }

// AppendIntPtr appends x, or NULL for nil.
func (b *Builder) AppendIntPtr(i int, x *int64) {
	if x == nil {
		b.cols[i].AppendNull()
		return
	}
	b.cols[i].AppendInt(*x)
}

// AppendText appends to a column of text or JSON; JSONB must be canonical.
func (b *Builder) AppendText(i int, s string) { b.cols[i].AppendString(s) }

// AppendTextPtr appends s, or NULL for nil.
func (b *Builder) AppendTextPtr(i int, s *string) {
	if s == nil {
		b.cols[i].AppendNull()
		return
	}
	b.cols[i].AppendString(*s)
}

// AppendUUID appends to a column of UUIDs.
func (b *Builder) AppendUUID(i int, u uuid.UUID) { b.cols[i].AppendUUID(u) }

// AppendTime appends to a column of timestamps, in microseconds: what is finer is cut off.
func (b *Builder) AppendTime(i int, t time.Time) { b.cols[i].AppendInt(Micros(t)) }

// AppendTimePtr appends t, or NULL for nil.
func (b *Builder) AppendTimePtr(i int, t *time.Time) {
	if t == nil {
		b.cols[i].AppendNull()
		return
	}
	b.AppendTime(i, *t)
}

// Len gives the number of whole rows.
func (b *Builder) Len() int {
	if len(b.cols) == 0 {
		return 0
	}
	return b.cols[len(b.cols)-1].Len()
}

// Batch gives the rows and leaves the builder empty. Columns of unequal lengths are an error.
func (b *Builder) Batch() (*vec.Batch, error) {
	out := &vec.Batch{N: b.Len(), Cols: make([]*vec.Vec, len(b.cols))}
	for i, c := range b.cols {
		if c.Len() != out.N {
			return nil, fmt.Errorf("column %s of %s has %d rows, others %d", b.def.Columns[i].Name, b.def.Name, c.Len(), out.N)
		}
	}
	for i, c := range b.cols {
		out.Cols[i] = c.Vec()
	}
	return out, nil
}

// Micros gives a time as a timestamp column holds it: microseconds since 1970-01-01 UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time is the inverse of Micros, in UTC.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

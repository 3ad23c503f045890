package tables

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Builder makes one batch of a table's rows, column by column: every column is appended to once for each row. It is for one goroutine.
//
// Most batches are of one row, and what costs then is the number of allocations. So the vectors share one piece of memory, and so do the elements of a type,
// and the validity of all columns.
type Builder struct {
	def    *schemahistory.TableDefinition
	cols   []vec.Vec
	rows   int      // that there is room for
	words  []uint64 // of validity, for all columns, from the first NULL on
	places idPlaces
	lost   bool
}

// NewBuilder makes a builder with room for so many rows.
func NewBuilder(def *schemahistory.TableDefinition, rows int) *Builder {
	b := &Builder{def: def, cols: make([]vec.Vec, len(def.Columns)), rows: rows, places: placesOf(def)}
	ints, texts, uuids := 0, 0, 0
	for i := range def.Columns {
		b.cols[i].Type = def.Columns[i].Type
		switch def.Columns[i].Type.Physical() {
		case arrowschema.Ints:
			ints += rows
		case arrowschema.Strings:
			texts += rows
		case arrowschema.UUIDs:
			uuids += rows
		}
	}
	allInts, allTexts, allUUIDs := make([]int64, ints), make([]string, texts), make([][16]byte, uuids)
	for i := range b.cols {
		switch v := &b.cols[i]; v.Type.Physical() {
		case arrowschema.Ints:
			v.Ints, allInts = allInts[:0:rows], allInts[rows:]
		case arrowschema.Strings:
			v.Strs, allTexts = allTexts[:0:rows], allTexts[rows:]
		case arrowschema.UUIDs:
			v.UUIDs, allUUIDs = allUUIDs[:0:rows], allUUIDs[rows:]
		}
	}
	return b
}

// AppendNull appends a NULL to column i.
func (b *Builder) AppendNull(i int) {
	b.append(i, &vec.Vec{}, -1)
	v := &b.cols[i]
	if v.Valid == nil {
		n := (b.rows + 63) / 64
		if b.words == nil {
			b.words = make([]uint64, n*len(b.cols))
		}
		v.Valid = b.words[i*n : i*n : (i+1)*n]
	}
	fillValid(v)
	v.Valid.Clear(v.N - 1)
}

// fillValid notes that the rows behind those whose validity was noted have values.
func fillValid(v *vec.Vec) {
	for len(v.Valid) < (v.N+63)/64 {
		v.Valid = append(v.Valid, ^uint64(0))
	}
}

// AppendValue appends row j, which is not NULL, of a vector of the column's physical form to column i.
func (b *Builder) AppendValue(i int, v *vec.Vec, j int) {
	v, j = v.Value(j)
	b.append(i, v, j)
}

// append appends element j of v to column i, or for -1 nothing in particular.
func (b *Builder) append(i int, v *vec.Vec, j int) {
	to := &b.cols[i]
	to.N++
	switch to.Type.Physical() {
	case arrowschema.Bools:
		to.Bools = appendElem(to.Bools, v.Bools, j)
	case arrowschema.Ints:
		to.Ints = appendElem(to.Ints, v.Ints, j)
	case arrowschema.Floats:
		to.Floats = appendElem(to.Floats, v.Floats, j)
	case arrowschema.Strings:
		to.Strs = appendElem(to.Strs, v.Strs, j)
	case arrowschema.UUIDs:
		to.UUIDs = appendElem(to.UUIDs, v.UUIDs, j)
	case arrowschema.Decs:
		to.Decs = appendElem(to.Decs, v.Decs, j)
	case arrowschema.Intervals:
		to.Intervals = appendElem(to.Intervals, v.Intervals, j)
	}
}

func appendElem[T any](to, from []T, j int) []T {
	var x T
	if j >= 0 {
		x = from[j]
	}
	return append(to, x)
}

// AppendInt appends to a column of integers, dates, times or timestamps.
func (b *Builder) AppendInt(i int, x int64) {
	v := &b.cols[i]
	v.Ints, v.N = append(v.Ints, x), v.N+1
}

// AppendText appends to a column of text or JSON; JSONB must be canonical.
func (b *Builder) AppendText(i int, s string) {
	v := &b.cols[i]
	v.Strs, v.N = append(v.Strs, s), v.N+1
}

// AppendUUID appends to a column of UUIDs.
func (b *Builder) AppendUUID(i int, u uuid.UUID) {
	v := &b.cols[i]
	v.UUIDs, v.N = append(v.UUIDs, u), v.N+1
}

// Len gives the number of whole rows.
func (b *Builder) Len() int {
	if len(b.cols) == 0 {
		return 0
	}
	return b.cols[len(b.cols)-1].N
}

// Lost tells whether a typed row has had a value for which the table has no column.
func (b *Builder) Lost() bool { return b.lost }

// Batch gives the rows. The builder is not to be used afterwards. Columns of unequal lengths are an error.
func (b *Builder) Batch() (*vec.Batch, error) {
	out := &vec.Batch{N: b.Len(), Cols: make([]*vec.Vec, len(b.cols))}
	for i := range b.cols {
		v := &b.cols[i]
		if v.N != out.N {
			return nil, fmt.Errorf("column %s of %s has %d rows, others %d", b.def.Columns[i].Name, b.def.Name, v.N, out.N)
		}
		if v.Valid != nil {
			fillValid(v)
		}
		out.Cols[i] = v
	}
	return out, nil
}

// Micros gives a time as a timestamp column holds it: microseconds since 1970-01-01 UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time is the inverse of Micros, in UTC.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

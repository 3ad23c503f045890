package store

import (
	"context"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// coldFile is what the key checks need of a flushed file.
type coldFile interface {
	// Column finds the file's column with that field ID; -1 when it has none.
	Column(id int32) int
	// Type gives the type under which the file holds a column.
	Type(col int) arrowschema.Type
	RowGroups() int
	RowGroupRows(rg int) int
	// Bounds gives the smallest and largest value of a column in a row group, nil when unknown.
	Bounds(rg, col int) (min, max *vec.Vec)
	// MayContain is false when the row group's bloom filter proves that value, one row, is not in the column.
	MayContain(rg, col int, value *vec.Vec) bool
	ReadColumn(ctx context.Context, rg, col int) (*vec.Vec, error)
}

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
	// BloomHashes gives of each value, none of them NULL, what the column's bloom filters hold of it; nil when they are of values in another form.
	BloomHashes(col int, v *vec.Vec) []uint64
	// MayContainAny appends to dst those of rows of which the row group's bloom filter does not prove that their values are not in the column.
	MayContainAny(rg, col int, hashes []uint64, rows, dst []int32) []int32
	ReadColumn(ctx context.Context, rg, col int) (*vec.Vec, error)
}

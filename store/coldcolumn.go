package store

import (
	"context"
	"fmt"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// coldColumn is a column of a definition in a file that may have been written under an older one: what the file does not have is the column's Missing,
// and a narrower type is widened.
type coldColumn struct {
	file    coldFile
	typ     arrowschema.Type
	place   int      // in the file, -1 when it does not have the column
	missing *vec.Vec // what the rows then have, constant, one row
}

func coldColumnOf(file coldFile, c *schemahistory.Column) (coldColumn, error) {
	out := coldColumn{file: file, typ: c.Type, place: file.Column(c.ID)}
	if out.place < 0 {
		out.missing = tables.Missing(c)
	} else if stored := file.Type(out.place); !vec.Widens(stored, c.Type) {
		return out, fmt.Errorf("column %s is %s in the file and %s in the table", c.Name, stored, c.Type)
	}
	return out, nil
}

// bounds gives the smallest and largest value in a row group, nil when unknown.
func (c *coldColumn) bounds(rg int) (lo, hi *vec.Vec) {
	if c.place < 0 {
		if c.missing.NullConst() {
			return nil, nil
		}
		return c.missing, c.missing
	}
	lo, hi = c.file.Bounds(rg, c.place)
	return c.widened(lo), c.widened(hi)
}

// widened gives a bound under the column's type; nil for one that is of another type than the file says, and so means nothing.
func (c *coldColumn) widened(bound *vec.Vec) *vec.Vec {
	if bound == nil || !vec.Widens(bound.Type, c.typ) {
		return nil
	}
	return vec.Widen(bound, c.typ)
}

// bloomHashes gives of each value what bloom filters hold of it. What was hashed is what is stored: nil when values of this form cannot be asked for.
func (c *coldColumn) bloomHashes(v *vec.Vec) []uint64 {
	if c.place < 0 || !vec.Alike(c.file.Type(c.place), c.typ) {
		return nil
	}
	return c.file.BloomHashes(c.place, v)
}

// read reads the column in a row group.
func (c *coldColumn) read(ctx context.Context, rg int) (*vec.Vec, error) {
	n := c.file.RowGroupRows(rg)
	if c.place < 0 {
		return c.missing.Resize(n), nil
	}
	v, err := c.file.ReadColumn(ctx, rg, c.place)
	if err != nil {
		return nil, err
	}
	if v.N != n || !vec.Widens(v.Type, c.typ) {
		return nil, fmt.Errorf("column %d of row group %d is not %d rows of %s", c.place, rg, n, c.typ)
	}
	return vec.Widen(v, c.typ), nil
}

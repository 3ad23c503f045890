package store

import (
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Check checks rows as Insert does, NOT NULL and CHECKs but not keys, and inserts nothing: ON CONFLICT must refuse a row even if it then does nothing
// with it.
func (tx *Tx) Check(name schemahistory.Name, b *vec.Batch) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	if err := checkBatch(t.def, b); err != nil {
		return err
	}
	_, violation := firstViolation(t.def, b)
	return violation
}

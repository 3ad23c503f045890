package exec

import (
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// guard refuses rows that the constraints of their table allow and the engine could not work with: a storage whose path template could lead out of
// its base path, or names no table.
func guard(def *schemahistory.TableDefinition, b *vec.Batch) error {
	if !def.System || def.ID != storagesID {
		return nil
	}
	for _, c := range def.Columns {
		if i := def.Find(c.Name); c.NotNull && hasNull(b.Cols[i]) {
			return nil // NOT NULL says it better
		}
	}
	for i := 0; i < b.N; i++ {
		row := tables.StorageAt(def, b, i)
		if err := flush.ValidateStorage(row.Name, row.BasePath, row.PathTemplate); err != nil {
			return err
		}
	}
	return nil
}

func hasNull(v *vec.Vec) bool {
	if !v.Const && !v.HasNulls() {
		return false
	}
	for i := 0; i < v.N; i++ {
		if v.IsNull(i) {
			return true
		}
	}
	return false
}

package exec

import (
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// system.table_schemas is the deprecated face of the schema versions. The store keeps it in step with them and checks what is written through it; here is
// what statements on it say.

// deprecatedFeature is PostgreSQL's warning_deprecated_feature.
const deprecatedFeature sqlstate.Code = "01P01"

// uses notes that the statement uses a table.
func (s *statement) uses(def *schemahistory.TableDefinition) {
	s.deprecated = s.deprecated || def.ID == tableSchemasID
}

// deprecation raises the notice about system.table_schemas, once in a session.
func (s *Session) deprecation() []Notice {
	if s.warned {
		return nil
	}
	s.warned = true
	return []Notice{{
		Severity: "NOTICE", Code: deprecatedFeature, Message: `"system.table_schemas" is deprecated in favour of information_schema.tables`,
		Hint: "Schema versions are kept with their tables: SELECT schema_version, schema_history FROM information_schema.tables.",
	}}
}

// unrecorded keeps of rows for system.table_schemas those that are to be inserted. A version that the migration's back-fill would write and that is there
// is found done: that raises a notice, so that the migration's statements can be run again.
func (w *inserter) unrecorded(b *vec.Batch) *vec.Batch {
	var fresh []int32
	for i := range b.N {
		row := tables.TableSchemaAt(w.def, b, i)
		name := schemahistory.Name{Namespace: row.NamespaceID, Table: row.TableName}
		if !recorded(w.tx, name, &row) {
			fresh = append(fresh, int32(i))
			continue
		}
		w.stmt.session.notice(sqlstate.DuplicateObject, fmt.Sprintf("schema version %d of %q already exists, skipping", row.SchemaVersion, name.String()))
	}
	if w.place != nil {
		for _, i := range fresh {
			w.places = append(w.places, w.place(int(i)))
		}
	}
	if len(fresh) == b.N {
		return b
	}
	return b.Gather(fresh)
}

// recorded tells whether a row is a version that the engine has recorded of one of the contract's tables, with words of its own or in a migration, of which
// it is left that the version's columns are known to be the table's; or the version 1 that was back-filled, with the same schema, for a table that was there
// before versions were kept.
func recorded(tx *store.Tx, name schemahistory.Name, row *tables.TableSchema) bool {
	def, ok := tx.Table(name)
	if !ok {
		return false
	}
	h := tx.History(name)
	if row.SchemaVersion < 1 || row.SchemaVersion > h.Last() {
		return false
	}
	v := &h.Versions[row.SchemaVersion-1]
	if def.System && (v.Changes != "" || v.Columns != nil) {
		return true
	}
	return v.Number == 1 && v.Changes == "" && v.Schema == row.SchemaJSON
}

package store

import (
	"cmp"
	"slices"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// pendingVersion is a version that the statement has inserted into system.table_schemas.
type pendingVersion struct {
	name    schemahistory.Name
	version schemahistory.Version
	row     int // as in RowError
}

// RowError is an error about one of the rows that a statement has inserted into system.table_schemas, some of which are refused only when the statement ends. So
// whoever knows where its rows come from can tell the place of the one that is to blame.
type RowError struct {
	Row    int    // its number, from 0, among the rows that the statement has given to Tx.Insert for the table
	Column string // whose value is wrong by itself; "" when it is the row
	Err    error
}

// Error implements error.
func (e *RowError) Error() string { return e.Err.Error() }

// Unwrap gives the error about the row.
func (e *RowError) Unwrap() error { return e.Err }

// insertVersions inserts rows into system.table_schemas. A row that is wrong by itself fails at once; whether the numbers follow is seen at the end of
// the statement, which may bring them in any order.
func (tx *Tx) insertVersions(t *txTable, b *vec.Batch) error {
	limit, violation := firstViolation(t.def, b)
	rows, column := make([]pendingVersion, 0, limit), ""
	for i := range limit {
		row := tables.TableSchemaAt(t.def, b, i)
		if _, err := arrowjson.ParseJSONB(row.SchemaJSON); err != nil {
			limit, violation, column = i, err, "schema_json"
			break
		}
		rows = append(rows, pendingVersion{
			row:  tx.versions + i,
			name: schemahistory.Name{Namespace: row.NamespaceID, Table: row.TableName},
			version: schemahistory.Version{
				ID: row.SchemaID, Number: row.SchemaVersion, CreatedAt: tables.Micros(row.CreatedAt), Schema: row.SchemaJSON,
			},
		})
	}
	checked := b
	if violation != nil {
		checked = b.Slice(0, limit)
	}
	mark := t.hot.Mark()
	if c := t.hot.Append(checked, &t.gone); c != nil {
		return &RowError{Row: tx.versions + c.Row, Err: duplicateKey(t.def, c.Key, b, c.Row)}
	}
	if violation != nil {
		t.hot.Rollback(mark)
		return &RowError{Row: tx.versions + limit, Column: column, Err: violation}
	}
	tx.pending, tx.versions = append(tx.pending, rows...), tx.versions+b.N
	return nil
}

// settleVersions makes versions of the rows that were inserted into system.table_schemas, in order of number within a name, and with them those of the
// tables of these names.
func (tx *Tx) settleVersions() error {
	if len(tx.pending) == 0 {
		return nil
	}
	schemas, pending := tx.schemasTable(), tx.pending
	tx.pending = nil
	slices.SortStableFunc(pending, func(a, b pendingVersion) int {
		return cmp.Or(compareNames(a.name, b.name), cmp.Compare(a.version.Number, b.version.Number))
	})
	for len(pending) > 0 {
		name, n := pending[0].name, 1
		for n < len(pending) && pending[n].name == name {
			n++
		}
		if err := tx.settle(schemas, name, pending[:n]); err != nil {
			return tx.spoiled(err)
		}
		pending = pending[n:]
	}
	return nil
}

// settle appends inserted versions to the history of a name.
func (tx *Tx) settle(schemas *txTable, name schemahistory.Name, inserted []pendingVersion) error {
	versions := make([]schemahistory.Version, len(inserted))
	for i := range inserted {
		versions[i] = inserted[i].version
	}
	last := tx.History(name).Last()
	if misfit := slices.IndexFunc(inserted, func(v pendingVersion) bool { last++; return v.version.Number != last }); misfit >= 0 {
		_, err := tx.History(name).Append(name, versions[:misfit+1]...)
		return &RowError{Row: inserted[misfit].row, Err: err}
	}
	t := tx.find(name)
	if t != nil {
		// The present schema's columns and their types are known, so that a later change can tell a renamed one from another.
		text, err := schemaText(t.def)
		if err != nil {
			return err
		}
		if last := &versions[len(versions)-1]; last.Schema == text {
			last.Describes(t.def)
		}
	}
	if err := tx.keep(schemas, name, false, versions...); err != nil || t == nil {
		return err
	}
	return tx.setVersion(t, tx.History(name).Last())
}

// setVersion makes a number that of a table's last version.
func (tx *Tx) setVersion(t *txTable, number int64) error {
	if t.def.Version == number {
		return nil
	}
	d := *t.def
	d.Version = number
	t.hot.SetDefinition(&d)
	t.def = &d
	tx.recordDefinition(&d)
	return tx.recorded()
}

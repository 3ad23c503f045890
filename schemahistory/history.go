package schemahistory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Version is the schema of a table from one change of it to the next.
type Version struct {
	ID        [16]byte // schema_id, a UUID
	Number    int64    // from 1, without gaps
	CreatedAt int64    // microseconds since 1970-01-01 UTC
	Schema    string   // Arrow-JSON, as the canonical text of a jsonb value
	// Changes says what changed, in words: "created the table", "added column trace text". "" for a version that was written through
	// system.table_schemas.
	Changes string
	// Columns are the IDs of the schema's fields, in their order, so that a renamed column is told from another one; nil when they are not known.
	Columns []int32
	// Types are the SQL types of the schema's fields, in their order, as format_type() writes them: Arrow-JSON says neither the length of a varchar nor the
	// precision of a numeric. nil when they are not known.
	Types []string
	// Ordinals are the places of the schema's fields among all columns that the table ever had, as [TableDefinition.OrdinalPosition] gives them: a column keeps
	// its place when its rows are rewritten under another ID, and one that is dropped and added again has another. nil when they are not known.
	Ordinals []int32
}

// Describes notes what the version knows of its fields besides the schema: they are the columns of d.
func (v *Version) Describes(d *TableDefinition) {
	v.Columns, v.Types, v.Ordinals = d.ColumnIDs(), d.TypeTexts(), make([]int32, len(d.Columns))
	for i := range d.Columns {
		v.Ordinals[i] = int32(d.OrdinalPosition(i))
	}
}

// What Changes says of a table's beginning and end. After a version that says the end, the name may be given to another table, whose column IDs have
// nothing to do with those before.
const (
	ChangeCreated      = "created the table"
	ChangeCreatedAnew  = "created the table anew"
	ChangeDropped      = "dropped the table"
	ChangeRenamedTo    = "renamed to " // and the new name: the history stays under the old one
	ChangeBeforeRecord = "as it was before versions were kept"
)

// ends tells whether the version is the last one of its table under the name.
func (v Version) ends() bool {
	return v.Changes == ChangeDropped || strings.HasPrefix(v.Changes, ChangeRenamedTo)
}

// Record makes the version of a definition as it stands: its Arrow-JSON and the IDs of its columns. id is the schema_id, number the version's, createdAt
// in microseconds since 1970-01-01 UTC.
func Record(d *TableDefinition, id [16]byte, number, createdAt int64, changes string) (Version, error) {
	schema, err := arrowjson.SchemaOf(d.ArrowSchema())
	if err != nil {
		return Version{}, fmt.Errorf("the schema of %s: %w", d.Name, err)
	}
	v := Version{ID: id, Number: number, CreatedAt: createdAt, Schema: schema.JSON(), Changes: changes}
	v.Describes(d)
	return v, nil
}

// ColumnIDs gives the IDs of the columns, in order.
func (d *TableDefinition) ColumnIDs() []int32 {
	ids := make([]int32, len(d.Columns))
	for i := range d.Columns {
		ids[i] = d.Columns[i].ID
	}
	return ids
}

// TypeTexts gives the SQL types of the columns, in order, as format_type() writes them.
func (d *TableDefinition) TypeTexts() []string {
	texts := make([]string, len(d.Columns))
	for i := range d.Columns {
		texts[i] = d.Columns[i].typeText()
	}
	return texts
}

// History is the versions under one qualified name, in order of number. It is immutable.
//
// It belongs to the name, and outlives a dropped table: a table that is created anew under the name goes on counting. A table that is renamed takes its
// history along.
type History struct {
	Name     Name
	Versions []Version
}

// Last gives the number of the last version, 0 when there is none. h may be nil.
func (h *History) Last() int64 {
	if h == nil {
		return 0
	}
	return int64(len(h.Versions))
}

// Append gives the history with more versions, in order. A number that is taken is 23505, one that leaves a gap 23514. h may be nil when there is no
// version yet.
func (h *History) Append(name Name, more ...Version) (*History, error) {
	next := &History{Name: name}
	if h != nil {
		next.Versions = slices.Clip(h.Versions)
	}
	for _, v := range more {
		last := next.Last()
		switch {
		case v.Number >= 1 && v.Number <= last:
			return nil, sqlstate.New(sqlstate.UniqueViolation, "schema version %d of %s exists already", v.Number, name).
				WithDetail("Key (namespace_id, table_name, schema_version)=(%s, %s, %d) already exists.", name.Namespace, name.Table, v.Number).
				WithHint("The next version is %d.", last+1)
		case v.Number != last+1:
			return nil, sqlstate.New(sqlstate.CheckViolation, "schema version %d of %s does not follow version %d", v.Number, name, last).
				WithHint("The next version is %d.", last+1)
		}
		next.Versions = append(next.Versions, v)
	}
	return next, nil
}

// Renamed gives the history under another name.
func (h *History) Renamed(name Name) *History { return &History{Name: name, Versions: h.Versions} }

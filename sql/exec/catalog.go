package exec

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// defaultNamespace is where a table name without a schema is looked for and made.
const defaultNamespace = "public"

// catalog finds relations in a snapshot: its tables, and the catalogue tables that are computed from them.
type catalog struct {
	snap *store.Snapshot
	stmt *statement // that asks; nil for Hint alone
}

// Relation implements bind.Catalog.
func (c *catalog) Relation(schema, name string) (bind.Relation, bool) {
	if schema == "" {
		schema = defaultNamespace
	}
	if view, ok := c.snap.Table(schemahistory.Name{Namespace: schema, Table: name}); ok {
		c.stmt.uses(view.Def)
		return bind.Relation{Table: view}, true
	}
	if v, ok := virtualNamed(schema, name); ok {
		return bind.Relation{Virtual: func() (*plan.Virtual, error) { return v.rows(c), nil }}, true
	}
	return bind.Relation{}, false
}

// Hint implements bind.Catalog.
func (c *catalog) Hint(schema, name string) string {
	_, older := c.snap.Table(schemahistory.StorageLocations)
	switch (schemahistory.Name{Namespace: schema, Table: name}) {
	case schemahistory.StorageLocations:
		return `The table has been renamed: use "system.storages".`
	case schemahistory.Storages:
		if older {
			return storagesHint
		}
	case schemahistory.TableSchemas:
		return `The database has the older form, which keeps no schema versions: "stoa migrate" or CALL system.migrate() makes the table.`
	}
	for _, t := range c.snap.Tables() {
		if t.Def.Name.Table == name && t.Def.Name.Namespace != schema {
			return `There is a table "` + t.Def.Name.String() + `".`
		}
	}
	for _, v := range virtuals() {
		if v.name == name && v.schema != schema {
			return `There is a table "` + v.schema + "." + v.name + `".`
		}
	}
	return ""
}

// virtual is a catalogue table.
type virtual struct {
	schema, name string
	cols         []plan.Column
	fill         func(c *catalog, b *rowBuilder)
}

// rowBuilder appends rows of Go values to a catalogue table.
type rowBuilder struct{ cols []*vec.Builder }

// add appends a row of strings, int64s and nils.
func (b *rowBuilder) add(values ...any) {
	for i, v := range values {
		switch v := v.(type) {
		case string:
			b.cols[i].AppendString(v)
		case int64:
			b.cols[i].AppendInt(v)
		default:
			b.cols[i].AppendNull()
		}
	}
}

func (v *virtual) rows(c *catalog) *plan.Virtual {
	b := &rowBuilder{}
	for _, col := range v.cols {
		b.cols = append(b.cols, vec.NewBuilder(col.Type, 0))
	}
	v.fill(c, b)
	out := &plan.Virtual{Name: v.schema + "." + v.name, Cols: v.cols, Rows: &vec.Batch{N: b.cols[0].Len()}}
	for _, col := range b.cols {
		out.Rows.Cols = append(out.Rows.Cols, col.Vec())
	}
	return out
}

// virtualNamed finds a catalogue table.
func virtualNamed(schema, name string) (virtual, bool) {
	for _, v := range virtuals() {
		if v.schema == schema && v.name == name {
			return v, true
		}
	}
	return virtual{}, false
}

func text(name string) plan.Column    { return plan.Column{Name: name, Type: arrowschema.Text} }
func bigint(name string) plan.Column  { return plan.Column{Name: name, Type: arrowschema.Int8} }
func integer(name string) plan.Column { return plan.Column{Name: name, Type: arrowschema.Int4} }

func texts(names ...string) []plan.Column {
	out := make([]plan.Column, len(names))
	for i, n := range names {
		out[i] = text(n)
	}
	return out
}

// catalogName is the name of the database, of which there is one.
const catalogName = "stoa"

// virtuals gives the catalogue tables.
func virtuals() []virtual {
	return []virtual{
		{"information_schema", "columns", columnsColumns(), fillColumns},
		{"information_schema", "schemata", texts("catalog_name", "schema_name", "schema_owner", "default_character_set_catalog",
			"default_character_set_schema", "default_character_set_name", "sql_path"), fillSchemata},
		{"information_schema", "tables", tablesColumns(), fillTables},
		{"system", "tables", []plan.Column{
			text("namespace_id"), text("table_name"), bigint("schema_version"), text("storage"),
			bigint("hot_rows"), bigint("cold_rows"), bigint("files"), bigint("file_bytes"), text("parquet_profile"),
		}, fillSystemTables},
	}
}

// fillSystemTables gives the tables with what they take: the rows in memory and in files.
func fillSystemTables(c *catalog, b *rowBuilder) {
	for _, t := range c.snap.Tables() {
		var cold, bytes int64
		for _, f := range t.Files {
			cold, bytes = cold+f.LiveRows(), bytes+f.Size
		}
		b.add(t.Def.Name.Namespace, t.Def.Name.Table, versionOf(t.Def), t.Def.Storage, int64(t.Hot.Rows()), cold, int64(len(t.Files)), bytes,
			profileOf(t.Def))
	}
}

// versionOf gives the number of a table's schema version, nil when none is kept.
func versionOf(def *schemahistory.TableDefinition) any {
	if def.Version == 0 {
		return nil
	}
	return def.Version
}

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
type catalog struct{ snap *store.Snapshot }

// Relation implements bind.Catalog.
func (c *catalog) Relation(schema, name string) (bind.Relation, bool) {
	if schema == "" {
		schema = defaultNamespace
	}
	if view, ok := c.snap.Table(schemahistory.Name{Namespace: schema, Table: name}); ok {
		return bind.Relation{Table: view}, true
	}
	for _, v := range virtuals {
		if v.schema == schema && v.name == name {
			return bind.Relation{Virtual: func() (*plan.Virtual, error) { return v.rows(c.snap), nil }}, true
		}
	}
	return bind.Relation{}, false
}

// Hint implements bind.Catalog.
func (c *catalog) Hint(schema, name string) string {
	if schema == "system" && name == "storage_locations" {
		return `The table has been renamed: use "system.storages".`
	}
	for _, t := range c.snap.Tables() {
		if t.Def.Name.Table == name && t.Def.Name.Namespace != schema {
			return `There is a table "` + t.Def.Name.String() + `".`
		}
	}
	for _, v := range virtuals {
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
	fill         func(snap *store.Snapshot, b *rowBuilder)
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

func (v *virtual) rows(snap *store.Snapshot) *plan.Virtual {
	b := &rowBuilder{}
	for _, c := range v.cols {
		b.cols = append(b.cols, vec.NewBuilder(c.Type, 0))
	}
	v.fill(snap, b)
	out := &plan.Virtual{Name: v.schema + "." + v.name, Cols: v.cols, Rows: &vec.Batch{N: b.cols[0].Len()}}
	for _, c := range b.cols {
		out.Rows.Cols = append(out.Rows.Cols, c.Vec())
	}
	return out
}

func text(name string) plan.Column   { return plan.Column{Name: name, Type: arrowschema.Text} }
func bigint(name string) plan.Column { return plan.Column{Name: name, Type: arrowschema.Int8} }
func integer(name string) plan.Column {
	return plan.Column{Name: name, Type: arrowschema.Int4}
}

const catalogName = "stoa"

// virtuals are the catalogue tables: of information_schema those columns of PostgreSQL's that mean something here, and system.tables.
var virtuals = []virtual{
	{
		"information_schema", "tables",
		[]plan.Column{
			text("table_catalog"), text("table_schema"), text("table_name"), text("table_type"), text("is_insertable_into"),
			bigint("schema_version"), text("storage"),
		},
		func(snap *store.Snapshot, b *rowBuilder) {
			for _, t := range snap.Tables() {
				b.add(catalogName, t.Def.Name.Namespace, t.Def.Name.Table, "BASE TABLE", "YES", t.Def.Version, t.Def.Storage)
			}
			for i := range virtualNames {
				b.add(catalogName, virtualNames[i][0], virtualNames[i][1], "SYSTEM VIEW", "NO", nil, nil)
			}
		},
	},
	{
		"information_schema", "columns",
		[]plan.Column{
			text("table_catalog"), text("table_schema"), text("table_name"), text("column_name"), integer("ordinal_position"),
			text("column_default"), text("is_nullable"), text("data_type"), text("udt_name"),
		},
		func(snap *store.Snapshot, b *rowBuilder) {
			for _, t := range snap.Tables() {
				for i, c := range t.Def.Columns {
					nullable, def := "YES", any(nil)
					if c.NotNull {
						nullable = "NO"
					}
					if c.Default != "" {
						def = c.Default
					}
					b.add(catalogName, t.Def.Name.Namespace, t.Def.Name.Table, c.Name, int64(i+1), def, nullable, c.Type.String(), c.Type.Name())
				}
			}
		},
	},
	{
		"information_schema", "schemata",
		[]plan.Column{text("catalog_name"), text("schema_name"), text("schema_owner")},
		func(snap *store.Snapshot, b *rowBuilder) {
			seen := map[string]bool{}
			add := func(name string) {
				if !seen[name] {
					seen[name] = true
					b.add(catalogName, name, "stoa")
				}
			}
			add("information_schema")
			add(defaultNamespace)
			for _, t := range snap.Tables() {
				add(t.Def.Name.Namespace)
			}
		},
	},
	{
		"system", "tables",
		[]plan.Column{
			text("namespace_id"), text("table_name"), bigint("schema_version"), text("storage"),
			bigint("hot_rows"), bigint("cold_rows"), bigint("files"), bigint("file_bytes"),
		},
		func(snap *store.Snapshot, b *rowBuilder) {
			for _, t := range snap.Tables() {
				var cold, bytes int64
				for _, f := range t.Files {
					cold, bytes = cold+f.LiveRows(), bytes+f.Size
				}
				b.add(t.Def.Name.Namespace, t.Def.Name.Table, t.Def.Version, t.Def.Storage, int64(t.Hot.Rows()), cold, int64(len(t.Files)), bytes)
			}
		},
	},
}

// virtualNames are the names of the catalogue tables, apart from virtuals, which refers to them.
var virtualNames = [][2]string{{"information_schema", "columns"}, {"information_schema", "schemata"}, {"information_schema", "tables"}, {"system", "tables"}}

package exec

import (
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/plan"
)

// information_schema has the columns that PostgreSQL 15 has, in its order and with its values; tables has three more. What PostgreSQL shows of itself,
// the catalogue tables, stands there as views.

// tablesColumns gives the columns of information_schema.tables: PostgreSQL's, the version of the table's schema, its storage and its versions as jsonb.
func tablesColumns() []plan.Column {
	return append(texts("table_catalog", "table_schema", "table_name", "table_type", "self_referencing_column_name", "reference_generation",
		"user_defined_type_catalog", "user_defined_type_schema", "user_defined_type_name", "is_insertable_into", "is_typed", "commit_action"),
		bigint("schema_version"), text("storage"), plan.Column{Name: "schema_history", Type: arrowschema.JSONB})
}

func fillTables(c *catalog, b *rowBuilder) {
	row := func(name schemahistory.Name, kind, insertable string, version, storage, history any) {
		b.add(catalogName, name.Namespace, name.Table, kind, nil, nil, nil, nil, nil, insertable, "NO", nil, version, storage, history)
	}
	for _, t := range c.snap.Tables() {
		row(t.Def.Name, "BASE TABLE", "YES", versionOf(t.Def), t.Def.Storage, historyJSON(c.snap.History(t.Def.Name)))
	}
	for _, v := range virtuals() {
		row(schemahistory.Name{Namespace: v.schema, Table: v.name}, "VIEW", "NO", nil, nil, nil)
	}
}

// historyJSON gives the versions of a schema as the canonical text of a jsonb array of objects with the keys changes, version, created_at and
// schema_json, which is the order that jsonb has them in.
func historyJSON(h *schemahistory.History) string {
	if h == nil {
		return "[]"
	}
	out := []byte{'['}
	for i := range h.Versions {
		v := &h.Versions[i]
		if i > 0 {
			out = append(out, ", "...)
		}
		out = append(append(out, `{"changes": `...), jsontext.Quote(v.Changes)...)
		out = strconv.AppendInt(append(out, `, "version": `...), v.Number, 10)
		created := string(temporal.AppendTimestamp(nil, v.CreatedAt))
		out = append(append(out, `, "created_at": `...), jsontext.Quote(strings.Replace(created, " ", "T", 1))...)
		out = append(append(out, `, "schema_json": `...), v.Schema...)
		out = append(out, '}')
	}
	return string(append(out, ']'))
}

// columnsColumns gives the columns of information_schema.columns.
func columnsColumns() []plan.Column {
	return append([]plan.Column{
		text("table_catalog"), text("table_schema"), text("table_name"), text("column_name"), integer("ordinal_position"), text("column_default"),
		text("is_nullable"), text("data_type"), integer("character_maximum_length"), integer("character_octet_length"), integer("numeric_precision"),
		integer("numeric_precision_radix"), integer("numeric_scale"), integer("datetime_precision"), text("interval_type"), integer("interval_precision"),
	}, append(texts("character_set_catalog", "character_set_schema", "character_set_name", "collation_catalog", "collation_schema", "collation_name",
		"domain_catalog", "domain_schema", "domain_name", "udt_catalog", "udt_schema", "udt_name", "scope_catalog", "scope_schema", "scope_name"),
		append([]plan.Column{integer("maximum_cardinality")}, texts("dtd_identifier", "is_self_referencing", "is_identity", "identity_generation",
			"identity_start", "identity_increment", "identity_maximum", "identity_minimum", "identity_cycle", "is_generated", "generation_expression",
			"is_updatable")...)...)...)
}

func fillColumns(c *catalog, b *rowBuilder) {
	for _, t := range c.snap.Tables() {
		for i, col := range t.Def.Columns {
			describeColumn(b, t.Def.Name, t.Def.OrdinalPosition(i), col, c.stmt.shownDefault(col, false), "YES")
		}
	}
	for _, v := range virtuals() {
		for i, col := range v.cols {
			describeColumn(b, schemahistory.Name{Namespace: v.schema, Table: v.name}, i+1, schemahistory.Column{Name: col.Name, Type: col.Type}, nil, "NO")
		}
	}
}

// describeColumn adds the row of a column, whose place is counted from 1.
func describeColumn(b *rowBuilder, table schemahistory.Name, place int, c schemahistory.Column, value any, updatable string) {
	nullable := "YES"
	if c.NotNull {
		nullable = "NO"
	}
	n := numbersOf(c)
	row := append(make([]any, 0, 44), // on the stack: information_schema.columns has hundreds of rows
		catalogName, table.Namespace, table.Table, c.Name, int64(place), value, nullable, c.Type.String(),
		n.length, n.octets, n.precision, n.radix, n.scale, n.seconds, nil, nil)
	row = append(row, nil, nil, nil, nil, nil, nil, nil, nil, nil) // character set, collation, domain
	row = append(row, catalogName, "pg_catalog", c.Type.Name(), nil, nil, nil, nil, strconv.Itoa(place), "NO", "NO", nil, nil, nil, nil, nil, "NO", "NEVER", nil, updatable)
	b.add(row...)
}

// columnNumbers are the numbers that information_schema gives of a type; nil where they do not apply.
type columnNumbers struct{ length, octets, precision, radix, scale, seconds any }

// numbersOf follows the functions of PostgreSQL's information_schema.sql: _pg_char_max_length and the like.
func numbersOf(c schemahistory.Column) columnNumbers {
	binary := func(bits int64, scale any) columnNumbers {
		return columnNumbers{precision: bits, radix: int64(2), scale: scale}
	}
	mod := func(i int) (int64, bool) {
		if i < len(c.Modifier) {
			return int64(c.Modifier[i]), true
		}
		return 0, false
	}
	switch c.Type {
	case arrowschema.Int2:
		return binary(16, int64(0))
	case arrowschema.Int4:
		return binary(32, int64(0))
	case arrowschema.Int8:
		return binary(64, int64(0))
	case arrowschema.Float4:
		return binary(24, nil)
	case arrowschema.Float8:
		return binary(53, nil)
	case arrowschema.Numeric:
		if p, ok := mod(0); ok {
			scale, _ := mod(1)
			return columnNumbers{precision: p, radix: int64(10), scale: scale}
		}
		return columnNumbers{radix: int64(10)}
	case arrowschema.Varchar:
		if n, ok := mod(0); ok {
			return columnNumbers{length: n, octets: 4 * n} // of UTF-8
		}
		return columnNumbers{octets: int64(1 << 30)}
	case arrowschema.Text:
		return columnNumbers{octets: int64(1 << 30)}
	case arrowschema.Date:
		return columnNumbers{seconds: int64(0)}
	case arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval:
		if p, ok := mod(0); ok {
			return columnNumbers{seconds: p}
		}
		return columnNumbers{seconds: int64(6)}
	}
	return columnNumbers{}
}

func fillSchemata(c *catalog, b *rowBuilder) {
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			b.add(catalogName, name, "stoa", nil, nil, nil, nil)
		}
	}
	add("information_schema")
	add(defaultNamespace)
	for _, t := range c.snap.Tables() {
		add(t.Def.Name.Namespace)
	}
}

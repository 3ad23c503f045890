package history

import (
	"encoding/json"
	"fmt"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
)

// Storages gives rows of system.storages, all columns in the table's order. `primary` is not among them: every database has it.
func (h *History) Storages() *vec.Batch {
	rows := [3][3]string{
		{"archive", "/mnt/storage/archive", "{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/"},
		{"backup", "/mnt/storage-backup", "{storageLocation}/{namespace}/{tableName}/"},
		{"fast", "./fast", "{storageLocation}/{namespace}/{shard}/{userId}/{tableName}/"},
	}
	ids, created := make([][16]byte, len(rows)), make([]int64, len(rows))
	var columns [3][]string
	for i, r := range rows {
		ids[i] = uuidOf(h.schemas.row(int64(-1 - i)))
		created[i] = h.end - int64(h.opts.Days)*24*hourMicros + int64(i)*hourMicros
		for c := range columns {
			columns[c] = append(columns[c], r[c])
		}
	}
	return &vec.Batch{N: len(rows), Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, ids, nil), text(columns[0]...), text(columns[1]...), text(columns[2]...),
		vec.NewFlat(arrowschema.Timestamp, created, nil),
	}}
}

// field is a column of a table whose versions are described.
type field struct {
	name, dataType string
	nullable       bool
	since          int // the version that added it
}

const arrowTimestamp = "Timestamp(Microsecond, None)"

// described are the tables with schema versions; the first is the contract's example.
var described = [6]struct {
	namespace, table string
	fields           []field
}{
	{"chat", "messages", []field{
		{"id", "Int64", false, 1}, {"user_id", "Utf8", false, 1}, {"content", "Utf8", false, 1}, {"created_at", arrowTimestamp, false, 1},
		{"edited_at", arrowTimestamp, true, 2}, {"metadata", "Struct([...])", true, 3}, {"reply_to", "Int64", true, 4},
	}},
	{"chat", "conversations", []field{
		{"id", "Int64", false, 1}, {"title", "Utf8", true, 1}, {"created_at", arrowTimestamp, false, 1}, {"archived", "Boolean", false, 2},
	}},
	{"shop", "orders", []field{
		{"order_id", "FixedSizeBinary(16)", false, 1}, {"user_id", "Utf8", false, 1}, {"total", "Decimal128(18, 2)", false, 1},
		{"placed_at", arrowTimestamp, false, 1}, {"currency", "Utf8", true, 2}, {"metadata", "Struct([...])", true, 3}, {"channel", "Utf8", true, 4},
		{"discount", "Decimal128(18, 2)", true, 5},
	}},
	{"iot", "readings", []field{{"device_id", "Utf8", false, 1}, {"at", arrowTimestamp, false, 1}, {"value", "Float64", true, 1}}},
	{"analytics", "events", []field{
		{"event_id", "FixedSizeBinary(16)", false, 1}, {"name", "Utf8", false, 1}, {"properties", "Utf8", true, 1}, {"at", arrowTimestamp, false, 1},
		{"session", "Utf8", true, 2}, {"country", "Utf8", true, 3},
	}},
	{"auth", "logins", []field{{"user_id", "Utf8", false, 1}, {"at", arrowTimestamp, false, 1}, {"address", "Utf8", true, 1}, {"factor", "Utf8", true, 2}}},
}

// TableSchemas gives rows of system.table_schemas, all columns in the table's order. A version has the columns of the one before it and others.
func (h *History) TableSchemas() (*vec.Batch, error) {
	var ids [][16]byte
	var spaces, tables, schemas []string
	var versions, created []int64
	first := h.end - int64(h.opts.Days)*24*hourMicros
	for t, d := range described {
		last := d.fields[len(d.fields)-1].since
		for v := 1; v <= last; v++ {
			schema, err := schemaJSON(d.fields, v)
			if err != nil {
				return nil, fmt.Errorf("schema of %s.%s: %w", d.namespace, d.table, err)
			}
			r := h.schemas.row(int64(t*100 + v))
			ids, versions, schemas = append(ids, uuidOf(r)), append(versions, int64(v)), append(schemas, schema)
			spaces, tables = append(spaces, d.namespace), append(tables, d.table)
			share := uint64(h.end-first) / uint64(last)
			created = append(created, first+int64(uint64(v-1)*share+below(r.word(2), share)))
		}
	}
	return &vec.Batch{N: len(ids), Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.UUID, ids, nil), text(spaces...), text(tables...), vec.NewFlat(arrowschema.Int8, versions, nil),
		vec.NewFlat(arrowschema.JSONB, schemas, nil), vec.NewFlat(arrowschema.Timestamp, created, nil),
	}}, nil
}

// schemaJSON gives the Arrow-JSON of a version.
func schemaJSON(fields []field, version int) (string, error) {
	type arrowField struct {
		Name     string   `json:"name"`
		DataType string   `json:"data_type"`
		Nullable bool     `json:"nullable"`
		Metadata struct{} `json:"metadata"`
	}
	var schema struct {
		Fields []arrowField `json:"fields"`
	}
	for _, f := range fields {
		if f.since <= version {
			schema.Fields = append(schema.Fields, arrowField{Name: f.name, DataType: f.dataType, Nullable: f.nullable})
		}
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return "", err
	}
	return jsontext.Canonical(string(text))
}

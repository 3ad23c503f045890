package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// versionRow gives a line of CSV for system.table_schemas: the last digits of the ID, the name, the number and the schema.
func versionRow(id int, table, number, schema string) string {
	return fmt.Sprintf("7a1c0000-0000-4000-8000-%012d,secret,%s,%s,\"%s\"\n", id, table, number, strings.ReplaceAll(schema, `"`, `""`))
}

// Each error about a version that COPY brings names its line, and the column when a value is wrong by itself; that it is found when the statement ends changes
// nothing. Of a file it tells the byte, and nothing that stands there.
func TestCopyNamesTheRowOfAVersion(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	const columns = "system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)"
	const empty = `{"fields":[]}`
	column := func(dataType string) string { return `{"name":"a","data_type":"` + dataType + `"}` }
	for _, c := range []struct{ code, row, file, client, where, own string }{
		{"22P02", versionRow(2, "t", "2", `{"fields":[`+column("List(Int64")+`]}`),
			`invalid Arrow data type "…" at byte 10: expected ")", found the end of the text`,
			`invalid Arrow data type "List(Int64" at byte 10: expected ")", found the end of the text`, "schema_json", "field \"a\" of the Arrow-JSON\n"},
		{"22P02", versionRow(2, "t", "2", `{"fields":[],"secret":1}`),
			`invalid Arrow-JSON at byte 15: unknown key "…" in a schema, which has fields, metadata and options`,
			`invalid Arrow-JSON at byte 15: unknown key "secret" in a schema, which has fields, metadata and options`, "schema_json", ""},
		{"42701", versionRow(2, "t", "2", `{"fields":[`+column("Int8")+","+column("Int8")+`]}`),
			`column "…" specified more than once`, `column "a" specified more than once`, "schema_json", ""},
		{"23514", versionRow(2, "t", "3", empty), "schema version … of … does not follow version …", "schema version 3 of secret.t does not follow version 1", "", ""},
		{"23505", versionRow(2, "t", "1", empty), "schema version … of … exists already", "schema version 1 of secret.t exists already", "", ""},
		{"23505", versionRow(1, "t", "2", empty), `duplicate key value violates unique constraint "table_schemas_pkey"`,
			`duplicate key value violates unique constraint "table_schemas_pkey"`, "", ""},
	} {
		// The first line is the version of one of the contract's tables that is recorded already, and is passed over.
		rows := strings.Replace(versionRow(9, "jobs", "1", empty), "secret", "system", 1) + versionRow(1, "t", "1", empty) + c.row
		db.write("/v.csv", rows)
		where := "line 3"
		if c.where != "" {
			where += ", column " + c.where
		}
		e := db.fails(sqlCode(c.code), "COPY "+columns+" FROM '/v.csv' (FORMAT csv)")
		require.Equal(t, c.file, e.Message)
		require.NotContains(t, told(e), "secret")
		require.True(t, strings.HasPrefix(e.Where, `COPY table_schemas, file "/v.csv", `+where), e.Where)
		db.session.In = strings.NewReader(rows)
		e = db.fails(sqlCode(c.code), "COPY "+columns+" FROM STDIN (FORMAT csv)")
		require.Equal(t, c.client, e.Message)
		require.True(t, strings.HasPrefix(e.Where, c.own+"COPY table_schemas, "+where), e.Where)
		if c.where != "" {
			require.Contains(t, e.Where, `: "`, "the value")
		}
		if strings.HasPrefix(c.client, "invalid Arrow-JSON") {
			require.Contains(t, e.Detail, "jsonb")
		}
		require.Equal(t, []string{"0"}, db.rows("SELECT count(*) FROM system.table_schemas WHERE namespace_id = 'secret'"))
	}
}

// The place stays known when the file is read on: the row that is to blame is in the first of three batches.
func TestCopyNamesAnEarlyRowOfVersions(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	var b strings.Builder
	for i := range 20_000 {
		number := "1"
		if i == 4_321 {
			number = "2"
		}
		b.WriteString(versionRow(i, fmt.Sprintf("t%d", i), number, `{"fields": []}`))
	}
	db.write("/v.csv", b.String())
	const copyFrom = "COPY system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) FROM '/v.%s' (FORMAT %s)"
	require.Equal(t, `COPY table_schemas, file "/v.csv", line 4322`, db.fails(sqlstate.CheckViolation, fmt.Sprintf(copyFrom, "csv", "csv")).Where)
	db.must("CREATE TABLE v (schema_id uuid, namespace_id text, table_name text, schema_version int, schema_json jsonb)")
	db.must("COPY v FROM '/v.csv' (FORMAT csv)")
	db.must("COPY v TO '/v.parquet' (FORMAT parquet)")
	require.Equal(t, `COPY table_schemas, file "/v.parquet", row 4322`, db.fails(sqlstate.CheckViolation, fmt.Sprintf(copyFrom, "parquet", "parquet")).Where)
	db.must("COPY (SELECT * FROM v ORDER BY table_name) TO '/v.ndjson' (FORMAT ndjson)")
	require.Contains(t, db.fails(sqlstate.CheckViolation, fmt.Sprintf(copyFrom, "ndjson", "ndjson")).Where, `COPY table_schemas, file "/v.ndjson", line `)
}

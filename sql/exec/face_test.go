package exec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/store"
)

const historyOf = `SELECT schema_version, schema_history FROM information_schema.tables WHERE table_schema = 'chat' AND table_name = 'messages'`

// Every change of a table's schema is a version of it, in its own words, seen in information_schema and through the deprecated face alike.
func TestVersions(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL)")
		require.Equal(t, []string{`1|[{"changes": "created the table", "version": 1, "created_at": "2025-10-21T14:30:22", "schema_json": {"fields": [` +
			`{"name": "id", "metadata": {}, "nullable": false, "data_type": "Int64"}, ` +
			`{"name": "user_id", "metadata": {}, "nullable": false, "data_type": "Utf8"}]}}]`}, db.rows(historyOf))
		db.must("INSERT INTO chat.messages VALUES (1, 'jamal')")
		settle()
		db.must("ALTER TABLE chat.messages ADD COLUMN n int DEFAULT 4, ALTER COLUMN user_id DROP NOT NULL")
		db.must("ALTER TABLE chat.messages RENAME COLUMN n TO m")
		db.must("ALTER TABLE chat.messages ALTER m TYPE bigint")
		db.must("ALTER TABLE chat.messages ALTER m TYPE text USING 'x' || m")
		db.must("ALTER TABLE chat.messages ALTER m SET DEFAULT 'q', ADD PRIMARY KEY (id)")
		// These change no schema.
		db.must("CREATE INDEX ON chat.messages (m)")
		db.must("ALTER TABLE chat.messages SET (storage = 'primary')")
		db.must("ALTER TABLE chat.messages ALTER id SET NOT NULL, ALTER m TYPE text, DROP COLUMN IF EXISTS nosuch")
		db.must("ALTER TABLE chat.messages DROP CONSTRAINT messages_pkey, DROP COLUMN m")
		settle()
		want := []string{
			"1|created the table|2", "2|column user_id allows NULL; added column n integer|3", "3|renamed column n to m|3",
			"4|changed type of column m from integer to bigint|3", "5|changed type of column m from bigint to text|3",
			"6|added constraint messages_pkey; default of column m is 'q'|3", "7|dropped constraint messages_pkey; dropped column m|2",
		}
		require.Equal(t, want, db.versions("messages"))
		db.must("ALTER TABLE chat.messages RENAME TO posts")
		db.must("DROP TABLE chat.posts")
		db.must("CREATE TABLE chat.posts (x int)")
		want = append(want, "8|renamed from chat.messages|2", "9|dropped the table|2", "10|created the table anew|1")
		require.Equal(t, want, db.versions("posts"))
		require.Empty(t, db.versions("messages"))
		require.Equal(t, []string{"10|10"}, db.rows("SELECT count(*), count(DISTINCT schema_id) FROM system.table_schemas WHERE table_name = 'posts'"))
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		require.Equal(t, want, db.versions("posts"))
	})
}

// versions gives those of a table of the schema chat: number, what changed, columns.
func (db *database) versions(table string) []string {
	snap := db.store.Snapshot()
	defer snap.Close()
	var out []string
	for _, h := range snap.Histories() {
		if h.Name.Namespace != "chat" || h.Name.Table != table {
			continue
		}
		rows := db.rows("SELECT schema_version, jsonb_array_length(schema_json->'fields') FROM system.table_schemas WHERE namespace_id = 'chat' AND table_name = '" +
			table + "' ORDER BY schema_version")
		require.Len(db.t, rows, len(h.Versions))
		for i, v := range h.Versions {
			number, columns, _ := strings.Cut(rows[i], "|")
			out = append(out, number+"|"+v.Changes+"|"+columns)
		}
	}
	return out
}

const addVersion = "INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) VALUES "

// What is written through system.table_schemas is a version: checked, and seen in information_schema.
func TestFaceInsert(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE chat.messages (id bigint)")
	const two = `(gen_random_uuid(), 'chat', 'messages', 2, '{"fields":[{"name":"a","data_type":"Int32","nullable":true,"metadata":{}}]}')`
	for _, c := range []struct{ code, rows string }{
		{"23514", strings.Replace(two, "2,", "3,", 1)},
		{"23505", strings.Replace(two, "2,", "1,", 1)},
		{"23505", two + ", " + two},
		{"23514", two + ", " + strings.Replace(two, "2,", "4,", 1)},
		{"22P02", strings.Replace(two, `{"fields":[`, `{"fields":`, 1)},
		{"22P02", "(gen_random_uuid(), 'chat', 'messages', 2, '<current_schema_as_json>')"},
		{"22P02", strings.Replace(two, "Int32", "Int33", 1)},
		{"23502", strings.Replace(two, "'chat'", "NULL", 1)},
		{"23502", strings.Replace(two, "2,", "NULL,", 1)},
		{"42701", strings.Replace(two, `[{`, `[{"name":"a","data_type":"Utf8","nullable":true,"metadata":{}},{`, 1)},
	} {
		db.fails(sqlCode(c.code), addVersion+c.rows)
		require.Equal(t, []string{"1|created the table|1"}, db.versions("messages"), c.rows)
	}
	db.fails("0A000", addVersion+two+" ON CONFLICT DO NOTHING")
	a := db.must(addVersion + strings.Replace(two, "2,", "3,", 1) + ", " + two + " RETURNING schema_version, created_at")
	require.Equal(t, "INSERT 0 2", a.tag)
	require.Equal(t, []string{"3|2025-10-21 14:30:22", "2|2025-10-21 14:30:22"}, a.rows)
	require.Equal(t, []string{"1|created the table|1", "2||1", "3||1"}, db.versions("messages"))
	require.Equal(t, []string{"3|3"}, db.rows("SELECT schema_version, jsonb_array_length(schema_history) FROM information_schema.tables WHERE table_name = 'messages'"))
	require.Equal(t, []string{`"a"`}, db.rows("SELECT schema_history->2->'schema_json'->'fields'->0->'name' FROM information_schema.tables WHERE table_name = 'messages'"))
	db.must("ALTER TABLE chat.messages ADD COLUMN b text")
	require.Equal(t, []string{"4"}, db.rows("SELECT schema_version FROM system.tables WHERE table_name = 'messages'"))
	// Histories of tables that are not there are welcome; COPY may bring them in any order.
	db.write("/versions.csv", `00000000-0000-4000-8000-000000000002,old,t,2,"{""fields"": []}",2020-02-02
00000000-0000-4000-8000-000000000001,old,t,1,"{""fields"": []}",2020-01-01
`)
	require.Equal(t, "COPY 2", db.must("COPY system.table_schemas FROM '/versions.csv' (FORMAT csv)").tag)
	db.fails("23505", "COPY system.table_schemas FROM '/versions.csv' (FORMAT csv)")
	require.Equal(t, []string{"1|2020-01-01 00:00:00", "2|2020-02-02 00:00:00"},
		db.rows("SELECT schema_version, created_at FROM system.table_schemas WHERE namespace_id = 'old' ORDER BY 1"))
	require.Contains(t, db.fails("23505", addVersion+"('00000000-0000-4000-8000-000000000001', 'x', 'y', 1, '{\"fields\": []}')").Message, "table_schemas_pkey")
	for _, sql := range []string{
		"UPDATE system.table_schemas SET schema_version = 9", "DELETE FROM system.table_schemas", "TRUNCATE system.table_schemas",
		"DELETE FROM system.table_schemas WHERE namespace_id = 'old'",
	} {
		db.fails("0A000", sql)
	}
	require.Equal(t, "CALL", db.must("CALL system.flush('system.table_schemas', all_rows => true)").tag)
	require.Equal(t, []string{"0|0"}, db.rows("SELECT cold_rows, files FROM system.tables WHERE table_name = 'table_schemas'"))
	require.NoError(t, db.store.Close())
	db.open(store.Options{}, nil)
	require.Equal(t, []string{"1|created the table|1", "2||1", "3||1", "4|added column b text|2"}, db.versions("messages"))
}

// A version of the contract's tables that the engine has recorded is skipped, as the back-fill of the migration guide needs it; other rows are not.
func TestFaceSkips(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE chat.messages (id bigint)")
	db.fails("23505", `INSERT INTO system.table_schemas SELECT gen_random_uuid(), namespace_id, table_name, 1, '{"fields": []}', now() FROM system.tables`)
	a := db.must(`INSERT INTO system.table_schemas SELECT gen_random_uuid(), namespace_id, table_name, CASE namespace_id WHEN 'chat' THEN 2 ELSE 1 END,
		'{"fields": []}', now() FROM system.tables RETURNING table_name`)
	require.Equal(t, "INSERT 0 1", a.tag)
	require.Equal(t, []string{"messages"}, a.rows)
	require.Len(t, a.notices, 1+4) // that of the deprecation, and one for each
	db.must(addVersion + `(gen_random_uuid(), 'system', 'jobs', 2, '{"fields": []}')`)
	db.fails("23505", addVersion+`(gen_random_uuid(), 'system', 'jobs', 2, '{"fields": []}')`)
}

// The first use of the face in a session raises a notice that names what stands in its place.
func TestDeprecation(t *testing.T) {
	t.Parallel()
	for _, use := range []string{
		"SELECT count(*) FROM system.table_schemas", "EXPLAIN SELECT * FROM system.table_schemas", "COPY system.table_schemas TO '/out.csv'",
		addVersion + `(gen_random_uuid(), 'x', 'y', 1, '{"fields": []}')`, "SELECT 1 FROM system.jobs WHERE job_type IN (SELECT table_name FROM system.table_schemas)",
	} {
		db := newDatabase(t, nil)
		require.Empty(t, db.must("SELECT schema_history FROM information_schema.tables").notices)
		require.Empty(t, db.must("CREATE INDEX IF NOT EXISTS i ON system.table_schemas (namespace_id)").notices)
		db.fails("42703", "SELECT nosuch FROM system.table_schemas")
		a := db.must(use)
		require.Len(t, a.notices, 1, use)
		require.Equal(t, "01P01", string(a.notices[0].Code))
		require.Equal(t, "NOTICE", a.notices[0].Severity)
		require.Contains(t, a.notices[0].Hint, "information_schema.tables")
		require.Empty(t, db.must("SELECT count(*) FROM system.table_schemas").notices)
		db.session = db.engine.NewSession()
		require.Len(t, db.must("SELECT count(*) FROM system.table_schemas").notices, 1)
	}
}

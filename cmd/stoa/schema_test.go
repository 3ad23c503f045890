package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// evolving makes a table with five versions.
func evolving(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	got := sqlIn(t, dir, `CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL, n integer);
		ALTER TABLE chat.messages ADD COLUMN metadata jsonb;
		ALTER TABLE chat.messages RENAME COLUMN n TO score;
		ALTER TABLE chat.messages ALTER COLUMN score TYPE bigint, ALTER COLUMN user_id DROP NOT NULL;
		ALTER TABLE chat.messages DROP COLUMN metadata`)
	require.Zero(t, got.code, got.err)
	return dir
}

func TestSchemaHistory(t *testing.T) {
	t.Parallel()
	dir := evolving(t)
	got := stoaIn(t, "", "schema", "history", "chat.messages", "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `(?m)^ +1 │ 20\d\d-\d\d-\d\d \S+ +│ created the table +│ id, user_id, n`, got.out)
	require.Regexp(t, `(?m)^ +3 │ .* │ renamed column n to score +│ id, user_id, score, metadata`, got.out)
	require.Contains(t, got.out, "(5 versions of chat.messages)\n")

	got = stoaIn(t, "", "schema", "history", "chat.messages", "--dir", dir, "--format", "json")
	require.Zero(t, got.code, got.err)
	var versions []map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.out), &versions))
	require.Len(t, versions, 5)
	shown := sqlIn(t, dir, "SELECT schema_history FROM information_schema.tables WHERE table_schema = 'chat'", "--format", "ndjson")
	var row struct {
		History []map[string]any `json:"schema_history"`
	}
	require.NoError(t, json.Unmarshal([]byte(shown.out), &row), shown.err)
	require.Equal(t, row.History, versions, "the same as the catalogue's")

	// A dropped table keeps its versions, and one that never was may have some.
	require.Zero(t, sqlIn(t, dir, `DROP TABLE chat.messages; INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)
		VALUES (gen_random_uuid(), 'far', 'away', 2, '{"fields": [{"name": "a", "data_type": "Int64", "nullable": true, "metadata": {}}]}'),
			(gen_random_uuid(), 'far', 'away', 1, '{"fields": []}')`).code)
	require.Contains(t, stoaIn(t, "", "schema", "history", "chat.messages", "--dir", dir).out, "dropped the table")
	require.Contains(t, stoaIn(t, "", "schema", "history", "far.away", "--dir", dir).out, "added column a Int64")
}

func TestSchemaDiff(t *testing.T) {
	t.Parallel()
	dir := evolving(t)
	diff := func(args ...string) outcome {
		return stoaIn(t, "", append([]string{"schema", "diff", "chat.messages", "--dir", dir}, args...)...)
	}
	got := diff("1", "4")
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, "chat.messages: from version 1 to version 4, 4 differences\n")
	for _, line := range []string{`nullability +│ user_id +│ not null +│ nullable`, `renamed +│ score +│ n +│ score`, `retyped +│ score +│ Int32 +│ Int64`, `added +│ metadata +│ +│ Utf8 \(arrow\.json\)`} {
		require.Regexp(t, line, got.out)
	}
	require.Regexp(t, `dropped +│ metadata`, diff().out, "the last two")
	require.Equal(t, diff("4", "5").out, diff().out)
	require.Equal(t, outcome{out: "chat.messages: from version 2 to version 2, 0 differences\n"}, diff("2", "2"))

	got = diff("2", "3", "--format", "json")
	require.Zero(t, got.code, got.err)
	require.JSONEq(t, `{"table": "chat.messages", "from": 2, "to": 3, "differences": [{"kind": "renamed", "column": "score", "position": 3, "from": "n", "to": "score"}]}`, got.out)
	require.Contains(t, diff("2", "2", "--format", "json").out, `"differences": []`)
}

func TestSchemaErrors(t *testing.T) {
	t.Parallel()
	dir := evolving(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"history", "chat.nothing"}, "ERROR:  relation \"chat.nothing\" does not exist (SQLSTATE 42P01)\n"},
		{[]string{"history", "messages"}, "HINT:  There are versions of \"chat.messages\".\n"},
		{[]string{"diff", "chat.messages", "1", "9"}, "ERROR:  chat.messages has no version 9 (SQLSTATE 42704)\nHINT:  Its versions are 1 to 5.\n"},
		{[]string{"diff", "chat.messages", "0", "1"}, "chat.messages has no version 0"},
		{[]string{"diff", "chat.messages", "one", "2"}, "\"one\" is not the number of a version (SQLSTATE 22023)"},
		{[]string{"diff", "system.storages"}, "system.storages has one version"},
		{[]string{"history", "chat.messages", "--format", "xml"}, "--format is \"xml\": it must be table or json"},
		{[]string{"history", "a.b.c"}, "is not the name of a table"},
	} {
		got := stoaIn(t, "", append(append([]string{"schema"}, c.args...), "--dir", dir)...)
		require.Equal(t, 1, got.code, c.args)
		require.Contains(t, got.err, c.want)
		require.Empty(t, got.out)
	}
	require.Contains(t, stoaIn(t, "", "schema").out, "history")
}

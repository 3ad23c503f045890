package main

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// nestedFile is of pyarrow, with columns that cannot be read as a table's: id int64, list list<int64>, s struct<a: int64>.
const nestedFile = "../../sql/exec/testdata/nested.parquet"

// --arrow-json of a file of others gives the Arrow schema that is in it, nested columns and all.
func TestInspectArrowJSONForeign(t *testing.T) {
	t.Parallel()
	got := stoaIn(t, "", "inspect", "--arrow-json", filepath.FromSlash(nestedFile))
	require.Zero(t, got.code)
	require.Empty(t, got.err)
	const of = `, nullable: true, dict_id: 0, dict_is_ordered: false, metadata: {} }`
	require.Equal(t, `{"fields": [{"name": "id", "metadata": {}, "nullable": true, "data_type": "Int64"}, `+
		`{"name": "list", "metadata": {}, "nullable": true, "data_type": "List(Field { name: \"item\", data_type: Int64`+of+`)"}, `+
		`{"name": "s", "metadata": {}, "nullable": true, "data_type": "Struct([Field { name: \"a\", data_type: Int64`+of+`])"}]}`+"\n", got.out)
	// Types that SQL has no names for, and what a writer notes of its schema.
	got = stoaIn(t, "", "inspect", "--arrow-json", filepath.FromSlash("../../parquetio/testdata/foreign/pyarrow_odd.parquet"))
	require.Contains(t, got.out, `{"name": "f16", "metadata": {}, "nullable": true, "data_type": "Float16"}`)
	// Without an Arrow schema, the columns as they are read.
	got = stoaIn(t, "", "inspect", "--arrow-json", filepath.FromSlash("../../parquetio/testdata/foreign/duckdb_v1.parquet"))
	require.Contains(t, got.out, `"name": "id", "metadata": {"ARROW:extension:name": "arrow.uuid"`)
}

// A file without an Arrow schema, with a damaged one, or with that of another file gives what can be read of its columns, and a notice of each that cannot.
func TestInspectArrowJSONWithoutArrow(t *testing.T) {
	t.Parallel()
	const readable = `{"fields": [{"name": "id", "metadata": {}, "nullable": true, "data_type": "Int64"}]}`
	left := []string{`column "list" is left out: it is nested or of a type that cannot be read`, `column "s" is left out: it is nested or of a type that cannot be read`}
	other, err := parquetio.Inspect(vfs.OS(), filepath.FromSlash("../../parquetio/testdata/foreign/pyarrow_empty.parquet"))
	require.NoError(t, err)
	for text, why := range map[string]string{
		"":     "",
		"no!":  "the Arrow schema in the file is not used: illegal base64 data at input byte 2",
		"aGVs": "the Arrow schema in the file is not used: invalid Arrow schema: 4 bytes at byte 0 are not within its 3",
		base64.StdEncoding.EncodeToString(make([]byte, 99)): "the Arrow schema in the file is not used: invalid Arrow schema: 4 bytes at byte 0 are not within its 0",
		other.Metadata[parquetio.KeyArrowSchema]:            "the Arrow schema in the file is not used: its fields are not the columns of the file",
	} {
		r, err := parquetio.Inspect(vfs.OS(), filepath.FromSlash(nestedFile))
		require.NoError(t, err)
		require.NotEmpty(t, r.Metadata[parquetio.KeyArrowSchema])
		r.Metadata[parquetio.KeyArrowSchema] = text
		got, notices, err := arrowJSON(r)
		require.NoError(t, err)
		require.Equal(t, readable, got)
		if why != "" {
			require.Equal(t, append([]string{why}, left...), notices)
		} else {
			require.Equal(t, left, notices)
		}
	}
}

// Of a file of ours it is the schema that schema_history has.
func TestInspectArrowJSONOwn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "db")
	got := sqlIn(t, dir, "CREATE TABLE chat.m (id bigint PRIMARY KEY, n numeric(10,2), j jsonb, u uuid); INSERT INTO chat.m VALUES (1); CALL system.flush(all_rows => true)", "--quiet")
	require.Zero(t, got.code, got.err)
	schema := sqlIn(t, dir, "COPY (SELECT schema_json FROM system.table_schemas WHERE table_name = 'm') TO STDOUT", "--quiet")
	got = stoaIn(t, "", "inspect", "--arrow-json", oneFile(t, dir, "chat/*"))
	require.Empty(t, got.err)
	require.NotEmpty(t, got.out)
	require.Equal(t, got.out, sqlUnescaped(schema.out))
}

// sqlUnescaped takes away the escapes of COPY's text format that such a schema has.
func sqlUnescaped(s string) string { return strings.ReplaceAll(s, `\\`, `\`) }

package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// secret is what files hold and errors must not show.
const secret = "qzSECRETzq"

// told gives all that an error tells.
func told(e *sqlstate.Error) string {
	return fmt.Sprintln(e.Message, e.Detail, e.Hint, e.Where, e.Error(), sqlstate.Report(e, "?"), e.Cause)
}

// What a statement finds wrong with the rows of a file is told without them: constraints, keys, path templates and documents. A client that sends the same rows is
// shown them, in PostgreSQL's words.
func TestCopyQuotesNoFile(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE q (id text PRIMARY KEY, kind text CHECK (kind IN ('a', 'b')), n bigint NOT NULL, v varchar(3))")
	db.must("INSERT INTO q VALUES ('" + secret + "', 'a', 1)")
	const schemas = "system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)"
	for _, c := range []struct{ code, table, row, message string }{
		{"23505", "q", secret + ",a,1,", `duplicate key value violates unique constraint "q_pkey"`},
		{"23514", "q", "x," + secret + ",1,", `new row for relation "q" violates check constraint "q_kind_check"`},
		{"23502", "q", secret + ",a,,", `null value in column "n" of relation "q" violates not-null constraint`},
		{"22P02", "q", "x,a," + secret + ",", `invalid input syntax for type bigint: "…"`},
		{"22001", "q", "x,a,1," + secret, "value too long for type character varying(3)"},
		{"22P04", "q", "x,a,1,," + secret, "extra data after last expected column"},
		{"22023", "system.storages (storage_id, name, base_path, path_template)", "00000000-0000-0000-0000-000000000009," + secret + ",data,{" + secret + "}", `invalid path_template "…"`},
		{"22P02", schemas, "00000000-0000-0000-0000-000000000009,app," + secret + ",1,\"{\"\"" + secret + "\"\":\"", "invalid input syntax for type json"},
		{"22P02", schemas, "00000000-0000-0000-0000-000000000009,app," + secret + `,1,"{""fields"":[{""name"":""a"",""data_type"":""` + secret + `"",""nullable"":true}]}"`, ""},
	} {
		db.write("/q.csv", c.row+"\n")
		a := db.run("COPY " + c.table + " FROM '/q.csv' (FORMAT csv)")
		var e *sqlstate.Error
		require.ErrorAs(t, a.err, &e, c.row)
		require.NotContains(t, told(e), secret, c.row)
		require.Contains(t, e.Where, `file "/q.csv"`, "%s: %s", c.row, told(e))
		require.Equal(t, c.code, string(e.Code), c.row)
		if c.message != "" {
			require.Equal(t, c.message, e.Message)
		}
		db.session.In = strings.NewReader(c.row + "\n")
		require.ErrorAs(t, db.run("COPY "+c.table+" FROM STDIN (FORMAT csv)").err, &e, c.row)
		require.Contains(t, told(e), secret, c.row)
	}
}

// Values of the files of read_parquet are in no error of the statement that reads them, and those of its own text are.
func TestReadParquetQuotesNoFile(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE q (id text PRIMARY KEY, n int)")
	db.must("INSERT INTO q VALUES ('" + secret + "', 1)")
	db.must("COPY (SELECT id, '{' || id AS doc, n FROM q) TO '/q.parquet' (FORMAT parquet)")
	const from = " FROM read_parquet('/q.parquet')"
	for _, c := range []struct{ code, sql string }{
		{"22P02", "SELECT id::int" + from},
		{"22P02", "SELECT doc::jsonb" + from},
		{"22P02", "SELECT 1" + from + " WHERE id::uuid IS NOT NULL"},
		{"22P02", "SELECT (SELECT max(id)" + from + ")::bigint"},
		{"22P02", "SELECT 1 WHERE 1 = (SELECT id::int" + from + ")"},
		{"22P02", "SELECT 1 FROM q WHERE n IN (SELECT id::int" + from + ")"},
		{"22P02", "WITH f AS (SELECT id::int AS i" + from + ") SELECT i + 1 FROM f ORDER BY 1"},
		{"22007", "SELECT date_trunc('day', id::timestamp)" + from},
		{"23505", "INSERT INTO q SELECT id, n" + from},
		{"22P02", "COPY (SELECT id::int" + from + ") TO '/out.csv' (FORMAT csv)"},
		{"22P02", "UPDATE q SET n = (SELECT id::int" + from + ")"},
	} {
		e := db.fails(sqlstate.Code(c.code), c.sql)
		require.NotContains(t, told(e), secret, c.sql)
		require.NotEmpty(t, e.Hint, c.sql)
	}
	require.Contains(t, db.fails("22P02", "SELECT 'mine'::int"+from).Message, "mine")
	require.Contains(t, db.fails("22P02", "SELECT id::int FROM q").Message, secret, "a table of the database")
}

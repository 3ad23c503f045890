package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
)

func sqlCode(code string) sqlstate.Code { return sqlstate.Code(code) }

func TestSettings(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	a := db.must("SHOW timezone")
	require.Equal(t, []string{"TimeZone"}, a.columns)
	require.Equal(t, []string{"UTC"}, a.rows)
	require.Equal(t, "SHOW", a.tag)
	require.Equal(t, []string{"2025-10-21 14:30:22+00"}, db.rows("SELECT now()"))
	require.Equal(t, "SET", db.must("SET TIME ZONE 'America/New_York'").tag)
	require.Equal(t, []string{"America/New_York"}, db.rows("SHOW TimeZone"))
	require.Equal(t, []string{"2025-10-21 10:30:22-04|2025-10-21 10:30:22"}, db.rows("SELECT now(), now()::timestamp"))
	db.must("RESET timezone")
	require.Equal(t, []string{"2025-10-21 14:30:22+00"}, db.rows("SELECT now()"))
	db.must("SET timezone = 'Asia/Kolkata'")
	require.Equal(t, []string{"2025-10-21 20:00:22+05:30"}, db.rows("SELECT now()"))
	require.Equal(t, "RESET", db.must("RESET ALL").tag)
	require.Equal(t, []string{"UTC"}, db.rows("SHOW timezone"))
	db.must("SET application_name TO 'psql'")
	require.Equal(t, []string{"psql"}, db.rows("SHOW application_name"))
	db.must("SET application_name TO DEFAULT")
	require.Equal(t, []string{""}, db.rows("SHOW application_name"))
	db.must("SET standard_conforming_strings = on")
	db.must("SET client_encoding TO 'utf8'")
	require.Greater(t, len(db.rows("SHOW ALL")), 10)
	db.must("SET application_name TO 'a\té" + strings.Repeat("x", 1000) + "'")
	require.Equal(t, []string{"a???" + strings.Repeat("x", 59)}, db.rows("SHOW application_name"))
	db.must("SET client_min_messages = Debug")
	require.Equal(t, []string{"debug2"}, db.rows("SHOW client_min_messages"))
	e := db.fails("22023", "SET client_min_messages = 'Foo'")
	require.Equal(t, `invalid value for parameter "client_min_messages": "Foo"`, e.Message)
	require.Equal(t, "Available values: debug5, debug4, debug3, debug2, debug1, log, notice, warning, error.", e.Hint)

	require.Contains(t, db.fails("0A000", "SET standard_conforming_strings = off").Hint, "on")
	db.fails("0A000", "SET search_path = system")
	db.fails("22023", "SET timezone = 'Mars/Olympus'")
	require.Equal(t, `unrecognized configuration parameter "nosuch"`, db.fails("42704", "SET nosuch = 1").Message)
	db.fails("42704", "SHOW nosuch")
	db.fails("42704", "RESET nosuch")
	other := &database{t: t, session: db.engine.NewSession()}
	db.must("SET timezone = 'Asia/Kolkata'")
	require.Equal(t, []string{"UTC"}, other.rows("SHOW timezone"), "a setting is a session's")
}

// A database that is opened for reading shows what is committed and changes nothing.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE ro (id int PRIMARY KEY)")
	db.must("INSERT INTO ro VALUES (1), (2)")
	reader := &database{t: t, fs: db.fs}
	reader.open(store.Options{ReadOnly: true}, nil)
	require.Equal(t, []string{"2"}, reader.rows("SELECT count(*) FROM ro"))
	for sql, word := range map[string]string{
		"INSERT INTO ro VALUES (3)": "INSERT", "UPDATE ro SET id = 9": "UPDATE", "DELETE FROM ro": "DELETE", "TRUNCATE ro": "TRUNCATE TABLE",
		"CREATE TABLE x (y int)": "CREATE TABLE", "CREATE INDEX i ON ro (id)": "CREATE INDEX", "ALTER TABLE ro ADD COLUMN z int": "ALTER TABLE",
		"DROP TABLE ro": "DROP TABLE", "CALL system.flush()": "CALL", "COPY ro FROM '/in.csv'": "COPY FROM", "CREATE SCHEMA s": "CREATE SCHEMA",
	} {
		e := reader.fails("25006", sql)
		require.Equal(t, "cannot execute "+word+" in a read-only transaction", e.Message)
	}
	reader.must("SET timezone = 'Asia/Kolkata'")
	reader.must("EXPLAIN SELECT * FROM ro")
	reader.must("COPY ro TO '/out.csv' (FORMAT csv)")
	db.must("INSERT INTO ro VALUES (3)")
	require.Equal(t, []string{"3"}, reader.rows("SELECT count(*) FROM ro"), "a statement sees what was committed before it")
}

// A path template that could lead out of the base path, or names no table, is refused however it comes.
func TestStorageGuard(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	insert := "INSERT INTO system.storages (storage_id, name, base_path, path_template) VALUES (gen_random_uuid(), "
	for _, bad := range []string{
		"'a', 'data', '{storageLocation}/../{tableName}/'", "'a', 'data', '{storageLocation}/all/'", "'a', 'data', '{storageLocation}/{nosuch}/{tableName}/'",
	} {
		db.fails("22023", insert+bad+")")
	}
	db.must(insert + "'good', 'data', '{storageLocation}/{namespace}/{tableName}/')")
	db.fails("22023", "UPDATE system.storages SET path_template = '{storageLocation}/x/' WHERE name = 'good'")
	db.fails("22023", insert+"'good', 'data', '{storageLocation}/{tableName}/') ON CONFLICT (name) DO UPDATE SET path_template = '{storageLocation}/..'")
	db.write("/storages.csv", "storage_id,name,base_path,path_template\n"+
		"00000000-0000-0000-0000-000000000001,one,data,{storageLocation}/{tableName}/\n00000000-0000-0000-0000-000000000002,two,data,{storageLocation}/x/\n")
	e := db.fails("22023", "COPY system.storages (storage_id, name, base_path, path_template) FROM '/storages.csv' (FORMAT csv, HEADER)")
	require.Equal(t, `COPY storages, file "/storages.csv", line 3`, e.Where)
	require.NotContains(t, fmt.Sprintf("%+v", *e), "/x/", "what a file holds is not shown")
	db.fails("23502", insert+"'x', NULL, '..')")
	require.Equal(t, []string{"good", "primary"}, db.rows("SELECT name FROM system.storages ORDER BY 1"))
}

func TestCall(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE f (id int)")
	db.must("INSERT INTO f VALUES (1), (2)")
	for _, c := range []struct{ code, sql string }{
		{"42883", "CALL nosuch()"}, {"42883", "CALL system.nosuch()"}, {"42883", "CALL flush()"}, {"42883", "CALL system.flush('f', true, 'u', 4)"},
		{"42883", "CALL system.flush(nosuch => 1)"}, {"42883", "CALL system.flush('f', table_name => 'f')"}, {"42P01", "CALL system.flush('nosuch')"},
		{"42602", "CALL system.flush('a b')"}, {"42602", "CALL system.flush('a.b.c')"}, {"22P02", "CALL system.flush(all_rows => 'maybe')"},
	} {
		db.fails(sqlCode(c.code), c.sql)
	}
	require.Equal(t, "CALL", db.must("CALL system.flush()").tag)
	require.Equal(t, "CALL", db.must("CALL system.flush('public.f', all_rows => true)").tag)
	require.Equal(t, []string{"0|2|1"}, db.rows("SELECT hot_rows, cold_rows, files FROM system.tables WHERE table_name = 'f'"))
	require.Equal(t, []string{"flush|completed|test"}, db.rows(
		"SELECT job_type, status, split_part(trace, ':', 1) FROM system.jobs WHERE result LIKE 'Flushed 2 records to %'"))
	var seen int64
	db.session.Progress = func(n int64) { seen = max(seen, n) }
	db.must("INSERT INTO f VALUES (3)")
	db.must("CALL system.flush(table_name => 'f', all_rows => true)")
	require.EqualValues(t, 1, seen)
}

func TestTransactionsAreRefused(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	for _, sql := range []string{"BEGIN", "COMMIT", "ROLLBACK", "START TRANSACTION"} {
		require.Contains(t, db.fails("0A000", sql).Hint, "atomic")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, &exec.Options{Workers: 1})
	db.must("CREATE TABLE e (id int PRIMARY KEY, kind text, n bigint)")
	db.must("INSERT INTO e VALUES (1, 'a', 10), (2, 'b', 20), (3, 'a', 30)")
	a := db.must("EXPLAIN SELECT kind, sum(n) FROM e WHERE n > 5 * 2 AND kind IS NOT NULL GROUP BY kind ORDER BY 2 DESC LIMIT 1")
	require.Equal(t, []string{"QUERY PLAN"}, a.columns)
	require.Equal(t, "EXPLAIN", a.tag)
	text := ""
	for _, l := range a.rows {
		text += l + "\n"
	}
	for _, part := range []string{"Scan on public.e", "Columns: kind, n", "10", "Group Key: ", "Aggregates: sum", "Sort Key: ", " DESC", "Top-N Sort (1)"} {
		require.Contains(t, text, part)
	}
	require.NotContains(t, text, "5 * 2", "constants are folded")
	a = db.must("EXPLAIN ANALYZE SELECT count(*) FROM e x JOIN e y ON x.id = y.id AND x.n < y.n")
	text = ""
	for _, l := range a.rows {
		text += l + "\n"
	}
	for _, part := range []string{"Hash Join", "Hash Cond: ", "Join Filter: ", "Project  (actual rows=1 loops=1)", "Scan on public.e x  (actual rows=3 loops=1)", "Hot Segments: 1 read, 0 skipped", "Execution Time: "} {
		require.Contains(t, text, part)
	}
	require.Len(t, db.rows("EXPLAIN (ANALYZE false, COSTS off) SELECT 1"), len(db.rows("EXPLAIN SELECT 1")))
	db.fails("0A000", "EXPLAIN (NOSUCH) SELECT 1")
	db.fails("0A000", "EXPLAIN DELETE FROM e")
	db.fails("42P01", "EXPLAIN SELECT * FROM nosuch")
	require.Equal(t, []string{"3"}, db.rows("SELECT count(*) FROM e"))
}

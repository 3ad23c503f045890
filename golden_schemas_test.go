package stoa_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// versionRow gives a row of VALUES for system.table_schemas.
func versionRow(id int, name string, number int64, schema string) string {
	namespace, table, _ := strings.Cut(name, ".")
	return fmt.Sprintf("('00000000-0000-4000-8000-%012d', '%s', '%s', %d, '%s')", id, namespace, table, number, strings.ReplaceAll(schema, "'", "''"))
}

const insertVersions = "INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) VALUES "

const emptySchema = `{"fields": []}`

// newHistories makes a database with the table mine, of two versions, and the imported history of other.one, of three.
func newHistories(t *testing.T) *database {
	db := newDatabase(t, 0)
	db.must("CREATE TABLE mine (id int)")
	db.must("ALTER TABLE mine ADD COLUMN a text")
	db.must(insertVersions + strings.Join([]string{versionRow(3, "other.one", 3, emptySchema), versionRow(1, "other.one", 1, emptySchema), versionRow(2, "other.one", 2, emptySchema)}, ", "))
	return db
}

// TestBadVersions writes what is no version through system.table_schemas, alone and behind rows that are good, and holds the database against what it was:
// nothing is kept, now and after recovery.
func TestBadVersions(t *testing.T) {
	t.Parallel()
	db := newHistories(t)
	before := db.dump()
	good := versionRow(90, "other.one", 4, emptySchema) + ", " + versionRow(91, "third", 1, emptySchema)
	for name, bad := range map[string]struct {
		code string
		rows string
	}{
		"a gap":                        {"23514", versionRow(50, "other.two", 2, emptySchema)},
		"a gap behind":                 {"23514", versionRow(50, "other.one", 6, emptySchema)},
		"a gap in a table's versions":  {"23514", versionRow(50, "public.mine", 4, emptySchema)},
		"version 0":                    {"23514", versionRow(50, "other.two", 0, emptySchema)},
		"a negative version":           {"23514", versionRow(50, "other.two", -1, emptySchema)},
		"the greatest version":         {"23514", versionRow(50, "other.two", 1<<63-1, emptySchema)},
		"a version that is there":      {"23505", versionRow(50, "other.one", 2, emptySchema)},
		"a table's version again":      {"23505", versionRow(50, "public.mine", 2, emptySchema)},
		"one version twice":            {"23505", versionRow(50, "other.two", 1, emptySchema) + ", " + versionRow(51, "other.two", 1, emptySchema)},
		"one schema_id twice":          {"23505", versionRow(50, "other.two", 1, emptySchema) + ", " + versionRow(50, "other.two", 2, emptySchema)},
		"a schema_id that is there":    {"23505", versionRow(2, "other.two", 1, emptySchema)},
		"no JSON":                      {"22P02", versionRow(50, "other.two", 1, `{`)},
		"NULL for JSON":                {"23502", "('00000000-0000-4000-8000-000000000050', 'other', 'two', 1, NULL)"},
		"NULL for a number":            {"23502", "('00000000-0000-4000-8000-000000000050', 'other', 'two', NULL, '{\"fields\": []}')"},
		"duplicate columns":            {"42701", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "a", "data_type": "Utf8", "nullable": true, "metadata": {}}]}`)},
		"an unknown type":              {"22P02", versionRow(50, "other.two", 1, oneField("a", "Int63"))},
		"an unknown type within":       {"22P02", versionRow(50, "other.two", 1, oneField("a", `List(Field { name: \"item\", data_type: Strings, nullable: true, metadata: {} })`))},
		"a type of PostgreSQL":         {"22P02", versionRow(50, "other.two", 1, oneField("a", "bigint"))},
		"a type that is cut off":       {"22P02", versionRow(50, "other.two", 1, oneField("a", "Timestamp(Microsecond, None"))},
		"text behind a type":           {"22P02", versionRow(50, "other.two", 1, oneField("a", "Int64)"))},
		"no type":                      {"22P02", versionRow(50, "other.two", 1, oneField("a", ""))},
		"a null for JSON":              {"22P02", versionRow(50, "other.two", 1, `null`)},
		"an array":                     {"22P02", versionRow(50, "other.two", 1, `[]`)},
		"no fields":                    {"22P02", versionRow(50, "other.two", 1, `{}`)},
		"fields that are no array":     {"22P02", versionRow(50, "other.two", 1, `{"fields": {}}`)},
		"a field that is no object":    {"22P02", versionRow(50, "other.two", 1, `{"fields": ["a"]}`)},
		"a field without a name":       {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"data_type": "Int64", "nullable": true, "metadata": {}}]}`)},
		"a name that is no text":       {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": null, "data_type": "Int64", "nullable": true, "metadata": {}}]}`)},
		"a field without a type":       {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "nullable": true, "metadata": {}}]}`)},
		"a type that is no text":       {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "data_type": 64, "nullable": true, "metadata": {}}]}`)},
		"nullable that is no boolean":  {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "data_type": "Int64", "nullable": "yes", "metadata": {}}]}`)},
		"metadata that is no object":   {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "data_type": "Int64", "nullable": true, "metadata": [1]}]}`)},
		"metadata whose value is none": {"22P02", versionRow(50, "other.two", 1, `{"fields": [{"name": "a", "data_type": "Int64", "nullable": true, "metadata": {"k": 1}}]}`)},
		"types nested without end":     {"", versionRow(50, "other.two", 1, oneField("a", strings.Repeat("List(", 100000)))},
	} {
		t.Run(name, func(t *testing.T) {
			for _, rows := range []string{bad.rows, good + ", " + bad.rows, bad.rows + ", " + good} {
				err := db.run(insertVersions + rows).err
				require.Error(t, err)
				if bad.code != "" {
					require.Equal(t, bad.code, string(sqlstate.CodeOf(err)), err)
				}
				require.Equal(t, before, db.dump())
			}
		})
	}
	db.reopen()
	require.Equal(t, before, db.dump())
	require.Equal(t, "INSERT 0 2", db.must(insertVersions+good).tag, "what was good is good alone")
}

func oneField(name, kind string) string {
	return fmt.Sprintf(`{"fields": [{"name": "%s", "data_type": "%s", "nullable": true, "metadata": {}}]}`, name, kind)
}

// TestVersionsStay tries to change and remove versions.
func TestVersionsStay(t *testing.T) {
	t.Parallel()
	db := newHistories(t)
	before := db.dump()
	for _, sql := range []string{
		"UPDATE system.table_schemas SET table_name = 'x' WHERE namespace_id = 'other'", "UPDATE system.table_schemas SET schema_json = '{\"fields\": []}'",
		"DELETE FROM system.table_schemas", "DELETE FROM system.table_schemas WHERE schema_version = 3", "TRUNCATE system.table_schemas",
		insertVersions + versionRow(1, "other.one", 4, emptySchema) + " ON CONFLICT (schema_id) DO UPDATE SET table_name = 'x'",
	} {
		err := db.run(sql).err
		require.Equal(t, "0A000", string(sqlstate.CodeOf(err)), "%s: %v", sql, err)
		require.Equal(t, before, db.dump(), sql)
	}
	for _, sql := range []string{"DROP TABLE system.table_schemas", "ALTER TABLE system.table_schemas DROP COLUMN created_at", "ALTER TABLE system.table_schemas RENAME TO x"} {
		require.Error(t, db.run(sql).err, sql)
		require.Equal(t, before, db.dump(), sql)
	}
	db.must("CALL system.flush('system.table_schemas', all_rows => true)")
	db.must("CALL system.flush(all_rows => true)")
	hot, cold := db.rowsByHeat(schemahistory.TableSchemas)
	require.Zero(t, cold)
	require.EqualValues(t, 4+2+3, hot)
}

// TestVersionsOfNames follows names through tables that come and go: the versions are counted on, under the name.
func TestVersionsOfNames(t *testing.T) {
	t.Parallel()
	db := newHistories(t)
	last := func(namespace, table string) string {
		a := db.must("SELECT max(schema_version) || ' ' || count(*) FROM system.table_schemas WHERE namespace_id = '" + namespace + "' AND table_name = '" + table + "'")
		if a.rows[0][0] == nil {
			return "none"
		}
		return a.value()
	}
	changes := func(table string) string {
		return db.must("SELECT schema_history -> -1 ->> 'changes' FROM information_schema.tables WHERE table_name = '" + table + "'").value()
	}
	version := func(table string) string {
		return db.must("SELECT schema_version FROM information_schema.tables WHERE table_name = '" + table + "'").value()
	}
	require.Equal(t, "3 3", last("other", "one"))
	db.must("CREATE TABLE other.one (id int)")
	require.Equal(t, "4 4", last("other", "one"))
	require.Equal(t, "created the table anew", changes("one"))
	require.Equal(t, "4", version("one"))
	db.must("DROP TABLE other.one")
	require.Equal(t, "5 5", last("other", "one"), "dropping is a version")
	require.Empty(t, db.must("SELECT 1 FROM information_schema.tables WHERE table_name = 'one'").rows)

	// A version that comes through the face is seen inline, and the next ALTER follows it.
	db.must(insertVersions + versionRow(30, "public.mine", 3, oneField("x", "Int8")))
	require.Equal(t, "3", version("mine"))
	require.Equal(t, `{"name": "x", "metadata": {}, "nullable": true, "data_type": "Int8"}`,
		db.must("SELECT schema_history -> 2 -> 'schema_json' -> 'fields' -> 0 FROM information_schema.tables WHERE table_name = 'mine'").value())
	db.must("ALTER TABLE mine ADD COLUMN b int")
	require.Equal(t, "4", version("mine"))
	require.Equal(t, "added column b integer", changes("mine"))

	// A table takes its versions along; under a name that has had a table it goes on counting there.
	db.must("ALTER TABLE mine RENAME TO yours")
	require.Equal(t, "none", last("public", "mine"))
	require.Equal(t, "5 5", last("public", "yours"))
	require.Equal(t, "renamed from public.mine", changes("yours"))
	db.must("ALTER TABLE yours RENAME TO other.one")
	require.Equal(t, "6 6", last("other", "one"))
	require.Equal(t, "6 6", last("public", "yours"), "the old name keeps its versions")
	db.checkHistories()
	db.checkCurrent()
	db.reopen()
	db.checkHistories()
	db.checkCurrent()
	require.Equal(t, "6", version("one"))
	db.must("ALTER TABLE other.one SET (storage = 'primary')")
	require.Equal(t, "6", version("one"), "settings are no schema")
	require.Equal(t, "schema_id|namespace_id|table_name|schema_version|schema_json|created_at", strings.Join(db.must("SELECT * FROM system.table_schemas").columns, "|"))
}

// TestDeprecationNotice: the first statement of a session that uses system.table_schemas says once what takes its place.
func TestDeprecationNotice(t *testing.T) {
	t.Parallel()
	deprecated := func(a answer) int {
		n := 0
		for _, x := range a.notices {
			if x.Code == "01P01" {
				n++
				require.Equal(t, "NOTICE", x.Severity)
				require.Contains(t, x.Message+x.Hint, "information_schema.tables")
			}
		}
		return n
	}
	for _, sql := range []string{
		"SELECT count(*) FROM system.table_schemas", insertVersions + versionRow(1, "a.b", 1, emptySchema),
		"SELECT 1 FROM system.jobs WHERE EXISTS (SELECT 1 FROM system.table_schemas)", "WITH x AS (SELECT * FROM system.table_schemas) SELECT count(*) FROM x",
	} {
		db := newDatabase(t, 0)
		require.Zero(t, deprecated(db.must("SELECT count(*) FROM system.jobs")))
		require.Zero(t, deprecated(db.must("SELECT count(*), max(schema_history::text) FROM information_schema.tables")))
		require.Equal(t, 1, deprecated(db.must(sql)), sql)
		require.Zero(t, deprecated(db.must("SELECT count(*) FROM system.table_schemas")), sql)
		db.reshape(shape{})
		require.Equal(t, 1, deprecated(db.must("SELECT count(*) FROM system.table_schemas")), "a new session")
	}
}

// TestCopyVersions brings versions in and out by COPY, in any order.
func TestCopyVersions(t *testing.T) {
	t.Parallel()
	db := newHistories(t)
	dir := "/copied" // in the database's file system
	write := func(name string, lines ...string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, db.fs.MkdirAll(dir))
		require.NoError(t, vfs.AtomicWrite(db.fs, path, func(w io.Writer) error {
			_, err := io.WriteString(w, "schema_id,namespace_id,table_name,schema_version,schema_json\n"+strings.Join(lines, "\n")+"\n")
			return err
		}))
		return path
	}
	line := func(id, number int, schema string) string {
		return fmt.Sprintf(`00000000-0000-4000-8000-%012d,other,one,%d,"%s"`, id, number, strings.ReplaceAll(schema, `"`, `""`))
	}
	copyIn := func(path string) answer {
		return db.run("COPY system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) FROM '" + path + "' (FORMAT csv, HEADER)")
	}
	before := db.dump()
	for name, want := range map[string]string{
		write("gap", line(60, 4, emptySchema), line(62, 6, emptySchema)):                             "23514",
		write("twice", line(60, 4, emptySchema), line(61, 4, emptySchema)):                           "23505",
		write("type", line(60, 4, emptySchema), line(61, 5, oneField("a", "Nothing"))):               "22P02",
		write("columns", line(60, 4, emptySchema), line(61, 5, `{"fields": [{"name": "a"}, 5]}`)):    "22P02",
		write("json", line(60, 4, emptySchema), line(61, 5, `{"fields": `), line(62, 6, `{"a": 1}`)): "22P02",
	} {
		err := copyIn(name).err
		require.Equal(t, want, string(sqlstate.CodeOf(err)), "%s: %v", name, err)
		require.Equal(t, before, db.dump(), name)
	}
	var lines []string
	for i := 500; i >= 4; i-- {
		lines = append(lines, line(1000+i, i, oneField(fmt.Sprintf("c%d", i), "Int64")))
	}
	a := copyIn(write("good", lines...))
	require.NoError(t, a.err)
	require.Equal(t, "COPY 497", a.tag)
	db.checkHistories()
	db.reopen()
	require.Equal(t, "500 500", db.must("SELECT max(schema_version) || ' ' || count(*) FROM system.table_schemas WHERE namespace_id = 'other'").value())
	db.must("COPY system.table_schemas TO '" + filepath.Join(dir, "out.csv") + "' (FORMAT csv, HEADER)")
	out, err := vfs.ReadFile(db.fs, filepath.Join(dir, "out.csv"), 1<<20)
	require.NoError(t, err)
	require.Len(t, splitCSV(string(out)), 1+4+2+500)
}

// TestFlushOfAUser writes the messages of one user to the contract's own example of a path, and tells of it as the contract's example of a job does.
func TestFlushOfAUser(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, 0)
	db.must("UPDATE system.storages SET path_template = '{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/', base_path = './data/storage' WHERE name = 'primary'")
	db.must("CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL, content text NOT NULL, created_at timestamp NOT NULL DEFAULT now())")
	db.must("INSERT INTO chat.messages (id, user_id, content) VALUES (1, 'jamal', 'a'), (2, 'ana', 'b'), (3, 'jamal', 'c')")
	db.must("CALL system.flush('chat.messages', all_rows => true, user_id => 'jamal')")
	files, err := db.fs.ReadDir("/db/data/storage/chat/users/jamal/messages/j")
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.Equal(t, "batch-2025-10-21-143022.parquet", files[0].Name())
	_, err = db.fs.ReadDir("/db/data/storage/chat/users/ana")
	require.ErrorIs(t, err, os.ErrNotExist)
	hot, cold := db.rowsByHeat(schemahistory.Name{Namespace: "chat", Table: "messages"})
	require.Equal(t, []int64{1, 2}, []int64{hot, cold})
	require.Equal(t, `["chat", "messages", "jamal"]`, db.must("SELECT parameters FROM system.jobs WHERE job_type = 'flush' AND status = 'completed'").value())
	db.must("ALTER TABLE chat.messages ADD COLUMN likes int NOT NULL DEFAULT 7, DROP COLUMN content")
	require.Equal(t, "1 7,2 7,3 7", db.must("SELECT string_agg(id || ' ' || likes, ',' ORDER BY id) FROM chat.messages").value())
	db.must("CREATE TABLE plain (id int)")
	err = db.run("CALL system.flush('plain', user_id => 'jamal')").err
	require.Equal(t, "22023", string(sqlstate.CodeOf(err)), err)
}

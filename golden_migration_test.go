package stoa_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// migrationText reads a file of testdata/migration.
func migrationText(t testing.TB, name string) string {
	text, err := os.ReadFile(filepath.Join("testdata", "migration", filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

func parsed(t testing.TB, text string) []parser.Stmt {
	stmts, err := parser.Parse(text)
	require.NoError(t, err)
	return stmts
}

// migrationStatements is the contract's migration guide as one would put it into a file, with a schema in place of its placeholder.
func migrationStatements(t testing.TB) []parser.Stmt {
	schema := strings.ReplaceAll(migrationText(t, "schema.json"), "'", "''")
	var text strings.Builder
	for _, st := range contractStatements(t) {
		if strings.HasPrefix(st.section, "Migration Guide") {
			text.WriteString(strings.Replace(st.sql, "<current_schema_as_json>", schema, 1) + ";\n\n")
		}
	}
	stmts := parsed(t, text.String())
	require.Len(t, stmts, 12)
	return stmts
}

// migrationSet gives the contract's SELECTs with their answers after the migration.
func migrationSet(t testing.TB, name string) []goldenQuery {
	dir := filepath.Join("testdata", "migration", "golden")
	return goldenSet(t, filepath.Join(dir, name+".txt"), filepath.Join(dir, name))
}

// legacyForm is a way for the rows of a database of the older form to lie about before its migration, and for the engine to go through it.
type legacyForm struct {
	name        string
	segmentRows int
	flushAt     func(statement int) bool // whether all rows are flushed after the statement of this number, of those that load the rows
	flushLast   bool                     // whether all rows are flushed before the migration
	between     func(db *database)       // between two statements of the migration
}

func legacyForms() []legacyForm {
	never := func(int) bool { return false }
	nothing := func(*database) {}
	return []legacyForm{
		{"hot", 0, never, false, nothing},
		{"flushed", 0, never, true, nothing},
		{"half", 0, func(i int) bool { return i == 7 }, false, nothing},
		{"half in small segments", 7, func(i int) bool { return i == 7 }, false, nothing},
		{"flushed and reopened between the steps", 0, never, true, (*database).reopen},
		{"half and flushed between the steps", 0, func(i int) bool { return i == 7 }, false, (*database).flushQuietly},
	}
}

// newLegacy makes a database of the older form and fills it.
func newLegacy(t testing.TB, f *legacyForm) *database {
	db := openOptions(t, store.Options{Legacy: true, SegmentRows: f.segmentRows})
	t.Cleanup(func() { require.NoError(t, db.store.Close()) })
	db.must("DELETE FROM system.storage_locations")
	// The storages first: a flush needs one.
	data := parsed(t, migrationText(t, "legacy.sql"))
	slices.SortStableFunc(data, func(a, b parser.Stmt) int {
		first := func(s parser.Stmt) bool { return strings.Contains(s.Text, "system.storage_locations") }
		switch {
		case first(a) == first(b):
			return 0
		case first(a):
			return -1
		}
		return 1
	})
	for i, st := range append(data, parsed(t, migrationText(t, "tables.sql"))...) {
		a := db.execute(st)
		require.NoError(t, a.err, st.Text)
		if f.flushAt(i) {
			db.flushQuietly()
		}
	}
	if f.flushLast {
		db.flushQuietly()
	}
	return db
}

// flushQuietly moves all rows of all tables to files and takes away the jobs that tell of it, which a golden answer knows nothing of. It works in a
// database of the older form too, whose jobs have no trace to know them by.
func (db *database) flushQuietly() {
	ids := func() map[string]bool {
		out := map[string]bool{}
		for _, row := range db.must("SELECT job_id FROM system.jobs").rows {
			out[*row[0]] = true
		}
		return out
	}
	before := ids()
	db.must("CALL system.flush(all_rows => true)")
	for id := range ids() {
		if !before[id] {
			db.must("DELETE FROM system.jobs WHERE job_id = '" + id + "'")
		}
	}
}

// answerOld runs the queries of applications that know the older form alone.
func (db *database) answerOld(t *testing.T) {
	for i, st := range parsed(t, migrationText(t, "old.sql")) {
		a := db.execute(st)
		require.NoError(t, a.err, st.Text)
		rows := a.records()
		if !strings.Contains(st.Text, "ORDER BY") {
			slices.Sort(rows)
		}
		header := answer{columns: a.columns}
		want := migrationText(t, fmt.Sprintf("golden/old/%02d.csv", i+1))
		if got := header.csv() + strings.Join(rows, ""); got != want {
			t.Errorf("%s\n%s", st.Text, firstDifference(want, got))
		}
	}
}

// refused runs a statement that has to fail, with a code and a hint that names what to do.
func (db *database) refused(sql, code string, hints ...string) {
	err := db.run(sql).err
	var e *sqlstate.Error
	require.True(db.t, errors.As(err, &e), "%s: %v", sql, err)
	require.Equal(db.t, code, string(e.Code), "%s: %s", sql, e.Message)
	for _, h := range hints {
		require.Contains(db.t, e.Hint, h, sql)
	}
}

// TestMigrationByStatements builds databases of the older form, runs the contract's migration statements as they are written, and compares the contract's
// 25 SELECTs with PostgreSQL's answers after it has run the same; then new rows come, and the schemas go on changing.
func TestMigrationByStatements(t *testing.T) {
	t.Parallel()
	for _, f := range legacyForms() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			db := newLegacy(t, &f)
			db.answerOld(t)
			db.refused("SELECT * FROM system.storages", "42P01", "system.storage_locations", "stoa migrate")
			stmts := migrationStatements(t)
			tables := db.must("SELECT count(*) + 1 FROM system.tables").value() // table_schemas is still to come
			for i, st := range stmts {
				a := db.execute(st)
				require.NoError(t, a.err, st.Text)
				if !strings.HasPrefix(st.Text, "CREATE INDEX") { // which came with the table
					require.Empty(t, own(a.notices), st.Text)
				}
				if i == len(stmts)-1 {
					require.Equal(t, "INSERT 0 "+tables, a.tag)
				}
				f.between(db)
			}
			db.migrated(t, "migrated")
			db.again(t, stmts)
			db.migrated(t, "migrated")
			db.grow(t)
		})
	}
}

// migrated holds a database that has been migrated against golden answers, in every shape, and recovered.
func (db *database) migrated(t *testing.T, set string) {
	queries := migrationSet(t, set)
	for _, s := range shapes() {
		db.reshape(s)
		db.answerAll(t, queries)
	}
	db.reopen()
	db.answerAll(t, queries)
	db.answerOld(t)
	db.refused("SELECT * FROM system.storage_locations", "42P01", "system.storages")
	require.Equal(t, "0", db.must("SELECT count(*) FROM system.live_queries WHERE changes IS NULL").value())
	db.refused("UPDATE system.live_queries SET changes = NULL", "23502")
	db.checkHistories()
}

// again runs the migration's statements a second time: all find their work done.
func (db *database) again(t *testing.T, stmts []parser.Stmt) {
	for i, st := range stmts {
		a := db.execute(st)
		require.NoError(t, a.err, st.Text)
		if i == len(stmts)-1 {
			require.Equal(t, "INSERT 0 0", a.tag)
			require.NotEmpty(t, a.notices)
			continue
		}
		require.Len(t, own(a.notices), 1, st.Text)
	}
	a := db.must("CALL system.migrate()")
	require.Len(t, a.notices, 1)
	require.Contains(t, a.notices[0].Message, "nothing to migrate")
	require.Equal(t, "0", db.must("SELECT count(*) FROM system.jobs WHERE job_type = 'migrate' AND trace LIKE '"+goldenNode+":%'").value())
}

// grow writes the rows and changes that come after the migration, hot and flushed.
func (db *database) grow(t *testing.T) {
	grown := migrationText(t, "grown.sql")
	var text string
	for _, part := range strings.Split(grown, "-- stoa\n")[1:] {
		text += strings.Split(part, "-- postgresql\n")[0]
	}
	db.load(parsed(t, migrationText(t, "later.sql")))
	db.refused("ALTER TABLE chat.messages ADD COLUMN lost int, ALTER COLUMN likes SET NOT NULL", "23502")
	db.load(parsed(t, text))
	queries := migrationSet(t, "grown")
	db.answerAll(t, queries)
	db.flushQuietly()
	db.answerAll(t, queries)
	db.reopen()
	db.answerAll(t, queries)
	db.must("INSERT INTO system.jobs (job_id, job_type, status) VALUES ('00000000-0000-4000-8000-000000000001', 'x', 'pending')")
	require.Equal(t, "1", db.must("UPDATE system.jobs SET parameters = '[1]', memory_used = 5 WHERE parameters IS NULL AND job_type = 'x' RETURNING memory_used - 4").value())
}

// TestMigrationByCall migrates by one statement, which is a job.
func TestMigrationByCall(t *testing.T) {
	t.Parallel()
	for _, f := range legacyForms()[:4] {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			db := newLegacy(t, &f)
			a := db.must("CALL system.migrate()")
			require.Equal(t, "CALL", a.tag)
			db.migrationJob(t)
			db.migrated(t, "called")
			require.Equal(t, "6", db.must("SELECT count(*) FROM system.table_schemas WHERE schema_version = 1").value())
			a = db.must("CALL system.migrate()")
			require.Len(t, a.notices, 1)
			require.Contains(t, a.notices[0].Message, "nothing to migrate")
			// The contract's statements find their work done as well, the back-fill of the contract's own tables too.
			stmts := migrationStatements(t)
			for _, st := range stmts[:len(stmts)-1] {
				a := db.execute(st)
				require.NoError(t, a.err, st.Text)
				require.Len(t, own(a.notices), 1, st.Text)
			}
			backfill := strings.Replace(stmts[len(stmts)-1].Text, "FROM system.tables", "FROM system.tables WHERE namespace_id = 'system'", 1)
			a = db.must(backfill)
			require.Equal(t, "INSERT 0 0", a.tag)
			require.NotEmpty(t, own(a.notices))
			db.migrated(t, "called")
		})
	}
}

// migrationJob checks the row that tells of the migration, and takes it away.
func (db *database) migrationJob(t *testing.T) {
	a := db.must("SELECT status, parameters, result, memory_used, cpu_used, created_at <= started_at AND started_at <= completed_at, error FROM system.jobs WHERE job_type = 'migrate' AND trace LIKE '" + goldenNode + ":%'")
	require.Len(t, a.rows, 1)
	row := a.rows[0]
	require.Nil(t, row[6], "error")
	for i := range 6 {
		require.NotNil(t, row[i], a.columns[i])
	}
	require.Equal(t, "completed", *row[0])
	var steps []string
	require.NoError(t, json.Unmarshal([]byte(*row[1]), &steps))
	require.NotEmpty(t, steps)
	for _, word := range []string{"Migrated 3 tables", "8 columns", "system.storage_locations", "system.storages", "6 schema versions"} {
		require.Contains(t, *row[2], word)
	}
	require.NotEqual(t, "0", *row[3], "memory_used")
	require.Equal(t, "t", *row[5])
	require.Equal(t, "DELETE 1", db.must("DELETE FROM system.jobs WHERE job_type = 'migrate' AND trace LIKE '"+goldenNode+":%'").tag)
}

// TestMigrationInPart runs some of the contract's statements, then the rest by one command: what is done is not done again.
func TestMigrationInPart(t *testing.T) {
	t.Parallel()
	f := legacyForms()[2]
	stmts := migrationStatements(t)
	for n := 1; n < len(stmts)-1; n += 2 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			db := newLegacy(t, &f)
			db.load(stmts[:n])
			db.reopen()
			db.must("CALL system.migrate()")
			db.must("DELETE FROM system.jobs WHERE job_type = 'migrate' AND trace LIKE '" + goldenNode + ":%'")
			db.migrated(t, "called")
		})
	}
}

// TestLegacyIsOlderForm looks at what a database of the older form lacks and refuses.
func TestLegacyIsOlderForm(t *testing.T) {
	t.Parallel()
	db := openOptions(t, store.Options{Legacy: true})
	t.Cleanup(func() { require.NoError(t, db.store.Close()) })
	require.Equal(t, []string{"job_id", "job_type", "status", "created_at", "started_at", "completed_at", "error"}, db.must("SELECT * FROM system.jobs").columns)
	require.Equal(t, []string{"live_id", "user_id", "namespace_id", "table_name", "query", "created_at", "last_update"}, db.must("SELECT * FROM system.live_queries").columns)
	require.Equal(t, "1", db.must("SELECT count(*) FROM system.storage_locations").value())
	for _, sql := range []string{"SELECT * FROM system.table_schemas", "SELECT * FROM system.storages"} {
		db.refused(sql, "42P01")
	}
	// The migration's statements only make the tables more like the contract's.
	for _, sql := range []string{
		"ALTER TABLE system.jobs ADD COLUMN parameters TEXT", "ALTER TABLE system.jobs ADD COLUMN more TEXT", "ALTER TABLE system.jobs DROP COLUMN error",
		"ALTER TABLE system.jobs RENAME COLUMN error TO message", "ALTER TABLE system.jobs RENAME TO system.tasks", "ALTER TABLE system.storage_locations RENAME TO system.places",
		"ALTER TABLE system.jobs ALTER COLUMN error SET NOT NULL", "ALTER TABLE system.jobs ALTER COLUMN error TYPE varchar",
		"ALTER TABLE system.live_queries ADD COLUMN changes BIGINT DEFAULT 7", "CREATE TABLE system.more (id int)",
	} {
		db.refused(sql, "42501")
	}
	snap := db.store.Snapshot()
	defer snap.Close()
	for _, table := range snap.Tables() {
		require.Zero(t, table.Def.Version, table.Def.Name)
	}
	_, ok := snap.Table(schemahistory.Name{Namespace: "system", Table: "storages"})
	require.False(t, ok)
}

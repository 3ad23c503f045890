package exec_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// newLegacy makes a database of the older form with some rows, of which settle flushes what is there.
func newLegacy(t testing.TB, flushed bool) *database {
	db := &database{t: t, fs: vfs.NewMem()}
	db.open(store.Options{Legacy: true}, nil)
	db.must(`INSERT INTO system.jobs (job_id, job_type, status, started_at, error) VALUES
		('00000000-0000-4000-8000-000000000001', 'flush', 'completed', now(), NULL), ('00000000-0000-4000-8000-000000000002', 'backup', 'failed', now(), 'no')`)
	db.must(`INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query)
		VALUES ('00000000-0000-4000-8000-000000000003', 'jamal', 'chat', 'messages', 'SELECT 1')`)
	db.must("CREATE TABLE chat.messages (id bigint PRIMARY KEY, user_id text NOT NULL, content text)")
	db.must("INSERT INTO chat.messages VALUES (1, 'jamal', 'hello')")
	if flushed {
		db.must("CALL system.flush(all_rows => true)")
		db.must("DELETE FROM system.jobs WHERE job_type = 'flush' AND started_at IS NOT NULL AND job_id > '00000000-0000-4000-8000-000000000009'")
	}
	return db
}

// migrationGuide gives the statements of the contract's migration guide, with a schema in the place of the back-fill's placeholder.
func migrationGuide(t testing.TB) []string {
	text, err := os.ReadFile("../../testdata/contract/statements.sql")
	require.NoError(t, err)
	_, guide, ok := strings.Cut(string(text), "ALTER TABLE system.jobs ADD COLUMN parameters JSONB;")
	require.True(t, ok)
	guide, _, ok = strings.Cut("ALTER TABLE system.jobs ADD COLUMN parameters JSONB;"+guide, "FROM system.tables;")
	require.True(t, ok)
	guide = strings.ReplaceAll(guide+"FROM system.tables;", "<current_schema_as_json>", `{"fields": []}`)
	var lines, out []string
	for _, l := range strings.Split(guide, "\n") {
		if !strings.HasPrefix(l, "--") {
			lines = append(lines, l)
		}
	}
	for _, s := range strings.Split(strings.Join(lines, "\n"), ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	require.GreaterOrEqual(t, len(out), 12)
	return out
}

const jobRows = "SELECT job_id, job_type, parameters, result, memory_used, error FROM system.jobs WHERE job_type <> 'migrate' ORDER BY job_id"

var wantJobs = []string{
	"00000000-0000-4000-8000-000000000001|flush|NULL|NULL|NULL|NULL", "00000000-0000-4000-8000-000000000002|backup|NULL|NULL|NULL|no",
}

// migrated checks that a database has the contract's form and kept its rows.
func (db *database) migrated() {
	db.t.Helper()
	require.Equal(db.t, wantJobs, db.rows(jobRows))
	require.Equal(db.t, []string{"jamal|NULL|0|NULL"}, db.rows("SELECT user_id, options, changes, node FROM system.live_queries"))
	require.Equal(db.t, []string{"1"}, db.rows("SELECT count(*) FROM system.live_queries WHERE changes = 0"))
	require.Equal(db.t, []string{"primary"}, db.rows("SELECT name FROM system.storages"))
	require.Contains(db.t, db.fails("42P01", "SELECT * FROM system.storage_locations").Hint, "system.storages")
	require.Equal(db.t, []string{"chat.messages", "system.jobs", "system.live_queries", "system.storages", "system.table_schemas"},
		db.rows("SELECT namespace_id || '.' || table_name FROM system.table_schemas WHERE schema_version = 1 ORDER BY 1"))
	db.fails("23502", "INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, changes) "+
		"VALUES (gen_random_uuid(), 'a', 'b', 'c', 'd', NULL)")
	snap := db.store.Snapshot()
	defer snap.Close()
	for _, want := range schemahistory.Contract() {
		view, ok := snap.Table(want.Name)
		require.True(db.t, ok, want.Name)
		require.Empty(db.t, view.Def.Lacks(), want.Name)
		require.ElementsMatch(db.t, want.Indexes, view.Def.Indexes)
		for _, c := range want.Columns {
			have := view.Def.Columns[view.Def.Find(c.Name)]
			c.Missing = have.Missing
			require.Equal(db.t, c, have)
		}
	}
}

// In a database of the older form everything works, and what it lacks is said with advice.
func TestLegacy(t *testing.T) {
	t.Parallel()
	db := newLegacy(t, false)
	require.Equal(t, []string{"00000000-0000-4000-8000-000000000002|backup"}, db.rows("SELECT job_id, job_type FROM system.jobs WHERE status = 'failed'"))
	require.Contains(t, db.fails("42P01", "SELECT * FROM system.storages").Hint, "system.storage_locations")
	require.Contains(t, db.fails("42P01", "SELECT * FROM system.storages").Hint, "stoa migrate")
	require.Contains(t, db.fails("42P01", "SELECT * FROM system.table_schemas").Hint, "stoa migrate")
	require.Contains(t, db.fails("42501", "CREATE TABLE system.storages (x int)").Hint, "stoa migrate")
	db.fails("42703", "SELECT parameters FROM system.jobs")
	require.Equal(t, []string{"jobs|NULL|[]", "live_queries|NULL|[]", "messages|NULL|[]", "storage_locations|NULL|[]"},
		db.rows("SELECT table_name, schema_version, schema_history FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY 1"))
	for _, c := range []struct{ code, sql string }{
		{"42501", "ALTER TABLE system.jobs ADD COLUMN parameters TEXT"},
		{"42501", "ALTER TABLE system.jobs ADD COLUMN parameters JSONB UNIQUE"},
		{"42501", "ALTER TABLE system.jobs ADD COLUMN memory_used BIGINT DEFAULT 1"},
		{"42501", "ALTER TABLE system.jobs ADD COLUMN options JSONB"},
		{"42501", "ALTER TABLE system.storage_locations RENAME TO system.places"},
		{"42501", "ALTER TABLE system.jobs RENAME TO works"},
		{"42501", "CREATE TABLE system.table_schemas (schema_id UUID PRIMARY KEY)"},
		{"42501", "ALTER TABLE system.jobs DROP COLUMN error"},
		{"42703", "ALTER TABLE system.jobs DROP COLUMN trace"},
	} {
		db.fails(sqlCode(c.code), c.sql)
	}
	db.must("ALTER TABLE chat.messages ADD COLUMN n int DEFAULT 3")
	require.Equal(t, []string{"1|3"}, db.rows("SELECT id, n FROM chat.messages"))
	require.Equal(t, []string{"NULL"}, db.rows("SELECT schema_version FROM information_schema.tables WHERE table_name = 'messages'"))
}

// The statements of the migration guide, verbatim, and once more: those that find their work done raise a notice.
func TestMigrationGuide(t *testing.T) {
	t.Parallel()
	for _, flushed := range []bool{false, true} {
		db := newLegacy(t, flushed)
		for _, sql := range migrationGuide(t) {
			a := db.must(sql)
			if strings.HasPrefix(sql, "INSERT") {
				require.Equal(t, "INSERT 0 5", a.tag)
			}
			// The index of the table that has just been made as the contract has it is there.
			require.Equal(t, strings.HasPrefix(sql, "CREATE INDEX"), len(a.notices) > 0 && a.notices[0].Code == "42P07", sql)
		}
		db.migrated()
		for _, sql := range migrationGuide(t) {
			a := db.must(sql)
			if strings.HasPrefix(sql, "INSERT") {
				require.Equal(t, "INSERT 0 0", a.tag)
				require.Len(t, a.notices, 5)
				continue
			}
			require.Len(t, a.notices, 1, sql)
		}
		require.Equal(t, "nothing to migrate: the database has the contract's form", db.must("CALL system.migrate()").notices[0].Message)
		require.Equal(t, []string{"0"}, db.rows("SELECT count(*) FROM system.jobs WHERE job_type = 'migrate'"))
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		db.migrated()
	}
}

// On a database that was made in the contract's form, the guide finds everything done.
func TestMigrationGuideOnNewForm(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	for _, sql := range migrationGuide(t) {
		a := db.must(sql)
		require.NotEmpty(t, a.notices, sql)
		if strings.HasPrefix(sql, "INSERT") {
			require.Equal(t, "INSERT 0 0", a.tag)
			require.Len(t, a.notices, 5)
			require.Equal(t, `schema version 1 of "system.jobs" already exists, skipping`, a.notices[1].Message)
		}
	}
	require.Equal(t, []string{"4|4"}, db.rows("SELECT count(*), count(DISTINCT table_name) FROM system.table_schemas"))
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	for _, flushed := range []bool{false, true} {
		db := newLegacy(t, flushed)
		require.Empty(t, db.must("CALL system.migrate()").notices)
		db.migrated()
		require.Equal(t, []string{
			`completed|Migrated 3 tables: added 8 columns, renamed system.storage_locations to system.storages, created system.table_schemas, ` +
				`recorded 5 schema versions|test:migrate-actor-1:main|15|"added column parameters to system.jobs"|t|t|NULL`,
		}, db.rows(`SELECT status, result, trace, jsonb_array_length(parameters), parameters->0, memory_used >= 0, cpu_used >= 0, error
			FROM system.jobs WHERE job_type = 'migrate'`))
		require.Equal(t, "nothing to migrate: the database has the contract's form", db.must("CALL system.migrate()").notices[0].Message)
		require.Equal(t, []string{"1"}, db.rows("SELECT count(*) FROM system.jobs WHERE job_type = 'migrate'"))
		require.Equal(t, []string{"0"}, db.rows("SELECT count(*) FROM system.jobs WHERE job_type = 'migrate' AND memory_used = 0"))
		db.fails("42883", "CALL system.migrate(1)")
		// The guide finds done what the command has done. Of a table of a user's the version is taken.
		for _, sql := range migrationGuide(t) {
			if strings.HasPrefix(sql, "INSERT") {
				db.fails("23505", sql)
				a := db.must(strings.Replace(sql, "FROM system.tables", "FROM system.tables WHERE namespace_id = 'system'", 1))
				require.Equal(t, "INSERT 0 0", a.tag)
				require.Len(t, a.notices, 4)
				continue
			}
			require.Len(t, db.must(sql).notices, 1, sql)
		}
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		db.migrated()
	}
}

// A migration that was begun by hand is finished; one that cannot be carried out leaves the database as it was.
func TestMigrateRest(t *testing.T) {
	t.Parallel()
	db := newLegacy(t, true)
	db.must("ALTER TABLE system.jobs ADD COLUMN trace TEXT, ADD COLUMN result TEXT")
	require.Equal(t, []string{"trace|result"}, db.rows("SELECT "+
		"max(CASE ordinal_position WHEN 8 THEN column_name END), max(CASE ordinal_position WHEN 9 THEN column_name END) "+
		"FROM information_schema.columns WHERE table_name = 'jobs'"))
	db.must("ALTER TABLE system.storage_locations RENAME TO system.storages")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.Error(t, db.runIn(ctx, "CALL system.migrate()").err)
	db.fails("42703", "SELECT parameters FROM system.jobs")
	db.must("CALL system.migrate()")
	require.Equal(t, []string{"Migrated 2 tables: added 6 columns, created system.table_schemas, recorded 5 schema versions"},
		db.rows("SELECT result FROM system.jobs WHERE job_type = 'migrate'"))
	db.migrated()
	// The columns stand in another order than the contract's, which a statement that makes the table as the contract has it does not mind.
	require.Equal(t, `relation "jobs" already exists, skipping`, db.must(createJobs).notices[0].Message)
	db.fails("42P07", strings.Replace(createJobs, "trace TEXT", "trace UUID", 1))
}

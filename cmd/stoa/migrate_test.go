package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/bench/contract"
)

// legacy makes a database of the older form, half of its jobs flushed.
func legacy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "db")
	got := stoaIn(t, "", "gen", "--legacy", "--rows", "2000", "--flush", "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^2,000 jobs, 20 live queries, 3 storages, [\d,]+ rows of them in \d+ Parquet files?, in the older form, in `, got.out)
	return dir
}

// oldJobs are the columns of a job that the older form has.
const oldJobs = "job_id, job_type, status, created_at, started_at, completed_at, error"

func TestGenLegacy(t *testing.T) {
	t.Parallel()
	dir := legacy(t)
	got := sqlIn(t, dir, `SELECT count(*) >= 2000 AS jobs FROM system.jobs; SELECT count(*) AS storages FROM system.storage_locations; SELECT * FROM system.live_queries LIMIT 0;
		SELECT * FROM system.jobs LIMIT 0`, "--format", "csv")
	require.Equal(t, outcome{out: "jobs\nt\nstorages\n4\nlive_id,user_id,namespace_id,table_name,query,created_at,last_update\n" + strings.ReplaceAll(oldJobs, " ", "") + "\n"}, got)
	got = sqlIn(t, dir, "SELECT * FROM system.storages")
	require.Contains(t, got.err, "(SQLSTATE 42P01)")
	require.Contains(t, got.err, "stoa migrate")
	got = stoaIn(t, "", "schema", "history", "system.jobs", "--dir", dir)
	require.Contains(t, got.err, "(SQLSTATE 55000)\nHINT:  The database has the older form; stoa migrate")
	require.Contains(t, sqlIn(t, dir, `\d system.jobs`).out, "Schema version: none; versions are kept after stoa migrate\n")

	// It is always a new one.
	got = stoaIn(t, "", "gen", "--legacy", "--dir", dir)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "ERROR:  there is a database in "+dir+" already (SQLSTATE 58P02)\nHINT:  --legacy makes a new one")
	// But more rows can come.
	require.Zero(t, stoaIn(t, "", "gen", "--rows", "10", "--seed", "5", "--dir", dir).code)

	empty := filepath.Join(t.TempDir(), "empty")
	require.Zero(t, stoaIn(t, "", "gen", "--legacy", "--rows", "0", "--dir", empty).code)
	require.Equal(t, "count\n0\ncount\n0\nname\nprimary\n",
		sqlIn(t, empty, "SELECT count(*) FROM system.jobs; SELECT count(*) FROM system.live_queries; SELECT name FROM system.storage_locations", "--format", "csv").out)
	require.Equal(t, 1, stoaIn(t, "", "gen", "--legacy", "--rows", "-1", "--dir", filepath.Join(empty, "no")).code)
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	dir := legacy(t)
	require.Zero(t, sqlIn(t, dir, "CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL)").code)
	const rows = "SELECT " + oldJobs + " FROM system.jobs WHERE job_type <> 'migrate' OR completed_at < now() - interval '1 hour' ORDER BY 1"
	const places = "storage_id, name, base_path, path_template, created_at"
	before := sqlIn(t, dir, rows+"; SELECT "+places+" FROM system.storage_locations ORDER BY 2", "--format", "csv")
	require.Zero(t, before.code, before.err)
	got := stoaIn(t, "", "migrate", "--dir", dir)
	require.Zero(t, got.code, got.err)
	require.Regexp(t, `^Migrated 3 tables: added 8 columns, renamed system\.storage_locations to system\.storages, created system\.table_schemas, recorded 5 schema versions \(\d+\.\d\d s\)\n$`, got.out)
	after := sqlIn(t, dir, rows+"; SELECT "+places+" FROM system.storages ORDER BY 2", "--format", "csv")
	require.Equal(t, before, after, "no row is lost, hot or flushed")
	for _, q := range contract.Selects() {
		got := sqlIn(t, dir, q.SQL)
		require.Zero(t, got.code, "%s: %s", q.Title, got.err)
	}
	got = sqlIn(t, dir, `SELECT count(*) FROM system.jobs WHERE parameters IS NOT NULL AND job_type NOT IN ('migrate', 'flush');
		SELECT status, error IS NULL AS fine, memory_used > 0 AS memory, cpu_used >= 0 AS cpu FROM system.jobs WHERE job_type = 'migrate' AND result LIKE 'Migrated %';
		SELECT min(changes), max(changes) FROM system.live_queries; SELECT count(*) FROM information_schema.tables WHERE schema_version = 1`, "--format", "csv")
	require.Equal(t, "count\n0\nstatus,fine,memory,cpu\ncompleted,t,t,t\nmin,max\n0,0\ncount\n5\n", got.out, got.err)
	got = sqlIn(t, dir, "SELECT * FROM system.storage_locations")
	require.Contains(t, got.err, "(SQLSTATE 42P01)")
	require.Contains(t, got.err, "system.storages")

	// The columns stand in another order than the contract's; whoever writes rows must not care.
	got = stoaIn(t, "", "gen", "--rows", "50", "--seed", "5", "--dir", dir)
	require.Zero(t, got.code, got.err)
	got = sqlIn(t, dir, "SELECT count(*) FROM system.jobs WHERE trace LIKE 'node-%:%-actor-%:thread-%' AND memory_used > 0", "--format", "csv")
	require.NotEqual(t, "count\n0\n", got.out)

	got = stoaIn(t, "", "migrate", "--dir", dir)
	require.Equal(t, outcome{out: "nothing to migrate: the database in " + dir + " has the contract's form\n"}, got)
	got = stoaIn(t, "", "migrate", "--dir", filepath.Join(dir, "none"))
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "there is no database in")
}

// TestMigrateByStatements runs the contract's own migration as a script, with a schema in the place of its placeholder.
func TestMigrateByStatements(t *testing.T) {
	t.Parallel()
	dir := legacy(t)
	text, err := os.ReadFile("../../testdata/contract/statements.sql")
	require.NoError(t, err)
	parts := strings.Split(string(text), "-- section: ")
	script := ""
	for _, part := range parts[1:] {
		title, _, _ := strings.Cut(part, "\n")
		if strings.HasPrefix(title, "Migration Guide") {
			script += "-- " + strings.ReplaceAll(part, "<current_schema_as_json>", `{"fields": []}`)
		}
	}
	file := filepath.Join(t.TempDir(), "migration.sql")
	require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
	got := sqlIn(t, dir, "", "-f", file)
	require.Zero(t, got.code, got.err)
	require.Equal(t, 9, strings.Count(got.out, "ALTER TABLE\n"), got.out)
	got = sqlIn(t, dir, "SELECT count(*) FROM system.table_schemas WHERE schema_version = 1; SELECT count(*) FROM system.storages", "--format", "csv")
	require.Equal(t, "count\n4\ncount\n4\n", got.out)
	require.Contains(t, stoaIn(t, "", "migrate", "--dir", dir).out, "nothing to migrate")
}

func TestFlushUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.Zero(t, sqlIn(t, dir, `INSERT INTO system.storages (storage_id, name, base_path, path_template)
			VALUES (gen_random_uuid(), 'users', './users', '{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/');
		CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL); ALTER TABLE chat.messages SET (storage = 'users');
		INSERT INTO chat.messages VALUES (1, 'jamal'), (2, 'noor'), (3, 'jamal')`).code)
	got := stoaIn(t, "", "flush", "--dir", dir, "--table", "chat.messages", "--user", "jamal")
	require.Zero(t, got.code, got.err)
	require.Regexp(t, regexp.QuoteMeta("chat.messages: Flushed 2 records to ")+`\S*/users/chat/users/jamal/messages/j/batch-\d{4}-\d\d-\d\d-\d{6}\.parquet `, got.out)
	got = sqlIn(t, dir, `SELECT parameters FROM system.jobs; SELECT hot_rows, cold_rows FROM system.tables WHERE table_name = 'messages'`, "--format", "csv")
	require.Equal(t, "parameters\n\"[\"\"chat\"\", \"\"messages\"\", \"\"jamal\"\"]\"\nhot_rows,cold_rows\n1,2\n", got.out)
	got = stoaIn(t, "", "flush", "--dir", dir, "--table", "system.storages", "--user", "jamal")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.err, "(SQLSTATE 22023)")
	require.Equal(t, outcome{out: "chat.messages: nothing to flush\n"}, stoaIn(t, "", "flush", "--dir", dir, "--table", "chat.messages", "--user", "nobody"))
	got = stoaIn(t, "", "flush", "--dir", dir, "--user", "noor")
	require.Zero(t, got.code, got.err)
	require.Contains(t, got.out, "/users/noor/messages/n/batch-")
	require.NotContains(t, got.out, "system.jobs", "it has no user column")
}

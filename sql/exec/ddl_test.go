package exec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/store"
)

const createJobs = `CREATE TABLE system.jobs (
    job_id UUID PRIMARY KEY, job_type TEXT NOT NULL, status TEXT NOT NULL, parameters JSONB, result TEXT, trace TEXT, memory_used BIGINT, cpu_used BIGINT,
    created_at TIMESTAMP DEFAULT now(), started_at TIMESTAMP, completed_at TIMESTAMP, error TEXT)`

// The contract's tables and indexes stand: making them as they are, or the migration's steps that find their work done, is a notice.
func TestContractStatements(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	for _, c := range []struct{ sql, tag, notice string }{
		{createJobs, "CREATE TABLE", `42P07: relation "jobs" already exists, skipping`},
		{"CREATE TABLE system.storages (storage_id UUID PRIMARY KEY, name TEXT NOT NULL UNIQUE, base_path TEXT NOT NULL, path_template TEXT NOT NULL, " +
			"created_at TIMESTAMP DEFAULT now())", "CREATE TABLE", `42P07: relation "storages" already exists, skipping`},
		{"CREATE TABLE IF NOT EXISTS system.jobs (x int)", "CREATE TABLE", `42P07: relation "jobs" already exists, skipping`},
		{"CREATE INDEX idx_jobs_status ON system.jobs(status)", "CREATE INDEX", `42P07: relation "idx_jobs_status" already exists, skipping`},
		{"CREATE INDEX idx_jobs_created ON system.jobs(created_at DESC)", "CREATE INDEX", `42P07: relation "idx_jobs_created" already exists, skipping`},
		{"ALTER TABLE system.jobs ADD COLUMN memory_used BIGINT", "ALTER TABLE", `42701: column "memory_used" of relation "jobs" already exists, skipping`},
		{"ALTER TABLE system.live_queries ADD COLUMN changes BIGINT DEFAULT 0", "ALTER TABLE", `42701: column "changes" of relation "live_queries" already exists, skipping`},
		{"ALTER TABLE system.storage_locations RENAME TO system.storages", "ALTER TABLE", `42P01: relation "storage_locations" does not exist, skipping`},
	} {
		a := db.must(c.sql)
		require.Equal(t, c.tag, a.tag, c.sql)
		require.Len(t, a.notices, 1, c.sql)
		require.Equal(t, "NOTICE", a.notices[0].Severity)
		require.Equal(t, c.notice, string(a.notices[0].Code)+": "+a.notices[0].Message, c.sql)
	}
	require.Empty(t, db.must("SELECT 1").notices, "notices belong to their statement")
}

// Anything else under the name of a system table is refused, and so is changing one.
func TestSystemTablesAreFixed(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	before := db.rows("SELECT table_name, schema_version FROM information_schema.tables WHERE table_schema = 'system' ORDER BY 1")
	for _, c := range []struct{ code, sql string }{
		{"42P07", "CREATE TABLE system.jobs (job_id UUID PRIMARY KEY)"},
		{"42P07", strings.Replace(createJobs, "memory_used BIGINT", "memory_used INT", 1)},
		{"42P07", strings.Replace(createJobs, "trace TEXT", "trace TEXT NOT NULL", 1)},
		{"42P07", strings.Replace(createJobs, "job_id UUID PRIMARY KEY", "job_id UUID", 1)},
		{"42P07", strings.Replace(createJobs, "DEFAULT now()", "", 1)},
		{"42P07", strings.Replace(createJobs, "error TEXT)", "error TEXT, CHECK (status IN ('done')))", 1)},
		{"42P07", "CREATE INDEX idx_jobs_status ON system.jobs(job_type)"},
		{"42P07", "CREATE INDEX idx_jobs_created ON system.jobs(created_at)"},
		{"42P07", "CREATE INDEX idx_jobs_status ON system.live_queries(node)"},
		{"42701", "ALTER TABLE system.jobs ADD COLUMN memory_used INT"},
		{"42501", "ALTER TABLE system.jobs ADD COLUMN mine INT"},
		{"42501", "CREATE TABLE system.mine (x int)"},
		{"42501", "CREATE TABLE information_schema.mine (x int)"},
		{"2BP01", "DROP TABLE system.jobs"},
		{"42P01", "ALTER TABLE system.storage_locations ADD COLUMN x int"},
		{"42P01", "SELECT * FROM system.storage_locations"},
	} {
		db.fails(sqlCode(c.code), c.sql)
	}
	require.Contains(t, db.fails("42P01", "SELECT * FROM system.storage_locations").Hint, "system.storages")
	require.Equal(t, before, db.rows("SELECT table_name, schema_version FROM information_schema.tables WHERE table_schema = 'system' ORDER BY 1"))
}

func TestCreateAlterDrop(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		require.Equal(t, "CREATE TABLE", db.must("CREATE TABLE d (id int PRIMARY KEY, kind text CHECK (kind IN ('a', 'b')), at timestamp DEFAULT now())").tag)
		db.fails("42P07", "CREATE TABLE d (id int PRIMARY KEY, kind text CHECK (kind IN ('a', 'b')), at timestamp DEFAULT now())")
		db.must("INSERT INTO d (id, kind) VALUES (1, 'a'), (2, NULL)")
		require.Equal(t, "d_kind_check", quoted(db.fails("23514", "INSERT INTO d VALUES (3, 'c')").Message, 2))
		settle()
		require.Equal(t, "ALTER TABLE", db.must("ALTER TABLE d ADD COLUMN more bigint, ADD COLUMN note text").tag)
		db.must("INSERT INTO d (id, more) VALUES (3, 7)")
		settle()
		require.Equal(t, []string{"1|a|NULL|NULL", "2|NULL|NULL|NULL", "3|NULL|7|NULL"}, db.rows("SELECT id, kind, more, note FROM d ORDER BY id"))
		require.Equal(t, []string{"2"}, db.rows("SELECT count(*) FROM d WHERE more IS NULL"))
		db.must("UPDATE d SET more = id WHERE more IS NULL")
		require.Equal(t, []string{"10"}, db.rows("SELECT sum(more) FROM d"))
		require.Equal(t, []string{"2"}, db.rows("SELECT schema_version FROM information_schema.tables WHERE table_name = 'd'"))
		db.fails("42701", "ALTER TABLE d ADD COLUMN note text")
		require.Len(t, db.must("ALTER TABLE d ADD COLUMN IF NOT EXISTS note text").notices, 1)
		db.fails("23502", "ALTER TABLE d ADD COLUMN x int NOT NULL")
		db.fails("22023", "ALTER TABLE d SET (fillfactor = 10)")
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		require.Equal(t, []string{"10"}, db.rows("SELECT sum(more) FROM d"))
		require.Equal(t, "DROP TABLE", db.must("DROP TABLE d").tag)
		db.fails("42P01", "DROP TABLE d")
		require.Equal(t, `table "d" does not exist, skipping`, db.must("DROP TABLE IF EXISTS d").notices[0].Message)
		db.must("CREATE TABLE d (other text)")
		require.Empty(t, db.rows("SELECT * FROM d"))
	})
}

// quoted gives the n-th word of a message that stands in quotes.
func quoted(message string, n int) string { return strings.Split(message, `"`)[2*n-1] }

func TestCreateTableRefuses(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	for _, c := range []struct{ code, sql string }{
		{"42701", "CREATE TABLE x (a int, a text)"},
		{"42704", "CREATE TABLE x (a nosuchtype)"},
		{"42703", "CREATE TABLE x (a int, PRIMARY KEY (b))"},
		{"42P16", "CREATE TABLE x (a int PRIMARY KEY, b int PRIMARY KEY)"},
		{"42704", "CREATE TABLE x (a json UNIQUE)"},
		{"42703", "CREATE TABLE x (a int, INDEX (b))"},
		{"22P02", "CREATE TABLE x (a int DEFAULT 'x')"},
		{"0A000", "CREATE TABLE x (a int CHECK (a > 5))"},
		{"22023", "CREATE TABLE x (a int) WITH (fillfactor = 70)"},
		{"0A000", "CREATE UNIQUE INDEX i ON system.jobs (job_type)"},
		{"42703", "CREATE INDEX i ON system.jobs (nosuch)"},
		{"42P01", "CREATE INDEX i ON nosuch (x)"},
		{"42704", "CREATE INDEX i ON system.jobs USING nosuch (job_type)"},
	} {
		db.fails(sqlCode(c.code), c.sql)
	}
	db.fails("42P01", "SELECT * FROM x")
}

// A composite key, and one that is declared for the table.
func TestTableConstraints(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE p (a int, b text, c int, PRIMARY KEY (a, b), UNIQUE (c, a), INDEX (b))")
		db.must("INSERT INTO p VALUES (1, 'x', NULL), (1, 'y', NULL), (2, 'x', 5)")
		settle()
		require.Equal(t, "Key (a, b)=(1, y) already exists.", db.fails("23505", "INSERT INTO p VALUES (3, 'x', 1), (1, 'y', 7)").Detail)
		require.Equal(t, "p_c_a_key", quoted(db.fails("23505", "INSERT INTO p VALUES (2, 'z', 5)").Message, 1))
		db.fails("23502", "INSERT INTO p VALUES (2, NULL, 5)")
		db.must("INSERT INTO p VALUES (1, 'z', NULL)")
		db.must("INSERT INTO p VALUES (2, 'x', 9) ON CONFLICT (b, a) DO UPDATE SET c = excluded.c")
		require.Equal(t, []string{"1|x|NULL", "1|y|NULL", "1|z|NULL", "2|x|9"}, db.rows("SELECT * FROM p ORDER BY a, b"))
	})
}

package exec_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
)

// many fills a table m (id, kind) with n rows.
func (db *database) many(n int) {
	db.must("CREATE TABLE m (id bigint PRIMARY KEY, kind text)")
	db.must("INSERT INTO m VALUES (0, 'k')")
	for have := 1; have < n; have *= 2 {
		db.must(fmt.Sprintf("INSERT INTO m SELECT id + %d, kind FROM m WHERE id + %d < %d", have, have, n))
	}
}

// A rewrite of more rows than a batch, a segment and an operation of the log hold keeps every row once, in order, also after recovery.
func TestRewriteMany(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		const n = 3000
		db.many(n)
		settle()
		var seen int64
		db.session.Progress = func(rows int64) { seen = rows }
		db.must("ALTER TABLE m ALTER id TYPE int USING 2 * id, ADD COLUMN r double precision DEFAULT random() NOT NULL, ADD UNIQUE (kind, id)")
		db.session.Progress = nil
		require.EqualValues(t, n, seen)
		want := []string{fmt.Sprintf("%d|%d|%d|0|%d", n, n, n, 2*n-2)}
		const query = "SELECT count(*), count(DISTINCT id), count(DISTINCT r), min(id), max(id) FROM m"
		require.Equal(t, want, db.rows(query))
		require.Equal(t, []string{"0|0"}, db.rows("SELECT cold_rows, files FROM system.tables WHERE table_name = 'm'"))
		db.fails("23505", "INSERT INTO m VALUES (10, 'x', 1)")
		settle()
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		require.Equal(t, want, db.rows(query))
	})
}

// A rewrite that fails on its way leaves table, rows and versions as they were.
func TestRewriteFails(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.many(500)
		settle()
		check := func() {
			t.Helper()
			require.Equal(t, []string{"500|124750"}, db.rows("SELECT count(*), sum(id) FROM m"))
			require.Equal(t, []string{"1|m_pkey"}, db.rows("SELECT schema_version, 'm_pkey' FROM information_schema.tables WHERE table_name = 'm'"))
			db.fails("42703", "SELECT r FROM m")
		}
		for _, c := range []struct{ code, sql string }{
			{"22012", "ALTER TABLE m ALTER id TYPE int USING 1 / (499 - id), ADD COLUMN r int"},
			{"23505", "ALTER TABLE m ALTER id TYPE int USING id / 2, ADD COLUMN r int"},
			{"23502", "ALTER TABLE m ALTER id TYPE int USING nullif(id, 498), ADD COLUMN r int"},
			{"22003", "ALTER TABLE m ALTER id TYPE smallint USING id * 100, ADD COLUMN r int"},
			{"23505", "ALTER TABLE m ADD COLUMN r int DEFAULT 1 UNIQUE"},
			{"23514", "ALTER TABLE m ADD COLUMN r int DEFAULT random(), ADD CHECK (kind IN ('a'))"},
		} {
			db.fails(sqlCode(c.code), c.sql)
			check()
		}
		ctx, cancel := context.WithCancel(context.Background())
		db.session.Progress = func(int64) { cancel() }
		a := db.runIn(ctx, "ALTER TABLE m ALTER id TYPE int, ADD COLUMN r int")
		db.session.Progress = nil
		require.Error(t, a.err)
		check()
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		check()
	})
}

// A default that is the same for all rows is computed once; one that is not, for every row.
func TestAddColumnDefaults(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.many(40)
		settle()
		db.must("ALTER TABLE m ADD COLUMN at timestamp DEFAULT now(), ADD COLUMN zoned timestamptz NOT NULL DEFAULT now()")
		require.Equal(t, []string{"40|1|2025-10-21 14:30:22|2025-10-21 14:30:22+00"},
			db.rows("SELECT count(*), count(DISTINCT at), min(at), min(zoned) FROM m"))
		require.Equal(t, []string{"0"}, db.rows("SELECT count(*) FROM m WHERE at IS NULL OR zoned <> at"))
		if db.rows("SELECT files FROM system.tables WHERE table_name = 'm'")[0] == "1" {
			require.Equal(t, []string{"0|40"}, db.rows("SELECT hot_rows, cold_rows FROM system.tables WHERE table_name = 'm'"), "nothing is rewritten")
		}
		db.must("ALTER TABLE m ADD COLUMN token uuid DEFAULT gen_random_uuid()")
		require.Equal(t, []string{"40"}, db.rows("SELECT count(DISTINCT token) FROM m"))
		db.must("ALTER TABLE m ALTER at SET DEFAULT NULL")
		db.must("INSERT INTO m (id) VALUES (100)")
		require.Equal(t, []string{"NULL|2025-10-21 14:30:22+00"}, db.rows("SELECT at, zoned FROM m WHERE id = 100"))
	})
}

// A value that stands for a column in all rows there are is in the table's definition, and refused when it is too long, as in PostgreSQL.
func TestAddColumnTooLong(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE a (n int)")
	db.must("INSERT INTO a VALUES (1)")
	err := db.run("ALTER TABLE a ADD COLUMN x text DEFAULT repeat('x', 2000000)").err
	require.Equal(t, sqlstate.ProgramLimitExceeded, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, "row is too big: size 2000000, maximum size 1048576")
	db.must("ALTER TABLE a ADD COLUMN x text DEFAULT repeat('x', 1000000)")
	require.Equal(t, []string{"1|1000000"}, db.rows("SELECT n, length(x) FROM a"))
}

// The memory budget of a query bounds what a rewrite holds: the rows, and the index of their key.
func TestRewriteBudget(t *testing.T) {
	t.Parallel()
	for budget, ends := range map[int64]sqlstate.Code{192 << 10: "00000", 96 << 10: "53200"} {
		db := newDatabase(t, &exec.Options{Workers: 1, BatchRows: 64, MemoryLimit: budget})
		db.many(5000)
		if ends == "00000" {
			db.must("ALTER TABLE m ALTER kind TYPE varchar(3)")
		} else {
			db.fails(ends, "ALTER TABLE m ALTER kind TYPE varchar(3)")
		}
		require.Equal(t, []string{"5000"}, db.rows("SELECT count(*) FROM m"))
	}
}

// A date has no timestamp after the year 294276: widening looks for such.
func TestWideningOverflows(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE d (a date)")
		db.must("INSERT INTO d VALUES ('2020-01-01'), ('infinity'), ('300000-01-01')")
		settle()
		require.Equal(t, "date out of range for timestamp", db.fails("22008", "ALTER TABLE d ALTER a TYPE timestamp").Message)
		db.must("DELETE FROM d WHERE a > '2999-01-01' AND a < 'infinity'")
		db.must("ALTER TABLE d ALTER a TYPE timestamp")
		require.Equal(t, []string{"2020-01-01 00:00:00", "infinity"}, db.rows("SELECT a FROM d ORDER BY a"))
	})
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.many(100)
		db.must("CREATE TABLE o (x int)")
		db.must("INSERT INTO o VALUES (1)")
		settle()
		db.must("INSERT INTO m VALUES (1000, 'hot')")
		db.fails("42P01", "TRUNCATE m, nosuch")
		require.Equal(t, []string{"101"}, db.rows("SELECT count(*) FROM m"))
		require.Equal(t, "TRUNCATE TABLE", db.must("TRUNCATE m, o, m").tag)
		require.Equal(t, []string{"0|0"}, db.rows("SELECT (SELECT count(*) FROM m), (SELECT count(*) FROM o)"))
		db.must("INSERT INTO m VALUES (1, 'again')")
		db.fails("42809", "TRUNCATE information_schema.tables")
		require.NoError(t, db.store.Close())
		db.open(store.Options{}, nil)
		require.Equal(t, []string{"1|again"}, db.rows("SELECT * FROM m"))
	})
}

// A flush of one user's rows takes no others, and its job says whose they were.
func TestFlushUser(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE chat.messages (id bigint PRIMARY KEY, user_id text NOT NULL)")
	db.must("INSERT INTO chat.messages VALUES (1, 'jamal'), (2, 'eve'), (3, 'jamal')")
	db.must("CALL system.flush('chat.messages', user_id => 'jamal')")
	require.Equal(t, []string{"1|2"}, db.rows("SELECT hot_rows, cold_rows FROM system.tables WHERE table_name = 'messages'"))
	require.Equal(t, []string{`["chat", "messages", "jamal"]`}, db.rows("SELECT parameters FROM system.jobs"))
	db.must("CREATE TABLE chat.rooms (id bigint)")
	db.fails("22023", "CALL system.flush('chat.rooms', user_id => 'jamal')")
}

package exec_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
)

func TestReturning(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE r (id int PRIMARY KEY, s text DEFAULT 'none', n bigint)")
		a := db.must("INSERT INTO r (id, n) VALUES (1, 10), (2, NULL), (3, 30), (4, 40) RETURNING id * 2 AS twice, s, n")
		require.Equal(t, []string{"twice", "s", "n"}, a.columns)
		require.Equal(t, []string{"2|none|10", "4|none|NULL", "6|none|30", "8|none|40"}, a.rows)
		settle()
		a = db.must("UPDATE r SET n = n + id, s = upper(s) WHERE id <= 3 RETURNING *")
		require.Equal(t, []string{"id", "s", "n"}, a.columns)
		require.ElementsMatch(t, []string{"1|NONE|11", "2|NONE|NULL", "3|NONE|33"}, a.rows)
		require.Equal(t, "UPDATE 3", a.tag)
		settle()
		a = db.must("DELETE FROM r WHERE n > 20 RETURNING id, n")
		require.ElementsMatch(t, []string{"3|33", "4|40"}, a.rows)
		require.Equal(t, "DELETE 2", a.tag)
		a = db.must("DELETE FROM r WHERE false RETURNING id")
		require.Equal(t, []string{"id"}, a.columns)
		require.Empty(t, a.rows)
		require.Equal(t, "DELETE 0", a.tag)
		require.Equal(t, []string{"1|NONE|11", "2|NONE|NULL"}, db.rows("SELECT * FROM r ORDER BY id"))
		db.fails("22012", "INSERT INTO r VALUES (9, '', 0) RETURNING 1 / n")
		require.Equal(t, []string{"2"}, db.rows("SELECT count(*) FROM r"), "a statement whose RETURNING fails has done nothing")
	})
}

// Rows may exchange their keys: all old versions go before the new ones come, as the standard has it. (PostgreSQL checks row by row and may refuse.)
func TestUpdateSwapsKeys(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE k (id int PRIMARY KEY, name text UNIQUE)")
		db.must("INSERT INTO k VALUES (1, 'a'), (2, 'b'), (3, 'c')")
		settle()
		require.Equal(t, "UPDATE 2", db.must("UPDATE k SET id = 3 - id, name = CASE name WHEN 'a' THEN 'b' ELSE 'a' END WHERE id < 3").tag)
		require.Equal(t, []string{"1|a", "2|b", "3|c"}, db.rows("SELECT * FROM k ORDER BY id"))
		require.Equal(t, "UPDATE 3", db.must("UPDATE k SET id = id + 1").tag)
		settle()
		require.Equal(t, []string{"2|a", "3|b", "4|c"}, db.rows("SELECT * FROM k ORDER BY id"))
		e := db.fails("23505", "UPDATE k SET id = 4 WHERE id < 4")
		require.Equal(t, "Key (id)=(4) already exists.", e.Detail)
		db.fails("23505", "UPDATE k SET name = 'c' WHERE id = 2")
		db.fails("23502", "UPDATE k SET id = NULL")
		require.Equal(t, []string{"2|a", "3|b", "4|c"}, db.rows("SELECT * FROM k ORDER BY id"))
		db.must("INSERT INTO k VALUES (1, 'A')") // the keys given up are free
		db.fails("23505", "INSERT INTO k VALUES (9, 'A')")
	})
}

// Rows of files die one by one, stay dead when the database is opened again, and their keys are free.
func TestChangeFlushedRows(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE f (id int PRIMARY KEY, n bigint, s text)")
	var values []string
	for i := range 100 {
		values = append(values, fmt.Sprintf("(%d, %d, 'text %d')", i, i%10, i%3))
	}
	db.must("INSERT INTO f VALUES " + strings.Join(values, ", "))
	db.must("CALL system.flush('f', all_rows => true)")
	require.Equal(t, "DELETE 10", db.must("DELETE FROM f WHERE n = 3").tag)
	require.Equal(t, "DELETE 0", db.must("DELETE FROM f WHERE n = 3").tag)
	require.Equal(t, "UPDATE 10", db.must("UPDATE f SET n = 100 WHERE n = 4").tag)
	require.Equal(t, "UPDATE 5", db.must("UPDATE f SET s = s || '!' WHERE n = 100 AND id < 50").tag)
	require.Equal(t, "INSERT 0 1", db.must("INSERT INTO f VALUES (3, 3, 'again')").tag)
	db.fails("23505", "INSERT INTO f VALUES (5, 3, 'there already')")
	check := func() {
		require.Equal(t, []string{"91|91"}, db.rows("SELECT count(*), count(DISTINCT id) FROM f"))
		require.Equal(t, []string{"10|5"}, db.rows("SELECT count(*), count(*) FILTER (WHERE s LIKE '%!') FROM f WHERE n = 100"))
		require.Equal(t, []string{"again"}, db.rows("SELECT s FROM f WHERE n = 3"))
	}
	check()
	require.NoError(t, db.store.Close())
	db.open(store.Options{}, nil)
	check()
	db.must("CALL system.flush('f', all_rows => true)")
	check()
	require.Equal(t, "TRUNCATE TABLE", db.must("TRUNCATE f").tag)
	require.Equal(t, []string{"0"}, db.rows("SELECT count(*) FROM f"))
}

// A statement that fails, however late, has done nothing.
func TestStatementsAreAtomic(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE a (id int PRIMARY KEY, n int)")
		db.must("INSERT INTO a VALUES (1, 1), (2, 2), (3, 0)")
		settle()
		for code, sql := range map[string]string{
			"22012": "UPDATE a SET n = 6 / n",
			"23505": "INSERT INTO a SELECT id + 2, n FROM a",
			"22003": "INSERT INTO a SELECT id + 10, n + 2147483647 FROM a ORDER BY n",
			"22P02": "INSERT INTO a VALUES (20, 1), (21, 'x')",
			"23502": "INSERT INTO a VALUES (20, 1), (NULL, 1)",
		} {
			a := db.run(sql)
			require.ErrorContains(t, a.err, code, sql)
			require.Equal(t, []string{"1|1", "2|2", "3|0"}, db.rows("SELECT * FROM a ORDER BY id"), sql)
		}
	})
}

// An INSERT … SELECT reads the table as it was before the statement.
func TestInsertFromItself(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE i (n int)")
	db.must("INSERT INTO i VALUES (1), (2)")
	for want := 2; want < 1000; want *= 2 {
		require.Equal(t, fmt.Sprint("INSERT 0 ", want), db.must("INSERT INTO i SELECT n + 1 FROM i").tag)
	}
}

// Statements that are cancelled say so in PostgreSQL's words, have done nothing, and leave the database to others.
func TestCancelledStatements(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE c (n int)")
	db.must("INSERT INTO c VALUES (1)")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	late, cancel := context.WithTimeout(context.Background(), -time.Second)
	defer cancel()
	for _, sql := range []string{
		"SELECT * FROM c", "INSERT INTO c SELECT n + 1 FROM c", "INSERT INTO c VALUES (2)", "UPDATE c SET n = 5", "DELETE FROM c", "TRUNCATE c",
		"CREATE TABLE d (n int)", "DROP TABLE c", "CALL system.flush(all_rows => true)", "COPY c TO '/out.csv' (FORMAT csv)",
	} {
		a := db.runIn(ended, sql)
		require.ErrorContains(t, a.err, "canceling statement due to user request (SQLSTATE 57014)", sql)
		require.ErrorIs(t, a.err, context.Canceled)
		a = db.runIn(late, sql)
		require.ErrorContains(t, a.err, "canceling statement due to statement timeout (SQLSTATE 57014)", sql)
	}
	require.Equal(t, []string{"1"}, db.rows("SELECT n FROM c"))
}

// A cross join of some hundred million pairs stops soon after its context.
func TestCancelLongQuery(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, &exec.Options{Workers: 2})
	db.must("CREATE TABLE n (x int)")
	db.must("INSERT INTO n VALUES " + strings.TrimSuffix(strings.Repeat("(1),", 1000), ","))
	for _, sql := range []string{
		"SELECT count(*) FROM n a, n b, n c WHERE a.x + b.x + c.x = 0",
		"SELECT a.x FROM n a, n b, n c ORDER BY 1 LIMIT 5",
		"INSERT INTO n SELECT a.x FROM n a, n b, n c WHERE a.x + b.x + c.x = 0",
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		start := time.Now()
		a := db.runIn(ctx, sql)
		cancel()
		require.ErrorContains(t, a.err, "57014", sql)
		require.Less(t, time.Since(start), time.Second, "50 ms and a few where nothing else runs")
	}
	require.Equal(t, []string{"1000"}, db.rows("SELECT count(*) FROM n"))
}

// A query over its budget fails with 53200, and the next one has the whole budget again.
func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, &exec.Options{Workers: 2, MemoryLimit: 1 << 20})
	db.must("CREATE TABLE m (id int, s text)")
	for i := range 8 {
		var values []string
		for k := range 500 {
			values = append(values, fmt.Sprintf("(%d, 'a text of a hundred bytes %075d')", i*500+k, i*500+k))
		}
		db.must("INSERT INTO m VALUES " + strings.Join(values, ", "))
	}
	for range 3 {
		for _, sql := range []string{
			"SELECT s || s || s, count(*) FROM m GROUP BY 1", "SELECT count(DISTINCT s || s || s || s) FROM m", "SELECT a.id, b.id FROM m a, m b WHERE a.id < 30 ORDER BY a.id + b.id",
			"SELECT count(*) FROM m a JOIN m b ON a.s || 'x' || a.s = b.s || 'x' || b.s", "SELECT s || s FROM m EXCEPT SELECT s FROM m",
			"SELECT count(*) FROM m WHERE id IN (SELECT a.id * b.id FROM m a, m b WHERE a.id < 100)", "UPDATE m SET s = (id + 1)::text || s || s || s",
		} {
			e := db.fails("53200", sql)
			require.Contains(t, e.Detail, "1048576")
		}
		require.Equal(t, []string{"4000"}, db.rows("SELECT count(*) FROM (SELECT * FROM m ORDER BY id LIMIT 4000) x"))
	}
}

// Readers beside a writer see whole statements.
func TestConcurrentSessions(t *testing.T) {
	t.Parallel()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE b (id int PRIMARY KEY, n bigint)")
	db.must("INSERT INTO b VALUES (1, 0), (2, 0), (3, 0)")
	var wg sync.WaitGroup
	for w := range 3 {
		other := &database{t: t, fs: db.fs, store: db.store, engine: db.engine, session: db.engine.NewSession()}
		wg.Go(func() {
			for i := range 30 {
				if w == 0 {
					if a := other.run("UPDATE b SET n = n + 1"); a.err != nil {
						t.Error(a.err)
					}
					if i%10 == 5 {
						if a := other.run("CALL system.flush('b', all_rows => true)"); a.err != nil {
							t.Error(a.err)
						}
					}
				} else if a := other.run("SELECT count(*), max(n) - min(n) FROM b"); a.err != nil || a.rows[0] != "3|0" {
					t.Error(a.rows, a.err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, []string{"90"}, db.rows("SELECT sum(n) FROM b"))
}

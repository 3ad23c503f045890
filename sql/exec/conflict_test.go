package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// step is a statement and what PostgreSQL 15 answers: its tag, or the code of its error, and the rows it returns.
type step struct {
	sql, want string
	rows      []string
}

func (db *database) steps(t *testing.T, steps []step, settle func()) {
	for _, s := range steps {
		settle()
		a := db.run(s.sql)
		if len(s.want) == 5 {
			require.Error(t, a.err, s.sql)
			require.ErrorContains(t, a.err, "(SQLSTATE "+s.want+")", s.sql)
			continue
		}
		require.NoError(t, a.err, s.sql)
		require.Equal(t, s.want, a.tag, s.sql)
		require.Equal(t, s.rows, a.rows, s.sql)
	}
}

// The rows of a statement are taken one after the other. The answers are PostgreSQL's.
func TestOnConflict(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE s (id int PRIMARY KEY, name text UNIQUE, n int DEFAULT 0 NOT NULL)")
		db.steps(t, []step{
			{"INSERT INTO s VALUES (1,'x',1)", "INSERT 0 1", nil},
			// A row that is skipped is no conflict for those after it.
			{"INSERT INTO s VALUES (5,'x'),(5,'y') ON CONFLICT DO NOTHING RETURNING id, name", "INSERT 0 1", []string{"5|y"}},
			{"INSERT INTO s VALUES (6,'p'),(6,'q') ON CONFLICT DO NOTHING RETURNING id, name", "INSERT 0 1", []string{"6|p"}},
			{"INSERT INTO s VALUES (1,'z',3),(1,'w',4) ON CONFLICT (id) DO UPDATE SET n = excluded.n", "21000", nil},
			{"INSERT INTO s VALUES (1,'z',3),(1,'w',4) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE s.n > 100 RETURNING *", "INSERT 0 0", nil},
			{"INSERT INTO s VALUES (1,'z',3),(1,'w',4) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE excluded.n = 4 RETURNING *", "INSERT 0 1", []string{"1|x|4"}},
			{"INSERT INTO s VALUES (7,'a',3),(7,'b',4) ON CONFLICT (id) DO UPDATE SET n = excluded.n", "21000", nil},
			// What a row before has put there, or given up, counts for the next.
			{"INSERT INTO s VALUES (1,'x',9),(8,'free',1) ON CONFLICT (id) DO UPDATE SET name = 'gone' RETURNING id, name", "INSERT 0 2", []string{"1|gone", "8|free"}},
			{"INSERT INTO s VALUES (1,'?',9),(9,'gone',1) ON CONFLICT (id) DO UPDATE SET name = 'changed' RETURNING id, name", "INSERT 0 2", []string{"1|changed", "9|gone"}},
			{"INSERT INTO s VALUES (20,'gone2',1),(1,'?',1) ON CONFLICT (id) DO UPDATE SET name = 'gone2' RETURNING id, name", "23505", nil},
			{"INSERT INTO s VALUES (1,'?',9),(2,'new',1) ON CONFLICT (id) DO UPDATE SET id = 2 RETURNING id, name", "21000", nil},
			{"INSERT INTO s VALUES (1,NULL,NULL) ON CONFLICT DO NOTHING", "23502", nil},
			{"INSERT INTO s (id, name) VALUES (30,NULL),(31,NULL) ON CONFLICT (name) DO UPDATE SET n = 5", "INSERT 0 2", nil},
			{"INSERT INTO s VALUES (40,'p',9) ON CONFLICT (id) DO UPDATE SET n = 5", "23505", nil},
			{"INSERT INTO s VALUES (1,'bb',9) ON CONFLICT (name) DO NOTHING", "23505", nil},
			{"INSERT INTO s VALUES (1,'bb',9) ON CONFLICT ON CONSTRAINT s_pkey DO UPDATE SET n = s.n + excluded.n, name = DEFAULT RETURNING *", "INSERT 0 1", []string{"1|NULL|13"}},
			{"INSERT INTO s VALUES (1,'bb') ON CONFLICT (n) DO NOTHING", "42P10", nil},
			{"INSERT INTO s VALUES (1,'bb') ON CONFLICT DO UPDATE SET n = 1", "42601", nil},
			{"INSERT INTO s VALUES (1,'bb') ON CONFLICT (id) DO UPDATE SET n = 1, n = 2", "42601", nil},
			{"TABLE s ORDER BY id", "SELECT 7", []string{"1|NULL|13", "5|y|0", "6|p|0", "8|free|1", "9|gone|1", "30|NULL|0", "31|NULL|0"}},
		}, settle)
	})
}

// Many rows at once, over several batches, with one key: those that are there are updated, the others added.
func TestUpsertManyRows(t *testing.T) {
	t.Parallel()
	eachHeat(t, func(t *testing.T, db *database, settle func()) {
		db.must("CREATE TABLE c (k int PRIMARY KEY, n bigint)")
		values := func(lo, hi, n int) string {
			var out []string
			for k := lo; k < hi; k++ {
				out = append(out, fmt.Sprintf("(%d, %d)", k, n))
			}
			return strings.Join(out, ", ")
		}
		upsert := " ON CONFLICT (k) DO UPDATE SET n = c.n + excluded.n"
		require.Equal(t, "INSERT 0 100", db.must("INSERT INTO c VALUES "+values(0, 100, 1)+upsert).tag)
		settle()
		require.Equal(t, "INSERT 0 100", db.must("INSERT INTO c VALUES "+values(50, 150, 10)+upsert).tag)
		settle()
		require.Equal(t, "INSERT 0 200", db.must("INSERT INTO c SELECT k, 100 FROM c UNION ALL SELECT k + 1000, 5 FROM c WHERE k < 50"+upsert).tag)
		require.Equal(t, []string{"200|16350"}, db.rows("SELECT count(*), sum(n) FROM c"))
		require.Equal(t, []string{"101", "111", "110", "5"}, db.rows("SELECT n FROM c WHERE k IN (0, 99, 149, 1049) ORDER BY k"))
	})
}

package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/sql/rules"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// ruleDatabase has two small tables with NULLs and equal rows, half of each flushed.
func ruleDatabase(t *testing.T) *Engine {
	st, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 16})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close()) })
	e := New(st, builtin.Registry(), &Options{Workers: 2, BatchRows: 5})
	r := rand.New(rand.NewPCG(1, 2))
	for _, sql := range []string{"CREATE TABLE a (id int PRIMARY KEY, k int, s text, n bigint)", "CREATE TABLE b (id int PRIMARY KEY, k int, s text, n bigint)"} {
		ruleRun(t, e, sql)
	}
	for part := range 2 {
		for _, name := range []string{"a", "b"} {
			var values []string
			for i := range 30 {
				cell := func(s string) string {
					if r.IntN(5) == 0 {
						return "NULL"
					}
					return s
				}
				values = append(values, fmt.Sprintf("(%d, %s, %s, %s)", part*100+i, cell(fmt.Sprint(r.IntN(6))),
					cell(fmt.Sprintf("'%c'", 'a'+r.IntN(4))), cell(fmt.Sprint(r.IntN(20)-5))))
			}
			ruleRun(t, e, "INSERT INTO "+name+" VALUES "+strings.Join(values, ", "))
		}
		if part == 0 {
			ruleRun(t, e, "CALL system.flush(all_rows => true)")
		}
	}
	return e
}

func ruleRun(t *testing.T, e *Engine, sql string) {
	stmts, err := parser.Parse(sql)
	require.NoError(t, err)
	res, err := e.NewSession().Execute(context.Background(), stmts[0], nil)
	require.NoError(t, err, sql)
	res.Close()
}

// ruleRows runs a plan as it is.
func ruleRows(t *testing.T, s *statement, n plan.Node) []string {
	source, err := s.build(n)
	require.NoError(t, err)
	env := s.env()
	streams, err := source.Open(env, 1)
	require.NoError(t, err)
	out := []string{}
	for {
		b, err := scan.Pull(env, streams[0])
		require.NoError(t, err)
		if b == nil {
			return out
		}
		for i := range b.N {
			line := ""
			for _, c := range b.Cols {
				line += fmt.Sprint(c.IsNull(i), string(vec.AppendText(nil, c, i, time.UTC)), "|")
			}
			out = append(out, line)
		}
	}
}

// Each rule, after those before it, gives a plan with the same columns and the same rows.
func TestRulesKeepTheRows(t *testing.T) {
	t.Parallel()
	e := ruleDatabase(t)
	for _, sql := range []string{
		"SELECT * FROM a WHERE k > 2 AND s IS NOT NULL",
		"SELECT s, n + 1 FROM (SELECT id, s, n * 2 AS n FROM a WHERE k < 4) x WHERE n > 3 AND s <> 'b'",
		"SELECT k, count(*), sum(n) FROM a GROUP BY k HAVING k > 1 AND sum(n) > 3",
		"SELECT * FROM (SELECT s, k, max(n) AS m FROM a GROUP BY s, k) x WHERE s = 'a' AND m > 0 AND k IS NOT NULL",
		"SELECT count(*) FROM (SELECT max(n) AS m FROM a) x WHERE m < 0",
		"SELECT * FROM a JOIN b ON a.k = b.k WHERE a.s = b.s AND a.n > b.n",
		"SELECT * FROM a, b WHERE a.k = b.k AND b.n > 3 AND a.s = 'a'",
		"SELECT * FROM a JOIN b ON a.k = b.k AND b.n > 3 AND a.n < 10 AND a.id < b.id",
		"SELECT * FROM a LEFT JOIN b ON a.k = b.k AND b.n > 3 AND a.n < 10",
		"SELECT * FROM a LEFT JOIN b ON a.k = b.k WHERE b.n > 3",
		"SELECT * FROM a LEFT JOIN b ON a.k = b.k WHERE b.n IS NULL AND a.s = 'c'",
		"SELECT * FROM a LEFT JOIN b ON a.s = 'a' AND b.s = 'b'",
		"SELECT * FROM a RIGHT JOIN b ON a.k = b.k AND a.n > 3 AND b.n < 10 WHERE b.s = 'a'",
		"SELECT * FROM a RIGHT JOIN b ON a.k = b.k WHERE a.n > 3",
		"SELECT * FROM a RIGHT JOIN b ON a.k = b.k WHERE a.n IS NULL",
		"SELECT * FROM a FULL JOIN b ON a.k = b.k AND a.n < b.n WHERE a.s = 'a' OR b.s = 'b'",
		"SELECT * FROM a FULL JOIN b ON a.k = b.k AND a.s = 'a' WHERE b.n > 2",
		"SELECT * FROM a FULL JOIN b ON a.k = b.k WHERE a.n IS NULL AND b.n > 2",
		"SELECT a.s, count(*) FROM a LEFT JOIN b ON a.k = b.k LEFT JOIN a c ON b.id = c.id AND c.n > a.n GROUP BY a.s",
		"SELECT x.s FROM (SELECT * FROM a ORDER BY n LIMIT 10) x WHERE x.k > 2",
		"SELECT s FROM (SELECT s, n FROM a ORDER BY n) x WHERE n > 2 ORDER BY s, n LIMIT 4 OFFSET 2",
		"SELECT k FROM a WHERE s = 'a' UNION SELECT k FROM b WHERE n > 3",
		"SELECT * FROM (SELECT k, s FROM a UNION ALL SELECT k, s FROM b) x WHERE k = 3",
		"SELECT * FROM (SELECT k FROM a EXCEPT SELECT k FROM b WHERE n > 0) x WHERE k > 0",
		"SELECT id FROM a WHERE CASE WHEN n <> 0 THEN 10 / n > 1 ELSE false END AND k = 3",
		"SELECT id, 6 / n FROM a WHERE n <> 0 AND 10 / n > 1",
		"SELECT count(*) FROM a WHERE s LIKE 'a%' AND n IN (1, 2, 3, NULL) OR k IS NULL",
		"SELECT DISTINCT s FROM a WHERE n > (SELECT avg(n) FROM b)",
		"SELECT 1 FROM a WHERE false",
		"SELECT count(*) FROM a WHERE k = k",
		"SELECT n FROM a ORDER BY n DESC NULLS LAST LIMIT 3",
		"SELECT count(*) FILTER (WHERE n > 2), count(DISTINCT k) FROM a",
	} {
		stmts, err := parser.Parse(sql)
		require.NoError(t, err)
		s := &statement{session: e.NewSession(), engine: e, ctx: context.Background()}
		snap := e.db.Snapshot()
		n, err := s.binder(snap).Query(stmts[0].Node.(*parser.Query))
		require.NoError(t, err, sql)
		want, cols := ruleRows(t, s, n), n.Columns()
		check := func(name string, n plan.Node) {
			got := ruleRows(t, s, n)
			require.Equal(t, cols, n.Columns(), "%s: %s", name, sql)
			if !strings.Contains(sql, "ORDER BY") {
				slices.Sort(got)
				slices.Sort(want)
			}
			require.Equal(t, want, got, "%s: %s", name, sql)
		}
		n, err = rules.FoldConstants(s.eval(), n)
		require.NoError(t, err, sql)
		check("fold constants", n)
		for _, r := range rules.All() {
			n = r.Apply(n)
			check(r.Name, n)
		}
		for _, r := range rules.All() { // and so it stays
			n = r.Apply(n)
			check("again: "+r.Name, n)
		}
		snap.Close()
	}
}

package exec_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/sql/exec"
)

// fuzzed is an engine with a small table of every type, on which statements may do what they like within a second and 64 MiB.
func fuzzed(f *testing.F) *exec.Engine {
	db := newDatabase(f, nil)
	db.must(`CREATE TABLE t (id bigint PRIMARY KEY, i int, f double precision, n numeric, s text, b boolean, j jsonb, u uuid, d date, ts timestamp,
		tz timestamptz, iv interval)`)
	db.must(`INSERT INTO t VALUES (1, 2, 0.5, 1.50, 'one', true, '{"a": [1, null, "x"]}', '00000000-0000-0000-0000-000000000001', '2024-02-29',
		'2024-02-29 12:00:00.5', '2024-02-29 12:00+02', '1 mon 2 days 03:04:05')`)
	db.must("INSERT INTO t (id) VALUES (2), (3)")
	db.must("CALL system.flush(all_rows => true)")
	db.must(`INSERT INTO t VALUES (-9223372036854775808, -2147483648, 'NaN', 'Infinity', '', false, '[]', '00000000-0000-0000-0000-000000000001', '4713-01-01 BC',
		'294246-12-31', 'infinity', '-178000000 years')`)
	return exec.New(db.store, builtin.Registry(), &exec.Options{Workers: 2, BatchRows: 3, MemoryLimit: 64 << 20, Node: "test"})
}

// evaluate runs a text as a client would, and fails on what no statement may do: to end by an internal error, late, or with a message of any length.
func evaluate(t *testing.T, e *exec.Engine, sql string) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s := e.NewSession()
	s.Out = io.Discard
	err := func() error {
		stmts, err := s.Parse(ctx, sql)
		if err != nil {
			return err
		}
		for _, st := range stmts {
			if err := consume(ctx, s, st); err != nil {
				return err
			}
		}
		return nil
	}()
	require.Less(t, time.Since(start), 20*time.Second)
	if err == nil {
		return
	}
	require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err), "%v", err)
	require.Less(t, len(sqlstate.Report(err, sql)), 20_000)
}

var expressions = []string{
	"1 + i", "n / 3", "f * 'infinity'", "s || i", "j -> 'a' ->> 0", "j @> '{\"a\": []}'", "ts + iv", "tz - ts", "iv * 1.5", "extract(epoch from iv)", "date_trunc('week', tz)",
	"to_char(n, '9G999D00PL')", "to_char(ts, 'FMDay, DDth HH12:MI')", "s LIKE '%o_e\\%'", "s ~ '(o|n)+e$'", "regexp_replace(s, '(.)', '\\1\\1', 'g')",
	"CASE WHEN b THEN n ELSE power(n, 2.5) END", "coalesce(i, n, f)", "i IN (1, 2, NULL)", "(i, s) < (2, 'x')", "u::text::uuid", "'1e3'::numeric(5,2)", "d - 7",
	"d + time '12:00'", "make_interval(days => i)", "jsonb_build_object(s, j)", "jsonb_pretty(j)", "substring(s from '#\"o#\"%' for '#')", "overlay(s placing 'x' from 2)",
	"format('%s %I %L', s, s, s)", "date_bin('15 min', ts, timestamp '2001-01-01')", "ts AT TIME ZONE 'Europe/Berlin'", "age(ts)", "greatest(n, 5)", "i::bit", "-(-i)", "NOT b IS NULL",
	"count(*) FILTER (WHERE b)", "string_agg(s, ',' ORDER BY id DESC)", "jsonb_agg(j)", "sum(DISTINCT n)", "avg(iv)", "stddev(i)", "bool_and(b)", "i % 0", "2147483647 + i", "repeat(s, 100000000)",
	"factorial(10)", "width_bucket(n, 0, 10, 5)", "exists (SELECT 1)", "(SELECT max(id) FROM t)", "s = ANY (ARRAY['a'])", "E'\\u00e9' < s", "x'ff'", "$1", "interval '1' year", "now() - tz", "@>''",
}

// FuzzExpression evaluates a text as an expression: of a column, as a condition, and as an aggregate's.
func FuzzExpression(f *testing.F) {
	for _, e := range expressions {
		f.Add(e)
	}
	e := fuzzed(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, around := range []string{"SELECT $$ FROM t", "SELECT count(*) FROM t WHERE ($$)::text <> ''", "SELECT id, max(($$)::text) FROM t GROUP BY id ORDER BY 2"} {
			evaluate(t, e, strings.Replace(around, "$$", text, 1))
		}
	})
}

// FuzzStatement runs a text as statements. They may change the table; flushing, files and settings are left out.
func FuzzStatement(f *testing.F) {
	for _, s := range []string{
		"SELECT * FROM t ORDER BY id LIMIT 2", "SELECT s, count(*) FROM t GROUP BY s HAVING count(*) > 1", "WITH c AS (SELECT id FROM t) SELECT * FROM c JOIN t USING (id)",
		"SELECT DISTINCT ON (b) * FROM t ORDER BY b, id", "SELECT 1 UNION SELECT 2 EXCEPT SELECT 1", "INSERT INTO t (id) VALUES (7) ON CONFLICT DO NOTHING",
		"UPDATE t SET n = n + 1 WHERE id = 1", "DELETE FROM t WHERE id > 5", "EXPLAIN ANALYZE SELECT * FROM t", "SELECT * FROM t a LEFT JOIN t b ON a.i = b.i AND a.s < b.s",
		"SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(x, y) WHERE x NOT IN (SELECT i FROM t)", "COPY (SELECT * FROM t) TO STDOUT (FORMAT csv, HEADER)",
		"SELECT * FROM t; SELECT 1", "SHOW ALL", "TABLE t", "SELECT FROM t", "SELECT count(*) FROM system.jobs",
	} {
		f.Add(s)
	}
	e := fuzzed(f)
	f.Fuzz(func(t *testing.T, text string) {
		lower := strings.ToLower(text)
		for _, word := range []string{"call", "'", "alter", "drop", "create", "truncate"} {
			if strings.Contains(lower, word) && (word != "'" || strings.Contains(lower, "copy")) {
				t.Skip()
			}
		}
		evaluate(t, e, text)
	})
}

package exec

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// failures makes random expressions that may fail.
type failures struct{ *rand.Rand }

func (r failures) pick(of ...string) string { return of[r.IntN(len(of))] }

func (r failures) whole(depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return r.pick("n", "m", "k", "n", "m", "7", "1024", "1048576", "(-1)", "0", "4611686018427387904", "NULL::bigint")
	}
	return fmt.Sprintf("(%s %s %s)", r.whole(depth-1), r.pick("+", "-", "*", "/", "%"), r.whole(depth-1))
}

func (r failures) numeric(depth int) string {
	if depth == 0 {
		return r.pick("n::numeric", "k::numeric", "1000000.0", "0.5", "0.0", "EXTRACT(EPOCH FROM "+r.span()+")", r.whole(1)+"::numeric", "x")
	}
	if r.IntN(4) == 0 {
		return fmt.Sprintf("round(%s, 2)", r.numeric(depth-1))
	}
	return fmt.Sprintf("(%s %s %s)", r.numeric(depth-1), r.pick("+", "-", "*", "/"), r.numeric(depth-1))
}

func (r failures) float(depth int) string {
	if depth == 0 {
		return r.pick("n::float8", "k::float8", "1e6::float8", "1e-300::float8", "1e300::float8", "0::float8", "EXTRACT(EPOCH FROM "+r.span()+")::float8", "x::float8")
	}
	return fmt.Sprintf("(%s %s %s)", r.float(depth-1), r.pick("+", "-", "*", "/"), r.float(depth-1))
}

func (r failures) span() string {
	return fmt.Sprintf("(%s - %s)", r.pick("t", "u", "timestamp '2025-01-01'", "timestamp 'infinity'"), r.pick("t", "u"))
}

func (r failures) any() string {
	switch depth := 1 + r.IntN(2); r.IntN(5) {
	case 0:
		return r.whole(depth)
	case 1:
		return r.numeric(depth)
	case 2:
		return r.float(depth)
	case 3:
		return r.span()
	default:
		return fmt.Sprintf("CASE WHEN k > 1 THEN %s ELSE %s END", r.whole(1), r.whole(1))
	}
}

// textRows reads a result as lines.
func textRows(res *Result) (lines []string, err error) {
	defer res.Close()
	for {
		b, err := res.Next()
		if b == nil || err != nil {
			return lines, err
		}
		for i := range b.N {
			line := ""
			for _, c := range b.Cols {
				line += string(vec.AppendText(nil, c, i, time.UTC)) + "|"
			}
			lines = append(lines, line)
		}
	}
}

// A top-N that computes what it gives out for those rows alone fails where the expression does for any row, wherever rows are and whatever their statistics.
func TestFailuresOfRowsLeftOut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	failed, spared, checked := 0, 0, 0
	for seed := range uint64(12) {
		r := failures{rand.New(rand.NewPCG(seed, 7))}
		st, err := store.Open(ctx, "/db", &store.Options{FS: vfs.NewMem(), SegmentRows: 16})
		require.NoError(t, err)
		session := New(st, builtin.Registry(), &Options{Workers: 2, BatchRows: 5}).NewSession()
		run := func(sql string) (rows []string, code sqlstate.Code) {
			stmts, err := parser.Parse(sql)
			require.NoError(t, err, sql)
			res, err := session.Execute(ctx, stmts[0], nil)
			if err == nil {
				rows, err = textRows(res)
			}
			var coded *sqlstate.Error
			if errors.As(err, &coded) {
				return nil, coded.Code
			}
			require.NoError(t, err, sql)
			return rows, ""
		}
		run("CREATE TABLE a (id int PRIMARY KEY, k int, n bigint, m bigint, x numeric, t timestamp, u timestamp)")
		odd := seed%4 != 0 // one row has what fails
		for part := range 2 {
			var values []string
			for i := range 40 {
				k, m := fmt.Sprint(1+r.IntN(9)), r.pick("NULL", "5", "1000")
				n, span := fmt.Sprint(r.IntN(1<<30)), fmt.Sprintf("'2025-03-%02d'", 1+r.IntN(28))
				if odd && i == 20 && uint64(part) == seed/4%2 {
					k, m = r.pick("2147483647", "0"), "1000"
					n, span = r.pick("9223372036854775807", "-9223372036854775808", "0"), r.pick("'infinity'", "'-infinity'", "'294246-12-31'", "'4713-01-01 BC'")
				}
				values = append(values, fmt.Sprintf("(%d, %s, %s, %s, %s, %s, %s)", part*100+i, k, n, m, r.pick("1.5", "NULL", "2"), span,
					r.pick("NULL", "'2025-01-01 10:00'")))
			}
			_, code := run("INSERT INTO a VALUES " + strings.Join(values, ", "))
			require.Empty(t, code)
			if part == 0 && seed%2 == 0 {
				run("CALL system.flush(all_rows => true)")
			}
		}
		exprs := []string{"k * 1048576", "k + 1", "k - (-1)", "n * m", "n + m", "n - m", "t - u", "EXTRACT(EPOCH FROM t - u)", "n::numeric / x", "m / k", "m % n", "1 / n::float8"}
		for range 200 {
			exprs = append(exprs, r.any())
		}
		for _, e := range exprs {
			_, want := run("SELECT " + e + " FROM a")
			top := "SELECT id, " + e + " FROM a ORDER BY id LIMIT 2"
			_, got := run(top)
			require.Equal(t, want, got, "seed %d: %s", seed, e)
			if got != "" {
				failed++
			}
			if plan, _ := run("EXPLAIN " + top); strings.Contains(strings.Join(plan, "\n"), "Must Not Fail") {
				checked++
			} else if strings.ContainsAny(e, "+-*/") && got == "" {
				spared++
			}
		}
		require.NoError(t, st.Close())
	}
	require.Greater(t, failed, 50)
	require.Greater(t, spared, 50)
	require.Greater(t, checked, 50)
}

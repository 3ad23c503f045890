package stoa_test

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestRandomQueries compares random queries over random small tables, partly hot and partly flushed, with the oracle's answers. The seed is fixed, so that
// the test says the same every time; -rapid.seed and -rapid.checks choose others.
func TestRandomQueries(t *testing.T) {
	t.Parallel()
	setFlag(t, "rapid.seed", "20251021")
	setFlag(t, "rapid.nofailfile", "true")
	setFlag(t, "rapid.checks", map[bool]string{true: "10", false: "60"}[testing.Short()])
	rapid.Check(t, func(rt *rapid.T) {
		g := newGenerator(t, rt)
		defer g.db.store.Close()
		for range 20 {
			g.db.reshape(shape{g.pick("batch rows", 1, 3, 0), g.pick("workers", 1, 4)})
			g.query()
		}
	})
}

// setFlag sets a flag unless the command line does.
func setFlag(t *testing.T, name, value string) {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		require.NoError(t, flag.Set(name, value))
	}
}

// generator makes a database with tables l and u and queries of them.
type generator struct {
	rt   *rapid.T
	db   *database
	l, u []*record
	from []string // the aliases that expressions may name
}

func newGenerator(t *testing.T, rt *rapid.T) *generator {
	g := &generator{rt: rt, db: openDatabase(t, rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(rt, "segment rows"))}
	g.l, g.u = g.table("l"), g.table("u")
	return g
}

// pick draws one of several numbers.
func (g *generator) pick(label string, from ...int) int {
	return rapid.SampledFrom(from).Draw(g.rt, label)
}

func (g *generator) chance(percent int) bool {
	return rapid.IntRange(0, 99).Draw(g.rt, "chance") < percent
}

// table makes a table of up to 40 rows, written by several INSERTs, with flushes and updates that change nothing between them.
func (g *generator) table(name string) []*record {
	g.db.must("CREATE TABLE " + name + " (id bigint PRIMARY KEY, a bigint, s text, t timestamp, b boolean)")
	var out []*record
	for range g.pick("inserts", 0, 1, 2, 4) {
		var values []string
		for range g.pick("rows", 1, 2, 5, 10) {
			r := &record{id: int64(len(out) + 1), a: g.value("a"), s: g.value("s"), t: g.value("t"), b: g.value("b")}
			out = append(out, r)
			values = append(values, fmt.Sprintf("(%d, %s, %s, %s, %s)", r.id, sqlValue(r.a), sqlValue(r.s), sqlValue(r.t), sqlValue(r.b)))
		}
		g.db.must("INSERT INTO " + name + " VALUES " + strings.Join(values, ", "))
		switch g.pick("then", 0, 0, 1, 2) {
		case 1:
			g.db.must("CALL system.flush('public." + name + "', all_rows => true)")
		case 2:
			g.db.must("UPDATE " + name + " SET a = a WHERE id % 3 = 1")
		}
	}
	return out
}

// value draws a value of a column's type, NULL among them, from few, so that rows share them.
func (g *generator) value(column string) any {
	if g.chance(20) {
		return nil
	}
	return g.known(column)
}

// known draws a value that is not NULL.
func (g *generator) known(column string) any {
	switch column {
	case "s":
		return rapid.SampledFrom([]string{"", "a", "b", "ab", "B", "a%", "a_b", "é", "node-1:x"}).Draw(g.rt, "text")
	case "t":
		days := rapid.IntRange(-3, 3).Draw(g.rt, "days")
		return time.Date(2025, 10, 21, 12, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	case "b":
		return rapid.Bool().Draw(g.rt, "bool")
	default:
		return rapid.Int64Range(-4, 12).Draw(g.rt, "integer")
	}
}

// column gives a column of one of the tables.
func (g *generator) column(name string) expr {
	alias := rapid.SampledFrom(g.from).Draw(g.rt, "alias")
	return expr{alias + "." + name, func(e env) any { return e[alias].column(name) }}
}

// integer draws an integer expression.
func (g *generator) integer(depth int) expr {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 9).Draw(g.rt, "integer expression")
	}
	switch kind {
	default:
		return g.column(rapid.SampledFrom([]string{"a", "a", "a", "id"}).Draw(g.rt, "column"))
	case 4:
		x := literal(g.value("a"))
		x.sql += "::bigint"
		return x
	case 5, 6:
		x, y := g.integer(depth-1), g.integer(depth-1)
		op := rapid.SampledFrom([]string{"+", "-", "*"}).Draw(g.rt, "operator")
		return expr{"(" + x.sql + " " + op + " " + y.sql + ")", strict(func(x, y any) any {
			a, b := x.(int64), y.(int64)
			return map[string]int64{"+": a + b, "-": a - b, "*": a * b}[op]
		}, x, y)}
	case 7:
		x, by := g.integer(depth-1), rapid.SampledFrom([]int64{-3, 1, 2, 7}).Draw(g.rt, "divisor")
		if g.chance(50) {
			return expr{fmt.Sprintf("(%s / %d)", x.sql, by), strict(func(x, _ any) any { return x.(int64) / by }, x, x)}
		}
		return expr{fmt.Sprintf("(%s %% %d)", x.sql, by), strict(func(x, _ any) any { return x.(int64) % by }, x, x)}
	case 8:
		x := g.text(depth - 1)
		return expr{"length(" + x.sql + ")::bigint", strict(func(x, _ any) any { return int64(len([]rune(x.(string)))) }, x, x)}
	case 9:
		return g.choice(depth, g.integer)
	}
}

// text draws a text expression.
func (g *generator) text(depth int) expr {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 7).Draw(g.rt, "text expression")
	}
	switch kind {
	default:
		return g.column("s")
	case 4:
		x := literal(g.value("s"))
		x.sql += "::text"
		return x
	case 5:
		x, y := g.text(depth-1), g.text(depth-1)
		return expr{"(" + x.sql + " || " + y.sql + ")", strict(func(x, y any) any { return x.(string) + y.(string) }, x, y)}
	case 6:
		x := g.integer(depth - 1)
		return expr{"(" + x.sql + ")::text", strict(func(x, _ any) any { return strconv.FormatInt(x.(int64), 10) }, x, x)}
	case 7:
		return g.choice(depth, g.text)
	}
}

func (g *generator) timestamp(int) expr { return g.column("t") }

// choice draws CASE, COALESCE or NULLIF of expressions of one type.
func (g *generator) choice(depth int, of func(int) expr) expr {
	x, y := of(depth-1), of(depth-1)
	switch g.pick("choice", 0, 1, 2) {
	case 0:
		cond := g.condition(depth - 1)
		return expr{"CASE WHEN " + cond.sql + " THEN " + x.sql + " ELSE " + y.sql + " END", func(e env) any {
			if cond.eval(e) == true {
				return x.eval(e)
			}
			return y.eval(e)
		}}
	case 1:
		return expr{"COALESCE(" + x.sql + ", " + y.sql + ")", func(e env) any {
			if v := x.eval(e); v != nil {
				return v
			}
			return y.eval(e)
		}}
	default:
		return expr{"NULLIF(" + x.sql + ", " + y.sql + ")", func(e env) any {
			v := x.eval(e)
			if v != nil && v == y.eval(e) {
				return nil
			}
			return v
		}}
	}
}

// condition draws a boolean expression.
func (g *generator) condition(depth int) expr {
	kind := rapid.IntRange(0, 6).Draw(g.rt, "simple condition")
	if depth > 0 {
		kind = rapid.IntRange(0, 12).Draw(g.rt, "condition")
	}
	switch kind {
	default:
		return g.comparison(depth)
	case 3:
		return g.column("b")
	case 4:
		return g.nullTest()
	case 5:
		return g.inList()
	case 6:
		return g.like()
	case 7, 8, 9:
		return g.junction(depth)
	case 10:
		x := g.condition(depth - 1)
		return expr{"NOT (" + x.sql + ")", strict(func(x, _ any) any { return !x.(bool) }, x, x)}
	case 11:
		x, want := g.condition(depth-1), g.value("b")
		word := map[any]string{nil: "UNKNOWN", true: "TRUE", false: "FALSE"}[want]
		return expr{"((" + x.sql + ") IS " + word + ")", func(e env) any { return x.eval(e) == want }}
	case 12:
		x, y := g.integer(depth-1), g.integer(depth-1)
		return expr{"(" + x.sql + " IS DISTINCT FROM " + y.sql + ")", func(e env) any { return x.eval(e) != y.eval(e) }}
	}
}

func (g *generator) comparison(depth int) expr {
	of := rapid.SampledFrom([]func(int) expr{g.integer, g.integer, g.text, g.timestamp}).Draw(g.rt, "type")
	x, y := of(max(depth-1, 0)), of(max(depth-1, 0))
	if g.chance(50) {
		column := map[bool]string{true: "t", false: "a"}[strings.HasSuffix(x.sql, ".t")]
		if strings.HasSuffix(x.sql, ".t") || strings.HasSuffix(x.sql, ".a") {
			y = literal(g.known(column))
		}
	}
	op := rapid.SampledFrom([]string{"=", "<>", "<", "<=", ">", ">="}).Draw(g.rt, "comparison")
	return expr{"(" + x.sql + " " + op + " " + y.sql + ")", strict(func(x, y any) any {
		c := compareValues(x, y)
		return map[string]bool{"=": c == 0, "<>": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op]
	}, x, y)}
}

func (g *generator) nullTest() expr {
	x, negated := g.column(rapid.SampledFrom([]string{"a", "s", "t", "b", "id"}).Draw(g.rt, "column")), g.chance(50)
	return expr{x.sql + map[bool]string{true: " IS NOT NULL", false: " IS NULL"}[negated], func(e env) any { return (x.eval(e) == nil) != negated }}
}

func (g *generator) inList() expr {
	column := rapid.SampledFrom([]string{"a", "s", "t"}).Draw(g.rt, "column")
	x, negated := g.column(column), g.chance(30)
	var list []any
	var words []string
	for range g.pick("list", 1, 2, 3, 12) {
		v := g.value(column)
		list, words = append(list, v), append(words, sqlValue(v))
	}
	return expr{"(" + x.sql + map[bool]string{true: " NOT IN (", false: " IN ("}[negated] + strings.Join(words, ", ") + "))", func(e env) any {
		v := x.eval(e)
		switch {
		case v == nil:
			return nil
		case slices.ContainsFunc(list, func(o any) bool { return o != nil && compareValues(v, o) == 0 }):
			return !negated
		case slices.Contains(list, nil):
			return nil
		}
		return negated
	}}
}

func (g *generator) like() expr {
	x, negated := g.column("s"), g.chance(30)
	pattern := rapid.SampledFrom([]string{"a%", "%b", "%", "_", "a_", "", `a\%`, `%\_%`, "node-1:%", "_é", "%a%"}).Draw(g.rt, "pattern")
	return expr{"(" + x.sql + map[bool]string{true: " NOT LIKE '", false: " LIKE '"}[negated] + pattern + "')",
		strict(func(x, _ any) any { return likes([]rune(x.(string)), []rune(pattern)) != negated }, x, x)}
}

// likes matches by trying everything.
func likes(s, pattern []rune) bool {
	if len(pattern) == 0 {
		return len(s) == 0
	}
	switch pattern[0] {
	case '%':
		return likes(s, pattern[1:]) || len(s) > 0 && likes(s[1:], pattern)
	case '_':
		return len(s) > 0 && likes(s[1:], pattern[1:])
	case '\\':
		pattern = pattern[1:]
	}
	return len(s) > 0 && s[0] == pattern[0] && likes(s[1:], pattern[1:])
}

func (g *generator) junction(depth int) expr {
	x, y, decisive := g.condition(depth-1), g.condition(depth-1), g.chance(50)
	return expr{"(" + x.sql + map[bool]string{true: " OR ", false: " AND "}[decisive] + y.sql + ")", func(e env) any {
		a, b := x.eval(e), y.eval(e)
		switch {
		case a == decisive || b == decisive:
			return decisive
		case a == nil || b == nil:
			return nil
		}
		return !decisive
	}}
}

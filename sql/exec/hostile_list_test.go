package exec_test

import (
	"fmt"
	"strings"
)

// hostile is a statement that asks for more than there is. sql gives its text, for a factor of size: 1 in the quick form.
type hostile struct {
	name string
	sql  func(scale int) string
	// codes are the ways in which it may end, besides a time-out, the budget and, without only, an answer.
	codes string
	only  bool
}

func text(sql string) func(int) string { return func(int) string { return sql } }

// nested gives open, 100,000 times, then inner, then close as often.
func nested(before, open, inner, closing, after string) func(int) string {
	return func(int) string {
		return before + strings.Repeat(open, 100_000) + inner + strings.Repeat(closing, 100_000) + after
	}
}

// sixty gives open, sixty times, then inner, then close as often: what stands twice in each would stand 2^60 times.
func sixty(before, open, inner, closing, after string) func(int) string {
	return func(int) string {
		return before + strings.Repeat(open, 60) + inner + strings.Repeat(closing, 60) + after
	}
}

// listed gives n items for each unit of scale.
func listed(before string, n int, item func(i int) string, after string) func(int) string {
	return func(scale int) string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n * scale {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(item(i))
		}
		return b.String() + after
	}
}

// long gives a megabyte of filler for each unit of scale.
func long(before, filler, after string) func(int) string {
	return func(scale int) string { return before + strings.Repeat(filler, scale<<20/len(filler)) + after }
}

const tooDeep, broken, tooMuch = "54001", "42601", "54000"

// hostileTexts are hard to read, to bind and to plan.
func hostileTexts() []hostile {
	number := func(i int) string { return fmt.Sprint(i) }
	ctes := func(n int, join string) string {
		var b strings.Builder
		b.WriteString("WITH c0 AS (SELECT 1 AS x)")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, ", c%d AS (SELECT a.x FROM c%d a %s c%d b)", i, i-1, join, i-1)
		}
		return fmt.Sprintf("%s SELECT count(*) FROM c%d", b.String(), n)
	}
	return []hostile{
		{"parentheses", nested("SELECT ", "(", "1", ")", ""), tooDeep, true},
		{"parentheses that stay open", nested("SELECT ", "(", "1", "", ""), tooDeep, true},
		{"NOT", nested("SELECT ", "NOT ", "true", "", ""), tooDeep, true},
		{"minus", nested("SELECT ", "- ", "1", "", ""), tooDeep, true},
		{"CASE", nested("SELECT ", "CASE WHEN true THEN ", "1", " END", ""), tooDeep, true},
		{"CASE in the condition", nested("SELECT ", "CASE WHEN ", "true", " THEN true END", ""), tooDeep, true},
		{"scalar sub-selects", nested("", "SELECT (", "SELECT 1", ")", ""), tooDeep, true},
		{"sub-selects in FROM", nested("", "SELECT * FROM (", "SELECT 1", ") x", ""), tooDeep, true},
		{"EXISTS", nested("SELECT ", "EXISTS (SELECT 1 WHERE ", "true", ")", ""), tooDeep, true},
		{"UNION", nested("SELECT 1", " UNION ALL SELECT 1", "", "", ""), tooDeep, true},
		{"EXCEPT to the right", nested("SELECT 1", " EXCEPT (SELECT 1", "", ")", ""), tooDeep, true},
		{"casts", nested("SELECT 1", "::int", "", "", ""), tooDeep, true},
		{"CAST", nested("SELECT ", "CAST(", "1", " AS int)", ""), tooDeep, true},
		{"calls", nested("SELECT ", "abs(", "1", ")", ""), tooDeep, true},
		{"plus", nested("SELECT 1", " + 1", "", "", ""), tooDeep, true},
		{"AND", nested("SELECT true", " AND grp > 0", "", "", " FROM h"), tooDeep, false},
		{"OR", nested("SELECT count(*) FROM h WHERE true", " OR grp > 0", "", "", ""), tooDeep, false},
		{"BETWEEN in BETWEEN", sixty("SELECT ", "(", "grp", " BETWEEN 0 AND 2)::int", " FROM h"), tooDeep, true},
		{"BETWEEN SYMMETRIC in itself", sixty("SELECT ", "(", "1", " BETWEEN SYMMETRIC 0 AND 2)::int", ""), tooDeep, true},
		{"BETWEEN within a bound", sixty("SELECT ", "(1 BETWEEN 0 AND ", "grp", ")::int", " FROM h"), tooDeep, true},
		{"NULLIF in NULLIF", sixty("SELECT ", "nullif(", "grp", ", 3)", " FROM h"), tooDeep, false},
		{"IS DISTINCT FROM in itself", sixty("SELECT ", "(", "grp", " IS DISTINCT FROM 2)::int", " FROM h"), tooDeep, true},
		{"IN in IN", sixty("SELECT ", "(", "1", " IN (grp, 2, 3))::int", " FROM h"), tooDeep, true},
		{"compared rows in each other", sixty("SELECT ", "((grp, ", "1", ") < (2, 3))::int", " FROM h"), tooDeep, true},
		{"CASE of a CASE", sixty("SELECT ", "CASE ", "grp", " WHEN 0 THEN 1 WHEN 2 THEN 3 ELSE 1 END", " FROM h"), tooDeep, true},
		{"IN of rows in each other", sixty("SELECT ", "((grp, ", "1", ") IN ((2, 3), (4, 5)))::int", " FROM h"), tooDeep, true},
		{"a default of BETWEENs", sixty("CREATE TABLE between60 (a int DEFAULT ", "(", "1", " BETWEEN 0 AND 2)::int", ")"), tooDeep, true},
		{"a condition on doubled columns", sixty("", "SELECT (x + x) % 7 AS x FROM (", "SELECT grp AS x FROM h", ") t", " WHERE x > 3"), "", false},
		{"a condition on doubled groups", sixty("", "SELECT (x + x) % 7 AS x FROM (", "SELECT grp AS x FROM h", ") t GROUP BY 1", " HAVING (x + x) % 7 > 3"), "42803", false},
		{"an order by doubled columns", sixty("", "SELECT (x + x) % 7 AS x FROM (", "SELECT grp AS x FROM h", " ORDER BY x LIMIT 1000) t", ""), "", false},
		{"concatenations", nested("SELECT ''", " || name", "", "", " FROM h"), tooDeep, true},
		{"arrows", nested("SELECT doc", " -> 'a'", "", "", " FROM h"), tooDeep, true},
		{"joins in parentheses", nested("SELECT * FROM ", "(h CROSS JOIN ", "h", ")", ""), tooDeep, false},
		{"joins in a chain", nested("SELECT count(*) FROM h", " CROSS JOIN h", "", "", ""), tooDeep, false},
		{"joins with ON at the end", nested("SELECT count(*) FROM h", " JOIN h", "", " ON true", ""), tooDeep, false},
		{"WITH in WITH", nested("", "WITH a AS (", "SELECT 1", ") SELECT 1", ""), tooDeep, true},
		{"rows in rows", nested("SELECT ", "ROW(", "1", ")", " = ROW(1)"), tooDeep + " 0A000 42601", true},
		{"interval operators", nested("SELECT now()", " - interval '1 s'", "", "", ""), tooDeep, true},
		{"IS NULL", nested("SELECT 1", " IS NULL", "", "", ""), tooDeep, false},
		{"COLLATE", nested("SELECT 'x'", ` COLLATE "C"`, "", "", ""), tooDeep + " 0A000", false},
		{"AT TIME ZONE", nested("SELECT now()", " AT TIME ZONE 'UTC'", "", "", ""), tooDeep, true},
		{"EXPLAIN", nested("", "EXPLAIN ", "SELECT 1", "", ""), broken + " " + tooDeep, true},
		{"jsonb arrays", nested("SELECT '", "[", "1", "]", "'::jsonb"), tooDeep, true},
		{"jsonb objects", nested("SELECT '", `{"a":`, "1", "}", "'::jsonb"), tooDeep, true},
		{"jsonb built", nested("SELECT ", "jsonb_build_array(", "1", ")", ""), tooDeep, true},
		{"comments in comments", nested("", "/*", "", "*/", "SELECT 1"), "", false},
		{"comments that stay open", nested("", "/*", "", "", ""), broken, true},
		{"comments side by side", long("SELECT ", "/**/", "1"), "", false},
		{"a long line of comment", long("-- ", "comment ", "\nSELECT 1"), "", false},
		{"a long string", long("SELECT length('", "abcdefgh", "')"), "", false},
		{"a long string of quotes", long("SELECT length('", "''''''''", "')"), "", false},
		{"a long escape string", long("SELECT length(E'", `\u00e9\n`, "')"), "", false},
		{"a long string that stays open", long("SELECT '", "abcdefgh", ""), broken, true},
		{"dollar quotes", long("SELECT length($x$", "$y$ $$ $", "$x$)"), "", false},
		{"dollar quotes that stay open", long("SELECT $a$", "$b$ $c$ ", ""), broken, true},
		{"a long identifier", long("SELECT 1 AS ", "abcdefgh", ""), "", false},
		{"a long quoted identifier", long(`SELECT "`, "abcdefgh", `"`), "42703", true},
		{"a long number", long("SELECT ", "12345678", ""), "22003", false},
		{"a long number with a point", long("SELECT 0.", "12345678", ""), "22003", false},
		{"a long operator", long("SELECT 1 ", "+*<>=~!@", " 1"), "42883 42601", true},
		{"semicolons", long("", ";;;;;;;;", "SELECT 1"), "", false},
		{"blanks", long("SELECT", "        ", "1"), "", false},
		{"a million parameters", listed("SELECT ", 20_000, func(i int) string { return fmt.Sprintf("$%d", i+1) }, ""), "42P02 54011", true},
		{"a parameter of a large number", text("SELECT $2147483647"), "42P02", true},
		{"a parameter of a larger number", text("SELECT $99999999999999999999"), "42601 22003 42P02", true},
		{"many IN", listed("SELECT count(*) FROM h WHERE id IN (", 50_000, number, ")"), "", false},
		{"many NOT IN", listed("SELECT count(*) FROM h WHERE id NOT IN (", 50_000, number, ")"), "", false},
		{"many texts in IN", listed("SELECT count(*) FROM h WHERE name IN (", 50_000, func(i int) string { return fmt.Sprintf("'n%d'", i) }, ")"), "", false},
		{"many expressions in IN", listed("SELECT count(*) FROM h WHERE id IN (", 20_000, func(i int) string { return fmt.Sprintf("grp+%d", i) }, ")"), tooDeep, false},
		{"many rows of VALUES", listed("SELECT count(*) FROM (VALUES ", 50_000, func(i int) string { return fmt.Sprintf("(%d,'x')", i) }, ") v"), "", false},
		{"many rows of INSERT", listed("INSERT INTO sink VALUES ", 50_000, func(i int) string { return fmt.Sprintf("(%d,'x')", i) }, ""), "", false},
		{"many rows of expressions", listed("SELECT count(*) FROM (VALUES ", 20_000, func(i int) string { return fmt.Sprintf("(%d+1)", i) }, ") v"), "", false},
		{"many output columns", listed("SELECT ", 10_000, number, " FROM h"), "54011", false},
		{"many computed columns", listed("SELECT ", 1600, func(i int) string { return fmt.Sprintf("id+%d", i) }, " FROM h"), "54011", false},
		{"many aggregates", listed("SELECT ", 1600, func(i int) string { return fmt.Sprintf("sum(id+%d)", i) }, " FROM h"), "54011", false},
		{"many distinct aggregates", listed("SELECT ", 800, func(i int) string { return fmt.Sprintf("count(DISTINCT id+%d)", i) }, " FROM h"), "54011", false},
		{"many group keys", listed("SELECT count(*) FROM h GROUP BY ", 5000, func(i int) string { return fmt.Sprintf("id+%d", i) }, ""), "54011", false},
		{"many sort keys", listed("SELECT id FROM h ORDER BY ", 5000, func(i int) string { return fmt.Sprintf("id+%d", i) }, ""), "54011", false},
		{"many arguments", listed("SELECT concat(", 20_000, number, ")"), "54023", false},
		{"many arguments of GREATEST", listed("SELECT greatest(", 20_000, func(i int) string { return fmt.Sprintf("id+%d", i) }, ") FROM h"), "", false},
		{"many tables", listed("SELECT count(*) FROM ", 1000, func(i int) string { return fmt.Sprintf("h t%d", i) }, ""), "54000 54001", false},
		{"many branches of CASE", func(scale int) string {
			return "SELECT CASE " + strings.Repeat("WHEN grp = -1 THEN 0 ", 5000*scale) + "END FROM h"
		}, tooDeep, false},
		{"many CTEs", func(scale int) string { return ctes(1000, "WHERE") + " -- " }, broken, false},
		{"CTEs that double", func(int) string { return ctes(60, "CROSS JOIN") }, tooMuch, false},
		{"CTEs that double in unions", func(int) string {
			s := "WITH c0 AS (SELECT 1 AS x)"
			for i := 1; i <= 60; i++ {
				s += fmt.Sprintf(", c%d AS (SELECT x FROM c%d UNION ALL SELECT x FROM c%d)", i, i-1, i-1)
			}
			return s + " SELECT count(*) FROM c60"
		}, tooMuch, false},
		{"columns that double", func(int) string {
			s := "WITH c0 AS (SELECT * FROM h)"
			for i := 1; i <= 24; i++ {
				s += fmt.Sprintf(", c%d AS (SELECT a.*, b.* FROM (SELECT * FROM c%d) a, (SELECT 1) b)", i, i-1)
			}
			return s + " SELECT count(*) FROM c24"
		}, "42702 54011", false},
		{"stars that double", func(int) string {
			s := "SELECT 1 AS x"
			for i := 0; i < 24; i++ {
				s = fmt.Sprintf("SELECT t.*, t.* FROM (%s) t", s)
			}
			return s
		}, "54011 42702", false},
		{"expressions that double", func(int) string {
			s := "SELECT id AS x FROM h"
			for i := 0; i < 60; i++ {
				s = fmt.Sprintf("SELECT x + x AS x FROM (%s) t", s)
			}
			return s
		}, "22003", false},
		{"constants that double", func(int) string {
			s := "SELECT 1 AS x"
			for i := 0; i < 60; i++ {
				s = fmt.Sprintf("SELECT x || x::text AS x FROM (SELECT x::text FROM (%s) t) t", s)
			}
			return s
		}, tooMuch, false},
		{"conditions that are pushed", func(int) string {
			s := "SELECT id AS x FROM h"
			for i := 0; i < 400; i++ {
				s = fmt.Sprintf("SELECT x FROM (%s) t WHERE x > %d AND x IS NOT NULL", s, -i)
			}
			return s
		}, tooDeep, false},
		{"a text with a NUL", text("SELECT 'a\x00b'"), "22021 42601", true},
		{"a text that is no UTF-8", text("SELECT '\xff\xfe'"), "22021", true},
		{"a name that is no UTF-8", text("SELECT \"\xc3\x28\""), "22021", true},
		{"a comment that is no UTF-8", text("SELECT 1 -- \xff"), "22021", false},
		{"escapes that are no UTF-8", text(`SELECT E'\xff\xfe'`), "22021", true},
		{"an escape that is NUL", text(`SELECT E'\000'`), "22021 22025 42601 54000 22P05", true},
		{"an escape of a surrogate", text(`SELECT E'\ud800'`), "42601 22025", true},
		{"many columns in a table", listed("CREATE TABLE wide (", 5000, func(i int) string { return fmt.Sprintf("c%d int", i) }, ")"), "54011", false},
		{"many checks on a table", listed("CREATE TABLE strict (a int, ", 5000, func(i int) string { return fmt.Sprintf("CHECK (a < %d)", i) }, ")"), "42P07 0A000", false},
	}
}

package parser

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// dump writes a tree without its positions, so that two can be compared.
func dump(v any) string {
	var b strings.Builder
	dumpValue(&b, reflect.ValueOf(v))
	return b.String()
}

func dumpValue(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		dumpValue(b, v.Elem())
	case reflect.Struct:
		b.WriteString(v.Type().Name() + "{")
		for i := range v.NumField() {
			if v.Field(i).Type() != reflect.TypeFor[Pos]() {
				b.WriteString(v.Type().Field(i).Name + ":")
				dumpValue(b, v.Field(i))
				b.WriteByte(' ')
			}
		}
		b.WriteByte('}')
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			dumpValue(b, v.Index(i))
			b.WriteByte(' ')
		}
		b.WriteByte(']')
	default:
		fmt.Fprintf(b, "%#v", v.Interface())
	}
}

// corpus gives every text of testdata that parses.
func corpus(t testing.TB) []string {
	t.Helper()
	var texts []string
	for _, name := range []string{"syntax.txt", "names.txt", "precedence.txt"} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		for piece := range strings.SplitSeq(string(data), "\n\n") {
			input, _, _ := strings.Cut(strings.Trim(piece, "\n"), "\n----")
			if name != "syntax.txt" {
				input = "SELECT " + input
			}
			texts = append(texts, input)
		}
	}
	return append(texts, contract(t))
}

// TestFormatRoundTrip renders every query of the corpus and parses that again: the trees must be equal.
func TestFormatRoundTrip(t *testing.T) {
	t.Parallel()
	queries := 0
	for _, text := range corpus(t) {
		stmts, err := Parse(text)
		if err != nil {
			continue
		}
		for _, s := range stmts {
			if q, ok := s.Node.(*Query); ok && formattable(q) {
				queries++
				checkRoundTrip(t, q)
			}
		}
	}
	require.Greater(t, queries, 500)
}

// formattable reports whether q has no data-modifying CTE, which only the top of a statement can have.
func formattable(q *Query) bool {
	if q.With != nil {
		for _, c := range q.With.CTEs {
			if _, ok := c.Query.(*Query); !ok {
				return false
			}
		}
	}
	return true
}

func checkRoundTrip(t *testing.T, q *Query) {
	t.Helper()
	text := FormatQuery(q)
	again, err := Parse(text)
	if sqlstate.CodeOf(err) == sqlstate.StatementTooComplex {
		return // the parentheses of the rendering nest deeper than the original did
	}
	require.NoError(t, err, text)
	require.Len(t, again, 1, text)
	require.Equal(t, dump(q), dump(again[0].Node), text)
}

// TestFormat pins the rendering of a few expressions.
func TestFormat(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`a+b*c`:                                           `(a + (b * c))`,
		`status = 'it''s' AND x>-1`:                       `((status = 'it''s') AND (x > -1))`,
		`-1::int`:                                         `(- 1::integer)`,
		`(-1)::bigint`:                                    `(-1)::bigint`,
		`"Select"."b c"`:                                  `"Select"."b c"`,
		`parameters->>'x'::text IS NOT NULL`:              `((parameters ->> 'x'::text) IS NOT NULL)`,
		`EXTRACT(EPOCH FROM (b - a))`:                     `EXTRACT(epoch FROM (b - a))`,
		`now() - INTERVAL '1 hour'`:                       `(now() - interval '1 hour')`,
		`cast(a as timestamptz(3))`:                       `CAST(a AS timestamp(3) with time zone)`,
		`count(distinct a) filter (where b)`:              `count(DISTINCT a) FILTER (WHERE b)`,
		`case a when 1 then 'x' else null end`:            `CASE a WHEN 1 THEN 'x' ELSE NULL END`,
		`a not between 1 and 2 or not b`:                  `((a NOT BETWEEN 1 AND 2) OR (NOT b))`,
		`x in (1,2) and y = any('{1}'::int[])`:            `((x IN (1, 2)) AND (y = ANY ('{1}'::integer[])))`,
		`exists(select 1 from t where a limit 1)`:         `EXISTS (SELECT 1 FROM t WHERE a LIMIT 1)`,
		`a at time zone 'utc' collate "C"`:                `(a AT TIME ZONE ('utc' COLLATE "C"))`,
		`trim(leading 'x' from a) || substring(a from 2)`: `(TRIM(LEADING 'x' FROM a) || SUBSTRING(a FROM 2))`,
		`sum(a) over (partition by b order by c desc rows between 1 preceding and current row)`: `sum(a) OVER (PARTITION BY b ORDER BY c DESC ` +
			`ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`,
	} {
		e, err := ParseExpr(in)
		require.NoError(t, err, in)
		require.Equal(t, want, Format(e))
	}
}

// checkParse holds what is true of every text: no panic, positions inside it, statements that are pieces of it, a code for each error.
func checkParse(t *testing.T, text string) {
	t.Helper()
	chars := utf8.RuneCountInString(text)
	stmts, err := Parse(text)
	if err != nil {
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e)
		require.NotEqual(t, sqlstate.InternalError, e.Code)
		require.GreaterOrEqual(t, e.Position, 0)
		require.LessOrEqual(t, e.Position, chars+1)
		require.Nil(t, stmts)
		return
	}
	rest, runes := text, []rune(text)
	for _, s := range stmts {
		require.True(t, strings.HasPrefix(string(runes[s.Pos-1:]), s.Text))
		checkPositions(t, reflect.ValueOf(s.Node), chars)
		piece := ""
		for piece == "" || isBlank(piece) { // empty statements
			var complete bool
			if piece, rest, complete = SplitStatement(rest); !complete {
				break
			}
		}
		require.True(t, strings.Contains(piece, s.Text), "%q in %q", s.Text, piece)
		if q, ok := s.Node.(*Query); ok && formattable(q) {
			checkRoundTrip(t, q)
		}
	}
}

// isBlank reports whether a piece holds no statement.
func isBlank(piece string) bool {
	stmts, err := Parse(piece)
	return err == nil && len(stmts) == 0
}

// checkPositions looks at the positions of all nodes, and at the functions that take any expression.
func checkPositions(t *testing.T, v reflect.Value, chars int) {
	t.Helper()
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if e, ok := v.Interface().(Expr); ok {
			require.LessOrEqual(t, int(Location(e)), chars+1)
			require.NotEmpty(t, OutputName(e))
		}
		checkPositions(t, v.Elem(), chars)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.Type() == reflect.TypeFor[Pos]() {
				require.GreaterOrEqual(t, f.Int(), int64(0))
				require.LessOrEqual(t, f.Int(), int64(chars))
			} else {
				checkPositions(t, f, chars)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkPositions(t, v.Index(i), chars)
		}
	}
}

// TestInvariants holds them for the corpus, and for each of its texts cut short, where errors are.
func TestInvariants(t *testing.T) {
	t.Parallel()
	for _, text := range corpus(t) {
		checkParse(t, text)
		if len(text) < 300 {
			for i := 1; i < len(text); i += 3 {
				checkParse(t, text[:i])
			}
		}
	}
}

// FuzzParse looks for texts that make the parser panic, or break an invariant.
func FuzzParse(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkParse(t, text) })
}

// TestDepth gives the parser nesting of every kind, much deeper than it goes, and a little.
func TestDepth(t *testing.T) {
	t.Parallel()
	for _, shape := range []struct{ open, middle, end string }{
		{"select " + "\x01(", "1", ")"}, {"select \x01- ", "a", ""}, {"select \x01not ", "a", ""}, {"select \x01@ ", "a", ""},
		{"select \x01(select ", "1", ")"}, {"\x01(", "select 1", ")"}, {"select * from \x01(select * from ", "t", ") x"},
		{"select * from \x01(", "a join b on true", ")"}, {"select \x01case when ", "a", " then 1 end"}, {"select \x01f(", "1", ")"},
		{"select \x01array[", "1", "]"}, {"select array\x01[", "1", "]"}, {"select \x01a[", "1", "]"}, {"select 1 \x01+ (1 ", "", ")"},
		{"select 1\x01 ^ 1", "", ""}, {"select a\x01::int", "", ""}, {"select a\x01.b", "", ""}, {"select a[1]\x01[1]", "", ""}, {"select (a)\x01.b", "", ""},
		{"select * from t\x01 join t on true", "", ""}, {"select * from a\x01 join a", "", " on true"}, {"select 1\x01 union select 1", "", ""},
		{"select 1\x01 union (select 1", "", ")"}, {"\x01with a as (", "select 1", ") select 1"}, {"\x01explain ", "select 1", ""},
		{"select 1\x01 in (1", "", ")"}, {"select 1\x01 is null", "", ""}, {"select a\x01 or a and (a", "", ")"},
		{"select f() over (partition by \x01f() over (partition by ", "1", ")"}, {"select 1\x01 between 1 and 1 + (1", "", ")"},
		{"create table t (a int default \x01(", "1", "))"}, {"select \x01(a, ", "b", ")"}, {"select \x01exists (select ", "b", ")"},
		{"select 1\x01 offset (select 1", "", ") rows"}, {"select 1\x01 fetch first (select 1", "", ") row only"},
		{"select * from f(\x01(select 1 from f(", "1", ")))"}, {"select \x01substring(", "1", " similar 1 escape 1)"},
	} {
		for _, n := range []int{20, 12_000} {
			prefix, repeat, _ := strings.Cut(shape.open, "\x01")
			text := prefix + strings.Repeat(repeat, n) + shape.middle + strings.Repeat(shape.end, n)
			stmts, err := Parse(text)
			if n > 1000 {
				var e *sqlstate.Error
				if errors.As(err, &e) && e.Code == sqlstate.StatementTooComplex {
					continue
				}
				if e == nil {
					require.LessOrEqual(t, height(reflect.ValueOf(stmts[0].Node)), maxHeight*3, prefix+repeat)
				}
				continue
			}
			if err == nil {
				if q, ok := stmts[0].Node.(*Query); ok {
					checkRoundTrip(t, q)
				}
			}
		}
	}
}

// height gives the height of a tree of nodes.
func height(v reflect.Value) int {
	h := 0
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			return height(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			h = max(h, height(v.Field(i)))
		}
		return h + 1
	case reflect.Slice:
		for i := range v.Len() {
			h = max(h, height(v.Index(i)))
		}
	}
	return h
}

// TestLongChains shows that what is long but not deep is not refused.
func TestLongChains(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"select 1" + strings.Repeat(" + 1", 5000), "select a where a" + strings.Repeat(" or a = 1 and b", 50_000),
		"select a in (1" + strings.Repeat(", 1 + 1", 50_000) + ")", "values (1)" + strings.Repeat(", (1 + 1)", 50_000),
		strings.Repeat("select 1;", 20_000),
	} {
		_, err := Parse(text)
		require.NoError(t, err)
	}
}

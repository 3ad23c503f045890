package stoa_test

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The oracle is the slowest evaluator there is: expressions are closures on one row, joins are nested loops, groups are found by their text. It shares
// nothing with the engine. A value is nil for NULL, or an int64, string, bool or time.Time.

// record is a row of one of the two tables of a random database; a nil record is the side of an outer join that has no match.
type record struct {
	id int64
	a  any // int64: bigint
	s  any // string: text
	t  any // time.Time: timestamp
	b  any // bool: boolean
}

func (r *record) column(name string) any {
	if r == nil {
		return nil
	}
	return map[string]any{"id": r.id, "a": r.a, "s": r.s, "t": r.t, "b": r.b}[name]
}

// env is what an expression sees: the rows of FROM, by alias.
type env map[string]*record

// expr is an expression in SQL and as a function.
type expr struct {
	sql  string
	eval func(env) any
}

// literal gives an expression for a value.
func literal(v any) expr {
	return expr{sqlValue(v), func(env) any { return v }}
}

func sqlValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case time.Time:
		return "TIMESTAMP '" + textOf(v) + "'"
	}
	return fmt.Sprint(v)
}

// textOf gives a value's text form.
func textOf(v any) string {
	switch v := v.(type) {
	case bool:
		return map[bool]string{true: "t", false: "f"}[v]
	case time.Time:
		return v.Format("2006-01-02 15:04:05")
	}
	return fmt.Sprint(v)
}

// strict makes a function of one that is not asked about NULLs.
func strict(f func(x, y any) any, a, b expr) func(env) any {
	return func(e env) any {
		x := a.eval(e)
		y := b.eval(e)
		if x == nil || y == nil {
			return nil
		}
		return f(x, y)
	}
}

// compareValues orders two values of one type that are not NULL.
func compareValues(x, y any) int {
	switch x := x.(type) {
	case int64:
		return cmp.Compare(x, y.(int64))
	case string:
		return strings.Compare(x, y.(string))
	case time.Time:
		return x.Compare(y.(time.Time))
	default:
		return strings.Compare(textOf(x), textOf(y)) // "f" < "t"
	}
}

// orderKey is a key of ORDER BY. NULL is greater than everything, as in PostgreSQL, unless NULLS FIRST or LAST is said.
type orderKey struct {
	expr
	desc       bool
	nullsFirst bool
}

func (k orderKey) compare(x, y any) int {
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return map[bool]int{true: -1, false: 1}[k.nullsFirst]
	case y == nil:
		return map[bool]int{true: 1, false: -1}[k.nullsFirst]
	case k.desc:
		return -compareValues(x, y)
	}
	return compareValues(x, y)
}

func (k orderKey) String() string {
	out := k.sql
	if k.desc {
		out += " DESC"
	}
	if k.nullsFirst != k.desc {
		out += map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[k.nullsFirst]
	}
	return out
}

// joined gives the rows of l JOIN u, by nested loops.
func joined(kind string, l, u []*record, on expr) []env {
	var out []env
	matched := map[*record]bool{}
	for _, x := range l {
		found := false
		for _, y := range u {
			if e := (env{"l": x, "u": y}); on.eval(e) == true {
				found, matched[y] = true, true
				out = append(out, e)
			}
		}
		if !found && (kind == "LEFT" || kind == "FULL") {
			out = append(out, env{"l": x, "u": nil})
		}
	}
	for _, y := range u {
		if !matched[y] && (kind == "RIGHT" || kind == "FULL") {
			out = append(out, env{"l": nil, "u": y})
		}
	}
	return out
}

func filtered(rows []env, cond expr) []env {
	return slices.DeleteFunc(slices.Clone(rows), func(e env) bool { return cond.eval(e) != true })
}

// project gives each row's values as text, nil for NULL.
func project(rows []env, list []expr) [][]*string {
	out := make([][]*string, len(rows))
	for i, e := range rows {
		for _, x := range list {
			out[i] = append(out[i], nullable(x.eval(e)))
		}
	}
	return out
}

func nullable(v any) *string {
	if v == nil {
		return nil
	}
	text := textOf(v)
	return &text
}

// aggregate is a function of all rows of a group.
type aggregate struct {
	sql  string
	eval func(rows []env) any
}

// newAggregate makes an aggregate of an expression; count takes any, sum and avg integers.
func newAggregate(name string, arg expr, distinct bool, filter *expr) aggregate {
	sql := name + "(" + map[bool]string{true: "DISTINCT "}[distinct] + arg.sql + ")"
	if filter != nil {
		sql += " FILTER (WHERE " + filter.sql + ")"
	}
	return aggregate{sql, func(rows []env) any {
		var values []any
		seen := map[string]bool{}
		for _, e := range rows {
			if filter != nil && filter.eval(e) != true {
				continue
			}
			v := arg.eval(e)
			if v == nil || distinct && seen[textOf(v)] {
				continue
			}
			seen[textOf(v)] = true
			values = append(values, v)
		}
		return aggregated(name, values)
	}}
}

func countStar() aggregate {
	return aggregate{"count(*)", func(rows []env) any { return int64(len(rows)) }}
}

func aggregated(name string, values []any) any {
	if name == "count" {
		return int64(len(values))
	}
	if len(values) == 0 {
		return nil
	}
	switch name {
	case "min":
		return slices.MinFunc(values, compareValues)
	case "max":
		return slices.MaxFunc(values, compareValues)
	case "bool_and":
		return !slices.Contains(values, any(false))
	case "bool_or":
		return slices.Contains(values, any(true))
	}
	sum := new(big.Int)
	for _, v := range values {
		sum.Add(sum, big.NewInt(v.(int64)))
	}
	if name == "sum" {
		return sum.String()
	}
	return average(sum, int64(len(values)))
}

// average gives avg() of integers with the scale of PostgreSQL's numeric division: at least 16 digits behind the first digit of base 10000.
func average(sum *big.Int, n int64) string {
	scale := 16
	if new(big.Int).Abs(sum).Cmp(big.NewInt(n)) <= 0 {
		scale = 20
	}
	return new(big.Rat).SetFrac(sum, big.NewInt(n)).FloatString(scale)
}

// grouped gives the rows of each group, in the order in which the groups are first seen. Without group expressions there is one group.
func grouped(rows []env, by []expr) [][]env {
	if len(by) == 0 {
		return [][]env{rows}
	}
	var out [][]env
	at := map[string]int{}
	for _, e := range rows {
		key := ""
		for _, g := range by {
			if v := g.eval(e); v != nil {
				key += strconv.Quote(textOf(v))
			}
			key += ","
		}
		if _, ok := at[key]; !ok {
			at[key] = len(out)
			out = append(out, nil)
		}
		out[at[key]] = append(out[at[key]], e)
	}
	return out
}

// limited cuts OFFSET and LIMIT out of rows; a negative limit is none.
func limited[T any](rows []T, limit, offset int) []T {
	rows = rows[min(offset, len(rows)):]
	if limit >= 0 {
		rows = rows[:min(limit, len(rows))]
	}
	return rows
}

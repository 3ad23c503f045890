package stoa_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// query draws a query, runs it and compares.
func (g *generator) query() {
	rows, sql := g.fromClause()
	if g.chance(70) {
		cond := g.condition(3)
		rows, sql = filtered(rows, cond), sql+" WHERE "+cond.sql
	}
	switch g.pick("query", 0, 1, 1, 2) {
	case 0:
		g.plain(rows, sql)
	case 1:
		g.aggregation(rows, sql)
	case 2:
		g.distinct(rows, sql)
	}
}

// fromClause draws one table, or two joined.
func (g *generator) fromClause() ([]env, string) {
	g.from = []string{"l"}
	if g.chance(60) {
		rows := make([]env, len(g.l))
		for i, r := range g.l {
			rows[i] = env{"l": r}
		}
		return rows, " FROM l"
	}
	g.from = []string{"l", "u"}
	column := rapid.SampledFrom([]string{"a", "s", "t", "id"}).Draw(g.rt, "join column")
	on := expr{"l." + column + " = u." + column, strict(func(x, y any) any { return compareValues(x, y) == 0 },
		expr{eval: func(e env) any { return e["l"].column(column) }}, expr{eval: func(e env) any { return e["u"].column(column) }})}
	kind := rapid.SampledFrom([]string{"INNER", "LEFT", "RIGHT", "FULL"}).Draw(g.rt, "join")
	if kind != "FULL" && g.chance(40) {
		more, key := g.condition(1), on
		on = expr{key.sql + " AND " + more.sql, func(e env) any { return key.eval(e) == true && more.eval(e) == true }}
	}
	return joined(kind, g.l, g.u, on), " FROM l " + kind + " JOIN u ON " + on.sql
}

func (g *generator) any(depth int) expr {
	return rapid.SampledFrom([]func(int) expr{g.integer, g.text, g.timestamp, g.condition}).Draw(g.rt, "any")(depth)
}

func (g *generator) key(of expr) orderKey {
	k := orderKey{expr: of, desc: g.chance(40)}
	k.nullsFirst = k.desc
	if g.chance(25) {
		k.nullsFirst = !k.nullsFirst
	}
	return k
}

// plain is SELECT … ORDER BY … LIMIT, the identifiers last in the order, so that it is total.
func (g *generator) plain(rows []env, from string) {
	var list []expr
	for range g.pick("columns", 1, 2, 3) {
		list = append(list, g.any(2))
	}
	keys := []orderKey{g.key(g.any(1))}
	for _, alias := range g.from {
		keys = append(keys, g.key(expr{alias + ".id", func(e env) any { return e[alias].column("id") }}))
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(x, y env) int { return compareRows(keys, x, y) })
	limit, offset, tail := g.limits()
	g.compare("SELECT "+join(list)+from+" ORDER BY "+join(keys)+tail, project(limited(rows, limit, offset), list), true)
}

func compareRows(keys []orderKey, x, y env) int {
	for _, k := range keys {
		if c := k.compare(k.eval(x), k.eval(y)); c != 0 {
			return c
		}
	}
	return 0
}

func (g *generator) limits() (limit, offset int, sql string) {
	limit = -1
	if g.chance(40) {
		limit = rapid.IntRange(0, 12).Draw(g.rt, "limit")
		sql = fmt.Sprintf(" LIMIT %d", limit)
	}
	if g.chance(20) {
		offset = rapid.IntRange(0, 12).Draw(g.rt, "offset")
		sql += fmt.Sprintf(" OFFSET %d", offset)
	}
	return limit, offset, sql
}

// aggregation is SELECT groups, aggregates … GROUP BY … HAVING.
func (g *generator) aggregation(rows []env, from string) {
	var by []expr
	for range g.pick("groups", 0, 1, 1, 2) {
		by = append(by, g.any(1))
	}
	var aggs []aggregate
	for range g.pick("aggregates", 1, 2, 3) {
		aggs = append(aggs, g.aggregate())
	}
	groups, sql := grouped(rows, by), "SELECT "
	list := make([]string, 0, len(by)+len(aggs))
	places := make([]string, len(by))
	for i, e := range by {
		list, places[i] = append(list, e.sql), fmt.Sprint(i+1)
	}
	for _, a := range aggs {
		list = append(list, a.sql)
	}
	sql += strings.Join(list, ", ") + from
	if len(by) > 0 {
		sql += " GROUP BY " + strings.Join(places, ", ")
	}
	if least := int64(g.pick("having", 0, 0, 1, 3)); least > 0 {
		sql += fmt.Sprintf(" HAVING count(*) >= %d", least)
		groups = slices.DeleteFunc(slices.Clone(groups), func(rows []env) bool { return int64(len(rows)) < least })
	}
	want := make([][]*string, len(groups))
	for i, rows := range groups {
		if len(by) > 0 {
			want[i] = project(rows[:1], by)[0]
		}
		for _, a := range aggs {
			want[i] = append(want[i], nullable(a.eval(rows)))
		}
	}
	g.compare(sql, want, false)
}

func (g *generator) aggregate() aggregate {
	var filter *expr
	if g.chance(20) {
		cond := g.condition(1)
		filter = &cond
	}
	distinct := g.chance(25)
	switch g.pick("aggregate", 0, 1, 2, 3, 4, 5) {
	case 0:
		return countStar()
	case 1:
		return newAggregate("count", g.any(1), distinct, filter)
	case 2:
		return newAggregate("bool_"+rapid.SampledFrom([]string{"and", "or"}).Draw(g.rt, "bool aggregate"), g.condition(1), false, filter)
	case 3:
		of := rapid.SampledFrom([]func(int) expr{g.integer, g.text, g.timestamp}).Draw(g.rt, "extreme of")
		return newAggregate(rapid.SampledFrom([]string{"min", "max"}).Draw(g.rt, "extreme"), of(1), distinct, filter)
	case 4:
		return newAggregate("sum", g.integer(1), distinct, filter)
	default:
		return newAggregate("avg", g.integer(1), distinct, filter)
	}
}

// distinct is SELECT DISTINCT.
func (g *generator) distinct(rows []env, from string) {
	list := []expr{g.any(1)}
	if g.chance(50) {
		list = append(list, g.any(1))
	}
	var want [][]*string
	for _, rows := range grouped(rows, list) {
		want = append(want, project(rows[:1], list)[0])
	}
	g.compare("SELECT DISTINCT "+join(list)+from, want, false)
}

func join[E any](list []E) string {
	words := make([]string, len(list))
	for i, e := range list {
		switch e := any(e).(type) {
		case expr:
			words[i] = e.sql
		case orderKey:
			words[i] = e.String()
		}
	}
	return strings.Join(words, ", ")
}

// compare runs a query and compares rows, in order or as a multiset.
func (g *generator) compare(sql string, want [][]*string, ordered bool) {
	got := g.db.run(sql)
	if got.err != nil {
		g.rt.Fatalf("%s\n%s\n%s", sql, errorLine(got.err), g.describe())
	}
	w, r := (&answer{rows: want}).records(), got.records()
	for i := range w { // NULL and the empty text look alike in CSV
		w[i] += nulls(want[i])
	}
	for i := range r {
		r[i] += nulls(got.rows[i])
	}
	if !ordered {
		slices.Sort(w)
		slices.Sort(r)
	}
	if !slices.Equal(w, r) {
		g.rt.Fatalf("%s\nwant %q\ngot  %q\n%s", sql, w, r, g.describe())
	}
}

func nulls(row []*string) string {
	out := ""
	for _, v := range row {
		out += map[bool]string{true: "N", false: "."}[v == nil]
	}
	return out
}

// describe shows the tables.
func (g *generator) describe() string {
	out := ""
	for name, table := range map[string][]*record{"l": g.l, "u": g.u} {
		for _, r := range table {
			out += fmt.Sprintf("%s (%d, %s, %s, %s, %s)\n", name, r.id, sqlValue(r.a), sqlValue(r.s), sqlValue(r.t), sqlValue(r.b))
		}
	}
	return out
}

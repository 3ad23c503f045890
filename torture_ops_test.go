package stoa_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/vfs"
)

// op is one operation of a random life of a database. It is a plain value, made from the seed before anything runs, and means something in any state, so that
// any part of a list of them can be run: that is how failures shrink. crash > 0 has the power fail at so many changing calls of the file system into it,
// or at its end if there are fewer.
type op struct {
	kind       string
	a, b, c, d int
	crash      int
	loss       vfs.Loss
	at         time.Duration // since the beginning, on the database's clock
}

// String is how the op is written in a program.
func (o op) String() string {
	return fmt.Sprintf("{%q, %d, %d, %d, %d, %d, %d, %d},", o.kind, o.a, o.b, o.c, o.d, o.crash, o.loss, int64(o.at))
}

// opWeights says how often which operation comes. Those that change rows come most, so that the others find some.
var opWeights = []struct {
	kind   string
	weight int
}{
	{"insert", 14}, {"append", 3}, {"copy", 3}, {"upsert", 4}, {"skip", 2}, {"update", 9}, {"rekey", 2}, {"delete", 5}, {"truncate", 1},
	{"create", 6}, {"drop", 1}, {"rename", 1}, {"add", 3}, {"dropcolumn", 2}, {"renamecolumn", 2}, {"retype", 2}, {"default", 2}, {"notnull", 2},
	{"storage", 2}, {"job", 6}, {"jobstep", 8}, {"live", 3}, {"notify", 4}, {"unlive", 1},
	{"flush", 7}, {"compact", 4}, {"backup", 2}, {"checkpoint", 3}, {"reopen", 3}, {"reader", 2},
}

// moves tells whether the operation moves rows of any table, of which no statement speaks: all is compared after it. Backups, openings and readers compare by
// themselves; what a checkpoint has written is first read by an opening.
func (o op) moves() bool {
	return slices.Contains([]string{"flush", "compact", "drop", "rename"}, o.kind)
}

// alters tells whether the operation gives a table other columns, or another place: all of the table is compared after it.
func (o op) alters() bool {
	return slices.Contains([]string{"add", "dropcolumn", "renamecolumn", "retype", "default", "notnull", "storage"}, o.kind)
}

// randomOps gives the operations of a seed. crashes says in how many of a hundred the power fails.
func randomOps(seed uint64, n, crashes int) []op {
	r := rand.New(rand.NewPCG(seed, 1))
	total := 0
	for _, w := range opWeights {
		total += w.weight
	}
	out := make([]op, n)
	at := time.Duration(0)
	for i := range out {
		k := r.IntN(total)
		for _, w := range opWeights {
			if k -= w.weight; k < 0 {
				out[i].kind = w.kind
				break
			}
		}
		out[i].a, out[i].b, out[i].c, out[i].d = r.IntN(1<<16), r.IntN(1<<16), r.IntN(1<<16), r.IntN(1<<16)
		at += time.Duration(r.IntN(700)) * time.Millisecond // files of one second get numbers
		out[i].at = at
		if r.IntN(100) < crashes {
			out[i].crash, out[i].loss = 1+r.IntN(1<<r.IntN(6)), vfs.Loss(r.IntN(3))
		}
	}
	return out
}

// lifeTables is the number of tables that operations choose from.
const lifeTables = 3

func lifeTable(n int) string { return fmt.Sprintf("chat.t%d", n%lifeTables) }

// lifeColumns are the names that operations choose from. user_id and created_at decide where and in which order rows are flushed.
var lifeColumns = []string{"user_id", "a", "b", "created_at", "c"}

var lifeTypes = []string{"bigint", "integer", "text", "boolean", "timestamp", "jsonb", "double precision", "uuid"}

// lifeValues are values of each type in the text form that a client gets.
var lifeValues = map[string][]string{
	"text":             {"jamal", "ann", "", "it's", "zoë ☃", "a,b\"c\nd", strings.Repeat("long ", 60), "Zed", "NULL", "%_\\"},
	"boolean":          {"t", "f"},
	"timestamp":        {"2025-03-04 05:06:07", "2025-10-21 14:30:22.5", "1999-12-31 23:59:59.999999", "2025-10-22 00:00:00", "0001-01-01 00:00:00"},
	"jsonb":            {`{"a": 1, "bb": [1, 2]}`, `[]`, `"x"`, `12.50`, `null`, `{"k": "it's"}`, `[{"a": {}}]`},
	"double precision": {"0.5", "-1.25", "1e+20", "0", "NaN", "Infinity"},
	"uuid":             {"00000000-0000-4000-8000-000000000001", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
	"bigint":           {"9007199254740993", "-9223372036854775807", "0"},
}

// lifeValue draws a value of a type; seldom NULL.
func lifeValue(r *rand.Rand, typ string) *string {
	if r.IntN(6) == 0 {
		return nil
	}
	return lifeKnown(r, typ)
}

// lifeKnown draws a value that is not NULL.
func lifeKnown(r *rand.Rand, typ string) *string {
	if typ == "integer" || typ == "bigint" && r.IntN(4) > 0 {
		return ptr(itoa(r.IntN(1000)))
	}
	known := lifeValues[typ]
	return ptr(known[r.IntN(len(known))])
}

// literalOf gives a value as it stands in a statement.
func literalOf(typ string, v *string) string {
	switch {
	case v == nil:
		return "NULL"
	case typ == "bigint" || typ == "integer":
		return *v
	case typ == "boolean":
		return *asText(typ, v)
	}
	return "'" + strings.ReplaceAll(*v, "'", "''") + "'"
}

func itoa(n int) string { return strconv.Itoa(n) }

// rowsFor draws rows with the keys from, from+step, … for a table. Columns that are not asked for have their defaults.
func (t *modelTable) rowsFor(r *rand.Rand, from, step, n int, columns []int) []modelRow {
	var out []modelRow
	for i := range n {
		row := make(modelRow, len(t.columns))
		for c := range row {
			row[c] = t.columns[c].missing
		}
		for _, c := range columns {
			if row[c] = lifeValue(r, t.columns[c].typ); t.columns[c].notNull && r.IntN(40) > 0 {
				row[c] = lifeKnown(r, t.columns[c].typ)
			}
		}
		row[0] = ptr(itoa(from + i*step))
		out = append(out, row)
	}
	return out
}

// someColumns draws the columns that a statement names: the key, and the others as a rule.
func (t *modelTable) someColumns(r *rand.Rand, can func(typ string) bool) []int {
	out := []int{0}
	for i := 1; i < len(t.columns); i++ {
		if can(t.columns[i].typ) && r.IntN(8) > 0 {
			out = append(out, i)
		}
	}
	return out
}

func (t *modelTable) names(columns []int) string {
	var out []string
	for _, c := range columns {
		out = append(out, t.columns[c].name)
	}
	return strings.Join(out, ", ")
}

// valuesList gives rows as VALUES has them.
func (t *modelTable) valuesList(columns []int, rows []modelRow) string {
	var out []string
	for _, row := range rows {
		var fields []string
		for _, c := range columns {
			fields = append(fields, literalOf(t.columns[c].typ, row[c]))
		}
		out = append(out, "("+strings.Join(fields, ", ")+")")
	}
	return strings.Join(out, ", ")
}

// csvText gives rows as COPY reads them.
func (t *modelTable) csvText(columns []int, rows []modelRow) string {
	var b strings.Builder
	for _, row := range rows {
		var fields []string
		for _, c := range columns {
			if row[c] == nil {
				fields = append(fields, `\N`)
			} else {
				fields = append(fields, `"`+strings.ReplaceAll(*row[c], `"`, `""`)+`"`)
			}
		}
		b.WriteString(strings.Join(fields, ",") + "\n")
	}
	return b.String()
}

// condition draws a condition on the key: its text, and what it says of a key.
func condition(r *rand.Rand) (string, func(key string) bool) {
	lo, m := int64(r.IntN(64)), int64(2+r.IntN(5))
	hi, rest := lo+int64(r.IntN(20)), int64(r.IntN(5))
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("id = %d", lo), func(k string) bool { return atoi(k) == lo }
	case 1:
		return fmt.Sprintf("id %% %d = %d", m, rest), func(k string) bool { return atoi(k)%m == rest }
	case 2:
		return fmt.Sprintf("id IN (%d, %d, %d)", lo, hi, rest), func(k string) bool { return slices.Contains([]int64{lo, hi, rest}, atoi(k)) }
	}
	return fmt.Sprintf("id BETWEEN %d AND %d", lo, hi), func(k string) bool { return atoi(k) >= lo && atoi(k) <= hi }
}

// newValue draws what an UPDATE sets a column to: its text, and the value for an old one.
func newValue(r *rand.Rand, c modelColumn) (string, func(old *string) *string) {
	switch {
	case (c.typ == "integer") && r.IntN(2) == 0:
		n := r.IntN(100)
		return fmt.Sprintf("%s + %d", c.name, n), func(old *string) *string {
			if old == nil {
				return nil
			}
			return ptr(strconv.FormatInt(atoi(*old)+int64(n), 10))
		}
	case c.typ == "text" && r.IntN(2) == 0:
		return fmt.Sprintf("left('é' || %s, 12)", c.name), func(old *string) *string {
			if old == nil {
				return nil
			}
			runes := []rune("é" + *old)
			return ptr(string(runes[:min(12, len(runes))]))
		}
	}
	v := lifeValue(r, c.typ)
	return literalOf(c.typ, v), func(*string) *string { return v }
}

package stoa_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// modelColumn is a column as the model of a database knows it. Values are text, as a client sees them; nil is NULL.
type modelColumn struct {
	name, typ string
	missing   *string // the default, also of rows that are older than the column
	notNull   bool
}

// modelRow is a row: a value for each column of its table.
type modelRow []*string

// modelTable is a table: its first column is the primary key. It is never changed; what changes it gives another one.
type modelTable struct {
	columns []modelColumn
	rows    map[string]modelRow // by key
	sorting sync.Once           // it is compared again and again, also by goroutines that look at wrecks
	sorted  []string            // keys, when sorted
	text    []string            // lines, when sorted
	bag     []string            // lines in order of their bytes, when sorted
}

// modelState is a database, row at a time and without a thought of speed: what the engine is compared with. It is never changed either, so that states that
// may be found after a crash cost nothing to keep.
type modelState struct {
	tables map[string]*modelTable // by qualified name
}

// with gives the state in which a table is another one; nil takes it away.
func (s *modelState) with(name string, t *modelTable) *modelState {
	tables := maps.Clone(s.tables)
	if tables[name] = t; t == nil {
		delete(tables, name)
	}
	return &modelState{tables}
}

// find gives the index of a column, -1 when there is none of that name.
func (t *modelTable) find(column string) int {
	return slices.IndexFunc(t.columns, func(c modelColumn) bool { return c.name == column })
}

// sort fills what is kept in order.
func (t *modelTable) sort() {
	t.sorted, t.text = slices.Collect(maps.Keys(t.rows)), []string{}
	if typ := t.columns[0].typ; typ == "bigint" || typ == "integer" {
		numbers := make(map[string]int64, len(t.rows))
		for _, k := range t.sorted {
			numbers[k] = atoi(k)
		}
		slices.SortFunc(t.sorted, func(a, b string) int { return cmp.Compare(numbers[a], numbers[b]) })
	} else {
		slices.Sort(t.sorted)
	}
	for _, k := range t.sorted {
		t.text = append(t.text, rowLine(t.rows[k]))
	}
	t.bag = slices.Sorted(slices.Values(t.text))
}

// keys gives the keys in the order of the key's type. They are not to be changed.
func (t *modelTable) keys() []string {
	t.sorting.Do(t.sort)
	return t.sorted
}

// lines gives the rows in order of key, in the form in which rowLine gives what a query has. They are not to be changed.
func (t *modelTable) lines() []string {
	t.sorting.Do(t.sort)
	return t.text
}

// unordered gives the rows in order of their lines' bytes. They are not to be changed.
func (t *modelTable) unordered() []string {
	t.sorting.Do(t.sort)
	return t.bag
}

// rowLine gives a row as one text. NULL and the text NULL differ.
func rowLine(row []*string) string {
	var b strings.Builder
	for i, v := range row {
		if i > 0 {
			b.WriteByte('|')
		}
		if v == nil {
			b.WriteString("∅")
		} else {
			b.WriteString(*v)
		}
	}
	return b.String()
}

func atoi(s string) (n int64) {
	negative := strings.HasPrefix(s, "-")
	for _, c := range strings.TrimPrefix(s, "-") {
		n = n*10 + int64(c-'0')
	}
	if negative {
		return -n
	}
	return n
}

// violated checks a row against NOT NULL.
func (t *modelTable) violated(row modelRow) sqlstate.Code {
	for i, c := range t.columns {
		if row[i] == nil && (c.notNull || i == 0) {
			return sqlstate.NotNullViolation
		}
	}
	return ""
}

// conflictRule says what an INSERT does with a key that is there.
type conflictRule struct {
	skip   bool
	update int // the column that ON CONFLICT DO UPDATE sets to the new value; 0: none
}

// insert gives the table with more rows, or the code of the error.
func (t *modelTable) insert(rows []modelRow, rule conflictRule) (*modelTable, sqlstate.Code) {
	out := maps.Clone(t.rows)
	for _, row := range rows {
		if code := t.violated(row); code != "" {
			return nil, code
		}
		old, there := out[*row[0]]
		switch {
		case !there:
			out[*row[0]] = row
		case rule.skip:
		case rule.update > 0:
			next := slices.Clone(old)
			if next[rule.update] = row[rule.update]; t.violated(next) != "" {
				return nil, sqlstate.NotNullViolation
			}
			out[*row[0]] = next
		default:
			return nil, sqlstate.UniqueViolation
		}
	}
	return &modelTable{columns: t.columns, rows: out}, ""
}

// update gives the table in which a column of some rows has another value.
func (t *modelTable) update(column int, where func(key string) bool, value func(old *string) *string) (*modelTable, sqlstate.Code) {
	out := maps.Clone(t.rows)
	for k, row := range t.rows {
		if !where(k) {
			continue
		}
		next := slices.Clone(row)
		if next[column] = value(next[column]); t.violated(next) != "" {
			return nil, sqlstate.NotNullViolation
		}
		out[k] = next
	}
	return &modelTable{columns: t.columns, rows: out}, ""
}

// rekey gives the table in which one row has another key.
func (t *modelTable) rekey(from, to string) (*modelTable, sqlstate.Code) {
	row, there := t.rows[from]
	if !there {
		return t, ""
	}
	if _, taken := t.rows[to]; taken && from != to {
		return nil, sqlstate.UniqueViolation
	}
	out, next := maps.Clone(t.rows), slices.Clone(row)
	delete(out, from)
	next[0], out[to] = &to, next
	return &modelTable{columns: t.columns, rows: out}, ""
}

// remove gives the table without some rows.
func (t *modelTable) remove(where func(key string) bool) *modelTable {
	out := maps.Clone(t.rows)
	maps.DeleteFunc(out, func(k string, _ modelRow) bool { return where(k) })
	return &modelTable{columns: t.columns, rows: out}
}

// addColumn gives the table with a column more, in which old rows have the default.
func (t *modelTable) addColumn(c modelColumn) (*modelTable, sqlstate.Code) {
	switch {
	case t.find(c.name) >= 0:
		return nil, sqlstate.DuplicateColumn
	case c.notNull && c.missing == nil && len(t.rows) > 0:
		return nil, sqlstate.NotNullViolation
	}
	out := &modelTable{columns: append(slices.Clone(t.columns), c), rows: map[string]modelRow{}}
	for k, row := range t.rows {
		out.rows[k] = append(slices.Clone(row), c.missing)
	}
	return out, ""
}

// dropColumn gives the table without a column.
func (t *modelTable) dropColumn(i int) *modelTable {
	out := &modelTable{columns: slices.Delete(slices.Clone(t.columns), i, i+1), rows: map[string]modelRow{}}
	for k, row := range t.rows {
		out.rows[k] = slices.Delete(slices.Clone(row), i, i+1)
	}
	return out
}

// setColumn gives the table with another definition of a column, whose values are converted.
func (t *modelTable) setColumn(i int, c modelColumn, convert func(*string) *string) (*modelTable, sqlstate.Code) {
	if j := t.find(c.name); j >= 0 && j != i {
		return nil, sqlstate.DuplicateColumn
	}
	out := &modelTable{columns: slices.Clone(t.columns), rows: map[string]modelRow{}}
	out.columns[i] = c
	for k, row := range t.rows {
		next := slices.Clone(row)
		if convert != nil {
			next[i] = convert(next[i])
		}
		if out.violated(next) != "" {
			return nil, sqlstate.NotNullViolation
		}
		out.rows[k] = next
	}
	return out, ""
}

// asText gives a value of a type as a cast to text does.
func asText(typ string, v *string) *string {
	if v == nil || typ != "boolean" {
		return v
	}
	return ptr(map[string]string{"t": "true", "f": "false"}[*v])
}

// textLength gives length(v).
func textLength(v *string) *string {
	if v == nil {
		return nil
	}
	return ptr(itoa(utf8.RuneCountInString(*v)))
}

package torture

import (
	"fmt"
	"slices"
	"strconv"
)

// fixedColumns is the number of columns of chat.events that no ALTER touches.
const fixedColumns = 6

// alter adds, renames or drops a column of chat.events. What is added comes last, with a default that its name tells.
func (w *Workload) alter() *Statement {
	columns := w.state.Tables[Events].Columns
	more := columns[fixedColumns:]
	switch {
	case len(more) == 0 || len(more) < 3 && w.rand.IntN(2) == 0:
		w.added++
		name := "c" + strconv.Itoa(w.added)
		for slices.Contains(columns, name) || slices.Contains(columns, "d"+name[1:]) {
			w.added++
			name = "c" + strconv.Itoa(w.added)
		}
		return w.alterWith(fmt.Sprintf("ADD COLUMN %s int DEFAULT %s", name, defaultOf(name)), func(t *Table) {
			t.Columns = append(t.Columns, name)
			for key, row := range t.Rows {
				t.Rows[key] = append(slices.Clone(row), defaultOf(name))
			}
		})
	case w.rand.IntN(2) == 0 && more[0][0] == 'c':
		from, to := more[0], "d"+more[0][1:]
		return w.alterWith(fmt.Sprintf("RENAME COLUMN %s TO %s", from, to), func(t *Table) { t.Columns[t.column(from)] = to })
	}
	name := more[w.rand.IntN(len(more))]
	return w.alterWith("DROP COLUMN "+name, func(t *Table) {
		at := t.column(name)
		t.Columns = slices.Delete(t.Columns, at, at+1)
		for key, row := range t.Rows {
			t.Rows[key] = slices.Delete(slices.Clone(row), at, at+1)
		}
	})
}

func (w *Workload) alterWith(action string, change func(*Table)) *Statement {
	return &Statement{SQL: "ALTER TABLE chat.events " + action + ";", Apply: func(s *State) []string {
		change(s.Tables[Events])
		return []string{"ALTER TABLE"}
	}}
}

// passing makes, fills, empties or drops chat.passing.
func (w *Workload) passing() *Statement {
	if w.state.Tables[Passing] == nil {
		return &Statement{SQL: "CREATE TABLE chat.passing (a bigint PRIMARY KEY, b text);", Apply: func(s *State) []string {
			s.Tables[Passing] = &Table{Columns: []string{"a", "b"}, Rows: map[int64][]string{}}
			return []string{"CREATE TABLE"}
		}}
	}
	switch w.rand.IntN(4) {
	case 0:
		return &Statement{SQL: "DROP TABLE chat.passing;", Apply: func(s *State) []string {
			delete(s.Tables, Passing)
			return []string{"DROP TABLE"}
		}}
	case 1:
		return &Statement{SQL: "TRUNCATE chat.passing;", Apply: func(s *State) []string {
			clear(s.Tables[Passing].Rows)
			return []string{"TRUNCATE TABLE"}
		}}
	}
	first := w.nextID
	w.nextID += 3
	return &Statement{SQL: fmt.Sprintf("INSERT INTO chat.passing VALUES (%d, 'x'), (%d, 'y'), (%d, NULL);", first, first+1, first+2), Apply: func(s *State) []string {
		for i, text := range []string{"x", "y", Null} {
			s.Tables[Passing].Rows[first+int64(i)] = []string{strconv.FormatInt(first+int64(i), 10), text}
		}
		return []string{"INSERT 0 3"}
	}}
}

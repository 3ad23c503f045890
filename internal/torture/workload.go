package torture

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Setup is the statement that the database begins with.
const Setup = "CREATE TABLE chat.events (id bigint PRIMARY KEY, kind text NOT NULL, n int, body text, j jsonb, created_at timestamp);"

// SetUp does to the ledger what Setup does to the database.
func SetUp() *State {
	s := NewState()
	s.Tables[Events] = &Table{Columns: []string{"id", "kind", "n", "body", "j", "created_at"}, Rows: map[int64][]string{}}
	return s
}

// Workload makes random statements. Next is to be asked for one after the other, each made for the state that those before it leave.
type Workload struct {
	rand   *rand.Rand
	state  *State // after all statements made so far
	nextID int64
	added  int // columns
	// MaxRows is above how many rows of chat.events rows are deleted rather than added.
	MaxRows int
	// Maintenance says whether there are flushes and compactions among the statements.
	Maintenance bool
	// Backup gives the directory for the next backup; nil: there are none.
	Backup func() string
}

// NewWorkload begins in a state.
func NewWorkload(r *rand.Rand, s *State) *Workload {
	w := &Workload{rand: r, MaxRows: 400, Maintenance: true, nextID: 1}
	w.Resume(s)
	return w
}

// Resume goes on from another state, in which the last statements may not have happened.
func (w *Workload) Resume(s *State) {
	w.state = s.Clone()
	for key := range s.Tables[Events].Rows {
		w.nextID = max(w.nextID, key+1)
	}
}

// Next makes a statement.
func (w *Workload) Next() *Statement {
	st := w.pick()
	st.apply(w.state)
	return st
}

// pick chooses a statement.
func (w *Workload) pick() *Statement {
	events := w.state.Tables[Events]
	if len(events.Rows) > w.MaxRows {
		return w.deleteRange(1 + len(events.Rows)/2)
	}
	switch n := w.rand.IntN(100); {
	case n < 30:
		return w.insert(1 + w.rand.IntN(3))
	case n < 40:
		return w.insert(10 + w.rand.IntN(30))
	case n < 52:
		return w.update()
	case n < 60:
		return w.deleteRange(1 + w.rand.IntN(8))
	case n < 70:
		return w.upsert()
	case n < 74:
		return w.duplicate()
	case n < 82:
		return w.job()
	case n < 85:
		return w.alter()
	case n < 88:
		return w.passing()
	case n < 91:
		return w.look()
	case n < 96 && w.Maintenance:
		return &Statement{SQL: pickOf(w.rand, "CALL system.flush();", "CALL system.flush(all_rows => true);", "CALL system.flush('chat.events', all_rows => true);"), Prints: []string{"CALL"}}
	case n < 99 && w.Maintenance:
		return &Statement{SQL: "CALL system.compact();", Prints: []string{"CALL"}}
	case n == 99 && w.Backup != nil:
		return &Statement{SQL: "CALL system.backup(" + quote(w.Backup()) + ");", Prints: []string{"CALL"}}
	}
	return w.insert(2)
}

func pickOf[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// quote gives a string constant.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// row makes the values of the first columns of chat.events, as results show them.
func (w *Workload) row(id int64) []string {
	body := Null
	if w.rand.IntN(5) > 0 {
		body = fmt.Sprintf("body %d of %d; %s", w.rand.IntN(1000), id, pickOf(w.rand, "plain", "a,b", `say "no"`, "two\nlines", "it's", "ünïcode", strings.Repeat("long ", 40)))
	}
	j := Null
	if w.rand.IntN(3) == 0 {
		j = fmt.Sprintf(`{"k": %d, "list": [1, null, "x"]}`, w.rand.IntN(9))
	}
	at := fmt.Sprintf("2025-%02d-%02d %02d:00:00", 1+w.rand.IntN(12), 1+w.rand.IntN(28), w.rand.IntN(24))
	return []string{strconv.FormatInt(id, 10), pickOf(w.rand, "red", "green", "blue", "violet"), strconv.Itoa(w.rand.IntN(100)), body, j, at}
}

// literals gives rows as a VALUES list.
func literals(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString([]string{", (", "("}[btoi(i == 0)])
		for c, value := range row {
			if c > 0 {
				b.WriteString(", ")
			}
			switch {
			case value == Null:
				b.WriteString("NULL")
			case c == 0 || c == 2:
				b.WriteString(value)
			default:
				b.WriteString(quote(value))
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

const intoEvents = "INSERT INTO chat.events (id, kind, n, body, j, created_at) VALUES "

// put adds rows, whose further columns get their defaults.
func (t *Table) put(rows [][]string) {
	for _, row := range rows {
		id, _ := strconv.ParseInt(row[0], 10, 64)
		full := slices.Clone(row)
		for _, name := range t.Columns[len(row):] {
			full = append(full, defaultOf(name))
		}
		t.Rows[id] = full
	}
}

// defaultOf gives the default of an added column, which its name tells: c12 has 12.
func defaultOf(name string) string { return strings.TrimLeft(name, "cd") }

func (w *Workload) fresh(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = w.row(w.nextID)
		w.nextID++
	}
	return rows
}

func (w *Workload) insert(n int) *Statement {
	rows := w.fresh(n)
	return &Statement{SQL: intoEvents + literals(rows) + ";", Apply: func(s *State) []string {
		s.Tables[Events].put(rows)
		return []string{fmt.Sprintf("INSERT 0 %d", n)}
	}}
}

// InsertLarge makes an INSERT of rows with so many bytes of text each.
func (w *Workload) InsertLarge(n, bytes int) *Statement {
	rows := w.fresh(n)
	for _, row := range rows {
		text := make([]byte, bytes)
		for i := range text {
			text[i] = byte('a' + w.rand.IntN(26))
		}
		row[3] = string(text)
	}
	st := &Statement{SQL: intoEvents + literals(rows) + ";", Apply: func(s *State) []string {
		s.Tables[Events].put(rows)
		return []string{fmt.Sprintf("INSERT 0 %d", n)}
	}}
	st.apply(w.state)
	return st
}

// duplicate is an INSERT that fails at its last row, the key of which is taken, and so has no effect.
func (w *Workload) duplicate() *Statement {
	keys := w.state.Tables[Events].keys()
	if len(keys) == 0 {
		return w.insert(1)
	}
	rows := append(w.fresh(w.rand.IntN(4)), w.row(keys[w.rand.IntN(len(keys))]))
	return &Statement{SQL: intoEvents + literals(rows) + ";", Prints: []string{"ERROR:  duplicate key value violates unique constraint", "DETAIL:  "}}
}

func (w *Workload) upsert() *Statement {
	keys := w.state.Tables[Events].keys()
	rows := w.fresh(w.rand.IntN(3))
	for range min(len(keys), w.rand.IntN(4)) {
		if id := keys[w.rand.IntN(len(keys))]; !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == strconv.FormatInt(id, 10) }) {
			rows = append(rows, w.row(id))
		}
	}
	if len(rows) == 0 {
		return w.insert(1)
	}
	nothing := w.rand.IntN(3) == 0
	action := " DO UPDATE SET n = chat.events.n + excluded.n, body = excluded.body;"
	if nothing {
		action = " DO NOTHING;"
	}
	return &Statement{SQL: intoEvents + literals(rows) + " ON CONFLICT (id)" + action, Apply: func(s *State) []string {
		t, count := s.Tables[Events], 0
		for _, row := range rows {
			id, _ := strconv.ParseInt(row[0], 10, 64)
			old, taken := t.Rows[id]
			switch {
			case !taken:
				t.put([][]string{row})
			case nothing:
				continue
			default:
				t.set(id, map[string]string{"n": plus(old[t.column("n")], row[2]), "body": row[3]})
			}
			count++
		}
		return []string{fmt.Sprintf("INSERT 0 %d", count)}
	}}
}

// plus adds two integers, NULL if one is.
func plus(a, b string) string {
	x, xerr := strconv.Atoi(a)
	y, yerr := strconv.Atoi(b)
	if xerr != nil || yerr != nil {
		return Null
	}
	return strconv.Itoa(x + y)
}

func (w *Workload) update() *Statement {
	mod, rest := int64(1+w.rand.IntN(7)), int64(w.rand.IntN(7))
	where, matches := fmt.Sprintf("id %% %d = %d", mod, rest), func(id int64) bool { return id%mod == rest }
	if keys := w.state.Tables[Events].keys(); w.rand.IntN(2) == 0 && len(keys) > 0 {
		key := keys[w.rand.IntN(len(keys))]
		where, matches = fmt.Sprintf("id = %d", key), func(id int64) bool { return id == key }
	}
	kind := pickOf(w.rand, "red", "green", "blue", "violet")
	return &Statement{SQL: fmt.Sprintf("UPDATE chat.events SET n = n + 1, kind = '%s' WHERE %s;", kind, where), Apply: func(s *State) []string {
		t, count := s.Tables[Events], 0
		for _, id := range t.keys() {
			if matches(id) {
				t.set(id, map[string]string{"n": plus(t.Rows[id][t.column("n")], "1"), "kind": kind})
				count++
			}
		}
		return []string{fmt.Sprintf("UPDATE %d", count)}
	}}
}

func (w *Workload) deleteRange(n int) *Statement {
	keys := w.state.Tables[Events].keys()
	if len(keys) == 0 {
		return w.insert(1)
	}
	at := w.rand.IntN(len(keys))
	from, to := keys[at], keys[min(at+n, len(keys))-1]
	return &Statement{SQL: fmt.Sprintf("DELETE FROM chat.events WHERE id BETWEEN %d AND %d;", from, to), Apply: func(s *State) []string {
		t, before := s.Tables[Events], len(s.Tables[Events].Rows)
		maps.DeleteFunc(t.Rows, func(id int64, _ []string) bool { return from <= id && id <= to })
		return []string{fmt.Sprintf("DELETE %d", before-len(t.Rows))}
	}}
}

// job is a step in the life of a job of system.jobs.
func (w *Workload) job() *Statement {
	if ids := slices.Sorted(maps.Keys(w.state.Jobs)); len(ids) > 0 && w.rand.IntN(2) == 0 {
		id, status := ids[w.rand.IntN(len(ids))], pickOf(w.rand, "running", "completed", "failed", "cancelled")
		if len(ids) > 60 || w.rand.IntN(6) == 0 {
			return &Statement{SQL: "DELETE FROM system.jobs WHERE job_id = " + quote(id) + ";", Apply: func(s *State) []string {
				delete(s.Jobs, id)
				return []string{"DELETE 1"}
			}}
		}
		return &Statement{SQL: "UPDATE system.jobs SET status = " + quote(status) + " WHERE job_id = " + quote(id) + ";", Apply: func(s *State) []string {
			j := s.Jobs[id]
			j.Status = status
			s.Jobs[id] = j
			return []string{"UPDATE 1"}
		}}
	}
	id := fmt.Sprintf("%08x-%04x-4000-8000-%012x", w.rand.Uint32(), w.rand.IntN(1<<16), w.rand.Int64N(1<<48))
	j := Job{Type: pickOf(w.rand, "t-flush", "t-backup"), Status: "pending", Parameters: fmt.Sprintf(`["chat", "events", %d]`, w.rand.IntN(100))}
	return &Statement{SQL: fmt.Sprintf("INSERT INTO system.jobs (job_id, job_type, status, parameters) VALUES ('%s', '%s', '%s', '%s');", id, j.Type, j.Status, j.Parameters),
		Apply: func(s *State) []string {
			s.Jobs[id] = j
			return []string{"INSERT 0 1"}
		}}
}

// look is a query of the client's own writes.
func (w *Workload) look() *Statement {
	return &Statement{SQL: "SELECT count(*) AS rows, sum(n) AS total FROM chat.events;", Apply: func(s *State) []string {
		t := s.Tables[Events]
		return []string{"rows,total", fmt.Sprintf("%d,%s", len(t.Rows), t.sum("n"))}
	}}
}

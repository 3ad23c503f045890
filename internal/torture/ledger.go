package torture

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Null is what stands for NULL in results; the program is told so.
const Null = `\N`

// State is what the database must hold: what a client knows who has read all command tags. Its zero value is the empty database.
type State struct {
	Tables map[string]*Table
	Jobs   map[string]Job // of system.jobs, those that the workload has made
}

// Table is one of the tables of the schema chat. Its first column is the key.
type Table struct {
	Columns []string
	Rows    map[int64][]string // the values as text, in the order of Columns; never changed in place
}

// Job is a row of system.jobs.
type Job struct{ Type, Status, Parameters string }

// NewState returns the empty database.
func NewState() *State { return &State{Tables: map[string]*Table{}, Jobs: map[string]Job{}} }

// Clone returns a copy that can be changed by itself.
func (s *State) Clone() *State {
	c := &State{Tables: make(map[string]*Table, len(s.Tables)), Jobs: maps.Clone(s.Jobs)}
	for name, t := range s.Tables {
		c.Tables[name] = &Table{Columns: slices.Clone(t.Columns), Rows: maps.Clone(t.Rows)}
	}
	return c
}

// column finds a column, -1 for none.
func (t *Table) column(name string) int { return slices.Index(t.Columns, name) }

// keys gives the keys in order.
func (t *Table) keys() []int64 { return slices.Sorted(maps.Keys(t.Rows)) }

// set gives a row's new version, with some columns changed.
func (t *Table) set(key int64, change map[string]string) {
	row := slices.Clone(t.Rows[key])
	for name, value := range change {
		row[t.column(name)] = value
	}
	t.Rows[key] = row
}

// sum adds up a column of integers; NULL when there is none.
func (t *Table) sum(name string) string {
	at, total, any := t.column(name), int64(0), false
	for _, row := range t.Rows {
		if n, err := strconv.ParseInt(row[at], 10, 64); err == nil {
			total, any = total+n, true
		}
	}
	if !any {
		return Null
	}
	return strconv.FormatInt(total, 10)
}

// Statement is one statement of a client.
type Statement struct {
	SQL string
	// Apply does to the ledger what the statement does to the database, and gives the lines that the program must print for it: each of them is the beginning
	// of one. nil: it changes nothing and prints Prints.
	Apply  func(*State) []string
	Prints []string
}

// apply runs Apply.
func (st *Statement) apply(s *State) []string {
	if st.Apply == nil {
		return st.Prints
	}
	return st.Apply(s)
}

// Events and Passing are the tables of the workload: the first is there from the beginning, the other comes and goes.
const (
	Events  = "events"
	Passing = "passing"
)

// Queries gives statements that show all that the ledger knows, for [State.Answer]. Those of a table that may not be there come last.
func Queries() string {
	return `SELECT table_name FROM information_schema.tables WHERE table_schema = 'chat' ORDER BY 1;
SELECT job_id, job_type, status, parameters FROM system.jobs WHERE job_type LIKE 't-%' ORDER BY 1;
SELECT count(*) AS rows, count(DISTINCT id) AS keys, sum(n) AS total, max(id) AS last FROM chat.events;
SELECT kind, count(*) AS rows FROM chat.events GROUP BY kind ORDER BY 1;
SELECT * FROM chat.events ORDER BY id;
SELECT * FROM chat.passing ORDER BY a;
`
}

// Answer gives what [Queries] must find, as records of CSV.
func (s *State) Answer() [][]string {
	out := [][]string{{"table_name"}}
	for _, name := range slices.Sorted(maps.Keys(s.Tables)) {
		out = append(out, []string{name})
	}
	out = append(out, []string{"job_id", "job_type", "status", "parameters"})
	for _, id := range slices.Sorted(maps.Keys(s.Jobs)) {
		j := s.Jobs[id]
		out = append(out, []string{id, j.Type, j.Status, j.Parameters})
	}
	events := s.Tables[Events]
	out = append(out, []string{"rows", "keys", "total", "last"})
	keys, last, kinds := events.keys(), Null, map[string]int{}
	if len(keys) > 0 {
		last = fmt.Sprint(keys[len(keys)-1])
	}
	out = append(out, []string{fmt.Sprint(len(keys)), fmt.Sprint(len(keys)), events.sum("n"), last}, []string{"kind", "rows"})
	for _, row := range events.Rows {
		kinds[row[events.column("kind")]]++
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		out = append(out, []string{kind, fmt.Sprint(kinds[kind])})
	}
	out = append(out, events.records()...)
	if t := s.Tables[Passing]; t != nil {
		out = append(out, t.records()...)
	}
	return out
}

// records gives the table as CSV has it.
func (t *Table) records() [][]string {
	out := [][]string{slices.Clone(t.Columns)}
	for _, key := range t.keys() {
		out = append(out, t.Rows[key])
	}
	return out
}

// Difference tells where two answers part, "" when they are the same.
func Difference(want, got [][]string) string {
	for i := range min(len(want), len(got)) {
		if !slices.Equal(want[i], got[i]) {
			return fmt.Sprintf("record %d\nwant %s\ngot  %s", i, short(want[i]), short(got[i]))
		}
	}
	if len(want) == len(got) {
		return ""
	}
	return fmt.Sprintf("want %d records, got %d", len(want), len(got))
}

// short gives a record for a message.
func short(record []string) string {
	const most = 300
	text := strings.Join(record, " | ")
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}

package flush

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// IdleAfter is how long a subscription must have been without a change to count as settled: the hour of the contract's query for idle subscriptions.
const IdleAfter = time.Hour

// Request says what to flush. Its zero value flushes the settled rows of every table.
type Request struct {
	// Table restricts the flush to one table.
	Table *schemahistory.Name
	// User restricts the flush to the rows of one user: those that have the name in their table's user column. Without Table, tables that have no user
	// column are left out.
	User *string
	// AllRows flushes rows that have not settled, too.
	AllRows bool
	// Node and Actor are the first two parts of the job's trace; the defaults are the host's name and flush-actor-1. Thread is the third: who
	// called Run; the default is main. The goroutines that write files have no names of their own.
	Node, Actor, Thread string
	// Progress is told how many rows of all that the run will write are written. It is called now and then, never twice at once, from any goroutine,
	// and must be quick.
	Progress func(done, total int64)
	// Now is the time that decides what is settled and that the files and jobs bear; zero means the database's clock.
	Now time.Time
}

// trace gives the job's trace.
func (r *Request) trace() string { return traceOf(r.Node, r.Actor, "flush-actor-1", r.Thread) }

// traceOf gives a job's trace: node, actor and thread, or what stands for them when they are not given.
func traceOf(node, actor, usual, thread string) string {
	part := func(s, def string) string {
		if s == "" {
			s = def
		}
		return strings.ReplaceAll(s, ":", "_") // the separator
	}
	if node == "" {
		node, _ = os.Hostname() // without a name it is the local host
	}
	return part(node, "localhost") + ":" + part(actor, usual) + ":" + part(thread, "main")
}

// clock gives the time.
func (r *Request) clock(db *store.DB) time.Time { return timeOf(r.Now, db) }

// timeOf gives a time, or, when it is zero, that of the database's clock.
func timeOf(now time.Time, db *store.DB) time.Time {
	if now.IsZero() {
		now = db.Now()
	}
	return now.UTC()
}

// Report is what a run did.
type Report struct {
	Tables   []TableReport // in the order in which they were flushed, those without settled rows too
	Duration time.Duration
}

// Rows counts the rows that were moved.
func (r *Report) Rows() int64 {
	n := int64(0)
	for i := range r.Tables {
		n += r.Tables[i].Rows
	}
	return n
}

// Files counts the files that were written.
func (r *Report) Files() int {
	n := 0
	for i := range r.Tables {
		n += len(r.Tables[i].Files)
	}
	return n
}

// TableReport is what a run did to one table.
type TableReport struct {
	Table    schemahistory.Name
	Rows     int64        // moved; 0 when nothing had settled, and then there is no job
	Files    []FileReport // in order of path
	Duration time.Duration
	// The job's row. The measured values are nil where they cannot be measured. Where there is no job, Result may say why.
	JobID                uuid.UUID
	Result               string
	MemoryUsed, CPUMicro *int64
}

// FileReport is a file that was written.
type FileReport struct {
	Path        string // the database's directory as it was given to Open, and the path in it; or an absolute path
	Rows, Bytes int64  // rows in the file, those among them that were updated or deleted while it was written
	User        string // whose rows they are, when the storage's template has {userId}; "" for NULL
}

// String says in a line what was done.
func (t *TableReport) String() string {
	switch {
	case t.Rows == 0 && len(t.Files) == 0 && t.Result != "":
		return fmt.Sprintf("%s: nothing to flush: %s", t.Table, t.Result)
	case t.Rows == 0 && len(t.Files) == 0:
		return fmt.Sprintf("%s: nothing to flush", t.Table)
	}
	return fmt.Sprintf("%s: %s", t.Table, t.Result)
}

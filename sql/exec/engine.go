// Package exec runs SQL statements on a store: it binds and optimises them, puts the operators of package scan together, and carries out what changes
// rows, tables and settings.
//
// An Engine belongs to a database, a Session to a client: its time zone, settings and notices. A statement is atomic; there are no transactions of several
// statements. Every error is an *sqlstate.Error unless it comes from the caller's own reader or writer.
package exec

import (
	"context"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// Options of an engine; nil means the defaults.
type Options struct {
	Workers     int    // goroutines per operator; 0 means GOMAXPROCS
	BatchRows   int    // rows per batch; 0 means vec.DefaultRows
	MemoryLimit int64  // bytes that the operators of one query may hold; 0 means DefaultMemoryLimit, a negative number no limit
	Version     string // what version() says after "Stoa "
	// Node, the name of this node in traces of the engine's own jobs; "" means the host's name.
	Node string
	// Before, if not nil, is called with the text of each statement before it sees a snapshot.
	Before func(ctx context.Context, text string)
}

// DefaultMemoryLimit is the memory budget of a query unless the options say otherwise: enough for some ten million groups (an entry of the
// group table is counted as about 150 bytes with a UUID key), and a
// cross join by mistake ends with 53200 and not with the process.
const DefaultMemoryLimit = 4 << 30

// Engine runs statements on one database. It may be used by several goroutines.
type Engine struct {
	db       *store.DB
	registry *exprs.Registry
	opts     Options
}

// New makes an engine with the functions of a registry.
func New(db *store.DB, registry *exprs.Registry, opts *Options) *Engine {
	e := &Engine{db: db, registry: registry}
	if opts != nil {
		e.opts = *opts
	}
	if e.opts.Workers <= 0 {
		e.opts.Workers = runtime.GOMAXPROCS(0)
	}
	if e.opts.MemoryLimit == 0 {
		e.opts.MemoryLimit = DefaultMemoryLimit
	}
	if e.opts.BatchRows <= 0 {
		e.opts.BatchRows = vec.DefaultRows
	}
	return e
}

// Registry gives the functions, operators, casts and aggregates that statements may use.
func (e *Engine) Registry() *exprs.Registry { return e.registry }

// Notice is a message that is no error.
type Notice struct {
	Severity string // NOTICE or WARNING
	Code     sqlstate.Code
	Message  string
	Hint     string
}

// Result is what a statement gives. Close it.
type Result struct {
	// Columns are those of the rows; nil when the statement gives none.
	Columns []plan.Column
	Notices []Notice
	// Counters says what the scans of the query have done so far; nil when the statement scanned nothing.
	Counters *scan.Counters

	next  func() (*vec.Batch, error)
	tag   func(rows int64) string
	rows  int64
	close func()
}

// Next gives the next rows, nil at the end. A batch stays valid.
func (r *Result) Next() (*vec.Batch, error) {
	if r.next == nil {
		return nil, nil
	}
	b, err := r.next()
	if b != nil {
		r.rows += int64(b.N)
	}
	return b, err
}

// Tag gives the command tag, as psql prints it; that of a query is known when all rows have been read.
func (r *Result) Tag() string { return r.tag(r.rows) }

// Close ends the statement. Closing twice is no error.
func (r *Result) Close() {
	if r.close != nil {
		r.close()
		r.close, r.next = nil, nil
	}
}

// Session is one client's connection. It belongs to one goroutine at a time.
type Session struct {
	engine   *Engine
	zone     *time.Location
	settings map[string]string
	notices  []Notice
	timeout  time.Duration // of a statement; 0 is none
	memory   int64         // budget of a statement in bytes; 0 is the engine's, less is none
	due      time.Time     // when the statement must end whose text has been parsed; zero when there is none
	parsed   int64         // bytes of its tree
	warned   bool          // that system.table_schemas is deprecated
	// In and Out are what COPY FROM STDIN reads and COPY TO STDOUT writes; nil refuses them. In may be a [Waiting].
	In  io.Reader
	Out io.Writer
	// Progress, when set, is called now and then with the rows that a long statement has handled.
	Progress func(rows int64)
}

// NewSession opens a session: its time zone is UTC.
func (e *Engine) NewSession() *Session {
	return &Session{engine: e, zone: time.UTC, settings: map[string]string{}}
}

// Zone gives the session's time zone.
func (s *Session) Zone() *time.Location { return s.zone }

// Execute runs one statement. params are the values of $1, $2, …: constant vectors.
func (s *Session) Execute(ctx context.Context, st parser.Stmt, params []*vec.Vec) (res *Result, err error) {
	ctx, cancel := s.deadline(ctx)
	if before := s.engine.opts.Before; before != nil {
		before(ctx, st.Text)
	}
	run := s.begin(ctx)
	run.text, run.params = st.Text, params
	defer func() {
		if r := recover(); r != nil {
			res, err = nil, sqlstate.New(sqlstate.InternalError, "internal error: %v", r).WithDetail("%s", debug.Stack())
		}
		if res != nil {
			res.Notices = append(s.notices, res.Notices...)
			if run.deprecated {
				res.Notices = append(s.deprecation(), res.Notices...)
			}
		}
		s.notices = nil
		if res == nil {
			run.closeFiles()
			cancel()
			return
		}
		closes := res.close
		res.close = func() {
			run.closeFiles()
			cancel()
			if closes != nil {
				closes()
			}
		}
	}()
	res, err = run.execute(st.Node)
	if err == nil && len(run.files) > 0 && res.next != nil {
		next := res.next
		res.next = func() (*vec.Batch, error) {
			b, err := next()
			return b, run.foreign(err)
		}
	}
	return res, run.foreign(Cancelled(err))
}

// begin gives a statement that begins now.
func (s *Session) begin(ctx context.Context) *statement {
	memory := scan.NewBudget(s.memoryLimit())
	_ = memory.Reserve(s.parsed) // it fitted when it was made
	s.parsed = 0
	return &statement{session: s, engine: s.engine, ctx: ctx, now: s.engine.db.Now().UnixMicro(), memory: memory, counters: &scan.Counters{}}
}

// notice adds a notice to the statement's result.
func (s *Session) notice(code sqlstate.Code, message string) {
	s.notices = append(s.notices, Notice{Severity: "NOTICE", Code: code, Message: message})
}

// done gives the result of a statement without rows.
func done(tag string) *Result { return &Result{tag: func(int64) string { return tag }} }

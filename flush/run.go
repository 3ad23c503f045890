package flush

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// Run flushes the rows that a request asks for, table by table, and reports what it did. Two runs of one database exclude each other: the second waits
// for the first, or for ctx. A table without settled rows gets no file and no job.
//
// A table that cannot be flushed is as it was, its job has failed, and the run goes on with the others; those in the report are flushed. The error, of several
// tables joined, is a *sqlstate.Error: 42P01 when there is no such table, 42704 when there is no such storage, 22023 when the storage cannot be used, 57014
// when ctx has ended, which ends the run, 58030 when the disk failed; 22023 also when Table has no user column and the rows of one user are asked for.
func Run(ctx context.Context, db *store.DB, req Request) (report Report, err error) {
	start := time.Now()
	defer func() {
		report.Duration = time.Since(start)
		err = worded(ctx, couldNotFlush, err)
	}()
	defer recovered(&err)
	if db.ReadOnly() {
		return report, sqlstate.New(sqlstate.ReadOnlyTransaction, "cannot flush: the database was opened read-only")
	}
	held, err := lock(ctx, db, lockName)
	if err != nil {
		return report, err
	}
	defer held.Close() // nothing was written to it
	if _, err := endInterrupted(ctx, db, req.clock(db), filesJobs()); err != nil {
		return report, err
	}
	runtime.LockOSThread() // its time is measured
	defer runtime.UnlockOSThread()
	selections, err := selectTables(ctx, db, &req)
	if err != nil {
		return report, err
	}
	var failures []error
	p := newProgress(req.Progress, selections)
	for i, s := range selections {
		selections[i] = nil // the hot rows of a table that is flushed can be collected
		done := TableReport{Table: s.def.Name}
		if s.def.ID == tables.TableSchemasTable {
			done.Result = "its rows are the versions of the tables' schemas, which are always hot"
		}
		if len(s.refs) > 0 {
			f := &tableFlush{db: db, req: &req, rows: s, progress: p}
			var failed error
			if done, failed = f.run(ctx); failed != nil {
				failures = append(failures, worded(ctx, couldNotFlush, failed))
				if ctx.Err() != nil {
					return report, joined("flushed", failures)
				}
				continue
			}
		}
		report.Tables = append(report.Tables, done)
	}
	return report, joined("flushed", failures)
}

// joined makes one error of those of several tables: the first, whose detail says how many there are and tells of the others; what is wrong with the disk is
// told of once, as it is the same for each.
func joined(done string, failures []error) error {
	switch len(failures) {
	case 0:
		return nil
	case 1:
		return failures[0]
	}
	first := &sqlstate.Error{Code: sqlstate.CodeOf(failures[0]), Message: failures[0].Error()}
	if e := (*sqlstate.Error)(nil); errors.As(failures[0], &e) {
		c := *e
		first = &c
	}
	told := map[sqlstate.Code]bool{first.Code: true}
	detail := fmt.Sprintf("%d tables could not be %s", len(failures), done)
	for _, err := range failures[1:] {
		code := sqlstate.CodeOf(err)
		if disk := code == sqlstate.DiskFull || code == sqlstate.IOError; !disk || !told[code] {
			detail += "; " + err.Error()
		}
		told[code] = true
	}
	first.Cause = errors.Join(failures...)
	first.Detail = strings.TrimSpace(first.Detail + " " + detail + ".")
	return first
}

// also is an error that comes with another one, in one line, as clients show it; either may be nil.
func also(err, other error) error {
	if err == nil || other == nil {
		return cmp.Or(err, other)
	}
	return fmt.Errorf("%w; %w", err, other)
}

// selectTables selects the rows of all tables at one snapshot.
func selectTables(ctx context.Context, db *store.DB, req *Request) ([]*selection, error) {
	snap := db.Snapshot()
	defer snap.Close() // hot rows outlive it, and flushed files are not read
	views := snap.Tables()
	if req.Table != nil {
		view, ok := snap.Table(*req.Table)
		if !ok {
			return nil, sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", req.Table.String())
		}
		views = []*store.TableView{view}
	}
	var out []*selection
	for _, view := range views {
		versions, userless := view.Def.ID == tables.TableSchemasTable, req.User != nil && !hasUsers(view.Def)
		switch {
		case req.Table == nil && (versions || userless):
			continue
		case versions:
			out = append(out, &selection{def: view.Def})
			continue
		case userless:
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "table %s has no user column", view.Def.Name).
				WithHint("A user column is a column user_id of type text.")
		}
		s, err := selectRows(ctx, view.Hot, req.AllRows, req.User, req.clock(db).UnixMicro())
		if err != nil {
			return nil, err
		}
		if !req.AllRows && s.onlyOurs() {
			s.refs = nil
		}
		out = append(out, s)
	}
	return out, nil
}

// hasUsers tells whether a table says whose its rows are.
func hasUsers(def *schemahistory.TableDefinition) bool {
	return def.UserColumn >= 0 && def.Columns[def.UserColumn].Type.Physical() == arrowschema.Strings
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = sqlstate.New(sqlstate.InternalError, "internal error: %v", r).WithDetail("%s", debug.Stack())
	}
}

// couldNotFlush begins what is said of a failure that has no words of its own.
const couldNotFlush = "could not flush"

// worded gives every error an SQLSTATE. what says what could not be done.
func worded(ctx context.Context, what string, err error) error {
	var coded *sqlstate.Error
	switch {
	case err == nil || errors.As(err, &coded):
		return err
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		words := "canceling statement due to user request"
		if errors.Is(err, context.DeadlineExceeded) {
			words = "canceling statement due to statement timeout"
		}
		return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: words, Cause: err}
	}
	if known := store.Worded(err); errors.As(known, &coded) { // of the disk
		return &sqlstate.Error{Code: coded.Code, Message: what + ": " + err.Error(), Hint: coded.Hint, Cause: err}
	}
	return sqlstate.Wrap(sqlstate.IOError, err, "%s", what)
}

// progress adds up the rows that are written.
type progress struct {
	mu          sync.Mutex
	tell        func(done, total int64)
	done, total int64
}

func newProgress(tell func(done, total int64), selections []*selection) *progress {
	p := &progress{tell: tell}
	for _, s := range selections {
		p.total += int64(len(s.refs))
	}
	return p
}

// more says that there is more to write than was thought.
func (p *progress) more(rows int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += rows
}

func (p *progress) add(rows int) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += int64(rows)
	p.tell(p.done, p.total)
}

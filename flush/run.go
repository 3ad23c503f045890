package flush

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/store"
)

// Run flushes the rows that a request asks for, table by table, and reports what it did. Two runs of one database exclude each other: the second waits
// for the first, or for ctx. A table without settled rows gets no file and no job.
//
// A table that cannot be flushed is as it was, its job has failed, and the run goes on with the others; those in the report are flushed. The error, of several
// tables joined, is a *sqlstate.Error: 42P01 when there is no such table, 42704 when there is no such storage, 22023 when the storage cannot be used, 57014
// when ctx has ended, which ends the run, 58030 when the disk failed.
func Run(ctx context.Context, db *store.DB, req Request) (report Report, err error) {
	start := time.Now()
	defer func() {
		report.Duration = time.Since(start)
		err = worded(ctx, err)
	}()
	defer recovered(&err)
	if db.ReadOnly() {
		return report, sqlstate.New(sqlstate.ReadOnlyTransaction, "cannot flush: the database was opened read-only")
	}
	held, err := lock(ctx, db)
	if err != nil {
		return report, err
	}
	defer held.Close() // nothing was written to it
	if _, err := endInterrupted(ctx, db, req.clock(db)); err != nil {
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
		if len(s.refs) > 0 {
			f := &tableFlush{db: db, req: &req, rows: s, progress: p}
			var failed error
			if done, failed = f.run(ctx); failed != nil {
				failures = append(failures, worded(ctx, failed))
				if ctx.Err() != nil {
					return report, joined(failures)
				}
				continue
			}
		}
		report.Tables = append(report.Tables, done)
	}
	return report, joined(failures)
}

// joined makes one error of those of several tables: the first, whose detail tells the others, so that a client that shows one error shows all.
func joined(failures []error) error {
	if len(failures) < 2 {
		return errors.Join(failures...)
	}
	first := &sqlstate.Error{Code: sqlstate.CodeOf(failures[0]), Message: failures[0].Error()}
	if e := (*sqlstate.Error)(nil); errors.As(failures[0], &e) {
		c := *e
		first = &c
	}
	others := make([]string, 0, len(failures))
	for _, err := range failures[1:] {
		others = append(others, err.Error())
	}
	first.Cause = errors.Join(failures...)
	first.Detail = strings.TrimSpace(first.Detail + " Further tables could not be flushed: " + strings.Join(others, "; "))
	return first
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
		s, err := selectRows(ctx, view.Hot, req.AllRows, req.clock(db).UnixMicro())
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

// recovered makes an error of a panic.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = sqlstate.New(sqlstate.InternalError, "internal error: %v", r).WithDetail("%s", debug.Stack())
	}
}

// worded gives every error an SQLSTATE.
func worded(ctx context.Context, err error) error {
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
	case isFull(err):
		return sqlstate.Wrap(sqlstate.DiskFull, err, "could not flush").WithHint("Free space where the storage is.")
	default:
		return sqlstate.Wrap(sqlstate.IOError, err, "could not flush")
	}
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

func (p *progress) add(rows int) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += int64(rows)
	p.tell(p.done, p.total)
}

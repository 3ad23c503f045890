package exec_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// The sweep of hostile statements: each ends by an answer or an error within its time and its memory, and with a message that fits a screen.
//
// The quick form has tables of 20,000 rows, runs each statement once, and is generous, for machines that are loaded. With STOA_HOSTILE_ROWS the tables
// have so many rows, texts and lists are a hundred times as long, statements run against the clock and then against the budget, and what is asserted is what
// is promised: the deadline + 100 ms, the budget + 10 %, as exactly as it is measured. It needs an idle machine.

type hostileForm struct {
	rows, scale   int
	timeout, late time.Duration // of the run against the clock
	patience      time.Duration // the time-out of the run against the budget
	budget, over  int64
	long          bool
}

func formOf() hostileForm {
	f := hostileForm{rows: 20_000, scale: 1, late: 20 * time.Second, patience: 40 * time.Millisecond, budget: 32 << 20, over: 32<<20/10 + memoryStep}
	if rows, err := strconv.Atoi(os.Getenv("STOA_HOSTILE_ROWS")); err == nil {
		f = hostileForm{
			rows: rows, scale: 100, timeout: 50 * time.Millisecond, late: 100 * time.Millisecond, patience: 2 * time.Second,
			budget: 32 << 20, over: (32<<20)/10 + memoryStep, long: true,
		}
	}
	return f
}

func TestHostileStatements(t *testing.T) { // not parallel: it measures the memory of the process
	f := formOf()
	db := hostileDatabase(t, f.rows)
	only := regexp.MustCompile(os.Getenv("STOA_HOSTILE_ONLY"))
	for _, list := range [][]hostile{hostileTexts(), hostileValues(), hostileRows(), hostileWrites()} {
		for _, h := range list {
			if !only.MatchString(h.name) {
				continue
			}
			t.Run(h.name, func(t *testing.T) {
				sql := h.sql(f.scale)
				if f.long {
					f.againstClock(t, db, h, sql)
				}
				f.againstBudget(t, db, h, sql)
			})
		}
	}
}

// hostileDatabase has a table h of as many rows in memory.
func hostileDatabase(t *testing.T, rows int) *database {
	db := newDatabase(t, nil)
	db.session = nil
	require.NoError(t, db.store.Close())
	st, err := store.Open(context.Background(), "/db", &store.Options{FS: db.fs})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	db.use(st, &exec.Options{Workers: 2, Node: "test"})
	db.engine = exec.New(st, builtin.Registry(), &exec.Options{Workers: 2, Node: "test"})
	db.session.Out = io.Discard
	db.must("CREATE TABLE digits (d int)")
	db.must("INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
	db.must("CREATE TABLE h (id bigint PRIMARY KEY, grp int, name text, doc jsonb, at timestamp, num numeric)")
	db.must("CREATE TABLE sink (id bigint PRIMARY KEY, name text)")
	db.must(fmt.Sprintf(`INSERT INTO h SELECT n, n %% 100, 'n' || n, jsonb_build_object('a', n, 'b', 'text'), timestamp '2025-01-01' + n * interval '1 s', n * 1.5
		FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1000000 * h.d AS n
			FROM digits h, digits g, digits f, digits e, digits c, digits b, digits a LIMIT %d) t`, rows))
	return db
}

// againstClock runs a statement that has little time.
func (f *hostileForm) againstClock(t *testing.T, db *database, h hostile, sql string) {
	runtime.GC()
	start := time.Now()
	err := drain(context.Background(), db, sql, f.timeout, 1<<30)
	took := time.Since(start)
	h.check(t, err)
	if f.long {
		t.Logf("clock: %5d ms  %s", took.Milliseconds(), shortened(err))
	}
	require.LessOrEqual(t, took, f.timeout+f.late, "it ended too late: %v", shortened(err))
}

// againstBudget runs a statement that has little memory. In the long form the collector is made to run often: what counts is what is held.
func (f *hostileForm) againstBudget(t *testing.T, db *database, h hostile, sql string) {
	start := time.Now()
	grown, err := f.bounded(db, sql)
	took := time.Since(start)
	h.check(t, err)
	require.LessOrEqual(t, took, f.patience+20*time.Second, "it ended too late: %v", shortened(err))
	how, over := "at most", f.over
	if grown > f.budget+over {
		var use memoryUse
		use, err = memoryHeld(f.patience, func(ctx context.Context) error { return drain(ctx, db, sql, 0, f.budget) })
		h.check(t, err)
		grown, over = use.held, f.budget/10
		how = fmt.Sprintf("held, between collections at most %.1f MiB", float64(use.most)/(1<<20))
	}
	if f.long {
		t.Logf("budget: %5.1f MiB %s  %s", float64(grown)/(1<<20), how, shortened(err))
	}
	require.LessOrEqual(t, grown, f.budget+over, "it took too much memory: %v", shortened(err))
}

// bounded runs a statement and gives a bound of what it held. The collector runs often.
func (f *hostileForm) bounded(db *database, sql string) (int64, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	runtime.GC()
	stop := heapPeak()
	err := drain(context.Background(), db, sql, f.patience, f.budget)
	return stop(), err
}

// drain runs a statement within limits and drops its rows.
func drain(ctx context.Context, db *database, sql string, timeout time.Duration, memory int64) (err error) {
	s := db.engine.NewSession()
	s.Out = io.Discard
	for _, set := range []string{
		fmt.Sprintf("SET statement_timeout = '%dms'", timeout.Milliseconds()), fmt.Sprintf("SET memory_limit = '%dkB'", memory>>10), sql,
	} {
		stmts, err := s.Parse(ctx, set)
		if err != nil {
			return err
		}
		for _, st := range stmts {
			if err := consume(ctx, s, st); err != nil {
				return err
			}
		}
	}
	return nil
}

// consume runs a statement and drops its rows.
func consume(ctx context.Context, s *exec.Session, st parser.Stmt) error {
	res, err := s.Execute(ctx, st, nil)
	if err != nil {
		return err
	}
	defer res.Close()
	for {
		if b, err := res.Next(); err != nil || b == nil {
			return err
		}
	}
}

// check looks at the end of a statement.
func (h *hostile) check(t *testing.T, err error) {
	t.Helper()
	codes := h.codes + " 57014 53200" // nothing is quick enough on a slow machine, and a long text is in no budget
	if !h.only {
		codes += " 00000"
	}
	code := "00000"
	if err != nil {
		code = string(sqlstate.CodeOf(err))
		report := sqlstate.Report(err, "")
		require.Less(t, len(report), 10_000, "a message that fits no screen: %.300s", report)
	}
	require.Contains(t, codes, code, "%s", shortened(err))
}

func shortened(err error) string {
	if err == nil {
		return "an answer"
	}
	return fmt.Sprintf("%.300v (%s)", err, sqlstate.CodeOf(err))
}

// heapPeak begins to watch the heap; what it gives, stops that and gives the most by which the objects in it have grown.
func heapPeak() (stop func() int64) {
	read := func() int64 { return heapMetric("/gc/heap/live:bytes") }
	base, peak := read(), int64(0)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, read()-base)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 { close(done); <-ended; return peak }
}

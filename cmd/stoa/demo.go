package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/contract"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/flush"
)

// demo is a run of stoa demo.
type demo struct {
	s       *streams
	dir     string
	history string // a log in the Standard Workload Format, "" for a generated history
	rows    int64
	live    int64
	force   bool
	width   int

	db     *stoa.DB
	failed int // queries that gave an error
}

func newDemo(s *streams) *cobra.Command {
	d := &demo{s: s}
	cmd := &cobra.Command{
		Use:   "demo [--rows N] [--dir DIR] [--history FILE]",
		Short: "Generate a job history, flush it to Parquet, and run every documented query",
		Long: `Makes a database with a generated job history that ends now, or with a real one from a log in
the Standard Workload Format, flushes what has settled to Parquet files, and runs the 25
SELECTs of the Enhanced System Tables Schema Contract over hot and flushed rows together.

The directory must be empty or hold an earlier demo, which is replaced: but not when somebody
has written to it since, unless --force is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			if d.rows <= 0 || d.live <= 0 {
				return sqlstate.New(sqlstate.InvalidParameterValue, "--rows and --live-queries must be at least 1")
			}
			return d.run(ctx)
		},
	}
	f := cmd.Flags()
	dirFlag(cmd, &d.dir)
	f.Int64Var(&d.rows, "rows", 200_000, "number of jobs to generate")
	f.Int64Var(&d.live, "live-queries", 2_000, "number of live queries to generate")
	f.StringVar(&d.history, "history", "", "import this log in the Standard Workload Format instead (.swf, .swf.gz)")
	f.BoolVar(&d.force, "force", false, "replace the database in DIR even if the demo did not make it or it was written to since")
	cmd.MarkFlagsMutuallyExclusive("rows", "history")
	return cmd
}

// run makes the database, fills it, flushes it and queries it.
func (d *demo) run(ctx context.Context) (err error) {
	start := time.Now()
	d.width = min(width(d.s.out, 160), 200)
	if d.history != "" {
		if _, err := os.Stat(d.history); err != nil {
			return &sqlstate.Error{Code: sqlstate.UndefinedFile, Message: err.Error(), Cause: err}
		}
	}
	if err := prepareDir(ctx, d.dir, d.force); err != nil {
		return opening(d.dir, err)
	}
	if d.db, err = openDatabase(ctx, d.dir, nil); err != nil {
		return err
	}
	defer func() {
		if lost := d.db.Close(); err == nil {
			err = lost
		}
	}()
	fmt.Fprintf(d.s.out, "Stoa %s, a new database in %s\n\n", stoa.Version, d.dir)
	if err := d.fill(ctx); err != nil {
		return err
	}
	if err := d.queries(ctx); err != nil {
		return err
	}
	d.ending()
	if err := markDemo(d.dir, demoMark{Finished: true, Seq: d.seq()}); err != nil {
		return err
	}
	fmt.Fprintf(d.s.out, "\nAll in %.1f s.\n", time.Since(start).Seconds())
	if d.failed > 0 {
		return sqlstate.New(sqlstate.InternalError, "%s failed", count(int64(d.failed), "query", "queries"))
	}
	return nil
}

func (d *demo) seq() uint64 {
	snap := d.db.Store().Snapshot()
	defer snap.Close()
	return snap.Seq()
}

// jobsPerDay is so many that the last hour, which some queries ask for, has failed jobs even on a Sunday night.
const jobsPerDay = 60_000

// hotShare is the part of the generated jobs, the newest, that comes after the flush and so stays hot.
const hotShare = 20

// fill loads rows, flushes, and loads more.
func (d *demo) fill(ctx context.Context) error {
	end := time.Now().UTC().Truncate(time.Microsecond)
	days := int(min(max(d.rows/jobsPerDay, 1), 365))
	h, err := history.New(history.Options{Rows: d.rows, End: end, Days: days, LiveQueries: d.live})
	if err != nil {
		return sqlstate.New(sqlstate.InvalidParameterValue, "%s", err)
	}
	early := d.rows - d.rows/hotShare
	if d.history != "" {
		err = d.step("imported", func() (string, error) { return d.importLog(ctx) })
	} else {
		err = d.step("generated", func() (string, error) { return d.generate(ctx, h, 0, early) })
	}
	if err != nil {
		return err
	}
	if err := d.step("generated", func() (string, error) { return d.others(ctx, h) }); err != nil {
		return err
	}
	if err := d.step("flushed", func() (string, error) { return d.flush(ctx) }); err != nil {
		return err
	}
	if err := d.step("altered", func() (string, error) { return d.evolve(ctx) }); err != nil {
		return err
	}
	if d.history != "" || early == d.rows {
		return nil
	}
	return d.step("generated", func() (string, error) {
		what, err := d.generate(ctx, h, early, d.rows)
		return what + ", which stay hot", err
	})
}

// step runs a part and prints what it has done and its time.
func (d *demo) step(verb string, part func() (string, error)) error {
	start := time.Now()
	what, err := part()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.s.out, "  %-10s %-*s %7.2f s\n", verb, min(d.width-24, 80), what, time.Since(start).Seconds())
	return err
}

func (d *demo) generate(ctx context.Context, h *history.History, from, to int64) (string, error) {
	b := d.s.newBar("generating", to-from)
	defer b.finish()
	return count(to-from, "job", "jobs"), loadJobs(ctx, d.db, h, from, to, b.set)
}

// importLog copies the log into system.jobs.
func (d *demo) importLog(ctx context.Context) (string, error) {
	session := d.db.Session()
	b := d.s.newBar("importing", 0)
	defer b.finish()
	session.Progress = b.set
	before := tableRows(d.db, jobsTable)
	q := query{session: session, text: "COPY system.jobs FROM '" + strings.ReplaceAll(d.history, "'", "''") + "' (FORMAT swf)"}
	if _, err := q.run(ctx, 0); err != nil {
		return "", err
	}
	return count(tableRows(d.db, jobsTable)-before, "job", "jobs") + " of " + filepath.Base(d.history), nil
}

func (d *demo) flush(ctx context.Context) (string, error) {
	var b *bar
	report, err := flush.Run(ctx, d.db.Store(), flush.Request{Progress: func(done, total int64) {
		if b == nil {
			b = d.s.newBar("flushing", total)
		}
		b.set(done)
	}})
	b.finish()
	bytes := int64(0)
	for i := range report.Tables {
		for _, f := range report.Tables[i].Files {
			bytes += f.Bytes
		}
	}
	return fmt.Sprintf("%s to %s, %s", count(report.Rows(), "settled row", "settled rows"), count(int64(report.Files()), "Parquet file", "Parquet files"),
		render.Bytes(bytes)), err
}

// shownRows is how many rows of each query are printed.
const shownRows = 5

// queries runs the contract's SELECTs.
func (d *demo) queries(ctx context.Context) error {
	session := d.db.Session()
	selects := contract.Selects()
	var total time.Duration
	for i, c := range selects {
		q := query{session: session, text: c.SQL}
		a, err := q.run(ctx, shownRows)
		if ctx.Err() != nil {
			return cancelled(ctx, err)
		}
		fmt.Fprintf(d.s.out, "\n%d. %s\n", i+1, c.Title)
		if err != nil {
			d.failed++
			fmt.Fprint(d.s.out, sqlstate.Report(err, c.SQL))
			continue
		}
		total += a.took
		if err := a.print(d.s.out, d.width); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(d.s.out, "\n%d queries, verbatim from the contract, in %.2f s together.\n", len(selects)-d.failed, total.Seconds())
	return err
}

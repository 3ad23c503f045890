package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/report"
	"github.com/stoadb/stoa/bench/room"
	"github.com/stoadb/stoa/bench/suite"
)

// benchOptions are the flags of stoa bench.
type benchOptions struct {
	rows, live     int64
	seed           uint64
	rounds         int
	only, out, dir string
	noWrites       bool
	cold           bool
	singles        time.Duration
}

func newBench(s *streams) *cobra.Command {
	o := &benchOptions{}
	cmd := &cobra.Command{
		Use:   "bench [--rows N] [--out DIR]",
		Short: "Measure queries and writes on a generated job history",
		Long: `Generates a job history twice, in memory and flushed to Parquet, runs the contract's queries and
others on both, interleaved, and then loads, commits, updates, flushes, compacts and opens. Answers
are compared before a time is reported. The report goes to --out as report.md, report.html (with
plots) and report.json, which stoa bench regress compares.

With --cold there are no rows in memory, so that a history may be larger than it: it is flushed
by parts of up to 10,000,000 jobs, as memory allows.

bench/compare in the source has the same harness with DuckDB beside: it is a module of its own.`,
		Example: `  stoa bench --rows 1000000 --out before
  stoa bench --only 'memory|durations' --no-writes
  stoa bench --rows 100000000 --cold --no-writes
  stoa bench regress before/report.json after/report.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			if !cmd.Flags().Changed("live-queries") {
				o.live = max(1, o.rows/100)
			}
			room.Keep()
			return cancelled(ctx, o.run(ctx, s))
		},
	}
	f := cmd.Flags()
	f.Int64Var(&o.rows, "rows", 1_000_000, "number of jobs")
	f.Int64Var(&o.live, "live-queries", -1, "number of live queries; by default one for each hundred jobs")
	f.Uint64Var(&o.seed, "seed", 0, "another seed gives other rows")
	f.IntVar(&o.rounds, "rounds", 7, "samples of each query")
	f.StringVar(&o.only, "only", "", "run only the queries whose names match this regular expression")
	f.BoolVar(&o.cold, "cold", false, "leave out the database in memory")
	f.BoolVar(&o.noWrites, "no-writes", false, "leave out what loads, commits, flushes, compacts and opens")
	f.DurationVar(&o.singles, "singles", 3*time.Second, "how long each workload of single rows runs in a round")
	f.StringVarP(&o.out, "out", "o", "bench", "directory of the report")
	f.StringVar(&o.dir, "scratch", "", "directory in which databases are made and removed again; the system's for temporary files by default")
	cmd.AddCommand(newRegress(s), newGrowth(s))
	return cmd
}

// check refuses what cannot be measured, before anything is made.
func (o *benchOptions) check() error {
	if o.rows < 1 || o.live < 1 || o.rounds < 1 || o.singles <= 0 {
		return sqlstate.New(sqlstate.InvalidParameterValue, "--rows, --live-queries, --rounds and --singles must be positive")
	}
	if _, err := suite.Select(suite.Queries(suite.Parameters{}), o.only); err != nil {
		return err
	}
	return report.Writable(o.out)
}

func (o *benchOptions) run(ctx context.Context, s *streams) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	h, err := history.New(history.Options{Rows: o.rows, Seed: o.seed, LiveQueries: o.live})
	if err != nil {
		return sqlstate.New(sqlstate.InvalidParameterValue, "%s", err)
	}
	dir, err := embedded.Scratch(o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	need, part := embedded.Need(room.System(), dir, o.rows, o.live, !o.cold, !o.noWrites)
	if err := room.System().Check(need); err != nil {
		return err
	}
	r := &measure.Result{Version: measure.ResultVersion, Started: time.Now().UTC(), Machine: measure.ThisMachine(), Rows: o.rows, Live: o.live, Seed: o.seed}
	r.Notes = append(r.Notes, fmt.Sprintf("Stoa %s; wall-clock times of one process, from the text of a statement to its last Arrow batch", stoa.Version))
	if part < o.rows {
		r.Notes = append(r.Notes, fmt.Sprintf("flushed %s jobs at a time", grouped(part)))
	}
	if err := o.queries(ctx, s, dir, h, part, r); err != nil {
		return err
	}
	if !o.noWrites {
		w := embedded.WriteOptions{Rounds: min(embedded.WriteRounds, o.rounds), Rows: o.rows, Singles: o.singles, Scratch: dir, End: r.Started}
		w.Step = func(name string) { fmt.Fprintf(s.err, "measuring %s\n", name) }
		if r.Writes, err = embedded.Writes(ctx, w); err != nil {
			return err
		}
	}
	return o.write(s, r)
}

// queries measures the queries on a database in memory and on a flushed one.
func (o *benchOptions) queries(ctx context.Context, s *streams, dir string, h *history.History, part int64, r *measure.Result) (err error) {
	key := uuid.UUID(h.Jobs(o.rows/2, 1).Cols[0].UUIDs[0]).String()
	queries, err := suite.Select(suite.Queries(suite.Parameters{Now: h.Options().End, Key: key}), o.only)
	if err != nil {
		return err
	}
	var engines []measure.Engine
	for _, cold := range []bool{false, true} {
		if o.cold && !cold {
			continue
		}
		db, err := o.database(ctx, s, filepath.Join(dir, fmt.Sprintf("cold=%t", cold)), h, map[bool]int64{true: part}[cold])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		if r.Widths == nil {
			if r.Widths, err = embedded.Widths(ctx, db); err != nil {
				return err
			}
		}
		for _, e := range map[bool][][]string{false: {{embedded.Hot}}, true: {{embedded.Cold}, {embedded.NoFooters, "SET aggregate_footers = off"}}}[cold] {
			engine, err := embedded.New(ctx, e[0], db, e[1:]...)
			if err != nil {
				return err
			}
			engines, r.Engines = append(engines, engine), append(r.Engines, e[0])
		}
	}
	runtime.GC()
	tell, finish := s.progress("queries:")
	defer finish()
	note := func(format string, a ...any) { fmt.Fprintf(s.err, format+"\n", a...) }
	if r.Queries, err = measure.Queries(ctx, engines, queries, measure.Options{Rounds: o.rounds, Progress: tell, Note: note}); err != nil {
		return err
	}
	return embedded.Profile(ctx, r, engines)
}

// database makes a database with the history, flushed part rows at a time, or not when it is 0.
func (o *benchOptions) database(ctx context.Context, s *streams, dir string, h *history.History, part int64) (*stoa.DB, error) {
	db, err := embedded.Open(ctx, dir, h.Options().End)
	if err != nil {
		return nil, err
	}
	label := "rows in memory:"
	if part > 0 {
		label = "rows to be flushed:"
	}
	tell, finish := s.progress(label)
	err = embedded.Fill(ctx, db, h, part, tell)
	finish()
	if err == nil && part > 0 {
		tell, finish := s.progress("flushing:")
		err = embedded.Flush(ctx, db, nil, tell)
		finish()
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// write writes the report, and shows it.
func (o *benchOptions) write(s *streams, r *measure.Result) error {
	if err := report.Write(o.out, r); err != nil {
		return err
	}
	if err := report.Markdown(s.out, r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.err, "report.md, report.html and report.json are in %s\n", o.out)
	return err
}

func newRegress(s *streams) *cobra.Command {
	threshold := 0.05
	cmd := &cobra.Command{
		Use:   "regress OLD.json NEW.json",
		Short: "Say what became slower between two runs",
		Long: `Compares the samples of two reports of stoa bench: medians with 95 % confidence intervals, and the
Mann-Whitney test of whether they differ by more than chance. The exit status is 1 when something
became slower by more than --threshold.`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if !(threshold >= 0) {
				return sqlstate.New(sqlstate.InvalidParameterValue, "--threshold must not be negative").WithHint("0.05 is 5 %%.")
			}
			runs, err := readRuns(args)
			if err != nil {
				return err
			}
			if err := report.Comparable(runs[0], runs[1]); err != nil {
				return err
			}
			changes := report.Regress(runs[0], runs[1], threshold)
			if err := report.WriteChanges(s.out, changes); err != nil {
				return err
			}
			for i := range changes {
				if changes[i].Slower {
					return exitError{1}
				}
			}
			return nil
		},
	}
	cmd.Flags().Float64Var(&threshold, "threshold", threshold, "the part by which a median must differ: 0.05 is 5 %")
	return cmd
}

func newGrowth(s *streams) *cobra.Command {
	page := "growth.html"
	cmd := &cobra.Command{
		Use:   "growth SMALL.json LARGE.json …",
		Short: "Show how times grow with the number of rows",
		Long: `Compares reports of stoa bench on histories of different sizes: a table with the exponent by which each
query grows (0: it does not, 1: linearly), and a page with a plot for each.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			runs, err := readRuns(args)
			if err != nil {
				return err
			}
			if err := report.GrowthMarkdown(s.out, runs); err != nil {
				return err
			}
			f, err := os.Create(page)
			if err != nil {
				return err
			}
			return errors.Join(report.Growth(f, runs), f.Close())
		},
	}
	cmd.Flags().StringVarP(&page, "out", "o", page, "the page with plots")
	return cmd
}

// readRuns reads reports.
func readRuns(names []string) ([]*measure.Result, error) {
	var runs []*measure.Result
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		r, err := measure.ReadResult(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		runs = append(runs, r)
	}
	return runs, nil
}

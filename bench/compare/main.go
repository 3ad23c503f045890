//go:build duckdb_arrow

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/google/uuid"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/measure"
	"github.com/stoadb/stoa/bench/report"
	"github.com/stoadb/stoa/bench/room"
	"github.com/stoadb/stoa/bench/suite"
)

type options struct {
	rows, live int64
	seed       uint64
	rounds     int
	threads    int
	only       string
	out, dir   string
	writes     bool
	singles    time.Duration
}

func main() {
	o := options{}
	resident := flag.String("resident", "", "internal: load a Parquet file with an engine and print what is resident")
	flag.Int64Var(&o.rows, "rows", 1_000_000, "number of jobs")
	flag.Int64Var(&o.live, "live-queries", 100_000, "number of live queries")
	flag.Uint64Var(&o.seed, "seed", 0, "seed of the history")
	flag.IntVar(&o.rounds, "rounds", 7, "samples of each query")
	flag.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "threads of each engine")
	flag.StringVar(&o.only, "only", "", "run only the queries whose names match")
	flag.StringVar(&o.out, "out", "bench", "directory of the report")
	flag.StringVar(&o.dir, "scratch", "", "directory for databases, removed at the end")
	flag.BoolVar(&o.writes, "writes", true, "measure writes too")
	flag.DurationVar(&o.singles, "singles", 3*time.Second, "how long each workload of single rows runs in a round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := o.check(*resident)
	if err != nil {
		fmt.Fprint(os.Stderr, sqlstate.Report(err, ""))
		os.Exit(2)
	}
	runtime.GOMAXPROCS(o.threads)
	if *resident != "" {
		err = printResident(ctx, *resident, flag.Arg(0), o.threads)
	} else {
		err = o.run(ctx)
	}
	if err != nil && ctx.Err() != nil {
		err = &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: "interrupted", Cause: err}
	}
	if err != nil {
		fmt.Fprint(os.Stderr, sqlstate.Report(err, ""))
		os.Exit(1)
	}
}

// check refuses what cannot be measured, before anything is made.
func (o *options) check(engine string) error {
	switch {
	case o.rows < 1 || o.live < 1 || o.rounds < 1 || o.threads < 1 || o.singles <= 0:
		return sqlstate.New(sqlstate.InvalidParameterValue, "-rows, -live-queries, -rounds, -threads and -singles must be positive")
	case engine != "" && engine != residentStoa && engine != residentDuck:
		return sqlstate.New(sqlstate.InvalidParameterValue, "there is no engine %q", engine).WithHint("-resident knows %s and %s.", residentStoa, residentDuck)
	case engine == "" && flag.NArg() > 0:
		return sqlstate.New(sqlstate.InvalidParameterValue, "%q is no flag", flag.Arg(0)).WithHint("-help lists the flags.")
	case engine != "" && flag.NArg() != 1:
		return sqlstate.New(sqlstate.InvalidParameterValue, "-resident takes one Parquet file")
	}
	if _, err := suite.Select(suite.Queries(suite.Parameters{}), o.only); err != nil {
		return err
	}
	return report.Writable(o.out)
}

// need gives what a run takes: rows in memory and in the log, in DuckDB beside, and flushed. It gives the number of rows to flush at a time besides.
func (o *options) need(dir string) (n *room.Need, part int64) {
	n = &room.Need{What: fmt.Sprintf("to compare on %d jobs and %d live queries", o.rows, o.live), Dir: dir,
		Hint: "Ask for fewer -rows, or name a directory with more room with -scratch."}
	n.Disk = o.rows*(room.JobLogged+duckDisk) + o.live*(room.LiveLogged+duckDisk)
	n.Memory = o.rows*(room.JobHeld+duckHeld) + o.live*(room.LiveHeld+duckHeld)
	part = embedded.AddFlushing(room.System(), n, o.rows, o.live)
	return n, part
}

// What a row takes in DuckDB, in bytes. Measured with 1,000,000 jobs.
const (
	duckDisk = 350 // in its Parquet file, in ours of which it is loaded, and in its database file
	duckHeld = 400 // in a table in memory
)

func (o *options) run(ctx context.Context) (err error) {
	h, err := history.New(history.Options{Rows: o.rows, Seed: o.seed, LiveQueries: o.live})
	if err != nil {
		return err
	}
	dir, err := embedded.Scratch(o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	need, part := o.need(dir)
	if err := room.System().Check(need); err != nil {
		return err
	}
	r := &measure.Result{Version: measure.ResultVersion, Started: time.Now().UTC(), Machine: measure.ThisMachine(), Rows: o.rows, Live: o.live, Seed: o.seed}
	b := &bench{options: o, dir: dir, part: part, history: h, result: r}
	defer func() { err = errors.Join(err, b.close()) }()
	for _, step := range []func(context.Context) error{b.prepare, b.memory, b.queries, func(context.Context) error { return b.close() }, b.writing} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := report.Write(o.out, r); err != nil {
		return err
	}
	return report.Markdown(os.Stdout, r)
}

// bench is a run.
type bench struct {
	*options
	dir        string
	part       int64 // rows that are flushed at a time
	history    *history.History
	result     *measure.Result
	engines    []measure.Engine
	jobs, live string // Parquet files of the rows
	closers    []func() error
}

func (b *bench) close() error {
	var errs []error
	for _, c := range b.closers {
		errs = append(errs, c())
	}
	b.closers = nil
	return errors.Join(errs...)
}

func (b *bench) note(format string, a ...any) {
	b.result.Notes = append(b.result.Notes, fmt.Sprintf(format, a...))
	fmt.Fprintf(os.Stderr, format+"\n", a...)
}

// database opens a database of Stoa's with the rows, flushed part of them at a time, or none when it is 0.
func (b *bench) database(ctx context.Context, name string, part int64) (*stoa.DB, error) {
	db, err := embedded.Open(ctx, filepath.Join(b.dir, name), b.history.Options().End)
	if err != nil {
		return nil, err
	}
	b.closers = append(b.closers, db.Close)
	return db, embedded.Fill(ctx, db, b.history, part, func(int64, int64) {})
}

// prepare makes the engines.
func (b *bench) prepare(ctx context.Context) error {
	hot, err := b.database(ctx, "hot", 0)
	if err != nil {
		return err
	}
	if b.result.Widths, err = embedded.Widths(ctx, hot); err != nil {
		return err
	}
	b.jobs, b.live = filepath.Join(b.dir, "jobs.parquet"), filepath.Join(b.dir, "live.parquet")
	for table, path := range map[string]string{"jobs": b.jobs, "live_queries": b.live} {
		if _, err := hot.Exec(ctx, fmt.Sprintf("COPY system.%s TO %s (FORMAT parquet)", table, quoted(path))); err != nil {
			return err
		}
	}
	cold, err := b.database(ctx, "cold", b.part)
	if err != nil {
		return err
	}
	if err := embedded.Flush(ctx, cold, nil, nil); err != nil {
		return err
	}
	native, err := b.duck(duckNative)
	if err != nil {
		return err
	}
	if err := native.native(b.jobs, b.live); err != nil {
		return err
	}
	own := filepath.Join(b.dir, "duck-jobs.parquet")
	if err := native.exec(fmt.Sprintf("COPY sys.jobs TO %s (FORMAT parquet, COMPRESSION zstd); COPY sys.live_queries TO %s (FORMAT parquet, COMPRESSION zstd)",
		quoted(own), quoted(own+".live"))); err != nil {
		return err
	}
	ours := filepath.Join(b.dir, "cold", "storage", "system")
	for _, e := range []struct{ name, jobs, live string }{
		{duckOwn, own, own + ".live"}, {duckOurs, filepath.Join(ours, "jobs", "*.parquet"), filepath.Join(ours, "live_queries", "*.parquet")},
	} {
		d, err := b.duck(e.name)
		if err != nil {
			return err
		}
		if err := d.views(e.jobs, e.live); err != nil {
			return err
		}
	}
	var stoas []measure.Engine
	for _, e := range [][]string{{embedded.Hot}, {embedded.Cold}, {embedded.NoFooters, "SET aggregate_footers = off"}} {
		db := cold
		if e[0] == embedded.Hot {
			db = hot
		}
		engine, err := embedded.New(ctx, e[0], db, e[1:]...)
		if err != nil {
			return err
		}
		stoas = append(stoas, engine)
	}
	b.engines = append(stoas, b.engines...)
	for _, e := range b.engines {
		b.result.Engines = append(b.result.Engines, e.Name())
	}
	version, err := native.version(ctx)
	if err != nil {
		return err
	}
	if b.part < b.rows {
		b.note("Stoa's cold jobs were flushed %d at a time", b.part)
	}
	b.note("Stoa %s, DuckDB %s; %d threads each; one process, warm caches, in turn", stoa.Version, version, b.threads)
	return b.sizes(own, filepath.Join(ours, "jobs", "*.parquet"))
}

func (b *bench) duck(name string) (*duckEngine, error) {
	d, err := openDuck(name, "", b.threads)
	if err != nil {
		return nil, err
	}
	b.closers = append(b.closers, d.close)
	b.engines = append(b.engines, d)
	return d, nil
}

// sizes notes what a job takes in files of both.
func (b *bench) sizes(own, ours string) error {
	mine, err := filepath.Glob(ours)
	if err != nil {
		return err
	}
	size := func(names ...string) (n int64) {
		for _, name := range names {
			if st, err := os.Stat(name); err == nil {
				n += st.Size()
			}
		}
		return n
	}
	ourBytes, theirs := size(mine...), size(own)
	b.note("Parquet: %.2f bytes a job in Stoa's files, %.2f in DuckDB's (zstd): %.2f ×", float64(ourBytes)/float64(b.rows), float64(theirs)/float64(b.rows), float64(ourBytes)/float64(theirs))
	return nil
}

func (b *bench) queries(ctx context.Context) (err error) {
	key := uuid.UUID(b.history.Jobs(b.rows/2, 1).Cols[0].UUIDs[0]).String()
	queries, err := suite.Select(suite.Queries(suite.Parameters{Now: b.history.Options().End, Key: key}), b.only)
	if err != nil {
		return err
	}
	note := func(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) }
	if b.result.Queries, err = measure.Queries(ctx, b.engines, queries, measure.Options{Rounds: b.rounds, Note: note}); err != nil {
		return err
	}
	return embedded.Profile(ctx, b.result, b.engines)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/bench/room"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/sql/copyio"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// genOptions are the flags of stoa gen.
type genOptions struct {
	dir, out, end string
	rows, live    int64
	days          int
	seed          uint64
	legacy, flush bool
	hot, cold     bool
	noHash        bool
	room          room.Room
}

func newGen(s *streams) *cobra.Command {
	o := &genOptions{room: room.System()}
	cmd := &cobra.Command{
		Use:   "gen --rows N [--seed S] [--dir DIR | --out FILE]",
		Short: "Generate a job history, into a database or a file",
		Long: `Generates a job history: the same rows for the same options on every machine.

Without --out the jobs go into a database, with live queries, storages and schema versions
beside them. With --out the jobs alone go to a file; its name says in which form: .parquet,
.csv or .ndjson, and .csv.gz or .csv.zst for a compressed one. Files may be of any size.

Rows of a database stay in memory until they are flushed. A history that the memory at hand cannot
hold is therefore flushed to Parquet files while it comes, and so is any with --cold; with --hot
what does not fit is refused. The rows are the same.

The fingerprint is the SHA-256 of the jobs as CSV without a header; those of some sizes are
published (docs/histories.md), and then it is compared.

With --legacy the database is a new one of the older form: system.jobs and system.live_queries
without the columns that the contract calls new, system.storage_locations, and no table of
schemas. Try stoa migrate on it. With --flush the first half of the jobs goes to Parquet files
before the second half comes.`,
		Example: `  stoa gen --rows 1000000
  stoa gen --rows 10000000 --out jobs.parquet
  stoa gen --rows 100000000 --cold --dir large
  stoa gen --legacy --rows 100000 --flush --dir old && stoa migrate --dir old`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := s.interruptible(cmd.Context())
			defer stop()
			if o.live < 0 && !cmd.Flags().Changed("live-queries") {
				o.live = max(o.rows/100, min(o.rows, 1))
			}
			room.Keep()
			return o.run(ctx, s)
		},
	}
	f := cmd.Flags()
	dirFlag(cmd, &o.dir)
	f.StringVarP(&o.out, "out", "o", "", "write the jobs to this file instead of a database")
	f.Int64Var(&o.rows, "rows", 200_000, "number of jobs")
	f.Int64Var(&o.live, "live-queries", -1, "number of live queries; by default one for each hundred jobs")
	f.Uint64Var(&o.seed, "seed", 0, "another seed gives other rows")
	f.StringVar(&o.end, "end", history.DefaultEnd, "when the history ends (RFC 3339), or now")
	f.IntVar(&o.days, "days", 0, "how many days the history goes back; by default one for each 20,000 jobs, from 7 to 365")
	f.BoolVar(&o.legacy, "legacy", false, "make a new database, in the older form; --rows 0 leaves it empty")
	f.BoolVar(&o.flush, "flush", false, "flush what has settled when half of the jobs are there")
	f.BoolVar(&o.cold, "cold", false, "flush all rows to Parquet files, many at a time, so that a history may be larger than memory")
	f.BoolVar(&o.hot, "hot", false, "keep all rows in memory, or refuse what does not fit")
	f.BoolVar(&o.noHash, "no-hash", false, "leave out the fingerprint, which takes about a second for each million jobs")
	for _, other := range []string{"dir", "legacy", "flush", "hot", "cold"} {
		cmd.MarkFlagsMutuallyExclusive(other, "out")
	}
	cmd.MarkFlagsMutuallyExclusive("hot", "cold", "flush")
	return cmd
}

// history prepares the history that the flags describe.
func (o *genOptions) history() (*history.History, error) {
	switch {
	case o.legacy && (o.rows < 0 || o.live < 0):
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "--rows and --live-queries must not be negative")
	case !o.legacy && (o.rows <= 0 || o.live <= 0):
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "--rows and --live-queries must be at least 1").
			WithHint("With --legacy they may be 0, too: it makes an empty database of the older form.")
	case o.days < 0:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "--days must be at least 1, or 0 for as many as the jobs suggest")
	}
	end := time.Now().UTC().Truncate(time.Microsecond)
	if o.end != "now" {
		var err error
		if end, err = time.Parse(time.RFC3339Nano, o.end); err != nil {
			return nil, sqlstate.New(sqlstate.InvalidDatetimeFormat, "--end %q is not a time of RFC 3339", o.end).WithHint("For example 2025-10-22T15:00:00Z, or now.")
		}
	}
	h, err := history.New(history.Options{Rows: o.rows, Seed: o.seed, End: end.UTC(), Days: o.days, LiveQueries: o.live})
	if err != nil {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "%s", err)
	}
	return h, nil
}

func (o *genOptions) run(ctx context.Context, s *streams) error {
	h, err := o.history()
	if err != nil {
		return err
	}
	start := time.Now()
	if o.out != "" {
		return o.toFile(ctx, s, h, start)
	}
	part, err := o.part(s)
	if err != nil {
		return err
	}
	print, err := o.fingerprint(h)
	if err != nil {
		return err
	}
	defer print.wait()
	db, err := o.open(ctx)
	if err != nil {
		return err
	}
	b := s.newBar("jobs:", o.rows)
	done, err := o.fill(ctx, db, h, part, print, b)
	b.finish()
	if lost := db.Close(); err == nil {
		err = lost
	}
	var known *sqlstate.Error
	if errors.As(err, &known) && known.Code == sqlstate.UniqueViolation {
		e := *known
		return e.WithHint("The database in %s has rows of this history already: give another --seed for other rows, or another directory.", o.dir)
	}
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.out, "%s in %s (%.1f s)\n", done, o.dir, time.Since(start).Seconds()); err != nil {
		return err
	}
	return print.tell(s.out)
}

// open opens the database or makes it; one of the older form is always a new one.
func (o *genOptions) open(ctx context.Context) (*stoa.DB, error) {
	if !o.legacy {
		return openDatabase(ctx, o.dir, nil)
	}
	db, err := openDatabase(ctx, o.dir, &stoa.Options{ReadOnly: true})
	switch {
	case err == nil:
		return nil, errors.Join(sqlstate.New(sqlstate.DuplicateFile, "there is a database in %s already", o.dir).
			WithHint("--legacy makes a new one: name another directory with --dir."), db.Close())
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	return openDatabase(ctx, o.dir, &stoa.Options{Legacy: true})
}

// fill loads the rows, and says in words which. What is in memory is flushed whenever it is part rows; 0 means that all of them stay there.
func (o *genOptions) fill(ctx context.Context, db *stoa.DB, h *history.History, part int64, print *fingerprint, b *bar) (string, error) {
	early, flushed, form := o.rows, "", ""
	if o.flush {
		early = o.rows / 2
	}
	l := &embedded.Loader{DB: db, History: h, Part: part, Take: print.add, Progress: b.set}
	if err := l.Jobs(ctx, 0, early); err != nil {
		return "", cancelled(ctx, err)
	}
	others, err := o.others(ctx, l)
	if err != nil {
		return "", err
	}
	switch {
	case part > 0:
		err, flushed = embedded.Flush(ctx, db, nil, nil), ", all flushed"
	case o.flush:
		var report flush.Report
		if report, err = flush.Run(ctx, db.Store(), flush.Request{Actor: "gen-command"}); err == nil {
			flushed = fmt.Sprintf(", %s of them in %s", count(report.Rows(), "row", "rows"), count(int64(report.Files()), "Parquet file", "Parquet files"))
		}
	}
	if err != nil {
		return "", cancelled(ctx, err)
	}
	l.Progress = func(done int64) { b.set(early + done) }
	if err := l.Jobs(ctx, early, o.rows); err != nil {
		return "", cancelled(ctx, err)
	}
	if o.legacy {
		form = ", in the older form,"
	}
	return count(o.rows, "job", "jobs") + others + flushed + form, nil
}

// others loads what is not jobs, and says in words what; nothing when there is to be nothing.
func (o *genOptions) others(ctx context.Context, l *embedded.Loader) (words string, err error) {
	if o.live > 0 {
		n, err := l.Live(ctx)
		if err != nil {
			return "", cancelled(ctx, err)
		}
		words = ", " + count(n, "live query", "live queries")
	}
	if o.rows == 0 && o.live == 0 {
		return "", nil
	}
	more, err := loadCatalogue(ctx, l.DB, l.History)
	return words + more, err
}

// toFile writes the jobs to a file, which appears when it is complete.
func (o *genOptions) toFile(ctx context.Context, s *streams, h *history.History, start time.Time) error {
	opts, err := formatOf(o.out)
	if err != nil {
		return err
	}
	if err := o.roomForFile(opts.Format); err != nil {
		return err
	}
	print, err := o.fingerprint(h)
	if err != nil {
		return err
	}
	defer print.wait()
	w, err := copyio.Create(vfs.OS(), o.out, opts, history.Columns(), time.UTC)
	if err != nil {
		return err
	}
	defer w.Abort()
	b := s.newBar("jobs:", o.rows)
	defer b.finish()
	done := int64(0)
	err = h.EachJobs(ctx, 0, func(batch *vec.Batch) error {
		done += int64(batch.N)
		b.set(done)
		if err := print.add(batch); err != nil {
			return err
		}
		return w.Write(batch)
	})
	if err != nil {
		return cancelled(ctx, err)
	}
	if err := w.Close(); err != nil {
		return err
	}
	b.finish()
	size := ""
	if info, err := vfs.OS().Stat(o.out); err == nil {
		size = ", " + render.Bytes(info.Size())
	}
	if _, err := fmt.Fprintf(s.out, "%s in %s%s (%.1f s)\n", count(o.rows, "job", "jobs"), o.out, size, time.Since(start).Seconds()); err != nil {
		return err
	}
	return print.tell(s.out)
}

// formatOf tells by a file's name in what form it is to be written. CSV gets a header.
func formatOf(path string) (*copyio.Options, error) {
	name := strings.ToLower(filepath.Base(path))
	packed := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch ext := filepath.Ext(packed); {
	case ext == ".parquet" && packed == name:
		return &copyio.Options{Format: copyio.Parquet}, nil
	case ext == ".csv":
		return &copyio.Options{Format: copyio.CSV, Header: copyio.HeaderOn, Delimiter: ',', Quote: '"', Escape: '"'}, nil
	case ext == ".ndjson", ext == ".jsonl":
		return &copyio.Options{Format: copyio.NDJSON}, nil
	}
	return nil, sqlstate.New(sqlstate.InvalidParameterValue, "the name %q does not say in which form to write", path).
		WithHint("Let it end in .parquet, .csv or .ndjson; .csv.gz and .csv.zst are compressed.")
}

func grouped(n int64) string { return render.Count(n) }

package flush

import (
	"cmp"
	"context"
	"path/filepath"
	"time"

	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// tableFlush is the flush of one table.
type tableFlush struct {
	db       *store.DB
	req      *Request
	rows     *selection
	progress *progress

	meter   *meter
	at      time.Time // that the files bear
	job     *tables.Job
	owners  *owners
	storage *storage
	dirs    directories
	targets []*target
}

// run flushes the table. The steps are those of the package comment.
func (f *tableFlush) run(ctx context.Context) (TableReport, error) {
	start := time.Now()
	f.meter = newMeter()
	defer f.meter.close()
	f.at = f.req.clock(f.db)
	f.owners = f.rows.owners()
	if err := f.begin(ctx); err != nil {
		return TableReport{}, err
	}
	report := TableReport{Table: f.rows.def.Name, JobID: f.job.JobID}
	if err := f.move(ctx, &report); err != nil {
		return TableReport{}, f.fail(ctx, err)
	}
	for _, t := range f.targets {
		t.kept = t.added
	}
	discard(context.WithoutCancel(ctx), f.db, f.targets) // files all of whose rows have changed meanwhile, and were not added
	report.Duration = time.Since(start)
	return report, nil
}

// move writes the files and commits.
func (f *tableFlush) move(ctx context.Context, report *TableReport) (err error) {
	defer recovered(&err)
	if err := f.write(ctx); err != nil {
		return f.storage.unwritable(err)
	}
	return f.commit(ctx, report)
}

// begin makes the job's row and finds the storage. When there is no usable storage, the job fails at once.
func (f *tableFlush) begin(ctx context.Context) error {
	job, err := newJob(flushJob, flushParameters(f.rows.def.Name, f.owners.only()), f.req.trace(), f.at)
	if err != nil {
		return err
	}
	var row tables.Storage
	var missing error
	err = f.db.Update(ctx, func(tx *store.Tx) error {
		row, missing = findStorage(tx, f.rows.def.Name, cmp.Or(f.rows.def.Storage, defaultStorage))
		return insertJob(tx, job)
	})
	if err != nil {
		return err
	}
	f.job = job
	if missing == nil {
		f.storage, missing = resolveStorage(f.db, row)
	}
	if missing != nil {
		return f.fail(ctx, missing)
	}
	f.dirs = directories{fs: f.db.FS(), base: filepath.Clean(f.db.Path(f.storage.path))}
	return nil
}

// write writes all files under their names, durably.
func (f *tableFlush) write(ctx context.Context) error {
	listed := listed(f.db, f.at)
	for _, g := range f.rows.groups(f.storage.template, f.owners) {
		dir, err := f.storage.directory(g.dir)
		if err != nil {
			return err
		}
		t := &target{group: &g, dir: dir}
		if err := t.choose(f.db, listed, f.at, 1); err != nil {
			return err
		}
		f.targets = append(f.targets, t)
	}
	f.owners, f.rows.refs = nil, nil // the targets have them
	if err := reserve(ctx, f.db, f.targets); err != nil {
		return err
	}
	w := &writer{tableFlush: f, sorter: newSorter(f.rows), assembler: newAssembler(f.rows)}
	if err := w.all(ctx); err != nil {
		return err
	}
	return f.dirs.sync(ctx)
}

// fail takes back what a failed flush has done, ends its job, and gives the error, joined by what else went wrong.
func (f *tableFlush) fail(ctx context.Context, cause error) error {
	cause = worded(ctx, couldNotFlush, cause)
	if f.db.Err() != nil {
		// Nobody knows whether the commit is in the log. If it is, it needs the files; if not, they are removed when the database is opened again,
		// and the job is ended then.
		return cause
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTime)
	defer cancel()
	discard(ctx, f.db, f.targets)
	memory, cpu := f.meter.read(f.rows.cpu)
	return failJob(ctx, f.db, f.job.JobID, cause, f.req.clock(f.db), memory, cpu)
}

// failTime bounds what is done after a cancellation.
const failTime = 30 * time.Second

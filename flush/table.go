package flush

import (
	"cmp"
	"context"
	"errors"
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
	f.discard(context.WithoutCancel(ctx)) // files all of whose rows have changed meanwhile, and were not added
	report.Duration = time.Since(start)
	return report, nil
}

// move writes the files and commits.
func (f *tableFlush) move(ctx context.Context, report *TableReport) (err error) {
	defer recovered(&err)
	if err := f.write(ctx); err != nil {
		return err
	}
	return f.commit(ctx, report)
}

// begin makes the job's row and finds the storage. When there is no usable storage, the job fails at once.
func (f *tableFlush) begin(ctx context.Context) error {
	job, err := newJob(f.rows.def.Name, f.owners.only(), f.req.trace(), f.at)
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
	for _, g := range f.rows.groups(f.storage.template, f.owners) {
		dir, err := f.storage.directory(g.dir)
		if err != nil {
			return err
		}
		t := &target{group: &g, dir: dir}
		if err := t.choose(f.db, f.at, 1); err != nil {
			return err
		}
		f.targets = append(f.targets, t)
	}
	f.owners, f.rows.refs = nil, nil // the targets have them
	if err := f.reserve(ctx); err != nil {
		return err
	}
	w := &writer{tableFlush: f, sorter: newSorter(f.rows), assembler: newAssembler(f.rows)}
	if err := w.all(ctx); err != nil {
		return err
	}
	return f.dirs.sync(ctx)
}

// reserveAtOnce is the number of names in one record of the log, which so stays below some megabytes.
const reserveAtOnce = 8192

// reserve tells the database of the files that are to come.
func (f *tableFlush) reserve(ctx context.Context) error {
	for lo := 0; lo < len(f.targets); lo += reserveAtOnce {
		var paths []string
		for _, t := range f.targets[lo:min(lo+reserveAtOnce, len(f.targets))] {
			paths = append(paths, t.path)
		}
		if err := f.db.Reserve(ctx, paths...); err != nil {
			return err
		}
	}
	return nil
}

// fail takes back what a failed flush has done, ends its job, and gives the error, joined by what else went wrong.
func (f *tableFlush) fail(ctx context.Context, cause error) error {
	cause = worded(ctx, cause)
	if f.db.Err() != nil {
		// Nobody knows whether the commit is in the log. If it is, it needs the files; if not, they are removed when the database is opened again,
		// and the job is ended then.
		return cause
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTime)
	defer cancel()
	f.discard(ctx)
	err := f.db.Update(ctx, func(tx *store.Tx) error {
		return replaceJob(tx, f.job.JobID, func(j *tables.Job) {
			text := cause.Error()
			end(j, tables.Failed, f.req.clock(f.db))
			j.Error = &text
			j.MemoryUsed, j.CPUUsed = f.meter.read(f.rows.cpu)
		})
	})
	if err != nil && !errors.Is(err, errJobEnded) {
		return errors.Join(cause, err)
	}
	return cause
}

// failTime bounds what is done after a cancellation.
const failTime = 30 * time.Second

// discard removes the files that no commit has added, and gives their names back. What cannot be removed stays reserved: the next opening removes it.
func (f *tableFlush) discard(ctx context.Context) {
	var free []string
	changed := map[string]bool{}
	for _, t := range f.targets {
		if t.kept || t.unsure || t.path == "" {
			continue
		}
		removed, err := t.remove(f.db)
		if err != nil {
			continue
		}
		if removed {
			changed[filepath.Dir(f.db.Path(t.path))] = true
		}
		free = append(free, t.path)
	}
	for dir := range changed {
		if f.db.FS().SyncDir(dir) != nil {
			return
		}
	}
	for lo := 0; lo < len(free); lo += reserveAtOnce {
		if f.db.Release(ctx, free[lo:min(lo+reserveAtOnce, len(free))]...) != nil {
			return
		}
	}
}

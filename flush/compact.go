package flush

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// CompactRequest says what to compact. Its zero value is all that is worth it, in every table.
type CompactRequest struct {
	// Table restricts the compaction to one table.
	Table *schemahistory.Name
	// Partition restricts it to one directory, given as the job's parameter gives it: relative to the storage's base path.
	Partition *string
	// Node, Actor and Thread make the job's trace, as in Request; the default of Actor is compact-actor-1.
	Node, Actor, Thread string
	// Progress is told how many rows of all that are to be written have been written, as in Request.
	Progress func(done, total int64)
	// Now is the time that the files and jobs bear; zero means the database's clock.
	Now time.Time

	limits mergeLimits // for tests
}

// CompactReport is what a compaction did: only the tables in which something was worth it.
type CompactReport struct {
	Tables   []TableCompaction
	Duration time.Duration
}

// TableCompaction is what a compaction did to a table.
type TableCompaction struct {
	Table schemahistory.Name
	// Partition is the job's parameter: the directory, relative to its storage's base path, or the table's name when there were several.
	Partition               string
	FilesBefore, FilesAfter int   // that were read, and that were written in their place
	BytesBefore, BytesAfter int64 // of these
	Rows                    int64 // in the files that were written
	Duration                time.Duration
	// The job's row. The measured values are nil where they cannot be measured.
	JobID                uuid.UUID
	Result               string
	MemoryUsed, CPUMicro *int64
}

// String says in a line what was done.
func (t *TableCompaction) String() string { return fmt.Sprintf("%s: %s", t.Table, t.Result) }

// Compact merges the small files of each directory into larger ones and rewrites files of which many rows are deleted, without these; which files that are
// stands at the constants of planMerges. It is one job of type 'compact' for each table in which there is something to do.
//
// Readers and writers go on: rows that they delete or update meanwhile are deleted in the new files when those take the place of the old ones, in one commit
// for a number of files at a time. The old files are removed when no snapshot can read them any more. A compaction that is killed or fails leaves what
// it has committed, and nothing else. Compactions and flushes of one database exclude each other.
//
// Errors are those of Run; XX001 when a file is damaged, whose directory then stays as it is.
func Compact(ctx context.Context, db *store.DB, req CompactRequest) (report CompactReport, err error) {
	start := time.Now()
	defer func() {
		report.Duration = time.Since(start)
		err = worded(ctx, couldNotCompact, err)
	}()
	defer recovered(&err)
	if db.ReadOnly() {
		return report, sqlstate.New(sqlstate.ReadOnlyTransaction, "cannot compact: the database was opened read-only")
	}
	held, err := lock(ctx, db, lockName)
	if err != nil {
		return report, err
	}
	defer held.Close() // nothing was written to it
	if _, err := endInterrupted(ctx, db, timeOf(req.Now, db), filesJobs()); err != nil {
		return report, err
	}
	runtime.LockOSThread() // its time is measured
	defer runtime.UnlockOSThread()
	plans, err := planTables(db, &req)
	if err != nil {
		return report, err
	}
	p := &progress{tell: req.Progress}
	for _, plan := range plans {
		p.total += plan.rows()
	}
	var failures []error
	for _, plan := range plans {
		c := &compaction{db: db, req: &req, table: plan.table, progress: p}
		done, failed := c.run(ctx, plan)
		if failed != nil {
			failures = append(failures, worded(ctx, couldNotCompact, failed))
			if ctx.Err() != nil {
				break
			}
			continue
		}
		report.Tables = append(report.Tables, done)
	}
	return report, joined("compacted", failures)
}

const couldNotCompact = "could not compact"

// tablePlan is what is to be merged in a table.
type tablePlan struct {
	table  uint32 // its number: names may change
	name   schemahistory.Name
	groups []*mergeGroup
}

func (p *tablePlan) rows() int64 {
	n := int64(0)
	for _, g := range p.groups {
		n += g.liveRows()
	}
	return n
}

// planTables plans all tables at one snapshot; those in which there is nothing to do are left out.
func planTables(db *store.DB, req *CompactRequest) ([]*tablePlan, error) {
	snap := db.Snapshot()
	defer snap.Close()
	views := snap.Tables()
	if req.Table != nil {
		view, ok := snap.Table(*req.Table)
		if !ok {
			return nil, sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", req.Table.String())
		}
		views = []*store.TableView{view}
	}
	bases := basesOf(db, snap)
	var out []*tablePlan
	known := false
	for _, view := range views {
		keep := func(f *store.FileRef) bool {
			if req.Partition == nil {
				return true
			}
			here := bases.partition(f) == *req.Partition
			known = known || here
			return here
		}
		for _, f := range view.Files {
			keep(f)
		}
		if groups := planMerges(view.Files, len(view.Def.Columns), req.limits, keep); len(groups) > 0 {
			out = append(out, &tablePlan{table: view.Def.ID, name: view.Def.Name, groups: groups})
		}
	}
	if req.Partition != nil && !known {
		return nil, sqlstate.New(sqlstate.UndefinedObject, "partition %q does not exist", *req.Partition).
			WithHint("A partition is a directory of flushed files, relative to the base_path of its storage.")
	}
	return out, nil
}

// compactionText words a job's result as the contract does.
func compactionText(before, after int, saved int64) string {
	text := fmt.Sprintf("Compacted %s into %s, ", plural(before, "file", "files"), plural(after, "file", "files"))
	if saved < 0 {
		return text + "which take " + sizeText(-saved) + " more"
	}
	return text + "saved " + sizeText(saved)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(int64(n)) + " " + many
}

// sizeText gives a size in the largest decimal unit that leaves it at least 1: "15.3 MB", as the contract's results have it.
func sizeText(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	v := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		if v /= 1000; v < 999.95 {
			return fmt.Sprintf("%.1f %s", v, unit)
		}
	}
	return fmt.Sprintf("%.1f PB", v/1000)
}

// errCompactEnded is the error of a compaction whose job somebody else has ended.
func errCompactEnded(name schemahistory.Name, err error) error {
	if errors.Is(err, errJobEnded) {
		return sqlstate.New(sqlstate.QueryCanceled, "canceling the compaction of %s: %v", name, err)
	}
	return err
}

// checkRunning tells whether a job is still running.
func checkRunning(tx *store.Tx, id uuid.UUID) error {
	_, job, err := findJob(tx, id)
	if err == nil && job.Status != tables.Running {
		err = errJobEnded
	}
	return err
}

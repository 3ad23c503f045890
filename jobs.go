package stoa

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// Job is a row of system.jobs.
type Job = tables.Job

// Jobs writes system.jobs. Its methods keep a job's life cycle: pending → running → completed, failed or cancelled, times in order. Each call is atomic and durable.
// In a database of the older form, which has no columns for parameters, results, traces and measurements, a call that would write one is 55000.
type Jobs struct{ db *DB }

// Jobs gives the writer of system.jobs.
func (db *DB) Jobs() *Jobs { return &Jobs{db} }

// NewJob is a job to be created.
type NewJob struct {
	ID         uuid.UUID // the zero UUID: a new random one
	Type       string    // 'flush', 'compact', 'backup', 'migrate', or any other
	Parameters any       // encoded as JSON; a slice gives the array that the contract has; nil: NULL
	Trace      string    // node:actor:thread; "": NULL
}

// Outcome is what is known of a job when it ends. A nil number is stored as NULL.
type Outcome struct {
	Result     string // a summary for people; "": NULL
	MemoryUsed *int64 // peak, bytes
	CPUUsed    *int64 // microseconds
}

// Create adds a pending job and gives its id.
func (j *Jobs) Create(ctx context.Context, n NewJob) (uuid.UUID, error) {
	if n.Type == "" {
		return uuid.Nil, sqlstate.New(sqlstate.NotNullViolation, "a job needs a type")
	}
	job := &Job{JobID: n.ID, JobType: n.Type, Status: tables.Pending, Trace: optional(n.Trace), CreatedAt: j.db.now()}
	if job.JobID == uuid.Nil {
		id, err := uuid.NewRandom()
		if err != nil {
			return uuid.Nil, err
		}
		job.JobID = id
	}
	var err error
	if job.Parameters, err = canonicalJSON(n.Parameters); err != nil {
		return uuid.Nil, err
	}
	row := makeRow(j.db, schemahistory.Jobs, job)
	return job.JobID, j.db.update(ctx, row.insert)
}

// Start sets a pending job running. A trace that is not empty replaces the job's.
func (j *Jobs) Start(ctx context.Context, id uuid.UUID, trace string) error {
	return j.change(ctx, id, func(job *Job) {
		job.Status, job.StartedAt = tables.Running, j.later(job.CreatedAt)
		if trace != "" {
			job.Trace = &trace
		}
	})
}

// Complete ends a running job that did what it was to do.
func (j *Jobs) Complete(ctx context.Context, id uuid.UUID, o Outcome) error {
	return j.change(ctx, id, func(job *Job) { j.end(job, tables.Completed, o) })
}

// Fail ends a job that did not, with the message of what went wrong.
func (j *Jobs) Fail(ctx context.Context, id uuid.UUID, message string, o Outcome) error {
	return j.change(ctx, id, func(job *Job) {
		j.end(job, tables.Failed, o)
		job.Error = &message
	})
}

// Cancel ends a job, pending or running, that is not wanted any more.
func (j *Jobs) Cancel(ctx context.Context, id uuid.UUID) error {
	return j.change(ctx, id, func(job *Job) { j.end(job, tables.Cancelled, Outcome{}) })
}

// Get reads a job.
func (j *Jobs) Get(ctx context.Context, id uuid.UUID) (Job, error) {
	var job Job
	err := j.db.readRow(ctx, schemahistory.Jobs, id, func(_ *schemahistory.TableDefinition, c tables.Cells) { job = tables.JobOf(c) })
	return job, err
}

func (j *Jobs) end(job *Job, status string, o Outcome) {
	after := job.CreatedAt
	if job.StartedAt != nil {
		after = *job.StartedAt
	}
	job.Status, job.CompletedAt = status, j.later(after)
	if o.Result != "" {
		job.Result = &o.Result
	}
	if o.MemoryUsed != nil {
		job.MemoryUsed = o.MemoryUsed
	}
	if o.CPUUsed != nil {
		job.CPUUsed = o.CPUUsed
	}
}

// later gives now, or a time that it must not come before: clocks can be set back.
func (j *Jobs) later(t time.Time) *time.Time {
	now := j.db.now()
	if now.Before(t) {
		now = t
	}
	return &now
}

// change puts a job's next version in the place of the current one. It is made before the statement, which only has to find that the job is still the one
// that was read; if it is not, or may not become the next, the statement makes its own.
func (j *Jobs) change(ctx context.Context, id uuid.UUID, edit func(*Job)) error {
	read, next := j.ahead(ctx, id, edit)
	return j.db.update(ctx, func(tx *store.Tx) error {
		def, row, err := findRow(tx, schemahistory.Jobs, id)
		if err != nil {
			return err
		}
		if next == nil || row != read {
			b, err := tx.Rows(def.Name, []tables.RowID{row}, allColumns(def))
			if err != nil {
				return err
			}
			now, err := nextJob(tables.CellsOf(def, b, 0), edit)
			if err != nil {
				return err
			}
			next = &madeRow[*Job]{name: schemahistory.Jobs, row: now}
		}
		if err := tx.Delete(def.Name, []tables.RowID{row}); err != nil {
			return err
		}
		return next.insert(tx)
	})
}

// ahead makes a job's next version of the one that is read now, and gives the row that was read; nil when there is none, or it cannot be made.
func (j *Jobs) ahead(ctx context.Context, id uuid.UUID, edit func(*Job)) (tables.RowID, *madeRow[*Job]) {
	if j.db.store.ReadOnly() {
		return 0, nil
	}
	snap := j.db.store.Snapshot()
	defer snap.Close()
	def, row, cells, err := rowIn(ctx, snap, schemahistory.Jobs, id)
	if err != nil || row == 0 {
		return 0, nil
	}
	now, err := nextJob(cells, edit)
	if err != nil {
		return 0, nil
	}
	next := &madeRow[*Job]{name: schemahistory.Jobs, row: now}
	if next.make(def) != nil {
		return 0, nil
	}
	return row, next
}

// nextJob makes a job's next version.
func nextJob(c tables.Cells, edit func(*Job)) (*Job, error) {
	old := tables.JobOf(c)
	now := old
	edit(&now)
	if err := tables.CheckTransition(&old, &now); err != nil {
		return nil, err
	}
	if old.Status == now.Status {
		return nil, sqlstate.New(sqlstate.ObjectNotInPrerequisite, "job %s is %s already", old.JobID, old.Status)
	}
	return &now, nil
}

package tables

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
)

// The states of a job.
const (
	Pending   = "pending"
	Running   = "running"
	Completed = "completed"
	Failed    = "failed"
	Cancelled = "cancelled"
)

// Final tells whether a job in that state is over.
func Final(status string) bool { return status == Completed || status == Failed || status == Cancelled }

// next lists the states that may follow a state. A job may be cancelled, or fail, before it has run.
func next(status string) []string {
	switch status {
	case Pending:
		return []string{Running, Failed, Cancelled}
	case Running:
		return []string{Completed, Failed, Cancelled}
	default:
		return nil
	}
}

// CheckJob tells whether a job is in order by itself: its state is one of the five, its times are there as its state says and in order
// (created, started, completed), and an error message stands only beside failed or cancelled. SQL does not enforce this; the typed API does.
func CheckJob(j *Job) error {
	switch {
	case !slices.Contains(schemahistory.Statuses, j.Status):
		return lifecycleError("job %s has the unknown status %q", j.JobID, j.Status)
	case j.Status == Pending && j.StartedAt != nil:
		return lifecycleError("job %s is pending but has a start", j.JobID)
	case (j.Status == Running || j.Status == Completed) && j.StartedAt == nil:
		return lifecycleError("job %s is %s but has no start", j.JobID, j.Status)
	case !Final(j.Status) && j.CompletedAt != nil:
		return lifecycleError("job %s is %s but has an end", j.JobID, j.Status)
	case Final(j.Status) && j.CompletedAt == nil:
		return lifecycleError("job %s is %s but has no end", j.JobID, j.Status)
	case j.StartedAt != nil && j.StartedAt.Before(j.CreatedAt):
		return lifecycleError("job %s starts before it was created", j.JobID)
	case j.CompletedAt != nil && j.CompletedAt.Before(j.CreatedAt), j.CompletedAt != nil && j.StartedAt != nil && j.CompletedAt.Before(*j.StartedAt):
		return lifecycleError("job %s ends before it began", j.JobID)
	case j.Error != nil && j.Status != Failed && j.Status != Cancelled:
		return lifecycleError("job %s is %s but has an error", j.JobID, j.Status)
	}
	return nil
}

// CheckTransition tells whether old may become now: pending → running → completed | failed | cancelled, a pending job may also fail or be
// cancelled; what a job is and when it was created and started does not change; and now is in order by itself.
func CheckTransition(old, now *Job) error {
	switch {
	case old.JobID != now.JobID || old.JobType != now.JobType || !old.CreatedAt.Equal(now.CreatedAt):
		return lifecycleError("job %s cannot change its id, type or creation", old.JobID)
	case Final(old.Status):
		return lifecycleError("job %s is over: it is %s", old.JobID, old.Status)
	case old.Status != now.Status && !slices.Contains(next(old.Status), now.Status):
		return lifecycleError("job %s cannot go from %s to %s", old.JobID, old.Status, now.Status)
	case old.StartedAt != nil && (now.StartedAt == nil || !now.StartedAt.Equal(*old.StartedAt)):
		return lifecycleError("job %s cannot change its start", old.JobID)
	}
	return CheckJob(now)
}

func lifecycleError(format string, args ...any) error {
	return sqlstate.New(sqlstate.ObjectNotInPrerequisite, format, args...)
}

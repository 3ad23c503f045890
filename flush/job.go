package flush

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// The types of the jobs that this package runs.
const (
	flushJob   = "flush"
	compactJob = "compact"
	backupJob  = "backup"
)

// flushParameters gives the parameters of a flush. user is the one user whose rows are flushed, or nil.
func flushParameters(table schemahistory.Name, user *string) string {
	parameters := "[" + jsontext.Quote(table.Namespace) + ", " + jsontext.Quote(table.Table)
	if user != nil {
		parameters += ", " + jsontext.Quote(*user)
	}
	return parameters + "]"
}

// newJob makes the row of a job that begins. parameters are JSON, in the form of jsonb.
func newJob(jobType, parameters, trace string, now time.Time) (*tables.Job, error) {
	now = now.Truncate(time.Microsecond)
	id, err := newJobID(jobType, now)
	if err != nil {
		return nil, err
	}
	return &tables.Job{
		JobID: id, JobType: jobType, Status: tables.Running, Parameters: &parameters, Trace: &trace, CreatedAt: now, StartedAt: &now,
	}, nil
}

// newJobID makes the id of a job of ours: a UUID of version 8 (RFC 9562) whose first half is random and whose second half is derived from the first, the
// job's type and its creation. So a running job that a killed process left is told from the rows that users write into system.jobs, whose
// affair their end is.
func newJobID(jobType string, created time.Time) (uuid.UUID, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return id, err
	}
	id[6] = id[6]&0x0f | 0x80
	copy(id[8:], sealOf(jobType, id, created))
	return id, nil
}

// sealOf derives the second half of a job's id.
func sealOf(jobType string, id uuid.UUID, created time.Time) []byte {
	text := append([]byte("stoa job "+jobType+" "), id[:8]...)
	sum := sha256.Sum256(binary.LittleEndian.AppendUint64(text, uint64(created.UnixMicro())))
	sum[0] = sum[0]&0x3f | 0x80 // the variant
	return sum[:8]
}

// isOurs tells whether newJobID made the id of a job.
func isOurs(j *tables.Job) bool {
	return interruptedText(j.JobType) != "" && j.JobID[6]>>4 == 8 && string(j.JobID[8:]) == string(sealOf(j.JobType, j.JobID, j.CreatedAt))
}

// insertJob inserts the row of a job of ours, whose ID is random.
func insertJob(tx *store.Tx, j *tables.Job) error {
	def, ok := tx.Table(schemahistory.Jobs)
	if !ok {
		return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", schemahistory.Jobs.String())
	}
	b, err := tables.BatchOf(def, []*tables.Job{j})
	if err != nil {
		return err
	}
	return tx.InsertFresh(def.Name, b)
}

// errJobEnded says that somebody has given the job another end, or deleted it, while it was running.
var errJobEnded = errors.New("the job's row in system.jobs was ended by another session")

// findJob finds the row of a job.
func findJob(tx *store.Tx, id uuid.UUID) (ids []tables.RowID, j tables.Job, err error) {
	def, ok := tx.Table(schemahistory.Jobs)
	if !ok {
		return nil, j, errJobEnded
	}
	key, ok := def.PrimaryKey()
	if !ok {
		return nil, j, errJobEnded
	}
	ids, err = tx.Find(def.Name, key, []*vec.Vec{vec.NewFlat(arrowschema.UUID, [][16]byte{id}, nil)})
	if err != nil {
		return nil, j, err
	}
	if ids[0] == 0 {
		return nil, j, errJobEnded
	}
	b, err := tx.Rows(def.Name, ids, allColumns(def))
	if err != nil {
		return nil, j, err
	}
	return ids, tables.JobAt(def, b, 0), nil
}

// replaceJob changes the row of a running job.
func replaceJob(tx *store.Tx, id uuid.UUID, change func(j *tables.Job)) error {
	ids, old, err := findJob(tx, id)
	if err != nil {
		return err
	}
	if old.Status != tables.Running {
		return errJobEnded
	}
	now := old
	change(&now)
	if err := tables.CheckTransition(&old, &now); err != nil {
		return err
	}
	if err := tx.Delete(schemahistory.Jobs, ids); err != nil {
		return err
	}
	return insertJob(tx, &now)
}

// end gives a job its end: not before its start, should the clock have been set back.
func end(j *tables.Job, status string, now time.Time) {
	now = now.Truncate(time.Microsecond)
	if j.StartedAt == nil { // somebody has taken it away
		start := j.CreatedAt
		j.StartedAt = &start
	}
	if now.Before(*j.StartedAt) {
		now = *j.StartedAt
	}
	j.Status, j.CompletedAt = status, &now
}

// failJob ends a job as failed, and gives the error that it failed with, joined by what else went wrong.
func failJob(ctx context.Context, db *store.DB, id uuid.UUID, cause error, now time.Time, memory, cpu *int64) error {
	err := db.Update(ctx, func(tx *store.Tx) error {
		return replaceJob(tx, id, func(j *tables.Job) {
			text := cause.Error()
			end(j, tables.Failed, now)
			j.Error, j.MemoryUsed, j.CPUUsed = &text, memory, cpu
		})
	})
	if err != nil && !errors.Is(err, errJobEnded) {
		return also(cause, err)
	}
	return cause
}

// interrupted is the error of a flush whose process was killed.
const interrupted = "interrupted: the process ended before the flush did; the rows are still hot"

// interruptedText gives the error of a job of ours whose process was killed; "" for the types of others.
func interruptedText(jobType string) string {
	switch jobType {
	case flushJob:
		return interrupted
	case compactJob:
		return "interrupted: the process ended before the compaction did; files that it had merged by then stay merged"
	case backupJob:
		return "interrupted: the process ended before the backup was known to be complete"
	}
	return ""
}

// Recover ends, as failed, the running jobs of this package that a killed process has left, and gives their number. Whoever opens a database for writing
// may call it; Run, Compact and Backup do for jobs of their own kind. While such are running it leaves theirs alone.
func Recover(ctx context.Context, db *store.DB) (int, error) {
	total := 0
	for _, of := range []struct {
		lock  string
		types []string
	}{{lockName, filesJobs()}, {backupLock, []string{backupJob}}} {
		held, err := tryLock(db, of.lock)
		if other := (*vfs.LockedError)(nil); errors.As(err, &other) {
			continue
		}
		if err != nil {
			return total, err
		}
		n, err := endInterrupted(ctx, db, db.Now(), of.types)
		total += n
		if err := also(err, held.Close()); err != nil {
			return total, err
		}
	}
	return total, nil
}

// filesJobs are the types of the jobs that write tables' files, of which one runs at a time.
func filesJobs() []string { return []string{flushJob, compactJob} }

// endInterrupted ends the running jobs of some types; the caller holds the lock under which they run.
func endInterrupted(ctx context.Context, db *store.DB, now time.Time, types []string) (int, error) {
	ids, err := interruptedJobs(db, types)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), db.Update(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			err := replaceJob(tx, id, func(j *tables.Job) {
				text := interruptedText(j.JobType)
				end(j, tables.Failed, now)
				j.Error = &text
			})
			if err != nil && !errors.Is(err, errJobEnded) {
				return err
			}
		}
		return nil
	})
}

// interruptedJobs finds the running jobs of ours among the hot rows: a job's row is hot as long as it runs, since a run flushes none of its own.
func interruptedJobs(db *store.DB, types []string) ([]uuid.UUID, error) {
	snap := db.Snapshot()
	defer snap.Close()
	view, ok := snap.Table(schemahistory.Jobs)
	if !ok {
		return nil, nil
	}
	var out []uuid.UUID
	var sel []int32
	segs := view.Hot.Segments()
	for i := range segs {
		seg := &segs[i]
		sel = seg.Live(0, seg.Rows(), sel[:0])
		sel = keepTexts(seg.Column(view.Def.Find("status")), sel, func(s string) bool { return s == tables.Running })
		sel = keepTexts(seg.Column(view.Def.Find("job_type")), sel, func(s string) bool { return slices.Contains(types, s) })
		if len(sel) == 0 {
			continue
		}
		b := &vec.Batch{N: len(sel)}
		for c := range view.Def.Columns {
			b.Cols = append(b.Cols, seg.Column(c).Gather(sel))
		}
		for row := range b.N {
			if j := tables.JobAt(view.Def, b, row); isOurs(&j) {
				out = append(out, j.JobID)
			}
		}
	}
	return out, nil
}

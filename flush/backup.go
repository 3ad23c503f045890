package flush

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// BackupRequest says what to back up, and where to.
type BackupRequest struct {
	// Dest is the backup's directory, which must not exist or be empty. It is made; until it is complete it has the name Dest.tmp.
	Dest string
	// Namespace restricts the backup to the tables of one namespace, and to what every database has; see NoSystemTables.
	Namespace *string
	// NoSystemTables leaves the rows of system.jobs and system.live_queries out. The tables themselves are in every backup, and so are the rows of
	// system.storages, without which other tables cannot be flushed, and the schema versions of the tables that it has.
	NoSystemTables bool
	// Link gives flushed files a second name instead of copying them, where the file system can. The files are never changed, so that the backup stays what it
	// is; but what damages one damages both.
	Link bool
	// Node, Actor and Thread make the job's trace, as in Request; the default of Actor is backup-actor-1.
	Node, Actor, Thread string
	// Progress is told how many bytes of flushed files are in the backup, and of how many, as in Request.
	Progress func(done, total int64)
	// Now is the time that the job bears; zero means the database's clock.
	Now time.Time
}

// CopyReport is what a copy of a database, a backup or a restored one, has.
type CopyReport struct {
	Dir                       string
	Namespaces, Tables, Files int
	Rows                      int64 // of these tables, hot and flushed
	Bytes                     int64 // of the copy
	Seq                       uint64
	Duration                  time.Duration
}

// BackupReport is what a backup did. Without a job, as of a database that was opened for reading, JobID is zero.
type BackupReport struct {
	CopyReport
	JobID                uuid.UUID
	Result               string
	MemoryUsed, CPUMicro *int64
}

// Backup writes what the database is at one moment, the call's beginning, to a directory that then is a database of its own: it opens, and equals that
// moment. Writers, flushes and compactions go on. It is a job of type 'backup', whose row comes after that moment, so that it is not in the backup;
// a job that was running then is found interrupted when the backup, or what is restored of it, is opened for writing.
//
// Flushed files within the database's directory are in the backup where they were in the database. Those that are elsewhere, of storages with an absolute
// base_path, are below its directory `outside`, under the path that they have, and are read from there: the backup depends on nothing else. What the rows of
// system.storages say stays as it is, and so does where a restored database will flush to.
//
// Every file is read again after it was written, and its checksums are compared. The backup gets its name when all of it is durable: one that is killed leaves
// Dest.tmp, which the next backup to the same place removes, and a job that the next opening ends as failed.
//
// A cancellation that comes when the backup has its name comes too late: the backup has succeeded. An error that comes then, of a disk that does not take the
// end of the job, says that the backup is complete.
//
// Errors are *sqlstate.Error: 22023 when Dest is in a database or its storages, 58P02 when it is not empty, 3F000 when there is no such namespace, XX001 when a file is damaged, 53100 and 58030 when the
// disk is full or has failed, 57014 when ctx has ended.
func Backup(ctx context.Context, db *store.DB, req BackupRequest) (report BackupReport, err error) {
	start := time.Now()
	defer func() {
		report.Duration = time.Since(start)
		err = worded(ctx, couldNotBackUp, err)
	}()
	defer recovered(&err)
	if err := checkDest(req.Dest); err != nil {
		return report, err
	}
	if err := checkApartFromFiles(ctx, db, req.Dest); err != nil { // a slip is no job
		return report, err
	}
	if err := checkEmpty(db.FS(), filepath.Clean(req.Dest)); err != nil {
		return report, err
	}
	if req.NoSystemTables && req.Namespace != nil && *req.Namespace == schemahistory.Jobs.Namespace {
		err := sqlstate.New(sqlstate.InvalidParameterValue, "there is nothing to back up: the namespace %q has system tables only", *req.Namespace)
		return report, err
	}
	runtime.LockOSThread() // its time is measured
	defer runtime.UnlockOSThread()
	b := &backup{db: db, req: &req, meter: newMeter()}
	defer b.meter.close()
	if !db.ReadOnly() {
		held, err := lock(ctx, db, backupLock)
		if err != nil {
			return report, err
		}
		defer held.Close() // nothing was written to it
		if _, err := endInterrupted(ctx, db, timeOf(req.Now, db), []string{backupJob}); err != nil {
			return report, err
		}
	}
	return b.run(ctx)
}

const couldNotBackUp = "could not back up"

// checkDest refuses what is no name of a directory.
func checkDest(name string) error {
	if name == "" || strings.ContainsRune(name, 0) {
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid directory %q", name)
	}
	return nil
}

// checkApartFromFiles refuses to back a database up to where it has its files.
func checkApartFromFiles(ctx context.Context, db *store.DB, dest string) error {
	snap, err := db.Latest(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	return checkOutside(db, snap, "back up", dest)
}

// backup is a backup that is being made.
type backup struct {
	db    *store.DB
	req   *BackupRequest
	meter *meter
	job   *tables.Job // nil when the database was opened for reading
}

func (b *backup) run(ctx context.Context) (report BackupReport, err error) {
	snap, err := b.db.Latest(ctx) // before the job's row
	if err != nil {
		return report, err
	}
	defer snap.Close()
	c, err := b.contents(snap)
	if err != nil {
		return report, err
	}
	if err := b.begin(ctx); err != nil {
		return report, err
	}
	report.CopyReport, err = b.copy(ctx, c)
	if err == nil {
		report.Result = backupText(&report.CopyReport)
		report.MemoryUsed, report.CPUMicro = b.meter.read(0)
		err = b.unnoted(b.complete(ctx, &report))
	}
	if err != nil {
		return report, b.fail(ctx, err)
	}
	return report, nil
}

// unnoted has an error of ending the job say that the backup is there all the same: one that is whole is not taken away from somebody whose disk fails.
func (b *backup) unnoted(err error) error {
	var known *sqlstate.Error
	if err = worded(context.Background(), "could not note that the backup is complete", err); !errors.As(err, &known) {
		return err
	}
	with := *known
	return with.WithDetail("The backup in %q is complete.", b.req.Dest)
}

func (b *backup) copy(ctx context.Context, c *contents) (report CopyReport, err error) {
	defer recovered(&err)
	return c.write(ctx, b.req.Dest, &copyOptions{link: b.req.Link, meter: b.meter, progress: b.req.Progress})
}

// contents finds out what is to be in the backup.
func (b *backup) contents(snap *store.Snapshot) (*contents, error) {
	c := &contents{db: b.db, snap: snap}
	if ns := b.req.Namespace; ns != nil {
		known := false
		for _, t := range snap.Tables() {
			known = known || t.Def.Name.Namespace == *ns
		}
		if !known {
			return nil, sqlstate.New(sqlstate.InvalidSchemaName, "schema %q does not exist", *ns)
		}
		c.copy.Name = func(name schemahistory.Name) bool {
			return name.Namespace == *ns || name.Namespace == schemahistory.Jobs.Namespace
		}
	}
	if b.req.NoSystemTables {
		c.copy.Rows = func(t *store.TableView) bool {
			return t.Def.ID != tables.JobsTable && t.Def.ID != tables.LiveQueriesTable
		}
	}
	c.counted = func(t *store.TableView) bool {
		return c.has(t) && (!b.req.NoSystemTables || t.Def.Name.Namespace != schemahistory.Jobs.Namespace)
	}
	return c, nil
}

func (b *backup) begin(ctx context.Context) error {
	if b.db.ReadOnly() {
		return nil
	}
	namespace := "null"
	if b.req.Namespace != nil {
		namespace = jsontext.Quote(*b.req.Namespace)
	}
	parameters := "[" + namespace + ", " + jsontext.Quote(b.req.Dest) + ", " + strconv.FormatBool(!b.req.NoSystemTables) + "]"
	job, err := newJob(backupJob, parameters, traceOf(b.req.Node, b.req.Actor, "backup-actor-1", b.req.Thread), timeOf(b.req.Now, b.db))
	if err != nil {
		return err
	}
	if err := b.db.Update(ctx, func(tx *store.Tx) error { return insertJob(tx, job) }); err != nil {
		return err
	}
	b.job = job
	return nil
}

// complete ends the job: also after a cancellation, which came too late, since the backup is there. That somebody else has ended the job does not undo the
// backup, and so is no error.
func (b *backup) complete(ctx context.Context, report *BackupReport) error {
	if b.job == nil {
		return nil
	}
	report.JobID = b.job.JobID
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTime)
	defer cancel()
	err := b.db.Update(ctx, func(tx *store.Tx) error {
		return replaceJob(tx, b.job.JobID, func(j *tables.Job) {
			end(j, tables.Completed, timeOf(b.req.Now, b.db))
			j.Result, j.MemoryUsed, j.CPUUsed = &report.Result, report.MemoryUsed, report.CPUMicro
		})
	})
	if errors.Is(err, errJobEnded) {
		return nil
	}
	return err
}

// fail ends the job as failed.
func (b *backup) fail(ctx context.Context, cause error) error {
	cause = worded(ctx, couldNotBackUp, cause)
	if b.job == nil || b.db.Err() != nil {
		return cause
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTime)
	defer cancel()
	memory, cpu := b.meter.read(0)
	return failJob(ctx, b.db, b.job.JobID, cause, timeOf(b.req.Now, b.db), memory, cpu)
}

// backupText words a job's result as the contract does.
func backupText(r *CopyReport) string {
	return fmt.Sprintf("Backup completed: %s, %s, %s", plural(r.Namespaces, "namespace", "namespaces"), plural(r.Tables, "table", "tables"), sizeText(r.Bytes))
}

package stoa

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// MigrationReport is what a migration did.
type MigrationReport struct {
	Migrated bool          // false when the database had the contract's form already; then only Duration is set
	JobID    uuid.UUID     // the job of type 'migrate' in system.jobs
	Steps    []string      // what was migrated: the job's parameters
	Result   string        // the job's result: "Migrated 3 tables: added 8 columns, …"
	Duration time.Duration // of the whole call
}

// nothingToMigrate begins the notice of a migration that finds nothing to do.
const nothingToMigrate = "nothing to migrate"

// Migrate brings a database of the older form (see Options.Legacy) to the contract's: the columns that jobs and live queries lack are added,
// system.storage_locations becomes system.storages, system.table_schemas is made, and the schema of every table is recorded as its version 1. It is one
// atomic and durable step, a job of type 'migrate', and CALL system.migrate() in SQL. Files are not rewritten: their rows have NULL or the default in the
// new columns. A database that has the contract's form is left as it is.
func (db *DB) Migrate(ctx context.Context) (*MigrationReport, error) {
	start := time.Now()
	res, err := db.run(ctx, db.Session(), "CALL system.migrate()", nil)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	report := &MigrationReport{Migrated: true}
	for _, n := range res.Notices {
		if strings.HasPrefix(n.Message, nothingToMigrate) {
			report.Migrated = false
		}
	}
	if report.Migrated {
		if err := db.readMigration(ctx, report); err != nil {
			return nil, err
		}
	}
	report.Duration = time.Since(start)
	return report, nil
}

// readMigration reads the job of the migration that has just been made. No other job can have such a result: the older form had no place for one.
func (db *DB) readMigration(ctx context.Context, report *MigrationReport) error {
	res, err := db.run(ctx, db.Session(), `SELECT job_id, parameters, result FROM system.jobs
		WHERE job_type = 'migrate' AND status = 'completed' AND result LIKE 'Migrated %' ORDER BY completed_at DESC LIMIT 1`, nil)
	if err != nil {
		return err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if err != nil {
			return err
		}
		if b == nil {
			return sqlstate.New(sqlstate.InternalError, "the migration is done, but its row in system.jobs has been removed")
		}
		if b.N == 0 {
			continue
		}
		report.JobID, report.Result = idAt(b.Cols[0], 0), textAt(b.Cols[2], 0)
		return json.Unmarshal([]byte(textAt(b.Cols[1], 0)), &report.Steps)
	}
}

func idAt(v *vec.Vec, row int) uuid.UUID {
	v, row = v.Value(row)
	if v.IsNull(row) || v.Type != arrowschema.UUID {
		return uuid.Nil
	}
	return v.UUIDs[row]
}

func textAt(v *vec.Vec, row int) string { return string(vec.AppendText(nil, v, row, time.UTC)) }

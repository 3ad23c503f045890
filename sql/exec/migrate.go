package exec

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// nothingToMigrate is the notice of a migration that finds nothing to do.
const nothingToMigrate = "nothing to migrate: the database has the contract's form"

// callMigrate runs CALL system.migrate(): it brings a database of the older form to the contract's, in one statement, as a job of type 'migrate'.
func (s *statement) callMigrate(map[string]*exprs.Const) error {
	started := s.engine.db.Now()
	used := measure()
	defer used.end()
	return s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		m := &migration{stmt: s, tx: tx, used: used}
		if err := m.run(); err != nil {
			return err
		}
		if len(m.steps) == 0 {
			s.session.notice("00000", nothingToMigrate)
			return nil
		}
		return m.record(started)
	})
}

// migration is a migration while it is carried out.
type migration struct {
	stmt  *statement
	tx    *store.Tx
	used  *usage
	steps []string // what was done, in words

	tables, columns, versions int  // that were changed, added and recorded
	renamed, made             bool // the storages, and the table of schemas
}

// run carries out what the contract's migration guide lists and the database lacks.
func (m *migration) run() error {
	for _, name := range []schemahistory.Name{schemahistory.Jobs, schemahistory.LiveQueries} {
		if err := m.addColumns(name); err != nil {
			return err
		}
	}
	if err := m.renameStorages(); err != nil {
		return err
	}
	if _, ok := m.tx.Table(schemahistory.TableSchemas); !ok {
		if err := m.tx.CreateTable(schemahistory.ContractOf(tableSchemasID)); err != nil {
			return err
		}
		m.made = true
		m.did("created " + schemahistory.TableSchemas.String())
	}
	return m.recordVersions()
}

func (m *migration) did(step string) { m.steps = append(m.steps, step) }

// addColumns adds the contract's columns that a system table lacks.
func (m *migration) addColumns(name schemahistory.Name) error {
	def, ok := m.tx.Table(name)
	if !ok || !def.System {
		return nil
	}
	lacks := def.Lacks()
	if len(lacks) == 0 {
		return nil
	}
	var changes []string
	for _, c := range lacks {
		next, words, err := def.AddColumn(c)
		if err != nil {
			return err
		}
		def, changes = next, append(changes, words)
		m.did(fmt.Sprintf("added column %s to %s", c.Name, name))
	}
	m.tables, m.columns = m.tables+1, m.columns+len(lacks)
	return m.replace(def, changes)
}

// renameStorages gives the storages the contract's name.
func (m *migration) renameStorages() error {
	def, ok := m.tx.Table(schemahistory.StorageLocations)
	if !ok || def.ID != storagesID {
		return nil
	}
	next, words, err := def.Rename(schemahistory.Storages)
	if err != nil {
		return err
	}
	m.tables, m.renamed = m.tables+1, true
	m.did(fmt.Sprintf("renamed %s to %s", schemahistory.StorageLocations, schemahistory.Storages))
	return m.replace(next, []string{words})
}

func (m *migration) replace(def *schemahistory.TableDefinition, changes []string) error {
	next := *def
	next.UpdatedAt = m.stmt.now
	return m.tx.ReplaceDefinition(&next, strings.Join(changes, "; "))
}

// recordVersions writes the present schema of every table that has no version as its version 1: the guide's back-fill.
func (m *migration) recordVersions() error {
	face, ok := m.tx.Table(schemahistory.TableSchemas)
	if !ok {
		return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", schemahistory.TableSchemas.String())
	}
	var rows []*tables.TableSchema
	seen := map[schemahistory.Name]bool{}
	for _, def := range append(m.definitions(), face) {
		if seen[def.Name] || m.tx.History(def.Name).Last() > 0 {
			continue
		}
		seen[def.Name] = true
		schema, err := arrowjson.SchemaOf(def.ArrowSchema())
		if err != nil {
			return err
		}
		id, err := uuid.NewRandom()
		if err != nil {
			return err
		}
		rows = append(rows, &tables.TableSchema{
			SchemaID: id, NamespaceID: def.Name.Namespace, TableName: def.Name.Table, SchemaVersion: 1, SchemaJSON: schema.JSON(),
			CreatedAt: time.UnixMicro(m.stmt.now).UTC(),
		})
		m.did(fmt.Sprintf("recorded version 1 of %s", def.Name))
	}
	if len(rows) == 0 {
		return nil
	}
	m.versions = len(rows)
	b, err := tables.BatchOf(face, rows)
	if err != nil {
		return err
	}
	m.used.held += scan.Bytes(b)
	return m.tx.Insert(face.Name, b)
}

// definitions gives those of the tables as the migration has them by now.
func (m *migration) definitions() []*schemahistory.TableDefinition {
	var out []*schemahistory.TableDefinition
	for _, view := range m.tx.Snapshot().Tables() {
		name := view.Def.Name
		if name == schemahistory.StorageLocations && m.renamed {
			name = schemahistory.Storages
		}
		if def, ok := m.tx.Table(name); ok {
			out = append(out, def)
		}
	}
	return out
}

// result says what was done: "Migrated 3 tables: added 8 columns, renamed …".
func (m *migration) result() string {
	var parts []string
	if m.columns > 0 {
		parts = append(parts, "added "+counted(m.columns, "column"))
	}
	if m.renamed {
		parts = append(parts, fmt.Sprintf("renamed %s to %s", schemahistory.StorageLocations, schemahistory.Storages))
	}
	if m.made {
		parts = append(parts, "created "+schemahistory.TableSchemas.String())
	}
	if m.versions > 0 {
		parts = append(parts, "recorded "+counted(m.versions, "schema version"))
	}
	return "Migrated " + counted(m.tables, "table") + ": " + strings.Join(parts, ", ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// record writes the migration's row in system.jobs: a job that is completed when it is seen, since what it did and its row are one statement.
func (m *migration) record(started time.Time) error {
	def, ok := m.tx.Table(schemahistory.Jobs)
	if !ok {
		return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", schemahistory.Jobs.String())
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	started = started.UTC().Truncate(time.Microsecond)
	ended := m.stmt.engine.db.Now().UTC().Truncate(time.Microsecond)
	if ended.Before(started) { // the clock was set back
		ended = started
	}
	quoted := make([]string, len(m.steps))
	for i, step := range m.steps {
		quoted[i] = jsontext.Quote(step)
	}
	parameters, result, trace := "["+strings.Join(quoted, ", ")+"]", m.result(), m.trace()
	m.used.held += int64(len(parameters) + len(result) + len(trace))
	job := &tables.Job{
		JobID: id, JobType: "migrate", Status: tables.Completed, Parameters: &parameters, Result: &result, Trace: &trace,
		CreatedAt: started, StartedAt: &started, CompletedAt: &ended,
	}
	job.MemoryUsed, job.CPUUsed = m.used.read()
	b, err := tables.BatchOf(def, []*tables.Job{job})
	if err != nil {
		return err
	}
	return m.tx.Insert(def.Name, b)
}

// trace says where the migration ran, in the contract's form.
func (m *migration) trace() string {
	node := m.stmt.engine.opts.Node
	if node == "" {
		node, _ = os.Hostname() // without a name it is the local host
	}
	if node == "" {
		node = "localhost"
	}
	return strings.ReplaceAll(node, ":", "_") + ":migrate-actor-1:main" // the colon separates the parts
}

package tables

import (
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Job is a row of system.jobs. JSON text must be valid; it is stored as the store is given it, so canonical form is the caller's.
type Job struct {
	JobID       uuid.UUID
	JobType     string
	Status      string
	Parameters  *string // a JSON array
	Result      *string
	Trace       *string // node:actor:thread
	MemoryUsed  *int64  // bytes
	CPUUsed     *int64  // microseconds
	CreatedAt   time.Time
	StartedAt   *time.Time
	CompletedAt *time.Time
	Error       *string
}

// LiveQuery is a row of system.live_queries.
type LiveQuery struct {
	LiveID      uuid.UUID
	UserID      string
	NamespaceID string
	TableName   string
	Query       string
	Options     *string // a JSON object
	Changes     int64
	Node        *string
	CreatedAt   time.Time
	LastUpdate  time.Time
}

// Storage is a row of system.storages.
type Storage struct {
	StorageID    uuid.UUID
	Name         string
	BasePath     string
	PathTemplate string
	CreatedAt    time.Time
}

// PrimaryStorage gives the storage that every database begins with, without id and time: the directory storage beside the log. The name means this
// storage also when its row has been deleted, so that a flush always has somewhere to go.
func PrimaryStorage() Storage {
	return Storage{Name: "primary", BasePath: "storage", PathTemplate: "{storageLocation}/{namespace}/{tableName}/"}
}

// TableSchema is a row of system.table_schemas.
type TableSchema struct {
	SchemaID      uuid.UUID
	NamespaceID   string
	TableName     string
	SchemaVersion int64
	SchemaJSON    string
	CreatedAt     time.Time
}

// AppendTo appends the job to a builder of system.jobs. Columns that the table does not have are left out.
func (j *Job) AppendTo(b *Builder) {
	b.putUUID(jobID, j.JobID)
	b.putText(jobType, j.JobType)
	b.putText(jobStatus, j.Status)
	b.putTextPtr(jobParameters, j.Parameters)
	b.putTextPtr(jobResult, j.Result)
	b.putTextPtr(jobTrace, j.Trace)
	b.putIntPtr(jobMemoryUsed, j.MemoryUsed)
	b.putIntPtr(jobCPUUsed, j.CPUUsed)
	b.putTime(jobCreatedAt, j.CreatedAt)
	b.putTimePtr(jobStartedAt, j.StartedAt)
	b.putTimePtr(jobCompletedAt, j.CompletedAt)
	b.putTextPtr(jobError, j.Error)
}

// AppendTo appends the subscription to a builder of system.live_queries. Columns that the table does not have are left out.
func (q *LiveQuery) AppendTo(b *Builder) {
	b.putUUID(liveID, q.LiveID)
	b.putText(liveUserID, q.UserID)
	b.putText(liveNamespaceID, q.NamespaceID)
	b.putText(liveTableName, q.TableName)
	b.putText(liveQuery, q.Query)
	b.putTextPtr(liveOptions, q.Options)
	b.putInt(liveChanges, q.Changes)
	b.putTextPtr(liveNode, q.Node)
	b.putTime(liveCreatedAt, q.CreatedAt)
	b.putTime(liveLastUpdate, q.LastUpdate)
}

// AppendTo appends the storage to a builder of system.storages, under whatever name.
func (s *Storage) AppendTo(b *Builder) {
	b.putUUID(storageID, s.StorageID)
	b.putText(storageName, s.Name)
	b.putText(storageBasePath, s.BasePath)
	b.putText(storagePathTemplate, s.PathTemplate)
	b.putTime(storageCreatedAt, s.CreatedAt)
}

// AppendTo appends the schema version to a builder of system.table_schemas.
func (s *TableSchema) AppendTo(b *Builder) {
	b.putUUID(schemaID, s.SchemaID)
	b.putText(schemaNamespaceID, s.NamespaceID)
	b.putText(schemaTableName, s.TableName)
	b.putInt(schemaVersion, s.SchemaVersion)
	b.putText(schemaJSON, s.SchemaJSON)
	b.putTime(schemaCreatedAt, s.CreatedAt)
}

// Row is a typed row that knows its columns.
type Row interface{ AppendTo(b *Builder) }

// BatchOf makes a batch, in table order, of typed rows of the table that def defines:
//
//	batch, err := tables.BatchOf(def, jobs) // jobs is []*tables.Job
func BatchOf[R Row](def *schemahistory.TableDefinition, rows []R) (*vec.Batch, error) {
	b := NewBuilder(def, len(rows))
	for _, r := range rows {
		r.AppendTo(b)
	}
	return b.Batch()
}

// JobAt reads row i of a batch of all columns of system.jobs, as def has them. What the table has no column for is nil.
func JobAt(def *schemahistory.TableDefinition, b *vec.Batch, i int) Job {
	return JobOf(CellsOf(def, b, i))
}

// JobOf reads a row of system.jobs. What the table has no column for is nil.
func JobOf(c Cells) Job {
	held := new(struct { // what pointers point to, in one piece of memory
		parameters, result, trace, message string
		memory, cpu                        int64
		started, completed                 time.Time
	})
	return Job{
		JobID: c.uuid(jobID), JobType: c.text(jobType), Status: c.text(jobStatus), Parameters: c.textPtr(jobParameters, &held.parameters),
		Result: c.textPtr(jobResult, &held.result), Trace: c.textPtr(jobTrace, &held.trace), MemoryUsed: c.intPtr(jobMemoryUsed, &held.memory),
		CPUUsed: c.intPtr(jobCPUUsed, &held.cpu), CreatedAt: c.time(jobCreatedAt), StartedAt: c.timePtr(jobStartedAt, &held.started),
		CompletedAt: c.timePtr(jobCompletedAt, &held.completed), Error: c.textPtr(jobError, &held.message),
	}
}

// LiveQueryAt reads row i of a batch of all columns of system.live_queries, as def has them. What the table has no column for is zero.
func LiveQueryAt(def *schemahistory.TableDefinition, b *vec.Batch, i int) LiveQuery {
	return LiveQueryOf(CellsOf(def, b, i))
}

// LiveQueryOf reads a row of system.live_queries. What the table has no column for is zero.
func LiveQueryOf(c Cells) LiveQuery {
	held := new(struct{ options, node string })
	return LiveQuery{
		LiveID: c.uuid(liveID), UserID: c.text(liveUserID), NamespaceID: c.text(liveNamespaceID), TableName: c.text(liveTableName),
		Query: c.text(liveQuery), Options: c.textPtr(liveOptions, &held.options), Changes: c.int(liveChanges), Node: c.textPtr(liveNode, &held.node),
		CreatedAt: c.time(liveCreatedAt), LastUpdate: c.time(liveLastUpdate),
	}
}

// StorageAt reads row i of a batch of all columns of system.storages, as def has them.
func StorageAt(def *schemahistory.TableDefinition, b *vec.Batch, i int) Storage {
	c := CellsOf(def, b, i)
	return Storage{
		StorageID: c.uuid(storageID), Name: c.text(storageName), BasePath: c.text(storageBasePath), PathTemplate: c.text(storagePathTemplate),
		CreatedAt: c.time(storageCreatedAt),
	}
}

// TableSchemaAt reads row i of a batch of all columns of system.table_schemas, as def has them.
func TableSchemaAt(def *schemahistory.TableDefinition, b *vec.Batch, i int) TableSchema {
	c := CellsOf(def, b, i)
	return TableSchema{
		SchemaID: c.uuid(schemaID), NamespaceID: c.text(schemaNamespaceID), TableName: c.text(schemaTableName), SchemaVersion: c.int(schemaVersion),
		SchemaJSON: c.text(schemaJSON), CreatedAt: c.time(schemaCreatedAt),
	}
}

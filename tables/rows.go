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

// AppendTo appends the job to a builder of system.jobs.
func (j *Job) AppendTo(b *Builder) {
	b.AppendUUID(0, j.JobID)
	b.AppendText(1, j.JobType)
	b.AppendText(2, j.Status)
	b.AppendTextPtr(3, j.Parameters)
	b.AppendTextPtr(4, j.Result)
	b.AppendTextPtr(5, j.Trace)
	b.AppendIntPtr(6, j.MemoryUsed)
	b.AppendIntPtr(7, j.CPUUsed)
	b.AppendTime(8, j.CreatedAt)
	b.AppendTimePtr(9, j.StartedAt)
	b.AppendTimePtr(10, j.CompletedAt)
	b.AppendTextPtr(11, j.Error)
}

// AppendTo appends the subscription to a builder of system.live_queries.
func (q *LiveQuery) AppendTo(b *Builder) {
	b.AppendUUID(0, q.LiveID)
	b.AppendText(1, q.UserID)
	b.AppendText(2, q.NamespaceID)
	b.AppendText(3, q.TableName)
	b.AppendText(4, q.Query)
	b.AppendTextPtr(5, q.Options)
	b.AppendInt(6, q.Changes)
	b.AppendTextPtr(7, q.Node)
	b.AppendTime(8, q.CreatedAt)
	b.AppendTime(9, q.LastUpdate)
}

// AppendTo appends the storage to a builder of system.storages.
func (s *Storage) AppendTo(b *Builder) {
	b.AppendUUID(0, s.StorageID)
	b.AppendText(1, s.Name)
	b.AppendText(2, s.BasePath)
	b.AppendText(3, s.PathTemplate)
	b.AppendTime(4, s.CreatedAt)
}

// AppendTo appends the schema version to a builder of system.table_schemas.
func (s *TableSchema) AppendTo(b *Builder) {
	b.AppendUUID(0, s.SchemaID)
	b.AppendText(1, s.NamespaceID)
	b.AppendText(2, s.TableName)
	b.AppendInt(3, s.SchemaVersion)
	b.AppendText(4, s.SchemaJSON)
	b.AppendTime(5, s.CreatedAt)
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

// JobAt reads row i of a batch of all columns of system.jobs.
func JobAt(b *vec.Batch, i int) Job {
	c := b.Cols
	return Job{
		JobID: uuidAt(c[0], i), JobType: textAt(c[1], i), Status: textAt(c[2], i), Parameters: textPtrAt(c[3], i), Result: textPtrAt(c[4], i),
		Trace: textPtrAt(c[5], i), MemoryUsed: intPtrAt(c[6], i), CPUUsed: intPtrAt(c[7], i), CreatedAt: timeAt(c[8], i),
		StartedAt: timePtrAt(c[9], i), CompletedAt: timePtrAt(c[10], i), Error: textPtrAt(c[11], i),
	}
}

// LiveQueryAt reads row i of a batch of all columns of system.live_queries.
func LiveQueryAt(b *vec.Batch, i int) LiveQuery {
	c := b.Cols
	return LiveQuery{
		LiveID: uuidAt(c[0], i), UserID: textAt(c[1], i), NamespaceID: textAt(c[2], i), TableName: textAt(c[3], i), Query: textAt(c[4], i),
		Options: textPtrAt(c[5], i), Changes: intAt(c[6], i), Node: textPtrAt(c[7], i), CreatedAt: timeAt(c[8], i), LastUpdate: timeAt(c[9], i),
	}
}

// StorageAt reads row i of a batch of all columns of system.storages.
func StorageAt(b *vec.Batch, i int) Storage {
	c := b.Cols
	return Storage{
		StorageID: uuidAt(c[0], i), Name: textAt(c[1], i), BasePath: textAt(c[2], i), PathTemplate: textAt(c[3], i), CreatedAt: timeAt(c[4], i),
	}
}

// TableSchemaAt reads row i of a batch of all columns of system.table_schemas.
func TableSchemaAt(b *vec.Batch, i int) TableSchema {
	c := b.Cols
	return TableSchema{
		SchemaID: uuidAt(c[0], i), NamespaceID: textAt(c[1], i), TableName: textAt(c[2], i), SchemaVersion: intAt(c[3], i),
		SchemaJSON: textAt(c[4], i), CreatedAt: timeAt(c[5], i),
	}
}

func uuidAt(v *vec.Vec, i int) uuid.UUID {
	v, i = v.Value(i)
	return v.UUIDs[i]
}

func textAt(v *vec.Vec, i int) string {
	v, i = v.Value(i)
	return v.Strs[i]
}

func intAt(v *vec.Vec, i int) int64 {
	v, i = v.Value(i)
	return v.Ints[i]
}

func timeAt(v *vec.Vec, i int) time.Time { return Time(intAt(v, i)) }

func textPtrAt(v *vec.Vec, i int) *string {
	if v.IsNull(i) {
		return nil
	}
	s := textAt(v, i)
	return &s
}

func intPtrAt(v *vec.Vec, i int) *int64 {
	if v.IsNull(i) {
		return nil
	}
	x := intAt(v, i)
	return &x
}

func timePtrAt(v *vec.Vec, i int) *time.Time {
	if v.IsNull(i) {
		return nil
	}
	t := timeAt(v, i)
	return &t
}

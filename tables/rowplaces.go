package tables

import (
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/schemahistory"
)

// The numbers of the contract's tables: a database finds them by these, whatever their names.
const (
	JobsTable uint32 = iota + 1
	LiveQueriesTable
	StoragesTable
	TableSchemasTable
)

// The columns of the contract's tables by their IDs, which are the same in tables that were made in the older form and migrated, where the columns lie in
// another order, and in those that lack some.
const (
	jobID = iota + 1
	jobType
	jobStatus
	jobParameters
	jobResult
	jobTrace
	jobMemoryUsed
	jobCPUUsed
	jobCreatedAt
	jobStartedAt
	jobCompletedAt
	jobError
)

const (
	liveID = iota + 1
	liveUserID
	liveNamespaceID
	liveTableName
	liveQuery
	liveOptions
	liveChanges
	liveNode
	liveCreatedAt
	liveLastUpdate
)

const (
	storageID = iota + 1
	storageName
	storageBasePath
	storagePathTemplate
	storageCreatedAt
)

const (
	schemaID = iota + 1
	schemaNamespaceID
	schemaTableName
	schemaVersion
	schemaJSON
	schemaCreatedAt
)

// maxTypedID is above the IDs of typed rows' columns.
const maxTypedID = jobError + 1

// idPlaces gives the place of a column by its ID, plus one: 0 for a column that the table does not have.
type idPlaces [maxTypedID]int32

func placesOf(def *schemahistory.TableDefinition) (p idPlaces) {
	for i := range def.Columns {
		if id := def.Columns[i].ID; id > 0 && id < maxTypedID {
			p[id] = int32(i) + 1
		}
	}
	return p
}

// place gives the place of a column to which a value is to be appended, and false, and notes it, when the table does not have it.
func (b *Builder) place(id int) (int, bool) {
	at := int(b.places[id]) - 1
	b.lost = b.lost || at < 0
	return at, at >= 0
}

func (b *Builder) putNull(id int) {
	if at := b.places[id]; at > 0 {
		b.AppendNull(int(at) - 1)
	}
}

func (b *Builder) putUUID(id int, u uuid.UUID) {
	if at, ok := b.place(id); ok {
		b.AppendUUID(at, u)
	}
}

func (b *Builder) putText(id int, s string) {
	if at, ok := b.place(id); ok {
		b.AppendText(at, s)
	}
}

func (b *Builder) putTextPtr(id int, s *string) {
	if s == nil {
		b.putNull(id)
		return
	}
	b.putText(id, *s)
}

func (b *Builder) putInt(id int, x int64) {
	if at, ok := b.place(id); ok {
		b.AppendInt(at, x)
	}
}

func (b *Builder) putIntPtr(id int, x *int64) {
	if x == nil {
		b.putNull(id)
		return
	}
	b.putInt(id, *x)
}

func (b *Builder) putTime(id int, t time.Time) { b.putInt(id, Micros(t)) }

func (b *Builder) putTimePtr(id int, t *time.Time) {
	if t == nil {
		b.putNull(id)
		return
	}
	b.putTime(id, *t)
}

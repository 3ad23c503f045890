package tables

import (
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/exprs/vec"
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

// columnsByID gives the columns of a batch by their IDs, nil for one that the table does not have.
func columnsByID(def *schemahistory.TableDefinition, b *vec.Batch) (c [maxTypedID]*vec.Vec) {
	for i := range def.Columns {
		if id := def.Columns[i].ID; i < len(b.Cols) && id > 0 && id < maxTypedID {
			c[id] = b.Cols[i]
		}
	}
	return c
}

func (b *Builder) putUUID(id int, u uuid.UUID) {
	if at := b.places[id]; at > 0 {
		b.AppendUUID(int(at)-1, u)
	}
}

func (b *Builder) putText(id int, s string) {
	if at := b.places[id]; at > 0 {
		b.AppendText(int(at)-1, s)
	}
}

func (b *Builder) putTextPtr(id int, s *string) {
	if at := b.places[id]; at > 0 {
		b.AppendTextPtr(int(at)-1, s)
	}
}

func (b *Builder) putInt(id int, x int64) {
	if at := b.places[id]; at > 0 {
		b.AppendInt(int(at)-1, x)
	}
}

func (b *Builder) putIntPtr(id int, x *int64) {
	if at := b.places[id]; at > 0 {
		b.AppendIntPtr(int(at)-1, x)
	}
}

func (b *Builder) putTime(id int, t time.Time) {
	if at := b.places[id]; at > 0 {
		b.AppendTime(int(at)-1, t)
	}
}

func (b *Builder) putTimePtr(id int, t *time.Time) {
	if at := b.places[id]; at > 0 {
		b.AppendTimePtr(int(at)-1, t)
	}
}

func uuidAt(v *vec.Vec, i int) uuid.UUID {
	if v == nil {
		return uuid.Nil
	}
	v, i = v.Value(i)
	return v.UUIDs[i]
}

func textAt(v *vec.Vec, i int) string {
	if v == nil {
		return ""
	}
	v, i = v.Value(i)
	return v.Strs[i]
}

func intAt(v *vec.Vec, i int) int64 {
	if v == nil {
		return 0
	}
	v, i = v.Value(i)
	return v.Ints[i]
}

func timeAt(v *vec.Vec, i int) time.Time { return Time(intAt(v, i)) }

func textPtrAt(v *vec.Vec, i int) *string {
	if v == nil || v.IsNull(i) {
		return nil
	}
	s := textAt(v, i)
	return &s
}

func intPtrAt(v *vec.Vec, i int) *int64 {
	if v == nil || v.IsNull(i) {
		return nil
	}
	x := intAt(v, i)
	return &x
}

func timePtrAt(v *vec.Vec, i int) *time.Time {
	if v == nil || v.IsNull(i) {
		return nil
	}
	t := timeAt(v, i)
	return &t
}

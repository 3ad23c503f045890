package stoa

import (
	"context"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// LiveQuery is a row of system.live_queries.
type LiveQuery = tables.LiveQuery

// LiveQueries writes system.live_queries. Each call is atomic, and durable but for Notify. In a database of the older form, which has
// no columns for options, changes and nodes, a call that would write one is 55000.
type LiveQueries struct{ db *DB }

// LiveQueries gives the writer of system.live_queries.
func (db *DB) LiveQueries() *LiveQueries { return &LiveQueries{db} }

// NewLiveQuery is a subscription to be opened.
type NewLiveQuery struct {
	ID          uuid.UUID // the zero UUID: a new random one
	UserID      string
	NamespaceID string
	TableName   string
	Query       string
	Options     any    // encoded as JSON: a struct or map with last_rows and buffer_size; nil: NULL
	Node        string // "": NULL
}

// Open adds a subscription and gives its id.
func (l *LiveQueries) Open(ctx context.Context, n NewLiveQuery) (uuid.UUID, error) {
	now := l.db.now()
	row := &LiveQuery{
		LiveID: n.ID, UserID: n.UserID, NamespaceID: n.NamespaceID, TableName: n.TableName, Query: n.Query, Node: optional(n.Node),
		CreatedAt: now, LastUpdate: now,
	}
	if row.LiveID == uuid.Nil {
		id, err := uuid.NewRandom()
		if err != nil {
			return uuid.Nil, err
		}
		row.LiveID = id
	}
	var err error
	if row.Options, err = canonicalJSON(n.Options); err != nil {
		return uuid.Nil, err
	}
	made := makeRow(l.db, schemahistory.LiveQueries, row)
	return row.LiveID, l.db.update(ctx, made.insert)
}

// Close removes a subscription that has ended.
func (l *LiveQueries) Close(ctx context.Context, id uuid.UUID) error {
	err := l.db.update(ctx, func(tx *store.Tx) error {
		_, _, err := takeRow(tx, schemahistory.LiveQueries, id)
		return err
	})
	if err == nil {
		l.db.notified.drop(id)
	}
	return err
}

// Get reads a subscription.
func (l *LiveQueries) Get(ctx context.Context, id uuid.UUID) (LiveQuery, error) {
	var row LiveQuery
	l.db.notified.before(ctx, liveQueries)
	err := l.db.readRow(ctx, schemahistory.LiveQueries, id, func(_ *schemahistory.TableDefinition, c tables.Cells) { row = tables.LiveQueryOf(c) })
	return row, err
}

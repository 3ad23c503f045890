package stoa

import (
	"context"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// Storage is a row of system.storages.
type Storage = tables.Storage

// Storages writes system.storages.
type Storages struct{ db *DB }

// Storages gives the writer of system.storages.
func (db *DB) Storages() *Storages { return &Storages{db} }

// Add adds a storage location and gives its id. basePath is a directory, relative to the database's or absolute; template says where below it a table's files go, with
// the variables {storageLocation}, {namespace}, {tableName}, {userId} and {shard}. What could leave basePath is refused.
func (s *Storages) Add(ctx context.Context, name, basePath, template string) (uuid.UUID, error) {
	if err := flush.ValidateStorage(name, basePath, template); err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return uuid.Nil, err
	}
	row := &Storage{StorageID: id, Name: name, BasePath: basePath, PathTemplate: template, CreatedAt: s.db.now()}
	return id, s.db.update(ctx, func(tx *store.Tx) error { return insertRow(tx, schemahistory.Storages, row) })
}

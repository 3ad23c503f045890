package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// upgrade brings a database of format 1, in which system.table_schemas was a table like others, to the present format: by a statement that makes
// versions of its rows, and then a checkpoint. When a crash comes between the two, the next opening finds versions and makes the checkpoint alone. A
// reader of a database that no writer has upgraded sees the rows, and no versions.
//
// The rows of a name become versions when they are versions: numbered from 1 without gaps, and Arrow-JSON. Those of other names are not lost: they go
// into a table of their own, system.table_schemas_1. A table that then has no version gets one of its present schema.
func (db *DB) upgrade(ctx context.Context) error {
	if db.manifest.format >= formatVersion {
		return nil
	}
	if db.tables[tables.TableSchemasTable] != nil && len(db.head.histories) == 0 {
		if err := db.Update(ctx, (*Tx).upgradeVersions); err != nil {
			return fmt.Errorf("bringing %s to format %d: %w", db.dir, formatVersion, err)
		}
	}
	return db.Checkpoint(ctx)
}

func (tx *Tx) upgradeVersions() error {
	schemas := tx.schemasTable()
	rows, err := tx.allRows(schemas.def)
	if err != nil {
		return err
	}
	good, bad := sortVersions(schemas.def, rows)
	if err := tx.clear(schemas); err != nil {
		return err
	}
	if len(good) > 0 {
		if err := tx.insertVersions(schemas, rows.Gather(good)); err != nil {
			return err
		}
	}
	if err := tx.settleVersions(); err != nil {
		return err
	}
	if len(bad) > 0 {
		if err := tx.setAside(schemas.def, rows.Gather(bad)); err != nil {
			return err
		}
	}
	for _, v := range tx.Snapshot().Tables() {
		if err := tx.keepFirst(schemas, v.Def); err != nil {
			return err
		}
		if err := tx.setVersion(tx.byNumber(v.Def.ID), tx.History(v.Def.Name).Last()); err != nil {
			return err
		}
	}
	return nil
}

// allRows reads all rows of a table as they were before the statement.
func (tx *Tx) allRows(def *schemahistory.TableDefinition) (*vec.Batch, error) {
	view, _ := tx.Snapshot().TableByID(def.ID)
	var ids []tables.RowID
	for _, f := range view.Files {
		for i := range f.Rows {
			if !deletedIn(f, uint32(i)) {
				ids = append(ids, tables.ColdID(f.Number, uint32(i)))
			}
		}
	}
	segments := view.Hot.Segments()
	for i := range segments {
		for _, row := range segments[i].Live(0, segments[i].Rows(), nil) {
			ids = append(ids, tables.HotID(segments[i].Number(), int(row)))
		}
	}
	cols := make([]int, len(def.Columns))
	for i := range cols {
		cols[i] = i
	}
	return tx.Rows(def.Name, ids, cols)
}

// sortVersions tells which rows of system.table_schemas are versions, and which are not.
func sortVersions(def *schemahistory.TableDefinition, rows *vec.Batch) (good, bad []int32) {
	byName := map[schemahistory.Name][]int32{}
	var names []schemahistory.Name
	for i := range rows.N {
		row := tables.TableSchemaAt(def, rows, i)
		name := schemahistory.Name{Namespace: row.NamespaceID, Table: row.TableName}
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], int32(i))
	}
	for _, name := range names {
		if areVersions(def, rows, byName[name]) {
			good = append(good, byName[name]...)
		} else {
			bad = append(bad, byName[name]...)
		}
	}
	return good, bad
}

func areVersions(def *schemahistory.TableDefinition, rows *vec.Batch, of []int32) bool {
	var numbers []int64
	for _, i := range of {
		row := tables.TableSchemaAt(def, rows, int(i))
		if _, err := arrowjson.ParseSchema(row.SchemaJSON); err != nil {
			return false
		}
		numbers = append(numbers, row.SchemaVersion)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != int64(i)+1 {
			return false
		}
	}
	return true
}

// setAside keeps rows in a table of their own.
func (tx *Tx) setAside(schemas *schemahistory.TableDefinition, rows *vec.Batch) error {
	d := *schemas
	d.ID, d.System, d.CreatedAt, d.UpdatedAt, d.Indexes = 0, false, 0, 0, nil
	for n := 1; ; n++ {
		d.Name.Table = fmt.Sprintf("%s_%d", schemas.Name.Table, n)
		if tx.find(d.Name) == nil {
			break
		}
	}
	d.Keys = slices.Clone(d.Keys)
	for i := range d.Keys {
		d.Keys[i].Name = d.Name.Table + "_pkey"
	}
	if err := tx.CreateTable(&d); err != nil {
		return err
	}
	return tx.Insert(d.Name, rows)
}

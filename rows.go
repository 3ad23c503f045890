package stoa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// ErrNotFound is wrapped by the errors of typed writers for a key that no row has.
var ErrNotFound = errors.New("row not found")

func (db *DB) now() time.Time { return db.store.Now().UTC().Truncate(time.Microsecond) }

func (db *DB) update(ctx context.Context, fn func(tx *store.Tx) error) error {
	return exec.Cancelled(db.store.Update(ctx, fn))
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// canonicalJSON encodes a value as jsonb's text; nil for nil.
func canonicalJSON(v any) (*string, error) {
	if v == nil {
		return nil, nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, sqlstate.Wrap(sqlstate.InvalidParameterValue, err, "encode as JSON")
	}
	text, err := jsontext.Canonical(string(raw))
	if err != nil {
		return nil, err
	}
	return &text, nil
}

// insertRow adds one typed row.
func insertRow[R tables.Row](tx *store.Tx, name schemahistory.Name, row R) error {
	def, ok := tx.Table(name)
	if !ok {
		return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
	}
	b, err := tables.BatchOf(def, []R{row})
	if err != nil {
		return err
	}
	for i, c := range b.Cols {
		if len(c.Strs) == 0 || c.IsNull(0) {
			continue
		}
		if err := vec.CheckText(c.Strs[0]); err != nil {
			return fmt.Errorf("column %q: %w", def.Columns[i].Name, err)
		}
	}
	return tx.Insert(name, b)
}

// findRow gives the row with a primary key and its columns.
func findRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (tables.RowID, *vec.Batch, error) {
	def, ok := tx.Table(name)
	if !ok {
		return 0, nil, sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
	}
	key, _ := def.PrimaryKey()
	ids, err := tx.Find(name, key, []*vec.Vec{vec.NewFlat(arrowschema.UUID, [][16]byte{id}, nil)})
	if err != nil {
		return 0, nil, err
	}
	if ids[0] == 0 {
		return 0, nil, notFound(name, id)
	}
	b, err := tx.Rows(name, ids, allColumns(def))
	return ids[0], b, err
}

// takeRow deletes the row with a primary key and gives its columns.
func takeRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (*vec.Batch, error) {
	row, b, err := findRow(tx, name, id)
	if err != nil {
		return nil, err
	}
	return b, tx.Delete(name, []tables.RowID{row})
}

// readRow hands the row with a primary key, as of now, to use. It waits for no writer.
func (db *DB) readRow(ctx context.Context, name schemahistory.Name, id uuid.UUID, use func(*vec.Batch)) error {
	snap := db.store.Snapshot()
	defer snap.Close()
	view, ok := snap.Table(name)
	if !ok {
		return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
	}
	key, _ := view.Def.PrimaryKey()
	ids, err := snap.Find(ctx, name, key, []*vec.Vec{vec.NewFlat(arrowschema.UUID, [][16]byte{id}, nil)})
	if err != nil {
		return err
	}
	if ids[0] == 0 {
		return notFound(name, id)
	}
	b, err := snap.Rows(ctx, name, ids, allColumns(view.Def))
	if err != nil {
		return err
	}
	use(b)
	return nil
}

// notFound is the error for a key that no row has.
func notFound(name schemahistory.Name, id uuid.UUID) error {
	return &sqlstate.Error{Code: "02000", Message: fmt.Sprintf("no row of %s has the key %s", name, id), Cause: ErrNotFound}
}

func allColumns(def *schemahistory.TableDefinition) []int {
	cols := make([]int, len(def.Columns))
	for i := range cols {
		cols[i] = i
	}
	return cols
}

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

// systemTable finds one of the contract's tables; the storages also under the name that they have in the older form.
func systemTable(find func(schemahistory.Name) (*schemahistory.TableDefinition, bool), name schemahistory.Name) (*schemahistory.TableDefinition, error) {
	def, ok := find(name)
	if !ok && name == schemahistory.Storages {
		def, ok = find(schemahistory.StorageLocations)
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
	}
	return def, nil
}

// insertRow adds one typed row.
func insertRow[R tables.Row](tx *store.Tx, name schemahistory.Name, row R) error {
	def, err := systemTable(tx.Table, name)
	if err != nil {
		return err
	}
	if err := hasPlace(def, row); err != nil {
		return err
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
	return tx.Insert(def.Name, b)
}

// hasPlace refuses a row with a value for which a table of the older form has no column.
func hasPlace[R tables.Row](def *schemahistory.TableDefinition, row R) error {
	lacking := def.Lacks()
	if len(lacking) == 0 {
		return nil
	}
	whole := schemahistory.ContractOf(def.ID)
	b, err := tables.BatchOf(whole, []R{row})
	if err != nil {
		return err
	}
	for _, c := range lacking {
		v := b.Cols[whole.Find(c.Name)]
		if v.IsNull(0) || c.Missing != nil && string(vec.AppendText(nil, v, 0, time.UTC)) == *c.Missing {
			continue
		}
		return sqlstate.New(sqlstate.ObjectNotInPrerequisite, "table %s has no column %q: the database has the older form", def.Name, c.Name).
			WithHint("Bring it to the contract's form with DB.Migrate, CALL system.migrate() or stoa migrate.")
	}
	return nil
}

// findRow gives the row with a primary key: its table, its id and its columns.
func findRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (*schemahistory.TableDefinition, tables.RowID, *vec.Batch, error) {
	def, err := systemTable(tx.Table, name)
	if err != nil {
		return nil, 0, nil, err
	}
	key, _ := def.PrimaryKey()
	ids, err := tx.Find(def.Name, key, []*vec.Vec{vec.NewFlat(arrowschema.UUID, [][16]byte{id}, nil)})
	if err != nil {
		return nil, 0, nil, err
	}
	if ids[0] == 0 {
		return nil, 0, nil, notFound(def.Name, id)
	}
	b, err := tx.Rows(def.Name, ids, allColumns(def))
	return def, ids[0], b, err
}

// takeRow deletes the row with a primary key and gives its table and columns.
func takeRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (*schemahistory.TableDefinition, *vec.Batch, error) {
	def, row, b, err := findRow(tx, name, id)
	if err != nil {
		return nil, nil, err
	}
	return def, b, tx.Delete(def.Name, []tables.RowID{row})
}

// readRow hands the row with a primary key, as of now, to use. It waits for no writer.
func (db *DB) readRow(ctx context.Context, name schemahistory.Name, id uuid.UUID, use func(*schemahistory.TableDefinition, *vec.Batch)) error {
	snap, err := db.store.Latest(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	def, err := systemTable(func(n schemahistory.Name) (*schemahistory.TableDefinition, bool) {
		view, ok := snap.Table(n)
		if !ok {
			return nil, false
		}
		return view.Def, true
	}, name)
	if err != nil {
		return err
	}
	key, _ := def.PrimaryKey()
	ids, err := snap.Find(ctx, def.Name, key, []*vec.Vec{vec.NewFlat(arrowschema.UUID, [][16]byte{id}, nil)})
	if err != nil {
		return err
	}
	if ids[0] == 0 {
		return notFound(def.Name, id)
	}
	b, err := snap.Rows(ctx, def.Name, ids, allColumns(def))
	if err != nil {
		return err
	}
	use(def, b)
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

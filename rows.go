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

// madeRow is a typed row as a batch. Made before the statement that inserts it, it shortens the time for which that has the writers' lock.
type madeRow[R tables.Row] struct {
	name  schemahistory.Name
	row   R
	def   *schemahistory.TableDefinition // under which it was made; nil when it was not
	batch *vec.Batch
}

// makeRow makes a typed row for the present definition of a table. Where that fails it is made, or refused, in its statement.
func makeRow[R tables.Row](db *DB, name schemahistory.Name, row R) *madeRow[R] {
	m := &madeRow[R]{name: name, row: row}
	if db.store.ReadOnly() {
		return m
	}
	snap := db.store.Snapshot()
	defer snap.Close()
	if def, err := systemTable(snap.Definition, name); err == nil {
		_ = m.make(def)
	}
	return m
}

// make makes the batch.
func (m *madeRow[R]) make(def *schemahistory.TableDefinition) error {
	b := tables.NewBuilder(def, 1)
	m.row.AppendTo(b)
	if b.Lost() {
		if err := hasPlace(def, m.row); err != nil {
			return err
		}
	}
	batch, err := b.Batch()
	if err != nil {
		return err
	}
	for i, c := range batch.Cols {
		if len(c.Strs) == 0 || c.IsNull(0) {
			continue
		}
		if err := vec.CheckText(c.Strs[0]); err != nil {
			return fmt.Errorf("column %q: %w", def.Columns[i].Name, err)
		}
	}
	m.def, m.batch = def, batch
	return nil
}

// insert adds the row.
func (m *madeRow[R]) insert(tx *store.Tx) error {
	def, err := systemTable(tx.Table, m.name)
	if err != nil {
		return err
	}
	if def != m.def {
		if err := m.make(def); err != nil {
			return err
		}
	}
	return tx.Insert(def.Name, m.batch)
}

// insertRow adds one typed row.
func insertRow[R tables.Row](tx *store.Tx, name schemahistory.Name, row R) error {
	return (&madeRow[R]{name: name, row: row}).insert(tx)
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

// findRow finds the row with a primary key: its table and its id.
func findRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (*schemahistory.TableDefinition, tables.RowID, error) {
	def, err := systemTable(tx.Table, name)
	if err != nil {
		return nil, 0, err
	}
	key, _ := def.PrimaryKey()
	ids, err := tx.Find(def.Name, key, keyOf(id))
	if err != nil {
		return nil, 0, err
	}
	if ids[0] == 0 {
		return nil, 0, notFound(def.Name, id)
	}
	return def, ids[0], nil
}

// takeRow deletes the row with a primary key and gives its table and columns.
func takeRow(tx *store.Tx, name schemahistory.Name, id uuid.UUID) (*schemahistory.TableDefinition, *vec.Batch, error) {
	def, row, err := findRow(tx, name, id)
	if err != nil {
		return nil, nil, err
	}
	ids := []tables.RowID{row}
	b, err := tx.Rows(def.Name, ids, allColumns(def))
	if err != nil {
		return nil, nil, err
	}
	return def, b, tx.Delete(def.Name, ids)
}

// readRow hands the row with a primary key, as of now, to use. It waits for no writer.
func (db *DB) readRow(ctx context.Context, name schemahistory.Name, id uuid.UUID, use func(*schemahistory.TableDefinition, tables.Cells)) error {
	snap, err := db.store.Latest(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	def, row, cells, err := rowIn(ctx, snap, name, id)
	if err != nil {
		return err
	}
	if row == 0 {
		return notFound(def.Name, id)
	}
	use(def, cells)
	return nil
}

// rowIn finds the row with a primary key in a snapshot: 0 when there is none.
func rowIn(ctx context.Context, snap *store.Snapshot, name schemahistory.Name, id uuid.UUID) (*schemahistory.TableDefinition, tables.RowID, tables.Cells, error) {
	def, err := systemTable(snap.Definition, name)
	if err != nil {
		return nil, 0, tables.Cells{}, err
	}
	key, _ := def.PrimaryKey()
	ids, err := snap.Find(ctx, def.Name, key, keyOf(id))
	if err != nil || ids[0] == 0 {
		return def, 0, tables.Cells{}, err
	}
	view, _ := snap.Table(def.Name)
	if cells, ok := view.Hot.Cells(ids[0]); ok {
		return def, ids[0], cells, nil
	}
	b, err := snap.Rows(ctx, def.Name, ids, allColumns(def))
	if err != nil {
		return nil, 0, tables.Cells{}, err
	}
	return def, ids[0], tables.CellsOf(def, b, 0), nil
}

// keyOf gives a primary key as the columns that Find wants, in one piece of memory.
func keyOf(id uuid.UUID) []*vec.Vec {
	k := new(struct {
		ids  [1][16]byte
		v    vec.Vec
		cols [1]*vec.Vec
	})
	k.ids[0] = id
	k.v = vec.Vec{Type: arrowschema.UUID, N: 1, UUIDs: k.ids[:]}
	k.cols[0] = &k.v
	return k.cols[:]
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

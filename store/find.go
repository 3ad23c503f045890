package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// Find gives, for each row of cols, which are the columns of the key in the key's order, the id of the row that has this key now: hot, flushed or
// of this statement, and not deleted; 0 when there is none, or when the key has a NULL. key is one of the definition's keys.
func (tx *Tx) Find(name schemahistory.Name, key schemahistory.Key, cols []*vec.Vec) ([]tables.RowID, error) {
	t, err := tx.table(name)
	if err != nil {
		return nil, err
	}
	k, err := keyNumber(t.def, key, cols)
	if err != nil {
		return nil, err
	}
	ids := make([]tables.RowID, cols[0].N)
	t.hot.Find(k, cols, ids)
	missing := false
	for i, id := range ids {
		if id != 0 && t.gone.Gone(id) {
			ids[i] = 0
		}
		missing = missing || ids[i] == 0
	}
	if missing {
		if err := tx.cold(t).find(key, cols, ids); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// keyNumber finds a key in a definition, and checks that there are values of its columns' types.
func keyNumber(def *schemahistory.TableDefinition, key schemahistory.Key, cols []*vec.Vec) (int, error) {
	k := slices.IndexFunc(def.Keys, func(o schemahistory.Key) bool { return slices.Equal(o.Columns, key.Columns) })
	if k < 0 || len(cols) != len(key.Columns) {
		return 0, fmt.Errorf("store: %s has no key %q of %d columns", def.Name, key.Name, len(cols))
	}
	for i, c := range cols {
		if c.N != cols[0].N || c.Type.Physical() != def.Columns[key.Columns[i]].Type.Physical() {
			return 0, fmt.Errorf("store: the values of key %q are not of its columns' types", key.Name)
		}
	}
	return k, nil
}

// file finds a file of the table, as the statement has it.
func (t *txTable) file(number uint32) *FileRef {
	if t.removed[number] {
		return nil
	}
	view := TableView{Files: t.files}
	if f, ok := view.File(number); ok {
		return f
	}
	for _, f := range t.added {
		if f.Number == number {
			return f
		}
	}
	return nil
}

func (t *txTable) coldDeleted(f *FileRef, position uint32) bool {
	if f.Deletes != nil && f.Deletes.Contains(position) {
		return true
	}
	more := t.deletes[f.Number]
	return more != nil && more.Contains(position)
}

// Rows gives columns of rows, hot, flushed or of this statement, in the order of ids.
func (tx *Tx) Rows(name schemahistory.Name, ids []tables.RowID, cols []int) (*vec.Batch, error) {
	t, err := tx.table(name)
	if err != nil {
		return nil, err
	}
	return fetchRows(tx.cold(t), t.hot, ids, cols)
}

// hotRows gives hot rows by id: a table to a statement, a view to a snapshot.
type hotRows interface {
	Fetch(ids []tables.RowID, cols []int) (*vec.Batch, error)
}

// fetchRows gives columns of rows, hot and flushed, in the order of ids.
func fetchRows(cold *coldRows, hot hotRows, ids []tables.RowID, cols []int) (*vec.Batch, error) {
	var hotIDs, coldIDs []tables.RowID
	var hotAt, coldAt []int32
	if !slices.ContainsFunc(ids, tables.RowID.Cold) {
		return hot.Fetch(ids, cols)
	}
	for i, id := range ids {
		if id.Cold() {
			coldIDs, coldAt = append(coldIDs, id), append(coldAt, int32(i))
		} else {
			hotIDs, hotAt = append(hotIDs, id), append(hotAt, int32(i))
		}
	}
	scatters := make([]*vec.Scatter, len(cols))
	for k, col := range cols {
		scatters[k] = vec.NewScatter(cold.def.Columns[col].Type, len(ids))
	}
	if len(hotIDs) > 0 {
		part, err := hot.Fetch(hotIDs, cols)
		if err != nil {
			return nil, err
		}
		for k, s := range scatters {
			s.Put(hotAt, part.Cols[k])
		}
	}
	if err := cold.fetch(coldIDs, coldAt, cols, scatters); err != nil {
		return nil, err
	}
	out := &vec.Batch{N: len(ids), Cols: make([]*vec.Vec, len(cols))}
	for k, s := range scatters {
		out.Cols[k] = s.Vec()
	}
	return out, nil
}

// Find gives, for each row of cols, which are the columns of a key in the key's order, the id of the row of the snapshot that has it, hot or
// flushed; 0 when there is none. The ids are good for Rows of the same snapshot. It waits for nobody.
func (s *Snapshot) Find(ctx context.Context, name schemahistory.Name, key schemahistory.Key, cols []*vec.Vec) ([]tables.RowID, error) {
	v, ok := s.Table(name)
	if !ok {
		return nil, undefinedTable(name)
	}
	k, err := keyNumber(v.Def, key, cols)
	if err != nil {
		return nil, err
	}
	ids := make([]tables.RowID, cols[0].N)
	v.Hot.Find(k, cols, ids)
	if len(v.Files) == 0 || !slices.Contains(ids, 0) {
		return ids, nil
	}
	return ids, s.cold(ctx, v).find(key, cols, ids)
}

// Rows gives columns of rows of the snapshot, in the order of ids.
func (s *Snapshot) Rows(ctx context.Context, name schemahistory.Name, ids []tables.RowID, cols []int) (*vec.Batch, error) {
	v, ok := s.Table(name)
	if !ok {
		return nil, undefinedTable(name)
	}
	return fetchRows(s.cold(ctx, v), v.Hot, ids, cols)
}

func (s *Snapshot) cold(ctx context.Context, v *TableView) *coldRows {
	return &coldRows{ctx: ctx, db: s.db, def: v.Def, files: v.Files, deleted: deletedIn}
}

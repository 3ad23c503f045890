package store

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

func appendUvarint(dst []byte, x uint64) []byte { return binary.AppendUvarint(dst, x) }

// CreateTable makes a table. An ID of 0 is replaced by the next free one, in a copy of the definition; so are a Version of 0 by 1 and times of 0 by now. A
// table of that name is 42P07.
func (tx *Tx) CreateTable(def *schemahistory.TableDefinition) error {
	if tx.find(def.Name) != nil {
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", def.Name.Table)
	}
	d := *def
	if d.ID == 0 {
		d.ID = tx.db.nextTable
	}
	if tx.db.tables[d.ID] != nil || tx.touchedID(d.ID) {
		return fmt.Errorf("store: table number %d is taken", d.ID)
	}
	d.Version = max(d.Version, 1)
	now := tx.db.Now().UnixMicro()
	if d.CreatedAt == 0 {
		d.CreatedAt = now
	}
	if d.UpdatedAt == 0 {
		d.UpdatedAt = now
	}
	if err := checkDefinition(&d); err != nil {
		return err
	}
	tx.db.nextTable = max(tx.db.nextTable, d.ID+1) // a rollback leaves a gap, which does no harm
	t := tx.touch(tx.db.newTable(&d))
	t.created = true
	tx.recordDefinition(&d)
	return tx.recorded()
}

func (tx *Tx) touchedID(id uint32) bool {
	return slices.ContainsFunc(tx.touched, func(t *txTable) bool { return t.def.ID == id })
}

func (db *DB) newTable(def *schemahistory.TableDefinition) *table {
	return &table{def: def, hot: tables.New(def, db.opts.SegmentRows), nextFile: 1}
}

func (tx *Tx) recordDefinition(d *schemahistory.TableDefinition) {
	dst, at := beginOp(tx.record, opDefine)
	tx.record = endOp(appendDefinition(dst, d), at)
}

// ReplaceDefinition makes def, of a higher version, the definition of the table with its ID, which may so get another name. Rows keep the columns
// that they have, by column ID: a new column is NULL in them. Columns keep their types as long as they keep their IDs. Keys of a table
// that has rows cannot change.
func (tx *Tx) ReplaceDefinition(def *schemahistory.TableDefinition) error {
	t, err := tx.byID(def)
	if err != nil {
		return err
	}
	if other := tx.find(def.Name); other != nil && other.def.ID != def.ID {
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", def.Name.Table)
	}
	if err := checkDefinition(def); err != nil {
		return err
	}
	if err := checkSuccessor(t, def); err != nil {
		return err
	}
	t.hot.SetDefinition(def)
	t.def = def
	tx.recordDefinition(def)
	return tx.recorded()
}

// byID finds a table by its ID.
func (tx *Tx) byID(def *schemahistory.TableDefinition) (*txTable, error) {
	for _, t := range tx.touched {
		if t.def.ID == def.ID && !t.dropped {
			return t, nil
		}
	}
	if t := tx.db.tables[def.ID]; t != nil && !tx.touchedID(def.ID) {
		return tx.touch(t), nil
	}
	return nil, undefinedTable(def.Name)
}

// checkSuccessor tells whether def can follow the table's definition.
func checkSuccessor(t *txTable, def *schemahistory.TableDefinition) error {
	if def.Version <= t.def.Version {
		return fmt.Errorf("store: version %d of %s does not follow version %d", def.Version, def.Name, t.def.Version)
	}
	for _, c := range def.Columns {
		for _, o := range t.def.Columns {
			if o.ID == c.ID && o.Type.Physical() != c.Type.Physical() {
				return fmt.Errorf("store: column %s of %s cannot become %s and stay what it is", c.Name, def.Name, c.Type)
			}
		}
	}
	empty := t.hot.Rows() == 0 && len(t.files) == 0 && len(t.added) == 0
	if !empty && !sameKeys(t.def, def) {
		return sqlstate.New(sqlstate.FeatureNotSupported, "adding or changing a key of a table that has rows is not supported")
	}
	return nil
}

// sameKeys tells whether two definitions have keys over the same columns.
func sameKeys(a, b *schemahistory.TableDefinition) bool {
	ids := func(d *schemahistory.TableDefinition) (out [][]int32) {
		for _, k := range d.Keys {
			var key []int32
			for _, c := range k.Columns {
				key = append(key, d.Columns[c].ID)
			}
			out = append(out, key)
		}
		return out
	}
	return slices.EqualFunc(ids(a), ids(b), slices.Equal)
}

// DropTable removes a table with its rows; its files are removed from the disk when no snapshot can read them any more.
func (tx *Tx) DropTable(name schemahistory.Name) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	t.dropped = true
	dst, at := beginOp(tx.record, opDrop)
	tx.record = endOp(appendUvarint(dst, uint64(t.def.ID)), at)
	return tx.recorded()
}

// AddFile adds a flushed file, which must be durable under its name, and gives it its number. f.Deletes may hold rows that died while it was
// written. Its rows are believed: keys are not checked, since
// the same statement deletes the hot rows that they were.
func (tx *Tx) AddFile(name schemahistory.Name, f FileRef) (uint32, error) {
	t, err := tx.table(name)
	if err != nil {
		return 0, err
	}
	if f.Rows < 0 || f.Rows > 1<<32 || f.Path == "" || t.nextFile >= 1<<31 {
		return 0, fmt.Errorf("store: file %q of %d rows cannot be added to %s", f.Path, f.Rows, name)
	}
	f.Number, f.Path = t.nextFile, filepath.ToSlash(f.Path)
	t.nextFile++ // a rollback leaves a gap, which does no harm
	t.added = append(t.added, &f)
	dst, at := beginOp(tx.record, opAddFile)
	tx.record = endOp(appendFile(appendUvarint(dst, uint64(t.def.ID)), &f), at)
	return f.Number, tx.recorded()
}

// RemoveFile removes a file with its rows. It stays on the disk until no snapshot can read it any more.
func (tx *Tx) RemoveFile(name schemahistory.Name, number uint32) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	if t.file(number) == nil {
		return fmt.Errorf("store: %s has no file %d", name, number)
	}
	if t.removed == nil {
		t.removed = map[uint32]bool{}
	}
	t.removed[number] = true
	dst, at := beginOp(tx.record, opRemoveFile)
	tx.record = endOp(appendUvarint(appendUvarint(dst, uint64(t.def.ID)), uint64(number)), at)
	return tx.recorded()
}

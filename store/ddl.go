package store

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

func appendUvarint(dst []byte, x uint64) []byte { return binary.AppendUvarint(dst, x) }

// CreateTable makes a table, with a copy of the definition in which an ID of 0 is replaced by the next free one and times of 0 by now, and keeps the
// version of its schema, of which Version is the number. A table of that name is 42P07.
//
// When system.table_schemas itself is made, in a database of the older form, no version is kept of it: all are to be filled in.
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
	now := tx.db.Now().UnixMicro()
	if d.CreatedAt == 0 {
		d.CreatedAt = now
	}
	if d.UpdatedAt == 0 {
		d.UpdatedAt = now
	}
	d.LastColumn = lastColumn(&d)
	if err := checkDefinition(&d); err != nil {
		return err
	}
	d.Version = 0
	if schemas := tx.schemasTable(); schemas != nil {
		var err error
		if d.Version, err = tx.keepCreated(schemas, &d); err != nil {
			return tx.spoiled(err)
		}
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

// ReplaceDefinition makes def the definition of the table with its ID, which may so get another name, and keeps the version of the schema that this
// makes, with changes as its text; "" says that the schema is what it was. def.Version is set by the store. A table that is renamed takes its
// versions along.
//
// Rows keep the columns that they have, by column ID. A column that they have not is Column.Missing in them; one whose type was widened
// (schemahistory.Widens) is converted when it is read. Every other change of a type, and of a key but that it is dropped, needs a table without rows:
// see Clear.
func (tx *Tx) ReplaceDefinition(def *schemahistory.TableDefinition, changes string) error {
	t, err := tx.byID(def)
	if err != nil {
		return err
	}
	if other := tx.find(def.Name); other != nil && other.def.ID != def.ID {
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", def.Name.Table)
	}
	d := *def
	d.LastColumn, d.Version = max(lastColumn(def), t.def.LastColumn), t.def.Version
	if err := checkDefinition(&d); err != nil {
		return err
	}
	if err := checkSuccessor(t, &d); err != nil {
		return err
	}
	if schemas := tx.schemasTable(); schemas != nil {
		if d.Version, err = tx.keepChanged(schemas, t.def, &d, changes); err != nil {
			return tx.spoiled(err)
		}
	}
	t.hot.SetDefinition(&d)
	t.def = &d
	tx.recordDefinition(&d)
	return tx.recorded()
}

// lastColumn gives the highest column ID that a definition tells of.
func lastColumn(d *schemahistory.TableDefinition) int32 {
	last := d.LastColumn
	for i := range d.Columns {
		last = max(last, d.Columns[i].ID)
	}
	return last
}

// byID finds a table by its ID.
func (tx *Tx) byID(def *schemahistory.TableDefinition) (*txTable, error) {
	if t := tx.byNumber(def.ID); t != nil {
		return t, nil
	}
	return nil, undefinedTable(def.Name)
}

// checkSuccessor tells whether def can follow the table's definition.
func checkSuccessor(t *txTable, def *schemahistory.TableDefinition) error {
	free := t.cleared || t.created
	for i := range def.Columns {
		if free {
			break
		}
		c := &def.Columns[i]
		o := columnWithID(t.def, c.ID)
		if o == nil || o.Type == c.Type {
			continue
		}
		if !widens(o.Type, c.Type) || !vec.Alike(o.Type, c.Type) && inKey(def, i) {
			return fmt.Errorf("store: column %s of %s cannot become %s and stay what it is", c.Name, def.Name, c.Type)
		}
	}
	if !t.hasNoRows() && slices.ContainsFunc(def.Keys, func(k schemahistory.Key) bool { return !hasKey(t.def, def, k) }) {
		return sqlstate.New(sqlstate.FeatureNotSupported, "adding or changing a key of a table that has rows is not supported")
	}
	return nil
}

// widens tells whether values of a column are read under another type.
func widens(from, to arrowschema.Type) bool {
	return schemahistory.Widens(schemahistory.Column{Type: from}, schemahistory.Column{Type: to}) && vec.Widens(from, to)
}

func columnWithID(def *schemahistory.TableDefinition, id int32) *schemahistory.Column {
	for i := range def.Columns {
		if def.Columns[i].ID == id {
			return &def.Columns[i]
		}
	}
	return nil
}

func inKey(def *schemahistory.TableDefinition, col int) bool {
	return slices.ContainsFunc(def.Keys, func(k schemahistory.Key) bool { return slices.Contains(k.Columns, col) })
}

// hasKey tells whether old has a key over the same columns as key k of def.
func hasKey(old, def *schemahistory.TableDefinition, k schemahistory.Key) bool {
	return slices.ContainsFunc(old.Keys, func(o schemahistory.Key) bool {
		return slices.EqualFunc(o.Columns, k.Columns, func(a, b int) bool { return old.Columns[a].ID == def.Columns[b].ID })
	})
}

// hasNoRows tells whether there is no row, neither hot nor flushed.
func (t *txTable) hasNoRows() bool {
	there := func(f *FileRef) bool { return !t.removed[f.Number] }
	return t.hot.Rows() == 0 && !slices.ContainsFunc(t.files, there) && !slices.ContainsFunc(t.added, there)
}

// Clear deletes all rows of a table, hot and flushed, at no cost that grows with their number: TRUNCATE. The statement may then change the definition in
// ways that rows would not allow, and read the rows that there were from Snapshot and insert them again, changed.
func (tx *Tx) Clear(name schemahistory.Name) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	if t.isSchemas() {
		return errFixedVersions()
	}
	return tx.clear(t)
}

func (tx *Tx) clear(t *txTable) error {
	t.gone.clear(t.hot.Clear())
	for _, f := range slices.Concat(t.files, t.added) {
		t.remove(f.Number)
	}
	t.deletes, t.cleared = nil, true
	dst, at := beginOp(tx.record, opClear)
	tx.record = endOp(appendUvarint(appendUvarint(dst, uint64(t.def.ID)), uint64(t.nextFile)), at)
	return tx.recorded()
}

// remove notes that a file goes.
func (t *txTable) remove(number uint32) {
	if t.removed == nil {
		t.removed = map[uint32]bool{}
	}
	t.removed[number] = true
}

// DropTable removes a table with its rows; its files are removed from the disk when no snapshot can read them any more. The versions of its schema stay
// under its name, with a last one that says so.
func (tx *Tx) DropTable(name schemahistory.Name) error {
	t, err := tx.table(name)
	if err != nil {
		return err
	}
	if t.isSchemas() {
		return errFixedVersions()
	}
	if schemas := tx.schemasTable(); schemas != nil {
		if err := tx.keepDropped(schemas, t.def); err != nil {
			return tx.spoiled(err)
		}
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
	if t.isSchemas() {
		return 0, errFixedVersions()
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
	t.remove(number)
	dst, at := beginOp(tx.record, opRemoveFile)
	tx.record = endOp(appendUvarint(appendUvarint(dst, uint64(t.def.ID)), uint64(number)), at)
	return tx.recorded()
}

package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// histories are the versions of schemas by qualified name. The map that a state has is never changed.
type histories map[schemahistory.Name]*schemahistory.History

// sorted gives the histories in order of name.
func (h histories) sorted() []*schemahistory.History {
	return slices.SortedFunc(maps.Values(h), func(a, b *schemahistory.History) int { return compareNames(a.Name, b.Name) })
}

func compareNames(a, b schemahistory.Name) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Table, b.Table))
}

// History gives the versions under a name, nil when there are none. A name may have some without being a table's any more, or yet.
func (s *Snapshot) History(name schemahistory.Name) *schemahistory.History {
	return s.state.histories[name]
}

// Histories gives the versions under all names, in order of name.
func (s *Snapshot) Histories() []*schemahistory.History { return s.state.histories.sorted() }

// History gives the versions under a name as the statement has them, nil when there are none. Those that were inserted into system.table_schemas by the
// running statement come at its end.
func (tx *Tx) History(name schemahistory.Name) *schemahistory.History { return tx.histories[name] }

// Histories gives the versions under all names, in order of name.
func (tx *Tx) Histories() []*schemahistory.History { return tx.histories.sorted() }

// setHistory puts a history in the place of the one under a name; nil takes it away.
func (tx *Tx) setHistory(name schemahistory.Name, h *schemahistory.History) {
	if !tx.ownHistories {
		tx.histories, tx.ownHistories = maps.Clone(tx.histories), true
		if tx.histories == nil {
			tx.histories = histories{}
		}
	}
	if h == nil {
		delete(tx.histories, name)
		return
	}
	tx.histories[name] = h
}

// schemasTable gives system.table_schemas, whose rows are the versions; nil in a database of the older form, which keeps none.
func (tx *Tx) schemasTable() *txTable {
	return tx.byNumber(tables.TableSchemasTable)
}

// isSchemas tells whether the table is system.table_schemas.
func (t *txTable) isSchemas() bool { return t.def.ID == tables.TableSchemasTable }

// errFixedVersions refuses to change what was.
func errFixedVersions() error {
	return sqlstate.New(sqlstate.FeatureNotSupported, "versions of a schema cannot be changed or removed")
}

// newVersion gives the version of a definition's schema that comes after h.
func (tx *Tx) newVersion(h *schemahistory.History, def *schemahistory.TableDefinition, changes string) (schemahistory.Version, error) {
	text, err := schemaText(def)
	if err != nil {
		return schemahistory.Version{}, err
	}
	v := schemahistory.Version{Schema: text, Changes: changes}
	v.Describes(def)
	return tx.stampVersion(h, v)
}

// stampVersion gives a version its number, id and time.
func (tx *Tx) stampVersion(h *schemahistory.History, v schemahistory.Version) (schemahistory.Version, error) {
	id, err := uuid.NewRandom()
	v.ID, v.Number, v.CreatedAt = id, h.Last()+1, tx.db.Now().UnixMicro()
	return v, err
}

// schemaText gives the Arrow-JSON of a table's schema.
func schemaText(def *schemahistory.TableDefinition) (string, error) {
	s, err := arrowjson.SchemaOf(def.ArrowSchema())
	if err != nil {
		return "", err
	}
	return s.JSON(), nil
}

// keep appends versions, in order, to the history of a name, to the record, and unless they are there to the rows of system.table_schemas.
func (tx *Tx) keep(schemas *txTable, name schemahistory.Name, withRows bool, versions ...schemahistory.Version) error {
	h, err := tx.History(name).Append(name, versions...)
	if err != nil {
		return err
	}
	if withRows {
		if err := addVersionRows(schemas, name, versions); err != nil {
			return err
		}
	}
	tx.setHistory(name, h)
	for i := range versions {
		dst, at := beginOp(tx.record, opVersion)
		tx.record = endOp(appendVersion(dst, name, &versions[i]), at)
		if err := tx.recorded(); err != nil {
			return err
		}
	}
	return nil
}

// addVersionRows appends versions to the rows of system.table_schemas, which the log does not have: a recovery makes them of the versions.
func addVersionRows(schemas *txTable, name schemahistory.Name, versions []schemahistory.Version) error {
	b, err := versionRows(schemas.def, name, versions)
	if err != nil {
		return err
	}
	if c := schemas.hot.Append(b, &schemas.gone); c != nil {
		return duplicateKey(schemas.def, c.Key, b, c.Row)
	}
	return nil
}

// versionRows gives versions as rows of system.table_schemas.
func versionRows(def *schemahistory.TableDefinition, name schemahistory.Name, versions []schemahistory.Version) (*vec.Batch, error) {
	rows := make([]*tables.TableSchema, len(versions))
	for i := range versions {
		rows[i] = versionRow(name, &versions[i])
	}
	return tables.BatchOf(def, rows)
}

func versionRow(name schemahistory.Name, v *schemahistory.Version) *tables.TableSchema {
	return &tables.TableSchema{
		SchemaID: v.ID, NamespaceID: name.Namespace, TableName: name.Table, SchemaVersion: v.Number, SchemaJSON: v.Schema, CreatedAt: tables.Time(v.CreatedAt),
	}
}

// keepFirst keeps the version of a table that has none: it was made before versions were kept, and they were not filled in.
func (tx *Tx) keepFirst(schemas *txTable, def *schemahistory.TableDefinition) error {
	if tx.History(def.Name).Last() > 0 {
		return nil
	}
	v, err := tx.newVersion(nil, def, "as it was before versions were kept")
	if err != nil {
		return err
	}
	return tx.keep(schemas, def.Name, true, v)
}

// createdTable is what changed in a table's first version.
const createdTable = "created the table"

// keepCreated keeps the version of a new table, and gives its number.
func (tx *Tx) keepCreated(schemas *txTable, def *schemahistory.TableDefinition) (int64, error) {
	if err := tx.settleVersions(); err != nil {
		return 0, err
	}
	h, changes := tx.History(def.Name), createdTable
	if h.Last() > 0 {
		changes = createdTable + " anew"
	}
	v, err := tx.newVersion(h, def, changes)
	if err != nil {
		return 0, err
	}
	return v.Number, tx.keep(schemas, def.Name, true, v)
}

// keepChanged keeps the version that a change of a definition makes, and gives its number. No changes in words, and no other name, make none.
func (tx *Tx) keepChanged(schemas *txTable, old, next *schemahistory.TableDefinition, changes string) (int64, error) {
	if changes == "" && old.Name == next.Name {
		return old.Version, nil
	}
	if err := tx.settleVersions(); err != nil {
		return 0, err
	}
	if err := tx.keepFirst(schemas, old); err != nil {
		return 0, err
	}
	if old.Name != next.Name {
		changes = cmp.Or(changes, "renamed from "+old.Name.String())
		if err := tx.takeAlong(schemas, old.Name, next.Name); err != nil {
			return 0, err
		}
	}
	v, err := tx.newVersion(tx.History(next.Name), next, changes)
	if err != nil {
		return 0, err
	}
	return v.Number, tx.keep(schemas, next.Name, true, v)
}

// keepDropped keeps the last version of a table.
func (tx *Tx) keepDropped(schemas *txTable, def *schemahistory.TableDefinition) error {
	if err := tx.settleVersions(); err != nil {
		return err
	}
	if err := tx.keepFirst(schemas, def); err != nil {
		return err
	}
	return tx.keepLast(schemas, def.Name, "dropped the table")
}

// keepLast keeps a version with the schema of the one before.
func (tx *Tx) keepLast(schemas *txTable, name schemahistory.Name, changes string) error {
	h := tx.History(name)
	last := h.Versions[h.Last()-1]
	v, err := tx.stampVersion(h, schemahistory.Version{
		Schema: last.Schema, Changes: changes, Columns: last.Columns, Types: last.Types, Ordinals: last.Ordinals,
	})
	if err != nil {
		return err
	}
	return tx.keep(schemas, name, true, v)
}

// takeAlong moves the history of a table that is renamed to its new name. When that has one already, of a table that was dropped, each keeps its own.
func (tx *Tx) takeAlong(schemas *txTable, from, to schemahistory.Name) error {
	if tx.History(to).Last() > 0 {
		return tx.keepLast(schemas, from, "renamed to "+to.String())
	}
	h := tx.History(from)
	if err := moveVersionRows(schemas, h, to); err != nil {
		return err
	}
	tx.setHistory(from, nil)
	tx.setHistory(to, h.Renamed(to))
	dst, at := beginOp(tx.record, opMoveVersions)
	tx.record = endOp(appendName(appendName(dst, from), to), at)
	return tx.recorded()
}

// moveVersionRows gives the rows of a history another name.
func moveVersionRows(schemas *txTable, h *schemahistory.History, to schemahistory.Name) error {
	for _, id := range versionRowIDs(schemas.table, h) {
		if id != 0 {
			schemas.gone.add(id)
		}
	}
	return addVersionRows(schemas, to, h.Versions)
}

// versionRowIDs finds the rows of a history; 0 for what is none.
func versionRowIDs(schemas *table, h *schemahistory.History) []tables.RowID {
	keys := vec.New(schemas.def.Columns[schemas.def.Keys[0].Columns[0]].Type, len(h.Versions))
	for i, v := range h.Versions {
		keys.UUIDs[i] = v.ID
	}
	ids := make([]tables.RowID, keys.N)
	schemas.hot.Find(0, []*vec.Vec{keys}, ids)
	return ids
}

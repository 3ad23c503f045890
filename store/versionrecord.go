package store

import (
	"encoding/binary"
	"maps"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

func appendName(dst []byte, n schemahistory.Name) []byte {
	return appendText(appendText(dst, n.Namespace), n.Table)
}

func readName(d *wire) schemahistory.Name {
	return schemahistory.Name{Namespace: d.text(), Table: d.text()}
}

// appendVersion appends a version of the schema under a name, in the order of the struct's fields: the id's 16 bytes, numbers as varints, the number of
// columns plus one, 0 when they are not known; then, where they are known, the types, and behind them, likewise, the ordinals, with which the operation ends.
func appendVersion(dst []byte, name schemahistory.Name, v *schemahistory.Version) []byte {
	dst = append(appendName(dst, name), v.ID[:]...)
	dst = binary.AppendVarint(binary.AppendVarint(dst, v.Number), v.CreatedAt)
	dst = appendText(appendText(dst, v.Schema), v.Changes)
	if v.Columns == nil {
		dst = append(dst, 0)
	} else {
		dst = binary.AppendUvarint(dst, uint64(len(v.Columns))+1)
	}
	for _, id := range v.Columns {
		dst = binary.AppendVarint(dst, int64(id))
	}
	if v.Types == nil {
		return dst
	}
	dst = appendTexts(dst, v.Types)
	if v.Ordinals == nil {
		return dst
	}
	dst = binary.AppendUvarint(dst, uint64(len(v.Ordinals)))
	for _, n := range v.Ordinals {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	return dst
}

func readVersion(d *wire) (name schemahistory.Name, v schemahistory.Version) {
	name = readName(d)
	copy(v.ID[:], d.take(len(v.ID)))
	v.Number, v.CreatedAt = d.varint(), d.varint()
	v.Schema, v.Changes = d.text(), d.text()
	n := d.uvarint()
	if n > uint64(len(d.src))+1 {
		d.fail("%d columns in %d bytes", n-1, len(d.src))
		return name, v
	}
	if n > 0 {
		v.Columns = make([]int32, n-1)
	}
	for i := range v.Columns {
		v.Columns[i] = int32(d.varint())
	}
	if len(d.src) > 0 && d.err == nil { // the types were not kept at first
		v.Types = readTexts(d)
	}
	if len(d.src) > 0 && d.err == nil { // nor were the ordinals
		v.Ordinals = make([]int32, d.count(1))
		for i := range v.Ordinals {
			v.Ordinals[i] = int32(d.uvarint())
		}
	}
	return name, v
}

// versionOrder is the versions as a recovery meets them: which rows system.table_schemas has, and in which order.
type versionOrder struct {
	name   schemahistory.Name
	number int64
}

// version appends a version; an error in the log or the checkpoint is one of its numbers.
func (r *replayer) version(d *wire) error {
	name, v := readVersion(d)
	if d.err != nil {
		return d.err
	}
	old, n := r.histories[name], len(r.order)
	if v.Number != old.Last()+1 {
		return badRecord("version %d of the schema of %s comes after version %d", v.Number, name, old.Last())
	}
	r.putVersion(name, v)
	r.undo = append(r.undo, func() { r.order = r.order[:n]; r.putHistory(name, old) })
	if r.live {
		r.order = r.order[:n] // the rows are made now, and not when all has been read
		r.later = append(r.later, func() error { return r.addVersionRows(name, []schemahistory.Version{v}) })
	}
	return nil
}

// moveVersions moves a history from one name to another.
func (r *replayer) moveVersions(d *wire) error {
	from, to := readName(d), readName(d)
	if d.err != nil {
		return d.err
	}
	h, order := r.histories[from], r.order
	if h == nil || r.histories[to] != nil {
		return badRecord("the versions of %s cannot become those of %s", from, to)
	}
	r.order = make([]versionOrder, 0, len(order))
	for _, o := range order {
		if o.name != from {
			r.order = append(r.order, o)
		}
	}
	for _, v := range h.Versions {
		r.order = append(r.order, versionOrder{to, v.Number})
	}
	r.putHistory(from, nil)
	r.putHistory(to, h.Renamed(to))
	r.undo = append(r.undo, func() { r.order = order; r.putHistory(to, nil); r.putHistory(from, h) })
	if r.live {
		r.order = order
		r.later = append(r.later, func() error { return r.moveVersionRows(h, to) })
	}
	return nil
}

// addVersionRows appends versions to the rows of system.table_schemas, for a reader that follows the log.
func (r *replayer) addVersionRows(name schemahistory.Name, versions []schemahistory.Version) error {
	if r.db.tables[tables.TableSchemasTable] == nil {
		return nil
	}
	t, err := r.touch(tables.TableSchemasTable)
	if err != nil {
		return err
	}
	b, err := versionRows(t.def, name, versions)
	if err != nil {
		return err
	}
	if c := t.hot.Append(b, t); c != nil {
		return duplicateKey(t.def, c.Key, b, c.Row)
	}
	return nil
}

// moveVersionRows gives the rows of a history another name.
func (r *replayer) moveVersionRows(h *schemahistory.History, to schemahistory.Name) error {
	if r.db.tables[tables.TableSchemasTable] == nil {
		return nil
	}
	t, err := r.touch(tables.TableSchemasTable)
	if err != nil {
		return err
	}
	ids := versionRowIDs(t.table, h)
	for _, id := range ids {
		if id != 0 {
			t.dead = append(t.dead, id)
		}
	}
	return r.addVersionRows(to, h.Versions)
}

// putVersion appends a version to the history of a name.
func (r *replayer) putVersion(name schemahistory.Name, v schemahistory.Version) {
	h := &schemahistory.History{Name: name}
	if old := r.histories[name]; old != nil {
		h.Versions = old.Versions
	}
	h.Versions = append(h.Versions, v) // in place: nobody else has the array yet but who would undo this
	r.putHistory(name, h)
	r.order = append(r.order, versionOrder{name, v.Number})
}

func (r *replayer) putHistory(name schemahistory.Name, h *schemahistory.History) {
	if r.live && !r.ownHistories {
		r.histories, r.ownHistories = maps.Clone(r.histories), true
	}
	if r.histories == nil {
		r.histories = histories{}
	}
	if h == nil {
		delete(r.histories, name)
		return
	}
	r.histories[name] = h
}

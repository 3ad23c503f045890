package tables

import (
	"slices"

	"github.com/stoadb/stoa/schemahistory"
)

// SetDefinition goes on under another version of the definition: rows there are keep their columns, by ID. Values are read under a column's new type when
// it widens the old one. A key whose columns are those of a key there was keeps its index, any other is indexed anew; the store has checked that
// the rows satisfy them.
func (t *Table) SetDefinition(def *schemahistory.TableDefinition) {
	if !t.layout.fits(def) {
		t.closeLast()
		t.layout = newLayout(def)
		if n := len(t.segs); n > 0 && t.segs[n-1].layout.fits(def) { // a change that is taken back
			t.layout = t.segs[n-1].layout
		}
	}
	old := t.def
	t.def = def
	t.setKeys(old)
}

// setKeys makes the indexes those of the definition, with what can be taken over from the one before.
func (t *Table) setKeys(old *schemahistory.TableDefinition) {
	before, taken := t.keys, make([]int, len(t.keys)) // taken: where each index goes
	for i := range taken {
		taken[i] = -1
	}
	t.reading = nil
	t.keys = make([]*keyIndex, len(t.def.Keys))
	for i, k := range t.def.Keys {
		at := 0
		for at < len(before) && (taken[at] >= 0 || !sameKey(old, old.Keys[at], t.def, k)) {
			at++
		}
		if at == len(before) {
			t.keys[i] = newKeyIndex(k.Columns)
			continue
		}
		x := *before[at]
		x.cols, taken[at] = k.Columns, i
		t.keys[i] = &x
	}
	for i := range t.replaced {
		if r := &t.replaced[i]; r.key >= 0 {
			r.key = taken[r.key]
		}
	}
	for i := range t.keys {
		if t.indexed && !slices.Contains(taken, i) {
			t.reindex(i, sizeFor(t.alive))
		}
	}
}

// sameKey tells whether two keys have the same columns, by ID.
func sameKey(a *schemahistory.TableDefinition, k schemahistory.Key, b *schemahistory.TableDefinition, l schemahistory.Key) bool {
	return slices.EqualFunc(k.Columns, l.Columns, func(x, y int) bool { return a.Columns[x].ID == b.Columns[y].ID })
}

// cleared is what Clear took away, so that it can be put back.
type cleared struct {
	def      *schemahistory.TableDefinition
	layout   *layout
	segs     []*segment
	keys     []*keyIndex
	replaced []replacement
	alive    int
	doomed   int
}

// Clear takes all rows away, at once and however many: to the writer the table is empty, and its keys are free. Views that there are keep the rows.
// Commit makes it final; Rollback to a mark from before takes it back. It gives an id that is above those of the rows it took away and not above
// any to come: who keeps ids of the running edit's own deletes can so tell that these rows are gone.
func (t *Table) Clear() RowID {
	t.closeLast()
	t.cleared = append(t.cleared, cleared{
		def: t.def, layout: t.layout, segs: t.segs, keys: t.keys, replaced: t.replaced, alive: t.alive, doomed: t.doomed,
	})
	t.segs, t.replaced, t.alive, t.doomed = nil, nil, 0, 0
	t.resetKeys()
	return HotID(t.nextNumber, 0)
}

// unclear takes back all but the first n of the running edit's Clears.
func (t *Table) unclear(n int) {
	for len(t.cleared) > n {
		c := t.cleared[len(t.cleared)-1]
		t.cleared = t.cleared[:len(t.cleared)-1]
		t.drop(t.segs)
		t.def, t.layout, t.segs, t.keys, t.replaced, t.alive, t.doomed = c.def, c.layout, c.segs, c.keys, c.replaced, c.alive, c.doomed
		t.reading = nil
	}
}

// forgetCleared makes the running edit's Clears final.
func (t *Table) forgetCleared() {
	for _, c := range t.cleared {
		t.drop(c.segs)
	}
	clear(t.cleared)
	t.cleared = t.cleared[:0]
}

package exec

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// ON CONFLICT takes the proposed rows one after the other: each meets the rows that those before it have put there. Batches are worked on as a whole as far
// as that makes no difference.

// addOrSkip inserts the rows that conflict with none: ON CONFLICT DO NOTHING.
func (w *inserter) addOrSkip(b *vec.Batch) error {
	if err := w.tx.Check(w.def.Name, b); err != nil {
		return err
	}
	existing, err := w.conflicts(b)
	if err != nil {
		return err
	}
	var fresh []int32
	for i, id := range existing {
		if id == 0 {
			fresh = append(fresh, int32(i))
		}
	}
	return w.put(b.Gather(fresh))
}

// addOrUpdate inserts the rows that conflict with none, and updates those that the others conflict with: ON CONFLICT DO UPDATE.
func (w *inserter) addOrUpdate(b *vec.Batch) error {
	for b.N > 0 {
		part := b
		if w.changesKeys() {
			part = b.Slice(0, 1)
		}
		if err := w.tx.Check(w.def.Name, part); err != nil {
			return err
		}
		existing, err := w.conflicts(part)
		if err != nil {
			return err
		}
		n := distinctPrefix(existing)
		if err := w.resolve(part.Slice(0, n), existing[:n]); err != nil {
			return err
		}
		b = b.Slice(n, b.N)
	}
	return nil
}

// changesKeys tells whether what becomes of a row can depend on what became of another one with another key: because there are other keys to
// violate, or because an update changes one.
func (w *inserter) changesKeys() bool {
	if len(w.def.Keys) > 1 {
		return true
	}
	return slices.ContainsFunc(w.conflict.Keys[0].Columns, func(c int) bool { return w.conflict.Update[c] != nil })
}

// distinctPrefix gives the number of rows, from the first on, that concern different rows of the table.
func distinctPrefix(existing []tables.RowID) int {
	seen := make(map[tables.RowID]bool, len(existing))
	for i, id := range existing {
		if id == sameBatch || id != 0 && seen[id] {
			return i
		}
		seen[id] = true
	}
	return len(existing)
}

// resolve does what ON CONFLICT DO UPDATE says to rows that concern different rows of the table: existing has for each the one that it conflicts with, or 0.
func (w *inserter) resolve(b *vec.Batch, existing []tables.RowID) error {
	if w.ret.clause != nil {
		return w.resolveInOrder(b, existing)
	}
	var fresh, taken []int32
	var ids []tables.RowID
	for i, id := range existing {
		if id == 0 {
			fresh = append(fresh, int32(i))
		} else {
			taken, ids = append(taken, int32(i)), append(ids, id)
		}
	}
	if err := w.putNew(b.Gather(fresh)); err != nil {
		return err
	}
	return w.updateExisting(b.Gather(taken), ids)
}

// resolveInOrder does so run by run of rows of the same fate, since RETURNING gives the rows in the order in which they were proposed.
func (w *inserter) resolveInOrder(b *vec.Batch, existing []tables.RowID) error {
	for lo, hi := 0, 0; lo < b.N; lo = hi {
		for hi = lo + 1; hi < b.N && (existing[hi] == 0) == (existing[lo] == 0); hi++ {
		}
		var err error
		if run := b.Slice(lo, hi); existing[lo] == 0 {
			err = w.putNew(run)
		} else {
			err = w.updateExisting(run, existing[lo:hi])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sameBatch stands for a row further up in the batch at hand.
const sameBatch = ^tables.RowID(0)

// conflicts gives for each row the row that it conflicts with by one of the keys, 0 for none. A row that conflicts is not put there, so that it is
// no conflict for those after it.
func (w *inserter) conflicts(b *vec.Batch) ([]tables.RowID, error) {
	out, keys := make([]tables.RowID, b.N), make([][]*vec.Vec, len(w.conflict.Keys))
	for k, key := range w.conflict.Keys {
		keys[k] = keyColumns(b, key)
		found, err := w.tx.Find(w.def.Name, key, keys[k])
		if err != nil {
			return nil, err
		}
		for i, id := range found {
			if out[i] == 0 {
				out[i] = id
			}
		}
	}
	seen := make([]map[string]bool, len(keys))
	for k := range seen {
		seen[k] = map[string]bool{}
	}
	values := make([][]byte, len(keys))
	for i := range out {
		if out[i] != 0 {
			continue
		}
		for k := range keys {
			var null bool
			if values[k], null = keyOf(values[k][:0], keys[k], i); null {
				values[k] = values[k][:0]
			} else if seen[k][string(values[k])] {
				out[i] = sameBatch
			}
		}
		for k := range keys {
			if out[i] == 0 && len(values[k]) > 0 {
				seen[k][string(values[k])] = true
			}
		}
	}
	return out, nil
}

func keyColumns(b *vec.Batch, key schemahistory.Key) []*vec.Vec {
	cols := make([]*vec.Vec, len(key.Columns))
	for i, c := range key.Columns {
		cols[i] = b.Cols[c]
	}
	return cols
}

// keyOf gives a row's key, and whether part of it is NULL: such a key conflicts with none.
func keyOf(key []byte, cols []*vec.Vec, i int) ([]byte, bool) {
	for _, c := range cols {
		if c.IsNull(i) {
			return key, true
		}
		key = vec.AppendKey(key, c, i)
	}
	return key, false
}

// putNew inserts rows and notes them, so that the statement does not change them a second time.
func (w *inserter) putNew(b *vec.Batch) error {
	if b.N == 0 {
		return nil
	}
	if err := w.put(b); err != nil {
		return err
	}
	if w.touched == nil {
		w.touched = map[tables.RowID]bool{}
	}
	key := w.conflict.Keys[0]
	ids, err := w.tx.Find(w.def.Name, key, keyColumns(b, key))
	for _, id := range ids {
		w.touched[id] = true
	}
	return err
}

// updateExisting changes the rows that b's rows conflict with.
func (w *inserter) updateExisting(b *vec.Batch, ids []tables.RowID) error {
	for _, id := range ids {
		if w.touched[id] {
			return sqlstate.New(sqlstate.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
				WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
		}
	}
	if b.N == 0 {
		return nil
	}
	all := make([]int, len(w.def.Columns))
	for i := range all {
		all[i] = i
	}
	old, err := w.tx.Rows(w.def.Name, ids, all)
	if err != nil {
		return err
	}
	both := &vec.Batch{N: b.N, Cols: append(append([]*vec.Vec{}, old.Cols...), b.Cols...)}
	ctx := w.stmt.eval()
	if w.conflict.Where != nil {
		v, err := w.conflict.Where.Eval(ctx, both)
		if err != nil {
			return err
		}
		sel := exprs.Selection(v, nil)
		kept := make([]tables.RowID, len(sel))
		for i, r := range sel {
			kept[i] = ids[r]
		}
		both, ids = both.Gather(sel), kept
	}
	if both.N == 0 {
		return nil
	}
	changed := &vec.Batch{N: both.N, Cols: make([]*vec.Vec, len(all))}
	for i := range all {
		changed.Cols[i] = both.Cols[i]
		if e := w.conflict.Update[i]; e != nil {
			if changed.Cols[i], err = e.Eval(ctx, both); err != nil {
				return err
			}
		}
	}
	if err := w.tx.Delete(w.def.Name, ids); err != nil {
		return err
	}
	return w.putNew(changed)
}

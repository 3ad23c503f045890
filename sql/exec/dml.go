package exec

import (
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// returned collects the rows of a RETURNING clause.
type returned struct {
	clause *bind.Returning
	ctx    *exprs.Ctx
	rows   []*vec.Batch
}

// add computes the clause for changed rows, given as the table's columns.
func (r *returned) add(b *vec.Batch) error {
	if r.clause == nil || b.N == 0 {
		return nil
	}
	out := &vec.Batch{N: b.N}
	for _, e := range r.clause.Exprs {
		v, err := e.Eval(r.ctx, b)
		if err != nil {
			return err
		}
		out.Cols = append(out.Cols, v)
	}
	r.rows = append(r.rows, out)
	return nil
}

// result gives the rows, if they were asked for, and the tag.
func (r *returned) result(tag string) *Result {
	res := done(tag)
	if r.clause == nil {
		return res
	}
	res.Columns = []plan.Column{}
	for i, e := range r.clause.Exprs {
		res.Columns = append(res.Columns, plan.Column{Name: r.clause.Names[i], Type: e.Type()})
	}
	rows := r.rows
	res.next = func() (*vec.Batch, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		b := rows[0]
		rows = rows[1:]
		return b, nil
	}
	return res
}

// insert runs an INSERT.
func (s *statement) insert(st *parser.Insert) (*Result, error) {
	var count int64
	ret := &returned{ctx: s.eval()}
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		ins, err := s.binder(tx.Snapshot()).Insert(st)
		if err != nil {
			return err
		}
		ret.clause = ins.Returning
		w := &inserter{stmt: s, tx: tx, def: ins.Def, conflict: ins.Conflict, ret: ret}
		if err := s.each(ins.Source, w.add); err != nil {
			return err
		}
		count = w.count
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ret.result(fmt.Sprintf("INSERT 0 %d", count)), nil
}

// inserter adds batches of rows to a table.
type inserter struct {
	stmt     *statement
	tx       *store.Tx
	def      *schemahistory.TableDefinition
	conflict *bind.Conflict
	ret      *returned
	count    int64
	touched  map[tables.RowID]bool // rows that this statement has put there, for ON CONFLICT DO UPDATE
}

// add inserts a batch.
func (w *inserter) add(b *vec.Batch) error {
	if w.conflict != nil {
		return w.addOrResolve(b)
	}
	return w.put(b)
}

// put inserts rows of which none conflicts, or fails.
func (w *inserter) put(b *vec.Batch) error {
	if b.N == 0 {
		return nil
	}
	if err := guard(w.def, b); err != nil {
		return err
	}
	if err := w.tx.Insert(w.def.Name, b); err != nil {
		return err
	}
	w.count += int64(b.N)
	if w.stmt.session.Progress != nil {
		w.stmt.session.Progress(w.count)
	}
	return w.ret.add(b)
}

// addOrResolve inserts the rows that conflict with none, and does to the others what ON CONFLICT says.
func (w *inserter) addOrResolve(b *vec.Batch) error {
	if err := w.tx.Check(w.def.Name, b); err != nil {
		return err
	}
	existing, err := w.conflicts(b)
	if err != nil {
		return err
	}
	var fresh, taken []int32
	var ids []tables.RowID
	for i, id := range existing {
		switch {
		case id == 0:
			fresh = append(fresh, int32(i))
		case w.conflict.Update != nil:
			taken, ids = append(taken, int32(i)), append(ids, id)
		}
	}
	if w.conflict.Update == nil {
		return w.put(b.Gather(fresh))
	}
	for _, id := range ids {
		if id == sameBatch || w.touched[id] {
			return sqlstate.New(sqlstate.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
				WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
		}
	}
	if w.ret.clause != nil {
		return w.resolveInOrder(b, existing)
	}
	return w.resolve(b.Gather(fresh), b.Gather(taken), ids)
}

// resolve inserts the fresh rows and updates those that the taken ones conflict with.
func (w *inserter) resolve(fresh, taken *vec.Batch, ids []tables.RowID) error {
	if err := w.put(fresh); err != nil {
		return err
	}
	if err := w.remember(fresh); err != nil {
		return err
	}
	return w.updateExisting(taken, ids)
}

// resolveInOrder does so run by run of rows of the same fate, since RETURNING gives the rows in the order in which they were proposed.
func (w *inserter) resolveInOrder(b *vec.Batch, existing []tables.RowID) error {
	for lo, hi := 0, 0; lo < b.N; lo = hi {
		for hi = lo + 1; hi < b.N && (existing[hi] == 0) == (existing[lo] == 0); hi++ {
		}
		run, none := b.Slice(lo, hi), b.Slice(0, 0)
		var err error
		if existing[lo] == 0 {
			err = w.resolve(run, none, nil)
		} else {
			err = w.resolve(none, run, existing[lo:hi])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sameBatch stands for a row further up in the batch at hand.
const sameBatch = ^tables.RowID(0)

// conflicts gives for each row the row that it conflicts with by one of the keys, 0 for none.
func (w *inserter) conflicts(b *vec.Batch) ([]tables.RowID, error) {
	out := make([]tables.RowID, b.N)
	for _, k := range w.conflict.Keys {
		cols := make([]*vec.Vec, len(k.Columns))
		for i, c := range k.Columns {
			cols[i] = b.Cols[c]
		}
		found, err := w.tx.Find(w.def.Name, k, cols)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		var key []byte
		for i := range out {
			if out[i] != 0 {
				continue
			}
			if found[i] != 0 {
				out[i] = found[i]
				continue
			}
			var null bool
			if key, null = keyOf(key[:0], cols, i); null {
				continue
			}
			if seen[string(key)] {
				out[i] = sameBatch
				continue
			}
			seen[string(key)] = true
		}
	}
	return out, nil
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

// remember notes the rows that were put there, so that the statement does not change them a second time.
func (w *inserter) remember(b *vec.Batch) error {
	if w.touched == nil {
		w.touched = map[tables.RowID]bool{}
	}
	if b.N == 0 {
		return nil
	}
	k := w.conflict.Keys[0]
	cols := make([]*vec.Vec, len(k.Columns))
	for i, c := range k.Columns {
		cols[i] = b.Cols[c]
	}
	ids, err := w.tx.Find(w.def.Name, k, cols)
	for _, id := range ids {
		w.touched[id] = true
	}
	return err
}

// updateExisting changes the rows that b's rows conflict with.
func (w *inserter) updateExisting(b *vec.Batch, ids []tables.RowID) error {
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
	if err := w.put(changed); err != nil {
		return err
	}
	return w.remember(changed)
}

// update runs an UPDATE: each row it changes dies and is put there anew.
func (s *statement) update(st *parser.Update) (*Result, error) {
	ret := &returned{ctx: s.eval()}
	var count int64
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		up, err := s.binder(tx.Snapshot()).Update(st)
		if err != nil {
			return err
		}
		ret.clause = up.Returning
		count, err = s.replace(tx, up.Def, up.Source, ret)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ret.result(fmt.Sprintf("UPDATE %d", count)), nil
}

// replace deletes the rows that a plan names in its last column and inserts those that it gives. All deaths come first, so that rows may exchange
// their keys.
func (s *statement) replace(tx *store.Tx, def *schemahistory.TableDefinition, source plan.Node, ret *returned) (int64, error) {
	var list []*vec.Batch
	err := s.each(source, func(b *vec.Batch) error {
		last := len(b.Cols) - 1
		rows := &vec.Batch{N: b.N, Cols: b.Cols[:last]}
		if err := guard(def, rows); err != nil {
			return err
		}
		list = append(list, rows)
		return tx.Delete(def.Name, rowIDs(b.Cols[last]))
	})
	if err != nil {
		return 0, err
	}
	var count int64
	for _, b := range list {
		if err := tx.Insert(def.Name, b); err != nil {
			return 0, err
		}
		count += int64(b.N)
		if err := ret.add(b); err != nil {
			return 0, err
		}
	}
	return count, nil
}

func rowIDs(v *vec.Vec) []tables.RowID {
	v = v.Flat()
	out := make([]tables.RowID, v.N)
	for i, x := range v.Ints {
		out[i] = tables.RowID(x)
	}
	return out
}

// delete runs a DELETE.
func (s *statement) delete(st *parser.Delete) (*Result, error) {
	ret := &returned{ctx: s.eval()}
	var count int64
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		del, err := s.binder(tx.Snapshot()).Delete(st)
		if err != nil {
			return err
		}
		ret.clause = del.Returning
		return s.each(del.Source, func(b *vec.Batch) error {
			last := len(b.Cols) - 1
			count += int64(b.N)
			if err := tx.Delete(del.Def.Name, rowIDs(b.Cols[last])); err != nil {
				return err
			}
			return ret.add(&vec.Batch{N: b.N, Cols: b.Cols[:last]})
		})
	})
	if err != nil {
		return nil, err
	}
	return ret.result(fmt.Sprintf("DELETE %d", count)), nil
}

// truncate deletes all rows of tables.
func (s *statement) truncate(st *parser.Truncate) (*Result, error) {
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		for _, t := range st.Tables {
			del, err := s.binder(tx.Snapshot()).Delete(&parser.Delete{Pos: st.Pos, Table: t})
			if err != nil {
				return err
			}
			err = s.each(del.Source, func(b *vec.Batch) error {
				return tx.Delete(del.Def.Name, rowIDs(b.Cols[len(b.Cols)-1]))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done("TRUNCATE TABLE"), nil
}

package exec

import (
	"fmt"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/copyio"
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
	return r.ctx.Reserve(scan.Bytes(out))
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
		if ins.Conflict != nil && ins.Def.ID == tableSchemasID {
			return sqlstate.New(sqlstate.FeatureNotSupported, "ON CONFLICT is not supported for %s", ins.Def.Name).At(int(st.OnConflict.Pos))
		}
		ret.clause = ins.Returning
		w := &inserter{stmt: s, tx: tx, def: ins.Def, conflict: ins.Conflict, ret: ret, counted: true}
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
	counted  bool // the rows are in the statement's budget: no file is there that bounds their number
	count    int64
	touched  map[tables.RowID]bool // rows that this statement has put there, for ON CONFLICT DO UPDATE

	place  func(row int) copyio.Place // of a row of the batch that COPY has read last
	places []copyio.Place             // of the rows that COPY has put into system.table_schemas, which may be refused at the end
}

// add inserts a batch.
func (w *inserter) add(b *vec.Batch) error {
	switch {
	case w.conflict == nil:
		return w.put(b)
	case w.conflict.Update == nil:
		return w.addOrSkip(b)
	default:
		return w.addOrUpdate(b)
	}
}

// put inserts rows of which none conflicts, or fails.
func (w *inserter) put(b *vec.Batch) error {
	if w.def.ID == tableSchemasID {
		b = w.unrecorded(b)
	}
	if b.N == 0 {
		return nil
	}
	if err := guard(w.def, b); err != nil {
		return err
	}
	if w.counted {
		if err := w.stmt.memory.Reserve(scan.Bytes(b) * 5 / 4); err != nil {
			return err
		}
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
		if err := s.memory.Reserve(scan.Bytes(rows)); err != nil {
			return err
		}
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

// truncate removes all rows of tables.
func (s *statement) truncate(st *parser.Truncate) (*Result, error) {
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		for _, t := range st.Tables {
			def, err := s.binder(tx.Snapshot()).Stored(t)
			if err != nil {
				return err
			}
			if err := tx.Clear(def.Name); err != nil {
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

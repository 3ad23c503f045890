package scan

import (
	"slices"
	"sync"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/tables"
)

// Hot rows whose key a condition names are found by the table's index: `job_id = …` and `job_id IN (…)` look at these rows instead of at all. Every condition
// is still evaluated on them. Of files, statistics
// and bloom filters do as much, and are not asked when the index has found all keys: no key has two rows.

// maxKeys bounds the list whose keys are looked up one by one.
const maxKeys = 1024

// hotUnits lists the hot rows as morsels, and tells whether files have no row that a condition on a key names.
func (t *Table) hotUnits(env *Env) (units []unit, complete bool) {
	segments := t.View.Hot.Segments()
	if ids, all, ok := t.rowsByKey(env); ok {
		return t.keyedUnits(env, ids, len(segments)), all
	}
	out := make([]unit, 0, len(segments))
	for i := range segments {
		m := &hotMorsel{seg: &segments[i]}
		out = append(out, t.hotUnit(m))
	}
	return out, false
}

func (t *Table) hotUnit(m morsel) unit {
	return unit{
		open: func(*readers) (morsel, error) { return m, nil },
		zone: func(col int) zone { return m.stats(t.Cols[col]) },
	}
}

// keyedUnits gives the rows that were found as one morsel, and counts the segments that none of them is in as skipped.
func (t *Table) keyedUnits(env *Env, ids []tables.RowID, segments int) []unit {
	if c := t.counters(env); c != nil {
		c.SegmentsSkipped.Add(int64(segments - min(1, len(ids))))
	}
	if len(ids) == 0 {
		return nil
	}
	return []unit{t.hotUnit(&keyedMorsel{view: t.View.Hot, ids: ids})}
}

// rowsByKey finds the hot rows that a condition on a key of one column leaves, in order of insertion, and tells whether all that it names are among them; ok is
// false when there is no such condition.
func (t *Table) rowsByKey(env *Env) (ids []tables.RowID, all, ok bool) {
	key, values := t.keyNamed(env)
	if values == nil {
		return nil, false, false
	}
	found := make([]tables.RowID, values.N)
	t.View.Hot.Find(key, []*vec.Vec{values}, found)
	all = !slices.Contains(found, 0)
	slices.Sort(found)
	found = slices.Compact(found)
	return slices.DeleteFunc(found, func(id tables.RowID) bool { return id == 0 }), all, true
}

// keyNamed finds a condition that names values of a key of one column; values is nil when there is none.
func (t *Table) keyNamed(env *Env) (key int, values *vec.Vec) {
	if env.NoPruning || t.View.Def != t.View.Hot.Def() {
		return 0, nil
	}
	p := &pruner{table: t, zone: env.Eval.Zone}
	for k, key := range t.View.Def.Keys {
		if len(key.Columns) != 1 {
			continue
		}
		for _, cond := range t.Conds {
			if values := p.keyValues(cond, key.Columns[0]); values != nil {
				return k, values
			}
		}
	}
	return 0, nil
}

// keySearch ends a scan for one key at the row that has it. Row groups that their bloom filters let through are read one at a time: the first of them has the
// row but for a false positive, and then no other need be read.
type keySearch struct {
	reading sync.Mutex
	found   bool
}

// search gives the search of a table of which a condition names one key; nil otherwise.
func (t *Table) search(env *Env) *keySearch {
	if _, values := t.keyNamed(env); values != nil && values.N == 1 {
		return &keySearch{}
	}
	return nil
}

// keyValues gives the values that a condition demands of a column, flat and of its type; nil when it demands something else.
func (p *pruner) keyValues(e exprs.Expr, col int) *vec.Vec {
	var list []*exprs.Const
	var arg exprs.Expr
	switch e := e.(type) {
	case *exprs.In:
		if e.Negated || len(e.List) != e.Len() || e.Len() > maxKeys {
			return nil
		}
		arg, list = e.Arg, e.List
	case *exprs.Call:
		if len(e.Args) != 2 || e.Fn.Name != "=" {
			return nil
		}
		left, right := e.Args[0], e.Args[1]
		if _, ok := left.(*exprs.Const); ok {
			left, right = right, left
		}
		c, ok := right.(*exprs.Const)
		if !ok {
			return nil
		}
		arg, list = left, []*exprs.Const{c}
	default:
		return nil
	}
	if p.column(arg) != col || p.table.View.Def.Columns[col].Type != arg.Type() || !keyedByIndex(arg.Type()) {
		return nil
	}
	b := vec.NewBuilder(arg.Type(), len(list))
	for _, c := range list {
		if c.Type() != arg.Type() {
			return nil
		}
		if !c.IsNull() {
			b.AppendRow(c.V, 0)
		}
	}
	return b.Snapshot()
}

// keyedByIndex tells whether values of a type are equal just when they look alike.
func keyedByIndex(t arrowschema.Type) bool {
	switch t.Physical() {
	case arrowschema.UUIDs, arrowschema.Ints:
		return true
	case arrowschema.Strings:
		return t != arrowschema.JSONB
	}
	return false
}

// keyedMorsel is some hot rows, all of them visible, that are fetched column by column.
type keyedMorsel struct {
	view *tables.View
	ids  []tables.RowID
}

func (m *keyedMorsel) rows() int                     { return len(m.ids) }
func (m *keyedMorsel) allLive() bool                 { return true }
func (m *keyedMorsel) stats(int) zone                { return zone{nulls: -1, rows: int64(len(m.ids))} }
func (m *keyedMorsel) mayContain(int, *vec.Vec) bool { return true }
func (m *keyedMorsel) rowID(offset int32) int64      { return int64(m.ids[offset]) }
func (m *keyedMorsel) leave(*Counters)               {}
func (m *keyedMorsel) column(i int) (*vec.Vec, error) {
	b, err := m.view.Fetch(m.ids, []int{i})
	if err != nil {
		return nil, err
	}
	return b.Cols[0], nil
}

func (m *keyedMorsel) live(lo, hi int, sel []int32) []int32 {
	for i := lo; i < hi; i++ {
		sel = append(sel, int32(i))
	}
	return sel
}

package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// distinctRows is the rows of an aggregate with DISTINCT: group and arguments, each combination once. The aggregate sees them when all are known.
type distinctRows struct {
	table   *groupTable // the arguments, and then the group where there are groups
	grouped bool
	union   *groupUnion // of the tables of all workers, when they are done
	row     []*vec.Vec
	numbers []int64
}

func newDistinctRows(args []exprs.Expr, grouped bool) *distinctRows {
	var types []arrowschema.Type
	for _, a := range args {
		types = append(types, a.Type())
	}
	if grouped {
		types = append(types, arrowschema.Int8)
	}
	return &distinctRows{table: newGroupTable(types), grouped: grouped}
}

// add takes rows in, but those that are left out.
func (d *distinctRows) add(groups []uint32, keep []uint8, args []*vec.Vec, n int) {
	d.row = append(d.row[:0], args...)
	if d.grouped {
		d.numbers = d.numbers[:0]
		for _, g := range groups {
			d.numbers = append(d.numbers, int64(g))
		}
		d.row = append(d.row, vec.NewFlat(arrowschema.Int8, d.numbers, nil))
	}
	d.table.lookup(n, d.table.high, d.row, keep)
}

// merge adds the rows of other workers, and gives the memory that it reserved, even when it fails. union has their groups.
func (d *distinctRows) merge(env *Env, others []*distinctRows, union *groupUnion) (held int64, err error) {
	tables := []*groupTable{d.table}
	for i, o := range others {
		if !d.grouped {
			tables = append(tables, o.table)
			continue
		}
		grown, err := d.enter(env, o, union.into[i+1])
		if held += grown; err != nil {
			return held, err
		}
	}
	d.union, err = env.unite(tables)
	return held + d.union.bytes, err
}

// enter adds the rows of another worker, whose group g is group into[g] here: its rows are others then, and are not found in its table. It gives the memory
// by which the table grew, reserved even when it fails.
func (d *distinctRows) enter(env *Env, other *distinctRows, into []uint32) (grown int64, err error) {
	if err := env.Memory.Spare(other.table.valueBytes()); err != nil {
		return 0, err
	}
	rows := other.table.values()
	last := rows[len(rows)-1]
	moved := make([]int64, last.N)
	for i, g := range last.Ints {
		moved[i] = int64(into[g])
	}
	rows[len(rows)-1] = vec.NewFlat(arrowschema.Int8, moved, nil)
	before := d.table.bytes()
	if _, err := d.table.mergeRows(env, rows, other.table.first); err != nil {
		return 0, err
	}
	grown = d.table.bytes() - before
	return grown, env.Memory.Reserve(grown)
}

// feed gives the rows to an aggregate.
func (d *distinctRows) feed(env *Env, state exprs.State) error {
	for t, rows := range d.union.keys {
		for lo := 0; lo < rows.N; lo += sortRun {
			if err := env.cancelled(); err != nil {
				return err
			}
			if err := d.feedPart(state, t, lo, min(lo+sortRun, rows.N)); err != nil {
				return err
			}
		}
	}
	return nil
}

// feedPart gives an aggregate those of rows [lo, hi) of a table that no other table has.
func (d *distinctRows) feedPart(state exprs.State, table, lo, hi int) error {
	part := d.union.keys[table].Slice(lo, hi)
	sel := make([]int32, 0, part.N)
	for i := range part.N {
		if d.union.holds(table, lo+i) {
			sel = append(sel, int32(i))
		}
	}
	if len(sel) < part.N {
		part = part.Gather(sel)
	}
	args := part.Cols
	var groups []uint32
	if d.grouped {
		groups = make([]uint32, part.N)
		for i, g := range args[len(args)-1].Ints {
			groups[i] = uint32(g)
		}
		args = args[:len(args)-1]
	}
	return state.Update(groups, args, part.N)
}

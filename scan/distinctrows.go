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

// merge adds the rows of another worker, whose group g is group into[g] here.
func (d *distinctRows) merge(env *Env, other *distinctRows, into []uint32) error {
	if err := env.Memory.Spare(other.table.valueBytes()); err != nil {
		return err
	}
	rows := other.table.values()
	if d.grouped {
		last := rows[len(rows)-1]
		moved := make([]int64, last.N)
		for i, g := range last.Ints {
			moved[i] = int64(into[g])
		}
		rows[len(rows)-1] = vec.NewFlat(arrowschema.Int8, moved, nil)
	}
	_, err := d.table.mergeRows(env, rows, other.table.first)
	return err
}

// feed gives the rows to an aggregate.
func (d *distinctRows) feed(env *Env, state exprs.State) error {
	if err := env.Memory.Spare(d.table.valueBytes()); err != nil {
		return err
	}
	rows, total := d.table.values(), d.table.size()
	for lo := 0; lo < total; lo += sortRun {
		if err := env.cancelled(); err != nil {
			return err
		}
		hi := min(lo+sortRun, total)
		part := make([]*vec.Vec, len(rows))
		for i, v := range rows {
			part[i] = v.Slice(lo, hi)
		}
		var groups []uint32
		if d.grouped {
			groups = make([]uint32, hi-lo)
			for i, g := range part[len(part)-1].Ints {
				groups[i] = uint32(g)
			}
			part = part[:len(part)-1]
		}
		if err := state.Update(groups, part, hi-lo); err != nil {
			return err
		}
	}
	return nil
}

package scan

import (
	"cmp"
	"slices"

	"github.com/stoadb/stoa/exprs/vec"
)

// groupUnion is the groups of several tables, each once. Those of the first table keep their numbers; what only a later one has follows.
//
// The tables stay as they are: the groups of each are looked up in those before it, by all workers at the same time, and entered nowhere, which costs a
// fraction of growing one table that has them all. Of k workers no group is looked up more than k-1 times, nearly all of those that are common once.
//
// Where a table logs its keys, no table can be asked, and no group keeps its number: see parts.
type groupUnion struct {
	tables []*groupTable
	keys   []*vec.Batch // the groups of each table
	into   [][]uint32   // the numbers that the groups of each table have; nil where they keep their own
	first  []uint64     // where group g was first seen
	from   []place      // the table and its group that have the key as it looked there; nil for a single table
	bytes  int64        // memory held beside the tables
}

// unite numbers the groups of some tables together. The caller has reserved the union's bytes then, even when it fails.
func (env *Env) unite(tables []*groupTable) (*groupUnion, error) {
	u := &groupUnion{tables: tables, keys: make([]*vec.Batch, len(tables)), into: make([][]uint32, len(tables)), first: tables[0].first}
	const perGroup = 20 // of into, first and from
	for _, t := range tables {
		u.bytes += t.valueBytes()
		if len(tables) > 1 {
			u.bytes += int64(t.size()) * perGroup
		}
	}
	if err := env.Memory.Reserve(u.bytes); err != nil {
		return u, err
	}
	err := env.tasks(len(tables), func(i int) error {
		u.keys[i] = &vec.Batch{N: tables[i].size(), Cols: tables[i].values()}
		return nil
	})
	if err != nil {
		return u, err
	}
	if slices.ContainsFunc(tables, func(t *groupTable) bool { return t.log != nil }) {
		return u, u.parts(env)
	}
	if len(tables) == 1 {
		return u, nil
	}
	total := 0
	for _, t := range tables {
		total += t.size()
	}
	u.first, u.from = append(make([]uint64, 0, total), u.first...), make([]place, len(u.first), total)
	for g := range u.from {
		u.from[g].row = int32(g)
	}
	for i := range tables[1:] {
		if err := u.add(env, i+1); err != nil {
			return u, err
		}
	}
	return u, nil
}

// add adds the groups of a table.
func (u *groupUnion) add(env *Env, at int) error {
	keys := u.keys[at]
	into := make([]uint32, keys.N)
	err := env.tasks((keys.N+sortRun-1)/sortRun, func(i int) error {
		lo, hi := i*sortRun, min((i+1)*sortRun, keys.N)
		u.find(keys.Slice(lo, hi), at, into[lo:hi])
		return nil
	})
	if err != nil {
		return err
	}
	u.into[at] = into
	first := u.tables[at].first
	g := int32(0)
	return strides(env, into, func(into []uint32) {
		for i, to := range into {
			switch ord := first[g]; {
			case to == noGroup:
				into[i] = uint32(len(u.first))
				u.first, u.from = append(u.first, ord), append(u.from, place{int32(at), g})
			case ord < u.first[to]:
				u.first[to], u.from[to] = ord, place{int32(at), g}
			}
			g++
		}
	})
}

// find gives the numbers of keys that are groups of the tables before one, and noGroup for the others.
func (u *groupUnion) find(keys *vec.Batch, before int, out []uint32) {
	u.tables[0].known(keys, out)
	var rest []int32 // the rows not found so far
	for i := 1; i < before; i++ {
		rest = rest[:0]
		for r, g := range out {
			if g == noGroup {
				rest = append(rest, int32(r))
			}
		}
		if len(rest) == 0 {
			return
		}
		found := make([]uint32, len(rest))
		u.tables[i].known(keys.Gather(rest), found)
		for j, r := range rest {
			if found[j] != noGroup {
				out[r] = u.into[i][found[j]]
			}
		}
	}
}

// size gives the number of groups.
func (u *groupUnion) size() int { return len(u.first) }

// holds tells whether it is group g of a table that has the key as it was first seen.
func (u *groupUnion) holds(table, g int) bool {
	if u.from == nil {
		return true
	}
	return u.from[u.number(table, g)] == place{int32(table), int32(g)}
}

// order gives the groups in the order in which they were first seen, nil when they are in it. A worker sees its rows in order, mostly, and so its groups:
// those of the tables are merged.
func (u *groupUnion) order(env *Env) ([]int32, error) {
	if slices.IsSorted(u.first) {
		return nil, nil
	}
	runs := make([][]int32, len(u.tables))
	err := env.tasks(len(runs), func(i int) (err error) {
		runs[i], err = u.held(env, i)
		return err
	})
	if err != nil {
		return nil, err
	}
	compare := func(x, y int32) int { return cmp.Or(cmp.Compare(u.first[x], u.first[y]), cmp.Compare(x, y)) }
	for i, t := range u.tables {
		if !slices.IsSorted(t.first) {
			if runs[i], err = env.sortRows(runs[i], compare); err != nil {
				return nil, err
			}
		}
	}
	for len(runs) > 1 {
		merged := make([][]int32, (len(runs)+1)/2)
		err = env.tasks(len(merged), func(i int) error {
			if merged[i] = runs[2*i]; 2*i+1 == len(runs) {
				return nil
			}
			merged[i] = make([]int32, len(runs[2*i])+len(runs[2*i+1]))
			return env.merge(merged[i], runs[2*i], runs[2*i+1], compare)
		})
		if err != nil {
			return nil, err
		}
		runs = merged
	}
	return runs[0], nil
}

// held gives the numbers of the groups that were first seen by a table.
func (u *groupUnion) held(env *Env, table int) ([]int32, error) {
	first, g := u.tables[table].first, 0
	out := make([]int32, 0, len(first))
	err := strides(env, first, func(first []uint64) {
		for range first {
			if u.holds(table, g) {
				out = append(out, u.number(table, g))
			}
			g++
		}
	})
	return out, err
}

// number gives the number that a group of a table has.
func (u *groupUnion) number(table, g int) int32 {
	if u.into[table] == nil {
		return int32(g)
	}
	return int32(u.into[table][g])
}

// columns gives the key columns in an order, nil for that of the numbers.
func (u *groupUnion) columns(env *Env, order []int32) ([]*vec.Vec, error) {
	if order == nil && u.from == nil {
		return u.keys[0].Cols, nil
	}
	at := u.from
	if order != nil {
		at = make([]place, len(order))
	}
	for i, g := range order {
		at[i] = place{0, g}
		if u.from != nil {
			at[i] = u.from[g]
		}
	}
	out := make([]*vec.Vec, len(u.keys[0].Cols))
	return out, env.tasks(len(out), func(c int) (err error) {
		out[c], err = gather(env, u.keys, c, at)
		return err
	})
}

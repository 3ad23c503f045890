package scan

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/store"
)

// A file that cannot be opened, because it is missing or is not the one that was written, fails the queries that need it, and no others. What the manifest says
// of it holds all the same: how many rows it has, which of them are deleted, whose they are, and between which bounds the sort column lies. So it is known that
// it has nothing to say where no row of it can pass (files.go), where the rows of all keys that a condition names were found elsewhere, where the N first rows
// come before all of its own, and where an aggregate is settled by the manifest or by the other rows. Whatever is not known so is an error that names the file.

// lostFile is such a file, which the conditions do not rule out.
type lostFile struct {
	ref *store.FileRef
	err error
}

// lostUnits gives the lost files as morsels that fail; or none when somebody above asks for them, and will fail where they matter.
func (t *Table) lostUnits(env *Env, lost []lostFile) []unit {
	if len(lost) == 0 || t.keysElsewhere(env, lost) {
		return nil
	}
	if t.lost != nil && !env.NoPruning {
		*t.lost = lost
		return nil
	}
	out := make([]unit, len(lost))
	for i, l := range lost {
		out[i] = unit{open: func(*readers) (morsel, error) { return nil, l.err }, zone: func(int) zone { return zone{nulls: -1} }}
	}
	return out
}

// keysElsewhere tells whether the rows of all keys that a condition names are in other files or hot: no key has two rows.
func (t *Table) keysElsewhere(env *Env, lost []lostFile) bool {
	key, values := t.keyNamed(env)
	if values == nil {
		return false
	}
	col := t.View.Def.Keys[key].Columns[0]
	list, wanted := make([]*exprs.Const, values.N), map[string]bool{}
	for i := range list {
		list[i] = exprs.NewConst(values.Slice(i, i+1).Resize(1))
		wanted[string(vec.AppendKey(nil, values, i))] = true
	}
	others := &store.TableView{Def: t.View.Def, Hot: t.View.Hot}
	for _, ref := range t.View.Files {
		if !isLost(lost, ref) {
			others.Files = append(others.Files, ref)
		}
	}
	search := &Table{View: others, Files: t.Files, Memory: t.Memory, Cols: []int{col}, Counters: &Counters{}}
	search.Conds = []exprs.Expr{exprs.NewIn(&exprs.Column{Index: 0, T: values.Type, Name: t.View.Def.Columns[col].Name}, list, false)}
	streams, err := search.Open(env, 1)
	for err == nil && len(wanted) > 0 {
		var b *vec.Batch
		if b, err = Pull(env, streams[0]); b == nil {
			break
		}
		for i := range b.N {
			delete(wanted, string(vec.AppendKey(nil, b.Cols[0], i)))
		}
	}
	return err == nil && len(wanted) == 0
}

func isLost(lost []lostFile, ref *store.FileRef) bool {
	for _, l := range lost {
		if l.ref == ref {
			return true
		}
	}
	return false
}

// lostZone gives what the manifest says of a column of a file.
func (t *Table) lostZone(ref *store.FileRef, col int) zone {
	def := t.View.Def
	z := zone{nulls: -1, rows: ref.Rows}
	if col == def.SortColumn {
		if s := t.sortZone(ref); s != nil {
			z = *s
		}
	}
	if user := t.userOf(ref); user != nil && col == def.UserColumn {
		return zone{min: user, max: user, rows: ref.Rows}
	}
	if def.Columns[col].NotNull {
		z.nulls = 0 // of rows that are not deleted
	}
	return z
}

// failsNowhere tells whether no condition of the table can fail for a row: what is not read may then be left out.
func (t *Table) failsNowhere() bool {
	for _, c := range t.Conds {
		if exprs.MayFail(c) {
			return false
		}
	}
	return true
}

// tableBelow gives the table whose rows a source hands on as they come, nil when there is none: any of them will do for a limit.
func tableBelow(in Source) *Table {
	switch in := in.(type) {
	case *Table:
		return in
	case *Project:
		return tableBelow(in.Input)
	case *Filter:
		return tableBelow(in.Input)
	}
	return nil
}

// spares tells the scan below a top-N that this looks itself at files that are lost, which come to the list.
func (h *topHint) spares(in Source) *[]lostFile {
	table, ok := in.(*Table)
	if !ok || h.ofColumn() == nil || !h.early {
		return nil
	}
	table.lost = &[]lostFile{}
	return table.lost
}

// settles gives the error of a lost file of which some row may come before the last of the rows that a top-N gives out, or beside it.
func (h *topHint) settles(in Source, lost *[]lostFile, rows *vec.Batch) error {
	if lost == nil || len(*lost) == 0 {
		return nil
	}
	if rows == nil || rows.N < h.limit {
		return (*lost)[0].err
	}
	table := in.(*Table)
	last := rows.Cols[h.col].Slice(rows.N-1, rows.N).Flat()
	h.offer(last)
	for _, l := range *lost {
		if last.IsNull(0) || !h.hopeless(table.lostZone(l.ref, table.Cols[h.col])) {
			return l.err
		}
	}
	return nil
}

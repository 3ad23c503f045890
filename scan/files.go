package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/store"
)

// fileRuledOut tells whether no row of a file can pass, before it is opened: by whose rows it has, which its path says, and by its bounds of the sort column.
func (t *Table) fileRuledOut(env *Env, ref *store.FileRef) bool {
	c := t.counters(env)
	if len(t.Conds) == 0 || env.NoPruning {
		c.file(notSkipped, false)
		return false
	}
	unknown := zone{nulls: -1, rows: ref.Rows}
	user, sort := t.userOf(ref), t.sortZone(ref)
	p := &pruner{table: t, zone: env.Eval.Zone, stats: func(col int) zone {
		if user != nil && col == t.View.Def.UserColumn {
			return zone{min: user, max: user, rows: ref.Rows}
		}
		return unknown
	}}
	if p.neverAll() {
		c.file(byStats, true)
		return true
	}
	path := p.stats
	p.stats = func(col int) zone {
		if sort != nil && col == t.View.Def.SortColumn {
			return *sort
		}
		return path(col)
	}
	if p.neverAll() {
		c.file(byStats, false)
		return true
	}
	c.file(notSkipped, false)
	return false
}

// userOf gives the one user whose rows a file has, nil when that is not known. Which column is the user's may have changed since the file was written: of a
// file that does not say whose value it is, the table must be one of the contract's or have never changed.
func (t *Table) userOf(ref *store.FileRef) *vec.Vec {
	def := t.View.Def
	if ref.User == "" || def.UserColumn < 0 {
		return nil
	}
	if ref.UserID != def.Columns[def.UserColumn].ID && (ref.UserID != 0 || !def.System && def.Version != 1) {
		return nil
	}
	typ := def.Columns[def.UserColumn].Type
	if typ != arrowschema.Text && typ != arrowschema.Varchar {
		return nil
	}
	return vec.NewConst(typ, ref.User, 1)
}

// sortZone gives what the manifest says of the sort column, if the file was sorted by the same one: it says by which, or was written under the present
// definition.
func (t *Table) sortZone(ref *store.FileRef) *zone {
	def := t.View.Def
	if !ref.HasSort || def.SortColumn < 0 {
		return nil
	}
	if ref.SortID != def.Columns[def.SortColumn].ID && (ref.SortID != 0 || def.Version == 0 || ref.SchemaVersion != def.Version) {
		return nil
	}
	typ := def.Columns[def.SortColumn].Type
	if typ != arrowschema.Timestamp && typ != arrowschema.TimestampTZ {
		return nil
	}
	return &zone{min: vec.NewConst(typ, ref.SortMin, 1), max: vec.NewConst(typ, ref.SortMax, 1), nulls: -1, rows: ref.Rows}
}

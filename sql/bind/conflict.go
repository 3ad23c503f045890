package bind

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// conflict binds ON CONFLICT: the target must be the columns, in any order, of the primary key or a UNIQUE constraint, or its name.
func (b *Binder) conflict(def *schemahistory.TableDefinition, alias string, oc *parser.OnConflict) (*Conflict, error) {
	out := &Conflict{Keys: def.Keys}
	if len(oc.Target) > 0 || oc.Constraint != "" {
		key, err := conflictKey(def, oc)
		if err != nil {
			return nil, err
		}
		out.Keys = []schemahistory.Key{key}
	} else if oc.DoUpdate {
		return nil, sqlstate.New(sqlstate.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").At(int(oc.Pos)).
			WithHint("For example, ON CONFLICT (column_name).")
	}
	if !oc.DoUpdate {
		return out, nil
	}
	sc, err := tableScope(def, alias).join(tableScope(def, "excluded"), oc.Pos)
	if err != nil {
		return nil, err
	}
	eb := &exprBinder{Binder: b, scope: sc, where: "ON CONFLICT"}
	if out.Update, err = b.assignments(eb, def, oc.Set); err != nil {
		return nil, err
	}
	if oc.Where != nil {
		out.Where, err = eb.condition(oc.Where, "WHERE")
	}
	return out, err
}

func conflictKey(def *schemahistory.TableDefinition, oc *parser.OnConflict) (schemahistory.Key, error) {
	if oc.Constraint != "" {
		for _, k := range def.Keys {
			if k.Name == oc.Constraint {
				return k, nil
			}
		}
		return schemahistory.Key{}, sqlstate.New(sqlstate.UndefinedObject, "constraint %q for table %q does not exist", oc.Constraint, def.Name.Table).At(int(oc.Pos))
	}
	want := map[int]bool{}
	for _, t := range oc.Target {
		i := def.Find(t.Column)
		if i < 0 {
			return schemahistory.Key{}, sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", t.Column).At(int(t.Pos))
		}
		want[i] = true
	}
next:
	for _, k := range def.Keys {
		if len(k.Columns) != len(want) {
			continue
		}
		for _, c := range k.Columns {
			if !want[c] {
				continue next
			}
		}
		return k, nil
	}
	return schemahistory.Key{}, sqlstate.New(sqlstate.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification").At(int(oc.Pos))
}

package exec

import (
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// alterTable runs ALTER TABLE. The migration guide's statements find their work done: they raise a notice. Table settings are changed by SET.
func (s *statement) alterTable(st *parser.AlterTable) (*Result, error) {
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		if renamedAlready(tx, st) {
			s.session.notice(sqlstate.UndefinedTable, `relation "storage_locations" does not exist, skipping`)
			return nil
		}
		def, err := s.tableFor(tx, st.Table)
		if err != nil {
			if st.IfExists && sqlstate.CodeOf(err) == sqlstate.UndefinedTable {
				s.session.notice("00000", fmt.Sprintf("relation %q does not exist, skipping", st.Table.Name))
				return nil
			}
			return err
		}
		next := *def
		next.Columns = slices.Clone(def.Columns)
		changed := false
		for _, a := range st.Actions {
			did, err := s.alter(&next, a)
			if err != nil {
				return err
			}
			changed = changed || did
		}
		if !changed {
			return nil
		}
		if next.Storage != def.Storage {
			if err := flush.CheckStorage(tx, def.Name, next.Storage); err != nil {
				return err
			}
		}
		next.Version++
		next.UpdatedAt = s.now
		return tx.ReplaceDefinition(&next)
	})
	if err != nil {
		return nil, err
	}
	return done("ALTER TABLE"), nil
}

// renamedAlready recognises the migration's renaming of system.storage_locations in a database where it has been done.
func renamedAlready(tx *store.Tx, st *parser.AlterTable) bool {
	if st.Table.Schema != "system" || st.Table.Name != "storage_locations" || len(st.Actions) != 1 {
		return false
	}
	r, ok := st.Actions[0].(*parser.RenameTable)
	if !ok || r.To.Name != "storages" || (r.To.Schema != "" && r.To.Schema != "system") {
		return false
	}
	_, old := tx.Table(schemahistory.Name{Namespace: "system", Table: "storage_locations"})
	return !old
}

// alter makes one change to a definition, and tells whether it did.
func (s *statement) alter(def *schemahistory.TableDefinition, a parser.AlterAction) (bool, error) {
	switch a := a.(type) {
	case *parser.AddColumn:
		return s.addColumn(def, a)
	case *parser.SetOptions:
		if a.Reset {
			return false, sqlstate.New(sqlstate.FeatureNotSupported, "RESET of table settings is not supported").At(a.Position())
		}
		for _, o := range a.Options {
			if err := setOption(def, o); err != nil {
				return false, err
			}
		}
		return true, nil
	}
	return false, sqlstate.New(sqlstate.FeatureNotSupported, "this form of ALTER TABLE is not supported").At(a.Position())
}

// addColumn finds the column there already, or adds one that may be NULL: rows that were written before have NULL in it.
func (s *statement) addColumn(def *schemahistory.TableDefinition, a *parser.AddColumn) (bool, error) {
	col, err := s.columnOf(&a.Column)
	if err != nil {
		return false, err
	}
	if i := def.Find(col.Name); i >= 0 {
		have := def.Columns[i]
		same := have.Type == col.Type && have.Default == col.Default && (have.NotNull == col.NotNull || (have.NotNull && have.Default != ""))
		if a.IfNotExists || (def.System && same) {
			s.session.notice(sqlstate.DuplicateColumn, fmt.Sprintf("column %q of relation %q already exists, skipping", col.Name, def.Name.Table))
			return false, nil
		}
		return false, sqlstate.New(sqlstate.DuplicateColumn, "column %q of relation %q already exists", col.Name, def.Name.Table).At(int(a.Column.Pos))
	}
	if def.System {
		return false, sqlstate.New("42501", "permission denied: %q is a system table", def.Name.String()).At(a.Position())
	}
	if col.NotNull || col.Default != "" || len(a.Column.Constraints) > 0 {
		return false, sqlstate.New(sqlstate.FeatureNotSupported, "ADD COLUMN with NOT NULL, a default or a constraint is not supported").At(a.Position())
	}
	for _, c := range def.Columns {
		col.ID = max(col.ID, c.ID)
	}
	col.ID++
	def.Columns = append(def.Columns, col)
	return true, nil
}

// setOption changes a table setting.
func setOption(def *schemahistory.TableDefinition, o parser.Option) error {
	value, ok := o.Value.(*parser.StringLit)
	if o.Name != "storage" {
		return sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized parameter %q", o.Name).At(int(o.Pos)).
			WithHint("The settings of a table are: storage.")
	}
	if !ok || value.Value == "" {
		return sqlstate.New(sqlstate.InvalidParameterValue, "parameter %q must be the name of a storage", o.Name).At(int(o.Pos)).
			WithHint("The storages are the rows of system.storages.")
	}
	def.Storage = value.Value
	return nil
}

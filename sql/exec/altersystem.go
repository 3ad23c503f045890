package exec

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// The numbers of the contract's tables that statements treat as what they are, whatever their names.
const (
	storagesID     = 3
	tableSchemasID = 4
)

// storagesHint is for statements that name system.storages in a database of the older form.
const storagesHint = `The database has the older form, in which the table is "system.storage_locations": "stoa migrate" or CALL system.migrate() renames it.`

// prepareSystem prepares an action on one of the contract's tables: those that make a table of the older form more like the contract's are carried out,
// those that find their work done raise a notice, and table settings can be changed. Everything else is 42501.
func (a *alteration) prepareSystem(action parser.AlterAction) error {
	switch x := action.(type) {
	case *parser.AddColumn:
		a.later(adding, func() error { return a.addSystemColumn(x) })
		return nil
	case *parser.RenameTable:
		to := qualified(x.To)
		if x.To.Schema == "" {
			to.Namespace = a.def.Name.Namespace
		}
		a.later(remaining, func() error { return a.rename(to, int(x.To.Pos)) })
		return nil
	case *parser.SetOptions:
		a.later(remaining, func() error { return a.setOptions(x) })
		return nil
	}
	if err := a.missingIn(action); err != nil {
		return err
	}
	return a.denied(action.Position())
}

func (a *alteration) denied(at int) error {
	return sqlstate.New("42501", "permission denied: %q is a system table", a.def.Name.String()).At(at)
}

// missingIn gives the error of an action on a column or constraint that is not there: it says more than that the action is not allowed.
func (a *alteration) missingIn(action parser.AlterAction) error {
	name := ""
	switch x := action.(type) {
	case *parser.DropColumn:
		name = x.Column
		if x.IfExists {
			name = ""
		}
	case *parser.SetNotNull:
		name = x.Column
	case *parser.SetDefault:
		name = x.Column
	case *parser.SetType:
		name = x.Column
	case *parser.RenameColumn:
		if a.def.Find(x.From) < 0 {
			return sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", x.From)
		}
	case *parser.DropConstraint:
		known := slices.ContainsFunc(a.def.Keys, sameName(x.Name)) ||
			slices.ContainsFunc(a.def.Checks, func(c schemahistory.Check) bool { return c.Name == x.Name })
		if !known && !x.IfExists {
			return sqlstate.New(sqlstate.UndefinedObject, "constraint %q of relation %q does not exist", x.Name, a.def.Name.Table)
		}
	}
	if name == "" {
		return nil
	}
	_, err := a.column(name)
	return err
}

// addSystemColumn adds a column of the contract to a table of the older form, or finds it there.
func (a *alteration) addSystemColumn(x *parser.AddColumn) error {
	if len(x.Column.Constraints) > 0 {
		return a.denied(x.Position())
	}
	i := a.def.Find(x.Column.Name)
	if i < 0 {
		return a.addColumn(x)
	}
	if !x.IfNotExists {
		col, _, err := a.stmt.columnOf(&x.Column)
		if err != nil {
			return err
		}
		have := a.def.Columns[i]
		same := have.Type == col.Type && slices.Equal(have.Modifier, col.Modifier) && have.Default == col.Default
		if !same || (have.NotNull != col.NotNull && (col.NotNull || have.Default == "")) {
			err := sqlstate.New(sqlstate.DuplicateColumn, "column %q of relation %q already exists", col.Name, a.def.Name.Table)
			return err.WithDetail("It is a column of the contract, and differs from this one: %s.", have.Type.Format(have.Modifier))
		}
	}
	a.skipColumn(x.Column.Name)
	return nil
}

package exec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// alterTable runs ALTER TABLE. The migration guide's statements find their work done in a database of the new form: they raise a notice.
func (s *statement) alterTable(st *parser.AlterTable) (*Result, error) {
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		if renamedAlready(tx, st) {
			s.session.notice(sqlstate.UndefinedTable, `relation "storage_locations" does not exist, skipping`)
			return nil
		}
		def, err := s.tableFor(tx, st.Table)
		if err != nil {
			if st.IfExists && sqlstate.CodeOf(err) == sqlstate.UndefinedTable {
				s.session.notice("00000", fmt.Sprintf(`relation "%s" does not exist, skipping`, st.Table.Name))
				return nil
			}
			return err
		}
		a := newAlteration(s, tx, def)
		for _, action := range st.Actions {
			if err := a.prepare(action); err != nil {
				return err
			}
		}
		return a.run()
	})
	if err != nil {
		return nil, err
	}
	return done("ALTER TABLE"), nil
}

// renamedAlready recognises the migration's renaming of system.storage_locations in a database where it has been done.
func renamedAlready(tx *store.Tx, st *parser.AlterTable) bool {
	if st.Table.Schema != "system" || st.Table.Name != schemahistory.StorageLocations.Table || len(st.Actions) != 1 {
		return false
	}
	r, ok := st.Actions[0].(*parser.RenameTable)
	if !ok || r.To.Name != schemahistory.Storages.Table || (r.To.Schema != "" && r.To.Schema != "system") {
		return false
	}
	_, old := tx.Table(schemahistory.StorageLocations)
	return !old
}

// pass is one of the passes in which PostgreSQL carries out the actions of an ALTER TABLE (AT_PASS_* in tablecmds.c): whatever the order in which they
// are written, columns and constraints are dropped before types change, and so on.
type pass int

const (
	dropping   pass = iota // columns, constraints, NOT NULL and defaults go
	retyping               // ALTER COLUMN … TYPE
	adding                 // columns
	attributes             // SET NOT NULL
	keys                   // PRIMARY KEY and UNIQUE
	others                 // CHECK, SET DEFAULT
	remaining              // settings; names, which stand alone in their statements
	passes
)

// alteration is an ALTER TABLE while it is carried out: a definition that goes from action to action, and what must be done to the rows in the end.
type alteration struct {
	stmt  *statement
	tx    *store.Tx
	view  *store.TableView               // the table before the statement
	def   *schemahistory.TableDefinition // as changed so far
	steps [passes][]func() error

	changes []string // in words, for the schema history
	changed bool     // there is something to store, words or not

	// values are the columns of rewritten rows, by ID in def, as expressions on the columns of view: those that are not columns with their IDs there.
	values   map[int32]exprs.Expr
	retyped  map[string]bool // names of columns whose type the statement changes
	emptied  bool            // the last column waits to be dropped until there is another one
	rewrite  bool            // the rows must be written anew
	computed bool            // with values that are computed, and not only for a new key

	// What the rows must be found to fulfil when they are not: no NULL in columns with these IDs, the checks of these names, and that these expressions can
	// be computed.
	required []int32
	checked  []string
	casts    []exprs.Expr
}

func newAlteration(s *statement, tx *store.Tx, def *schemahistory.TableDefinition) *alteration {
	a := &alteration{stmt: s, tx: tx, def: def, values: map[int32]exprs.Expr{}, retyped: map[string]bool{}}
	a.view, _ = tx.Snapshot().Table(def.Name)
	return a
}

// later notes what is to be done in a pass.
func (a *alteration) later(p pass, do func() error) { a.steps[p] = append(a.steps[p], do) }

// prepare puts an action into its pass, and checks what PostgreSQL checks before the first pass.
func (a *alteration) prepare(action parser.AlterAction) error {
	if a.def.System {
		return a.prepareSystem(action)
	}
	switch x := action.(type) {
	case *parser.AddColumn:
		a.later(adding, func() error { return a.addColumn(x) })
	case *parser.DropColumn:
		a.later(dropping, func() error { return a.dropColumn(x) })
	case *parser.SetNotNull:
		p := attributes
		if x.Drop {
			p = dropping
		}
		a.later(p, func() error { return a.setNotNull(x.Column, !x.Drop) })
	case *parser.SetDefault:
		p := others
		if x.Expr == nil {
			p = dropping
		}
		a.later(p, func() error { return a.setDefault(x) })
	case *parser.SetType:
		return a.prepareType(x)
	case *parser.AddConstraint:
		p := others
		if x.Constraint.Kind == parser.PrimaryKeyConstraint || x.Constraint.Kind == parser.UniqueConstraint {
			p = keys
		}
		a.later(p, func() error { return a.addConstraint(x.Constraint) })
	case *parser.DropConstraint:
		a.later(dropping, func() error { return a.dropConstraint(x) })
	case *parser.RenameColumn:
		a.later(remaining, func() error { return a.take(a.def.RenameColumn(x.From, x.To)) })
	case *parser.RenameConstraint:
		a.later(remaining, func() error { return a.renameConstraint(x) })
	case *parser.RenameTable:
		to := qualified(x.To)
		if x.To.Schema == "" {
			to.Namespace = a.def.Name.Namespace
		}
		a.later(remaining, func() error { return a.rename(to, int(x.To.Pos)) })
	case *parser.SetSchema:
		a.later(remaining, func() error { return a.setSchema(x) })
	case *parser.SetOptions:
		a.later(remaining, func() error { return a.setOptions(x) })
	default:
		return sqlstate.New(sqlstate.FeatureNotSupported, "this form of ALTER TABLE is not supported").At(action.Position())
	}
	return nil
}

// run carries out the passes, then sees to the rows and stores the definition.
func (a *alteration) run() error {
	for p := range a.steps {
		for i := 0; i < len(a.steps[p]); i++ { // a column that is added brings its constraints into later passes
			if err := a.steps[p][i](); err != nil {
				return err
			}
		}
	}
	if !a.changed {
		return nil
	}
	if a.def.Storage != a.view.Def.Storage {
		if err := flush.CheckStorage(a.tx, a.def.Name, a.def.Storage); err != nil {
			return err
		}
	}
	next := *a.def
	next.UpdatedAt = a.stmt.now
	words := strings.Join(a.changes, "; ")
	if a.rewrite {
		return a.rewriteRows(&next, words)
	}
	if err := a.testRows(); err != nil {
		return err
	}
	return a.tx.ReplaceDefinition(&next, words)
}

// take takes the definition that a change has made, with its words: "" when everything was so already.
func (a *alteration) take(next *schemahistory.TableDefinition, words string, err error) error {
	if err != nil || words == "" {
		return err
	}
	a.def, a.changed = next, true
	a.changes = append(a.changes, words)
	return nil
}

// constrain takes a copy of the definition that change has changed: its columns, keys and checks. The words may be "".
func (a *alteration) constrain(words string, change func(d *schemahistory.TableDefinition)) {
	next := *a.def
	next.Columns, next.Keys, next.Checks = slices.Clone(next.Columns), slices.Clone(next.Keys), slices.Clone(next.Checks)
	change(&next)
	a.def, a.changed = &next, true
	if words != "" {
		a.changes = append(a.changes, words)
	}
}

// column finds a column by name.
func (a *alteration) column(name string) (int, error) {
	if i := a.def.Find(name); i >= 0 {
		return i, nil
	}
	return -1, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", name, a.def.Name.Table)
}

// rename gives the table another name.
func (a *alteration) rename(to schemahistory.Name, at int) error {
	if reserved(to.Namespace) && !a.def.System {
		return sqlstate.New("42501", "permission denied to create %q", to.String()).At(at).
			WithDetail("System catalog modifications are currently disallowed.")
	}
	if relationNamed(a.tx, to) {
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", to.Table)
	}
	return a.take(a.def.Rename(to))
}

// setSchema moves the table to another schema. A schema is there when a table is in it, so that every name will do.
func (a *alteration) setSchema(x *parser.SetSchema) error {
	to := schemahistory.Name{Namespace: x.Schema, Table: a.def.Name.Table}
	if to == a.def.Name {
		return nil
	}
	if !reserved(to.Namespace) && relationNamed(a.tx, to) {
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists in schema %q", to.Table, to.Namespace)
	}
	return a.rename(to, x.Position())
}

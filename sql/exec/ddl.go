package exec

import (
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// qualified gives the name that an object name stands for.
func qualified(n parser.ObjectName) schemahistory.Name {
	if n.Schema == "" {
		return schemahistory.Name{Namespace: defaultNamespace, Table: n.Name}
	}
	return schemahistory.Name{Namespace: n.Schema, Table: n.Name}
}

// createTable runs CREATE TABLE. The contract's tables stand from the start: creating one as it is raises a notice, differently is 42P07.
func (s *statement) createTable(st *parser.CreateTable) (*Result, error) {
	if st.As != nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "CREATE TABLE … AS is not supported").At(st.Position())
	}
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		name := qualified(st.Name)
		have, exists := tx.Table(name)
		if exists && st.IfNotExists {
			s.session.notice(sqlstate.DuplicateTable, fmt.Sprintf(`relation "%s" already exists, skipping`, name.Table))
			return nil
		}
		def, err := s.definition(tx, st)
		if err != nil {
			return err
		}
		switch {
		case !exists && reserved(name.Namespace):
			return createSystem(tx, def, st)
		case !exists && relationNamed(tx, name):
			return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name.Table)
		case !exists:
			if err := flush.CheckStorage(tx, name, def.Storage); err != nil {
				return err
			}
			return tx.CreateTable(def)
		case have.System && sameDefinition(contractual(have), def):
			s.session.notice(sqlstate.DuplicateTable, fmt.Sprintf(`relation "%s" already exists, skipping`, name.Table))
			return nil
		}
		dup := sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name.Table)
		if have.System {
			dup.Detail = "It is one of the system tables, and its definition differs from this one."
		}
		return dup
	})
	if err != nil {
		return nil, err
	}
	return done("CREATE TABLE"), nil
}

// createSystem makes system.table_schemas, as the contract has it, in a database of the older form. There are no other tables to be made in the schemas of
// the engine.
func createSystem(tx *store.Tx, def *schemahistory.TableDefinition, st *parser.CreateTable) error {
	denied := sqlstate.New("42501", "permission denied to create %q", def.Name.String()).At(int(st.Name.Pos)).
		WithDetail("System catalog modifications are currently disallowed.")
	switch def.Name {
	case schemahistory.TableSchemas:
		contract := schemahistory.ContractOf(tableSchemasID)
		if sameDefinition(contract, def) {
			return tx.CreateTable(contract)
		}
		denied.Detail = "It is one of the system tables, and its definition differs from this one."
	case schemahistory.Storages:
		denied.Hint = storagesHint
	}
	return denied
}

// contractual gives what a CREATE TABLE of a system table is compared with: the contract's definition, whatever the order in which the table got its
// columns; that of a table of the older form as long as it lacks some.
func contractual(have *schemahistory.TableDefinition) *schemahistory.TableDefinition {
	if c := schemahistory.ContractOf(have.ID); c != nil && len(have.Lacks()) == 0 {
		return c
	}
	return have
}

// reserved tells the schemas in which users make no tables.
func reserved(namespace string) bool {
	return namespace == "system" || namespace == "information_schema" || namespace == "pg_catalog"
}

// sameDefinition tells whether a CREATE TABLE says what a system table is. NOT NULL may be left out beside a default, as the contract does in places where
// its column tables say that NULL is not allowed.
func sameDefinition(have, want *schemahistory.TableDefinition) bool {
	if len(have.Columns) != len(want.Columns) || len(have.Keys) != len(want.Keys) {
		return false
	}
	for i, h := range have.Columns {
		w := want.Columns[i]
		if h.Name != w.Name || h.Type != w.Type || h.Default != w.Default || !slices.Equal(h.Modifier, w.Modifier) {
			return false
		}
		if h.NotNull != w.NotNull && (w.NotNull || h.Default == "") {
			return false
		}
	}
	for i, k := range have.Keys {
		if !slices.Equal(k.Columns, want.Keys[i].Columns) || k.Primary != want.Keys[i].Primary {
			return false
		}
	}
	for _, c := range want.Checks {
		if !slices.ContainsFunc(have.Checks, func(h schemahistory.Check) bool {
			return h.Column == c.Column && slices.Equal(slices.Sorted(slices.Values(h.Values)), slices.Sorted(slices.Values(c.Values)))
		}) {
			return false
		}
	}
	for _, x := range want.Indexes {
		if !slices.ContainsFunc(have.Indexes, func(h schemahistory.Index) bool { return slices.Equal(h.Columns, x.Columns) }) {
			return false
		}
	}
	return true
}

// maxColumns is the number of columns that a table may have: PostgreSQL's MaxHeapAttributeNumber.
const maxColumns = 1600

// definition makes a definition of a CREATE TABLE.
func (s *statement) definition(tx *store.Tx, st *parser.CreateTable) (*schemahistory.TableDefinition, error) {
	def := &schemahistory.TableDefinition{Name: qualified(st.Name), Storage: "primary", SortColumn: -1, UserColumn: -1}
	if len(st.Columns) == 0 {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "a table without columns is not supported").At(st.Position())
	}
	if len(st.Columns) > maxColumns {
		return nil, sqlstate.New("54011", "tables can have at most %d columns", maxColumns)
	}
	var constraints []parser.Constraint
	for i := range st.Columns {
		c := &st.Columns[i]
		if def.Find(c.Name) >= 0 {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", c.Name).At(int(c.Pos))
		}
		col, _, err := s.columnOf(c)
		if err != nil {
			return nil, err
		}
		if def, _, err = def.AddColumn(col); err != nil {
			return nil, err
		}
		constraints = append(constraints, c.Constraints...)
	}
	taken := namesIn(tx, def)
	for _, c := range distinctKeys(append(constraints, st.Constraints...)) {
		if err := s.addConstraint(def, c, taken); err != nil {
			return nil, err
		}
	}
	if err := optionsOnce(st.Options); err != nil {
		return nil, err
	}
	for _, o := range st.Options {
		if err := setOption(def, o); err != nil {
			return nil, err
		}
	}
	schemahistory.GuessColumns(def)
	return def, nil
}

// distinctKeys leaves out keys over the columns of one that is there, as PostgreSQL does: UNIQUE PRIMARY KEY is one key. The primary key comes first, and
// one that has no name takes the other's.
func distinctKeys(list []parser.Constraint) []parser.Constraint {
	var out []parser.Constraint
	isKey := func(c parser.Constraint) bool {
		return c.Kind == parser.PrimaryKeyConstraint || c.Kind == parser.UniqueConstraint
	}
	sameColumn := func(a, b parser.Ident) bool { return a.Name == b.Name }
	for _, c := range list {
		if isKey(c) {
			at := slices.IndexFunc(out, func(o parser.Constraint) bool {
				primaries := o.Kind == parser.PrimaryKeyConstraint && c.Kind == parser.PrimaryKeyConstraint
				return isKey(o) && !primaries && slices.EqualFunc(o.Columns, c.Columns, sameColumn)
			})
			if at >= 0 {
				if out[at].Name == "" {
					out[at].Name = c.Name
				}
				out[at].Kind = min(out[at].Kind, c.Kind)
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// columnOf makes a column of its definition, and gives the values of its default; nil when it has none.
func (s *statement) columnOf(c *parser.ColumnDef) (schemahistory.Column, exprs.Expr, error) {
	col := schemahistory.Column{Name: c.Name, NotNull: c.NotNull || c.PrimaryKey}
	var err error
	if col.Type, err = bind.TypeOf(c.Type); err != nil {
		return col, nil, err
	}
	if col.Modifier, err = bind.ModifierOf(col.Type, c.Type); err != nil {
		return col, nil, err
	}
	col.Dictionary = col.Type.Physical() == arrowschema.Strings && !c.PrimaryKey
	if c.Default == nil {
		return col, nil, nil
	}
	var value exprs.Expr
	col.Default, value, err = s.defaultOf(col, c.Default)
	return col, value, err
}

func indexColumns(def *schemahistory.TableDefinition, elems []parser.IndexElem) ([]schemahistory.IndexColumn, error) {
	var out []schemahistory.IndexColumn
	for _, e := range elems {
		if e.Expr != nil {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "an index on an expression is not supported").At(int(e.Pos))
		}
		if def.Find(e.Column) < 0 {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column %q does not exist", e.Column).At(int(e.Pos))
		}
		out = append(out, schemahistory.IndexColumn{Name: e.Column, Descending: e.Desc})
	}
	return out, nil
}

// createIndex runs CREATE INDEX: the declaration is kept with the table. Scans prune by statistics, so that no index need be built.
func (s *statement) createIndex(st *parser.CreateIndex) (*Result, error) {
	if st.Unique || st.Where != nil || len(st.Include) > 0 {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "a unique, partial or covering index is not supported").At(st.Position()).
			WithHint("Declare UNIQUE as a constraint of the table.")
	}
	if st.Method != "" && st.Method != "btree" && st.Method != "hash" && st.Method != "brin" {
		return nil, sqlstate.New(sqlstate.UndefinedObject, "access method %q does not exist", st.Method).At(st.Position())
	}
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		def, err := s.tableFor(tx, st.Table)
		if err != nil {
			return err
		}
		cols, err := indexColumns(def, st.Elems)
		if err != nil {
			return err
		}
		return s.addIndex(tx, def, st, cols)
	})
	if err != nil {
		return nil, err
	}
	return done("CREATE INDEX"), nil
}

// addIndex declares an index. One of that name with the same columns raises a notice, any other relation of that name in the schema is 42P07.
func (s *statement) addIndex(tx *store.Tx, def *schemahistory.TableDefinition, st *parser.CreateIndex, cols []schemahistory.IndexColumn) error {
	name := st.Name
	if name == "" {
		name = namesIn(tx, def).choose(def.Name.Table, indexed(cols), "idx")
	}
	for _, t := range tx.Snapshot().Tables() {
		if t.Def.Name.Namespace != def.Name.Namespace {
			continue
		}
		named := slices.ContainsFunc(t.Def.Keys, func(k schemahistory.Key) bool { return k.Name == name })
		if t.Def.Name.Table == name || named {
			return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name).At(st.Position())
		}
		for _, x := range t.Def.Indexes {
			if x.Name != name {
				continue
			}
			same := t.Def.ID == def.ID && slices.Equal(x.Columns, cols)
			if st.IfNotExists || (same && def.System) {
				s.session.notice(sqlstate.DuplicateTable, fmt.Sprintf(`relation "%s" already exists, skipping`, name))
				return nil
			}
			return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name).At(st.Position())
		}
	}
	next := *def
	next.UpdatedAt = s.now
	next.Indexes = append(slices.Clone(def.Indexes), schemahistory.Index{Name: name, Columns: cols})
	return tx.ReplaceDefinition(&next, "")
}

// indexed names the columns of an index.
func indexed(cols []schemahistory.IndexColumn) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = c.Name
	}
	return out
}

// tableFor finds the table of a statement that changes its definition.
func (s *statement) tableFor(tx *store.Tx, t *parser.Table) (*schemahistory.TableDefinition, error) {
	if def, ok := tx.Table(qualified(t.ObjectName)); ok {
		return def, nil
	}
	full := t.Name
	if t.Schema != "" {
		full = t.Schema + "." + t.Name
	}
	err := sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", full).At(int(t.ObjectName.Pos))
	err.Hint = (&catalog{snap: tx.Snapshot()}).Hint(t.Schema, t.Name)
	return nil, err
}

// createSchema runs CREATE SCHEMA. A namespace is there when a table is in it, so there is nothing to do.
func (s *statement) createSchema(st *parser.CreateSchema) (*Result, error) {
	if reserved(st.Name) || st.Name == defaultNamespace {
		if st.IfNotExists {
			s.session.notice("42P06", fmt.Sprintf(`schema "%s" already exists, skipping`, st.Name))
			return done("CREATE SCHEMA"), nil
		}
		return nil, sqlstate.New("42P06", "schema %q already exists", st.Name).At(st.Position())
	}
	return done("CREATE SCHEMA"), nil
}

// drop runs DROP TABLE.
func (s *statement) drop(st *parser.Drop) (*Result, error) {
	if st.Kind != parser.TableObject {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "this DROP is not supported").At(st.Position())
	}
	err := s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		for _, n := range st.Names {
			def, ok := tx.Table(qualified(n))
			switch {
			case !ok && st.IfExists:
				s.session.notice("00000", fmt.Sprintf(`table "%s" does not exist, skipping`, n.Name))
			case !ok:
				return sqlstate.New(sqlstate.UndefinedTable, "table %q does not exist", n.Name).At(int(n.Pos))
			case def.System:
				return sqlstate.New("2BP01", "cannot drop table %s because it is required by the database system", def.Name).At(int(n.Pos))
			default:
				if err := tx.DropTable(def.Name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done("DROP TABLE"), nil
}

package exec

import (
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
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
	def, err := s.definition(st)
	if err != nil {
		return nil, err
	}
	err = s.engine.db.Update(s.ctx, func(tx *store.Tx) error {
		have, exists := tx.Table(def.Name)
		if !exists {
			if reserved(def.Name.Namespace) {
				return sqlstate.New("42501", "permission denied to create %q", def.Name.String()).At(int(st.Name.Pos)).
					WithDetail("System catalog modifications are currently disallowed.")
			}
			if err := flush.CheckStorage(tx, def.Name, def.Storage); err != nil {
				return err
			}
			return tx.CreateTable(def)
		}
		if st.IfNotExists || (have.System && sameDefinition(have, def)) {
			s.session.notice(sqlstate.DuplicateTable, fmt.Sprintf("relation %q already exists, skipping", def.Name.Table))
			return nil
		}
		dup := sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", def.Name.Table)
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

// definition makes a definition of a CREATE TABLE.
func (s *statement) definition(st *parser.CreateTable) (*schemahistory.TableDefinition, error) {
	def := &schemahistory.TableDefinition{Name: qualified(st.Name), Storage: "primary", SortColumn: -1, UserColumn: -1}
	if len(st.Columns) == 0 {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "a table without columns is not supported").At(st.Position())
	}
	var keys []parser.Constraint
	for i := range st.Columns {
		c := &st.Columns[i]
		if def.Find(c.Name) >= 0 {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", c.Name).At(int(c.Pos))
		}
		col, err := s.columnOf(c)
		if err != nil {
			return nil, err
		}
		col.ID = int32(i + 1)
		def.Columns = append(def.Columns, col)
		keys = append(keys, c.Constraints...)
	}
	for _, c := range append(keys, st.Constraints...) {
		if err := addConstraint(def, c); err != nil {
			return nil, err
		}
	}
	for _, o := range st.Options {
		if err := setOption(def, o); err != nil {
			return nil, err
		}
	}
	guessColumns(def)
	return def, nil
}

// guessColumns finds the column to sort files by, created_at or the first timestamp, and the one that names the user.
func guessColumns(def *schemahistory.TableDefinition) {
	for i, c := range def.Columns {
		if c.Type == arrowschema.Timestamp && (def.SortColumn < 0 || c.Name == "created_at") {
			def.SortColumn = i
		}
		if c.Name == "user_id" && c.Type == arrowschema.Text {
			def.UserColumn = i
		}
	}
}

// columnOf makes a column of its definition, and checks that its default can be what it says.
func (s *statement) columnOf(c *parser.ColumnDef) (schemahistory.Column, error) {
	t, err := bind.TypeOf(c.Type)
	if err != nil {
		return schemahistory.Column{}, err
	}
	col := schemahistory.Column{Name: c.Name, Type: t, NotNull: c.NotNull || c.PrimaryKey}
	for _, m := range c.Type.Mods {
		col.Modifier = append(col.Modifier, int32(m))
	}
	col.Dictionary = t.Physical() == arrowschema.Strings && !c.PrimaryKey
	if c.Default != nil {
		col.Default = parser.Format(c.Default)
		b := &bind.Binder{Registry: s.engine.registry, Eval: s.eval()}
		if _, err := b.DefaultOf(col); err != nil {
			return col, err
		}
	}
	return col, nil
}

// addConstraint adds a key, check or index to a definition.
func addConstraint(def *schemahistory.TableDefinition, c parser.Constraint) error {
	switch c.Kind {
	case parser.PrimaryKeyConstraint, parser.UniqueConstraint:
		return addKey(def, c)
	case parser.IndexConstraint:
		x, err := indexColumns(def, c.Index)
		if err != nil {
			return err
		}
		def.Indexes = append(def.Indexes, schemahistory.Index{Name: c.Name, Columns: x})
		return nil
	case parser.CheckConstraint:
		check, ok := valuesCheck(def, c)
		if ok {
			def.Checks = append(def.Checks, check)
			return nil
		}
		return sqlstate.New(sqlstate.FeatureNotSupported, "this CHECK is not supported").At(int(c.Pos)).
			WithHint("A CHECK may restrict a text column to a list of values: CHECK (status IN ('a', 'b')).")
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "this kind of constraint is not supported").At(int(c.Pos))
}

func addKey(def *schemahistory.TableDefinition, c parser.Constraint) error {
	k := schemahistory.Key{Name: c.Name, Primary: c.Kind == parser.PrimaryKeyConstraint}
	suffix := ""
	for _, id := range c.Columns {
		i := def.Find(id.Name)
		if i < 0 {
			return sqlstate.New(sqlstate.UndefinedColumn, "column %q named in key does not exist", id.Name).At(int(id.Pos))
		}
		if t := def.Columns[i].Type; t == arrowschema.JSON {
			return sqlstate.New(sqlstate.UndefinedObject, "data type %s has no default operator class for access method \"btree\"", t).At(int(id.Pos))
		}
		k.Columns = append(k.Columns, i)
		suffix += "_" + id.Name
		if k.Primary {
			def.Columns[i].NotNull = true
		}
	}
	if k.Primary {
		if _, have := def.PrimaryKey(); have {
			return sqlstate.New(sqlstate.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", def.Name.Table).At(int(c.Pos))
		}
		suffix = "_pkey"
	} else {
		suffix += "_key"
	}
	if k.Name == "" {
		k.Name = def.Name.Table + suffix
	}
	if k.Primary { // it stands first
		def.Keys = slices.Insert(def.Keys, 0, k)
		return nil
	}
	def.Keys = append(def.Keys, k)
	return nil
}

// valuesCheck recognises CHECK (column IN ('a', 'b')).
func valuesCheck(def *schemahistory.TableDefinition, c parser.Constraint) (schemahistory.Check, bool) {
	in, ok := c.Expr.(*parser.InList)
	if !ok || in.Not {
		return schemahistory.Check{}, false
	}
	ref, ok := in.Arg.(*parser.ColumnRef)
	if !ok || len(ref.Parts) != 1 {
		return schemahistory.Check{}, false
	}
	i := def.Find(ref.Parts[0])
	if i < 0 || def.Columns[i].Type.Physical() != arrowschema.Strings {
		return schemahistory.Check{}, false
	}
	check := schemahistory.Check{Name: c.Name, Column: i}
	if check.Name == "" {
		check.Name = def.Name.Table + "_" + def.Columns[i].Name + "_check"
	}
	for _, v := range in.List {
		s, ok := v.(*parser.StringLit)
		if !ok {
			return check, false
		}
		check.Values = append(check.Values, s.Value)
	}
	return check, true
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
		name = def.Name.Table
		for _, c := range cols {
			name += "_" + c.Name
		}
		name += "_idx"
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
				s.session.notice(sqlstate.DuplicateTable, fmt.Sprintf("relation %q already exists, skipping", name))
				return nil
			}
			return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name).At(st.Position())
		}
	}
	next := *def
	next.Version++
	next.UpdatedAt = s.now
	next.Indexes = append(slices.Clone(def.Indexes), schemahistory.Index{Name: name, Columns: cols})
	return tx.ReplaceDefinition(&next)
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
			s.session.notice("42P06", fmt.Sprintf("schema %q already exists, skipping", st.Name))
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
				s.session.notice("00000", fmt.Sprintf("table %q does not exist, skipping", n.Name))
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

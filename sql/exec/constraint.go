package exec

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// names are the names in a namespace that are taken: a key has a name among the relations, as PostgreSQL's index for it has, and every constraint one
// among the constraints.
type names struct{ relations, constraints map[string]bool }

// namesIn collects the names in the namespace of a definition, which stands for the one of its table that is stored.
func namesIn(tx *store.Tx, def *schemahistory.TableDefinition) *names {
	n := &names{relations: map[string]bool{}, constraints: map[string]bool{}}
	for _, t := range tx.Snapshot().Tables() {
		if d := t.Def; d.Name.Namespace == def.Name.Namespace && d.ID != def.ID {
			n.add(d)
		}
	}
	n.add(def)
	return n
}

func (n *names) add(d *schemahistory.TableDefinition) {
	n.relations[d.Name.Table] = true
	for _, k := range d.Keys {
		n.relations[k.Name], n.constraints[k.Name] = true, true
	}
	for _, c := range d.Checks {
		n.constraints[c.Name] = true
	}
	for _, x := range d.Indexes {
		n.relations[x.Name] = true
	}
}

// choose gives the name that PostgreSQL gives a constraint or index without one: table_columns_label, with a number where that is taken.
func (n *names) choose(table string, columns []string, label string) string {
	for i := 0; ; i++ {
		name := objectName(table, strings.Join(columns, "_"), label)
		if i > 0 {
			name = objectName(table, strings.Join(columns, "_"), label+strconv.Itoa(i))
		}
		taken := n.constraints[name]
		if label != "check" {
			taken = taken || n.relations[name]
		}
		if !taken {
			return name
		}
	}
}

// maxName is the longest name in bytes (NAMEDATALEN - 1).
const maxName = 63

// objectName is PostgreSQL's makeObjectName: the longer of the first two parts is shortened until the whole is short enough.
func objectName(table, columns, label string) string {
	room := maxName - len(label) - 1
	if columns != "" {
		room--
	}
	for len(table)+len(columns) > room {
		if len(table) > len(columns) {
			_, n := utf8.DecodeLastRuneInString(table)
			table = table[:len(table)-n]
		} else {
			_, n := utf8.DecodeLastRuneInString(columns)
			columns = columns[:len(columns)-n]
		}
	}
	if columns != "" {
		table += "_" + columns
	}
	return table + "_" + label
}

// relationNamed tells whether a name is that of a table, key or index, or of a catalogue table.
func relationNamed(tx *store.Tx, name schemahistory.Name) bool {
	if _, ok := tx.Table(name); ok {
		return true
	}
	for _, t := range tx.Snapshot().Tables() {
		if t.Def.Name.Namespace != name.Namespace {
			continue
		}
		if slices.ContainsFunc(t.Def.Keys, func(k schemahistory.Key) bool { return k.Name == name.Table }) ||
			slices.ContainsFunc(t.Def.Indexes, func(x schemahistory.Index) bool { return x.Name == name.Table }) {
			return true
		}
	}
	_, ok := virtualNamed(name.Namespace, name.Table)
	return ok
}

// addConstraint adds a key, check or index to a definition that nobody else has. taken has the names that are.
func (s *statement) addConstraint(def *schemahistory.TableDefinition, c parser.Constraint, taken *names) error {
	if c.NotValid || c.Deferrable || c.InitiallyDeferred || c.NullsNotDistinct || c.NoInherit {
		return sqlstate.New(sqlstate.FeatureNotSupported, "this property of a constraint is not supported").At(int(c.Pos)).
			WithDetail("Constraints that are NOT VALID, DEFERRABLE, NULLS NOT DISTINCT or NO INHERIT are not.")
	}
	switch c.Kind {
	case parser.PrimaryKeyConstraint, parser.UniqueConstraint:
		return addKey(def, c, taken)
	case parser.IndexConstraint:
		x, err := indexColumns(def, c.Index)
		if err != nil {
			return err
		}
		def.Indexes = append(def.Indexes, schemahistory.Index{Name: taken.choose(def.Name.Table, indexed(x), "idx"), Columns: x})
		taken.add(def)
		return nil
	case parser.CheckConstraint:
		return s.addCheck(def, c, taken)
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "this kind of constraint is not supported").At(int(c.Pos))
}

func addKey(def *schemahistory.TableDefinition, c parser.Constraint, taken *names) error {
	k := schemahistory.Key{Name: c.Name, Primary: c.Kind == parser.PrimaryKeyConstraint}
	var columns []string
	for _, id := range c.Columns {
		i := def.Find(id.Name)
		if i < 0 {
			return sqlstate.New(sqlstate.UndefinedColumn, "column %q named in key does not exist", id.Name).At(int(id.Pos))
		}
		if slices.Contains(k.Columns, i) {
			kind := map[bool]string{true: "primary key", false: "unique"}[k.Primary]
			return sqlstate.New(sqlstate.DuplicateColumn, "column %q appears twice in %s constraint", id.Name, kind).At(int(id.Pos))
		}
		if t := def.Columns[i].Type; t == arrowschema.JSON {
			return sqlstate.New(sqlstate.UndefinedObject, "data type %s has no default operator class for access method \"btree\"", t).
				WithHint("You must specify an operator class for the index or define a default operator class for the data type.")
		}
		k.Columns, columns = append(k.Columns, i), append(columns, id.Name)
	}
	if _, have := def.PrimaryKey(); have && k.Primary {
		return sqlstate.New(sqlstate.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", def.Name.Table).At(int(c.Pos))
	}
	switch {
	case k.Name == "" && k.Primary:
		k.Name = taken.choose(def.Name.Table, nil, "pkey")
	case k.Name == "":
		k.Name = taken.choose(def.Name.Table, columns, "key")
	case taken.relations[k.Name]:
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", k.Name)
	case taken.constraints[k.Name]:
		return sqlstate.New(sqlstate.DuplicateObject, "constraint %q for relation %q already exists", k.Name, def.Name.Table)
	}
	if k.Primary { // it stands first
		for _, i := range k.Columns {
			def.Columns[i].NotNull = true
		}
		def.Keys = slices.Insert(def.Keys, 0, k)
	} else {
		def.Keys = append(def.Keys, k)
	}
	taken.add(def)
	return nil
}

// addCheck adds a CHECK of the one form that definitions have: CHECK (column IN ('a', 'b')).
func (s *statement) addCheck(def *schemahistory.TableDefinition, c parser.Constraint, taken *names) error {
	if _, err := s.bare().Check(def, c.Expr); err != nil {
		return err
	}
	check, ok := valuesCheck(def, c)
	if !ok {
		return sqlstate.New(sqlstate.FeatureNotSupported, "this CHECK is not supported").At(int(c.Pos)).
			WithHint("A CHECK may restrict a text column to a list of values: CHECK (status IN ('a', 'b')).")
	}
	switch {
	case check.Name == "":
		check.Name = taken.choose(def.Name.Table, []string{def.Columns[check.Column].Name}, "check")
	case slices.ContainsFunc(def.Checks, func(h schemahistory.Check) bool { return h.Name == check.Name }),
		slices.ContainsFunc(def.Keys, func(h schemahistory.Key) bool { return h.Name == check.Name }):
		return sqlstate.New(sqlstate.DuplicateObject, "constraint %q for relation %q already exists", check.Name, def.Name.Table)
	}
	def.Checks = append(def.Checks, check)
	taken.add(def)
	return nil
}

// valuesCheck recognises CHECK (column IN ('a', 'b')).
func valuesCheck(def *schemahistory.TableDefinition, c parser.Constraint) (schemahistory.Check, bool) {
	check := schemahistory.Check{Name: c.Name}
	in, ok := c.Expr.(*parser.InList)
	if !ok || in.Not {
		return check, false
	}
	ref, ok := in.Arg.(*parser.ColumnRef)
	if !ok {
		return check, false
	}
	check.Column = def.Find(ref.Parts[len(ref.Parts)-1])
	if t := def.Columns[check.Column].Type; t != arrowschema.Text && t != arrowschema.Varchar {
		return check, false
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

// dropConstraint drops a key or check. Columns of a primary key stay NOT NULL.
func (a *alteration) dropConstraint(x *parser.DropConstraint) error {
	key := slices.IndexFunc(a.def.Keys, func(k schemahistory.Key) bool { return k.Name == x.Name })
	check := slices.IndexFunc(a.def.Checks, func(c schemahistory.Check) bool { return c.Name == x.Name })
	if key < 0 && check < 0 {
		if x.IfExists {
			a.stmt.session.notice("00000", "constraint "+strconv.Quote(x.Name)+" of relation "+strconv.Quote(a.def.Name.Table)+" does not exist, skipping")
			return nil
		}
		return sqlstate.New(sqlstate.UndefinedObject, "constraint %q of relation %q does not exist", x.Name, a.def.Name.Table)
	}
	a.constrain("dropped constraint "+parser.QuoteIdent(x.Name), func(d *schemahistory.TableDefinition) {
		if key >= 0 {
			d.Keys = slices.Delete(d.Keys, key, key+1)
		} else {
			d.Checks = slices.Delete(d.Checks, check, check+1)
		}
	})
	return nil
}

// renameConstraint gives a key or check another name.
func (a *alteration) renameConstraint(x *parser.RenameConstraint) error {
	key := slices.IndexFunc(a.def.Keys, func(k schemahistory.Key) bool { return k.Name == x.From })
	check := slices.IndexFunc(a.def.Checks, func(c schemahistory.Check) bool { return c.Name == x.From })
	taken := namesIn(a.tx, a.def)
	switch {
	case key < 0 && check < 0:
		return sqlstate.New(sqlstate.UndefinedObject, "constraint %q for table %q does not exist", x.From, a.def.Name.Table)
	case key >= 0 && taken.relations[x.To]:
		return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", x.To)
	case slices.ContainsFunc(a.def.Keys, func(k schemahistory.Key) bool { return k.Name == x.To }),
		slices.ContainsFunc(a.def.Checks, func(c schemahistory.Check) bool { return c.Name == x.To }):
		return sqlstate.New(sqlstate.DuplicateObject, "constraint %q for relation %q already exists", x.To, a.def.Name.Table)
	}
	a.constrain("renamed constraint "+parser.QuoteIdent(x.From)+" to "+parser.QuoteIdent(x.To), func(d *schemahistory.TableDefinition) {
		if key >= 0 {
			d.Keys[key].Name = x.To
		} else {
			d.Checks[check].Name = x.To
		}
	})
	return nil
}

// addConstraint adds a constraint to a table that may have rows.
func (a *alteration) addConstraint(c parser.Constraint) error {
	if c.Kind == parser.IndexConstraint {
		return sqlstate.New(sqlstate.SyntaxError, "syntax error at or near \"INDEX\"").At(int(c.Pos)).WithHint("Use CREATE INDEX.")
	}
	if c.Kind == parser.PrimaryKeyConstraint { // whose columns PostgreSQL makes NOT NULL first
		for _, id := range c.Columns {
			if _, err := a.column(id.Name); err != nil {
				return err
			}
		}
	}
	next := *a.def
	next.Columns, next.Keys, next.Checks = slices.Clone(next.Columns), slices.Clone(next.Keys), slices.Clone(next.Checks)
	if err := a.stmt.addConstraint(&next, c, namesIn(a.tx, a.def)); err != nil {
		return err
	}
	before := a.def
	name := ""
	switch {
	case c.Kind == parser.CheckConstraint:
		check := next.Checks[len(next.Checks)-1]
		name = check.Name
		a.checked = append(a.checked, name)
	default:
		i := slices.IndexFunc(next.Keys, func(k schemahistory.Key) bool { return !slices.ContainsFunc(before.Keys, sameName(k.Name)) })
		name, a.rewrite = next.Keys[i].Name, true // the key's index is made of the rows as they are put there
	}
	a.def, a.changed = &next, true
	a.changes = append(a.changes, "added constraint "+parser.QuoteIdent(name))
	return nil
}

func sameName(name string) func(schemahistory.Key) bool {
	return func(k schemahistory.Key) bool { return k.Name == name }
}

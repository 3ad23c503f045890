package exec

import (
	"fmt"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
)

// addColumn adds a column. A default that is the same for all rows is computed once and remembered with the column, so that no row need be written; one
// that is not, random(), is computed for every row, which writes them all.
// maxMissing is the longest value, in bytes, that the rows there are can have in a column that is added: it is written into the table's definition, each of
// its versions, and the log, and PostgreSQL has it in a row of its catalog, where it must fit a page.
const maxMissing = 1 << 20

func (a *alteration) addColumn(x *parser.AddColumn) error {
	c := &x.Column
	if a.def.Find(c.Name) >= 0 {
		if x.IfNotExists {
			a.skipColumn(c.Name)
			return nil
		}
		return sqlstate.New(sqlstate.DuplicateColumn, "column %q of relation %q already exists", c.Name, a.def.Name.Table)
	}
	col, value, err := a.stmt.columnOf(c)
	if err != nil {
		return err
	}
	if value == nil {
		value = exprs.Null(col.Type)
	}
	if exprs.Fixed(value) {
		v, err := value.Eval(a.stmt.eval(), &vec.Batch{N: 1})
		if err != nil {
			return err
		}
		value = exprs.NewConst(v)
		if !v.IsNull(0) {
			text := string(vec.AppendText(nil, v, 0, time.UTC))
			if len(text) > maxMissing {
				return sqlstate.New(sqlstate.ProgramLimitExceeded, "row is too big: size %d, maximum size %d", len(text), maxMissing)
			}
			col.Missing = &text
		}
	} else {
		a.rewrite, a.computed = true, true
	}
	if err := a.take(a.def.AddColumn(col)); err != nil {
		return err
	}
	added := a.def.Columns[len(a.def.Columns)-1]
	a.values[added.ID], a.required = value, append(a.required, added.ID)
	for _, k := range c.Constraints {
		p := others
		if k.Kind == parser.PrimaryKeyConstraint || k.Kind == parser.UniqueConstraint {
			p = keys
		}
		a.later(p, func() error { return a.addConstraint(k) })
	}
	return nil
}

func (a *alteration) skipColumn(name string) {
	a.stmt.session.notice(sqlstate.DuplicateColumn, fmt.Sprintf(`column "%s" of relation "%s" already exists, skipping`, name, a.def.Name.Table))
}

func (a *alteration) dropColumn(x *parser.DropColumn) error {
	if x.IfExists && a.def.Find(x.Column) < 0 {
		a.stmt.session.notice("00000", fmt.Sprintf(`column "%s" of relation "%s" does not exist, skipping`, x.Column, a.def.Name.Table))
		return nil
	}
	if len(a.def.Columns) == 1 && len(a.steps[adding]) > 0 && !a.emptied { // a table must have a column: it goes when the new ones are there
		a.emptied = true
		a.later(adding, func() error { return a.dropColumn(x) })
		return nil
	}
	return a.take(a.def.DropColumn(x.Column))
}

func (a *alteration) setNotNull(name string, notNull bool) error {
	before := a.def
	if err := a.take(a.def.SetNotNull(name, notNull)); err != nil || a.def == before || !notNull {
		return err
	}
	a.required = append(a.required, a.def.Columns[a.def.Find(name)].ID)
	return nil
}

func (a *alteration) setDefault(x *parser.SetDefault) error {
	i, err := a.column(x.Column)
	if err != nil {
		return err
	}
	text := ""
	if x.Expr != nil {
		if text, _, err = a.stmt.defaultOf(a.def.Columns[i], x.Expr); err != nil {
			return err
		}
	}
	return a.take(a.def.SetDefault(x.Column, text))
}

// defaultOf checks that a default can be what it says, and gives its text and the values that it has. A NULL of the column's type is no default, as in
// PostgreSQL, unless the type has a length that even NULL is made to fit.
func (s *statement) defaultOf(col schemahistory.Column, e parser.Expr) (string, exprs.Expr, error) {
	value, err := s.bare().NewDefault(col, e)
	if err != nil {
		return "", nil, err
	}
	text := s.defaultText(col, e)
	if text != "" {
		err = s.readsDefault(col, text)
	}
	return text, value, err
}

// readsDefault tells whether an INSERT will be able to read the text of a default. Chains that a statement may have at any length are written with parentheses.
func (s *statement) readsDefault(col schemahistory.Column, text string) error {
	e, err := parser.ParseExpr(text)
	if err == nil {
		_, err = s.bare().NewDefault(col, e)
	}
	return err
}

// defaultText gives the text that is kept of a default: with its types written out, and its constants as they are now and in this session, so that the text
// means the same whoever inserts rows later. A single literal that every session reads alike stays as it was written.
func (s *statement) defaultText(col schemahistory.Column, e parser.Expr) string {
	_, isNull := e.(*parser.NullLit)
	_, isString := e.(*parser.StringLit)
	typed, err := s.bare().TypedDefault(col, e, time.UTC)
	switch {
	case isNull && len(col.Modifier) == 0, err == nil && typed.Null():
		return ""
	case err != nil, bind.IsLiteral(e) && !(isString && col.Type.Category() == arrowschema.CategoryDateTime):
		return parser.Format(e)
	}
	if text := parser.Format(typed.Expr); s.readsDefault(col, text) == nil {
		return text
	}
	return parser.Format(e)
}

// retype is an ALTER COLUMN … TYPE that has been checked.
type retype struct {
	column string
	to     schemahistory.Column // its type and modifier
	value  exprs.Expr           // on the columns of the table before the statement
	using  bool
}

// prepareType checks an ALTER COLUMN … TYPE on the table as it was before the statement, as PostgreSQL does.
func (a *alteration) prepareType(x *parser.SetType) error {
	def := a.view.Def
	i, err := a.column(x.Column)
	if err != nil {
		return err
	}
	if a.retyped[x.Column] {
		return sqlstate.New(sqlstate.FeatureNotSupported, "cannot alter type of column %q twice", x.Column)
	}
	a.retyped[x.Column] = true
	to := def.Columns[i]
	if to.Type, err = bind.TypeOf(x.Type); err != nil {
		return err
	}
	if to.Modifier, err = bind.ModifierOf(to.Type, x.Type); err != nil {
		return err
	}
	b := a.stmt.binder(a.tx.Snapshot())
	plain, plainErr := b.Retype(def, i, to, nil)
	value := plain
	if x.Using != nil {
		if value, err = b.Retype(def, i, to, x.Using); err != nil {
			return err
		}
	} else if plainErr != nil {
		return plainErr
	}
	r := &retype{column: x.Column, to: to, value: value, using: x.Using != nil && (plainErr != nil || !exprs.Equal(value, plain))}
	a.later(retyping, func() error { return a.setType(r) })
	return nil
}

// setType changes a column's type: by its definition alone where readers can convert the rows, otherwise by writing them anew.
func (a *alteration) setType(r *retype) error {
	i, err := a.column(r.column)
	if err != nil {
		return err
	}
	old := a.def.Columns[i]
	text, err := a.stmt.defaultUnder(old, r.to)
	if err != nil {
		return err
	}
	if !r.using && a.def.KeepsRows(r.column, r.to.Type, r.to.Modifier) {
		if err := a.take(a.def.SetType(r.column, r.to.Type, r.to.Modifier)); err != nil {
			return err
		}
		if old.Type == arrowschema.Date && r.to.Type == arrowschema.Timestamp {
			a.casts = append(a.casts, r.value)
		}
	} else {
		to := r.to
		to.NotNull, to.Default = old.NotNull, old.Default
		if err := a.take(a.def.ReplaceColumn(r.column, to)); err != nil {
			return err
		}
		a.rewrite = true
	}
	a.computed = a.computed || !relabels(old, r)
	a.values[a.def.Columns[i].ID] = r.value
	if text != old.Default { // the same default, written for the new type: no words
		a.constrain("", func(d *schemahistory.TableDefinition) { d.Columns[i].Default = text })
	}
	return nil
}

// relabels tells whether PostgreSQL, too, changes the type without writing the rows: values of the two types are the same bytes.
func relabels(old schemahistory.Column, r *retype) bool {
	if r.using || !schemahistory.Widens(old, r.to) {
		return false
	}
	text := func(t arrowschema.Type) bool { return t == arrowschema.Text || t == arrowschema.Varchar }
	return old.Type == r.to.Type || text(old.Type) && text(r.to.Type)
}

// defaultUnder gives the text of a column's default when the column gets another type. As in PostgreSQL the default is then what was written, cast to the
// new type and not to the old one first; but a literal without a type has become a value of the old one.
func (s *statement) defaultUnder(old, to schemahistory.Column) (string, error) {
	if old.Default == "" || old.Type == to.Type {
		return old.Default, nil
	}
	e, err := parser.ParseExpr(old.Default)
	if err != nil {
		return "", err
	}
	b, text := s.bare(), old.Default
	t, err := b.DefaultType(e)
	if err != nil {
		return "", err
	}
	if t == arrowschema.Unknown {
		t, e = old.Type, &parser.Cast{Arg: e, Type: &parser.TypeName{Name: old.Type.Name()}}
		text = s.defaultText(old, e)
	}
	if !b.Assignable(t, to.Type) {
		return "", sqlstate.New(sqlstate.DatatypeMismatch, "default for column %q cannot be cast automatically to type %s", old.Name, to.Type)
	}
	_, err = b.NewDefault(to, e)
	return text, err
}

package exec

import (
	"errors"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/tables"
)

// What an ALTER TABLE does to the rows. Most do nothing: readers find the columns of old rows by their IDs. Some look whether the rows fulfil what is
// new, and some write every row anew, as one statement: the rows of the snapshot before it go through expressions into the table that it cleared.

// rewriteRows stores the definition and writes the rows anew under it.
func (a *alteration) rewriteRows(next *schemahistory.TableDefinition, words string) error {
	if err := a.tx.Clear(a.view.Def.Name); err != nil {
		return err
	}
	if err := a.tx.ReplaceDefinition(next, words); err != nil {
		return err
	}
	p := &plan.Project{Input: a.scan()}
	for _, c := range next.Columns {
		e, ok := a.values[c.ID]
		if !ok {
			i := a.place(c.ID)
			e = &exprs.Column{Index: i, T: a.view.Def.Columns[i].Type, Name: c.Name}
		}
		p.Exprs, p.Names = append(p.Exprs, e), append(p.Names, c.Name)
	}
	w := &rewriter{alteration: a, next: next}
	if err := a.stmt.each(p, w.put); err != nil {
		return ofRows(err, next)
	}
	return ofRows(w.duplicate, next)
}

// rewriter puts the rows of a table there anew.
type rewriter struct {
	*alteration
	next      *schemahistory.TableDefinition
	count     int64
	duplicate error // the first row with the key of another one
}

// put inserts rows. Where values are computed, PostgreSQL writes all rows before it makes the indexes: what is wrong with the values of a later row comes
// before a key that occurs twice.
func (w *rewriter) put(b *vec.Batch) error {
	if w.duplicate != nil {
		return w.tx.Check(w.next.Name, b)
	}
	if err := w.stmt.memory.Reserve(scan.Bytes(b)*5/4 + w.indexes(b.N)); err != nil {
		return err
	}
	err := w.tx.Insert(w.next.Name, b)
	if w.computed && sqlstate.CodeOf(err) == sqlstate.UniqueViolation {
		w.duplicate, err = err, w.tx.Check(w.next.Name, b)
	}
	w.count += int64(b.N)
	if progress := w.stmt.session.Progress; err == nil && progress != nil {
		progress(w.count)
	}
	return err
}

// indexes gives by how much the indexes of the keys may grow with n more rows, in bytes.
func (w *rewriter) indexes(n int) int64 {
	grown := tables.IndexBytes(int(w.count)+n) - tables.IndexBytes(int(w.count))
	return grown * int64(len(w.next.Keys))
}

// scan reads the rows before the statement.
func (a *alteration) scan() *plan.Scan {
	n := &plan.Scan{Table: a.view, Alias: a.view.Def.Name.Table, Cols: make([]int, len(a.view.Def.Columns))}
	for i := range n.Cols {
		n.Cols[i] = i
	}
	return n
}

// place gives the place of the column with an ID before the statement, -1 when the statement has made it.
func (a *alteration) place(id int32) int {
	return slices.IndexFunc(a.view.Def.Columns, func(c schemahistory.Column) bool { return c.ID == id })
}

// probe is something that no row may fulfil, on the columns before the statement, and the error when one does.
type probe struct {
	cond exprs.Expr
	err  error
}

// testRows tests that the rows, which stay as they are, fulfil what is new, in PostgreSQL's order: row by row, first the columns that are NOT NULL and then
// the checks.
func (a *alteration) testRows() error {
	for _, e := range a.casts {
		if err := a.testValues(e); err != nil {
			return err
		}
	}
	var probes []probe
	for i, c := range a.def.Columns {
		if slices.Contains(a.required, c.ID) && c.NotNull {
			probes = append(probes, a.nullProbe(i))
		}
	}
	for _, name := range a.checked {
		probes = append(probes, a.checkProbe(name))
	}
	if len(probes) == 0 {
		return nil
	}
	p := &plan.Project{}
	for _, b := range probes {
		p.Exprs, p.Names = append(p.Exprs, b.cond), append(p.Names, "failed")
	}
	p.Input = &plan.Filter{Input: a.scan(), Conds: []exprs.Expr{probes[0].cond}}
	if len(probes) > 1 {
		p.Input = &plan.Filter{Input: a.scan(), Conds: []exprs.Expr{&exprs.Or{Args: p.Exprs}}}
	}
	found, err := a.stmt.collect(p, 1)
	if err != nil || found.N == 0 {
		return err
	}
	for i, b := range probes {
		if v, at := found.Cols[i].Value(0); !v.IsNull(at) && v.Bools[at] {
			return b.err
		}
	}
	return nil
}

// nullProbe finds NULL in column i of the new definition.
func (a *alteration) nullProbe(i int) probe {
	c := a.def.Columns[i]
	out := probe{err: sqlstate.New(sqlstate.NotNullViolation, "column %q of relation %q contains null values", c.Name, a.def.Name.Table)}
	if at := a.place(c.ID); at >= 0 {
		out.cond = &exprs.IsNull{Arg: a.old(at)}
	} else {
		out.cond = exprs.NewConst(vec.NewConst(arrowschema.Bool, c.Missing == nil, 1))
	}
	return out
}

// checkProbe finds what a check that the statement has added refuses.
func (a *alteration) checkProbe(name string) probe {
	check := a.def.Checks[slices.IndexFunc(a.def.Checks, func(c schemahistory.Check) bool { return c.Name == name })]
	c := a.def.Columns[check.Column]
	out := probe{err: sqlstate.New(sqlstate.CheckViolation, "check constraint %q of relation %q is violated by some row", name, a.def.Name.Table)}
	at := a.place(c.ID)
	if at < 0 {
		refused := c.Missing != nil && !slices.Contains(check.Values, *c.Missing)
		out.cond = exprs.NewConst(vec.NewConst(arrowschema.Bool, refused, 1))
		return out
	}
	col := a.old(at)
	list := make([]*exprs.Const, len(check.Values))
	for j, v := range check.Values {
		list[j] = exprs.NewConst(vec.NewConst(col.T, v, 1))
	}
	out.cond = exprs.NewIn(col, list, true)
	return out
}

// testValues tests that an expression can be computed for every row.
func (a *alteration) testValues(e exprs.Expr) error {
	return a.stmt.each(&plan.Project{Input: a.scan(), Exprs: []exprs.Expr{e}, Names: []string{"value"}}, func(*vec.Batch) error { return nil })
}

// old gives a column before the statement.
func (a *alteration) old(i int) *exprs.Column {
	c := a.view.Def.Columns[i]
	return &exprs.Column{Index: i, T: c.Type, Name: c.Name}
}

// ofRows words the error of a row that a table refuses as PostgreSQL words it when the row was there before the constraint.
func ofRows(err error, def *schemahistory.TableDefinition) error {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	switch e.Code {
	case sqlstate.NotNullViolation:
		if column, ok := strings.CutSuffix(strings.TrimPrefix(e.Message, "null value in "), " violates not-null constraint"); ok {
			c.Message, c.Detail = column+" contains null values", ""
		}
	case sqlstate.CheckViolation:
		if _, name, ok := strings.Cut(e.Message, " violates check constraint "); ok {
			c.Message, c.Detail = "check constraint "+name+` of relation "`+def.Name.Table+`" is violated by some row`, ""
		}
	case sqlstate.UniqueViolation:
		if name, ok := strings.CutPrefix(e.Message, "duplicate key value violates unique constraint "); ok {
			c.Message, c.Detail = "could not create unique index "+name, strings.TrimSuffix(e.Detail, "already exists.")+"is duplicated."
		}
	}
	return &c
}

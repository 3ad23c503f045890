package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// rowIDName is the name of the column that carries a row's identifier.
const rowIDName = "ctid"

// target is the table of an UPDATE or DELETE: its columns, the row's identifier, and what FROM or USING adds.
type target struct {
	def   *schemahistory.TableDefinition
	alias string
	eb    *exprBinder
	node  plan.Node
}

// Update binds an UPDATE.
func (b *Binder) Update(st *parser.Update) (*Update, error) {
	if st.With != nil {
		return nil, unsupported(st.With.Pos, "WITH in UPDATE")
	}
	t, err := b.target(st.Table, st.From, st.Where)
	if err != nil {
		return nil, err
	}
	if len(st.From) > 0 && len(st.Returning) > 0 {
		return nil, unsupported(st.Pos, "RETURNING in UPDATE … FROM")
	}
	t.eb.where = "UPDATE"
	set, err := b.assignments(t.eb, t.def, st.Set)
	if err != nil {
		return nil, err
	}
	p := &plan.Project{Input: t.node}
	for i, c := range t.def.Columns {
		if set[i] == nil {
			set[i] = &exprs.Column{Index: i, T: c.Type, Name: c.Name}
		}
		p.Exprs, p.Names = append(p.Exprs, set[i]), append(p.Names, c.Name)
	}
	p.Exprs, p.Names = append(p.Exprs, t.rowID()), append(p.Names, rowIDName)
	ret, err := b.returning(t.def, t.alias, st.Returning)
	return &Update{Def: t.def, Source: p, Returning: ret}, err
}

// Delete binds a DELETE.
func (b *Binder) Delete(st *parser.Delete) (*Delete, error) {
	if st.With != nil {
		return nil, unsupported(st.With.Pos, "WITH in DELETE")
	}
	t, err := b.target(st.Table, st.Using, st.Where)
	if err != nil {
		return nil, err
	}
	if len(st.Using) == 0 {
		ret, err := b.returning(t.def, t.alias, st.Returning)
		return &Delete{Def: t.def, Source: t.node, Returning: ret}, err
	}
	if len(st.Returning) > 0 {
		return nil, unsupported(st.Pos, "RETURNING in DELETE … USING")
	}
	p := &plan.Project{Input: t.node}
	for i, c := range t.def.Columns {
		p.Exprs, p.Names = append(p.Exprs, &exprs.Column{Index: i, T: c.Type, Name: c.Name}), append(p.Names, c.Name)
	}
	p.Exprs, p.Names = append(p.Exprs, t.rowID()), append(p.Names, rowIDName)
	return &Delete{Def: t.def, Source: p}, nil
}

// rowID gives the column with the row's identifier.
func (t *target) rowID() exprs.Expr {
	return &exprs.Column{Index: len(t.def.Columns), T: arrowschema.Int8, Name: rowIDName}
}

// target binds the table of an UPDATE or DELETE, what it is joined with, and the condition.
func (b *Binder) target(table *parser.Table, from []parser.TableExpr, where parser.Expr) (*target, error) {
	scan, err := b.storedTable(table)
	if err != nil {
		return nil, err
	}
	t := &target{def: scan.Table.Def, alias: table.Name}
	if table.Alias != nil {
		t.alias = table.Alias.Name
	}
	withID := *scan
	withID.RowID = true
	t.node = &withID
	t.eb = &exprBinder{Binder: b, scope: tableScope(t.def, t.alias), where: "WHERE"}
	if len(from) > 0 {
		if err := t.join(b, from); err != nil {
			return nil, err
		}
	}
	if where != nil {
		cond, err := t.eb.condition(where, "WHERE")
		if err != nil {
			return nil, err
		}
		t.node = &plan.Filter{Input: t.node, Conds: conjuncts(cond)}
	}
	if len(from) > 0 { // a row that several rows of FROM match is changed once, by one of them
		id := t.rowID()
		t.node = &plan.DistinctOn{Input: &plan.Sort{Input: t.node, Keys: []plan.SortKey{{Expr: id}}, Limit: -1}, Keys: []exprs.Expr{id}}
	}
	return t, nil
}

// join adds the tables of FROM or USING to the target.
func (t *target) join(b *Binder, from []parser.TableExpr) error {
	node, sc, err := b.from(from, nil)
	if err != nil {
		return err
	}
	t.eb.scope.cols = append(t.eb.scope.cols, scopeColumn{typ: arrowschema.Int8, hidden: true}) // the identifier, which has no name here
	if t.eb.scope, err = t.eb.scope.join(sc, parser.Pos(from[0].Position())); err != nil {
		return err
	}
	t.node = &plan.Join{Kind: plan.Inner, Left: t.node, Right: node}
	return nil
}

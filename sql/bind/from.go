package bind

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// from binds the FROM clause: a list is a cross join. Without one there is a single row without columns.
func (b *Binder) from(items []parser.TableExpr, outer *scope) (plan.Node, *scope, error) {
	if len(items) == 0 {
		return &plan.Virtual{Name: "result", Rows: &vec.Batch{N: 1}}, newScope(outer), nil
	}
	node, sc, err := b.tableExpr(items[0], outer)
	if err != nil {
		return nil, nil, err
	}
	for _, item := range items[1:] {
		right, rightScope, err := b.tableExpr(item, outer)
		if err != nil {
			return nil, nil, err
		}
		if sc, err = sc.join(rightScope, parser.Pos(item.Position())); err != nil {
			return nil, nil, err
		}
		node = &plan.Join{Kind: plan.Inner, Left: node, Right: right}
	}
	return node, sc, nil
}

func (b *Binder) tableExpr(e parser.TableExpr, outer *scope) (plan.Node, *scope, error) {
	switch e := e.(type) {
	case *parser.Table:
		return b.table(e, outer)
	case *parser.DerivedTable:
		if e.Lateral {
			return nil, nil, unsupported(e.Pos, "LATERAL")
		}
		n, err := b.query(e.Query, outer)
		if err != nil {
			return nil, nil, err
		}
		n = b.settleUnknown(n)
		sc := newScope(outer)
		cols, err := aliased(n.Columns(), e.Alias)
		if err != nil {
			return nil, nil, err
		}
		sc.addTable("", e.Alias.Name, cols)
		sc.mentioned = []mention{{alias: e.Alias.Name}}
		return n, sc, nil
	case *parser.Join:
		return b.join(e, outer)
	case *parser.FunctionTable:
		return b.tableFunction(e, outer)
	}
	return nil, nil, unsupported(parser.Pos(e.Position()), "this item of FROM")
}

// aliased renames the first columns as an alias's column list says.
func aliased(cols []plan.Column, a *parser.Alias) ([]plan.Column, error) {
	if a == nil || len(a.Columns) == 0 {
		return cols, nil
	}
	if len(a.Columns) > len(cols) {
		return nil, tooManyNames("table", a, len(cols))
	}
	out := append([]plan.Column{}, cols...)
	for i, c := range a.Columns {
		out[i].Name = c.Name
	}
	return out, nil
}

func tooManyNames(what string, a *parser.Alias, have int) error {
	return sqlstate.New(sqlstate.InvalidColumnReference, "%s %q has %d columns available but %d columns specified", what, a.Name, have, len(a.Columns)).At(int(a.Pos))
}

// table binds a name: of a common table expression, a stored table or a catalogue table.
func (b *Binder) table(t *parser.Table, outer *scope) (plan.Node, *scope, error) {
	alias := t.Name
	if t.Alias != nil {
		alias = t.Alias.Name
	}
	node, schema, err := b.relation(t, alias)
	if err != nil {
		return nil, nil, err
	}
	cols, err := aliased(node.Columns(), t.Alias)
	if err != nil {
		return nil, nil, err
	}
	sc := newScope(outer)
	if t.Alias != nil {
		schema = "" // an alias hides the schema-qualified name
	}
	if scan, ok := node.(*plan.Scan); ok {
		if key, ok := scan.Table.Def.PrimaryKey(); ok {
			sc.keys = []tableKey{{lo: 0, hi: len(cols), primary: key.Columns}}
		}
	}
	sc.addTable(schema, alias, cols)
	sc.mentioned = []mention{{t.Schema, t.Name, alias}}
	return node, sc, nil
}

func (b *Binder) relation(t *parser.Table, alias string) (plan.Node, string, error) {
	if t.Schema == "" {
		for i := len(b.ctes) - 1; i >= 0; i-- {
			if c := b.ctes[i]; c.name == t.Name {
				return c.node, "", b.relate(c.relations)
			}
		}
	}
	if err := b.relate(1); err != nil {
		return nil, "", err
	}
	rel, err := b.find(&t.ObjectName)
	if err != nil {
		return nil, "", err
	}
	if rel.Virtual != nil {
		v, err := rel.Virtual()
		return v, t.Schema, err
	}
	scan := &plan.Scan{Table: rel.Table, Alias: alias, Cols: make([]int, len(rel.Table.Def.Columns))}
	for i := range scan.Cols {
		scan.Cols[i] = i
	}
	return scan, rel.Table.Def.Name.Namespace, nil
}

// find looks a relation up, or fails with 42P01 and what advice there is.
func (b *Binder) find(name *parser.ObjectName) (Relation, error) {
	rel, ok := b.Catalog.Relation(name.Schema, name.Name)
	if ok {
		return rel, nil
	}
	full := name.Name
	if name.Schema != "" {
		full = name.Schema + "." + name.Name
	}
	err := sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", full).At(int(name.Pos))
	err.Hint = b.Catalog.Hint(name.Schema, name.Name)
	for _, c := range b.forward {
		if name.Schema == "" && c.Name == name.Name {
			return Relation{}, err.WithDetail("There is a WITH item named %q, but it cannot be referenced from this part of the query.", c.Name).
				WithHint("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.")
		}
	}
	return Relation{}, err
}

// Stored finds the definition of a stored table that a statement changes.
func (b *Binder) Stored(t *parser.Table) (*schemahistory.TableDefinition, error) {
	scan, err := b.storedTable(t)
	if err != nil {
		return nil, err
	}
	return scan.Table.Def, nil
}

// storedTable finds a stored table that a statement changes.
func (b *Binder) storedTable(t *parser.Table) (*plan.Scan, error) {
	rel, err := b.find(&t.ObjectName)
	if err != nil {
		return nil, err
	}
	if rel.Table == nil {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "cannot change relation %q", t.Name).At(int(t.Pos)).
			WithDetail("It is computed from the catalogue.")
	}
	n, _, err := b.relation(t, t.Name)
	if err != nil {
		return nil, err
	}
	return n.(*plan.Scan), nil
}

var joinKinds = map[parser.JoinKind]plan.JoinKind{
	parser.InnerJoin: plan.Inner, parser.CrossJoin: plan.Inner, parser.LeftJoin: plan.Left, parser.RightJoin: plan.Right, parser.FullJoin: plan.Full,
}

func (b *Binder) join(e *parser.Join, outer *scope) (plan.Node, *scope, error) {
	left, ls, err := b.tableExpr(e.Left, outer)
	if err != nil {
		return nil, nil, err
	}
	right, rs, err := b.tableExpr(e.Right, outer)
	if err != nil {
		return nil, nil, err
	}
	sc, err := ls.join(rs, e.Pos)
	if err != nil {
		return nil, nil, err
	}
	join := &plan.Join{Kind: joinKinds[e.Kind], Left: left, Right: right}
	node, sc, err := b.joinCondition(e, join, ls, rs, sc)
	if err != nil || e.Alias == nil {
		return node, sc, err
	}
	return aliasedJoin(node, sc, e.Alias)
}

// aliasedJoin makes one table of a join: the columns that * gives, under the alias alone.
func aliasedJoin(node plan.Node, sc *scope, alias *parser.Alias) (plan.Node, *scope, error) {
	project, names := &plan.Project{Input: node}, newScope(sc.outer)
	for i, c := range sc.cols {
		if !c.hidden {
			project.Exprs, project.Names = append(project.Exprs, sc.column(i, alias.Pos)), append(project.Names, c.name)
			project.Modifiers = append(project.Modifiers, c.modifier)
		}
	}
	cols, err := aliased(project.Columns(), alias)
	if err != nil {
		return nil, nil, err
	}
	names.addTable("", alias.Name, cols)
	names.mentioned = append(append(names.mentioned, sc.mentioned...), mention{alias: alias.Name})
	return project, names, nil
}

func (b *Binder) joinCondition(e *parser.Join, join *plan.Join, ls, rs, both *scope) (plan.Node, *scope, error) {
	using := e.Using
	if e.Natural {
		for _, c := range ls.cols {
			for _, d := range rs.cols {
				if c.name == d.name && !c.hidden && !d.hidden {
					using = append(using, parser.Ident{Pos: e.Pos, Name: c.name})
				}
			}
		}
	}
	if len(using) > 0 {
		return b.using(e, join, using, ls, rs, both)
	}
	if e.On == nil {
		return join, both, nil
	}
	eb := &exprBinder{Binder: b, scope: both, where: "JOIN conditions"}
	on, err := eb.condition(e.On, "JOIN/ON")
	if err != nil {
		return nil, nil, err
	}
	join.On = conjuncts(on)
	return join, both, nil
}

// using joins on equally named columns, which come first and once in the output: the left one, or of a full join whichever is not NULL.
func (b *Binder) using(e *parser.Join, join *plan.Join, names []parser.Ident, ls, rs, both *scope) (plan.Node, *scope, error) {
	n := len(ls.cols)
	project, sc := &plan.Project{Input: join}, newScope(both.outer)
	sc.tables, sc.mentioned, sc.keys = both.tables, both.mentioned, shiftKeys(both.keys, len(names))
	hide, seen := map[int]bool{}, map[string]bool{}
	for _, name := range names {
		if seen[name.Name] {
			return nil, nil, sqlstate.New(sqlstate.DuplicateColumn, "column name %q appears more than once in USING clause", name.Name).At(int(name.Pos))
		}
		seen[name.Name] = true
		l, err := sideColumn(ls, name, "left")
		if err != nil {
			return nil, nil, err
		}
		r, err := sideColumn(rs, name, "right")
		if err != nil {
			return nil, nil, err
		}
		at := []parser.Pos{name.Pos, name.Pos}
		lc, rc := both.column(l, name.Pos), both.column(n+r, name.Pos)
		eq, err := b.operator("=", []exprs.Expr{lc, rc}, name.Pos, at)
		if err != nil {
			return nil, nil, err
		}
		join.On = append(join.On, eq)
		hide[l], hide[n+r] = true, true
		merged, err := b.mergedColumn(join.Kind, lc, rc, at)
		if err != nil {
			return nil, nil, err
		}
		project.Exprs, project.Names = append(project.Exprs, merged), append(project.Names, name.Name)
		sc.cols = append(sc.cols, scopeColumn{name: name.Name, typ: merged.Type()})
	}
	for i, c := range both.cols {
		c.hidden = c.hidden || hide[i]
		sc.cols = append(sc.cols, c)
		project.Exprs, project.Names = append(project.Exprs, both.column(i, e.Pos)), append(project.Names, c.name)
	}
	return project, sc, nil
}

func sideColumn(s *scope, name parser.Ident, side string) (int, error) {
	found := -1
	for i, c := range s.cols {
		if c.name != name.Name || c.hidden {
			continue
		}
		if found >= 0 {
			return 0, sqlstate.New(sqlstate.AmbiguousColumn, "common column name %q appears more than once in %s table", name.Name, side).At(int(name.Pos))
		}
		found = i
	}
	if found < 0 {
		return 0, sqlstate.New(sqlstate.UndefinedColumn, "column %q specified in USING clause does not exist in %s table", name.Name, side).At(int(name.Pos))
	}
	return found, nil
}

func (b *Binder) mergedColumn(kind plan.JoinKind, l, r exprs.Expr, at []parser.Pos) (exprs.Expr, error) {
	args, t, err := b.unify([]exprs.Expr{l, r}, "JOIN/USING", at)
	if err != nil {
		return nil, err
	}
	switch kind {
	case plan.Right:
		return args[1], nil
	case plan.Full:
		return &exprs.Coalesce{Args: args, T: t}, nil
	default:
		return args[0], nil
	}
}

// conjuncts splits a condition at its ANDs.
func conjuncts(e exprs.Expr) []exprs.Expr {
	and, ok := e.(*exprs.And)
	if !ok {
		return []exprs.Expr{e}
	}
	var out []exprs.Expr
	for _, a := range and.Args {
		out = append(out, conjuncts(a)...)
	}
	return out
}

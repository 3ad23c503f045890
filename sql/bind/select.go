package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// maxColumns is the number of output columns that a query may have: PostgreSQL's MaxTupleAttributeNumber.
const maxColumns = 1664

func tooManyColumns() error {
	return sqlstate.New("54011", "target lists can have at most %d entries", maxColumns)
}

// query binds a query expression within an outer scope, nil at the top.
func (b *Binder) query(q *parser.Query, outer *scope) (plan.Node, error) {
	if len(q.Locking) > 0 {
		return nil, unsupported(q.Locking[0].Pos, "FOR %s", q.Locking[0].Strength)
	}
	if q.WithTies {
		return nil, unsupported(q.Pos, "WITH TIES")
	}
	if q.With != nil {
		saved := len(b.ctes)
		defer func() { b.ctes = b.ctes[:saved] }()
		if err := b.with(q.With, outer); err != nil {
			return nil, err
		}
	}
	if sel, ok := q.Body.(*parser.Select); ok {
		return b.selectQuery(q, sel, outer)
	}
	node, err := b.body(q.Body, outer)
	if err != nil {
		return nil, err
	}
	if node, err = b.orderOutput(node, q.OrderBy); err != nil {
		return nil, err
	}
	return b.limit(node, q, newScope(outer))
}

func (b *Binder) with(w *parser.With, outer *scope) error {
	if w.Recursive {
		return unsupported(w.Pos, "WITH RECURSIVE")
	}
	seen, before := map[string]bool{}, b.forward
	defer func() { b.forward = before }()
	for i, c := range w.CTEs {
		b.forward = w.CTEs[i:]
		if seen[c.Name] {
			return sqlstate.New(sqlstate.DuplicateAlias, "WITH query name %q specified more than once", c.Name).At(int(c.Pos))
		}
		seen[c.Name] = true
		q, ok := c.Query.(*parser.Query)
		if !ok {
			return unsupported(c.Pos, "a data-modifying statement in WITH")
		}
		outside := b.relations
		n, err := b.query(q, outer)
		if err != nil {
			return err
		}
		size := b.relations - outside
		b.relations = outside
		n = b.settleUnknown(n)
		names := &parser.Alias{Pos: c.Pos, Name: c.Name, Columns: c.Columns}
		if have := len(n.Columns()); len(c.Columns) > have {
			return tooManyNames("WITH query", names, have)
		}
		cols, err := aliased(n.Columns(), names)
		if err != nil {
			return err
		}
		b.ctes = append(b.ctes, &cte{name: c.Name, node: renamed(n, cols), relations: max(1, size)})
	}
	return nil
}

// renamed gives n with other column names.
func renamed(n plan.Node, cols []plan.Column) plan.Node {
	p := &plan.Project{Input: n}
	for i, c := range cols {
		p.Exprs, p.Names = append(p.Exprs, &exprs.Column{Index: i, T: c.Type, Name: c.Name}), append(p.Names, c.Name)
		p.Modifiers = append(p.Modifiers, c.Modifier)
	}
	return p
}

// body binds what a query is made of when it is no plain SELECT.
func (b *Binder) body(body parser.QueryBody, outer *scope) (plan.Node, error) {
	switch body := body.(type) {
	case *parser.Values:
		return b.values(body, outer)
	case *parser.SetOperation:
		return b.setOperation(body, outer)
	}
	return nil, unsupported(parser.Pos(body.Position()), "this query")
}

// values binds a VALUES list to a relation with columns column1, column2, ….
func (b *Binder) values(v *parser.Values, outer *scope) (plan.Node, error) {
	eb := &exprBinder{Binder: b, scope: newScope(outer), where: "VALUES"}
	width := len(v.Rows[0])
	if width > maxColumns {
		return nil, tooManyColumns()
	}
	columns, at := make([][]exprs.Expr, width), make([][]parser.Pos, width)
	for _, row := range v.Rows {
		if len(row) != width {
			return nil, sqlstate.New(sqlstate.SyntaxError, "VALUES lists must all be the same length").At(row[0].Position())
		}
		for i, e := range row {
			x, err := eb.bind(e)
			if err != nil {
				return nil, err
			}
			columns[i], at[i] = append(columns[i], x), append(at[i], pos(e))
		}
	}
	out := &plan.Virtual{Name: "values", Rows: &vec.Batch{N: len(v.Rows)}}
	for i := range columns {
		cells, t, err := b.unify(columns[i], "VALUES", at[i])
		if err != nil {
			return nil, err
		}
		col, err := b.column(cells, t)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, plan.Column{Name: valuesName(i), Type: t})
		out.Rows.Cols = append(out.Rows.Cols, col)
	}
	return out, nil
}

// column evaluates expressions without columns into one vector.
func (b *Binder) column(cells []exprs.Expr, t arrowschema.Type) (*vec.Vec, error) {
	builder := vec.NewBuilder(t, len(cells))
	for i, c := range cells {
		if i%1024 == 0 {
			if err := b.Eval.Check(); err != nil {
				return nil, err
			}
		}
		k, ok := c.(*exprs.Const)
		if !ok {
			var err error
			if k, err = b.constant(c); err != nil {
				return nil, err
			}
		}
		builder.AppendRow(k.V, 0)
	}
	v := builder.Vec()
	return v, b.Eval.Reserve(exprs.Bytes(v))
}

func valuesName(i int) string {
	digits := []byte("column")
	return string(appendInt(digits, i+1))
}

func appendInt(dst []byte, n int) []byte {
	if n >= 10 {
		dst = appendInt(dst, n/10)
	}
	return append(dst, byte('0'+n%10))
}

func (b *Binder) setOperation(s *parser.SetOperation, outer *scope) (plan.Node, error) {
	if err := b.relate(1); err != nil {
		return nil, err
	}
	left, err := b.query(s.Left, outer)
	if err != nil {
		return nil, err
	}
	right, err := b.query(s.Right, outer)
	if err != nil {
		return nil, err
	}
	name := []string{"UNION", "INTERSECT", "EXCEPT"}[s.Op]
	lc, rc := left.Columns(), right.Columns()
	if len(lc) != len(rc) {
		return nil, sqlstate.New(sqlstate.SyntaxError, "each %s query must have the same number of columns", name).At(int(outputPos(s.Right, 0)))
	}
	types := make([]arrowschema.Type, len(lc))
	for i := range lc {
		at := []parser.Pos{outputPos(s.Left, i), outputPos(s.Right, i)}
		if types[i], err = b.commonType([]arrowschema.Type{lc[i].Type, rc[i].Type}, name, at); err != nil {
			return nil, err
		}
	}
	if left, err = b.castOutput(left, types, s.Left); err != nil {
		return nil, err
	}
	if right, err = b.castOutput(right, types, s.Right); err != nil {
		return nil, err
	}
	return &plan.SetOp{Op: plan.SetOperator(s.Op), All: s.All, Left: left, Right: right}, nil
}

// castOutput brings the columns of a node to given types. q is the query it was made of, for errors; nil where there can be none.
func (b *Binder) castOutput(n plan.Node, types []arrowschema.Type, q *parser.Query) (plan.Node, error) {
	p, changed := &plan.Project{Input: n}, false
	for i, c := range n.Columns() {
		var e exprs.Expr = &exprs.Column{Index: i, T: c.Type, Name: c.Name}
		if c.Type != types[i] {
			changed = true
			at := parser.Pos(0)
			if q != nil {
				at = outputPos(q, i)
			}
			if known := untyped(n, i); known != nil {
				e = known
			}
			var err error
			if e, err = b.coerce(e, types[i], exprs.Implicit, at); err != nil {
				return nil, err
			}
		}
		p.Exprs, p.Names, p.Modifiers = append(p.Exprs, e), append(p.Names, c.Name), append(p.Modifiers, c.Modifier)
		if c.Type != types[i] {
			p.Modifiers[i] = nil
		}
	}
	if !changed {
		return n, nil
	}
	return p, nil
}

// untyped gives the literal that stands in column i of a projection without a type of its own, nil when there is none there.
func untyped(n plan.Node, i int) exprs.Expr {
	if p, ok := n.(*plan.Project); ok {
		if c, ok := p.Exprs[i].(*exprs.Const); ok && c.Type() == arrowschema.Unknown {
			return c
		}
	}
	return nil
}

// settleUnknown gives output columns that are still of type unknown the type text.
func (b *Binder) settleUnknown(n plan.Node) plan.Node {
	types, changed := []arrowschema.Type{}, false
	for _, c := range n.Columns() {
		if c.Type == arrowschema.Unknown {
			c.Type, changed = arrowschema.Text, true
		}
		types = append(types, c.Type)
	}
	if !changed {
		return n
	}
	out, err := b.castOutput(n, types, nil)
	if err != nil { // unknown to text relabels and cannot fail
		return n
	}
	return out
}

// orderOutput sorts by output columns, the only ones that can be named after a set operation or VALUES.
func (b *Binder) orderOutput(n plan.Node, items []parser.SortItem) (plan.Node, error) {
	if len(items) == 0 {
		return n, nil
	}
	sc := newScope(nil)
	sc.addTable("", "", n.Columns())
	sort := &plan.Sort{Input: n, Limit: -1}
	eb := &exprBinder{Binder: b, scope: sc, where: "ORDER BY"}
	for _, item := range items {
		e, err := b.ordinal(item.Expr, n.Columns())
		if err == nil && e == nil {
			e, err = eb.bind(item.Expr)
		}
		if err != nil {
			return nil, err
		}
		if _, isColumn := e.(*exprs.Column); !isColumn {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause").At(int(item.Pos)).
				WithDetail("Only result column names can be used, not expressions or functions.").
				WithHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.")
		}
		key, err := b.sortKey(e, item)
		if err != nil {
			return nil, err
		}
		sort.Keys = append(sort.Keys, key)
	}
	return sort, nil
}

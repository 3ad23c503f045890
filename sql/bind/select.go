package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

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
	return b.limit(node, q)
}

func (b *Binder) with(w *parser.With, outer *scope) error {
	if w.Recursive {
		return unsupported(w.Pos, "WITH RECURSIVE")
	}
	for _, c := range w.CTEs {
		q, ok := c.Query.(*parser.Query)
		if !ok {
			return unsupported(c.Pos, "a data-modifying statement in WITH")
		}
		n, err := b.query(q, outer)
		if err != nil {
			return err
		}
		n = b.settleUnknown(n)
		cols, err := aliased(n.Columns(), &parser.Alias{Pos: c.Pos, Name: c.Name, Columns: c.Columns})
		if err != nil {
			return err
		}
		b.ctes = append(b.ctes, &cte{name: c.Name, node: renamed(n, cols)})
	}
	return nil
}

// renamed gives n with other column names.
func renamed(n plan.Node, cols []plan.Column) plan.Node {
	p := &plan.Project{Input: n}
	for i, c := range cols {
		p.Exprs, p.Names = append(p.Exprs, &exprs.Column{Index: i, T: c.Type, Name: c.Name}), append(p.Names, c.Name)
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
	for _, c := range cells {
		k, err := b.constant(c)
		if err != nil {
			return nil, err
		}
		builder.Append(k.V)
	}
	return builder.Vec(), nil
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
		return nil, sqlstate.New(sqlstate.SyntaxError, "each %s query must have the same number of columns", name).At(s.Right.Position())
	}
	types := make([]arrowschema.Type, len(lc))
	for i := range lc {
		at := []parser.Pos{parser.Pos(s.Left.Position()), parser.Pos(s.Right.Position())}
		if types[i], err = b.commonType([]arrowschema.Type{lc[i].Type, rc[i].Type}, name, at); err != nil {
			return nil, err
		}
	}
	if left, err = b.castOutput(left, types, s.Pos); err != nil {
		return nil, err
	}
	if right, err = b.castOutput(right, types, s.Pos); err != nil {
		return nil, err
	}
	return &plan.SetOp{Op: plan.SetOperator(s.Op), All: s.All, Left: left, Right: right}, nil
}

// castOutput brings the columns of a node to given types.
func (b *Binder) castOutput(n plan.Node, types []arrowschema.Type, at parser.Pos) (plan.Node, error) {
	p, changed := &plan.Project{Input: n}, false
	for i, c := range n.Columns() {
		var e exprs.Expr = &exprs.Column{Index: i, T: c.Type, Name: c.Name}
		if c.Type != types[i] {
			changed = true
			var err error
			if e, err = b.coerce(e, types[i], exprs.Implicit, at); err != nil {
				return nil, err
			}
		}
		p.Exprs, p.Names = append(p.Exprs, e), append(p.Names, c.Name)
	}
	if !changed {
		return n, nil
	}
	return p, nil
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
	out, err := b.castOutput(n, types, 0)
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
				WithDetail("Only result column names can be used, not expressions or functions.")
		}
		key, err := b.sortKey(e, item)
		if err != nil {
			return nil, err
		}
		sort.Keys = append(sort.Keys, key)
	}
	return sort, nil
}

// ordinal resolves ORDER BY 2; nil when e is no ordinal.
func (b *Binder) ordinal(e parser.Expr, cols []plan.Column) (exprs.Expr, error) {
	lit, ok := e.(*parser.IntLit)
	if !ok {
		return nil, nil
	}
	if lit.Value < 1 || lit.Value > int64(len(cols)) {
		return nil, sqlstate.New(sqlstate.InvalidColumnReference, "ORDER BY position %d is not in select list", lit.Value).At(int(lit.Pos))
	}
	c := cols[lit.Value-1]
	return &exprs.Column{Index: int(lit.Value - 1), T: c.Type, Name: c.Name}, nil
}

// sortKey makes a sort key: NULLs are last ascending and first descending unless said otherwise.
func (b *Binder) sortKey(e exprs.Expr, item parser.SortItem) (plan.SortKey, error) {
	key := plan.SortKey{Expr: e, Desc: item.Desc, NullsFirst: item.Desc}
	switch item.Using {
	case "":
	case "<":
	case ">":
		key.Desc, key.NullsFirst = true, true
	default:
		return key, unsupported(item.Pos, "ORDER BY … USING %s", item.Using)
	}
	switch item.Nulls {
	case parser.NullsFirst:
		key.NullsFirst = true
	case parser.NullsLast:
		key.NullsFirst = false
	}
	if t := e.Type(); t == arrowschema.JSON {
		return key, sqlstate.New(sqlstate.UndefinedFunction, "could not identify an ordering operator for type %s", t).At(int(item.Pos)).
			WithHint("Use an explicit ordering operator or modify the query.")
	}
	if e.Type() == arrowschema.Unknown {
		var err error
		key.Expr, err = b.literal(e, arrowschema.Text, item.Pos)
		return key, err
	}
	return key, nil
}

// limit binds LIMIT and OFFSET, which are constant.
func (b *Binder) limit(n plan.Node, q *parser.Query) (plan.Node, error) {
	if q.Limit == nil && q.Offset == nil {
		return n, nil
	}
	count, err := b.rowCount(q.Limit, "LIMIT", -1)
	if err != nil {
		return nil, err
	}
	offset, err := b.rowCount(q.Offset, "OFFSET", 0)
	if err != nil {
		return nil, err
	}
	return &plan.Limit{Input: n, Count: count, Offset: offset}, nil
}

func (b *Binder) rowCount(e parser.Expr, clause string, absent int64) (int64, error) {
	if e == nil {
		return absent, nil
	}
	eb := &exprBinder{Binder: b, scope: newScope(nil), where: clause}
	x, err := eb.bind(e)
	if err != nil {
		if ref, ok := e.(*parser.ColumnRef); ok {
			return 0, sqlstate.New(sqlstate.InvalidColumnReference, "argument of %s must not contain variables", clause).At(int(ref.Pos))
		}
		return 0, err
	}
	if !b.canCoerce(x.Type(), arrowschema.Int8, exprs.Assignment) {
		return 0, sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type bigint, not type %s", clause, x.Type()).At(int(pos(e)))
	}
	if x, err = b.coerce(x, arrowschema.Int8, exprs.Assignment, pos(e)); err != nil {
		return 0, err
	}
	c, err := b.constant(x)
	if err != nil {
		return 0, err
	}
	if c.IsNull() {
		return absent, nil
	}
	if c.V.Ints[0] < 0 {
		code := sqlstate.Code("2201W")
		if clause == "OFFSET" {
			code = "2201X"
		}
		return 0, sqlstate.New(code, "%s must not be negative", clause)
	}
	return c.V.Ints[0], nil
}

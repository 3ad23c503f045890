package bind

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// ordinal resolves ORDER BY 2; nil when e is no ordinal.
func (b *Binder) ordinal(e parser.Expr, cols []plan.Column) (exprs.Expr, error) {
	lit, ok := e.(*parser.IntLit)
	if err := constantClause(e, "ORDER BY"); err != nil || !ok {
		return nil, err
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
		return key, sqlstate.New(sqlstate.WrongObjectType, "operator %s is not a valid ordering operator", item.Using).At(int(item.Pos)).
			WithHint("Ordering operators must be \"<\" or \">\" members of btree operator families.")
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

// constantClause refuses a bare constant that is no integer in ORDER BY or GROUP BY; nil for anything else.
func constantClause(e parser.Expr, clause string) error {
	switch e := e.(type) {
	case *parser.IntLit:
		if e.Value >= math.MinInt32 && e.Value <= math.MaxInt32 {
			return nil
		}
		return sqlstate.New(sqlstate.SyntaxError, "non-integer constant in %s", clause).At(e.Position())
	case *parser.StringLit, *parser.NumericLit, *parser.NullLit, *parser.BoolLit, *parser.BitLit:
		return sqlstate.New(sqlstate.SyntaxError, "non-integer constant in %s", clause).At(e.Position())
	}
	return nil
}

// limit binds LIMIT and OFFSET, which are constant. sc is the names of the query, so that one of them is told from a name that does not exist.
func (b *Binder) limit(n plan.Node, q *parser.Query, sc *scope) (plan.Node, error) {
	if q.Limit == nil && q.Offset == nil {
		return n, nil
	}
	count, err := b.rowCount(q.Limit, "LIMIT", -1, sc)
	if err != nil {
		return nil, err
	}
	offset, err := b.rowCount(q.Offset, "OFFSET", 0, sc)
	if err != nil {
		return nil, err
	}
	return &plan.Limit{Input: n, Count: count, Offset: offset}, nil
}

func (b *Binder) rowCount(e parser.Expr, clause string, absent int64, sc *scope) (int64, error) {
	if e == nil {
		return absent, nil
	}
	eb := &exprBinder{Binder: b, scope: sc, where: clause}
	x, err := eb.bind(e)
	if err != nil {
		return 0, err
	}
	if !b.canCoerce(x.Type(), arrowschema.Int8, exprs.Assignment) {
		return 0, sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type bigint, not type %s", clause, x.Type()).At(int(pos(e)))
	}
	if x, err = b.coerce(x, arrowschema.Int8, exprs.Assignment, pos(e)); err != nil {
		return 0, err
	}
	variable := (*exprs.Column)(nil)
	exprs.Walk(x, func(n exprs.Expr) bool {
		if c, ok := n.(*exprs.Column); ok {
			variable = c
		}
		return variable == nil
	})
	if variable != nil {
		return 0, sqlstate.New(sqlstate.InvalidColumnReference, "argument of %s must not contain variables", clause).At(variable.Pos)
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

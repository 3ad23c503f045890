package bind

import (
	"fmt"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// bindGroups binds GROUP BY: an ordinal or an output name stands for its item, an input column comes before an output name.
func (s *selectBinder) bindGroups() error {
	for _, g := range s.sel.GroupBy {
		if row, ok := g.(*parser.Row); ok {
			if len(row.Fields) > 0 {
				return unsupported(row.Pos, "a row in GROUP BY")
			}
			s.grouped = true
			continue
		}
		e, err := s.groupExpr(g)
		if err != nil {
			return err
		}
		if e.Type() == arrowschema.JSON {
			return sqlstate.New(sqlstate.UndefinedFunction, "could not identify an equality operator for type json").At(int(pos(g)))
		}
		s.groups = append(s.groups, e)
	}
	s.grouped = s.grouped || len(s.groups) > 0
	return nil
}

func (s *selectBinder) groupExpr(g parser.Expr) (exprs.Expr, error) {
	plain := &exprBinder{Binder: s.Binder, scope: s.scope, where: "GROUP BY"}
	if err := constantClause(g, "GROUP BY"); err != nil {
		return nil, err
	}
	var e exprs.Expr
	switch g := g.(type) {
	case *parser.IntLit:
		if g.Value < 1 || g.Value > int64(len(s.items)) {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "GROUP BY position %d is not in select list", g.Value).At(int(g.Pos))
		}
		e = s.settled(int(g.Value - 1))
	case *parser.ColumnRef:
		bound, err := plain.bind(g)
		if err == nil || sqlstate.CodeOf(err) != sqlstate.UndefinedColumn {
			return bound, err
		}
		match, ambiguous := s.outputNamed(g)
		if ambiguous {
			return nil, sqlstate.New(sqlstate.AmbiguousColumn, "GROUP BY %q is ambiguous", g.Parts[0]).At(int(g.Pos))
		}
		if match == nil {
			return nil, err
		}
		e = match
	default:
		return plain.bind(g)
	}
	if agg := anAggregate(e); agg != nil {
		return nil, sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in GROUP BY").At(agg.Pos)
	}
	if e.Type() == arrowschema.Unknown {
		return s.literal(e, arrowschema.Text, pos(g))
	}
	return e, nil
}

// anAggregate gives an aggregate call in e; nil when there is none.
func anAggregate(e exprs.Expr) *aggRef {
	var found *aggRef
	exprs.Walk(e, func(n exprs.Expr) bool {
		if r, ok := n.(*aggRef); ok && found == nil {
			found = r
		}
		return found == nil
	})
	return found
}

// aggregate puts the Aggregate node in place, when there are aggregates or groups, and lifts the expressions above it.
func (s *selectBinder) aggregate() error {
	if !s.grouped && len(s.aggs.calls) == 0 && s.having == nil {
		return nil
	}
	s.addDependent()
	s.node = &plan.Aggregate{Input: s.node, Groups: s.groups, Aggs: s.aggs.calls, Grouped: s.grouped}
	for i := range s.items {
		e, err := s.lift(s.items[i].expr)
		if err != nil {
			return err
		}
		s.items[i].expr = e
	}
	for i := range s.keys {
		e, err := s.lift(s.keys[i].Expr)
		if err != nil {
			return err
		}
		s.keys[i].Expr = e
	}
	for i := range s.firstOf {
		e, err := s.lift(s.firstOf[i])
		if err != nil {
			return err
		}
		s.firstOf[i] = e
	}
	if s.having == nil {
		return nil
	}
	having, err := s.lift(s.having)
	if err != nil {
		return err
	}
	s.node = &plan.Filter{Input: s.node, Conds: conjuncts(having)}
	return nil
}

// addDependent makes groups of the columns that are used and depend on the groups there are: those of a table whose whole primary key is grouped by.
// The groups stay the same, since all rows of one have the same value there.
func (s *selectBinder) addDependent() {
	grouped := map[int]bool{}
	for _, g := range s.groups {
		if c, ok := g.(*exprs.Column); ok {
			grouped[c.Index] = true
		}
	}
	dependent := map[int]bool{}
	for _, k := range s.scope.keys {
		whole := true
		for _, c := range k.primary {
			whole = whole && grouped[c]
		}
		for c := k.lo; whole && c < k.hi; c++ {
			dependent[c] = !grouped[c]
		}
	}
	if len(dependent) == 0 {
		return
	}
	add := func(e exprs.Expr) {
		exprs.Walk(e, func(n exprs.Expr) bool {
			if c, ok := n.(*exprs.Column); ok && dependent[c.Index] {
				s.groups, dependent[c.Index] = append(s.groups, c), false
			}
			return true
		})
	}
	for _, it := range s.items {
		add(it.expr)
	}
	for _, k := range s.keys {
		add(k.Expr)
	}
	for _, e := range s.firstOf {
		add(e)
	}
	add(s.having)
}

// lift rewrites an expression on the input into one on the output of the aggregation.
func (s *selectBinder) lift(e exprs.Expr) (exprs.Expr, error) {
	for i, g := range s.groups {
		if exprs.Equal(e, g) {
			return &exprs.Column{Index: i, T: g.Type(), Name: groupName(g, i)}, nil
		}
	}
	switch e := e.(type) {
	case *aggRef:
		return &exprs.Column{Index: len(s.groups) + e.call, T: e.T, Name: e.Name}, nil
	case *exprs.Column:
		return nil, sqlstate.New(sqlstate.GroupingError, "column %q must appear in the GROUP BY clause or be used in an aggregate function", e.Name).At(e.Pos)
	}
	kids := e.Children()
	if len(kids) == 0 {
		return e, nil
	}
	lifted := make([]exprs.Expr, len(kids))
	for i, k := range kids {
		var err error
		if lifted[i], err = s.lift(k); err != nil {
			return nil, err
		}
	}
	return e.With(lifted), nil
}

// groupName says in EXPLAIN what group expression i is called above the aggregation.
func groupName(e exprs.Expr, i int) string {
	if c, ok := e.(*exprs.Column); ok {
		return c.Name
	}
	return fmt.Sprintf("group %d", i+1)
}

package bind

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// item is an output column of a SELECT.
type item struct {
	expr     exprs.Expr
	name     string
	at       parser.Pos
	modifier []int32 // of the type
}

// selectBinder binds one SELECT with the clauses that apply to its result.
type selectBinder struct {
	*exprBinder
	sel     *parser.Select
	items   []item
	groups  []exprs.Expr // bound on the input
	having  exprs.Expr
	keys    []plan.SortKey
	firstOf []exprs.Expr // of DISTINCT ON
	node    plan.Node
	grouped bool
}

// selectQuery binds SELECT … ORDER BY … LIMIT. The projection comes last, after sorting and limiting, so that only rows given out are computed.
func (b *Binder) selectQuery(q *parser.Query, sel *parser.Select, outer *scope) (plan.Node, error) {
	if len(sel.Windows) > 0 {
		return nil, unsupported(sel.Windows[0].Pos, "WINDOW")
	}
	node, sc, err := b.from(sel.From, outer)
	if err != nil {
		return nil, err
	}
	s := &selectBinder{exprBinder: &exprBinder{Binder: b, scope: sc}, sel: sel, node: node}
	if err := s.where(); err != nil {
		return nil, err
	}
	s.aggs = &aggregates{input: sc}
	steps := []func() error{s.bindItems, s.bindGroups, s.bindHaving, func() error { return s.bindKeys(q.OrderBy) }, s.bindDistinctOn, s.aggregate}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return s.finish(q)
}

func (s *selectBinder) where() error {
	if s.sel.Where == nil {
		return nil
	}
	s.exprBinder.where = "WHERE"
	cond, err := s.condition(s.sel.Where, "WHERE")
	if err != nil {
		return err
	}
	s.node = &plan.Filter{Input: s.node, Conds: conjuncts(cond)}
	return nil
}

// bindItems binds the select list, stars expanded.
func (s *selectBinder) bindItems() error {
	items, err := s.selectItems(s.sel.Items)
	s.items = items
	for i := range items {
		if s.sel.Distinct && err == nil {
			s.settled(i)
		}
	}
	return err
}

// selectItems binds output columns: of a select list or of RETURNING.
func (b *exprBinder) selectItems(list []parser.SelectItem) ([]item, error) {
	var out []item
	for _, it := range list {
		if star, ok := it.Expr.(*parser.Star); ok {
			cols, err := b.scope.star(star)
			if err != nil {
				return nil, err
			}
			if len(out)+len(cols) > maxColumns {
				return nil, tooManyColumns()
			}
			for _, c := range cols {
				out = append(out, item{b.scope.column(c, star.Pos), b.scope.cols[c].name, star.Pos, b.scope.cols[c].modifier})
			}
			continue
		}
		e, err := b.bind(it.Expr)
		if err != nil {
			return nil, err
		}
		if len(out) >= maxColumns {
			return nil, tooManyColumns()
		}
		name := it.Alias
		if name == "" {
			name = parser.OutputName(it.Expr)
		}
		out = append(out, item{e, name, pos(it.Expr), b.scope.modifierOf(e)})
	}
	return out, nil
}

// outputNamed finds the item that a bare name stands for.
func (s *selectBinder) outputNamed(e parser.Expr) (match exprs.Expr, ambiguous bool) {
	ref, ok := e.(*parser.ColumnRef)
	if !ok || len(ref.Parts) != 1 {
		return nil, false
	}
	for i, it := range s.items {
		if it.name != ref.Parts[0] {
			continue
		}
		if match != nil && !exprs.Equal(match, it.expr) {
			return nil, true
		}
		match = s.settled(i)
	}
	return match, false
}

// settled gives item i, to which another clause refers: a literal without a type is text from then on.
func (s *selectBinder) settled(i int) exprs.Expr {
	it := &s.items[i]
	if it.expr.Type() == arrowschema.Unknown {
		if text, err := s.literal(it.expr, arrowschema.Text, it.at); err == nil { // it only gets another label
			it.expr = text
		}
	}
	return it.expr
}

func (s *selectBinder) bindHaving() error {
	if s.sel.Having == nil {
		return nil
	}
	var err error
	s.having, err = s.condition(s.sel.Having, "HAVING")
	return err
}

// bindKeys binds ORDER BY: an ordinal or an output name stands for its item, an output name comes before an input column.
func (s *selectBinder) bindKeys(list []parser.SortItem) error {
	for _, it := range list {
		e, err := s.outputExpr(it.Expr, it.Pos, "ORDER BY")
		if err != nil {
			return err
		}
		key, err := s.sortKey(e, it)
		if err != nil {
			return err
		}
		s.keys = append(s.keys, key)
	}
	return nil
}

// outputExpr binds an expression of a clause that looks at the output first.
func (s *selectBinder) outputExpr(e parser.Expr, at parser.Pos, clause string) (exprs.Expr, error) {
	if err := constantClause(e, clause); err != nil {
		return nil, err
	}
	if lit, ok := e.(*parser.IntLit); ok {
		if lit.Value < 1 || lit.Value > int64(len(s.items)) {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "%s position %d is not in select list", clause, lit.Value).At(int(lit.Pos))
		}
		return s.settled(int(lit.Value - 1)), nil
	}
	match, ambiguous := s.outputNamed(e)
	if ambiguous {
		return nil, sqlstate.New(sqlstate.AmbiguousColumn, "%s %q is ambiguous", clause, e.(*parser.ColumnRef).Parts[0]).At(int(at))
	}
	if match != nil {
		return match, nil
	}
	return s.bind(e)
}

// bindDistinctOn binds DISTINCT ON, whose expressions must be the first of ORDER BY, in any order. Those that ORDER BY does not have are added to it.
func (s *selectBinder) bindDistinctOn() error {
	for _, d := range s.sel.DistinctOn {
		e, err := s.outputExpr(d, pos(d), "DISTINCT ON")
		if err != nil {
			return err
		}
		if e.Type() == arrowschema.Unknown { // an expression that is no item
			if e, err = s.literal(e, arrowschema.Text, pos(d)); err != nil {
				return err
			}
		}
		s.firstOf = append(s.firstOf, e)
	}
	mismatch := func(i int) error {
		return sqlstate.New(sqlstate.InvalidColumnReference, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions").
			At(int(pos(s.sel.DistinctOn[i])))
	}
	others := false
	for _, k := range s.keys {
		if len(s.firstOf) == 0 {
			return nil
		}
		i := slices.IndexFunc(s.firstOf, func(e exprs.Expr) bool { return exprs.Equal(e, k.Expr) })
		if i < 0 {
			others = true
		} else if others {
			return mismatch(i)
		}
	}
	for i, e := range s.firstOf {
		if slices.ContainsFunc(s.keys, func(k plan.SortKey) bool { return exprs.Equal(k.Expr, e) }) {
			continue
		}
		if others {
			return mismatch(i)
		}
		s.keys = append(s.keys, plan.SortKey{Expr: e})
	}
	return nil
}

// finish sorts, limits and projects.
func (s *selectBinder) finish(q *parser.Query) (plan.Node, error) {
	project := &plan.Project{}
	for _, it := range s.items {
		project.Exprs, project.Names = append(project.Exprs, it.expr), append(project.Names, it.name)
		project.Modifiers = append(project.Modifiers, it.modifier)
	}
	if s.sel.Distinct && len(s.firstOf) == 0 {
		return s.finishDistinct(q, project)
	}
	if len(s.firstOf) > 0 {
		s.computeFallible(project)
		s.node = &plan.DistinctOn{Input: &plan.Sort{Input: s.node, Keys: s.keys, Limit: -1}, Keys: s.firstOf}
	} else if len(s.keys) > 0 {
		if q.Limit != nil || q.Offset != nil {
			s.computeFallible(project)
		}
		s.node = &plan.Sort{Input: s.node, Keys: s.keys, Limit: -1}
	}
	if len(s.keys) == 0 && q.Offset != nil { // the rows that are skipped are computed, too
		project.Input = s.node
		return s.limit(project, q, s.scope)
	}
	node, err := s.limit(s.node, q, s.scope)
	if err != nil {
		return nil, err
	}
	project.Input = node
	return project, nil
}

// computeFallible computes the items that can fail for all rows, below the sort: in PostgreSQL a row that divides by zero fails the query even when the
// limit would have left it out.
func (s *selectBinder) computeFallible(project *plan.Project) {
	below := &plan.Project{Input: s.node}
	for i, c := range s.node.Columns() {
		below.Exprs, below.Names = append(below.Exprs, &exprs.Column{Index: i, T: c.Type, Name: c.Name}), append(below.Names, c.Name)
	}
	width := len(below.Exprs)
	for i, e := range project.Exprs {
		if exprs.MayFail(e) {
			project.Exprs[i] = &exprs.Column{Index: len(below.Exprs), T: e.Type(), Name: project.Names[i]}
			below.Exprs, below.Names = append(below.Exprs, e), append(below.Names, project.Names[i])
		}
	}
	if len(below.Exprs) > width {
		s.node = below
	}
}

// finishDistinct projects first: only what is given out can be sorted by.
func (s *selectBinder) finishDistinct(q *parser.Query, project *plan.Project) (plan.Node, error) {
	project.Input = s.node
	keys := make([]plan.SortKey, len(s.keys))
	for i, k := range s.keys {
		at := -1
		for j, it := range s.items {
			if exprs.Equal(it.expr, k.Expr) {
				at = j
				break
			}
		}
		if at < 0 {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list").
				At(int(q.OrderBy[i].Pos))
		}
		keys[i] = k
		keys[i].Expr = &exprs.Column{Index: at, T: k.Expr.Type(), Name: s.items[at].name}
	}
	var node plan.Node = distinct(s.settleUnknown(project))
	if len(keys) > 0 {
		node = &plan.Sort{Input: node, Keys: keys, Limit: -1}
	}
	return s.limit(node, q, s.scope)
}

// distinct groups by all columns, under their names.
func distinct(n plan.Node) plan.Node {
	cols := n.Columns()
	agg := &plan.Aggregate{Input: n, Grouped: true}
	for i, c := range cols {
		agg.Groups = append(agg.Groups, &exprs.Column{Index: i, T: c.Type, Name: c.Name})
	}
	return renamed(agg, cols)
}

package rules

import (
	"slices"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// ComputeLate computes what a top-N gives out for the rows that it gives out. The binder has expressions that can fail computed below the sort, for all
// rows, as PostgreSQL does; those of which it is cheaply shown that they fail for no row (exprs.ProofOf), or that are sort keys, need not be.
func ComputeLate(n plan.Node) plan.Node {
	return plan.Transform(n, func(n plan.Node) plan.Node {
		above, ok := n.(*plan.Project)
		if !ok {
			return n
		}
		limit, ok := above.Input.(*plan.Limit)
		if !ok {
			return n
		}
		sort, ok := limit.Input.(*plan.Sort)
		if !ok || sort.Limit < 0 {
			return n
		}
		below, ok := sort.Input.(*plan.Project)
		if !ok {
			return n
		}
		if late, checks := lateExprs(sort, below); late != nil {
			return computeAbove(above, limit, sort, below, late, checks)
		}
		return n
	})
}

// lateExprs tells which expressions of a projection below a sort can be computed above it, and which of these are to be checked below; nil when none can.
func lateExprs(sort *plan.Sort, below *plan.Project) (late map[int]bool, checks []exprs.Expr) {
	used, columns := map[int]bool{}, columnsOf(below)
	keys := make([]exprs.Expr, len(sort.Keys))
	for i, k := range sort.Keys {
		exprs.Columns(k.Expr, used)
		keys[i] = substitute(k.Expr, below.Exprs)
	}
	for i, e := range below.Exprs {
		if _, isColumn := e.(*exprs.Column); isColumn || used[i] || volatile(e) || !readsOnly(e, columns) {
			continue
		}
		isKey := slices.ContainsFunc(keys, func(k exprs.Expr) bool { return exprs.Equal(k, e) })
		if _, ok := exprs.ProofOf(e); !ok && !isKey {
			continue
		}
		if late == nil {
			late = map[int]bool{}
		}
		late[i] = true
		if !isKey && !exprs.Unfailing(e, nil) {
			checks = append(checks, e)
		}
	}
	return late, checks
}

// columnsOf gives the columns of its input that a projection hands on, and where.
func columnsOf(p *plan.Project) map[int]int {
	at := map[int]int{}
	for i, e := range p.Exprs {
		if c, ok := e.(*exprs.Column); ok {
			at[c.Index] = i
		}
	}
	return at
}

func readsOnly(e exprs.Expr, columns map[int]int) bool {
	read := map[int]bool{}
	exprs.Columns(e, read)
	for c := range read {
		if _, ok := columns[c]; !ok {
			return false
		}
	}
	return true
}

// substitute puts expressions in the place of columns.
func substitute(e exprs.Expr, by []exprs.Expr) exprs.Expr {
	return exprs.Rewrite(e, func(e exprs.Expr) exprs.Expr {
		if c, ok := e.(*exprs.Column); ok {
			return by[c.Index]
		}
		return e
	})
}

// computeAbove moves the late expressions from below the sort to above it.
func computeAbove(above *plan.Project, limit *plan.Limit, sort *plan.Sort, below *plan.Project, late map[int]bool, checks []exprs.Expr) plan.Node {
	rest := &plan.Project{Input: below.Input}
	if len(checks) > 0 {
		rest.Input = &plan.Check{Input: below.Input, Exprs: checks}
	}
	instead, onlyColumns := make([]exprs.Expr, len(below.Exprs)), true
	for i, e := range below.Exprs {
		if late[i] {
			continue
		}
		_, isColumn := e.(*exprs.Column)
		onlyColumns = onlyColumns && isColumn
		instead[i] = &exprs.Column{Index: len(rest.Exprs), T: e.Type(), Name: below.Names[i]}
		rest.Exprs, rest.Names = append(rest.Exprs, e), append(rest.Names, below.Names[i])
	}
	columns := columnsOf(rest)
	for i := range late {
		instead[i] = remap(below.Exprs[i], columns)
	}
	var input plan.Node = rest
	if onlyColumns { // the projection is not needed
		instead, input = below.Exprs, rest.Input
	}
	sorted := &plan.Sort{Input: input, Keys: slices.Clone(sort.Keys), Limit: sort.Limit}
	for i := range sorted.Keys {
		sorted.Keys[i].Expr = substitute(sorted.Keys[i].Expr, instead)
	}
	out := *above
	out.Input, out.Exprs = &plan.Limit{Input: sorted, Count: limit.Count, Offset: limit.Offset}, make([]exprs.Expr, len(above.Exprs))
	for i, e := range above.Exprs {
		out.Exprs[i] = substitute(e, instead)
	}
	return &out
}

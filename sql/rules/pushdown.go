package rules

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// PushConditions moves conditions towards the rows: into the scan, through projections, below the groups of an aggregation, to the sides of a join.
// The order of conditions is kept, and with it which of them protects which from rows on which it would fail.
func PushConditions(n plan.Node) plan.Node {
	return plan.Transform(n, func(n plan.Node) plan.Node {
		f, ok := n.(*plan.Filter)
		if !ok {
			return n
		}
		return push(f.Input, conjuncts(f.Conds))
	})
}

// push gives n under conditions, as far down as they go.
func push(n plan.Node, conds []exprs.Expr) plan.Node {
	if len(conds) == 0 {
		return n
	}
	switch n := n.(type) {
	case *plan.Scan:
		c := *n
		c.Conds = append(append([]exprs.Expr{}, n.Conds...), conds...)
		return &c
	case *plan.Filter:
		return push(n.Input, append(conjuncts(n.Conds), conds...))
	case *plan.Project:
		return pushThroughProject(n, conds)
	case *plan.Aggregate:
		return pushThroughAggregate(n, conds)
	case *plan.Join:
		return pushIntoJoin(n, conds)
	case *plan.Sort:
		if n.Limit < 0 {
			return &plan.Sort{Input: push(n.Input, conds), Keys: n.Keys, Limit: n.Limit}
		}
	}
	return &plan.Filter{Input: n, Conds: conds}
}

// pushThroughProject puts the projected expressions in the place of the columns, unless one of them is volatile. Conditions from the first on that becomes too
// large stay above.
func pushThroughProject(p *plan.Project, conds []exprs.Expr) plan.Node {
	for _, e := range p.Exprs {
		if volatile(e) {
			return &plan.Filter{Input: p, Conds: conds}
		}
	}
	var below, above []exprs.Expr
	room := maxSubstituted
	for i, c := range conds {
		if !takes(&room, c, p.Exprs) {
			above = conds[i:]
			break
		}
		below = append(below, substitute(c, p.Exprs))
	}
	out := &plan.Project{Input: push(p.Input, below), Exprs: p.Exprs, Names: p.Names}
	if len(above) > 0 {
		return &plan.Filter{Input: out, Conds: above}
	}
	return out
}

// maxSubstituted bounds how large conditions may become, together, when expressions are put in the place of their columns: through sixty sub-queries, each of
// which names the column of the one below it twice, they would double sixty times.
const maxSubstituted = 1 << 13

// takes tells whether a condition, with expressions in the place of its columns, fits into the room that is left, and takes it. One that does not grow needs none.
func takes(room *int, cond exprs.Expr, by []exprs.Expr) bool {
	nodes, grown := 0, 0
	sizes := map[int]int{}
	exprs.Walk(cond, func(e exprs.Expr) bool {
		nodes++
		if col, ok := e.(*exprs.Column); ok {
			n, known := sizes[col.Index]
			if !known {
				n = sizeOf(by[col.Index])
				sizes[col.Index] = n
			}
			grown += n - 1
		}
		return grown == 0 || nodes+grown <= *room
	})
	if grown == 0 {
		return true
	}
	if nodes+grown > *room {
		return false
	}
	*room -= nodes + grown
	return true
}

// sizeOf counts the nodes of an expression, up to maxSubstituted or a few more.
func sizeOf(e exprs.Expr) (n int) {
	exprs.Walk(e, func(exprs.Expr) bool { n++; return n <= maxSubstituted })
	return n
}

func volatile(e exprs.Expr) bool {
	found := false
	exprs.Walk(e, func(n exprs.Expr) bool {
		if c, ok := n.(*exprs.Call); ok && c.Fn.Volatility == exprs.Volatile {
			found = true
		}
		return !found
	})
	return found
}

// pushThroughAggregate moves the leading conditions on groups alone below a GROUP BY.
func pushThroughAggregate(a *plan.Aggregate, conds []exprs.Expr) plan.Node {
	if len(a.Groups) == 0 {
		return &plan.Filter{Input: a, Conds: conds}
	}
	var below, above []exprs.Expr
	room := maxSubstituted
	for _, c := range conds {
		if len(above) > 0 || !onlyColumnsBelow(c, len(a.Groups)) || !takes(&room, c, a.Groups) {
			above = append(above, c)
			continue
		}
		below = append(below, substitute(c, a.Groups))
	}
	out := *a
	out.Input = push(a.Input, below)
	if len(above) == 0 {
		return &out
	}
	return &plan.Filter{Input: &out, Conds: above}
}

func onlyColumnsBelow(e exprs.Expr, n int) bool {
	set := map[int]bool{}
	exprs.Columns(e, set)
	for c := range set {
		if c >= n {
			return false
		}
	}
	return true
}

// pushIntoJoin gives each side its conditions. A condition on the side that an outer join may fill with NULLs stays above. What concerns both
// sides becomes part of an inner join's condition.
func pushIntoJoin(j *plan.Join, conds []exprs.Expr) plan.Node {
	width := plan.Width(j.Left)
	var left, right, on, above []exprs.Expr
	for _, c := range conds {
		l, r := sides(c, width)
		switch {
		case !r && (j.Kind == plan.Inner || j.Kind == plan.Left):
			left = append(left, c)
		case !l && (j.Kind == plan.Inner || j.Kind == plan.Right):
			right = append(right, exprs.Remap(c, func(i int) int { return i - width }))
		case j.Kind == plan.Inner:
			on = append(on, c)
		default:
			above = append(above, c)
		}
	}
	out := *j
	out.On = append(append([]exprs.Expr{}, j.On...), on...)
	out.Left, out.Right = push(j.Left, left), push(j.Right, right)
	if len(above) == 0 {
		return &out
	}
	return &plan.Filter{Input: &out, Conds: above}
}

// sides tells which inputs of a join an expression reads.
func sides(e exprs.Expr, width int) (left, right bool) {
	set := map[int]bool{}
	exprs.Columns(e, set)
	for c := range set {
		left, right = left || c < width, right || c >= width
	}
	return left, right
}

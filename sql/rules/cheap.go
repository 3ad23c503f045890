package rules

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// CheapFirst orders the conditions of each node by what they cost, those of equal cost as they were written. Besides being quicker this is PostgreSQL's
// order (order_qual_clauses), and it shows: of `x / y > 1 AND y > 0` the second part is evaluated first, in both.
func CheapFirst(n plan.Node) plan.Node {
	return plan.Transform(n, func(n plan.Node) plan.Node {
		switch n := n.(type) {
		case *plan.Scan:
			c := *n
			c.Conds = byCost(n.Conds)
			return &c
		case *plan.Filter:
			return &plan.Filter{Input: n.Input, Conds: byCost(n.Conds)}
		case *plan.Join:
			c := *n
			c.On = byCost(n.On)
			return &c
		}
		return n
	})
}

func byCost(conds []exprs.Expr) []exprs.Expr {
	out := conjuncts(conds)
	slices.SortStableFunc(out, func(a, b exprs.Expr) int {
		return cost(a) - cost(b)
	})
	return out
}

// cost counts twice the calls of an expression, as PostgreSQL's cost_qual_eval does with its built-in functions, which all cost one: a cast to or from
// text by way of the types' text forms is two, a list is half a comparison per element, or two look-ups when it is long enough to be hashed.
func cost(e exprs.Expr) int {
	sum := 0
	switch e := e.(type) {
	case *exprs.Call:
		sum = callCost(e)
	case *exprs.In:
		if sum = max(2, e.Len()); e.Len() >= 9 {
			sum = 4
		}
		return sum + cost(e.Arg)
	}
	for _, c := range e.Children() {
		sum += cost(c)
	}
	return sum
}

func callCost(c *exprs.Call) int {
	if !c.IsCast() {
		return 2
	}
	from, to := c.Fn.Args[0], c.Fn.Result
	text := func(t arrowschema.Type) bool {
		return t == arrowschema.Text || t == arrowschema.Varchar || t == arrowschema.Unknown
	}
	switch {
	case text(from) && text(to):
		return 0
	case text(from) || text(to):
		return 4
	}
	return 2
}

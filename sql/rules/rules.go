// Package rules is the optimiser: each file is one rewrite of the plan that keeps its meaning and makes it cheaper.
package rules

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// Rule is a rewrite of a plan. ctx evaluates what is constant within the statement.
type Rule struct {
	Name  string
	Apply func(n plan.Node) plan.Node
}

// All gives the rules that follow FoldConstants in the order in which they are applied: conditions down to where rows are made;
// keys out of join conditions; conditions in order; what a top-N gives out computed after it; columns that nobody reads dropped last, when everything stands where it will stay.
func All() []Rule {
	return []Rule{
		{"push conditions down", PushConditions},
		{"find join keys", FindJoinKeys},
		{"cheap conditions first", CheapFirst},
		{"sort only what is wanted", TopN},
		{"compute late", ComputeLate},
		{"drop unread columns", PruneColumns},
	}
}

// Optimise applies all rules, FoldConstants first, so that the others see the constants. It fails where a constant expression does.
func Optimise(ctx *exprs.Ctx, n plan.Node) (plan.Node, error) {
	n, err := FoldConstants(ctx, n)
	if err != nil {
		return nil, err
	}
	for _, r := range All() {
		if err := ctx.Check(); err != nil {
			return nil, err
		}
		n = r.Apply(n)
	}
	return n, nil
}

// conjuncts splits conditions at their ANDs.
func conjuncts(list []exprs.Expr) []exprs.Expr {
	var out []exprs.Expr
	for _, e := range list {
		if and, ok := e.(*exprs.And); ok {
			out = append(out, conjuncts(and.Args)...)
			continue
		}
		out = append(out, e)
	}
	return out
}

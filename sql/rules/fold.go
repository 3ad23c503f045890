package rules

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// FoldConstants replaces expressions without columns by their values: `now() - INTERVAL '1 hour'` is one timestamp for the statement. What fails is left
// in place, so that it fails only if a row comes to it, as in PostgreSQL; and so do parts of CASE and COALESCE that no row may reach.
func FoldConstants(ctx *exprs.Ctx, n plan.Node) plan.Node {
	return mapExprs(n, func(e exprs.Expr) exprs.Expr {
		return exprs.Rewrite(e, func(x exprs.Expr) exprs.Expr { return fold(ctx, x) })
	})
}

func fold(ctx *exprs.Ctx, e exprs.Expr) exprs.Expr {
	switch x := e.(type) {
	case *exprs.Const, *exprs.Column:
		return e
	case *exprs.And:
		return foldJunction(x.Args, false)
	case *exprs.Or:
		return foldJunction(x.Args, true)
	case *exprs.Call:
		if x.Fn.Volatility == exprs.Volatile {
			return e
		}
	}
	for _, c := range e.Children() {
		if _, ok := c.(*exprs.Const); !ok {
			return e
		}
	}
	v, err := e.Eval(ctx, &vec.Batch{N: 1})
	if err != nil || v.N != 1 {
		return e
	}
	return exprs.NewConst(v)
}

// foldJunction drops the arguments of AND or OR that decide nothing, and stops at one that decides.
func foldJunction(args []exprs.Expr, decisive bool) exprs.Expr {
	var kept []exprs.Expr
	for _, a := range args {
		if c, ok := a.(*exprs.Const); ok && !c.IsNull() {
			if c.V.Bools[0] != decisive {
				continue
			}
			kept = append(kept, a)
			break
		}
		kept = append(kept, a)
	}
	switch {
	case len(kept) == 0:
		return exprs.NewConst(vec.NewConst(arrowschema.Bool, !decisive, 1))
	case len(kept) == 1:
		return kept[0]
	case decisive:
		return &exprs.Or{Args: kept}
	default:
		return &exprs.And{Args: kept}
	}
}

// mapExprs rewrites every expression of a plan.
func mapExprs(n plan.Node, f func(exprs.Expr) exprs.Expr) plan.Node {
	list := func(es []exprs.Expr) []exprs.Expr {
		out := make([]exprs.Expr, len(es))
		for i, e := range es {
			out[i] = f(e)
		}
		return out
	}
	return plan.Transform(n, func(n plan.Node) plan.Node {
		switch n := n.(type) {
		case *plan.Scan:
			c := *n
			c.Conds = list(n.Conds)
			return &c
		case *plan.Filter:
			return &plan.Filter{Input: n.Input, Conds: list(n.Conds)}
		case *plan.Project:
			return &plan.Project{Input: n.Input, Exprs: list(n.Exprs), Names: n.Names}
		case *plan.Aggregate:
			c := *n
			c.Groups, c.Aggs = list(n.Groups), append([]plan.AggCall{}, n.Aggs...)
			for i := range c.Aggs {
				c.Aggs[i].Args = list(c.Aggs[i].Args)
				if c.Aggs[i].Filter != nil {
					c.Aggs[i].Filter = f(c.Aggs[i].Filter)
				}
			}
			return &c
		case *plan.Join:
			c := *n
			c.LeftKeys, c.RightKeys, c.On = list(n.LeftKeys), list(n.RightKeys), list(n.On)
			return &c
		case *plan.Sort:
			c := *n
			c.Keys = append([]plan.SortKey{}, n.Keys...)
			for i := range c.Keys {
				c.Keys[i].Expr = f(c.Keys[i].Expr)
			}
			return &c
		}
		return n
	})
}

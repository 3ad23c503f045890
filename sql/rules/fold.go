package rules

import (
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/plan"
)

// FoldConstants replaces expressions without columns by their values: `now() - INTERVAL '1 hour'` is one timestamp for the statement. It does so in
// PostgreSQL's order (eval_const_expressions), since what is immutable and fails, 1 / 0, fails the statement, whether or not a row comes to it: a
// constant that decides AND, OR, CASE or COALESCE keeps what stands behind it from being looked at. What is only stable is left to the rows.
func FoldConstants(ctx *exprs.Ctx, n plan.Node) (plan.Node, error) {
	var failed error
	one := func(e exprs.Expr) exprs.Expr {
		folded, err := fold(ctx, e)
		if err != nil {
			if failed == nil {
				failed = err
			}
			return e
		}
		return folded
	}
	return mapExprs(n, one, func(conds []exprs.Expr) []exprs.Expr { return foldConditions(conds, one) }), failed
}

// foldConditions folds conditions that must all be true: those that are go, and one that never is stands for all.
func foldConditions(conds []exprs.Expr, fold func(exprs.Expr) exprs.Expr) []exprs.Expr {
	out := make([]exprs.Expr, 0, len(conds))
	for _, e := range conds {
		e = fold(e)
		if c, ok := e.(*exprs.Const); ok {
			if c.IsNull() || !c.V.Bools[0] {
				return []exprs.Expr{e}
			}
			continue
		}
		out = append(out, e)
	}
	return out
}

func fold(ctx *exprs.Ctx, e exprs.Expr) (exprs.Expr, error) {
	switch x := e.(type) {
	case *exprs.Const, *exprs.Column:
		return e, nil
	case *exprs.And:
		return foldJunction(ctx, x.Args, false)
	case *exprs.Or:
		return foldJunction(ctx, x.Args, true)
	case *exprs.Case:
		return foldCase(ctx, x)
	case *exprs.Coalesce:
		return foldCoalesce(ctx, x)
	}
	whole, kids, constant, null := e, slices.Clone(e.Children()), true, false
	for i, k := range kids {
		var err error
		if kids[i], err = fold(ctx, k); err != nil {
			return nil, err
		}
		c, ok := kids[i].(*exprs.Const)
		constant = constant && ok
		null = null || ok && c.IsNull()
	}
	if len(kids) > 0 {
		e = e.With(kids)
	}
	call, isCall := e.(*exprs.Call)
	switch {
	case isCall && null && !call.Fn.NotStrict:
		return exprs.Null(e.Type()), nil
	case !constant || isCall && call.Fn.Volatility == exprs.Volatile:
		return e, nil
	}
	v, err := e.Eval(ctx, &vec.Batch{N: 1})
	if err != nil && hasStable(whole) || err == nil && v.N != 1 {
		return e, nil
	}
	if err != nil {
		return nil, err
	}
	return exprs.NewConst(v), nil
}

// hasStable tells whether something in e is only stable: then e is no constant to PostgreSQL, and its error is that of a row that needs its value.
func hasStable(e exprs.Expr) bool {
	found := false
	exprs.Walk(e, func(n exprs.Expr) bool {
		call, ok := n.(*exprs.Call)
		found = found || ok && call.Fn.Volatility == exprs.Stable
		return !found
	})
	return found
}

// foldJunction drops the arguments of AND or OR that decide nothing; one that decides is the whole.
func foldJunction(ctx *exprs.Ctx, args []exprs.Expr, decisive bool) (exprs.Expr, error) {
	var kept []exprs.Expr
	null := false
	for _, a := range args {
		a, err := fold(ctx, a)
		if err != nil {
			return nil, err
		}
		c, ok := a.(*exprs.Const)
		switch {
		case !ok:
			kept = append(kept, a)
		case c.IsNull():
			null = true
		case c.V.Bools[0] == decisive:
			return c, nil
		}
	}
	if null {
		kept = append(kept, exprs.Null(arrowschema.Bool))
	}
	switch {
	case len(kept) == 0:
		return exprs.NewConst(vec.NewConst(arrowschema.Bool, !decisive, 1)), nil
	case len(kept) == 1:
		return kept[0], nil
	case decisive:
		return &exprs.Or{Args: kept}, nil
	default:
		return &exprs.And{Args: kept}, nil
	}
}

// foldCase drops the branches that are never taken, and those after one that always is.
func foldCase(ctx *exprs.Ctx, e *exprs.Case) (exprs.Expr, error) {
	out := &exprs.Case{T: e.T}
	otherwise := e.Else
	for i := range e.Whens {
		cond, err := fold(ctx, e.Whens[i])
		if err != nil {
			return nil, err
		}
		if c, ok := cond.(*exprs.Const); ok {
			if c.IsNull() || !c.V.Bools[0] {
				continue
			}
			otherwise = e.Thens[i]
			break
		}
		then, err := fold(ctx, e.Thens[i])
		if err != nil {
			return nil, err
		}
		out.Whens, out.Thens = append(out.Whens, cond), append(out.Thens, then)
	}
	var err error
	if out.Else, err = fold(ctx, otherwise); err != nil {
		return nil, err
	}
	if len(out.Whens) == 0 {
		return out.Else, nil
	}
	return out, nil
}

// foldCoalesce drops NULLs, and what stands behind a constant that is none.
func foldCoalesce(ctx *exprs.Ctx, e *exprs.Coalesce) (exprs.Expr, error) {
	var kept []exprs.Expr
	for _, a := range e.Args {
		a, err := fold(ctx, a)
		if err != nil {
			return nil, err
		}
		c, ok := a.(*exprs.Const)
		if ok && c.IsNull() {
			continue
		}
		kept = append(kept, a)
		if ok {
			break
		}
	}
	if len(kept) == 0 {
		return exprs.Null(e.T), nil
	}
	if c, ok := kept[0].(*exprs.Const); ok {
		return c, nil
	}
	return &exprs.Coalesce{Args: kept, T: e.T}, nil
}

// mapExprs rewrites every expression of a plan, and lists of conditions as such.
func mapExprs(n plan.Node, f func(exprs.Expr) exprs.Expr, conditions func([]exprs.Expr) []exprs.Expr) plan.Node {
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
			c.Conds = conditions(n.Conds)
			return &c
		case *plan.Filter:
			return &plan.Filter{Input: n.Input, Conds: conditions(n.Conds)}
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
			c.LeftKeys, c.RightKeys, c.On = list(n.LeftKeys), list(n.RightKeys), conditions(n.On)
			return &c
		case *plan.DistinctOn:
			return &plan.DistinctOn{Input: n.Input, Keys: list(n.Keys)}
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

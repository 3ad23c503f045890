package rules

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/plan"
)

// FindJoinKeys makes hash keys of a join's conditions `left = right`, and moves the conditions of an inner join that concern one side to that side.
func FindJoinKeys(n plan.Node) plan.Node {
	return plan.Transform(n, func(n plan.Node) plan.Node {
		j, ok := n.(*plan.Join)
		if !ok {
			return n
		}
		return joinKeys(j)
	})
}

func joinKeys(j *plan.Join) plan.Node {
	out, width := *j, plan.Width(j.Left)
	out.On = nil
	for _, c := range conjuncts(j.On) {
		if l, r, ok := equality(c, width); ok {
			out.LeftKeys, out.RightKeys = append(out.LeftKeys, l), append(out.RightKeys, r)
			continue
		}
		l, r := sides(c, width)
		switch {
		// A condition on the side that an outer join fills up only decides which of its rows can match.
		case !r && l && (j.Kind == plan.Inner || j.Kind == plan.Right):
			out.Left = push(out.Left, []exprs.Expr{c})
		case !l && r && (j.Kind == plan.Inner || j.Kind == plan.Left):
			out.Right = push(out.Right, []exprs.Expr{exprs.Remap(c, func(i int) int { return i - width })})
		default:
			out.On = append(out.On, c)
		}
	}
	return &out
}

// equality recognises `a = b` with one side on each input and operands of one type, so that equal keys are equal values.
func equality(e exprs.Expr, width int) (left, right exprs.Expr, ok bool) {
	c, isCall := e.(*exprs.Call)
	if !isCall || c.Fn.Name != "=" || len(c.Args) != 2 {
		return nil, nil, false
	}
	a, b := c.Args[0], c.Args[1]
	if a.Type() != b.Type() && !(a.Type().Integer() && b.Type().Integer()) {
		return nil, nil, false
	}
	al, ar := sides(a, width)
	bl, br := sides(b, width)
	if ar && !al && bl && !br {
		a, b = b, a
		al, ar, bl, br = bl, br, al, ar
	}
	if !(al && !ar && br && !bl) {
		return nil, nil, false
	}
	return a, exprs.Remap(b, func(i int) int { return i - width }), true
}

package numeric

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// floatComparisons gives the six comparison operators of two float types, in which NaN equals itself and is above all others.
func floatComparisons(left, right arrowschema.Type) []exprs.Func {
	fn := func(op string, k exprs.Kernel) exprs.Func {
		return exprs.Func{Name: op, Args: []arrowschema.Type{left, right}, Result: arrowschema.Bool, Eval: k}
	}
	return []exprs.Func{
		fn("=", floatsEqual(false)), fn("<>", floatsEqual(true)),
		fn("<", floatsLess(0, 1, false)), fn(">", floatsLess(1, 0, false)), fn(">=", floatsLess(0, 1, true)), fn("<=", floatsLess(1, 0, true)),
	}
}

func floatsEqual(negated bool) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r, ma, mb := args[0].Floats, args[1].Floats, out.Bools, mask(args[0]), mask(args[1])
		for i := range r {
			x, y := a[i&ma], b[i&mb]
			r[i] = (x == y || x != x && y != y) != negated
		}
		return nil
	}
}

// floatsLess compares argument x with argument y for x < y, or for its opposite.
func floatsLess(x, y int, negated bool) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, b, r, ma, mb := args[x].Floats, args[y].Floats, out.Bools, mask(args[x]), mask(args[y])
		for i := range r {
			v, w := a[i&ma], b[i&mb]
			r[i] = (v < w || w != w && v == v) != negated
		}
		return nil
	}
}

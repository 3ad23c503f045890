package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Fused computes a call together with those that make its arguments. ok is false when that cannot be done for these rows: the call is then evaluated as it
// stands.
type Fused func(ctx *Ctx, b *vec.Batch) (v *vec.Vec, ok bool, err error)

// FuseComparison fuses a comparison of a scaled expression with a constant: the integers are compared with the constant's. limit gives the constant as an
// integer of that scale, rounded down, and whether it is exactly that; ok is false when 64 bits do not hold it.
func FuseComparison(op string, limit func(c *vec.Vec, scale int) (floor int64, exact, ok bool)) func(args []Expr) Fused {
	return func(args []Expr) Fused {
		left, right, op := args[0], args[1], op
		if _, ok := left.(*Const); ok {
			left, right, op = right, left, flipped[op]
		}
		c, ok := right.(*Const)
		if !ok || c.IsNull() {
			return nil
		}
		s, ok := ScaledOf(left)
		if !ok {
			return nil
		}
		floor, exact, ok := limit(c.V, s.Scale)
		if !ok {
			return nil
		}
		if !exact {
			if op = rounded[op]; op == "" {
				return nil
			}
		}
		kernel, bound := intComparison(op), vec.NewConst(arrowschema.Int8, floor, 1)
		return func(ctx *Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
			v, ok, err := s.Eval(ctx, b)
			if err != nil || !ok || v.Const {
				return nil, false, err
			}
			out := ctx.vector(arrowschema.Bool, b.N)
			out.Valid = v.Valid
			return out, true, kernel(ctx, []*vec.Vec{v, bound.Resize(b.N)}, out)
		}
	}
}

// flipped gives the comparison with its sides exchanged.
var flipped = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// rounded gives the comparison of an integer with a limit that was rounded down: x >= 1.5 is x > 1. Nothing equals such a limit.
var rounded = map[string]string{"<": "<=", "<=": "<=", ">": ">", ">=": ">"}

func intComparison(op string) Kernel {
	for _, f := range OrderedComparisons[int64](arrowschema.Int8, arrowschema.Int8) {
		if f.Name == op {
			return f.Eval
		}
	}
	return nil
}

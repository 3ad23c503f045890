package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Scaled is a numeric expression as 64-bit integers of one scale: x stands for x × 10^-Scale with Scale digits after the point. What is computed from the
// integers, sums, extremes, comparisons, is exact and has the digits that computing with the numerics would have shown.
type Scaled struct {
	Scale  int
	Args   []Expr
	Kernel ScaledKernel // nil when Args is one expression of integers, whose values are the integers
}

// ScaledKernel computes the integers. args are decoded, out is flat, of type Int8 and has its validity set, as with a Kernel of a strict function. It answers
// false when a row's value, or what lies under a NULL, has no such form: the expression is then evaluated as it stands.
type ScaledKernel func(args []*vec.Vec, out *vec.Vec) bool

// ScaledOf gives the scaled form of a numeric expression, or of an interval that is a difference of times, in microseconds, if it has one.
func ScaledOf(e Expr) (*Scaled, bool) {
	c, ok := e.(*Call)
	if !ok || c.Fn.Result != arrowschema.Numeric && c.Fn.Result != arrowschema.Interval {
		return nil, false
	}
	if c.IsCast() && c.Args[0].Type().Integer() && c.Fn.Result == arrowschema.Numeric {
		return &Scaled{Args: c.Args}, true
	}
	if c.Fn.Scaled == nil {
		return nil, false
	}
	return c.Fn.Scaled(c.Args)
}

// Eval gives the integers of the rows of b: decoded, of type Int8. ok is false when some row has none.
func (f *Scaled) Eval(ctx *Ctx, b *vec.Batch) (v *vec.Vec, ok bool, err error) {
	args := make([]*vec.Vec, len(f.Args))
	var valid vec.Bitmap
	for i, a := range f.Args {
		v, err := a.Eval(ctx, b)
		if err != nil {
			return nil, false, err
		}
		if v = v.Decoded(); v.NullConst() {
			return vec.NewNull(arrowschema.Int8, b.N), true, nil
		}
		if !v.Const {
			valid = vec.And(valid, v.Valid, b.N)
		}
		args[i] = v
	}
	if f.Kernel == nil {
		return args[0].As(arrowschema.Int8), true, nil
	}
	out := ctx.vector(arrowschema.Int8, b.N)
	out.Valid = valid
	return out, f.Kernel(args, out), nil
}

// ScaledState is a State of a numeric aggregate that takes the scaled form of its one argument.
type ScaledState interface {
	State
	// UpdateScaled is UpdateFiltered with values of that scale. It answers false when it has taken none of them, because it has seen another scale before.
	UpdateScaled(groups []uint32, keep []uint8, values *vec.Vec, scale, n int) bool
}

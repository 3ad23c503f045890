package numeric

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// rising is a numeric expression that never falls as an integer rises: the integer, in scaled form, divided by or multiplied with positive constants, and
// rounded. What it compares to with a constant is then told by the integer alone.
//
// A quotient shows at least 16 digits from its first on: a unit of its last place is at most 10^-16 of it. Where a larger dividend makes the scale coarser,
// the quotient could fall, but only by less than that unit; and from one integer below 10^14 to the next it rises by 10^-14 of itself or more. So it does
// not fall, nor do a few such steps one after the other.
type rising struct {
	of    *exprs.Scaled
	steps []step // innermost first
}

// step makes a function of a numeric, to be used by one goroutine.
type step func() func(decimal.Dec) (decimal.Dec, error)

const (
	mostRising   = 100_000_000_000_000
	risingSteps  = 4  // most steps
	risingDigits = 20 // most digits that a constant's coefficient, and its scale, have
)

// risingOf gives an expression as a rising one, if it is.
func risingOf(e exprs.Expr) (*rising, bool) {
	c, ok := e.(*exprs.Call)
	if !ok || !rounds(c.Fn.Name) { // whose own scaled form computes the steps below it
		if s, ok := exprs.ScaledOf(e); ok {
			return &rising{of: s}, true
		}
	}
	if !ok || len(c.Args) == 0 || c.Fn.Result != arrowschema.Numeric {
		return nil, false
	}
	step, ok := risingStep(c)
	if !ok {
		return nil, false
	}
	r, ok := risingOf(c.Args[0])
	if !ok || len(r.steps) == risingSteps {
		return nil, false
	}
	r.steps = append(r.steps, step)
	return r, true
}

// risingStep gives what a call does to its first argument, when that is a step of a rising expression.
func risingStep(c *exprs.Call) (step, bool) {
	switch {
	case (c.Fn.Name == "/" || c.Fn.Name == "*") && len(c.Args) == 2:
		by, ok := positiveConst(c.Args[1])
		if !ok {
			return nil, false
		}
		if c.Fn.Name == "/" {
			return func() func(decimal.Dec) (decimal.Dec, error) { return decimal.NewDivisor(by).Quo }, true
		}
		return alike(func(d decimal.Dec) (decimal.Dec, error) { return decimal.Mul(d, by) }), true
	}
	r, ok := roundedOf(c.Fn.Name, c.Args)
	return alike(r.round), ok
}

// alike is the step of a function that any goroutine may use.
func alike(f func(decimal.Dec) (decimal.Dec, error)) step {
	return func() func(decimal.Dec) (decimal.Dec, error) { return f }
}

// placesOf gives the constant number of places that round takes.
func placesOf(e exprs.Expr) (int, bool) {
	n, ok := e.(*exprs.Const)
	if !ok || n.IsNull() || n.Type() != arrowschema.Int4 {
		return 0, false
	}
	return int(n.V.Ints[0]), true
}

func positiveConst(e exprs.Expr) (decimal.Dec, bool) {
	c, ok := e.(*exprs.Const)
	if !ok || c.IsNull() || c.Type() != arrowschema.Numeric {
		return decimal.Zero, false
	}
	d := c.V.Decs[0]
	if hi, _, small := d.Coef128(); !small || hi < 0 || hi > 1 || d.Sign() <= 0 || d.Scale() > risingDigits {
		return decimal.Zero, false
	}
	return d, true
}

// at gives the expression's value of an integer, as a function to be used by one goroutine.
func (r *rising) at() func(x int64) (decimal.Dec, error) {
	steps := make([]func(decimal.Dec) (decimal.Dec, error), len(r.steps))
	for i, s := range r.steps {
		steps[i] = s()
	}
	return func(x int64) (d decimal.Dec, err error) {
		d = decimal.New(x, r.of.Scale)
		for _, step := range steps {
			if d, err = step(d); err != nil {
				return d, err
			}
		}
		return d, nil
	}
}

// rounds tells whether a function of that name rounds its first argument.
func rounds(name string) bool {
	return name == "round" || name == "trunc" || name == "floor" || name == "ceil" || name == "ceiling"
}

// scaledRound gives the scaled form of a rising x that is rounded to n places: whatever the digits of its quotients, those of the rounded value are n.
func scaledRound(name string) func(args []exprs.Expr) (*exprs.Scaled, bool) {
	return func(args []exprs.Expr) (*exprs.Scaled, bool) {
		grid, ok := roundedOf(name, args)
		if !ok || grid.places < 0 || grid.places > maxScaled {
			return nil, false
		}
		r, ok := risingOf(args[0])
		if !ok {
			return nil, false
		}
		return &exprs.Scaled{Scale: grid.places, Args: r.of.Args, Kernel: r.roundInto(grid)}, true
	}
}

// roundInto computes rounded values.
func (r *rising) roundInto(grid rounded) exprs.ScaledKernel {
	return func(args []*vec.Vec, out *vec.Vec) bool {
		if !operandInto(r.of, args, out) {
			return false
		}
		at := r.at()
		for i, x := range out.Ints {
			d, err := at(x)
			if err == nil {
				d, err = grid.round(d)
			}
			hi, lo, ok := d.Coef128()
			if err != nil || !ok || hi != int64(lo)>>63 {
				return false
			}
			out.Ints[i] = int64(lo)
		}
		return true
	}
}

// least gives the least integer within ± mostRising whose value is not below the limit, or is above it, and one more than all when there is none.
func (r *rising) least(limit decimal.Dec, above bool) (int64, bool) {
	at, lo, hi := r.at(), int64(-mostRising), int64(mostRising)+1
	for lo < hi {
		mid := lo + (hi-lo)/2
		d, err := at(mid)
		if err != nil {
			return 0, false
		}
		if c := decimal.Cmp(d, limit); c > 0 || c == 0 && !above {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, true
}

// fuseRising fuses < <= > >= of a rising expression with a constant to its right: one comparison of the integers.
func fuseRising(op string, args []exprs.Expr) exprs.Fused {
	c, ok := args[1].(*exprs.Const)
	if !ok || c.IsNull() || op == "=" || op == "<>" {
		return nil
	}
	r, ok := risingOf(args[0])
	if !ok || len(r.steps) == 0 {
		return nil
	}
	least, ok := r.least(c.V.Decs[0], op == ">" || op == "<=")
	if !ok {
		return nil
	}
	below := op == "<" || op == "<="
	return func(ctx *exprs.Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
		v, ok, err := r.of.Eval(ctx, b)
		if err != nil || !ok || v.Const {
			return nil, false, err
		}
		out := vec.New(arrowschema.Bool, b.N)
		out.Valid = v.Valid
		var far bool
		bools := out.Bools[:len(v.Ints)]
		for i, x := range v.Ints {
			bools[i] = (x >= least) != below
			far = far || uint64(x+mostRising) > 2*mostRising
		}
		return out, !far, nil
	}
}

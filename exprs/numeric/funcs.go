package numeric

import (
	"math"
	"math/rand/v2"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Functions gives the mathematical functions.
func Functions() []exprs.Func {
	n, i4 := arrowschema.Numeric, arrowschema.Int4
	fn := func(name string, result arrowschema.Type, k exprs.Kernel, args ...arrowschema.Type) exprs.Func {
		return exprs.Func{Name: name, Args: args, Result: result, Eval: k}
	}
	grid := func(name string, k exprs.Kernel, args ...arrowschema.Type) exprs.Func {
		return exprs.Func{Name: name, Args: args, Result: n, Eval: k, Scaled: scaledRound(name), Fuse: fuseGrid(name)}
	}
	infallible := func(f func(decimal.Dec) decimal.Dec) exprs.Kernel { return exprs.Unary(f) }
	out := []exprs.Func{
		grid("ceil", exprs.UnaryErr(decimal.Ceil), n), fn("ceil", f8, exprs.Unary(math.Ceil), f8),
		grid("ceiling", exprs.UnaryErr(decimal.Ceil), n), fn("ceiling", f8, exprs.Unary(math.Ceil), f8),
		grid("floor", exprs.UnaryErr(decimal.Floor), n), fn("floor", f8, exprs.Unary(math.Floor), f8),
		grid("round", exprs.UnaryErr(func(d decimal.Dec) (decimal.Dec, error) { return decimal.Round(d, 0) }), n),
		fn("round", f8, exprs.Unary(math.RoundToEven), f8),
		grid("round", exprs.BinaryErr(func(d decimal.Dec, s int64) (decimal.Dec, error) { return decimal.Round(d, int(s)) }), n, i4),
		grid("trunc", infallible(func(d decimal.Dec) decimal.Dec { return decimal.Trunc(d, 0) }), n), fn("trunc", f8, exprs.Unary(math.Trunc), f8),
		grid("trunc", exprs.Binary(func(d decimal.Dec, s int64) decimal.Dec { return decimal.Trunc(d, int(s)) }), n, i4),
		fn("sign", n, infallible(signNumeric), n), fn("sign", f8, exprs.Unary(signFloat), f8),
		fn("sqrt", n, slow(decimal.Sqrt), n), fn("sqrt", f8, roots, f8),
		fn("exp", n, slow(decimal.Exp), n), fn("exp", f8, exprs.UnaryErr(exponential), f8),
		fn("ln", n, slow(decimal.Ln), n), fn("ln", f8, exprs.UnaryErr(logarithm(preciseLog)), f8),
		fn("log", n, slow(func(d decimal.Dec) (decimal.Dec, error) { return decimal.Log(decimal.FromInt64(10), d) }), n),
		fn("log10", n, slow(func(d decimal.Dec) (decimal.Dec, error) { return decimal.Log(decimal.FromInt64(10), d) }), n),
		fn("log", n, exprs.BinaryCtx(logOf), n, n), fn("log", f8, exprs.UnaryErr(logarithm(cLog10)), f8),
		fn("log10", f8, exprs.UnaryErr(logarithm(cLog10)), f8),
		fn("power", n, numericPower(), n, n), fn("power", f8, exprs.BinaryErr(power), f8, f8),
		fn("pow", n, numericPower(), n, n), fn("pow", f8, exprs.BinaryErr(power), f8, f8),
		fn("mod", n, exprs.BinaryErr(decimal.Mod), n, n), fn("div", n, exprs.BinaryErr(decimal.DivTrunc), n, n),
		fn("scale", i4, exprs.UnaryNull(func(d decimal.Dec) (int64, bool) { return int64(d.Scale()), !d.IsNaN() && !d.IsInf() }), n),
		fn("min_scale", i4, exprs.UnaryNull(func(d decimal.Dec) (int64, bool) { return int64(decimal.MinScale(d)), !d.IsNaN() && !d.IsInf() }), n),
		fn("trim_scale", n, infallible(decimal.TrimScale), n),
		{Name: "random", Result: f8, Volatility: exprs.Volatile, Eval: random},
		{Name: "pi", Result: f8, Eval: func(_ *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
			for i := range out.Floats {
				out.Floats[i] = math.Pi
			}
			return nil
		}},
		fn("$fit", n, fitKernel, n, i4, i4, arrowschema.Bool),
	}
	for _, t := range integers {
		out = append(out, fn("mod", t, integerKernel(t, true, mod), t, t))
	}
	for _, family := range [][]exprs.Func{absolutes("abs"), divisors(), widthBuckets(), trigonometry(), formats()} {
		out = append(out, family...)
	}
	return out
}

// numericPower looks at the context as it goes: a power may take a tenth of a second.
func numericPower() exprs.Kernel {
	return exprs.BinaryCtx(func(ctx *exprs.Ctx, a, b decimal.Dec) (decimal.Dec, error) {
		if err := ctx.Check(); err != nil {
			return decimal.Zero, err
		}
		return decimal.PowerUntil(a, b, ctx.Check)
	})
}

// slow makes the kernel of a function that may take milliseconds: it looks at the context before every value.
func slow(f func(decimal.Dec) (decimal.Dec, error)) exprs.Kernel {
	return exprs.UnaryCtx(func(ctx *exprs.Ctx, d decimal.Dec) (decimal.Dec, error) {
		if err := ctx.Check(); err != nil {
			return decimal.Zero, err
		}
		return f(d)
	})
}

func logOf(ctx *exprs.Ctx, base, d decimal.Dec) (decimal.Dec, error) {
	if err := ctx.Check(); err != nil {
		return decimal.Zero, err
	}
	return decimal.Log(base, d)
}

// absolutes gives the absolute value of every number type, as the function abs or the operator @.
func absolutes(name string) []exprs.Func {
	out := []exprs.Func{{Name: name, Args: []arrowschema.Type{arrowschema.Numeric}, Result: arrowschema.Numeric, Eval: exprs.Unary(decimal.Abs)}}
	for _, t := range []arrowschema.Type{f4, f8} {
		out = append(out, exprs.Func{Name: name, Args: []arrowschema.Type{t}, Result: t, Eval: exprs.Unary(math.Abs)})
	}
	for _, t := range integers {
		out = append(out, exprs.Func{Name: name, Args: []arrowschema.Type{t}, Result: t, Eval: absIntegers(t)})
	}
	return out
}

func signFloat(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	default:
		return 0
	}
}

func signNumeric(d decimal.Dec) decimal.Dec {
	if d.IsNaN() {
		return d
	}
	return decimal.FromInt64(int64(d.Sign()))
}

func sqrt(x float64) (float64, error) {
	if x < 0 {
		return 0, sqlstate.New("2201F", "cannot take square root of a negative number")
	}
	return math.Sqrt(x), nil
}

// roots takes square roots; where one is not a number, sqrt says whether that is an error.
func roots(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	a, at, strange := args[0].Floats, mask(args[0]), false
	for i := range out.Floats {
		r := math.Sqrt(a[i&at])
		strange = strange || r != r
		out.Floats[i] = r
	}
	if strange {
		return exprs.UnaryErr(sqrt)(ctx, args, out)
	}
	return nil
}

// exponential is e^x; out of range are results that C would round to infinity or zero.
func exponential(x float64) (float64, error) {
	r := preciseExp(x)
	switch {
	case math.IsInf(x, 0) || math.IsNaN(x):
		return r, nil
	case math.IsInf(r, 0):
		return 0, errFloatOverflow()
	case r == 0:
		return 0, errFloatUnderflow()
	}
	return r, nil
}

func logarithm(f func(float64) float64) func(float64) (float64, error) {
	return func(x float64) (float64, error) {
		switch {
		case x == 0:
			return 0, sqlstate.New("2201E", "cannot take logarithm of zero")
		case x < 0:
			return 0, sqlstate.New("2201E", "cannot take logarithm of a negative number")
		}
		return f(x), nil
	}
}

// absIntegers takes absolute values without branches; only where the least value of the type is among them does absInteger say whether that is an error.
func absIntegers(t arrowschema.Type) exprs.Kernel {
	least, _ := limits(t)
	careful := exprs.UnaryErr(absInteger(t))
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		a, at, r, lowest := args[0].Ints, mask(args[0]), out.Ints, int64(0)
		for i := range r {
			x := a[i&at]
			lowest = min(lowest, x)
			r[i] = (x ^ x>>63) - x>>63
		}
		if lowest == least {
			return careful(ctx, args, out)
		}
		return nil
	}
}

func absInteger(t arrowschema.Type) func(int64) (int64, error) {
	lo, _ := limits(t)
	return func(x int64) (int64, error) {
		if x == lo {
			return 0, outOfRange(t)
		}
		if x < 0 {
			x = -x
		}
		return x, nil
	}
}

func random(_ *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
	for i := range out.Floats {
		out.Floats[i] = rand.Float64()
	}
	return nil
}

// fitKernel makes a numeric fit numeric(p, s).
func fitKernel(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
	p, s := args[1].Ints[0], args[2].Ints[0]
	for i := range out.Decs {
		if out.Valid.Get(i) {
			if out.Decs[i], err = decimal.Fit(args[0].Decs[args[0].At(i)], int(p), int(s)); err != nil {
				return err
			}
		}
	}
	return nil
}

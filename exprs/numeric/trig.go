package numeric

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

func errInput() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "input is out of range")
}

func errFloatOverflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: overflow")
}

func errFloatUnderflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: underflow")
}

// trigonometry gives the functions of angles, the hyperbolic functions and the roots of floats. The last digit is that of Go's package math, which is
// not always that of the C library that PostgreSQL was linked with.
func trigonometry() []exprs.Func {
	fn := func(name string, f func(float64) (float64, error)) exprs.Func {
		return exprs.Func{Name: name, Args: []arrowschema.Type{f8}, Result: f8, Eval: exprs.UnaryErr(f)}
	}
	finite := func(f func(float64) float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) {
			if math.IsInf(x, 0) {
				return 0, errInput()
			}
			return f(x), nil
		}
	}
	within := func(f func(float64) float64, lo, hi float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) {
			if x < lo || x > hi {
				return 0, errInput()
			}
			return f(x), nil
		}
	}
	plain := func(f func(float64) float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) { return f(x), nil }
	}
	scaled := func(f func(float64) float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) {
			r := f(x)
			if math.IsInf(r, 0) && !math.IsInf(x, 0) {
				return 0, errFloatOverflow()
			}
			if r == 0 && x != 0 {
				return 0, errFloatUnderflow()
			}
			return r, nil
		}
	}
	const degree = math.Pi / 180
	return []exprs.Func{
		fn("sin", finite(math.Sin)), fn("cos", finite(math.Cos)), fn("tan", finite(math.Tan)),
		fn("cot", finite(func(x float64) float64 { return 1 / math.Tan(x) })),
		fn("asin", within(math.Asin, -1, 1)), fn("acos", within(math.Acos, -1, 1)), fn("atan", plain(math.Atan)),
		fn("sinh", plain(math.Sinh)), fn("cosh", plain(math.Cosh)), fn("tanh", plain(math.Tanh)),
		fn("asinh", plain(math.Asinh)), fn("acosh", within(math.Acosh, 1, math.Inf(1))), fn("atanh", within(math.Atanh, -1, 1)),
		fn("degrees", scaled(func(x float64) float64 { return x / degree })), fn("radians", plain(func(x float64) float64 { return x * degree })),
		fn("cbrt", plain(math.Cbrt)), fn("||/", plain(math.Cbrt)), fn("|/", sqrt),
		{Name: "atan2", Args: []arrowschema.Type{f8, f8}, Result: f8, Eval: exprs.Binary(math.Atan2)},
	}
}

// Package numeric is the operators, functions and casts of the number types: smallint, integer, bigint, numeric, real, double precision.
package numeric

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

var integers = []arrowschema.Type{arrowschema.Int2, arrowschema.Int4, arrowschema.Int8}

// Operators gives arithmetic and comparison.
func Operators() []exprs.Func {
	var out []exprs.Func
	for _, a := range integers {
		for _, b := range integers {
			out = append(out, integerOperators(a, b)...)
			out = append(out, exprs.OrderedComparisons[int64](a, b)...)
		}
		out = append(out, integerUnary(a)...)
	}
	out = append(out, numericOperators()...)
	out = append(out, numericComparisons()...)
	for _, p := range [][2]arrowschema.Type{{f4, f4}, {f4, f8}, {f8, f4}, {f8, f8}} {
		out = append(out, floatOperators(p[0], p[1])...)
		out = append(out, floatComparisons(p[0], p[1])...)
	}
	out = append(out, bitOperators()...)
	out = append(out, absolutes("@")...)
	return append(append(out, floatUnary(f4)...), floatUnary(f8)...)
}

const (
	f4 = arrowschema.Float4
	f8 = arrowschema.Float8
)

// limits gives the range of an integer type.
func limits(t arrowschema.Type) (lo, hi int64) {
	switch t {
	case arrowschema.Int2:
		return math.MinInt16, math.MaxInt16
	case arrowschema.Int4:
		return math.MinInt32, math.MaxInt32
	default:
		return math.MinInt64, math.MaxInt64
	}
}

func outOfRange(t arrowschema.Type) error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", t)
}

func divisionByZero() error { return sqlstate.New(sqlstate.DivisionByZero, "division by zero") }

// integerOperators gives the arithmetic of two integer types, whose result is the wider of them.
func integerOperators(a, b arrowschema.Type) []exprs.Func {
	wide := max(a, b)
	fn := func(op string, f func(x, y int64) (int64, bool)) exprs.Func {
		return exprs.Func{Name: op, Args: []arrowschema.Type{a, b}, Result: wide, Eval: integerLoops(op, wide, integerKernel(wide, op == "/" || op == "%", f))}
	}
	return []exprs.Func{fn("+", add), fn("-", sub), fn("*", mul), fn("/", div), fn("%", mod)}
}

// integerKernel checks every result against the type's range, and for a division the divisor; f answers false when int64 itself overflows.
func integerKernel(t arrowschema.Type, divides bool, f func(x, y int64) (int64, bool)) exprs.Kernel {
	lo, hi := limits(t)
	return exprs.BinaryErr(func(x, y int64) (int64, error) {
		if divides && y == 0 {
			return 0, divisionByZero()
		}
		r, ok := f(x, y)
		if !ok || r < lo || r > hi {
			return 0, outOfRange(t)
		}
		return r, nil
	})
}

func add(x, y int64) (int64, bool) {
	r := x + y
	return r, (x^r)&(y^r) >= 0
}

func sub(x, y int64) (int64, bool) {
	r := x - y
	return r, (x^y)&(x^r) >= 0
}

func mul(x, y int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	// The signed high word is the unsigned one less what the signs added.
	signed := int64(hi) - x>>63&y - y>>63&x
	return int64(lo), signed == int64(lo)>>63
}

func div(x, y int64) (int64, bool) {
	if y == -1 {
		return -x, x != math.MinInt64
	}
	return x / y, true
}

func mod(x, y int64) (int64, bool) {
	if y == -1 {
		return 0, true
	}
	return x % y, true
}

func integerUnary(t arrowschema.Type) []exprs.Func {
	lo, _ := limits(t)
	negate := func(x int64) (int64, error) {
		if x == lo {
			return 0, outOfRange(t)
		}
		return -x, nil
	}
	args := []arrowschema.Type{t}
	return []exprs.Func{
		{Name: "-", Args: args, Result: t, Eval: exprs.UnaryErr(negate)},
		{Name: "+", Args: args, Result: t, Eval: exprs.Unary(func(x int64) int64 { return x })},
	}
}

func numericOperators() []exprs.Func {
	n := arrowschema.Numeric
	fn := func(op string, f func(a, b decimal.Dec) (decimal.Dec, error)) exprs.Func {
		return exprs.Func{Name: op, Args: []arrowschema.Type{n, n}, Result: n, Eval: exprs.BinaryErr(f)}
	}
	scaled := func(op string, f func(a, b decimal.Dec) (decimal.Dec, error)) exprs.Func {
		out := fn(op, f)
		out.Scaled = scaledArithmetic(op)
		return out
	}
	divide := fn("/", decimal.Div)
	divide.Eval = byConstant(divide.Eval)
	return []exprs.Func{
		scaled("+", decimal.Add), scaled("-", decimal.Sub), scaled("*", decimal.Mul), divide, fn("%", decimal.Mod),
		{Name: "^", Args: []arrowschema.Type{n, n}, Result: n, Eval: numericPower()},
		{Name: "-", Args: []arrowschema.Type{n}, Result: n, Eval: exprs.Unary(decimal.Neg)},
		{Name: "+", Args: []arrowschema.Type{n}, Result: n, Eval: exprs.Unary(func(d decimal.Dec) decimal.Dec { return d })},
	}
}

// byConstant divides numerics by a constant with a Divisor, and otherwise as divide does.
func byConstant(divide exprs.Kernel) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if !args[1].Const || args[0].Const {
			return divide(ctx, args, out)
		}
		return exprs.UnaryErr(decimal.NewDivisor(args[1].Decs[0]).Quo)(ctx, args, out)
	}
}

func floatOperators(a, b arrowschema.Type) []exprs.Func {
	wide := max(a, b)
	var out []exprs.Func
	for _, op := range []string{"+", "-", "*", "/"} {
		one := floatOne(wide, op)
		k := exprs.BinaryErr(one)
		if wide == f8 {
			k = floatLoops(op, one)
		}
		out = append(out, exprs.Func{Name: op, Args: []arrowschema.Type{a, b}, Result: wide, Eval: k})
	}
	if a == f8 && b == f8 {
		out = append(out, exprs.Func{Name: "^", Args: []arrowschema.Type{f8, f8}, Result: f8, Eval: exprs.BinaryErr(power)})
	}
	return out
}

// floatOne gives an operator on two floats. It reports overflow, underflow and division by zero as PostgreSQL does instead of giving infinity or zero.
func floatOne(t arrowschema.Type, op string) func(x, y float64) (float64, error) {
	f := map[string]func(x, y float64) float64{
		"+": func(x, y float64) float64 { return x + y }, "-": func(x, y float64) float64 { return x - y },
		"*": func(x, y float64) float64 { return x * y }, "/": func(x, y float64) float64 { return x / y },
	}[op]
	product := op == "*" || op == "/"
	return func(x, y float64) (float64, error) {
		if op == "/" && y == 0 && !math.IsNaN(x) {
			return 0, divisionByZero()
		}
		r := f(x, y)
		if t == f4 {
			r = float64(float32(r))
		}
		if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			return 0, errFloatOverflow()
		}
		if product && r == 0 && x != 0 && (op == "/" && !math.IsInf(y, 0) || op == "*" && y != 0) {
			return 0, errFloatUnderflow()
		}
		return r, nil
	}
}

func floatUnary(t arrowschema.Type) []exprs.Func {
	args := []arrowschema.Type{t}
	return []exprs.Func{
		{Name: "-", Args: args, Result: t, Eval: exprs.Unary(func(x float64) float64 { return -x })},
		{Name: "+", Args: args, Result: t, Eval: exprs.Unary(func(x float64) float64 { return x })},
	}
}

// power is x^y with PostgreSQL's errors in place of what C gives.
func power(x, y float64) (float64, error) {
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return math.Pow(x, y), nil // 1^NaN and NaN^0 are 1
	case x == 0 && y < 0:
		return 0, sqlstate.New("2201F", "zero raised to a negative power is undefined")
	case x < 0 && y != math.Floor(y):
		return 0, sqlstate.New("2201F", "a negative number raised to a non-integer power yields a complex result")
	case math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Pow(x, y), nil
	}
	r := precisePow(x, y)
	switch {
	case math.IsInf(r, 0):
		return 0, errFloatOverflow()
	case r == 0 && x != 0:
		return 0, errFloatUnderflow()
	}
	return r, nil
}

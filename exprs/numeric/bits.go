package numeric

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
)

// bitOperators gives & | # ~ << >> of the integer types. Shifts take their distance modulo the width of the type, as the processors do on which
// PostgreSQL runs.
func bitOperators() []exprs.Func {
	var out []exprs.Func
	for _, t := range integers {
		op := func(name string, f func(x, y int64) int64, args ...arrowschema.Type) {
			out = append(out, exprs.Func{Name: name, Args: args, Result: t, Eval: exprs.Binary(f)})
		}
		op("&", func(x, y int64) int64 { return x & y }, t, t)
		op("|", func(x, y int64) int64 { return x | y }, t, t)
		op("#", func(x, y int64) int64 { return x ^ y }, t, t)
		left, right := shifts(t)
		op("<<", left, t, arrowschema.Int4)
		op(">>", right, t, arrowschema.Int4)
		out = append(out, exprs.Func{Name: "~", Args: []arrowschema.Type{t}, Result: t, Eval: exprs.Unary(func(x int64) int64 { return ^x })})
	}
	return out
}

// shifts gives the shifts of an integer type. A smallint is shifted as an integer and cut.
func shifts(t arrowschema.Type) (left, right func(x, n int64) int64) {
	switch t {
	case arrowschema.Int2:
		return func(x, n int64) int64 { return int64(int16(int32(x) << (uint(n) & 31))) },
			func(x, n int64) int64 { return int64(int16(int32(x) >> (uint(n) & 31))) }
	case arrowschema.Int4:
		return func(x, n int64) int64 { return int64(int32(x) << (uint(n) & 31)) },
			func(x, n int64) int64 { return int64(int32(x) >> (uint(n) & 31)) }
	default:
		return func(x, n int64) int64 { return x << (uint(n) & 63) }, func(x, n int64) int64 { return x >> (uint(n) & 63) }
	}
}

// divisors gives gcd and lcm.
func divisors() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{arrowschema.Int4, arrowschema.Int8} {
		args := []arrowschema.Type{t, t}
		out = append(out,
			exprs.Func{Name: "gcd", Args: args, Result: t, Eval: exprs.BinaryErr(func(x, y int64) (int64, error) { return gcd(t, x, y) })},
			exprs.Func{Name: "lcm", Args: args, Result: t, Eval: exprs.BinaryErr(func(x, y int64) (int64, error) { return lcm(t, x, y) })})
	}
	n := arrowschema.Numeric
	return append(out,
		exprs.Func{Name: "gcd", Args: []arrowschema.Type{n, n}, Result: n, Eval: exprs.BinaryErr(gcdNumeric)},
		exprs.Func{Name: "lcm", Args: []arrowschema.Type{n, n}, Result: n, Eval: exprs.BinaryErr(lcmNumeric)},
		exprs.Func{Name: "factorial", Args: []arrowschema.Type{arrowschema.Int8}, Result: n, Eval: exprs.UnaryCtx(factorial)})
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func gcd(t arrowschema.Type, x, y int64) (int64, error) {
	a, b := magnitude(x), magnitude(y)
	for b != 0 {
		a, b = b, a%b
	}
	if _, hi := limits(t); a > uint64(hi) {
		return 0, outOfRange(t)
	}
	return int64(a), nil
}

func lcm(t arrowschema.Type, x, y int64) (int64, error) {
	if x == 0 || y == 0 {
		return 0, nil
	}
	g, err := gcd(arrowschema.Int8, x, y)
	if err != nil {
		return 0, outOfRange(t)
	}
	r, ok := mul(x/g, y)
	if _, hi := limits(t); !ok || magnitude(r) > uint64(hi) {
		return 0, outOfRange(t)
	}
	return int64(magnitude(r)), nil
}

func special(d decimal.Dec) bool { return d.IsNaN() || d.IsInf() }

func gcdNumeric(a, b decimal.Dec) (decimal.Dec, error) {
	if special(a) || special(b) {
		return decimal.NaN(), nil
	}
	scale := max(a.Scale(), b.Scale())
	a, b = decimal.Abs(a), decimal.Abs(b)
	for b.Sign() != 0 {
		r, err := decimal.Mod(a, b)
		if err != nil {
			return r, err
		}
		a, b = b, r
	}
	return decimal.Round(a, scale)
}

func lcmNumeric(a, b decimal.Dec) (decimal.Dec, error) {
	if special(a) || special(b) {
		return decimal.NaN(), nil
	}
	scale := max(a.Scale(), b.Scale())
	if a.Sign() == 0 || b.Sign() == 0 {
		return decimal.Round(decimal.Zero, scale)
	}
	g, err := gcdNumeric(a, b)
	if err != nil {
		return g, err
	}
	q, err := decimal.DivTrunc(a, g)
	if err != nil {
		return q, err
	}
	r, err := decimal.Mul(q, b)
	if err != nil {
		return r, err
	}
	return decimal.Round(decimal.Abs(r), scale)
}

// factorial gives n!, for n up to 32177, beyond which a numeric cannot hold it.
func factorial(ctx *exprs.Ctx, n int64) (decimal.Dec, error) {
	const largest = 32177
	switch {
	case n < 0:
		return decimal.Zero, sqlstate.New(sqlstate.NumericValueOutOfRange, "factorial of a negative number is undefined")
	case n > largest:
		return decimal.Zero, sqlstate.New(sqlstate.NumericValueOutOfRange, "value overflows numeric format")
	}
	r := decimal.FromInt64(1)
	for i := int64(2); i <= n; i++ {
		if i%256 == 0 {
			if err := ctx.Check(); err != nil {
				return r, err
			}
		}
		var err error
		if r, err = decimal.Mul(r, decimal.FromInt64(i)); err != nil {
			return r, err
		}
	}
	return r, nil
}

package numeric

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Casts gives the casts among the number types and boolean, in PostgreSQL's contexts.
func Casts() []exprs.Cast {
	var out []exprs.Cast
	for _, a := range integers {
		for _, b := range integers {
			if a != b {
				out = append(out, integerCast(a, b))
			}
		}
		out = append(out,
			exprs.Cast{From: a, To: arrowschema.Numeric, Eval: integersToNumeric},
			exprs.Cast{From: a, To: f8, Eval: integersToFloat},
			exprs.Cast{From: a, To: f4, Eval: exprs.Unary(func(x int64) float64 { return float64(float32(x)) })},
			exprs.Cast{From: arrowschema.Numeric, To: a, Context: exprs.Assignment, Eval: exprs.UnaryErr(numericToInteger(a))},
			exprs.Cast{From: f8, To: a, Context: exprs.Assignment, Eval: exprs.UnaryErr(floatToInteger(a))},
			exprs.Cast{From: f4, To: a, Context: exprs.Assignment, Eval: exprs.UnaryErr(floatToInteger(a))},
		)
	}
	n := arrowschema.Numeric
	return append(out,
		exprs.Cast{From: n, To: f8, Eval: exprs.UnaryErr(decimal.Dec.Float64)},
		exprs.Cast{From: n, To: f4, Eval: exprs.UnaryErr(func(d decimal.Dec) (float64, error) { f, err := d.Float32(); return float64(f), err })},
		exprs.Cast{From: f8, To: n, Context: exprs.Assignment, Eval: exprs.Unary(decimal.FromFloat64)},
		exprs.Cast{From: f4, To: n, Context: exprs.Assignment, Eval: exprs.Unary(func(x float64) decimal.Dec { return decimal.FromFloat32(float32(x)) })},
		exprs.Cast{From: f4, To: f8},
		exprs.Cast{From: f8, To: f4, Context: exprs.Assignment, Eval: exprs.UnaryErr(narrow)},
		exprs.Cast{From: arrowschema.Int4, To: arrowschema.Bool, Context: exprs.Explicit, Eval: exprs.Unary(func(x int64) bool { return x != 0 })},
		exprs.Cast{From: arrowschema.Bool, To: arrowschema.Int4, Context: exprs.Explicit, Eval: exprs.Unary(boolToInt)},
	)
}

func integersToNumeric(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	a, at := args[0].Ints, mask(args[0])
	for i := range out.Decs {
		out.Decs[i] = decimal.FromInt64(a[i&at])
	}
	return nil
}

func integersToFloat(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	a, at := args[0].Ints, mask(args[0])
	for i := range out.Floats {
		out.Floats[i] = float64(a[i&at])
	}
	return nil
}

func boolToInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// integerCast widens implicitly and narrows, checked, in assignments.
func integerCast(from, to arrowschema.Type) exprs.Cast {
	if to > from {
		return exprs.Cast{From: from, To: to}
	}
	lo, hi := limits(to)
	return exprs.Cast{From: from, To: to, Context: exprs.Assignment, Eval: exprs.UnaryErr(func(x int64) (int64, error) {
		if x < lo || x > hi {
			return 0, outOfRange(to)
		}
		return x, nil
	})}
}

func numericToInteger(t arrowschema.Type) func(decimal.Dec) (int64, error) {
	switch t {
	case arrowschema.Int2:
		return func(d decimal.Dec) (int64, error) { v, err := d.Int16(); return int64(v), err }
	case arrowschema.Int4:
		return func(d decimal.Dec) (int64, error) { v, err := d.Int32(); return int64(v), err }
	default:
		return decimal.Dec.Int64
	}
}

// floatToInteger rounds halves to even, as the C function rint that PostgreSQL calls.
func floatToInteger(t arrowschema.Type) func(float64) (int64, error) {
	lo, hi := limits(t)
	return func(f float64) (int64, error) {
		f = math.RoundToEven(f)
		if !(f >= float64(lo) && f < float64(hi)+1) { // float64(MaxInt64) is 2^63 and +1 does not change it: f must be below
			return 0, outOfRange(t)
		}
		return int64(f), nil
	}
}

func narrow(x float64) (float64, error) {
	y := float64(float32(x))
	if math.IsInf(y, 0) && !math.IsInf(x, 0) {
		return 0, errFloatOverflow()
	}
	if y == 0 && x != 0 {
		return 0, errFloatUnderflow()
	}
	return y, nil
}

package numeric

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// numericComparisons gives the comparisons of numerics. With a constant they compare integers, where the other side is one in
// disguise, or rises with one.
func numericComparisons() []exprs.Func {
	out := exprs.Comparisons(arrowschema.Numeric, arrowschema.Numeric, decimal.Cmp)
	for i := range out {
		op := out[i].Name
		scaled := exprs.FuseComparison(op, scaledLimit)
		out[i].Fuse = func(args []exprs.Expr) exprs.Fused {
			if f := fuseRising(op, args); f != nil {
				return f
			}
			return scaled(args)
		}
	}
	return out
}

// scaledLimit gives a constant as an integer of a scale, rounded down.
func scaledLimit(c *vec.Vec, scale int) (floor int64, exact, ok bool) {
	unit, err := decimal.FromInt64(1), error(nil)
	for range scale {
		if unit, err = decimal.Mul(unit, decimal.FromInt64(10)); err != nil {
			return 0, false, false
		}
	}
	scaled, err := decimal.Mul(c.Decs[0], unit)
	if err != nil {
		return 0, false, false
	}
	whole, err := decimal.Floor(scaled)
	if err != nil {
		return 0, false, false
	}
	floor, err = whole.Int64()
	return floor, decimal.Cmp(whole, scaled) == 0, err == nil
}

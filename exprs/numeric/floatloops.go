package numeric

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// floatLoops gives the kernel of an operator on double precision as a loop without branches. Results that are finite and not 0 stand as they are; the others,
// and what lies under NULLs, may be errors: one tells, and is asked for those rows alone.
func floatLoops(op string, one func(x, y float64) (float64, error)) exprs.Kernel {
	var loop func(a, b, r []float64, ma, mb int) (ordinary uint64)
	switch op {
	case "+":
		loop = floatSums
	case "-":
		loop = floatDifferences
	case "*":
		loop = floatProducts
	default:
		loop = floatQuotients
	}
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		a, b, r := args[0].Floats, args[1].Floats, out.Floats
		ma, mb := mask(args[0]), mask(args[1])
		if loop(a, b, r, ma, mb) == 1 {
			return nil
		}
		for i, x := range r {
			if ordinary(x) == 0 && out.Valid.Get(i) {
				if r[i], err = one(a[i&ma], b[i&mb]); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// ordinary is 1 of what is finite and not 0, else 0. Without its sign a float is one of the integers from 0, which is 0, to those of infinity and of NaNs.
func ordinary(x float64) uint64 {
	const infinity = 0x7ff << 53
	_, below := bits.Sub64(math.Float64bits(x)<<1-1, infinity-1, 0)
	return below
}

func floatSums(a, b, r []float64, ma, mb int) uint64 {
	all := uint64(1)
	for i := range r {
		x := a[i&ma] + b[i&mb]
		all &= ordinary(x)
		r[i] = x
	}
	return all
}

func floatDifferences(a, b, r []float64, ma, mb int) uint64 {
	all := uint64(1)
	for i := range r {
		x := a[i&ma] - b[i&mb]
		all &= ordinary(x)
		r[i] = x
	}
	return all
}

func floatProducts(a, b, r []float64, ma, mb int) uint64 {
	all := uint64(1)
	for i := range r {
		x := a[i&ma] * b[i&mb]
		all &= ordinary(x)
		r[i] = x
	}
	return all
}

func floatQuotients(a, b, r []float64, ma, mb int) uint64 {
	all := uint64(1)
	for i := range r {
		x := a[i&ma] / b[i&mb]
		all &= ordinary(x)
		r[i] = x
	}
	return all
}

package numeric

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// widthBuckets gives width_bucket: in which of count equal parts of [low, high) x lies, 0 below and count+1 above; high may be below low.
func widthBuckets() []exprs.Func {
	n, i4 := arrowschema.Numeric, arrowschema.Int4
	return []exprs.Func{
		{Name: "width_bucket", Args: []arrowschema.Type{f8, f8, f8, i4}, Result: i4, Eval: bucketKernel(bucketFloat)},
		{Name: "width_bucket", Args: []arrowschema.Type{n, n, n, i4}, Result: i4, Eval: bucketKernel(bucketNumeric)},
	}
}

func errBucket(format string) error { return sqlstate.New("2201G", "%s", format) }

func errBucketRange() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "integer out of range")
}

func bucketFloat(x, low, high float64, count int64) (int64, error) {
	switch {
	case count <= 0:
		return 0, errBucket("count must be greater than zero")
	case math.IsNaN(x) || math.IsNaN(low) || math.IsNaN(high):
		return 0, errBucket("operand, lower bound, and upper bound cannot be NaN")
	case math.IsInf(low, 0) || math.IsInf(high, 0):
		return 0, errBucket("lower and upper bounds must be finite")
	case low == high:
		return 0, errBucket("lower bound cannot equal upper bound")
	}
	below, above := x < low, x >= high
	if low > high {
		below, above = x > low, x <= high
	}
	switch {
	case below:
		return 0, nil
	case above && count == math.MaxInt32:
		return 0, errBucketRange()
	case above:
		return count + 1, nil
	}
	part := (x - low) / (high - low)
	if math.IsInf(high-low, 0) { // halved, the range is finite
		part = (x/2 - low/2) / (high/2 - low/2)
	}
	return min(int64(part*float64(count))+1, count), nil
}

func bucketNumeric(x, low, high decimal.Dec, count int64) (int64, error) {
	order := decimal.Cmp(low, high)
	switch {
	case count <= 0:
		return 0, errBucket("count must be greater than zero")
	case x.IsNaN() || low.IsNaN() || high.IsNaN():
		return 0, errBucket("operand, lower bound, and upper bound cannot be NaN")
	case low.IsInf() || high.IsInf():
		return 0, errBucket("lower and upper bounds must be finite")
	case order == 0:
		return 0, errBucket("lower bound cannot equal upper bound")
	}
	switch {
	case decimal.Cmp(x, low)*order > 0:
		return 0, nil
	case decimal.Cmp(x, high)*order <= 0 && count == math.MaxInt32:
		return 0, errBucketRange()
	case decimal.Cmp(x, high)*order <= 0:
		return count + 1, nil
	}
	over, err := decimal.Sub(x, low)
	if err != nil {
		return 0, err
	}
	if over, err = decimal.Mul(over, decimal.FromInt64(count)); err != nil {
		return 0, err
	}
	width, err := decimal.Sub(high, low)
	if err != nil {
		return 0, err
	}
	q, err := decimal.DivTrunc(over, width)
	if err != nil {
		return 0, err
	}
	n, err := q.Int64()
	return min(n+1, count), err
}

func bucketKernel[T vec.Elem](f func(x, low, high T, count int64) (int64, error)) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		x, low, high := vec.Of[T](args[0]), vec.Of[T](args[1]), vec.Of[T](args[2])
		for i := range out.Ints {
			if !out.Valid.Get(i) {
				continue
			}
			out.Ints[i], err = f(x[args[0].At(i)], low[args[1].At(i)], high[args[2].At(i)], args[3].Ints[args[3].At(i)])
			if err != nil {
				return err
			}
		}
		return nil
	}
}

package datetime

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// epochScale is the scale of extract(epoch from …): microseconds.
const epochScale = 6

// scaledExtract gives extract(epoch from t) and extract(epoch from t - u), of timestamps of one kind, as microseconds, and fields that are whole numbers.
func scaledExtract(s source) func([]exprs.Expr) (*exprs.Scaled, bool) {
	return func(args []exprs.Expr) (*exprs.Scaled, bool) {
		field, ok := fieldOf(args[0], s, temporal.ResolveExtract)
		if !ok || field != temporal.FieldEpoch {
			return scaledField(s, field, args)
		}
		switch s.from {
		case temporal.SourceTimestamp, temporal.SourceTimestampTZ:
			return &exprs.Scaled{Scale: epochScale, Args: args[1:], Kernel: stampMicros}, true
		case temporal.SourceInterval:
			return exprs.ScaledOf(args[1])
		}
		return nil, false
	}
}

// scaledDifference gives a difference of timestamps in microseconds: its days have 24 hours, so that it is as long as these.
func scaledDifference(args []exprs.Expr) (*exprs.Scaled, bool) {
	return &exprs.Scaled{Scale: epochScale, Args: args, Kernel: differenceMicros}, true
}

// intervalLimit gives the length of a constant interval in microseconds, as comparisons of intervals have it.
func intervalLimit(c *vec.Vec, _ int) (micros int64, exact, ok bool) {
	k := c.Intervals[0].Key()
	micros = int64(k.Low)
	return micros, true, k.High == micros>>63
}

// near bounds the timestamps whose differences fit in 64 bits; infinite ones lie beyond. Magnitudes are ORed: one test tells whether all are below.
const near = 1 << 62

func stampMicros(args []*vec.Vec, out *vec.Vec) bool {
	v, m := args[0].Ints, int64(0)
	if args[0].Const {
		for i := range out.Ints {
			out.Ints[i] = v[0]
		}
		return v[0]^v[0]>>63 < near
	}
	for i, x := range v[:len(out.Ints)] {
		m |= x ^ x>>63
		out.Ints[i] = x
	}
	return m < near
}

func differenceMicros(args []*vec.Vec, out *vec.Vec) bool {
	a, b, r, m := args[0].Ints, args[1].Ints, out.Ints, int64(0)
	switch {
	case !args[0].Const && !args[1].Const:
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			x, y := a[i], b[i]
			m |= (x ^ x>>63) | (y ^ y>>63)
			r[i] = x - y
		}
	case !args[1].Const:
		x := a[0]
		m = x ^ x>>63
		for i, y := range b[:len(r)] {
			m |= y ^ y>>63
			r[i] = x - y
		}
	default:
		y, mask := b[0], -1
		if args[0].Const {
			mask = 0
		}
		m = y ^ y>>63
		for i := range r {
			x := a[i&mask]
			m |= x ^ x>>63
			r[i] = x - y
		}
	}
	return m < near
}

package datetime

import (
	"cmp"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// comparisons gives the comparison operators. Dates, timestamps and timestamptz are compared with each other too: a timestamp, and a date as its
// midnight, is taken in the session's time zone against a timestamptz.
func comparisons() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{date, clock, ts, tz} {
		out = append(out, exprs.OrderedComparisons[int64](t, t)...)
	}
	for _, f := range exprs.Comparisons(interval, interval, temporal.Interval.Cmp) {
		f.Fuse = exprs.FuseComparison(f.Name, intervalLimit)
		out = append(out, f)
	}
	mixed := func(left, right arrowschema.Type, order func(a, b int64, zone *time.Location) int) {
		back := func(a, b int64, zone *time.Location) int { return -order(b, a, zone) }
		for _, c := range []struct {
			op   string
			test func(int) bool
		}{
			{"=", func(c int) bool { return c == 0 }}, {"<>", func(c int) bool { return c != 0 }}, {"<", func(c int) bool { return c < 0 }},
			{"<=", func(c int) bool { return c <= 0 }}, {">", func(c int) bool { return c > 0 }}, {">=", func(c int) bool { return c >= 0 }},
		} {
			out = append(out, mixedComparison(c.op, left, right, order, c.test), mixedComparison(c.op, right, left, back, c.test))
		}
	}
	mixed(date, ts, func(d, t int64, _ *time.Location) int { return cmpDate(d, t, nil) })
	mixed(date, tz, cmpDate)
	mixed(ts, tz, func(t, u int64, zone *time.Location) int {
		v, err := temporal.AtTimeZone(t, zone)
		if err != nil {
			return cmp.Compare(t, u) // outside the limits it is before, or after, all instants
		}
		return cmp.Compare(v, u)
	})
	return out
}

// cmpDate compares a date's midnight in zone with an instant. A date beyond the last timestamp is after all finite ones.
func cmpDate(d, t int64, zone *time.Location) int {
	v, err := temporal.DateToTimestampTZ(d, zone)
	switch {
	case err == nil:
		return cmp.Compare(v, t)
	case t == temporal.Infinity || d < 0:
		return -1
	default:
		return 1
	}
}

func mixedComparison(op string, left, right arrowschema.Type, order func(a, b int64, zone *time.Location) int, test func(int) bool) exprs.Func {
	var sameZone exprs.Kernel // of timestamp and timestamptz, which in UTC are the same numbers
	if left != date && right != date {
		for _, f := range exprs.OrderedComparisons[int64](left, right) {
			if f.Name == op {
				sameZone = f.Eval
			}
		}
	}
	f := fn(op, flag, func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		z := zone(ctx)
		if z == nil && sameZone != nil {
			return sameZone(ctx, args, out)
		}
		for i := range out.Bools {
			if out.Valid.Get(i) {
				out.Bools[i] = test(order(args[0].Ints[args[0].At(i)], args[1].Ints[args[1].At(i)], z))
			}
		}
		return nil
	}, left, right)
	if left == tz || right == tz {
		return stable(f)
	}
	return f
}

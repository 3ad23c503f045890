package datetime

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// arithmetic gives the operators + - * / that pg_operator has for these types.
func arithmetic() []exprs.Func {
	type iv = temporal.Interval
	out := []exprs.Func{
		fn("+", date, exprs.BinaryErr(temporal.DateAddDays), date, i4),
		fn("+", date, exprs.BinaryErr(func(n, d int64) (int64, error) { return temporal.DateAddDays(d, n) }), i4, date),
		fn("-", date, exprs.BinaryErr(func(d, n int64) (int64, error) { return temporal.DateAddDays(d, -n) }), date, i4),
		fn("-", i4, exprs.BinaryErr(temporal.DateSub), date, date),
		difference(ts), difference(tz),
		fn("-", interval, exprs.Binary(temporal.TimeSub), clock, clock),
		fn("+", ts, exprs.BinaryErr(temporal.DateAddTime), date, clock),
		fn("+", ts, exprs.BinaryErr(func(t, d int64) (int64, error) { return temporal.DateAddTime(d, t) }), clock, date),
		fn("+", interval, exprs.BinaryErr(iv.Add), interval, interval), fn("-", interval, exprs.BinaryErr(iv.Sub), interval, interval),
		fn("-", interval, exprs.UnaryErr(iv.Neg), interval),
		fn("*", interval, exprs.BinaryErr(iv.MulFloat), interval, f8),
		fn("*", interval, exprs.BinaryErr(func(f float64, v iv) (iv, error) { return v.MulFloat(f) }), f8, interval),
		fn("/", interval, exprs.BinaryErr(iv.DivFloat), interval, f8),
	}
	infallible := func(f func(int64, iv) int64) func(int64, iv) (int64, error) {
		return func(v int64, d iv) (int64, error) { return f(v, d), nil }
	}
	out = append(out, shifts(date, ts, temporal.DateAddInterval, temporal.DateSubInterval)...)
	out = append(out, shifts(clock, clock, infallible(temporal.TimeAddInterval), infallible(temporal.TimeSubInterval))...)
	out = append(out, shifts(ts, ts, temporal.TimestampAddInterval, temporal.TimestampSubInterval)...)
	return append(out, zonedShifts()...)
}

// shifts gives the operators that add an interval to a value, on either side, and subtract it.
func shifts(t, result arrowschema.Type, add, sub func(int64, temporal.Interval) (int64, error)) []exprs.Func {
	return []exprs.Func{
		fn("+", result, exprs.BinaryErr(add), t, interval), fn("-", result, exprs.BinaryErr(sub), t, interval),
		fn("+", result, exprs.BinaryErr(func(d temporal.Interval, v int64) (int64, error) { return add(v, d) }), interval, t),
	}
}

// zonedShifts gives the same for timestamptz, whose months and days are those of the session's time zone.
func zonedShifts() []exprs.Func {
	type iv = temporal.Interval
	add := func(ctx *exprs.Ctx, v int64, d iv) (int64, error) {
		return temporal.TimestampTZAddInterval(v, d, zone(ctx))
	}
	return []exprs.Func{
		stable(fn("+", tz, exprs.BinaryCtx(add), tz, interval)),
		stable(fn("+", tz, exprs.BinaryCtx(func(ctx *exprs.Ctx, d iv, v int64) (int64, error) { return add(ctx, v, d) }), interval, tz)),
		stable(fn("-", tz, exprs.BinaryCtx(func(ctx *exprs.Ctx, v int64, d iv) (int64, error) {
			return temporal.TimestampTZSubInterval(v, d, zone(ctx))
		}), tz, interval)),
	}
}

func difference(t arrowschema.Type) exprs.Func {
	f := fn("-", interval, subtractTimestamps, t, t)
	f.Scaled = scaledDifference
	return f
}

// subtractTimestamps is the difference of two timestamps in days of 24 hours and time: temporal.TimestampSub in a loop that calls it only for what is
// infinite or overflows, and lets what lies under a NULL be.
func subtractTimestamps(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
	a, b, r := args[0].Ints, args[1].Ints, out.Intervals
	ma, mb := -1, -1
	if args[0].Const {
		ma = 0
	}
	if args[1].Const {
		mb = 0
	}
	for i := range r {
		x, y := a[i&ma], b[i&mb]
		d := x - y
		if infinite(x) || infinite(y) || (x^y)&(x^d) < 0 {
			if !out.Valid.Get(i) {
				continue
			}
			if r[i], err = temporal.TimestampSub(x, y); err != nil {
				return err
			}
			continue
		}
		days := d / temporal.MicrosPerDay
		r[i] = temporal.Interval{Days: int32(days), Micros: d - days*temporal.MicrosPerDay}
	}
	return nil
}

// infinite tells of a timestamp whether it is 'infinity' or '-infinity', the two ends of int64.
func infinite(v int64) bool { return v == math.MaxInt64 || v == math.MinInt64 }

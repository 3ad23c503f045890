package datetime

import (
	"fmt"
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// ageFunctions gives age and the functions that rearrange an interval's parts.
func ageFunctions() []exprs.Func {
	today := func(zoned bool) exprs.Kernel {
		return exprs.UnaryCtx(func(ctx *exprs.Ctx, v int64) (temporal.Interval, error) {
			midnight := temporal.TimestampTZToDate(ctx.Now, zone(ctx))
			if zoned {
				start, err := temporal.DateToTimestampTZ(midnight, zone(ctx))
				if err != nil {
					return temporal.Interval{}, err
				}
				return temporal.AgeTZ(start, v, zone(ctx))
			}
			return temporal.Age(midnight*temporal.MicrosPerDay, v)
		})
	}
	finite := exprs.Unary(temporal.IsFinite)
	return []exprs.Func{
		fn("age", interval, exprs.BinaryErr(temporal.Age), ts, ts),
		stable(fn("age", interval, exprs.BinaryCtx(func(ctx *exprs.Ctx, a, b int64) (temporal.Interval, error) {
			return temporal.AgeTZ(a, b, zone(ctx))
		}), tz, tz)),
		stable(fn("age", interval, today(false), ts)), stable(fn("age", interval, today(true), tz)),
		fn("justify_days", interval, exprs.UnaryErr(temporal.Interval.JustifyDays), interval),
		fn("justify_hours", interval, exprs.UnaryErr(temporal.Interval.JustifyHours), interval),
		fn("justify_interval", interval, exprs.UnaryErr(temporal.Interval.JustifyInterval), interval),
		fn("isfinite", flag, finite, date), fn("isfinite", flag, finite, ts), fn("isfinite", flag, finite, tz),
		fn("isfinite", flag, exprs.Unary(func(temporal.Interval) bool { return true }), interval),
	}
}

// makeFunctions gives the functions that build values of numbers, and "$interval" for interval literals with fields.
func makeFunctions() []exprs.Func {
	out := []exprs.Func{
		fn("make_date", date, exprs.TernaryErr(makeDate), i4, i4, i4),
		fn("make_time", clock, exprs.TernaryErr(makeTime), i4, i4, f8),
		fn("make_timestamp", ts, makeTimestamp, i4, i4, i4, i4, i4, f8),
		stable(fn("make_timestamptz", tz, makeTimestamp, i4, i4, i4, i4, i4, f8)),
		stable(fn("make_timestamptz", tz, makeTimestamp, i4, i4, i4, i4, i4, f8, txt)),
		fn("to_timestamp", tz, exprs.UnaryErr(fromEpoch), f8),
		fn("$interval", interval, exprs.BinaryErr(intervalLiteral), txt, txt),
	}
	// The arguments that are left out of make_interval are zero.
	all := []arrowschema.Type{i4, i4, i4, i4, i4, i4, f8}
	for n := range len(all) + 1 {
		out = append(out, fn("make_interval", interval, makeInterval, all[:n]...))
	}
	return out
}

// intervalLiteral reads INTERVAL 'text' fields; fields are as in "day to second", with a precision behind as in "second(3)".
func intervalLiteral(text, fields string) (temporal.Interval, error) {
	set, precision, ok := parseFields(fields)
	if !ok {
		return temporal.Interval{}, sqlstate.New(sqlstate.FeatureNotSupported, "interval fields \"%s\" are not supported", fields)
	}
	return temporal.ParseIntervalAs(text, set, precision)
}

// makeDate takes a negative year for one BC.
func makeDate(year, month, day int64) (int64, error) {
	astronomical := year
	if year < 0 {
		astronomical++ // there is no year 0
	}
	d := temporal.Days(astronomical, int(min(max(month, 1), 12)), int(min(max(day, -1), 40)))
	_, m, dd := temporal.Civil(d)
	switch {
	case year == 0 || int64(m) != month || int64(dd) != day:
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date field value out of range: %d-%02d-%02d", astronomical, month, day)
	case d < temporal.MinDate || d > temporal.MaxDate:
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: %d-%02d-%02d", astronomical, month, day)
	}
	return d, nil
}

func makeTime(hour, minute int64, second float64) (int64, error) {
	micros := math.RoundToEven(second * temporal.MicrosPerSecond)
	wellFormed := hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60 && !math.IsNaN(second)
	if t := (hour*60+minute)*temporal.MicrosPerMinute + int64(micros); wellFormed && t <= temporal.MicrosPerDay {
		return t, nil
	}
	return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "time field value out of range: %d:%02d:%s", hour, minute, cFloat(second))
}

// cFloat writes a float as PostgreSQL's printf does with %02g.
func cFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return fmt.Sprintf("%02.6g", f)
}

// fromEpoch is to_timestamp of seconds.
func fromEpoch(seconds float64) (int64, error) {
	v, err := temporal.FromEpoch(seconds)
	if err != nil && !math.IsNaN(seconds) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%.6g\"", seconds)
	}
	return v, err
}

// makeTimestamp builds timestamps, and with the session's or a named time zone timestamptz.
func makeTimestamp(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	z := zoneArgument{zone: zone(ctx)}
	for i := range out.Ints {
		if !out.Valid.Get(i) {
			continue
		}
		n := func(a int) int64 { return args[a].Ints[args[a].At(i)] }
		d, err := makeDate(n(0), n(1), n(2))
		if err != nil {
			return err
		}
		t, err := makeTime(n(3), n(4), args[5].Floats[args[5].At(i)])
		if err != nil {
			return err
		}
		if out.Ints[i], err = temporal.DateAddTime(d, t); err != nil {
			return sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: %d-%02d-%02d %d:%02d:%s", n(0), n(1), n(2), n(3), n(4),
				cFloat(args[5].Floats[args[5].At(i)]))
		}
		if out.Type == ts {
			continue
		}
		if len(args) == 7 {
			if err := z.set(args[6].Strs[args[6].At(i)]); err != nil {
				return err
			}
		}
		if out.Ints[i], err = temporal.AtTimeZone(out.Ints[i], z.zone); err != nil {
			return err
		}
	}
	return nil
}

// makeInterval adds years, months, weeks, days, hours, minutes and seconds up.
func makeInterval(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	for i := range out.Intervals {
		if !out.Valid.Get(i) {
			continue
		}
		var n [6]int64
		for a := range min(len(args), len(n)) {
			n[a] = args[a].Ints[args[a].At(i)]
		}
		seconds := 0.0
		if len(args) == 7 {
			seconds = args[6].Floats[args[6].At(i)]
		}
		if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
			return sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
		}
		months, days := n[0]*12+n[1], n[2]*7+n[3]
		out.Intervals[i] = temporal.Interval{
			Months: int32(months), Days: int32(days),
			Micros: n[4]*temporal.MicrosPerHour + n[5]*temporal.MicrosPerMinute + int64(math.RoundToEven(seconds*temporal.MicrosPerSecond)),
		}
	}
	return nil
}

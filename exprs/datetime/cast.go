package datetime

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// conversions gives the casts among the types, in pg_cast's contexts.
func conversions() []exprs.Cast {
	toTime := exprs.UnaryNull(temporal.TimestampToTime)
	return []exprs.Cast{
		{From: date, To: ts, Eval: exprs.UnaryErr(temporal.DateToTimestamp)},
		{From: date, To: tz, Volatility: exprs.Stable, Eval: exprs.UnaryCtx(func(ctx *exprs.Ctx, d int64) (int64, error) {
			return temporal.DateToTimestampTZ(d, zone(ctx))
		})},
		{From: ts, To: tz, Volatility: exprs.Stable, Eval: betweenZones(temporal.AtTimeZone)},
		{From: tz, To: ts, Context: exprs.Assignment, Volatility: exprs.Stable, Eval: betweenZones(temporal.LocalTimestamp)},
		{From: ts, To: date, Context: exprs.Assignment, Eval: dates, Fuse: fuseDate},
		{From: tz, To: date, Context: exprs.Assignment, Volatility: exprs.Stable, Eval: dates, Fuse: fuseDate},
		{From: ts, To: clock, Context: exprs.Assignment, Eval: toTime},
		{From: tz, To: clock, Context: exprs.Assignment, Volatility: exprs.Stable, Eval: func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			z := zone(ctx)
			return exprs.UnaryNull(func(v int64) (int64, bool) { return temporal.TimestampTZToTime(v, z) })(ctx, args, out)
		}},
		{From: clock, To: interval, Eval: exprs.Unary(temporal.TimeToInterval)},
		{From: interval, To: clock, Context: exprs.Assignment, Eval: exprs.Unary(temporal.IntervalToTime)},
	}
}

// dates casts timestamps, with a time zone or without, to dates. In UTC it remembers the day of the row before, for the next is nearly always of the same.
func dates(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	var z *time.Location
	if args[0].Type == tz {
		z = zone(ctx)
	}
	v, begin, known, day := args[0], int64(0), uint64(0), int64(0)
	for i := range out.Ints {
		x := v.Ints[v.At(i)]
		if uint64(x-begin) >= known {
			day = temporal.TimestampTZToDate(x, z)
			if known = 0; z == nil && x^x>>63 < farthest {
				begin, known = day*temporal.MicrosPerDay, temporal.MicrosPerDay
			}
		}
		out.Ints[i] = day
	}
	return nil
}

// betweenZones casts between timestamp and timestamptz. In UTC the numbers are the same: now() - started_at costs no more than a copy.
func betweenZones(convert func(int64, *time.Location) (int64, error)) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		z := zone(ctx)
		if z == nil && !args[0].Const {
			copy(out.Ints, args[0].Ints)
			return nil
		}
		for i := range out.Ints {
			if !out.Valid.Get(i) {
				continue
			}
			if out.Ints[i], err = convert(args[0].Ints[args[0].At(i)], z); err != nil {
				return err
			}
		}
		return nil
	}
}

// inputs gives the explicit casts from text, through the input functions. They are stable: 'now' and 'today' are texts too.
func inputs() []exprs.Cast {
	read := func(parse func(*temporal.Parser, string) (int64, error)) exprs.Kernel {
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
			p := &temporal.Parser{Zone: zone(ctx), Now: ctx.Now, HasClock: true}
			for i := range out.Ints {
				if !out.Valid.Get(i) {
					continue
				}
				if out.Ints[i], err = parse(p, args[0].Strs[args[0].At(i)]); err != nil {
					return err
				}
			}
			return nil
		}
	}
	var out []exprs.Cast
	for _, from := range []arrowschema.Type{txt, arrowschema.Varchar} {
		for to, k := range map[arrowschema.Type]exprs.Kernel{
			date: read((*temporal.Parser).Date), clock: read((*temporal.Parser).Time), ts: read((*temporal.Parser).Timestamp),
			tz: read((*temporal.Parser).TimestampTZ),
		} {
			out = append(out, exprs.Cast{From: from, To: to, Context: exprs.Explicit, Volatility: exprs.Stable, Eval: k})
		}
		out = append(out, exprs.Cast{From: from, To: interval, Context: exprs.Explicit, Eval: exprs.UnaryErr(temporal.ParseInterval)})
	}
	return out
}

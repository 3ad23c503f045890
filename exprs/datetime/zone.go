package datetime

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// zoneFunctions gives timezone(zone, value), which AT TIME ZONE calls.
func zoneFunctions() []exprs.Func {
	return []exprs.Func{
		fn("timezone", ts, inNamedZone(temporal.LocalTimestamp), txt, tz), fn("timezone", tz, inNamedZone(temporal.AtTimeZone), txt, ts),
		fn("timezone", ts, exprs.BinaryErr(func(z temporal.Interval, v int64) (int64, error) { return temporal.LocalAtOffset(v, z) }), interval, tz),
		fn("timezone", tz, exprs.BinaryErr(func(z temporal.Interval, v int64) (int64, error) { return temporal.AtOffset(v, z) }), interval, ts),
	}
}

func inNamedZone(convert func(int64, *time.Location) (int64, error)) exprs.Kernel {
	return func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
		var z zoneArgument
		for i := range out.Ints {
			if !out.Valid.Get(i) {
				continue
			}
			v := args[1].Ints[args[1].At(i)]
			if infinite(v) { // whatever the zone, even if there is no such
				out.Ints[i] = v
				continue
			}
			if err := z.set(args[0].Strs[args[0].At(i)]); err != nil {
				return err
			}
			if out.Ints[i], err = convert(v, z.zone); err != nil {
				return err
			}
		}
		return nil
	}
}

// nowFunctions gives the clocks. now() stands still within a statement; so do its synonyms, since every statement is a transaction of its own.
func nowFunctions() []exprs.Func {
	now := func(ctx *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
		for i := range out.Ints {
			out.Ints[i] = ctx.Now
		}
		return nil
	}
	var out []exprs.Func
	for _, name := range []string{"now", "transaction_timestamp", "statement_timestamp"} {
		out = append(out, exprs.Func{Name: name, Result: tz, Volatility: exprs.Stable, Eval: now})
	}
	return append(out, exprs.Func{
		Name: "clock_timestamp", Result: tz, Volatility: exprs.Volatile,
		Eval: func(_ *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
			for i := range out.Ints {
				out.Ints[i] = time.Now().UnixMicro()
			}
			return nil
		},
	})
}

// overlapFunctions gives (a, b) OVERLAPS (c, d) of timestamps, dates cast to them, and times: each pair is two ends, or a start and a length.
func overlapFunctions() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{ts, tz, clock} {
		for _, second := range []arrowschema.Type{t, interval} {
			for _, fourth := range []arrowschema.Type{t, interval} {
				f := exprs.Func{Name: "overlaps", Args: []arrowschema.Type{t, second, t, fourth}, Result: flag, NotStrict: true, Eval: overlaps(t)}
				if t == tz {
					f = stable(f)
				}
				out = append(out, f)
			}
		}
	}
	return out
}

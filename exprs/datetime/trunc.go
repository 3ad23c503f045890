package datetime

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// truncFunctions gives date_trunc and date_bin.
func truncFunctions() []exprs.Func {
	trunc := func(s source, args ...arrowschema.Type) exprs.Func {
		f := exprs.Func{Name: "date_trunc", Args: args, Result: s.t, Bind: bindTrunc(s)}
		if s.t != interval {
			f.Fuse = s.fuseTrunc
		}
		if s.t == tz {
			return stable(f)
		}
		return f
	}
	bin := exprs.TernaryErr(temporal.DateBin)
	return []exprs.Func{
		trunc(source{ts, temporal.SourceTimestamp}, txt, ts), trunc(source{tz, temporal.SourceTimestampTZ}, txt, tz),
		trunc(source{tz, temporal.SourceTimestampTZ}, txt, tz, txt), trunc(source{interval, temporal.SourceInterval}, txt, interval),
		fn("date_bin", ts, bin, interval, ts, ts), fn("date_bin", tz, bin, interval, tz, tz),
	}
}

func bindTrunc(s source) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		fixed, constant := fieldOf(args[0], s, temporal.ResolveTrunc)
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
			if s.cutsBuckets(ctx, constant, len(args)) {
				return bucketTrunc(fixed, args[1], out)
			}
			field, name, known := fixed, "", constant
			z := zoneArgument{zone: zone(ctx)}
			for i := range out.N {
				if !out.Valid.Get(i) {
					continue
				}
				if s.from != temporal.SourceInterval && infinite(args[1].Ints[args[1].At(i)]) { // even if there is no such field
					out.Ints[i] = args[1].Ints[args[1].At(i)]
					continue
				}
				if next := args[0].Strs[args[0].At(i)]; !constant && (!known || next != name) {
					if field, err = temporal.ResolveTrunc(next, s.from); err != nil {
						return err
					}
					name, known = next, true
				}
				if len(args) == 3 {
					if err := z.set(args[2].Strs[args[2].At(i)]); err != nil {
						return err
					}
				}
				if err := s.trunc(field, args[1], out, i, z.zone); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
}

func (s source) trunc(field temporal.Field, v, out *vec.Vec, i int, z *time.Location) (err error) {
	switch at := v.At(i); s.from {
	case temporal.SourceInterval:
		out.Intervals[i] = temporal.TruncInterval(field, v.Intervals[at])
	case temporal.SourceTimestampTZ:
		out.Ints[i], err = temporal.TruncTimestampTZ(field, v.Ints[at], z)
	default:
		out.Ints[i], err = temporal.TruncTimestamp(field, v.Ints[at])
	}
	return err
}

// zoneArgument remembers the zone that a name stood for, as the next row will have the same name.
type zoneArgument struct {
	name string
	zone *time.Location
}

func (z *zoneArgument) set(name string) error {
	if z.name == name && name != "" {
		return nil
	}
	loaded, err := temporal.LoadZone(name)
	if err != nil {
		return err
	}
	z.name, z.zone = name, loaded
	return nil
}

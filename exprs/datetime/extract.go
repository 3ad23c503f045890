package datetime

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// source ties an SQL type to what temporal calls it.
type source struct {
	t    arrowschema.Type
	from temporal.Source
}

var sources = [...]source{
	{ts, temporal.SourceTimestamp}, {tz, temporal.SourceTimestampTZ}, {date, temporal.SourceDate}, {clock, temporal.SourceTime},
	{interval, temporal.SourceInterval},
}

// extractFunctions gives extract, which is numeric, and its older form date_part, which is double precision.
func extractFunctions() []exprs.Func {
	var out []exprs.Func
	for _, s := range sources {
		extract := exprs.Func{Name: "extract", Args: []arrowschema.Type{txt, s.t}, Result: numeric, Bind: bindExtract(s), Scaled: scaledExtract(s)}
		part := exprs.Func{Name: "date_part", Args: []arrowschema.Type{txt, s.t}, Result: f8, Bind: bindPart(s)}
		extract.Fuse, part.Fuse = fuseField(s, numeric, decimal.FromInt64), fuseField(s, f8, func(n int64) float64 { return float64(n) })
		switch s.t {
		case tz:
			extract, part = stable(extract), stable(part)
		case date:
			part.Bind = bindDatePart
		}
		out = append(out, extract, part)
	}
	return out
}

// fieldOf gives the constant field argument resolved, or ok = false when the field differs from row to row or cannot be resolved: then the rows
// decide whether that is an error.
func fieldOf(arg exprs.Expr, s source, resolve func(string, temporal.Source) (temporal.Field, error)) (temporal.Field, bool) {
	c, ok := arg.(*exprs.Const)
	if !ok || c.IsNull() {
		return temporal.FieldNone, false
	}
	f, err := resolve(c.V.Strs[0], s.from)
	return f, err == nil
}

// number takes field f out of row i of v.
func (s source) number(ctx *exprs.Ctx, f temporal.Field, v *vec.Vec, i int) temporal.Number {
	i = v.At(i)
	switch s.from {
	case temporal.SourceTimestamp:
		return temporal.ExtractTimestamp(f, v.Ints[i])
	case temporal.SourceTimestampTZ:
		return temporal.ExtractTimestampTZ(f, v.Ints[i], zone(ctx))
	case temporal.SourceDate:
		return temporal.ExtractDate(f, v.Ints[i])
	case temporal.SourceTime:
		return temporal.ExtractTime(f, v.Ints[i])
	default:
		return temporal.ExtractInterval(f, v.Intervals[i])
	}
}

// extractRows calls put with the field of every row.
func (s source) extractRows(ctx *exprs.Ctx, fixed temporal.Field, args []*vec.Vec, out *vec.Vec, put func(i int, n temporal.Number) error) (err error) {
	field, name := fixed, ""
	for i := range out.N {
		if !out.Valid.Get(i) {
			continue
		}
		if fixed == temporal.FieldNone {
			if next := args[0].Strs[args[0].At(i)]; field == temporal.FieldNone || next != name {
				name = next
				if field, err = temporal.ResolveExtract(name, s.from); err != nil {
					if !s.zoneOfInfinity(name, args[1], i) {
						return err
					}
					field = temporal.FieldNone
					out.SetNull(i)
					continue
				}
			}
		}
		n := s.number(ctx, field, args[1], i)
		if n.Kind == temporal.Null {
			out.SetNull(i)
			continue
		}
		if err := put(i, n); err != nil {
			return err
		}
	}
	return nil
}

// zoneOfInfinity tells whether row i of v is an infinite timestamp of which a field of the time zone is asked: PostgreSQL answers NULL before it
// notices that a timestamp has no time zone.
func (s source) zoneOfInfinity(name string, v *vec.Vec, i int) bool {
	f, ok := temporal.ExtractField(name)
	zoned := f == temporal.FieldTimezone || f == temporal.FieldTimezoneHour || f == temporal.FieldTimezoneMinute
	return ok && zoned && s.from == temporal.SourceTimestamp && infinite(v.Ints[v.At(i)])
}

func bindExtract(s source) func([]exprs.Expr) (exprs.Kernel, error) {
	general := func(field temporal.Field) exprs.Kernel {
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			return s.extractRows(ctx, field, args, out, func(i int, n temporal.Number) error {
				out.Decs[i] = toDecimal(n)
				return nil
			})
		}
	}
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		field, _ := fieldOf(args[0], s, temporal.ResolveExtract)
		if field == temporal.FieldEpoch {
			switch s.from {
			case temporal.SourceInterval:
				return intervalEpoch, nil
			case temporal.SourceTimestamp, temporal.SourceTimestampTZ:
				return timestampEpoch(general(field)), nil
			}
		}
		return general(field), nil
	}
}

func toDecimal(n temporal.Number) decimal.Dec {
	switch n.Kind {
	case temporal.PositiveInfinity:
		return decimal.Inf(1)
	case temporal.NegativeInfinity:
		return decimal.Inf(-1)
	}
	return decimal.FromInt128(n.High, uint64(n.Coef), int(n.Scale))
}

// intervalEpoch is extract(epoch from interval): the seconds of an interval that has no months, as a difference of timestamps has none, are a sum
// that fits in 64 bits of microseconds unless its parts are extreme.
func intervalEpoch(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	const scale = 6
	const farDays = 90_000_000 // 90 million days are 7.8e18 microseconds
	v, mask := args[1].Intervals, -1
	if args[1].Const {
		mask = 0
	}
	for i := range out.Decs {
		iv := &v[i&mask]
		total := int64(iv.Days)*temporal.MicrosPerDay + iv.Micros
		if iv.Months != 0 || uint32(iv.Days+farDays) > 2*farDays || (total^iv.Micros)&(total^int64(iv.Days)) < 0 {
			out.Decs[i] = toDecimal(temporal.ExtractInterval(temporal.FieldEpoch, *iv))
			continue
		}
		out.Decs[i] = decimal.New(total, scale)
	}
	return nil
}

// timestampEpoch is extract(epoch from timestamp); the general kernel deals with infinite ones.
func timestampEpoch(general exprs.Kernel) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		const scale = 6
		v, mask := args[1].Ints, -1
		if args[1].Const {
			mask = 0
		}
		for i := range out.Decs {
			if infinite(v[i&mask]) {
				return general(ctx, args, out)
			}
			out.Decs[i] = decimal.New(v[i&mask], scale)
		}
		return nil
	}
}

func bindPart(s source) func([]exprs.Expr) (exprs.Kernel, error) {
	return func(args []exprs.Expr) (exprs.Kernel, error) {
		field, _ := fieldOf(args[0], s, temporal.ResolveExtract)
		return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
			return s.extractRows(ctx, field, args, out, func(i int, n temporal.Number) error {
				out.Floats[i] = partOf(field, n)
				return nil
			})
		}, nil
	}
}

// partOf gives a field in double precision. Seconds and their thousandths are added up by PostgreSQL of the whole ones and the fraction (timestamp_part_common),
// and so are rounded twice.
func partOf(field temporal.Field, n temporal.Number) float64 {
	if n.Small() {
		const second = temporal.MicrosPerSecond
		whole, micros := float64(n.Coef/second), float64(n.Coef%second)
		switch field {
		case temporal.FieldSecond:
			return whole + micros/1e6
		case temporal.FieldMilliseconds:
			return whole*1e3 + micros/1e3
		}
	}
	return decimal.ToFloat64(toDecimal(n))
}

// bindDatePart is date_part of a date, which PostgreSQL takes for a timestamp: date_part('hour', d) is 0 where EXTRACT(HOUR FROM d) is refused.
func bindDatePart(args []exprs.Expr) (exprs.Kernel, error) {
	part, err := bindPart(source{ts, temporal.SourceTimestamp})(args)
	if err != nil {
		return nil, err
	}
	cast := exprs.UnaryErr(temporal.DateToTimestamp)
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		stamps := vec.New(ts, out.N)
		stamps.Valid = out.Valid
		if err := cast(ctx, args[1:], stamps); err != nil {
			return err
		}
		return part(ctx, []*vec.Vec{args[0], stamps}, out)
	}, nil
}

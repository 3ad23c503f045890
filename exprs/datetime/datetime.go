// Package datetime is the operators, functions and casts of date, time, timestamp, timestamptz and interval.
//
// What a value means is the package temporal's business; here are the overloads that pg_operator and pg_proc have, their volatilities, and the loops
// that queries spend their time in. The session's time zone and the time of the statement come from the evaluation's context.
package datetime

import (
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	date     = arrowschema.Date
	clock    = arrowschema.Time
	ts       = arrowschema.Timestamp
	tz       = arrowschema.TimestampTZ
	interval = arrowschema.Interval
	txt      = arrowschema.Text
	i4       = arrowschema.Int4
	f8       = arrowschema.Float8
	numeric  = arrowschema.Numeric
	flag     = arrowschema.Bool
)

// Functions gives the functions.
func Functions() []exprs.Func {
	var out []exprs.Func
	for _, family := range [][]exprs.Func{
		nowFunctions(), extractFunctions(), truncFunctions(), ageFunctions(), makeFunctions(), zoneFunctions(), fitFunctions(), formatFunctions(),
		overlapFunctions(),
	} {
		out = append(out, family...)
	}
	return out
}

// Operators gives comparison and arithmetic.
func Operators() []exprs.Func { return append(comparisons(), arithmetic()...) }

// Casts gives the casts among the types, and those from text.
func Casts() []exprs.Cast { return append(conversions(), inputs()...) }

func fn(name string, result arrowschema.Type, k exprs.Kernel, args ...arrowschema.Type) exprs.Func {
	return exprs.Func{Name: name, Args: args, Result: result, Eval: k}
}

// stable marks a function that depends on the session's time zone.
func stable(f exprs.Func) exprs.Func {
	f.Volatility = exprs.Stable
	return f
}

// zone gives the session's time zone; nil, for UTC, spares temporal the question to time.Location.
func zone(ctx *exprs.Ctx) *time.Location {
	if ctx.Zone == nil || ctx.Zone == time.UTC {
		return nil
	}
	return ctx.Zone
}

func fitFunctions() []exprs.Func {
	// The precision is the only modifier of these types that arrives here; an interval's fields are the binder's.
	round := func(t arrowschema.Type, f func(v int64, precision int) (int64, error)) exprs.Func {
		return fn("$fit", t, func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
			precision := int(args[1].Ints[0])
			for i := range out.Ints {
				if out.Valid.Get(i) {
					if out.Ints[i], err = f(args[0].Ints[args[0].At(i)], precision); err != nil {
						return err
					}
				}
			}
			return nil
		}, t, i4, i4, flag)
	}
	return []exprs.Func{
		round(ts, temporal.RoundTimestamp), round(tz, temporal.RoundTimestamp),
		round(clock, func(v int64, precision int) (int64, error) { return temporal.RoundTime(v, precision), nil }),
		fn("$fit", interval, func(_ *exprs.Ctx, args []*vec.Vec, out *vec.Vec) (err error) {
			for i := range out.Intervals {
				if out.Valid.Get(i) {
					v := args[0].Intervals[args[0].At(i)]
					if out.Intervals[i], err = v.Restrict(temporal.AnyFields, int(args[1].Ints[0])); err != nil {
						return err
					}
				}
			}
			return nil
		}, interval, i4, i4, flag),
	}
}

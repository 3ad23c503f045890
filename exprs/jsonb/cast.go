package jsonb

import (
	"strconv"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/jsontext"
)

// Casts gives the casts from text, between json and jsonb, and of jsonb's scalars to boolean and the numbers.
func Casts() []exprs.Cast {
	canonical := exprs.UnaryCtx(canonical)
	out := []exprs.Cast{
		{From: js, To: jb, Context: exprs.Assignment, Eval: canonical},
		{From: jb, To: js, Context: exprs.Assignment},
		{From: jb, To: flag, Context: exprs.Explicit, Eval: exprs.UnaryErr(toBool)},
	}
	for _, from := range []arrowschema.Type{txt, arrowschema.Varchar} {
		out = append(out, exprs.Cast{From: from, To: jb, Context: exprs.Explicit, Eval: canonical},
			exprs.Cast{From: from, To: js, Context: exprs.Explicit, Eval: exprs.UnaryCtx(valid)})
	}
	for _, t := range numbers {
		out = append(out, exprs.Cast{From: jb, To: t, Context: exprs.Explicit, Eval: numberKernel(t)})
	}
	return out
}

func canonical(ctx *exprs.Ctx, s string) (string, error) {
	if len(s) < jsontext.LongDocument {
		return jsontext.Canonical(s)
	}
	return jsontext.CanonicalWatched(s, watch(ctx))
}

func pretty(ctx *exprs.Ctx, doc string) (string, error) {
	return jsontext.PrettyWatched(doc, watch(ctx))
}

func contains(ctx *exprs.Ctx, a, b string) (bool, error) {
	if min(len(a), len(b)) < 1<<10 {
		return jsontext.Contains(a, b), nil
	}
	return jsontext.ContainsWatched(a, b, watch(ctx))
}

// watch lets the evaluation's context end the work on a long document, and its budget count what grows.
func watch(ctx *exprs.Ctx) jsontext.Watch {
	return func(grown int) error { return ctx.Reserve(2 * int64(grown)) } // a buffer is there twice when it grows
}

func valid(ctx *exprs.Ctx, s string) (string, error) {
	if len(s) < jsontext.LongDocument {
		return s, jsontext.ValidJSON(s)
	}
	return s, jsontext.ValidJSONWatched(s, watch(ctx))
}

func toBool(doc string) (bool, error) {
	v, ok := jsontext.AsBool(doc)
	if !ok {
		return false, jsontext.CannotCast(doc, flag.String())
	}
	return v, nil
}

// number gives a jsonb number as a numeric.
func number(doc string, t arrowschema.Type) (decimal.Dec, error) {
	text, ok := jsontext.AsNumber(doc)
	if !ok {
		return decimal.Dec{}, jsontext.CannotCast(doc, t.String())
	}
	return decimal.Parse(text)
}

// numberKernel casts by way of numeric, rounding as its casts do.
func numberKernel(t arrowschema.Type) exprs.Kernel {
	switch t {
	case arrowschema.Numeric:
		return exprs.UnaryErr(func(doc string) (decimal.Dec, error) { return number(doc, t) })
	case arrowschema.Float4, arrowschema.Float8:
		return exprs.UnaryErr(func(doc string) (float64, error) { return toFloat(doc, t) })
	default:
		return exprs.UnaryErr(func(doc string) (int64, error) { return toInteger(doc, t) })
	}
}

func toFloat(doc string, t arrowschema.Type) (float64, error) {
	d, err := number(doc, t)
	if err != nil {
		return 0, err
	}
	if t == arrowschema.Float4 {
		f, err := d.Float32()
		return float64(f), err
	}
	return d.Float64()
}

// toInteger reads small whole numbers directly: they are what jobs' parameters and options hold.
func toInteger(doc string, t arrowschema.Type) (int64, error) {
	if v, ok := shortInteger(doc); ok {
		if t == arrowschema.Int2 && v != int64(int16(v)) {
			return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", t)
		}
		return v, nil
	}
	d, err := number(doc, t)
	if err != nil {
		return 0, err
	}
	switch t {
	case arrowschema.Int2:
		v, err := d.Int16()
		return int64(v), err
	case arrowschema.Int4:
		v, err := d.Int32()
		return int64(v), err
	default:
		return d.Int64()
	}
}

// shortInteger reads up to nine digits with a sign.
func shortInteger(doc string) (int64, bool) {
	const most = len("-123456789")
	if doc == "" || len(doc) > most || doc[0] != '-' && (doc[0] < '0' || doc[0] > '9') {
		return 0, false
	}
	v, err := strconv.ParseInt(doc, 10, 32)
	return v, err == nil
}

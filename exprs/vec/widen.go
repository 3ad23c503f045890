package vec

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
)

// Alike tells whether vectors hold equal values of both types as equal elements, so that one is read as the other by As: integers of every width are
// alike, and so are text and varchar; a date and a timestamp are not, although both are integers.
func Alike(from, to arrowschema.Type) bool {
	return from.Physical() == to.Physical() && (from == arrowschema.Date) == (to == arrowschema.Date)
}

// Widens tells whether Widen can give values of one type as values of the other.
func Widens(from, to arrowschema.Type) bool {
	switch {
	case Alike(from, to):
		return true
	case to == arrowschema.Numeric:
		return from.Integer()
	case to == arrowschema.Float4:
		return from == arrowschema.Int2
	case to == arrowschema.Float8:
		return from == arrowschema.Int2 || from == arrowschema.Int4
	case to == arrowschema.Timestamp:
		return from == arrowschema.Date
	}
	return false
}

// Widen gives v as values of a wider type, in the form that it has: what a column holds that was written before its type was changed. The order of values
// stays. A date beyond the last timestamp, which whoever changes the type must refuse, becomes infinity. A type to which v does not widen (see Widens)
// leaves v as it is.
func Widen(v *Vec, to arrowschema.Type) *Vec {
	from := v.Type
	switch {
	case from == to:
		return v
	case Alike(from, to):
		return v.As(to)
	case !Widens(from, to):
		return v
	}
	out := &Vec{Type: to, N: v.N, Valid: v.Valid, Const: v.Const, Codes: v.Codes}
	if v.Dict != nil {
		out.Dict = Widen(v.Dict, to)
		return out
	}
	switch to.Physical() {
	case arrowschema.Decs:
		out.Decs = converted(v.Ints, decimal.FromInt64)
	case arrowschema.Floats:
		out.Floats = converted(v.Ints, func(x int64) float64 { return float64(x) })
	default:
		out.Ints = converted(v.Ints, midnight)
	}
	return out
}

// midnight gives a date as a timestamp.
func midnight(date int64) int64 {
	ts, err := temporal.DateToTimestamp(date)
	if err != nil { // there is no date before the first timestamp
		return temporal.Infinity
	}
	return ts
}

func converted[T, U any](in []T, fn func(T) U) []U {
	out := make([]U, len(in))
	for i, x := range in {
		out[i] = fn(x)
	}
	return out
}

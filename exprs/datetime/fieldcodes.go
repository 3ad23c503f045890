package datetime

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// fuseField gives extract, or date_part, of a field that has few values as codes of a dictionary of these, one dictionary for all rows of a statement: a
// NUMERIC a row takes 32 bytes, and grouping by it hashes its digits. entry gives the dictionary's entry of a value.
//
// Infinite times, those of other millennia, and years that the dictionary does not have are left to the general kernel.
func fuseField[T vec.Elem](s source, result arrowschema.Type, entry func(int64) T) func([]exprs.Expr) exprs.Fused {
	return func(args []exprs.Expr) exprs.Fused {
		field, ok := fieldOf(args[0], s, temporal.ResolveExtract)
		if !ok {
			return nil
		}
		low, high, ok := temporal.FieldRange(field)
		if !ok || !s.hasFields() {
			return nil
		}
		entries := make([]T, high-low+1)
		for i := range entries {
			entries[i] = entry(low + int64(i))
		}
		dict := vec.NewFlat(result, entries, nil)
		return func(ctx *exprs.Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
			if s.from == temporal.SourceTimestampTZ && zone(ctx) != nil {
				return nil, false, nil
			}
			v, err := args[1].Eval(ctx, b)
			if err != nil || v.Const || v.Dict != nil {
				return nil, false, err
			}
			codes := ctx.Codes(v.N)
			if !fieldsOf(s, field, v.Ints[:v.N], codes, low, high) {
				return nil, false, nil
			}
			return vec.NewDict(codes, dict, v.Valid), true, nil
		}
	}
}

// hasFields tells whether fieldsOf serves a source.
func (s source) hasFields() bool {
	return s.from == temporal.SourceTimestamp || s.from == temporal.SourceTimestampTZ || s.from == temporal.SourceDate
}

// scaledField gives extract of a field that is a whole number as integers.
func scaledField(s source, field temporal.Field, args []exprs.Expr) (*exprs.Scaled, bool) {
	if _, _, ok := temporal.FieldRange(field); !ok || s.from != temporal.SourceTimestamp && s.from != temporal.SourceDate {
		return nil, false // what depends on the session's time zone a ScaledKernel does not see
	}
	kernel := func(args []*vec.Vec, out *vec.Vec) bool {
		if !args[0].Const {
			return fieldsOf(s, field, args[0].Ints[:out.N], out.Ints, 0, math.MaxInt64)
		}
		ok := fieldsOf(s, field, args[0].Ints[:1], out.Ints[:1], 0, math.MaxInt64)
		for i := range out.Ints {
			out.Ints[i] = out.Ints[0]
		}
		return ok
	}
	return &exprs.Scaled{Args: args[1:], Kernel: kernel}, true
}

const (
	// farthest bounds the times of which fieldsOf finds the fields, in microseconds on either side of 1970: some 9,000 years. Infinite ones lie beyond. As a
	// power of two it is tested of all rows at once, as near is.
	farthest = 1 << 58
	// shiftDays makes the days of all these times positive: whole 400 years.
	shiftDays = 23 * 146097
)

// fieldsOf gives a field, less low, of timestamps or dates. It answers false when a time lies too far, or a field outside low to high.
func fieldsOf[T int64 | uint16](s source, field temporal.Field, times []int64, out []T, low, high int64) bool {
	const shift, hour, minute = shiftDays * temporal.MicrosPerDay, temporal.MicrosPerHour, temporal.MicrosPerMinute
	out, far := out[:len(times)], int64(0)
	switch {
	case s.from == temporal.SourceDate:
		return calendarFields(field, times, 1, out, low, high)
	case field == temporal.FieldHour:
		for i, x := range times {
			far |= x ^ x>>63
			out[i] = T(uint64(x+shift) / hour % 24)
		}
	case field == temporal.FieldMinute:
		for i, x := range times {
			far |= x ^ x>>63
			out[i] = T(uint64(x+shift) / minute % 60)
		}
	default:
		return calendarFields(field, times, temporal.MicrosPerDay, out, low, high)
	}
	return far < farthest
}

// calendarFields is fieldsOf for fields of the date, of times of which a day has perDay. It remembers the field of the day before, for the next row is nearly
// always of the same day.
func calendarFields[T int64 | uint16](field temporal.Field, times []int64, perDay uint64, out []T, low, high int64) bool {
	begin, known, value := int64(0), uint64(0), T(0)
	for i, x := range times {
		if uint64(x-begin) < known {
			out[i] = value
			continue
		}
		if x^x>>63 >= farthest/temporal.MicrosPerDay*int64(perDay) {
			return false
		}
		day := int64(uint64(x+shiftDays*int64(perDay))/perDay) - shiftDays
		f := temporal.CalendarField(field, day)
		if f < low || f > high {
			return false
		}
		begin, known, value = day*int64(perDay), perDay, T(f-low)
		out[i] = value
	}
	return true
}

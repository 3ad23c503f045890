package datetime

import (
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// bucketTrunc is date_trunc of timestamps, of one kind with the time zone UTC, to a constant field. It remembers the span of time that it cut off last, for
// the next row is nearly always of the same hour, or day.
func bucketTrunc(field temporal.Field, v, out *vec.Vec) error {
	width := int64(temporal.MicrosPerDay) // of a span in which all is cut off to the same time
	switch field {
	case temporal.FieldHour:
		width = temporal.MicrosPerHour
	case temporal.FieldMinute:
		width = temporal.MicrosPerMinute
	case temporal.FieldSecond:
		width = temporal.MicrosPerSecond
	case temporal.FieldMilliseconds:
		width = 1000
	case temporal.FieldMicroseconds:
		width = 1
	}
	if v.Const {
		return truncOne(field, v, out)
	}
	var from, start int64 // of the span, and what its times are cut off to
	known := false
	r := out.Ints
	for i, x := range v.Ints[:len(r)] {
		if known && uint64(x-from) < uint64(width) {
			r[i] = start
			continue
		}
		if infinite(x) {
			r[i] = x
			continue
		}
		cut, err := temporal.TruncTimestamp(field, x)
		if err != nil {
			if out.Valid.Get(i) {
				return err
			}
			continue
		}
		if begin := x - floorMod(x, width); begin <= x { // else it wrapped
			from, start, known = begin, cut, true
		}
		r[i] = cut
	}
	return nil
}

func truncOne(field temporal.Field, v, out *vec.Vec) (err error) {
	for i := range out.Ints {
		if out.Ints[i], err = temporal.TruncTimestamp(field, v.Ints[0]); err != nil && out.Valid.Get(i) {
			return err
		}
	}
	return nil
}

func floorMod(a, b int64) int64 {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}

// cutsBuckets tells whether bucketTrunc serves a call.
func (s source) cutsBuckets(ctx *exprs.Ctx, constantField bool, args int) bool {
	return constantField && args == 2 && (s.from == temporal.SourceTimestamp || s.from == temporal.SourceTimestampTZ && zone(ctx) == nil)
}

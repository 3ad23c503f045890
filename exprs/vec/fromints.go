package vec

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/temporal"
)

type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~float32 | ~float64
}

func widen[A, B number](in []A) []B {
	out := make([]B, len(in))
	for i, x := range in {
		out[i] = B(x)
	}
	return out
}

// arrowInts reads an array into the 64-bit form of v's type: integers into integers, dates into dates, and so on.
func (v *Vec) arrowInts(a arrow.Array) ([]int64, bool, error) {
	switch v.Type {
	case arrowschema.Date:
		return v.arrowDates(a)
	case arrowschema.Time:
		return v.arrowTimes(a)
	case arrowschema.Timestamp, arrowschema.TimestampTZ:
		ts, ok := a.(*array.Timestamp)
		if !ok {
			return nil, false, nil
		}
		out, err := v.inMicros(widen[arrow.Timestamp, int64](ts.TimestampValues()), ts.DataType().(*arrow.TimestampType).Unit, "timestamp")
		return out, true, err
	}
	return v.arrowIntegers(a)
}

// plainIntegers gives the values of an array of integers that fit in 64 bits; those of 64 bits share its memory.
func plainIntegers(a arrow.Array) ([]int64, bool) {
	switch a := a.(type) {
	case *array.Int64:
		return a.Int64Values(), true
	case *array.Int32:
		return widen[int32, int64](a.Int32Values()), true
	case *array.Int16:
		return widen[int16, int64](a.Int16Values()), true
	case *array.Int8:
		return widen[int8, int64](a.Int8Values()), true
	case *array.Uint8:
		return widen[uint8, int64](a.Uint8Values()), true
	case *array.Uint16:
		return widen[uint16, int64](a.Uint16Values()), true
	case *array.Uint32:
		return widen[uint32, int64](a.Uint32Values()), true
	}
	return nil, false
}

// arrowIntegers reads integers and refuses what v's type cannot hold.
func (v *Vec) arrowIntegers(a arrow.Array) ([]int64, bool, error) {
	if u, ok := a.(*array.Uint64); ok {
		out := make([]int64, v.N)
		for i, x := range u.Uint64Values() {
			if x > math.MaxInt64 && v.Valid.Get(i) {
				return nil, true, v.outOfRange()
			}
			out[i] = int64(x)
		}
		return out, true, v.checkRange(out)
	}
	out, ok := plainIntegers(a)
	if !ok {
		return nil, false, nil
	}
	return out, true, v.checkRange(out)
}

// checkRange refuses values that are too large for the integer type of v.
func (v *Vec) checkRange(values []int64) error {
	most := int64(math.MaxInt64)
	switch v.Type {
	case arrowschema.Int2:
		most = math.MaxInt16
	case arrowschema.Int4:
		most = math.MaxInt32
	default:
		return nil
	}
	for i, x := range values {
		if (x > most || x < -most-1) && v.Valid.Get(i) {
			return v.outOfRange()
		}
	}
	return nil
}

func (v *Vec) outOfRange() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", v.Type)
}

// arrowDates reads days, or milliseconds, since 1970. The ends of 32 bits are the infinities.
func (v *Vec) arrowDates(a arrow.Array) ([]int64, bool, error) {
	var out []int64
	switch a := a.(type) {
	case *array.Date32:
		out = widen[arrow.Date32, int64](a.Date32Values())
	case *array.Date64:
		out = widen[arrow.Date64, int64](a.Date64Values())
		for i, ms := range out {
			out[i] = floorDiv(ms, temporal.MicrosPerDay/1000)
		}
	default:
		return nil, false, nil
	}
	for i, d := range out {
		switch {
		case d == dateInfinity:
			out[i] = temporal.Infinity
		case d == dateNegInfinity || d == math.MinInt32:
			out[i] = temporal.NegInfinity
		case (d < temporal.MinDate || d > temporal.MaxDate) && v.Valid.Get(i):
			return nil, true, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range")
		}
	}
	return out, true, nil
}

// arrowTimes reads times of day.
func (v *Vec) arrowTimes(a arrow.Array) ([]int64, bool, error) {
	var out []int64
	var unit arrow.TimeUnit
	switch a := a.(type) {
	case *array.Time64:
		out, unit = widen[arrow.Time64, int64](a.Time64Values()), a.DataType().(*arrow.Time64Type).Unit
	case *array.Time32:
		out, unit = widen[arrow.Time32, int64](a.Time32Values()), a.DataType().(*arrow.Time32Type).Unit
	default:
		return nil, false, nil
	}
	out, err := v.inMicros(out, unit, "time")
	if err != nil {
		return nil, true, err
	}
	for i, x := range out {
		if (x < 0 || x > temporal.MicrosPerDay) && v.Valid.Get(i) {
			return nil, true, sqlstate.New(sqlstate.DatetimeFieldOverflow, "time out of range")
		}
	}
	return out, true, nil
}

// inMicros converts values in place to microseconds, nanoseconds rounded down.
func (v *Vec) inMicros(values []int64, unit arrow.TimeUnit, what string) ([]int64, error) {
	factor := int64(1)
	switch unit {
	case arrow.Second:
		factor = 1_000_000
	case arrow.Millisecond:
		factor = 1000
	case arrow.Nanosecond:
		for i, x := range values {
			values[i] = floorDiv(x, 1000)
		}
		return values, nil
	}
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if what == "timestamp" {
		lo = temporal.MinTimestamp
	}
	for i, x := range values {
		if factor == 1 && !temporal.IsFinite(x) {
			continue
		}
		if (x > hi/factor || x < lo/factor) && v.Valid.Get(i) {
			return nil, sqlstate.New(sqlstate.DatetimeFieldOverflow, "%s out of range", sqlstate.SafeString(what))
		}
		values[i] = x * factor
	}
	return values, nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

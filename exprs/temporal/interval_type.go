package temporal

import (
	"math"
	"strings"
)

// IntervalFields is the set of fields of an interval type, from the first to the last: INTERVAL DAY TO MINUTE is IntervalDays|IntervalHours|IntervalMinutes.
type IntervalFields uint8

// The fields of an interval type. AnyFields is a type without restriction.
const (
	IntervalYears IntervalFields = 1 << iota
	IntervalMonths
	IntervalDays
	IntervalHours
	IntervalMinutes
	IntervalSeconds

	AnyFields IntervalFields = 0
)

// IntervalFieldsNamed gives the fields of `INTERVAL from [TO to]`, to being "" where there is none; ok is false for what SQL does not have.
func IntervalFieldsNamed(from, to string) (fields IntervalFields, ok bool) {
	names := []string{"year", "month", "day", "hour", "minute", "second"}
	first, last := -1, -1
	for i, name := range names {
		if strings.EqualFold(name, from) {
			first = i
		}
		if strings.EqualFold(name, to) {
			last = i
		}
	}
	if to == "" {
		last = first
	}
	const month = 1
	if first < 0 || last < first || (to != "" && last == first) || (first <= month) != (last <= month) {
		return 0, false
	}
	for i := first; i <= last; i++ {
		fields |= 1 << i
	}
	return fields, true
}

// last gives the unit of the rightmost number that has none.
func (f IntervalFields) last() Field {
	switch {
	case f == AnyFields, f&IntervalSeconds != 0:
		return FieldSecond
	case f&IntervalMinutes != 0:
		return FieldMinute
	case f&IntervalHours != 0:
		return FieldHour
	case f&IntervalDays != 0:
		return FieldDay
	case f&IntervalMonths != 0:
		return FieldMonth
	}
	return FieldYear
}

// Restrict cuts off what lies below the last of fields and rounds the seconds to a precision of 0 to 6 digits, -1 for as they are. What lies
// above the first field stays.
func (iv Interval) Restrict(fields IntervalFields, precision int) (Interval, error) {
	if fields != AnyFields {
		switch fields.last() {
		case FieldYear:
			iv = Interval{Months: iv.Months / 12 * 12}
		case FieldMonth:
			iv = Interval{Months: iv.Months}
		case FieldDay:
			iv.Micros = 0
		case FieldHour:
			iv.Micros -= iv.Micros % MicrosPerHour
		case FieldMinute:
			iv.Micros -= iv.Micros % MicrosPerMinute
		}
	}
	if precision < 0 || precision >= 6 {
		return iv, nil
	}
	rounded, ok := roundAway(iv.Micros, precision)
	if !ok {
		return Interval{}, errIntervalRange()
	}
	iv.Micros = rounded
	return iv, nil
}

// roundAway rounds microseconds to digits of the second, 0 to 5, halves away from zero; ok is false when the result overflows.
func roundAway(micros int64, digits int) (rounded int64, ok bool) {
	unit := powersOfTen[6-digits]
	half := unit / 2
	if micros > math.MaxInt64-half || micros < math.MinInt64+half {
		return 0, false
	}
	if micros < 0 {
		half = -half
	}
	micros += half
	return micros - micros%unit, true
}

package temporal

import (
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// TruncTimestamp cuts ts off below a field, one that Truncatable allows for SourceTimestamp: weeks to their Monday, quarters to their first
// month, centuries and millennia to the years that end in 01. Infinite timestamps stay; 22008 when the result is before the first timestamp.
func TruncTimestamp(f Field, ts int64) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	date, micros := split(ts)
	if f <= FieldHour {
		return date*MicrosPerDay + truncClock(f, micros), nil
	}
	if date = truncDate(f, date); date < MinDate {
		return 0, errTimestampRange()
	}
	return date * MicrosPerDay, nil
}

// TruncTimestampTZ is TruncTimestamp in the local time of zone (nil: UTC), with the fields of SourceTimestampTZ.
func TruncTimestampTZ(f Field, ts int64, zone *time.Location) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	offset := offsetAt(zone, ts)
	date, micros := split(ts)
	carry, micros := split(micros + offset*MicrosPerSecond)
	date += carry
	if f <= FieldHour {
		micros = truncClock(f, micros)
	} else { // midnight may have another offset than ts
		date, micros = truncDate(f, date), 0
		offset = offsetOfLocal(zone, date*secondsPerDay)
	}
	if ts, ok := join(date, micros-offset*MicrosPerSecond); ok {
		return ts, nil
	}
	return 0, errTimestampRange()
}

// TruncInterval cuts iv off below a field, one that Truncatable allows for SourceInterval.
func TruncInterval(f Field, iv Interval) Interval {
	months := int32(0)
	switch f {
	case FieldDay:
		return Interval{Months: iv.Months, Days: iv.Days}
	case FieldMonth:
		months = 1
	case FieldQuarter:
		months = 3
	case FieldYear:
		months = 12
	case FieldDecade:
		months = 120
	case FieldCentury:
		months = 1200
	case FieldMillennium:
		months = 12000
	default:
		iv.Micros = truncClock(f, iv.Micros)
		return iv
	}
	return Interval{Months: iv.Months - iv.Months%months}
}

// truncClock cuts microseconds off towards zero below a field of the time of day.
func truncClock(f Field, micros int64) int64 {
	unit := int64(1)
	switch f {
	case FieldMilliseconds:
		unit = 1000
	case FieldSecond:
		unit = MicrosPerSecond
	case FieldMinute:
		unit = MicrosPerMinute
	case FieldHour:
		unit = MicrosPerHour
	}
	return micros - micros%unit
}

// truncDate gives the first day of the field that holds a date.
func truncDate(f Field, date int64) int64 {
	switch f {
	case FieldDay:
		return date
	case FieldWeek:
		return date - isoWeekday(date) + 1
	}
	year, month, _ := Civil(date)
	switch f {
	case FieldMonth:
		return Days(year, month, 1)
	case FieldQuarter:
		return Days(year, month-(month-1)%3, 1)
	case FieldDecade:
		year -= floorMod(year, 10)
	case FieldCentury:
		year -= floorMod(year-1, 100)
	case FieldMillennium:
		year -= floorMod(year-1, 1000)
	}
	return Days(year, 1, 1)
}

// DateBin gives the start of the bin of length stride, counted from origin, that holds ts; it serves timestamps of both kinds. Infinite
// timestamps stay. 0A000 for a stride with months, 22008 for one that is not positive, an infinite origin or an overflow.
func DateBin(stride Interval, ts, origin int64) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	if !IsFinite(origin) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "origin out of range")
	}
	if stride.Months != 0 {
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "timestamps cannot be binned into intervals containing months or years")
	}
	length := stride.Micros
	if !addProduct(&length, int64(stride.Days), MicrosPerDay) {
		return 0, errIntervalRange()
	}
	if length <= 0 {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "stride must be greater than zero")
	}
	if subOverflows(ts, origin) {
		return 0, errIntervalRange()
	}
	start := ts - (ts-origin)%length
	if start > ts {
		if subOverflows(start, length) {
			return 0, errTimestampRange()
		}
		start -= length
	}
	if !validTimestamp(start) {
		return 0, errTimestampRange()
	}
	return start, nil
}

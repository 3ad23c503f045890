package temporal

import (
	"math/bits"
	"time"
)

// Scales of the fields that are not whole numbers.
const (
	scaleSeconds = 6 // second, epoch
	scaleMillis  = 3 // milliseconds
)

// ExtractTimestamp takes a field, one that Extractable allows for SourceTimestamp, out of a timestamp. Of infinite timestamps, fields that
// grow with time are infinite and the others Null. Scales are PostgreSQL's: seconds and epoch 6, milliseconds 3, julian that of its division.
func ExtractTimestamp(f Field, ts int64) Number {
	if !IsFinite(ts) {
		return extractInfinite(f, ts)
	}
	if f == FieldEpoch {
		return small(ts, scaleSeconds)
	}
	date, micros := split(ts)
	if n, ok := extractClock(f, micros); ok {
		return n
	}
	if f == FieldJulian {
		return julian(date+julianOfEpoch, micros)
	}
	return small(CalendarField(f, date), 0)
}

// ExtractTimestampTZ is ExtractTimestamp for a timestamp with time zone as seen in zone (nil: UTC), with the fields of SourceTimestampTZ.
func ExtractTimestampTZ(f Field, ts int64, zone *time.Location) Number {
	if !IsFinite(ts) {
		return extractInfinite(f, ts)
	}
	if f == FieldEpoch {
		return small(ts, scaleSeconds)
	}
	offset := offsetAt(zone, ts)
	switch f {
	case FieldTimezone:
		return small(offset, 0)
	case FieldTimezoneHour:
		return small(offset/secondsAnHour, 0)
	case FieldTimezoneMinute:
		return small(offset/60%60, 0)
	}
	date, micros := split(ts)
	carry, micros := split(micros + offset*MicrosPerSecond)
	if n, ok := extractClock(f, micros); ok {
		return n
	}
	if f == FieldJulian {
		return julian(date+carry+julianOfEpoch, micros)
	}
	return small(CalendarField(f, date+carry), 0)
}

// ExtractDate takes a field, one that Extractable allows for SourceDate, out of a date. All are whole numbers.
func ExtractDate(f Field, date int64) Number {
	if !IsFinite(date) {
		return extractInfinite(f, date)
	}
	switch f {
	case FieldEpoch:
		return small(date*secondsPerDay, 0)
	case FieldJulian:
		return small(date+julianOfEpoch, 0)
	}
	return small(CalendarField(f, date), 0)
}

// ExtractTime takes a field, one that Extractable allows for SourceTime, out of microseconds since midnight.
func ExtractTime(f Field, micros int64) Number {
	if f == FieldEpoch {
		return small(micros, scaleSeconds)
	}
	n, _ := extractClock(f, micros)
	return n
}

// ExtractInterval takes a field, one that Extractable allows for SourceInterval, out of an interval. The epoch takes a year as 365.25 days and
// the months beyond whole years as 30 days.
func ExtractInterval(f Field, iv Interval) Number {
	switch f {
	case FieldHour: // not below 24: days are another part
		return small(iv.Micros/MicrosPerHour, 0)
	case FieldDay:
		return small(int64(iv.Days), 0)
	case FieldMonth:
		return small(int64(iv.Months%12), 0)
	case FieldQuarter:
		return small(int64(iv.Months%12/3)+1, 0)
	case FieldYear:
		return small(int64(iv.Months/12), 0)
	case FieldDecade:
		return small(int64(iv.Months/120), 0)
	case FieldCentury:
		return small(int64(iv.Months/1200), 0)
	case FieldMillennium:
		return small(int64(iv.Months/12000), 0)
	case FieldEpoch:
		quarterDays := int64(iv.Months/12)*1461 + int64(iv.Months%12)*4*daysPerMonth + int64(iv.Days)*4
		high, low := mul128(quarterDays, MicrosPerDay/4)
		low, carry := bits.Add64(low, uint64(iv.Micros), 0)
		return Number{Coef: int64(low), High: high + iv.Micros>>63 + int64(carry), Scale: scaleSeconds}
	}
	n, _ := extractClock(f, iv.Micros)
	return n
}

// extractClock takes a field of the time of day out; ok is false for the others.
func extractClock(f Field, micros int64) (n Number, ok bool) {
	switch f {
	case FieldMicroseconds:
		return small(micros%MicrosPerMinute, 0), true
	case FieldMilliseconds:
		return small(micros%MicrosPerMinute, scaleMillis), true
	case FieldSecond:
		return small(micros%MicrosPerMinute, scaleSeconds), true
	case FieldMinute:
		return small(micros/MicrosPerMinute%60, 0), true
	case FieldHour:
		return small(micros/MicrosPerHour, 0), true
	}
	return Number{}, false
}

// calendarField takes a field of the date out. Years are counted without a year 0, and decades, centuries and millennia as PostgreSQL does:
// the decade by the year's digits, the others so that the first began with year 1.
func CalendarField(f Field, date int64) int64 {
	switch f {
	case FieldDOW:
		return weekday(date)
	case FieldISODOW:
		return isoWeekday(date)
	case FieldWeek:
		_, week := isoWeek(date)
		return week
	case FieldISOYear:
		year, _ := isoWeek(date)
		return withoutYearZero(year)
	}
	year, month, day := Civil(date)
	switch f {
	case FieldDay:
		return int64(day)
	case FieldMonth:
		return int64(month)
	case FieldQuarter:
		return int64(month-1)/3 + 1
	case FieldDOY:
		return date - Days(year, 1, 1) + 1
	case FieldYear:
		return withoutYearZero(year)
	case FieldDecade:
		return floorDiv(year, 10)
	case FieldCentury:
		return ordinal(year, 100)
	case FieldMillennium:
		return ordinal(year, 1000)
	}
	return 0
}

func withoutYearZero(year int64) int64 {
	if year <= 0 {
		return year - 1
	}
	return year
}

// ordinal gives the number of the span of years that holds an astronomical year: 1 to 100 is the first century, 0 to -99 the first BC, -1.
func ordinal(year, span int64) int64 { return withoutYearZero(floorDiv(year-1, span) + 1) }

// extractInfinite answers for infinite timestamps and dates.
func extractInfinite(f Field, v int64) Number {
	if !setOf(FieldYear, FieldDecade, FieldCentury, FieldMillennium, FieldJulian, FieldISOYear, FieldEpoch).has(f) {
		return Number{Kind: Null}
	}
	if v < 0 {
		return Number{Kind: NegativeInfinity}
	}
	return Number{Kind: PositiveInfinity}
}

// julian gives a Julian day with a fraction, whose scale is that of PostgreSQL's numeric division micros / 86,400,000,000: at least 16
// significant digits, where digits come in groups of four and a quotient's first group is estimated from those of the operands.
func julian(day, micros int64) Number {
	groups, first := 0, micros
	for first >= 10000 {
		first /= 10000
		groups++
	}
	const dayGroups, dayFirst = 2, 864 // of 864|0000|0000
	weight := groups - dayGroups
	if first <= dayFirst {
		weight--
	}
	if micros == 0 {
		weight = -dayGroups - 1 // a zero counts as of weight 0 and first group 0
	}
	scale := int32(16 - 4*weight)
	return joinJulian(day, micros, scale)
}

// joinJulian gives day + micros/86,400,000,000 rounded to scale digits.
func joinJulian(day, micros int64, scale int32) Number {
	// The fraction's digits, one at a time: rest stays below one day, so that ten times it fits.
	high, low := uint64(0), uint64(day)
	rest := uint64(micros)
	for range scale {
		rest *= 10
		high, low = times10(high, low)
		var carry uint64
		low, carry = bits.Add64(low, rest/MicrosPerDay, 0)
		high += carry
		rest %= MicrosPerDay
	}
	if 2*rest >= MicrosPerDay {
		var carry uint64
		low, carry = bits.Add64(low, 1, 0)
		high += carry
	}
	return Number{Coef: int64(low), High: int64(high), Scale: scale}
}

func times10(high, low uint64) (uint64, uint64) {
	carry, product := bits.Mul64(low, 10)
	return high*10 + carry, product
}

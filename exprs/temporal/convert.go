package temporal

import (
	"math"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// AtTimeZone gives the instant at which clocks in zone (nil: UTC) show the timestamp: timestamp AT TIME ZONE, and the cast to timestamptz with
// the session's zone. A time shown twice is the later of the two, one skipped is read with the offset before. 22008 outside the limits.
func AtTimeZone(ts int64, zone *time.Location) (int64, error) {
	if !IsFinite(ts) || zone == nil {
		return ts, nil
	}
	return shiftOrFail(ts, -offsetOfLocal(zone, floorDiv(ts, MicrosPerSecond)))
}

// LocalTimestamp gives what clocks in zone (nil: UTC) show at an instant: timestamptz AT TIME ZONE, and the cast to timestamp.
func LocalTimestamp(ts int64, zone *time.Location) (int64, error) {
	if !IsFinite(ts) || zone == nil {
		return ts, nil
	}
	return shiftOrFail(ts, offsetAt(zone, ts))
}

// AtOffset is AtTimeZone for a zone given as an interval east of Greenwich, which must have no months or days (22023); zone is the interval's
// text, for the message.
func AtOffset(ts int64, zone Interval) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	if err := checkOffset(zone); err != nil {
		return 0, err
	}
	return shiftOrFail(ts, -zone.Micros/MicrosPerSecond)
}

// LocalAtOffset is LocalTimestamp for a zone given as an interval.
func LocalAtOffset(ts int64, zone Interval) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	if err := checkOffset(zone); err != nil {
		return 0, err
	}
	return shiftOrFail(ts, zone.Micros/MicrosPerSecond)
}

func checkOffset(zone Interval) error {
	if zone.Months == 0 && zone.Days == 0 {
		return nil
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "interval time zone \"%s\" must not include months or days", AppendInterval(nil, zone))
}

func shiftOrFail(ts, seconds int64) (int64, error) {
	if shifted, ok := shift(ts, seconds); ok {
		return shifted, nil
	}
	return 0, errTimestampRange()
}

// DateToTimestamp gives midnight of a date; 22008 beyond the last timestamp.
func DateToTimestamp(date int64) (int64, error) {
	if !IsFinite(date) {
		return date, nil
	}
	if ts, ok := join(date, 0); ok {
		return ts, nil
	}
	return 0, errDateForTimestamp()
}

// DateToTimestampTZ gives the instant of a date's midnight in zone (nil: UTC).
func DateToTimestampTZ(date int64, zone *time.Location) (int64, error) {
	if !IsFinite(date) {
		return date, nil
	}
	if date <= MaxTimestamp/MicrosPerDay {
		if ts, ok := join(date, -offsetOfLocal(zone, date*secondsPerDay)*MicrosPerSecond); ok {
			return ts, nil
		}
	}
	return 0, errDateForTimestamp()
}

// TimestampToDate gives the date of a timestamp.
func TimestampToDate(ts int64) int64 {
	if !IsFinite(ts) {
		return ts
	}
	date, _ := split(ts)
	return date
}

// TimestampTZToDate gives the date that zone (nil: UTC) has at an instant.
func TimestampTZToDate(ts int64, zone *time.Location) int64 {
	if !IsFinite(ts) {
		return ts
	}
	date, micros := split(ts)
	carry, _ := split(micros + offsetAt(zone, ts)*MicrosPerSecond)
	return date + carry
}

// TimestampToTime gives the time of day of a timestamp; ok is false, for NULL, when it is infinite.
func TimestampToTime(ts int64) (micros int64, ok bool) {
	if !IsFinite(ts) {
		return 0, false
	}
	_, micros = split(ts)
	return micros, true
}

// TimestampTZToTime gives the time of day that clocks in zone (nil: UTC) show at an instant; ok is false, for NULL, when it is infinite.
func TimestampTZToTime(ts int64, zone *time.Location) (micros int64, ok bool) {
	if !IsFinite(ts) {
		return 0, false
	}
	_, micros = split(ts)
	_, micros = split(micros + offsetAt(zone, ts)*MicrosPerSecond)
	return micros, true
}

// IntervalToTime gives the time of day of an interval, around midnight as often as it takes; months and days do not count.
func IntervalToTime(iv Interval) int64 { return floorMod(iv.Micros, MicrosPerDay) }

// TimeToInterval gives a time of day as an interval.
func TimeToInterval(timeOfDay int64) Interval { return Interval{Micros: timeOfDay} }

// micros2000 is 2000-01-01, from which PostgreSQL counts and so rounds away.
const micros2000 = 10957 * MicrosPerDay

// RoundTimestamp rounds to precision digits of the second, as a cast to timestamp(p) does: halves away from 2000-01-01. A precision below 0 or
// above 5 changes nothing; 22008 beyond the last timestamp.
func RoundTimestamp(ts int64, precision int) (int64, error) {
	if !IsFinite(ts) || precision < 0 || precision > 5 {
		return ts, nil
	}
	rounded, ok := roundAway(ts-micros2000, precision)
	if !ok || addOverflows(rounded, micros2000) || !validTimestamp(rounded+micros2000) {
		return 0, errTimestampRange()
	}
	return rounded + micros2000, nil
}

// RoundTime rounds a time of day to precision digits of the second, as a cast to time(p) does; 23:59:59.9 becomes 24:00:00.
func RoundTime(timeOfDay int64, precision int) int64 {
	if precision < 0 || precision > 5 {
		return timeOfDay
	}
	rounded, _ := roundAway(timeOfDay, precision)
	return rounded
}

// FromEpoch gives the instant of seconds since 1970-01-01 00:00 UTC, as to_timestamp(double precision) does; 22008 for NaN and outside the limits.
func FromEpoch(seconds float64) (int64, error) {
	switch {
	case math.IsNaN(seconds):
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp cannot be NaN")
	case math.IsInf(seconds, 1):
		return Infinity, nil
	case math.IsInf(seconds, -1):
		return NegInfinity, nil
	}
	// Rounded to microseconds from 2000, where the float of the difference is finer.
	micros := math.RoundToEven(float64((seconds - micros2000/MicrosPerSecond) * MicrosPerSecond))
	if fitsInt64(micros) && !addOverflows(int64(micros), micros2000) {
		if ts := int64(micros) + micros2000; validTimestamp(ts) {
			return ts, nil
		}
	}
	return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%g\"", seconds)
}

package temporal

import (
	"math"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// TimestampAddInterval gives ts + iv: the months first, to the last day of a month that is too short, then the days, then the time. Infinite
// timestamps stay; 22008 when a step leaves the limits.
func TimestampAddInterval(ts int64, iv Interval) (int64, error) {
	return addParts(ts, int64(iv.Months), int64(iv.Days), iv.Micros, nil)
}

// TimestampSubInterval gives ts - iv, in the same order.
func TimestampSubInterval(ts int64, iv Interval) (int64, error) {
	return subParts(ts, iv, nil)
}

// TimestampTZAddInterval gives ts + iv where months and days are those of zone's calendar (nil: UTC) and the time is elapsed time.
func TimestampTZAddInterval(ts int64, iv Interval, zone *time.Location) (int64, error) {
	return addParts(ts, int64(iv.Months), int64(iv.Days), iv.Micros, zone)
}

// TimestampTZSubInterval gives ts - iv, in the same order.
func TimestampTZSubInterval(ts int64, iv Interval, zone *time.Location) (int64, error) {
	return subParts(ts, iv, zone)
}

func subParts(ts int64, iv Interval, zone *time.Location) (int64, error) {
	if iv.Micros == math.MinInt64 && IsFinite(ts) { // has no negative
		return 0, errTimestampRange()
	}
	return addParts(ts, -int64(iv.Months), -int64(iv.Days), -iv.Micros, zone)
}

// addParts adds months, days and microseconds to ts in zone.
func addParts(ts, months, days, micros int64, zone *time.Location) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	ok := true
	if months != 0 {
		if ts, ok = onCalendar(ts, zone, func(date int64) int64 { return addMonths(date, months) }); !ok {
			return 0, errTimestampRange()
		}
	}
	if days != 0 {
		if ts, ok = onCalendar(ts, zone, func(date int64) int64 { return date + days }); !ok {
			return 0, errTimestampRange()
		}
	}
	if addOverflows(ts, micros) || !validTimestamp(ts+micros) {
		return 0, errTimestampRange()
	}
	return ts + micros, nil
}

// onCalendar changes the local date of ts and keeps the local time of day.
func onCalendar(ts int64, zone *time.Location, change func(date int64) int64) (int64, bool) {
	offset := offsetAt(zone, ts)
	date, micros := split(ts)
	carry, micros := split(micros + offset*MicrosPerSecond)
	date = change(date + carry)
	if !validDate(date) {
		return 0, false
	}
	if zone != nil {
		micros -= offsetOfLocal(zone, date*secondsPerDay+micros/MicrosPerSecond) * MicrosPerSecond
	}
	return join(date, micros)
}

// TimestampSub gives a - b in days of 24 hours and time, for timestamps of both kinds. 22008 for infinite operands and on overflow (which
// PostgreSQL 15 does not notice).
func TimestampSub(a, b int64) (Interval, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return Interval{}, sqlstate.New(sqlstate.DatetimeFieldOverflow, "cannot subtract infinite timestamps")
	}
	if subOverflows(a, b) {
		return Interval{}, errIntervalRange()
	}
	micros := a - b
	days := micros / MicrosPerDay // of the same sign as what is left of it
	return Interval{Days: int32(days), Micros: micros - days*MicrosPerDay}, nil
}

// DateSub gives a - b in days; 22008 for infinite operands.
func DateSub(a, b int64) (int64, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "cannot subtract infinite dates")
	}
	return a - b, nil
}

// DateAddDays gives date + days; infinite dates stay, 22008 outside the limits. Subtract by a negative number.
func DateAddDays(date, days int64) (int64, error) {
	if !IsFinite(date) {
		return date, nil
	}
	if addOverflows(date, days) || !validDate(date+days) {
		return 0, errDateRange()
	}
	return date + days, nil
}

// DateAddInterval gives date + iv, a timestamp.
func DateAddInterval(date int64, iv Interval) (int64, error) {
	ts, err := DateToTimestamp(date)
	if err != nil {
		return 0, err
	}
	return TimestampAddInterval(ts, iv)
}

// DateSubInterval gives date - iv, a timestamp.
func DateSubInterval(date int64, iv Interval) (int64, error) {
	ts, err := DateToTimestamp(date)
	if err != nil {
		return 0, err
	}
	return TimestampSubInterval(ts, iv)
}

// DateAddTime gives date + time of day, a timestamp; 22008 outside the limits.
func DateAddTime(date, timeOfDay int64) (int64, error) {
	ts, err := DateToTimestamp(date)
	if err != nil || !IsFinite(ts) {
		return ts, err
	}
	if ts > MaxTimestamp-timeOfDay {
		return 0, errTimestampRange()
	}
	return ts + timeOfDay, nil
}

// TimeAddInterval gives the time of day after iv's time has passed, around midnight as often as it takes. Months and days do not count.
func TimeAddInterval(timeOfDay int64, iv Interval) int64 {
	return floorMod(timeOfDay+iv.Micros%MicrosPerDay, MicrosPerDay)
}

// TimeSubInterval is TimeAddInterval backwards.
func TimeSubInterval(timeOfDay int64, iv Interval) int64 {
	return floorMod(timeOfDay-iv.Micros%MicrosPerDay, MicrosPerDay)
}

// TimeSub gives a - b for times of day.
func TimeSub(a, b int64) Interval { return Interval{Micros: a - b} }

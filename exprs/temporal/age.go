package temporal

import (
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Age gives a - b in years, months, days and time, all of one sign: what the calendar says has passed, with what is missing of a month taken
// from the length of the month in which the earlier of the two lies. 22008 for infinite operands (of which PostgreSQL 15 makes nonsense).
func Age(a, b int64) (Interval, error) { return age(a, b, a < b) }

// AgeTZ is Age for timestamps with time zone, in local times of zone (nil: UTC).
func AgeTZ(a, b int64, zone *time.Location) (Interval, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return Age(a, b)
	}
	return age(a+offsetAt(zone, a)*MicrosPerSecond, b+offsetAt(zone, b)*MicrosPerSecond, a < b)
}

// age is Age where it is known whether the result is negative.
func age(a, b int64, negative bool) (Interval, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return Interval{}, sqlstate.New(sqlstate.DatetimeFieldOverflow, "cannot subtract infinite timestamps")
	}
	if negative {
		a, b = b, a
	}
	dateA, microsA := split(a)
	dateB, microsB := split(b)
	yearA, monthA, dayA := Civil(dateA)
	yearB, monthB, dayB := Civil(dateB)
	years, months, days, micros := yearA-yearB, int64(monthA-monthB), int64(dayA-dayB), microsA-microsB
	if micros < 0 {
		micros += MicrosPerDay
		days--
	}
	for days < 0 {
		days += int64(daysIn(yearB, monthB))
		months--
	}
	months += years * 12
	if negative {
		months, days, micros = -months, -days, -micros
	}
	return makeInterval(months, days, micros, false)
}

// Package temporal is PostgreSQL's date and time values as pure scalar functions: reading, printing, arithmetic, fields, truncation, zones.
//
// It promises PostgreSQL 15's answers byte for byte, error codes included; testdata holds what a real server said. All functions are pure:
// there is no session and no clock here. A caller that has them gives them, as a *time.Location or in a Parser.
//
// Representations:
//
//	timestamp, timestamptz   int64   microseconds since 1970-01-01 00:00:00 (of the local clock; of UTC)
//	date                     int64   days since 1970-01-01 in the proleptic Gregorian calendar
//	time                     int64   microseconds since midnight, 0 to 86,400,000,000 inclusive ('24:00:00' is a value)
//	interval                 Interval: months, days and microseconds, kept apart
//
// math.MinInt64 and math.MaxInt64 are '-infinity' and 'infinity' for the first two. PostgreSQL counts from 2000, so that its last timestamp,
// 294276-12-31, does not fit in 64 bits counted from 1970: here the last one is 294247-01-10 04:00:54.775806, and beyond it is out of range.
// All other limits are PostgreSQL's: from 4714-11-24 BC, dates to 5874897-12-31.
//
// The per-row paths for UTC and fixed offsets are integer arithmetic without time.Time, allocation or files; a named zone is asked through
// time.Location. It is not the place for vectors or NULLs: kernels above call these functions for their valid rows.
package temporal

import "math"

// Infinity and NegInfinity are the values 'infinity' and '-infinity' of timestamps and dates.
const (
	Infinity    = math.MaxInt64
	NegInfinity = math.MinInt64
)

// Lengths in microseconds.
const (
	MicrosPerSecond = 1_000_000
	MicrosPerMinute = 60 * MicrosPerSecond
	MicrosPerHour   = 60 * MicrosPerMinute
	MicrosPerDay    = 24 * MicrosPerHour
)

// The limits of finite values. MinTimestamp is 4714-11-24 00:00:00 BC, MaxTimestamp 294247-01-10 04:00:54.775806; MaxDate is 5874897-12-31.
const (
	MinTimestamp = minDate * MicrosPerDay
	MaxTimestamp = math.MaxInt64 - 1
	MinDate      = minDate
	MaxDate      = 2147483493 - julianOfEpoch
)

const (
	julianOfEpoch = 2440588 // the Julian day number of 1970-01-01
	minDate       = -julianOfEpoch
	secondsPerDay = 86400
	secondsAnHour = 3600
	daysPerMonth  = 30 // where PostgreSQL takes a month of an interval as days
)

// IsFinite tells whether a timestamp or date is neither 'infinity' nor '-infinity'.
func IsFinite(v int64) bool { return v != Infinity && v != NegInfinity }

// validTimestamp tells whether ts is a finite timestamp within the limits.
func validTimestamp(ts int64) bool { return ts >= MinTimestamp && ts <= MaxTimestamp }

// validDate tells whether days is a finite date within the limits.
func validDate(days int64) bool { return days >= MinDate && days <= MaxDate }

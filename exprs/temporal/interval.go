package temporal

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Interval is a span of time. The three parts are kept apart because a month has no fixed number of days, nor a day, where clocks are
// changed, a fixed number of hours; each may have its own sign. Two intervals of different parts can be equal: use Cmp or Key, not ==.
type Interval struct {
	Months int32
	Days   int32
	Micros int64
}

// Add gives iv + b, or 22008 when a part overflows.
func (iv Interval) Add(b Interval) (Interval, error) {
	return makeInterval(int64(iv.Months)+int64(b.Months), int64(iv.Days)+int64(b.Days), iv.Micros+b.Micros, addOverflows(iv.Micros, b.Micros))
}

// Sub gives iv - b, or 22008 when a part overflows.
func (iv Interval) Sub(b Interval) (Interval, error) {
	return makeInterval(int64(iv.Months)-int64(b.Months), int64(iv.Days)-int64(b.Days), iv.Micros-b.Micros, subOverflows(iv.Micros, b.Micros))
}

// Neg gives -iv, or 22008 when a part has no negative.
func (iv Interval) Neg() (Interval, error) { return Interval{}.Sub(iv) }

// makeInterval checks the parts of a result.
func makeInterval(months, days, micros int64, overflow bool) (Interval, error) {
	if overflow || months != int64(int32(months)) || days != int64(int32(days)) {
		return Interval{}, errIntervalRange()
	}
	return Interval{Months: int32(months), Days: int32(days), Micros: micros}, nil
}

// MulFloat gives iv * factor. What is left of a month goes down into days (30 to a month) and what is left of days into time, never up;
// 22008 when a part overflows or the factor is NaN.
func (iv Interval) MulFloat(factor float64) (Interval, error) {
	return iv.scale(func(part float64) float64 { return part * factor })
}

// DivFloat gives iv / divisor with the same cascade as MulFloat; 22012 for a divisor of 0.
func (iv Interval) DivFloat(divisor float64) (Interval, error) {
	if divisor == 0 {
		return Interval{}, sqlstate.New(sqlstate.DivisionByZero, "division by zero")
	}
	return iv.scale(func(part float64) float64 { return part / divisor })
}

// scale applies by to each part. Intermediate products are converted to float64 one by one, because a fused multiply-add on some machines
// would round differently and so print another microsecond than PostgreSQL.
func (iv Interval) scale(by func(float64) float64) (Interval, error) {
	months, days := by(float64(iv.Months)), by(float64(iv.Days))
	if !fitsInt32(months) || !fitsInt32(days) {
		return Interval{}, errIntervalRange()
	}
	wholeMonths, wholeDays := int64(int32(months)), int64(int32(days))
	monthDays := roundMicros(float64((months - float64(wholeMonths)) * daysPerMonth))
	wholeMonthDays := math.Trunc(monthDays)
	dayFraction := float64(days-float64(wholeDays)) + monthDays - wholeMonthDays
	seconds := roundMicros(float64(dayFraction * secondsPerDay))
	if math.Abs(seconds) >= secondsPerDay {
		carry := math.Trunc(seconds / secondsPerDay)
		wholeDays += int64(carry)
		seconds -= float64(carry * secondsPerDay)
	}
	wholeDays += int64(wholeMonthDays)
	micros := math.RoundToEven(by(float64(iv.Micros)) + float64(seconds*MicrosPerSecond))
	if !fitsInt64(micros) {
		return Interval{}, errIntervalRange()
	}
	return makeInterval(wholeMonths, wholeDays, int64(micros), false)
}

// roundMicros rounds seconds or days to six decimals, to hide what binary fractions leave behind.
func roundMicros(v float64) float64 { return math.RoundToEven(v*1e6) / 1e6 }

func fitsInt32(v float64) bool { return v >= math.MinInt32 && v <= math.MaxInt32 }

func fitsInt64(v float64) bool { return v >= math.MinInt64 && v < -float64(math.MinInt64) }

// IntervalKey is the length of an interval in microseconds with months of 30 days and days of 24 hours, as a 128-bit integer. Intervals are
// equal in SQL exactly when their keys are ==, so it serves as the key of a hash table; it orders by High, then Low.
type IntervalKey struct {
	High int64
	Low  uint64
}

// Key gives the canonical length of iv.
func (iv Interval) Key() IntervalKey {
	days := int64(iv.Months)*daysPerMonth + int64(iv.Days) // at most 6.7e10
	high, low := mul128(days, MicrosPerDay)
	low, carry := bits.Add64(low, uint64(iv.Micros), 0)
	return IntervalKey{High: high + iv.Micros>>63 + int64(carry), Low: low}
}

// Cmp compares two intervals by length: -1, 0 or +1. One month equals 30 days, one day 24 hours.
func (iv Interval) Cmp(b Interval) int {
	if iv.Months == b.Months && iv.Days == b.Days {
		return compare(iv.Micros, b.Micros)
	}
	x, y := iv.Key(), b.Key()
	if x.High != y.High {
		return compare(x.High, y.High)
	}
	return compare(x.Low, y.Low)
}

func compare[T int64 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// mul128 gives the 128-bit product of two integers, b positive.
func mul128(a, b int64) (high int64, low uint64) {
	h, l := bits.Mul64(uint64(a), uint64(b))
	return int64(h) - b&(a>>63), l
}

func addOverflows(a, b int64) bool { c := a + b; return (a^c)&(b^c) < 0 }

func subOverflows(a, b int64) bool { c := a - b; return (a^b)&(a^c) < 0 }

// JustifyHours turns every 24 hours into a day and gives days and time the same sign.
func (iv Interval) JustifyHours() (Interval, error) {
	days := int64(iv.Days) + iv.Micros/MicrosPerDay
	days, micros := sameSign(days, iv.Micros%MicrosPerDay, MicrosPerDay)
	return makeInterval(int64(iv.Months), days, micros, false)
}

// JustifyDays turns every 30 days into a month and gives months and days the same sign.
func (iv Interval) JustifyDays() (Interval, error) {
	months := int64(iv.Months) + int64(iv.Days/daysPerMonth)
	months, days := sameSign(months, int64(iv.Days%daysPerMonth), daysPerMonth)
	return makeInterval(months, days, iv.Micros, false)
}

// JustifyInterval does both and gives all parts the same sign.
func (iv Interval) JustifyInterval() (Interval, error) {
	days := int64(iv.Days) + iv.Micros/MicrosPerDay
	micros := iv.Micros % MicrosPerDay
	months := int64(iv.Months) + days/daysPerMonth
	days %= daysPerMonth
	if months > 0 && (days < 0 || (days == 0 && micros < 0)) {
		days += daysPerMonth
		months--
	} else if months < 0 && (days > 0 || (days == 0 && micros > 0)) {
		days -= daysPerMonth
		months++
	}
	days, micros = sameSign(days, micros, MicrosPerDay)
	return makeInterval(months, days, micros, false)
}

// sameSign moves one unit of large into small where their signs differ.
func sameSign(large, small, unit int64) (int64, int64) {
	switch {
	case large > 0 && small < 0:
		return large - 1, small + unit
	case large < 0 && small > 0:
		return large + 1, small - unit
	}
	return large, small
}

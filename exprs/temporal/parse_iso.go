package temporal

import (
	"math"
	"strconv"
	"strings"
)

// iso reads an interval of ISO 8601, section 4.4.3: P1Y2M3DT4H5M6S, or the alternative forms P0001-02-03T04:05:06 and P00010203T040506.
func (d *intervalDecoder) iso(s string) fault {
	if len(s) < 2 || s[0] != 'P' {
		return badFormat
	}
	s = s[1:]
	inTime, some := false, false // behind the T; whether a field has been read in this half
	for s != "" {
		if s[0] == 'T' {
			inTime, some, s = true, false, s[1:]
			continue
		}
		n, f := isoNumber(s)
		if f != noFault {
			return f
		}
		s = n.rest
		designator := byte(0)
		if s != "" {
			designator = s[0]
		}
		if unit := isoUnit(designator, inTime); unit != FieldNone {
			if _, f := d.add(unit, n.whole, n.fraction); f != noFault {
				return f
			}
			s, some = s[1:], true
			continue
		}
		if some {
			return badFormat
		}
		if inTime {
			return d.isoTime(n)
		}
		if s, f = d.isoDate(n); f != noFault {
			return f
		}
	}
	return noFault
}

// isoUnit gives the unit of a designator letter.
func isoUnit(designator byte, inTime bool) Field {
	switch {
	case inTime && designator == 'H':
		return FieldHour
	case inTime && designator == 'M':
		return FieldMinute
	case inTime && designator == 'S':
		return FieldSecond
	case inTime:
		return FieldNone
	case designator == 'Y':
		return FieldYear
	case designator == 'M':
		return FieldMonth
	case designator == 'W':
		return FieldWeek
	case designator == 'D':
		return FieldDay
	}
	return FieldNone
}

// isoDate reads the date half of an alternative form, of which n is the first number, and gives what is left, beginning with T or nothing.
func (d *intervalDecoder) isoDate(n isoValue) (string, fault) {
	if n.digits == 8 && (n.rest == "" || n.rest[0] == 'T') {
		ok := addSmall(&d.years, n.whole/10000, 1) && addSmall(&d.months, n.whole/100%100, 1) &&
			addSmall(&d.days, n.whole%100, 1) && d.addFraction(n.fraction, MicrosPerDay)
		return n.rest, rangeUnless(ok)
	}
	for i, unit := range []Field{FieldYear, FieldMonth, FieldDay} {
		if i > 0 {
			var f fault
			if n, f = isoNumber(n.rest[1:]); f != noFault {
				return "", f
			}
		}
		if _, f := d.add(unit, n.whole, n.fraction); f != noFault {
			return "", f
		}
		if n.rest == "" || n.rest[0] == 'T' {
			return n.rest, noFault
		}
		if n.rest[0] != '-' {
			break
		}
	}
	return "", badFormat
}

// isoTime reads the time half of an alternative form, of which n is the first number, to its end.
func (d *intervalDecoder) isoTime(n isoValue) fault {
	if n.digits == 6 && n.rest == "" {
		ok := d.addMicros(n.whole/10000, 0, MicrosPerHour) && d.addMicros(n.whole/100%100, 0, MicrosPerMinute) &&
			d.addMicros(n.whole%100, 0, MicrosPerSecond) && d.addFraction(n.fraction, 1)
		return rangeUnless(ok)
	}
	for i, scale := range []int64{MicrosPerHour, MicrosPerMinute, MicrosPerSecond} {
		if i > 0 {
			var f fault
			if n, f = isoNumber(n.rest[1:]); f != noFault {
				return f
			}
		}
		if !d.addMicros(n.whole, n.fraction, scale) {
			return fieldRange
		}
		if n.rest == "" {
			return noFault
		}
		if n.rest[0] != ':' {
			break
		}
	}
	return badFormat
}

func rangeUnless(ok bool) fault {
	if ok {
		return noFault
	}
	return fieldRange
}

// isoValue is a number of an ISO interval: its parts, how many digits stand before the point, and what follows it.
type isoValue struct {
	whole    int64
	fraction float64
	digits   int
	rest     string
}

// isoNumber reads a decimal number, with an exponent if it has one, at the start of s.
func isoNumber(s string) (isoValue, fault) {
	if s == "" || (!isDigit(s[0]) && s[0] != '-' && s[0] != '.') {
		return isoValue{}, badFormat
	}
	unsigned := strings.TrimPrefix(s, "-")
	digits := leadingDigits(unsigned)
	end := len(s) - len(unsigned) + digits
	fractionDigits := 0
	if end < len(s) && s[end] == '.' {
		fractionDigits = leadingDigits(s[end+1:])
		end += 1 + fractionDigits
	}
	if digits+fractionDigits == 0 {
		return isoValue{}, badFormat
	}
	end += exponentLength(s[end:])
	v, err := strconv.ParseFloat(s[:end], 64)
	if err != nil {
		return isoValue{}, badFormat
	}
	const largest = 1e15 // so that the whole part is exact
	if v < -largest || v > largest {
		return isoValue{}, fieldRange
	}
	whole := math.Trunc(v)
	return isoValue{whole: int64(whole), fraction: v - whole, digits: digits, rest: s[end:]}, noFault
}

// exponentLength gives the length of a whole exponent (e+12) at the start of s, 0 if there is none.
func exponentLength(s string) int {
	if s == "" || s[0]|0x20 != 'e' {
		return 0
	}
	n := 1
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	digits := leadingDigits(s[n:])
	if digits == 0 {
		return 0
	}
	return n + digits
}

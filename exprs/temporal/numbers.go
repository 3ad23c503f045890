package temporal

import (
	"math"
	"strconv"
	"strings"
)

// clock is a time of day or of an interval as it is written.
type clock struct {
	hour, minute, second int64
	micros               int64 // of the second, 0 to 1,000,000 because it is rounded
}

// parseClock reads h:m, h:m:s, h:m:s.f or m:s.f. With minuteToSecond, two fields are minutes and seconds. Hours are only checked for their sign.
func parseClock(text string, minuteToSecond bool) (clock, fault) {
	var c clock
	var f fault
	digits := leadingDigits(text)
	hour, err := strconv.ParseInt(text[:digits], 10, 64)
	if digits == 0 {
		err = nil
	}
	if err != nil {
		return c, fieldRange
	}
	c.hour = hour
	text = text[digits:]
	if text == "" || text[0] != ':' {
		return c, badFormat
	}
	if c.minute, text, f = clockNumber(text[1:]); f != noFault {
		return c, f
	}
	switch {
	case text == "":
		if minuteToSecond {
			c.hour, c.minute, c.second = 0, c.hour, c.minute
		}
	case text[0] == '.':
		c.hour, c.minute, c.second = 0, c.hour, c.minute
		c.micros, f = parseMicros(text)
	case text[0] == ':':
		if c.second, text, f = clockNumber(text[1:]); f != noFault {
			return c, f
		}
		if text != "" && text[0] != '.' {
			return c, badFormat
		}
		if text != "" {
			c.micros, f = parseMicros(text)
		}
	default:
		return c, badFormat
	}
	if f == noFault && (c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 60 || c.micros < 0 || c.micros > MicrosPerSecond) {
		f = fieldRange
	}
	return c, f
}

// clockNumber reads the digits at the start of text, which may be none, for 0.
func clockNumber(text string) (v int64, rest string, f fault) {
	digits := leadingDigits(text)
	if digits == 0 {
		return 0, text, noFault
	}
	v, f = parseInt32(text[:digits])
	return v, text[digits:], f
}

// parseFraction reads what begins with a decimal point; the point alone is 0.
func parseFraction(text string) (float64, fault) {
	if text == "." {
		return 0, noFault
	}
	if len(text) < 2 || leadingDigits(text[1:]) != len(text)-1 {
		return 0, badFormat
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, badFormat
	}
	return v, noFault
}

// parseMicros reads a fraction of a second, rounded to microseconds.
func parseMicros(text string) (int64, fault) {
	v, f := parseFraction(text)
	return int64(math.RoundToEven(v * MicrosPerSecond)), f
}

// parseOffset reads a zone's offset, +hh[:mm[:ss]] or +hhmm, as seconds east of Greenwich.
func parseOffset(text string) (int64, fault) {
	if text == "" || (text[0] != '+' && text[0] != '-') {
		return 0, badFormat
	}
	negative := len(text) > 2 && text[1] == '-' && isDigit(text[2])
	digits := text[1:]
	if negative {
		digits = text[2:]
	}
	hour, rest, f := clockNumber(digits)
	if f != noFault || (negative && hour > 0) {
		return 0, zoneRange
	}
	var minute, second int64
	switch {
	case strings.HasPrefix(rest, ":"):
		if minute, rest, f = clockNumber(rest[1:]); f != noFault {
			return 0, zoneRange
		}
		if strings.HasPrefix(rest, ":") {
			if second, rest, f = clockNumber(rest[1:]); f != noFault {
				return 0, zoneRange
			}
		}
	case rest == "" && len(text) > 3:
		hour, minute = hour/100, hour%100
	}
	const largestHour = 15
	if hour > largestHour || minute > 59 || second > 59 {
		return 0, zoneRange
	}
	if rest != "" {
		return 0, badFormat
	}
	offset := (hour*60+minute)*60 + second
	if text[0] == '-' {
		offset = -offset
	}
	return offset, noFault
}

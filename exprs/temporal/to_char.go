package temporal

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// charValue is what a format prints: a timestamp or an interval in its fields.
type charValue struct {
	interval     bool
	date         int64 // 0 for intervals
	year         int64 // astronomical
	month, day   int64
	yearDay      int64
	hour, minute int64
	second       int64
	micros       int64
	zone         string // abbreviation, "" where there is no zone
	offset       int64  // seconds east
}

// AppendTimestamp appends to_char(ts, format); ok is false, for NULL, when ts is infinite or the format empty.
func (f *CharFormat) AppendTimestamp(dst []byte, ts int64) (out []byte, ok bool) {
	if !IsFinite(ts) || f.empty {
		return dst, false
	}
	date, micros := split(ts)
	v := timestampFields(date, micros)
	out, _ = f.append(dst, &v)
	return out, true
}

// AppendTimestampTZ appends to_char(ts, format) in zone (nil: UTC); ok is false, for NULL, when ts is infinite or the format empty.
func (f *CharFormat) AppendTimestampTZ(dst []byte, ts int64, zone *time.Location) (out []byte, ok bool) {
	if !IsFinite(ts) || f.empty {
		return dst, false
	}
	if zone == nil {
		zone = time.UTC
	}
	name, offset := time.UnixMicro(ts).In(zone).Zone()
	date, micros := split(ts)
	carry, micros := split(micros + int64(offset)*MicrosPerSecond)
	v := timestampFields(date+carry, micros)
	v.zone, v.offset = name, int64(offset)
	out, _ = f.append(dst, &v)
	return out, true
}

// AppendInterval appends to_char(iv, format); ok is false, for NULL, when the format is empty. 22007 and 0A000 for patterns that need a calendar.
func (f *CharFormat) AppendInterval(dst []byte, iv Interval) (out []byte, ok bool, err error) {
	if f.empty {
		return dst, false, nil
	}
	v := charValue{interval: true, year: int64(iv.Months / 12), month: int64(iv.Months % 12), day: int64(iv.Days)}
	v.yearDay = int64(iv.Months)*daysPerMonth + v.day
	v.hour = iv.Micros / MicrosPerHour
	v.minute = iv.Micros / MicrosPerMinute % 60
	v.second = iv.Micros / MicrosPerSecond % 60
	v.micros = iv.Micros % MicrosPerSecond
	out, err = f.append(dst, &v)
	if err != nil {
		return dst, false, err
	}
	return out, true, nil
}

// Unit gives the length, in microseconds, of the spans from midnight on within which all timestamps print the same in UTC: a day at most.
func (f *CharFormat) Unit() int64 {
	unit := int64(MicrosPerDay)
	for i := range f.nodes {
		switch strings.ToUpper(f.nodes[i].pattern) {
		case "HH", "HH12", "HH24", "AM", "PM", "A.M.", "P.M.":
			unit = min(unit, MicrosPerHour)
		case "MI":
			unit = min(unit, MicrosPerMinute)
		case "SS", "SSSS", "SSSSS":
			unit = min(unit, MicrosPerSecond)
		case "FF1", "FF2", "FF3", "MS":
			unit = min(unit, 1000)
		case "FF4", "FF5", "FF6", "US":
			return 1
		}
	}
	return unit
}

func timestampFields(date, micros int64) charValue {
	year, month, day := Civil(date)
	return charValue{
		date: date, year: year, month: int64(month), day: int64(day), yearDay: date - Days(year, 1, 1) + 1,
		hour: micros / MicrosPerHour, minute: micros / MicrosPerMinute % 60, second: micros / MicrosPerSecond % 60, micros: micros % MicrosPerSecond,
	}
}

// append prints all nodes.
func (f *CharFormat) append(dst []byte, v *charValue) ([]byte, error) {
	for i := range f.nodes {
		n := &f.nodes[i]
		if i%nodesAtOnce == nodesAtOnce-1 {
			if err := f.ask(0); err != nil {
				return dst, err
			}
		}
		if n.pattern == "" {
			dst = append(dst, n.text...)
			continue
		}
		if v.interval {
			if err := checkIntervalPattern(n.pattern); err != nil {
				return nil, err
			}
		}
		if out, ok := n.word(dst, v); ok {
			dst = out
		} else {
			dst = n.number(dst, v)
		}
	}
	return dst, nil
}

// checkIntervalPattern refuses the patterns that have no meaning for an interval. Of those of the ISO calendar and the Julian day PostgreSQL
// makes numbers that mean nothing either; here they are not supported.
func checkIntervalPattern(pattern string) error {
	switch strings.ToUpper(pattern) {
	case "TZ", "TZH", "TZM", "OF", "A.D.", "AD", "B.C.", "BC", "MONTH", "MON", "DAY", "DY", "D", "ID":
		err := sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid format specification for an interval value")
		return err.WithHint("Intervals are not tied to specific calendar dates.")
	case "IYYY", "IYY", "IY", "I", "IDDD", "IW", "J":
		return sqlstate.New(sqlstate.FeatureNotSupported, "format \"%s\" is not supported for an interval value", pattern)
	}
	return nil
}

// word prints a pattern that is not a number; ok is false when it is one.
func (n *charNode) word(dst []byte, v *charValue) (out []byte, ok bool) {
	text, width := "", 0
	switch upper := strings.ToUpper(n.pattern); upper {
	case "AM", "PM", "A.M.", "P.M.":
		text = "AM"
		if v.hour%24 >= 12 {
			text = "PM"
		}
		text = dotted(text, upper)
	case "AD", "BC", "A.D.", "B.C.":
		text = "AD"
		if v.year <= 0 {
			text = "BC"
		}
		text = dotted(text, upper)
	case "MONTH":
		text, width = time.Month(v.month).String(), 9
	case "MON":
		text = time.Month(v.month).String()[:3]
	case "DAY":
		text, width = time.Weekday(weekday(v.date)).String(), 9
	case "DY":
		text = time.Weekday(weekday(v.date)).String()[:3]
	case "RM":
		if v.month == 0 && v.year == 0 {
			return dst, true
		}
		text, width = romanMonth(v.year, v.month), 4
	case "TZ":
		text = v.zone
	case "FX":
		return dst, true
	case "Q": // a number, but nothing where there is no month
		return dst, v.month == 0
	default:
		return dst, false
	}
	switch n.pattern {
	case strings.ToUpper(n.pattern):
		if n.pattern != "TZ" {
			text = strings.ToUpper(text)
		}
	case strings.ToLower(n.pattern):
		text = strings.ToLower(text)
	}
	dst = append(dst, text...)
	if padded := n.fill || (n.pad && width == 4); padded && len(text) < width {
		dst = append(dst, bytes.Repeat([]byte{' '}, width-len(text))...)
	}
	return dst, true
}

// romanMonths are the months in Roman numerals.
var romanMonths = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// romanMonth gives a month in Roman numerals. An interval's months may be negative, from December backwards, or none, which is a year's end.
func romanMonth(year, month int64) string {
	switch {
	case month > 0:
		return romanMonths[month-1]
	case month == 0 && year < 0:
		return romanMonths[0]
	case month == 0:
		return romanMonths[11]
	}
	return romanMonths[12+month]
}

// dotted writes A.M. for AM where the pattern is.
func dotted(text, pattern string) string {
	if pattern[1] != '.' {
		return text
	}
	return text[:1] + "." + text[1:] + "."
}

// number prints a pattern that is a number, with its ordinal suffix.
func (n *charNode) number(dst []byte, v *charValue) []byte {
	start := len(dst)
	switch pattern := strings.ToUpper(n.pattern); pattern {
	case "TZH":
		return appendPadded(appendSign(dst, v.offset), abs(v.offset)/secondsAnHour, 2)
	case "TZM":
		return appendPadded(dst, abs(v.offset)/60%60, 2)
	case "OF":
		dst = appendPadded(appendSign(dst, v.offset), abs(v.offset)/secondsAnHour, n.width(2))
		if minutes := abs(v.offset) / 60 % 60; abs(v.offset)%secondsAnHour != 0 {
			dst = appendPadded(append(dst, ':'), minutes, 2)
		}
		return dst
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int(pattern[2] - '0')
		dst = appendPadded(dst, v.micros/powersOfTen[6-digits], digits)
	case "MS":
		dst = appendPadded(dst, v.micros/1000, 3)
	case "US":
		dst = appendPadded(dst, v.micros, 6)
	case "Y,YYY":
		year := v.shownYear(v.year)
		dst = strconv.AppendInt(dst, year/1000, 10)
		dst = appendPadded(append(dst, ','), year%1000, 3)
	default:
		value, width := v.field(pattern)
		if width > 0 && value < 0 && pattern[0] != 'D' && pattern != "WW" { // the sign has a place of its own
			width++
		}
		dst = appendPadded(dst, value, n.width(width))
	}
	return n.appendOrdinal(dst, start)
}

// width gives the digits a number is padded to.
func (n *charNode) width(w int) int {
	if !n.pad {
		return 0
	}
	return w
}

// field gives a numeric pattern's value and width.
func (v *charValue) field(pattern string) (value int64, width int) {
	switch pattern {
	case "HH", "HH12":
		if value = v.hour % 12; value != 0 {
			return value, 2
		}
		if v.hour < 0 {
			return 12, 3
		}
		return 12, 2
	case "HH24":
		return v.hour, 2
	case "MI":
		return v.minute, 2
	case "SS":
		return v.second, 2
	case "SSSS", "SSSSS":
		return v.hour*secondsAnHour + v.minute*60 + v.second, 0
	case "MM":
		return v.month, 2
	case "DDD":
		return v.yearDay, 3
	case "IDDD":
		_, week := isoWeek(v.date)
		return (week-1)*7 + isoWeekday(v.date), 3
	case "DD":
		return v.day, 2
	case "D":
		return weekday(v.date) + 1, 0
	case "ID":
		return isoWeekday(v.date), 0
	case "WW":
		return (v.yearDay-1)/7 + 1, 2
	case "IW":
		_, week := isoWeek(v.date)
		return week, 2
	case "W":
		return (v.day-1)/7 + 1, 0
	case "Q":
		return (v.month-1)/3 + 1, 0
	case "J":
		return v.date + julianOfEpoch, 0
	case "CC":
		return v.century(), 2
	}
	return v.yearField(pattern)
}

// yearField is field for the patterns of the year.
func (v *charValue) yearField(pattern string) (value int64, width int) {
	year := v.year
	if pattern[0] == 'I' {
		year, _ = isoWeek(v.date)
	}
	value, width = v.shownYear(year), len(pattern)
	if width < 4 {
		value %= powersOfTen[width]
	}
	return value, width
}

// shownYear counts years BC from 1.
func (v *charValue) shownYear(year int64) int64 {
	if !v.interval && year <= 0 {
		return 1 - year
	}
	return year
}

func (v *charValue) century() int64 {
	switch {
	case v.interval:
		return v.year / 100
	case v.year > 0:
		return (v.year-1)/100 + 1
	}
	return v.year/100 - 1
}

// appendOrdinal appends st, nd, rd or th to the number that begins at start.
func (n *charNode) appendOrdinal(dst []byte, start int) []byte {
	if n.ordinal == 0 {
		return dst
	}
	suffix, digits := "th", dst[start:]
	if len(digits) < 2 || digits[len(digits)-2] != '1' {
		switch digits[len(digits)-1] {
		case '1':
			suffix = "st"
		case '2':
			suffix = "nd"
		case '3':
			suffix = "rd"
		}
	}
	if n.ordinal == 1 {
		suffix = strings.ToUpper(suffix)
	}
	return append(dst, suffix...)
}

// appendPadded appends v with zeros up to width bytes, which the sign is one of.
func appendPadded(dst []byte, v int64, width int) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v, width = -v, width-1
	}
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], v, 10)
	for i := len(digits); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

func appendSign(dst []byte, v int64) []byte {
	if v < 0 {
		return append(dst, '-')
	}
	return append(dst, '+')
}

func abs(v int64) int64 { return max(v, -v) }

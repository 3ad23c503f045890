package datetime

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/exprs/temporal"
)

var (
	months   = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	weekdays = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	romans   = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}
)

// key appends the text of one keyword.
func (m *moment) key(dst []byte, item *pictureItem) (_ []byte, err error) {
	var text string
	switch item.key {
	case "MONTH", "MON", "DAY", "DY":
		text, err = m.name(item)
	case "RM":
		text = m.roman(item)
	case "AM", "PM", "A.M.", "P.M.":
		text = m.halfDay(item)
	case "BC", "AD", "B.C.", "A.D.":
		text, err = m.era(item)
	case "TZ", "TZH", "TZM", "OF":
		text, err = m.zoneKey(item)
	default:
		return m.numberKey(dst, item)
	}
	return append(dst, text...), err
}

// numberKey appends a keyword that is a number, with its ordinal.
func (m *moment) numberKey(dst []byte, item *pictureItem) ([]byte, error) {
	n, width, err := m.number(item.key)
	if err != nil || width == missing {
		return dst, err
	}
	start := len(dst)
	if width == yearWithComma {
		dst = append(strconv.AppendInt(dst, n/1000, 10), ',')
		return item.ordinal(appendPadded(dst, n%1000, 3), start), nil
	}
	// The fractions of a second are padded whatever FM says.
	if item.fill && !strings.HasPrefix(item.key, "FF") && item.key != "MS" && item.key != "US" {
		width = 0
	}
	if n < 0 && width > 0 && padsSign[item.key] {
		width++
	}
	return item.ordinal(appendPadded(dst, n, width), start), nil
}

// appendPadded appends a number with zeros before it, up to a width that includes the sign.
func appendPadded(dst []byte, n int64, width int) []byte {
	if n < 0 {
		dst, n, width = append(dst, '-'), -n, width-1
	}
	for limit, digits := int64(10), 1; digits < width; digits++ {
		if n < limit {
			for range width - digits {
				dst = append(dst, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(dst, n, 10)
}

// yearWithComma is the width of Y,YYY; missing that of a number that there is none of.
const (
	yearWithComma = 1000
	missing       = -1
)

// padsSign is the keys whose minus sign takes a place of its own.
var padsSign = map[string]bool{
	"HH": true, "HH12": true, "HH24": true, "MI": true, "SS": true, "MM": true, "YYYY": true, "IYYY": true, "CC": true,
	"YYY": true, "IYY": true, "YY": true, "IY": true, "Y": true, "I": true,
}

// number gives the number that a key stands for and the width that it is padded to.
func (m *moment) number(key string) (n int64, width int, err error) {
	switch key {
	case "HH", "HH12":
		if n = m.hour % 12; n == 0 {
			n = 12
		}
		return n, 2, nil
	case "HH24":
		return m.hour, 2, nil
	case "MI":
		return m.minute, 2, nil
	case "SS":
		return m.second, 2, nil
	case "SSSS", "SSSSS":
		return m.hour*3600 + m.minute*60 + m.second, 0, nil
	case "MS":
		return m.micros / 1000, 3, nil
	case "US":
		return m.micros, 6, nil
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int(key[2] - '0')
		n = m.micros
		for range 6 - digits {
			n /= 10
		}
		return n, digits, nil
	case "MM":
		return m.month, 2, nil
	case "DD":
		return m.day, 2, nil
	case "DDD":
		return m.yearday, 3, nil
	case "WW":
		return (m.yearday-1)/7 + 1, 2, nil
	case "W":
		return (m.day-1)/7 + 1, 0, nil
	case "Q":
		if m.month == 0 {
			return 0, missing, nil
		}
		return (m.month-1)/3 + 1, 0, nil
	}
	return m.calendarNumber(key)
}

// calendarNumber gives the numbers of years, and those that only a date has.
func (m *moment) calendarNumber(key string) (n int64, width int, err error) {
	switch key {
	case "Y,YYY":
		return m.shownYear(), yearWithComma, nil
	case "YYYY":
		return m.shownYear(), 4, nil
	case "YYY":
		return m.shownYear() % 1000, 3, nil
	case "YY":
		return m.shownYear() % 100, 2, nil
	case "Y":
		return m.shownYear() % 10, 1, nil
	case "CC":
		return m.century(), 2, nil
	}
	if m.interval {
		return 0, 0, errNotForInterval()
	}
	field := func(f temporal.Field) int64 { return temporal.ExtractDate(f, m.date).Coef }
	isoYear := func() int64 {
		y := field(temporal.FieldISOYear)
		return max(y, -y)
	}
	switch key {
	case "J":
		return field(temporal.FieldJulian), 0, nil
	case "D":
		return m.weekday + 1, 0, nil
	case "ID":
		return field(temporal.FieldISODOW), 0, nil
	case "IW":
		return field(temporal.FieldWeek), 2, nil
	case "IDDD":
		return (field(temporal.FieldWeek)-1)*7 + field(temporal.FieldISODOW), 3, nil
	case "IYYY":
		return isoYear(), 4, nil
	case "IYY":
		return isoYear() % 1000, 3, nil
	case "IY":
		return isoYear() % 100, 2, nil
	default: // I
		return isoYear() % 10, 1, nil
	}
}

// shownYear gives the year without its era.
func (m *moment) shownYear() int64 {
	if m.interval || m.year > 0 {
		return m.year
	}
	return 1 - m.year
}

func (m *moment) century() int64 {
	switch {
	case m.interval:
		return m.year / 100
	case m.year > 0:
		return (m.year-1)/100 + 1
	default:
		return m.year/100 - 1
	}
}

// name gives the name of the month or the day, in the case in which the key was written, padded to nine unless it is abbreviated.
func (m *moment) name(item *pictureItem) (string, error) {
	var name string
	switch isMonth := strings.HasPrefix(item.key, "MON"); {
	case m.interval && !isMonth:
		return "", errNotForInterval()
	case isMonth && m.interval:
		return "", errNotForInterval()
	case isMonth:
		name = months[m.month-1]
	default:
		name = weekdays[m.weekday]
	}
	if item.key == "MON" || item.key == "DY" {
		name = name[:3]
	}
	switch {
	case item.written == item.key:
		name = strings.ToUpper(name)
	case item.written == strings.ToLower(item.key):
		name = strings.ToLower(name)
	}
	if item.fill || item.translated || item.key == "MON" || item.key == "DY" {
		return name, nil
	}
	return fmt.Sprintf("%-9s", name), nil
}

// roman gives the month in Roman numerals.
func (m *moment) roman(item *pictureItem) string {
	if m.month == 0 && (!m.interval || m.year == 0) {
		return ""
	}
	n := (m.month + 11) % 12
	if m.month < 0 { // an interval's months count backwards below zero
		n = m.month + 12
	}
	text := romans[n]
	if item.written != item.key {
		text = strings.ToLower(text)
	}
	if item.fill {
		return text
	}
	return fmt.Sprintf("%-4s", text)
}

func (m *moment) halfDay(item *pictureItem) string {
	text := "AM"
	if m.hour%24 >= 12 {
		text = "PM"
	}
	return inStyle(item, text)
}

func (m *moment) era(item *pictureItem) (string, error) {
	if m.interval {
		return "", errNotForInterval()
	}
	text := "AD"
	if m.year <= 0 {
		text = "BC"
	}
	return inStyle(item, text), nil
}

// inStyle writes two letters with points and in small letters if the key has them.
func inStyle(item *pictureItem, text string) string {
	if strings.Contains(item.key, ".") {
		text = text[:1] + "." + text[1:] + "."
	}
	if item.written != item.key {
		return strings.ToLower(text)
	}
	return text
}

// zoneKey gives the time zone; a timestamp without one has none, but an offset of zero.
func (m *moment) zoneKey(item *pictureItem) (string, error) {
	if m.interval {
		return "", errNotForInterval()
	}
	sign, seconds := '+', m.offset
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	hours, minutes := seconds/3600, seconds/60%60
	switch item.key {
	case "TZH":
		return fmt.Sprintf("%c%02d", sign, hours), nil
	case "TZM":
		return fmt.Sprintf("%02d", minutes), nil
	case "OF":
		width := 2
		if item.fill {
			width = 0
		}
		text := fmt.Sprintf("%c%0*d", sign, width, hours)
		if minutes != 0 {
			text += fmt.Sprintf(":%02d", minutes)
		}
		return text, nil
	}
	if item.written == item.key {
		return m.abbreviation, nil
	}
	return strings.ToLower(m.abbreviation), nil
}

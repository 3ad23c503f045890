package temporal

import (
	"math"
	"strconv"
	"strings"
)

// ParseInterval reads an interval: with units ('1 day 02:03:04.5', '-1 mon +2 days', '@ 1.5 weeks ago'), SQL's year-month ('1-2'), days and
// time ('1 2:03'), or ISO 8601 with designators or without ('P1DT2H', 'P0001-02-03T04:05:06'). Errors: 22007 for what is no interval, 22015
// for a field out of range, 22008 when the whole is.
func ParseInterval(s string) (Interval, error) { return ParseIntervalAs(s, AnyFields, -1) }

// ParseIntervalAs is ParseInterval for a type with fields, as INTERVAL '1' HOUR, whose last field is the unit of a number without one, and a
// precision of 0 to 6 digits of the second, -1 for none. What the fields do not hold is cut off as Interval.Restrict does.
func ParseIntervalAs(s string, fields IntervalFields, precision int) (Interval, error) {
	d := intervalDecoder{fields: fields}
	pieces, f := splitFields(s, maxIntervalBytes)
	if f == noFault {
		f = d.run(pieces)
	}
	if f == badFormat {
		d = intervalDecoder{}
		f = d.iso(s)
	}
	if f != noFault {
		return Interval{}, parseError(f, "interval", s)
	}
	months := d.years*12 + d.months
	if months != int64(int32(months)) {
		return Interval{}, errIntervalRange()
	}
	return Interval{Months: int32(months), Days: int32(d.days), Micros: d.micros}.Restrict(fields, precision)
}

// intervalDecoder adds up the fields of an interval. Years, months and days each must fit in 32 bits.
type intervalDecoder struct {
	fields IntervalFields
	have   parts
	unit   Field // of the number to the left, FieldNone where no unit has been read
	ago    bool

	years, months, days int64
	micros              int64
}

// run reads the pieces from the right to the left, because a unit stands behind its number.
func (d *intervalDecoder) run(pieces []field) fault {
	for i := len(pieces) - 1; i >= 0; i-- {
		said, f := d.one(pieces[i])
		if f != noFault {
			return f
		}
		if said&d.have != 0 {
			return badFormat
		}
		d.have |= said
	}
	if d.have == 0 {
		return badFormat
	}
	if d.ago {
		return d.negate()
	}
	return noFault
}

func (d *intervalDecoder) one(p field) (parts, fault) {
	switch p.kind {
	case fieldClock:
		return d.clock(p.text, false)
	case fieldSigned:
		if strings.IndexByte(p.text, ':') >= 0 {
			saved := *d
			if said, f := d.clock(p.text[1:], p.text[0] == '-'); f == noFault {
				return said, f
			}
			*d = saved
		}
		return d.number(p.text)
	case fieldNumber, fieldDate:
		return d.number(p.text)
	}
	return d.word(p.text)
}

// clock reads a time. The number to its left is days unless it says otherwise.
func (d *intervalDecoder) clock(text string, negative bool) (parts, fault) {
	c, f := parseClock(text, d.fields == IntervalMinutes|IntervalSeconds)
	if f != noFault {
		return 0, f
	}
	d.micros = c.micros
	if !addProduct(&d.micros, c.hour, MicrosPerHour) || !addProduct(&d.micros, c.minute, MicrosPerMinute) || !addProduct(&d.micros, c.second, MicrosPerSecond) {
		return 0, fieldRange
	}
	if negative {
		d.micros = -d.micros
	}
	d.unit = FieldDay
	return hasClock, noFault
}

// word takes a unit, or "ago".
func (d *intervalDecoder) word(text string) (parts, fault) {
	w, _ := findWord(unitWords, text)
	switch w.kind {
	case wordIgnored:
	case wordUnit:
		d.unit = Field(w.value)
	case wordAgo:
		d.ago, d.unit = true, FieldOther // a number before it wants a unit of its own
	default:
		return 0, badFormat
	}
	return 0, noFault
}

// number reads a number, or years and months with a dash between them, and adds it in its unit.
func (d *intervalDecoder) number(text string) (parts, fault) {
	negative := text[0] == '-'
	whole := strings.TrimLeft(text, "+-")
	digits := leadingDigits(whole)
	rest := whole[digits:]
	var v int64
	if digits > 0 {
		var err error
		if v, err = strconv.ParseInt(text[:len(text)-len(rest)], 10, 64); err != nil {
			return 0, fieldRange
		}
	}
	if d.unit == FieldNone {
		d.unit = d.fields.last()
	}
	fraction := 0.0
	switch {
	case rest == "":
	case rest[0] == '-':
		d.unit = FieldMonth
		months, f := yearMonth(rest[1:])
		if f != noFault {
			return 0, f
		}
		if negative {
			months = -months
		}
		if !addProduct(&months, v, 12) {
			return 0, fieldRange
		}
		v = months
	case rest[0] == '.':
		var f fault
		if fraction, f = parseFraction(rest); f != noFault {
			return 0, f
		}
		if negative {
			fraction = -fraction
		}
	default:
		return 0, badFormat
	}
	return d.add(d.unit, v, fraction)
}

// yearMonth reads the months behind the dash of years-months.
func yearMonth(text string) (int64, fault) {
	unsigned := strings.TrimPrefix(text, "-")
	months, rest, f := clockNumber(unsigned)
	if f != noFault || months >= 12 || (months > 0 && unsigned != text) {
		return 0, fieldRange
	}
	if rest != "" || text == "-" { // nothing at all is 0 months
		return 0, badFormat
	}
	return months, noFault
}

// add adds v and a fraction of the same sign in a unit, and tells which parts it gave.
func (d *intervalDecoder) add(unit Field, v int64, fraction float64) (parts, fault) {
	ok, said := true, parts(0)
	switch unit {
	case FieldMicroseconds:
		ok, said = d.addMicros(v, fraction, 1), hasMicro
	case FieldMilliseconds:
		ok, said = d.addMicros(v, fraction, 1000), hasMilli
	case FieldSecond:
		ok, said = d.addMicros(v, fraction, MicrosPerSecond), hasSecond
		if fraction != 0 {
			said = hasSeconds
		}
	case FieldMinute:
		ok, said = d.addMicros(v, fraction, MicrosPerMinute), hasMinute
	case FieldHour:
		ok, said = d.addMicros(v, fraction, MicrosPerHour), hasHour
		d.unit = FieldDay // of the number to the left
	case FieldDay:
		ok, said = addSmall(&d.days, v, 1) && d.addFraction(fraction, MicrosPerDay), hasDay
	case FieldWeek:
		ok, said = addSmall(&d.days, v, 7) && d.addDayFraction(fraction, 7), hasWeek
	case FieldMonth:
		ok, said = addSmall(&d.months, v, 1) && d.addDayFraction(fraction, daysPerMonth), hasMonth
	case FieldYear:
		ok, said = d.addYears(v, fraction, 1), hasYear
	case FieldDecade:
		ok, said = d.addYears(v, fraction, 10), hasDecade
	case FieldCentury:
		ok, said = d.addYears(v, fraction, 100), hasCentury
	case FieldMillennium:
		ok, said = d.addYears(v, fraction, 1000), hasMillennium
	default:
		return 0, badFormat
	}
	if !ok {
		return 0, fieldRange
	}
	return said, noFault
}

// addMicros adds v and a fraction in units of scale microseconds.
func (d *intervalDecoder) addMicros(v int64, fraction float64, scale int64) bool {
	return addProduct(&d.micros, v, scale) && d.addFraction(fraction, scale)
}

// addFraction adds a fraction of scale microseconds, a half rounded towards zero.
func (d *intervalDecoder) addFraction(fraction float64, scale int64) bool {
	if fraction == 0 {
		return true
	}
	fraction = float64(fraction * float64(scale))
	micros := int64(fraction)
	if rest := fraction - float64(micros); rest > 0.5 {
		micros++
	} else if rest < -0.5 {
		micros--
	}
	return addProduct(&d.micros, micros, 1)
}

// addDayFraction adds a fraction of scale days: whole days, and the rest as time.
func (d *intervalDecoder) addDayFraction(fraction float64, scale int64) bool {
	if fraction == 0 {
		return true
	}
	fraction = float64(fraction * float64(scale))
	days := int64(fraction)
	return addSmall(&d.days, days, 1) && d.addFraction(fraction-float64(days), MicrosPerDay)
}

// addYears adds v and a fraction in units of scale years, the fraction rounded to months.
func (d *intervalDecoder) addYears(v int64, fraction float64, scale int64) bool {
	months := int64(math.RoundToEven(float64(fraction*float64(scale)) * 12))
	return addSmall(&d.years, v, scale) && addSmall(&d.months, months, 1)
}

// negate turns every part round, for "ago".
func (d *intervalDecoder) negate() fault {
	if d.micros == math.MinInt64 || d.days == math.MinInt32 || d.months == math.MinInt32 || d.years == math.MinInt32 {
		return fieldRange
	}
	d.years, d.months, d.days, d.micros = -d.years, -d.months, -d.days, -d.micros
	return noFault
}

// addProduct adds v*scale to sum, or tells that it overflows; scale is positive.
func addProduct(sum *int64, v, scale int64) bool {
	product := v * scale
	if v != 0 && product/v != scale || addOverflows(*sum, product) {
		return false
	}
	*sum += product
	return true
}

// addSmall adds v*scale to a sum that must stay within 32 bits, as must v and the product.
func addSmall(sum *int64, v, scale int64) bool {
	if v != int64(int32(v)) || v*scale != int64(int32(v*scale)) {
		return false
	}
	*sum += v * scale
	return *sum == int64(int32(*sum))
}

package temporal

import (
	"math"
	"strings"
	"time"
)

// parts is a set of what the input has said so far, to refuse what is said twice and to know what is missing.
type parts uint32

const (
	hasYear parts = 1 << iota
	hasMonth
	hasDay
	hasDOY
	hasHour
	hasMinute
	hasSecond
	hasMilli
	hasMicro
	hasWeek
	hasDecade
	hasCentury
	hasMillennium
	hasZone
	hasSummer
	hasSummerZone
	hasMeridiem
	hasEra
	hasWeekday
	hasSpecial

	hasDate    = hasYear | hasMonth | hasDay
	hasSeconds = hasSecond | hasMilli | hasMicro
	hasClock   = hasHour | hasMinute | hasSeconds
)

// decoder reads the fields of a date, time or both, in the order month, day, year where numbers alone leave it open (DateStyle MDY).
type decoder struct {
	p        *Parser
	fields   []field
	timeOnly bool // a time of day is wanted; a date may stand before it

	have       parts
	label      Field // the unit that the field before named ("y2001"), or FieldHour with labelled for the T before a time
	labelled   labelKind
	year       int64
	month, day int64
	yearDay    int64
	hour       int64
	minute     int64
	second     int64
	micros     int64 // of the second, 0 to 1,000,000
	textMonth  bool
	shortYear  bool // of one or two digits
	julian     bool
	bc         bool
	meridiem   uint8
	offset     int64 // seconds east, with hasZone
	zone       *time.Location
	abbreviate string // the changing abbreviation by which zone was named
	special    special
	isSpecial  bool

	badName string // what an unknownZone or noClock is about
}

// labelKind is what stands before a field and says what it is.
type labelKind uint8

const (
	unlabelled labelKind = iota
	labelUnit            // a unit: decoder.label
	labelTime            // the T of ISO 8601
)

// run decodes all fields.
func (d *decoder) run() fault {
	for i := range d.fields {
		said, f := d.one(i)
		if f != noFault {
			return f
		}
		if said&d.have != 0 {
			return badFormat
		}
		d.have |= said
	}
	return d.finish()
}

// one decodes the field i and tells which parts it gave.
func (d *decoder) one(i int) (parts, fault) {
	f := d.fields[i]
	switch f.kind {
	case fieldDate:
		return d.dateField(i)
	case fieldClock:
		if !d.timeOnly {
			if d.labelled == labelUnit {
				return 0, badFormat
			}
			d.labelled = unlabelled
		}
		return d.clockField(f.text)
	case fieldSigned:
		offset, fault := parseOffset(f.text)
		if fault != noFault {
			return 0, fault
		}
		d.offset = offset
		return hasZone, noFault
	case fieldNumber:
		if d.labelled != unlabelled {
			return d.labelledNumber(f.text)
		}
		return d.numberField(i)
	}
	return d.wordField(i)
}

// clockField reads hh:mm[:ss[.f]].
func (d *decoder) clockField(text string) (parts, fault) {
	c, f := parseClock(text, false)
	if f == noFault && c.hour > math.MaxInt32 {
		f = fieldRange
	}
	if f != noFault {
		return 0, f
	}
	d.hour, d.minute, d.second, d.micros = c.hour, c.minute, c.second, c.micros
	if !d.timeOnly && d.clockOverflows() {
		return 0, fieldRange
	}
	return hasClock, noFault
}

// clockOverflows tells whether the time of day is beyond 24:00:00; 23:59:60 is allowed, and a leap second's fraction is not.
func (d *decoder) clockOverflows() bool {
	if d.hour < 0 || d.hour > 24 || d.minute < 0 || d.minute > 59 || d.second < 0 || d.second > 60 || d.micros < 0 || d.micros > MicrosPerSecond {
		return true
	}
	return d.timeOfDay() > MicrosPerDay
}

func (d *decoder) timeOfDay() int64 {
	return d.hour*MicrosPerHour + d.minute*MicrosPerMinute + d.second*MicrosPerSecond + d.micros
}

// dateField decodes a field with separators: a date, or behind one a zone's name or a run-together time with its offset (101112-05).
func (d *decoder) dateField(i int) (parts, fault) {
	text := d.fields[i].text
	if d.labelled == labelUnit && d.label == FieldJulian && !d.timeOnly {
		d.labelled = unlabelled
		digits := leadingDigits(text)
		v, f := parseInt32(text[:digits])
		if f != noFault {
			return 0, f
		}
		d.setJulian(v)
		d.offset, f = parseOffset(text[digits:])
		return hasDate | hasClock | hasZone, f
	}
	dateDone := d.labelled != unlabelled || d.have&(hasMonth|hasDay) == hasMonth|hasDay
	if d.timeOnly {
		last := len(d.fields) - 1
		mayBeDate := i == 0 && last >= 1 && (d.fields[last].kind == fieldDate || d.fields[1].kind == fieldClock)
		dateDone = !mayBeDate
	}
	if !dateDone {
		return d.date(text)
	}
	if isDigit(text[0]) || (d.labelled != unlabelled && !d.timeOnly) {
		return d.timeWithOffset(text)
	}
	return d.zoneName(text)
}

// timeWithOffset decodes hhmmss-zz.
func (d *decoder) timeWithOffset(text string) (parts, fault) {
	if !d.timeOnly {
		if d.labelled == labelUnit {
			return 0, badFormat
		}
		d.labelled = unlabelled
	}
	minus := strings.IndexByte(text, '-')
	if d.have&hasClock == hasClock || minus < 0 {
		return 0, badFormat
	}
	var f fault
	if d.offset, f = parseOffset(text[minus:]); f != noFault {
		return 0, f
	}
	have := d.have
	if d.timeOnly {
		have |= hasDate
	}
	said, f := d.runTogether(text[:minus], have)
	return said | hasZone, f
}

// zoneName takes a zone by its name.
func (d *decoder) zoneName(text string) (parts, fault) {
	zone, ok := d.p.zoneNamed(text)
	if !ok {
		d.badName = text
		return 0, unknownZone
	}
	d.zone = zone
	return hasZone, noFault
}

// labelledNumber decodes a number behind a unit's word or a T.
func (d *decoder) labelledNumber(text string) (parts, fault) {
	label, kind := d.label, d.labelled
	d.isSpecial = false // a date after all
	digits := leadingDigits(text)
	if kind == labelTime {
		d.labelled = unlabelled
		if _, f := parseInt32(text[:digits]); f == fieldRange {
			return 0, f
		}
		said, f := d.runTogether(text, d.have|hasDate)
		if f == noFault && said != hasClock {
			f = badFormat
		}
		return said, f
	}
	v, f := parseInt32(text[:digits])
	if f == fieldRange {
		return 0, f
	}
	fraction := text[digits:]
	if fraction != "" && label != FieldJulian && label != FieldSecond {
		return 0, badFormat
	}
	d.labelled = unlabelled
	return d.labelledValue(label, v, fraction)
}

// labelledValue stores a number that a unit's word announced.
func (d *decoder) labelledValue(label Field, v int64, fraction string) (parts, fault) {
	switch label {
	case FieldYear:
		d.year = v
		return hasYear, noFault
	case FieldMonth: // behind month and hour, "m" is minutes
		if d.have&hasMonth == 0 || d.have&hasHour == 0 {
			d.month = v
			return hasMonth, noFault
		}
		d.minute = v
		return hasMinute, noFault
	case FieldDay:
		d.day = v
		return hasDay, noFault
	case FieldHour:
		d.hour = v
		return hasHour, noFault
	case FieldMinute:
		d.minute = v
		return hasMinute, noFault
	case FieldSecond:
		d.second = v
		if fraction == "" {
			return hasSecond, noFault
		}
		var f fault
		d.micros, f = parseMicros(fraction)
		return hasSeconds, f
	case FieldJulian:
		d.setJulian(v)
		if fraction == "" {
			return hasDate, noFault
		}
		part, f := parseFraction(fraction)
		if f != noFault || part < 0 {
			return 0, badFormat
		}
		d.setTimeOfDay(int64(part * MicrosPerDay))
		return hasDate | hasClock, noFault
	}
	return 0, badFormat
}

// setJulian sets the date to a Julian day number.
func (d *decoder) setJulian(v int64) {
	d.setDate(v - julianOfEpoch)
	d.julian = true
}

func (d *decoder) setDate(date int64) {
	year, month, day := Civil(date)
	d.year, d.month, d.day = year, int64(month), int64(day)
}

func (d *decoder) setTimeOfDay(micros int64) {
	d.hour, d.minute = micros/MicrosPerHour, micros/MicrosPerMinute%60
	d.second, d.micros = micros/MicrosPerSecond%60, micros%MicrosPerSecond
}

package temporal

import "time"

// wordField decodes a word: a month, a special value, a zone, a unit that announces a number.
func (d *decoder) wordField(i int) (parts, fault) {
	text := d.fields[i].text
	if a, ok := findAbbreviation(text); ok {
		return d.abbreviated(a)
	}
	w, known := findWord(dateWords, text)
	if !known {
		zone, ok := d.p.zoneNamed(text)
		if !ok {
			return 0, badFormat
		}
		d.zone = zone
		return hasZone, noFault
	}
	switch w.kind {
	case wordIgnored:
		return 0, noFault
	case wordSpecial:
		return d.specialWord(special(w.value), text)
	case wordMeridiem:
		d.meridiem = w.value
		return hasMeridiem, noFault
	case wordEra:
		d.bc = w.value == 1
		return hasEra, noFault
	case wordSummer:
		d.offset += secondsAnHour
		return hasSummer | hasSummerZone, noFault
	case wordUnit:
		d.label, d.labelled = Field(w.value), labelUnit
		return 0, noFault
	case wordISOTime:
		return d.timeMark(i)
	case wordMonth:
		if !d.timeOnly {
			return d.monthWord(int64(w.value)), noFault
		}
	case wordWeekday: // only its being there twice is of interest
		if !d.timeOnly {
			return hasWeekday, noFault
		}
	}
	return 0, badFormat
}

// abbreviated takes a zone's abbreviation.
func (d *decoder) abbreviated(a abbreviation) (parts, fault) {
	if a.zone == "" {
		d.offset = int64(a.offset)
		if a.summer { // which a date must not stand behind, nor another "dst"
			return hasZone | hasSummerZone, noFault
		}
		return hasZone, noFault
	}
	zone, ok := d.p.zoneNamed(a.zone)
	if !ok {
		return 0, badFormat
	}
	d.zone, d.abbreviate = zone, a.name
	return hasZone, noFault
}

// monthWord takes a month by name. A number before it that was taken for the month is the day.
func (d *decoder) monthWord(month int64) parts {
	said := hasMonth
	if d.have&hasMonth != 0 && !d.textMonth && d.have&hasDay == 0 && d.month >= 1 && d.month <= 31 {
		d.day, said = d.month, hasDay
	}
	d.textMonth, d.month = true, month
	return said
}

// timeMark takes the T before a time: a date must be there and a time must follow.
func (d *decoder) timeMark(i int) (parts, fault) {
	if !d.timeOnly && d.have&hasDate != hasDate {
		return 0, badFormat
	}
	if i+1 >= len(d.fields) || d.fields[i+1].kind > fieldClock {
		return 0, badFormat
	}
	d.labelled = labelTime
	return 0, noFault
}

// specialWord takes 'now', 'epoch' and so on. Those that name a day want the caller's clock.
func (d *decoder) specialWord(s special, text string) (parts, fault) {
	switch {
	case s == specialMidnightUTC:
		d.setTimeOfDay(0)
		d.offset, d.isSpecial = 0, false
		return hasClock | hasZone, noFault
	case d.timeOnly && s != specialNow:
		return 0, badFormat
	case s <= specialNegInfinity:
		d.special, d.isSpecial = s, true
		return hasSpecial, noFault
	case !d.p.HasClock:
		d.badName = text
		return 0, noClock
	}
	offset := offsetAt(d.p.Zone, d.p.Now)
	date, micros := split(d.p.Now + offset*MicrosPerSecond)
	d.isSpecial = false
	switch s {
	case specialNow:
		d.setTimeOfDay(micros)
		if d.timeOnly {
			return hasClock, noFault
		}
		d.setDate(date)
		d.offset = offset
		return hasDate | hasClock | hasZone, noFault
	case specialYesterday:
		date--
	case specialTomorrow:
		date++
	}
	d.setDate(date)
	return hasDate, noFault
}

// finish checks what the fields gave together and completes it.
func (d *decoder) finish() fault {
	if f := d.checkDate(); f != noFault {
		return f
	}
	if d.meridiem != meridiemNone {
		if d.hour > 12 {
			return fieldRange
		}
		d.hour %= 12
		if d.meridiem == meridiemPM {
			d.hour += 12
		}
	}
	if d.timeOnly {
		if d.clockOverflows() {
			return fieldRange
		}
		if d.have&hasClock != hasClock {
			return badFormat
		}
		return d.timeZone()
	}
	if d.isSpecial {
		return noFault
	}
	if d.have&hasDate != hasDate {
		return badFormat
	}
	return d.resolveZone()
}

// checkDate checks year, month and day as far as they are there, and completes years of two digits, years BC and days of the year.
func (d *decoder) checkDate() fault {
	if d.have&hasYear != 0 && !d.julian {
		switch {
		case d.bc:
			if d.year <= 0 {
				return fieldRange
			}
			d.year = 1 - d.year
		case d.shortYear:
			if d.year < 70 {
				d.year += 2000
			} else if d.year < 100 {
				d.year += 1900
			}
		case d.year <= 0:
			return fieldRange
		}
	}
	if d.have&hasDOY != 0 {
		d.setDate(Days(d.year, 1, 1) + d.yearDay - 1)
	}
	if d.have&hasMonth != 0 && (d.month < 1 || d.month > 12) {
		return monthDayRange
	}
	if d.have&hasDay != 0 && (d.day < 1 || d.day > 31) {
		return monthDayRange
	}
	if d.have&hasDate == hasDate && d.day > int64(daysIn(d.year, int(d.month))) {
		return fieldRange
	}
	return noFault
}

// local gives seconds since 1970-01-01 00:00 of the local clock.
func (d *decoder) local() int64 { return d.days()*secondsPerDay + d.timeOfDay()/MicrosPerSecond }

// days gives the date.
func (d *decoder) days() int64 { return Days(d.year, int(d.month), int(d.day)) }

// resolveZone sets the offset of a zone that changes it, or of the session's zone where the input has none.
func (d *decoder) resolveZone() fault {
	zone := d.zone
	if d.have&hasZone == 0 {
		zone = d.p.Zone
	}
	switch {
	case (d.zone != nil || d.have&hasZone == 0) && d.have&hasSummer != 0:
		return badFormat // there is no offset that "dst" could add to
	case d.abbreviate != "":
		d.offset = abbreviatedOffset(zone, d.abbreviate, d.local())
	case d.zone != nil || d.have&hasZone == 0:
		d.offset = offsetOfLocal(zone, d.local())
	}
	return noFault
}

// timeZone checks the zone of a time of day: one that changes its offset has a meaning only with a date.
func (d *decoder) timeZone() fault {
	if d.have&hasSummer != 0 && (d.zone != nil || d.have&hasZone == 0) {
		return badFormat
	}
	if part := d.have & hasDate; d.have&hasZone == 0 && part != 0 && part != hasDate {
		return badFormat // the session's zone would be asked for half a date
	}
	if d.zone == nil || d.abbreviate != "" {
		return noFault
	}
	first, last := time.Unix(0, 0).In(d.zone).ZoneBounds()
	if !(first.IsZero() && last.IsZero()) && d.have&hasDate != hasDate {
		return badFormat
	}
	return noFault
}

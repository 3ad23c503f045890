package temporal

// Civil gives year, month (1 to 12) and day (1 to 31) of a date in days since 1970-01-01. Years are astronomical: 0 is 1 BC, -1 is 2 BC.
// The date must be finite.
//
// The year is taken to begin in March, so that the leap day is its last and month lengths follow (153m+2)/5; 400 years are 146,097 days.
func Civil(date int64) (year int64, month, day int) {
	const daysToEra = 719468 // from 0000-03-01 to 1970-01-01
	z := date + daysToEra
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	dayOfEra := uint32(z - era*146097)
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153
	day = int(dayOfYear-(153*m+2)/5) + 1
	year = era*400 + int64(yearOfEra)
	if m < 10 {
		return year, int(m) + 3, day
	}
	return year + 1, int(m) - 9, day
}

// Days is the inverse of Civil: days since 1970-01-01 of an astronomical year, a month from 1 to 12 and a day, which may lie outside its month.
func Days(year int64, month, day int) int64 {
	m := int64(month) + 9
	if month > 2 {
		m -= 12
	} else {
		year--
	}
	era := year / 400
	if year < 0 {
		era = (year - 399) / 400
	}
	yearOfEra := year - era*400
	dayOfYear := (153*m+2)/5 + int64(day) - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468
}

// isLeap tells whether an astronomical year has a 29th of February.
func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// daysIn gives the number of days of a month.
func daysIn(year int64, month int) int {
	if month == 2 {
		if isLeap(year) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}

// split takes a finite timestamp apart into its date and the microseconds since midnight.
func split(ts int64) (date, micros int64) {
	date = ts / MicrosPerDay
	micros = ts - date*MicrosPerDay
	if micros < 0 {
		date--
		micros += MicrosPerDay
	}
	return date, micros
}

// join is the inverse of split for any date and any microseconds; ok is false when the result is no valid timestamp.
func join(date, micros int64) (ts int64, ok bool) {
	whole, rest := split(micros)
	date += whole
	const lastDate, lastMicros = MaxTimestamp / MicrosPerDay, MaxTimestamp % MicrosPerDay
	if date < MinDate || date > lastDate || (date == lastDate && rest > lastMicros) {
		return 0, false
	}
	return date*MicrosPerDay + rest, true
}

// weekday gives the day of the week, 0 for Sunday to 6 for Saturday.
func weekday(date int64) int64 { return floorMod(date+4, 7) } // 1970-01-01 was a Thursday

// isoWeekday gives the day of the week, 1 for Monday to 7 for Sunday.
func isoWeekday(date int64) int64 { return floorMod(date+3, 7) + 1 }

// isoWeek gives the year and week (1 to 53) of ISO 8601: the week belongs to the year that holds its Thursday.
func isoWeek(date int64) (year, week int64) {
	thursday := date - isoWeekday(date) + 4
	year, _, _ = Civil(thursday)
	return year, (thursday-Days(year, 1, 1))/7 + 1
}

// addMonths moves a date by months, to the last day of the month where the day does not exist in it.
func addMonths(date, months int64) int64 {
	year, month, day := Civil(date)
	total := year*12 + int64(month-1) + months
	year, month = floorDiv(total, 12), int(floorMod(total, 12))+1
	return Days(year, month, min(day, daysIn(year, month)))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}

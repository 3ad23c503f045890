package temporal

// The canonical ISO form is read without splitting into fields. What these functions accept, the decoder reads to the same value; whatever they
// do not know or find out of range they leave to it, and so they never make an error.

// quickTimestamp reads `2006-01-02[ T]15:04:05[.999999][zone]` or the date alone; the zone is Z, ±hh, ±hhmm or ±hh:mm, offset its seconds east.
func quickTimestamp(s string) (local, offset int64, zoned, ok bool) {
	const date = len("2006-01-02")
	if len(s) < date {
		return 0, 0, false, false
	}
	days, ok := quickDate(s[:date])
	if !ok || len(s) == date {
		return days * MicrosPerDay, 0, false, ok
	}
	if c := s[date]; c != ' ' && c != 'T' {
		return 0, 0, false, false
	}
	micros, rest, ok := quickTime(s[date+1:])
	if !ok {
		return 0, 0, false, false
	}
	if rest != "" {
		if offset, ok = quickOffset(rest); !ok {
			return 0, 0, false, false
		}
		zoned = true
	}
	return days*MicrosPerDay + micros, offset, zoned, true
}

// quickDate reads yyyy-mm-dd of exactly ten bytes, years 1 to 9999.
func quickDate(s string) (int64, bool) {
	_ = s[9]
	century, ok1 := twoDigits(s[0], s[1])
	year, ok2 := twoDigits(s[2], s[3])
	month, ok3 := twoDigits(s[5], s[6])
	day, ok4 := twoDigits(s[8], s[9])
	year += century * 100
	if !(ok1 && ok2 && ok3 && ok4) || s[4] != '-' || s[7] != '-' || year == 0 || month < 1 || month > 12 || day < 1 {
		return 0, false
	}
	if day > 28 && day > daysIn(int64(year), month) {
		return 0, false
	}
	return Days(int64(year), month, day), true
}

// quickTime reads hh:mm:ss with a fraction of up to six digits, hours below 24, and gives what is left.
func quickTime(s string) (micros int64, rest string, ok bool) {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return 0, "", false
	}
	hour, ok1 := twoDigits(s[0], s[1])
	minute, ok2 := twoDigits(s[3], s[4])
	second, ok3 := twoDigits(s[6], s[7])
	if !(ok1 && ok2 && ok3) || hour > 23 || minute > 59 || second > 59 {
		return 0, "", false
	}
	micros = int64(hour*3600+minute*60+second) * MicrosPerSecond
	s = s[8:]
	if s == "" || s[0] != '.' {
		return micros, s, true
	}
	s = s[1:]
	var fraction, i int64
	for i = 0; i < int64(len(s)) && isDigit(s[i]); i++ {
		if i == 6 {
			return 0, "", false
		}
		fraction = fraction*10 + int64(s[i]-'0')
	}
	return micros + fraction*powersOfTen[6-i], s[i:], true
}

// quickOffset reads a whole zone suffix.
func quickOffset(s string) (int64, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) < 3 || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	hour, ok1 := twoDigits(s[1], s[2])
	minute, ok2 := 0, true
	switch {
	case len(s) == 3:
	case len(s) == 5:
		minute, ok2 = twoDigits(s[3], s[4])
	case len(s) == 6 && s[3] == ':':
		minute, ok2 = twoDigits(s[4], s[5])
	default:
		return 0, false
	}
	if !ok1 || !ok2 || hour > 15 || minute > 59 {
		return 0, false
	}
	offset := int64(hour*3600 + minute*60)
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// twoDigits gives the number that two bytes spell.
func twoDigits(a, b byte) (int, bool) {
	x, y := a-'0', b-'0'
	return int(x)*10 + int(y), x <= 9 && y <= 9
}

// powersOfTen are 10^0 to 10^6, never written to.
var powersOfTen = [...]int64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}

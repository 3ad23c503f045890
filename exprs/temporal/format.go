package temporal

import (
	"strconv"
	"time"
)

// AppendTimestamp appends ts as PostgreSQL prints it with DateStyle ISO: `2025-10-21 14:30:22.123456`, without the fraction's trailing zeros,
// with ` BC` behind years before 1.
func AppendTimestamp(dst []byte, ts int64) []byte {
	if !IsFinite(ts) {
		return appendInfinity(dst, ts)
	}
	date, micros := split(ts)
	year, month, day := Civil(date)
	dst = appendCivil(dst, year, month, day)
	dst = AppendTime(append(dst, ' '), micros)
	return appendEra(dst, year)
}

// AppendTimestampTZ appends ts in zone's local time with its offset behind: `2025-10-21 14:30:22+00`, `+05:30`, `-07:52:58`. A nil zone is UTC.
func AppendTimestampTZ(dst []byte, ts int64, zone *time.Location) []byte {
	if !IsFinite(ts) {
		return appendInfinity(dst, ts)
	}
	offset := offsetAt(zone, ts)
	date, micros := split(ts)
	if offset != 0 {
		var carry int64
		carry, micros = split(micros + offset*MicrosPerSecond)
		date += carry
	}
	year, month, day := Civil(date)
	dst = appendCivil(dst, year, month, day)
	dst = AppendTime(append(dst, ' '), micros)
	dst = appendOffset(dst, offset)
	return appendEra(dst, year)
}

// AppendDate appends a date: `2025-10-21`, `0044-03-15 BC`.
func AppendDate(dst []byte, date int64) []byte {
	if !IsFinite(date) {
		return appendInfinity(dst, date)
	}
	year, month, day := Civil(date)
	return appendEra(appendCivil(dst, year, month, day), year)
}

// AppendTime appends microseconds since midnight: `14:30:22.5`, `24:00:00`.
func AppendTime(dst []byte, micros int64) []byte {
	seconds := uint32(micros / MicrosPerSecond)
	minutes := seconds / 60
	hours := minutes / 60
	minutes -= hours * 60
	dst = appendTwo(dst, hours)
	dst = appendTwo(append(dst, ':'), minutes)
	return appendSeconds(append(dst, ':'), seconds%60, uint32(micros%MicrosPerSecond))
}

// appendInfinity appends the word for an infinite timestamp or date.
func appendInfinity(dst []byte, v int64) []byte {
	if v < 0 {
		return append(dst, "-infinity"...)
	}
	return append(dst, "infinity"...)
}

// appendCivil appends year, month and day; the year has at least four digits and is counted from 1 BC backwards below 1.
func appendCivil(dst []byte, year int64, month, day int) []byte {
	if year <= 0 {
		year = 1 - year
	}
	if year < 10000 {
		dst = appendTwo(appendTwo(dst, uint32(year/100)), uint32(year%100))
	} else {
		dst = strconv.AppendInt(dst, year, 10)
	}
	dst = appendTwo(append(dst, '-'), uint32(month))
	return appendTwo(append(dst, '-'), uint32(day))
}

// appendEra appends ` BC` behind an astronomical year below 1.
func appendEra(dst []byte, year int64) []byte {
	if year <= 0 {
		dst = append(dst, " BC"...)
	}
	return dst
}

// appendSeconds appends two digits and, where it is not zero, the fraction without trailing zeros.
func appendSeconds(dst []byte, seconds, micros uint32) []byte {
	dst = appendTwo(dst, seconds)
	if micros == 0 {
		return dst
	}
	dst = append(dst, '.')
	dst = appendTwo(dst, micros/10000)
	dst = appendTwo(dst, micros/100%100)
	dst = appendTwo(dst, micros%100)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendOffset appends a zone's offset in seconds east of Greenwich: hours, and minutes and seconds only where they are needed.
func appendOffset(dst []byte, offset int64) []byte {
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	dst = append(dst, sign)
	if hours := offset / secondsAnHour; hours < 100 {
		dst = appendTwo(dst, uint32(hours))
	} else {
		dst = strconv.AppendInt(dst, hours, 10)
	}
	if offset%secondsAnHour == 0 {
		return dst
	}
	dst = appendTwo(append(dst, ':'), uint32(offset/60%60))
	if offset%60 == 0 {
		return dst
	}
	return appendTwo(append(dst, ':'), uint32(offset%60))
}

// appendTwo appends v below 100 as two digits.
func appendTwo(dst []byte, v uint32) []byte { return append(dst, byte('0'+v/10), byte('0'+v%10)) }

package temporal

import (
	"strconv"
	"strings"
)

// numberField decodes a number that nothing announced.
func (d *decoder) numberField(i int) (parts, fault) {
	text := d.fields[i].text
	point := strings.IndexByte(text, '.')
	if d.timeOnly {
		return d.timeNumber(i, point)
	}
	switch {
	case point >= 0 && d.have&hasDate == 0:
		return d.date(text)
	case point > 2, len(text) >= 6 && (d.have&hasDate == 0 || d.have&hasClock == 0):
		return d.runTogether(text, d.have)
	}
	return d.number(text, d.have)
}

// timeNumber is numberField where a time of day is wanted.
func (d *decoder) timeNumber(i, point int) (parts, fault) {
	text := d.fields[i].text
	last := len(d.fields) - 1
	switch {
	case point >= 0 && i == 0 && last >= 1 && d.fields[last].kind == fieldDate:
		return d.date(text)
	case point > 2:
		return d.runTogether(text, d.have|hasDate)
	case point >= 0:
		return 0, badFormat
	case len(text) > 4:
		return d.runTogether(text, d.have|hasDate)
	}
	return d.number(text, d.have|hasDate)
}

// date decodes a date of three numbers or two and a month's name, in one field.
func (d *decoder) date(text string) (parts, fault) {
	var pieces [maxFields]string
	n := 0
	for text != "" && n < maxFields {
		for text != "" && !isDigit(text[0]) && !isLetter(text[0]) {
			text = text[1:]
		}
		if text == "" {
			return 0, badFormat
		}
		end := leadingDigits(text)
		if end == 0 {
			for end < len(text) && isLetter(text[end]) {
				end++
			}
		}
		pieces[n] = text[:end]
		n++
		text = text[min(end+1, len(text)):] // whatever stands behind a piece separates it from the next
	}
	have, said := d.have, parts(0)
	textMonth := false
	for i, piece := range pieces[:n] {
		if !isLetter(piece[0]) {
			continue
		}
		w, _ := findWord(dateWords, piece)
		if w.kind == wordIgnored {
			continue
		}
		if w.kind != wordMonth || have&hasMonth != 0 {
			return 0, badFormat
		}
		d.month, textMonth = int64(w.value), true
		have, said = have|hasMonth, said|hasMonth
		pieces[i] = ""
	}
	saved := d.textMonth
	d.textMonth = textMonth
	for _, piece := range pieces[:n] {
		if piece == "" {
			continue
		}
		more, f := d.number(piece, have)
		if f != noFault {
			return 0, f
		}
		if more&have != 0 {
			return 0, badFormat
		}
		have, said = have|more, said|more
	}
	d.textMonth = saved
	if have&^(hasDOY|hasZone) != hasDate {
		return 0, badFormat
	}
	return said, noFault
}

// number decodes a single number by what the date still lacks.
func (d *decoder) number(text string, have parts) (parts, fault) {
	digits := leadingDigits(text)
	v, f := parseInt32(text[:digits])
	if f == fieldRange || digits == 0 {
		return 0, max(f, badFormat)
	}
	if rest := text[digits:]; rest != "" {
		if rest[0] != '.' {
			return 0, badFormat
		}
		if digits > 2 {
			return d.runTogether(text, have|hasDate)
		}
		if d.micros, f = parseMicros(rest); f != noFault {
			return 0, f
		}
	}
	if len(text) == 3 && have&hasDate == hasYear && v >= 1 && v <= 366 {
		d.yearDay = v
		return hasDOY | hasMonth | hasDay, noFault
	}
	switch have & hasDate {
	case 0:
		if len(text) >= 3 {
			return d.setYear(v, text), noFault
		}
		d.month = v
		return hasMonth, noFault
	case hasYear, hasDay:
		d.month = v
		return hasMonth, noFault
	case hasMonth:
		if d.textMonth && len(text) >= 3 {
			return d.setYear(v, text), noFault
		}
		d.day = v
		return hasDay, noFault
	case hasYear | hasMonth:
		if d.textMonth && len(text) >= 3 && d.shortYear { // what was taken for the year was the day
			d.day, d.year, d.shortYear = d.year, v, false
			return hasDay, noFault
		}
		d.day = v
		return hasDay, noFault
	case hasMonth | hasDay:
		return d.setYear(v, text), noFault
	}
	return d.runTogether(text, have)
}

func (d *decoder) setYear(v int64, text string) parts {
	d.year = v
	d.shortYear = len(text) <= 2
	return hasYear
}

// runTogether decodes yyyymmdd, hhmmss or hhmm, the latter two with a fraction.
func (d *decoder) runTogether(text string, have parts) (parts, fault) {
	if point := strings.IndexByte(text, '.'); point >= 0 {
		micros, f := parseMicros(text[point:])
		if f != noFault {
			return 0, f
		}
		d.micros = micros
		text = text[:point]
	} else if n := len(text); have&hasDate != hasDate && n >= 6 {
		d.day, d.month, d.year = atoi(text[n-2:]), atoi(text[n-4:n-2]), atoi(text[:n-4])
		if n-4 == 2 {
			d.shortYear = true
		}
		return hasDate, noFault
	}
	if have&hasClock == hasClock || (len(text) != 6 && len(text) != 4) {
		return 0, badFormat
	}
	d.hour, d.minute, d.second = atoi(text[:2]), atoi(text[2:4]), 0
	if len(text) == 6 {
		d.second = atoi(text[4:])
	}
	return hasClock, noFault
}

// atoi reads digits as C's atoi does: without a check, the low 32 bits are kept.
func atoi(digits string) int64 {
	v, _ := strconv.ParseInt(digits, 10, 64)
	return int64(int32(v))
}

// parseInt32 reads digits that must fit in 32 bits; the empty text is badFormat.
func parseInt32(digits string) (int64, fault) {
	if digits == "" {
		return 0, badFormat
	}
	v, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0, fieldRange
	}
	return v, noFault
}

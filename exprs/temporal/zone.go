package temporal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// LoadZone finds the zone that a name stands for in AT TIME ZONE and timezone(): an abbreviation ('EST', 'Z'), a name of the IANA database
// ('Europe/Berlin') or an offset in POSIX form, in which, as in PostgreSQL, positive is west of Greenwich: 'FOO5' and '+05:30' are behind UTC.
// Names other than UTC need the machine's zone files; rules for summer time in POSIX form and zones with leap seconds ('right/…') are not known.
// An abbreviation that has changed its meaning ('MSK') gives the whole zone, where PostgreSQL keeps to the abbreviation in summer. Else 22023.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := findZone(name); ok {
		return zone, nil
	}
	return nil, errZone(name)
}

// SessionZone finds the zone of SET TIME ZONE: like LoadZone, but a mere number is hours east of Greenwich ('5.5') and abbreviations are not
// taken, unless they are names of the database. It fails with 22023 too.
func SessionZone(name string) (*time.Location, error) {
	const tooFar = 168 // a week
	if hours, err := strconv.ParseFloat(strings.TrimSpace(name), 64); err == nil {
		if hours > -tooFar && hours < tooFar {
			return time.FixedZone(name, int(hours*secondsAnHour)), nil
		}
		return nil, errZoneParameter(name).WithDetail("UTC timezone offset is out of range.")
	}
	zone, ok := namedZone(name)
	if !ok {
		return nil, errZoneParameter(name)
	}
	if offsetAt(zone, micros2000)%60 != 0 { // today's offsets are whole minutes, so that is how PostgreSQL finds leap seconds
		err := sqlstate.New(sqlstate.InvalidParameterValue, "time zone \"%s\" appears to use leap seconds", name)
		return nil, err.WithDetail("PostgreSQL does not support leap seconds.")
	}
	return zone, nil
}

// findZone is LoadZone without the error.
func findZone(name string) (*time.Location, bool) {
	if a, ok := findAbbreviation(strings.ToLower(name)); ok {
		if a.zone != "" {
			return namedZone(a.zone)
		}
		if a.offset == 0 {
			return time.UTC, true
		}
		return time.FixedZone(strings.ToUpper(a.name), int(a.offset)), true
	}
	return namedZone(name)
}

// findAbbreviation looks a name in lower case up among the abbreviations.
func findAbbreviation(name string) (abbreviation, bool) {
	i, found := slices.BinarySearchFunc(abbreviations[:], name, func(a abbreviation, n string) int { return cmp.Compare(a.name, n) })
	if !found {
		return abbreviation{}, false
	}
	return abbreviations[i], true
}

// namedZone finds a zone of the IANA database or one in POSIX form. Case does not matter to PostgreSQL; here the usual spellings are tried.
func namedZone(name string) (*time.Location, bool) {
	const longest = 255
	if name == "" || len(name) > longest || strings.EqualFold(name, "local") || strings.HasPrefix(strings.ToLower(name), "right/") {
		return nil, false
	}
	upper := strings.ToUpper(name)
	if upper == "UTC" || upper == "GMT" {
		return time.UTC, true
	}
	for _, spelling := range []string{name, titleCase(name), upper} {
		if zone, err := time.LoadLocation(spelling); err == nil {
			return zone, true
		}
	}
	return posixZone(name)
}

// titleCase writes every run of letters with a capital first, but the small words in names of places: america/port_of_spain → America/Port_of_Spain.
func titleCase(name string) string {
	out := []byte(strings.ToLower(name))
	for i := range out {
		if out[i] < 'a' || out[i] > 'z' || (i > 0 && isLetter(out[i-1])) {
			continue
		}
		end := i
		for end < len(out) && isLetter(out[end]) {
			end++
		}
		switch string(out[i:end]) {
		case "of", "au", "es":
		default:
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}

// posixZone reads a POSIX zone of a fixed offset: letters, or any characters in angle brackets, or nothing, and then [+-]hh[:mm[:ss]],
// positive to the west.
func posixZone(name string) (*time.Location, bool) {
	rest := name
	if strings.HasPrefix(rest, "<") {
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return nil, false
		}
		rest = rest[end+1:]
	} else {
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return r != '+' && r != '-' && r != ',' && (r < '0' || r > '9') })
	}
	sign := -1
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		if rest[0] == '-' {
			sign = 1
		}
		rest = rest[1:]
	}
	offset, unit, limit := 0, secondsAnHour, 24*7-1
	for {
		digits := leadingDigits(rest)
		v, err := strconv.Atoi(rest[:digits])
		if err != nil || v > limit {
			return nil, false
		}
		offset += v * unit
		rest = rest[digits:]
		if rest == "" {
			return time.FixedZone(name, sign*offset), true
		}
		if rest[0] != ':' || unit == 1 {
			return nil, false
		}
		rest, unit, limit = rest[1:], unit/60, 59
		if unit == 1 {
			limit = 60
		}
	}
}

// offsetAt gives zone's offset in seconds east of Greenwich at a finite timestamp in UTC. A nil zone is UTC.
func offsetAt(zone *time.Location, ts int64) int64 {
	if zone == nil || zone == time.UTC {
		return 0
	}
	_, offset := time.UnixMicro(ts).In(zone).Zone()
	return int64(offset)
}

// offsetOfLocal gives the offset in seconds east at a local time, in seconds since 1970-01-01 00:00 local. A time that clocks skip is read with
// the offset from before the change, one that they show twice as the second of the two, that is in standard time, as PostgreSQL does.
func offsetOfLocal(zone *time.Location, local int64) int64 {
	if zone == nil || zone == time.UTC {
		return 0
	}
	day := time.Unix(local-secondsPerDay, 0).In(zone) // early enough that the change, if there is one that day, is still ahead
	_, offset := day.Zone()
	_, change := day.ZoneBounds()
	if change.IsZero() {
		return int64(offset)
	}
	_, next := change.Zone()
	before, after, at := local-int64(offset), local-int64(next), change.Unix()
	switch {
	case before < at && after < at:
		return int64(offset)
	case before > at && after >= at:
		return int64(next)
	case before > after:
		return int64(offset)
	}
	return int64(next)
}

// abbreviatedOffset gives what a changing abbreviation, in lower case, meant in zone at a local time: the offset when it was last in use up to
// then, else when it first was, or, where the database does not know it by letters, the zone's own offset at the time.
func abbreviatedOffset(zone *time.Location, name string, local int64) int64 {
	offset := offsetOfLocal(zone, local)
	t := time.Unix(local-offset, 0).In(zone)
	const changes = 1000 // more than any zone has had
	for range changes {
		if letters, used := t.Zone(); strings.EqualFold(letters, name) {
			return int64(used)
		}
		start, _ := t.ZoneBounds()
		if start.IsZero() {
			break
		}
		t = start.Add(-time.Second)
	}
	for range changes { // not in use before: then when it came into use
		if letters, used := t.Zone(); strings.EqualFold(letters, name) {
			return int64(used)
		}
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		t = end
	}
	return offset
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

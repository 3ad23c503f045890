package temporal

import (
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Parser reads dates and times as a session with DateStyle "ISO, MDY" does. The zero Parser reads in UTC and knows no clock. It remembers the
// zones that it has met, so one Parser for a column is quicker than one for a row; it serves one goroutine at a time.
type Parser struct {
	Zone     *time.Location // the session's zone; nil is UTC
	Now      int64          // the time of the statement in UTC, for 'now', 'today', 'yesterday' and 'tomorrow'
	HasClock bool           // whether Now is set; without it these words fail with 0A000

	zones map[string]*time.Location
}

// ParseTimestamp reads a timestamp without time zone; a zone in the input is checked and ignored. Errors: 22007 for what is no timestamp, 22008
// for fields or values out of range, 22009 for an offset out of range, 22023 for an unknown zone, 0A000 for 'now' and its like.
func ParseTimestamp(s string) (int64, error) { return (&Parser{}).Timestamp(s) }

// ParseTimestampTZ reads a timestamp with time zone; where the input has no zone it is local time in zone, nil being UTC. Errors as ParseTimestamp.
func ParseTimestampTZ(s string, zone *time.Location) (int64, error) {
	return (&Parser{Zone: zone}).TimestampTZ(s)
}

// ParseDate reads a date; a time behind it is checked and ignored. Errors as ParseTimestamp.
func ParseDate(s string) (int64, error) { return (&Parser{}).Date(s) }

// ParseTime reads a time of day as microseconds since midnight, up to and including 24:00:00. Errors as ParseTimestamp.
func ParseTime(s string) (int64, error) { return (&Parser{}).Time(s) }

// Timestamp is ParseTimestamp with the parser's settings.
func (p *Parser) Timestamp(s string) (int64, error) {
	if ts, _, _, ok := quickTimestamp(s); ok {
		return ts, nil
	}
	return p.slowTimestamp(s, "timestamp", false)
}

// TimestampTZ is ParseTimestampTZ with the parser's settings.
func (p *Parser) TimestampTZ(s string) (int64, error) {
	if local, offset, zoned, ok := quickTimestamp(s); ok {
		if !zoned {
			offset = offsetOfLocal(p.Zone, floorDiv(local, MicrosPerSecond))
		}
		if ts, ok := shift(local, -offset); ok {
			return ts, nil
		}
	}
	return p.slowTimestamp(s, "timestamp with time zone", true)
}

// slowTimestamp reads every form of a timestamp.
func (p *Parser) slowTimestamp(s, name string, zoned bool) (int64, error) {
	d, err := p.decode(s, name, false)
	if err != nil {
		return 0, err
	}
	if d.isSpecial {
		return d.specialValue(), nil
	}
	days, micros := d.days(), d.timeOfDay()
	if zoned {
		micros -= d.offset * MicrosPerSecond
	}
	if ts, ok := join(days, micros); ok {
		return ts, nil
	}
	return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", s)
}

// Date is ParseDate with the parser's settings.
func (p *Parser) Date(s string) (int64, error) {
	if len(s) == len("2006-01-02") {
		if date, ok := quickDate(s); ok {
			return date, nil
		}
	}
	d, err := p.decode(s, "date", false)
	if err != nil {
		return 0, err
	}
	if d.isSpecial {
		return d.specialValue(), nil
	}
	if days := d.days(); validDate(days) {
		return days, nil
	}
	return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
}

// Time is ParseTime with the parser's settings.
func (p *Parser) Time(s string) (int64, error) {
	if len(s) >= len("15:04:05") {
		if micros, rest, ok := quickTime(s); ok && rest == "" {
			return micros, nil
		}
	}
	d, err := p.decode(s, "time", true)
	if err != nil {
		return 0, err
	}
	return d.timeOfDay(), nil
}

// decode runs a decoder over s and words its fault; name is the type's name in messages.
func (p *Parser) decode(s, name string, timeOnly bool) (*decoder, error) {
	room := maxDateTimeBytes
	if timeOnly {
		room = maxTimeBytes
	}
	fields, f := splitFields(s, room)
	d := &decoder{p: p, fields: fields, timeOnly: timeOnly}
	if f == noFault {
		f = d.run()
	}
	switch f {
	case noFault:
		return d, nil
	case unknownZone:
		return nil, errZone(d.badName)
	case noClock:
		return nil, errNoClock(d.badName)
	}
	return nil, parseError(f, name, s)
}

// specialValue gives the value of 'epoch' and the infinities, for timestamps and dates alike.
func (d *decoder) specialValue() int64 {
	switch d.special {
	case specialInfinity:
		return Infinity
	case specialNegInfinity:
		return NegInfinity
	}
	return 0
}

// zoneNamed finds a zone by a name in lower case and remembers it.
func (p *Parser) zoneNamed(name string) (*time.Location, bool) {
	if zone, ok := p.zones[name]; ok {
		return zone, true
	}
	zone, ok := namedZone(name)
	const most = 1000 // the input must not make the memory of zones grow without bound
	if ok && len(p.zones) < most {
		if p.zones == nil {
			p.zones = make(map[string]*time.Location)
		}
		p.zones[strings.Clone(name)] = zone
	}
	return zone, ok
}

// shift adds an offset in seconds to a timestamp; ok is false when it leaves the limits.
func shift(ts, seconds int64) (int64, bool) {
	delta := seconds * MicrosPerSecond
	if addOverflows(ts, delta) || !validTimestamp(ts+delta) {
		return 0, false
	}
	return ts + delta, true
}

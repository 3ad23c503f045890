package temporal

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// zoneDisplacement is the SQLSTATE of a zone offset out of range (invalid_time_zone_displacement_value).
const zoneDisplacement sqlstate.Code = "22009"

// fault is why a text was refused, before it is known for which type and with what text the error is worded.
type fault uint8

const (
	noFault       fault = iota
	badFormat           // not the syntax of a date or time
	fieldRange          // a field's value is out of range
	monthDayRange       // so are month or day, perhaps because they stand in another order
	zoneRange           // so is the zone's offset
	unknownZone         // a zone's name that nobody knows: refused.name
	noClock             // 'now' and its like, and the caller gave no clock: refused.name
)

// parseError words a fault as PostgreSQL does. name is the type's name as it stands in messages, input the whole text.
func parseError(f fault, name, input string) *sqlstate.Error {
	switch f {
	case fieldRange, monthDayRange:
		if name == "interval" {
			return sqlstate.New(sqlstate.IntervalFieldOverflow, "interval field value out of range: \"%s\"", input)
		}
		err := sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", input)
		if f == monthDayRange {
			err = err.WithHint("Perhaps you need a different \"datestyle\" setting.")
		}
		return err
	case zoneRange:
		return sqlstate.New(zoneDisplacement, "time zone displacement out of range: \"%s\"", input)
	}
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", sqlstate.SafeString(name), input)
}

func errZone(name string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "time zone \"%s\" not recognized", name)
}

func errNoClock(word string) *sqlstate.Error {
	return sqlstate.New(sqlstate.FeatureNotSupported, "date/time value \"%s\" is not supported where there is no clock", word)
}

func errTimestampRange() *sqlstate.Error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range")
}

func errDateRange() *sqlstate.Error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range")
}

func errDateForTimestamp() *sqlstate.Error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range for timestamp")
}

func errIntervalRange() *sqlstate.Error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
}

func errZoneParameter(name string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"%s\"", name)
}

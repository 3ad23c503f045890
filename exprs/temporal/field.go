package temporal

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Field is a part of a date, time or interval: what EXTRACT takes out, what date_trunc keeps, what an interval's number counts.
type Field uint8

// The fields. FieldNone is no field; FieldOther stands for words that EXTRACT knows as special values and no type supports ('now', 'today').
const (
	FieldNone Field = iota
	FieldMicroseconds
	FieldMilliseconds
	FieldSecond
	FieldMinute
	FieldHour
	FieldDay
	FieldWeek
	FieldMonth
	FieldQuarter
	FieldYear
	FieldDecade
	FieldCentury
	FieldMillennium
	FieldISOYear
	FieldDOW
	FieldISODOW
	FieldDOY
	FieldJulian
	FieldEpoch
	FieldTimezone
	FieldTimezoneHour
	FieldTimezoneMinute
	FieldOther
)

// Source is the type of the value a field is taken from.
type Source uint8

// The sources.
const (
	SourceTimestamp Source = iota
	SourceTimestampTZ
	SourceDate
	SourceTime
	SourceInterval
)

// String gives the type's name as PostgreSQL prints it.
func (s Source) String() string {
	switch s {
	case SourceTimestamp:
		return "timestamp without time zone"
	case SourceTimestampTZ:
		return "timestamp with time zone"
	case SourceDate:
		return "date"
	case SourceTime:
		return "time without time zone"
	}
	return "interval"
}

// fieldSet is a set of Fields.
type fieldSet uint32

func setOf(fields ...Field) fieldSet {
	var s fieldSet
	for _, f := range fields {
		s |= 1 << f
	}
	return s
}

func (s fieldSet) has(f Field) bool { return s&(1<<f) != 0 }

// ExtractField finds the field that a name, in any case, stands for in EXTRACT and date_part. Abbreviations and plurals count ('hrs', 'years').
func ExtractField(name string) (Field, bool) {
	name = strings.ToLower(name)
	w, known := findWord(unitWords, name)
	if !known {
		w, known = findWord(dateWords, name)
	}
	switch {
	case !known:
		return FieldNone, false
	case w.kind == wordUnit:
		return Field(w.value), true
	case w.kind == wordSpecial && special(w.value) == specialEpoch:
		return FieldEpoch, true
	case w.kind == wordSpecial:
		return FieldOther, true
	}
	return FieldNone, false
}

// TruncField finds the field of a name in date_trunc, where only units of time count.
func TruncField(name string) (Field, bool) {
	w, known := findWord(unitWords, strings.ToLower(name))
	if !known || w.kind != wordUnit {
		return FieldNone, false
	}
	return Field(w.value), true
}

// Extractable tells whether EXTRACT supports the field for a type.
func Extractable(f Field, from Source) bool {
	clock := setOf(FieldMicroseconds, FieldMilliseconds, FieldSecond, FieldMinute, FieldHour, FieldEpoch)
	date := setOf(FieldDay, FieldMonth, FieldQuarter, FieldYear, FieldDecade, FieldCentury, FieldMillennium)
	calendar := date | setOf(FieldWeek, FieldISOYear, FieldDOW, FieldISODOW, FieldDOY, FieldJulian)
	switch from {
	case SourceTimestamp:
		return (clock | calendar).has(f)
	case SourceTimestampTZ:
		return (clock | calendar | setOf(FieldTimezone, FieldTimezoneHour, FieldTimezoneMinute)).has(f)
	case SourceDate:
		return (calendar | setOf(FieldEpoch)).has(f)
	case SourceTime:
		return clock.has(f)
	}
	return (clock | date).has(f)
}

// FieldRange gives the least and the greatest value of a field of timestamps and dates that is a whole number and has few values. Of years, decades, centuries
// and millennia it gives those of the years 1900 to 2155, which have 256 values as a byte has.
func FieldRange(f Field) (low, high int64, ok bool) {
	const firstYear, lastYear = 1900, 2155
	switch f {
	case FieldHour:
		return 0, 23, true
	case FieldMinute:
		return 0, 59, true
	case FieldDOW:
		return 0, 6, true
	case FieldISODOW:
		return 1, 7, true
	case FieldDay:
		return 1, 31, true
	case FieldDOY:
		return 1, 366, true
	case FieldWeek:
		return 1, 53, true
	case FieldMonth:
		return 1, 12, true
	case FieldQuarter:
		return 1, 4, true
	case FieldYear, FieldISOYear:
		return firstYear, lastYear, true
	case FieldDecade:
		return firstYear / 10, lastYear / 10, true
	case FieldCentury:
		return firstYear / 100, lastYear/100 + 1, true
	case FieldMillennium:
		return firstYear/1000 + 1, lastYear/1000 + 1, true
	}
	return 0, 0, false
}

// Truncatable tells whether date_trunc supports the field for a type.
func Truncatable(f Field, from Source) bool {
	units := setOf(FieldMicroseconds, FieldMilliseconds, FieldSecond, FieldMinute, FieldHour, FieldDay, FieldMonth, FieldQuarter,
		FieldYear, FieldDecade, FieldCentury, FieldMillennium)
	return units.has(f) || (f == FieldWeek && from != SourceInterval)
}

// ResolveExtract finds the field for EXTRACT(name FROM value of a type), or fails: 22023 for an unknown name, 0A000 for one that the type does
// not support. It is meant to be called once, when a statement is planned.
func ResolveExtract(name string, from Source) (Field, error) {
	f, ok := ExtractField(name)
	if !ok || (f == FieldOther && from >= SourceTime) {
		return FieldNone, errUnknownUnit(name, from)
	}
	if !Extractable(f, from) {
		return FieldNone, errUnsupportedUnit(name, from)
	}
	return f, nil
}

// ResolveTrunc is ResolveExtract for date_trunc.
func ResolveTrunc(name string, from Source) (Field, error) {
	f, ok := TruncField(name)
	if !ok {
		return FieldNone, errUnknownUnit(name, from)
	}
	if !Truncatable(f, from) {
		err := errUnsupportedUnit(name, from)
		if f == FieldWeek {
			err = err.WithDetail("Months usually have fractional weeks.")
		}
		return FieldNone, err
	}
	return f, nil
}

func errUnknownUnit(name string, from Source) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "unit \"%s\" not recognized for type %s", strings.ToLower(name), from)
}

func errUnsupportedUnit(name string, from Source) *sqlstate.Error {
	return sqlstate.New(sqlstate.FeatureNotSupported, "unit \"%s\" not supported for type %s", strings.ToLower(name), from)
}

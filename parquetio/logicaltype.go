package parquetio

import (
	"fmt"
	"math"
)

// logicalKind is what the values of a column mean: the number of the field in LogicalType of parquet.thrift, and beyond those what only the older
// ConvertedType can say.
type logicalKind uint8

const (
	logicalNone      logicalKind = 0 // nothing is said; or it is of a later version of Parquet, whose readers the specification asks to ignore it
	logicalString    logicalKind = 1
	logicalMap       logicalKind = 2
	logicalList      logicalKind = 3
	logicalEnum      logicalKind = 4
	logicalDecimal   logicalKind = 5
	logicalDate      logicalKind = 6
	logicalTime      logicalKind = 7
	logicalTimestamp logicalKind = 8
	logicalInteger   logicalKind = 10
	logicalNull      logicalKind = 11 // UNKNOWN: all values are NULL
	logicalJSON      logicalKind = 12
	logicalBSON      logicalKind = 13
	logicalUUID      logicalKind = 14
	logicalFloat16   logicalKind = 15
	logicalVariant   logicalKind = 16
	logicalGeometry  logicalKind = 17
	logicalGeography logicalKind = 18

	logicalInterval logicalKind = 64
	logicalBare     logicalKind = 65 // ConvertedType 24, with which writers of old marked what they could not name
	logicalBad      logicalKind = 66 // a ConvertedType that there is not
)

// timeUnit is the number of the field in TimeUnit of parquet.thrift.
type timeUnit uint8

const (
	unitNone   timeUnit = 0
	unitMillis timeUnit = 1
	unitMicros timeUnit = 2
	unitNanos  timeUnit = 3
)

// logicalType is LogicalType, or what a ConvertedType means.
type logicalType struct {
	kind             logicalKind
	unit             timeUnit // of times and timestamps
	utc              bool     // they are adjusted to UTC
	signed           bool     // of integers
	width            int8     // of integers, in bits
	converted        bool     // it comes from a ConvertedType
	scale, precision int32    // of decimals
	detail           string   // of geometries and geographies: what String shows of them
}

// String gives the type as reports have it, and as arrow-go names it.
func (l logicalType) String() string {
	unit := [...]string{"unknown", "milliseconds", "microseconds", "nanoseconds"}[l.unit]
	switch l.kind {
	case logicalDecimal:
		return fmt.Sprintf("Decimal(precision=%d, scale=%d)", l.precision, l.scale)
	case logicalTime:
		return fmt.Sprintf("Time(isAdjustedToUTC=%t, timeUnit=%s)", l.utc, unit)
	case logicalTimestamp:
		return fmt.Sprintf("Timestamp(isAdjustedToUTC=%t, timeUnit=%s, is_from_converted_type=%t, force_set_converted_type=false)", l.utc, unit, l.converted)
	case logicalInteger:
		return fmt.Sprintf("Int(bitWidth=%d, isSigned=%t)", l.width, l.signed)
	case logicalInterval:
		return "Interval"
	case logicalBare:
		return "Unknown"
	case logicalBad:
		return "of an unknown ConvertedType"
	}
	return [...]string{
		logicalNone: "None", logicalString: "String", logicalMap: "Map", logicalList: "List", logicalEnum: "Enum", logicalDate: "Date", logicalNull: "Null",
		logicalJSON: "JSON", logicalBSON: "BSON", logicalUUID: "UUID", logicalFloat16: "Float16", logicalVariant: "Variant", logicalGeometry: "Geometry",
		logicalGeography: "Geography",
	}[l.kind] + l.detail
}

// convertedType gives the logical type that a ConvertedType of parquet.thrift stands for. Precision and scale are those of its schema element.
func convertedType(number, precision, scale int32) logicalType {
	l := logicalType{converted: true}
	switch number {
	case -1:
	case 0:
		l.kind = logicalString
	case 1, 2:
		l.kind = logicalMap
	case 3:
		l.kind = logicalList
	case 4:
		l.kind = logicalEnum
	case 5:
		l.kind, l.precision, l.scale = logicalDecimal, precision, scale
	case 6:
		l.kind = logicalDate
	case 7, 8: // milliseconds, microseconds
		l.kind, l.utc, l.unit = logicalTime, true, unitMillis+timeUnit(number-7)
	case 9, 10:
		l.kind, l.utc, l.unit = logicalTimestamp, true, unitMillis+timeUnit(number-9)
	case 11, 12, 13, 14:
		l.kind, l.width = logicalInteger, int8(8)<<(number-11)
	case 15, 16, 17, 18:
		l.kind, l.width, l.signed = logicalInteger, int8(8)<<(number-15), true
	case 19:
		l.kind = logicalJSON
	case 20:
		l.kind = logicalBSON
	case 21:
		l.kind = logicalInterval
	case 24:
		l.kind = logicalBare
	default:
		l.kind = logicalBad
	}
	return l
}

// fit refuses a schema in which a logical type is on what cannot have it.
func (m *fileMeta) fit() error {
	for i := range m.schema {
		if e := &m.schema[i]; !e.fits(i == 0 || e.children > 0) {
			return fmt.Errorf("%w: %s cannot be %s", errSchema, short(e.path), short(e.String()))
		}
	}
	return nil
}

// fits tells whether a schema element may have its logical type: the table in LogicalTypes.md of Apache Parquet.
func (e *schemaElement) fits(group bool) bool {
	l := &e.logical
	if group {
		return l.kind == logicalNone || l.kind == logicalMap || l.kind == logicalList || l.kind == logicalVariant
	}
	fixed := e.physical == physFixed
	if fixed && e.length <= 0 {
		return false
	}
	switch l.kind {
	case logicalNone, logicalNull, logicalBare:
		return true
	case logicalString, logicalEnum, logicalJSON, logicalBSON, logicalGeometry, logicalGeography:
		return e.physical == physByteArray
	case logicalDecimal:
		return e.fitsDecimal()
	case logicalDate:
		return e.physical == physInt32
	case logicalTime:
		return e.physical == physInt32 && l.unit == unitMillis || e.physical == physInt64 && l.unit != unitMillis
	case logicalTimestamp:
		return e.physical == physInt64
	case logicalInteger:
		return e.physical == physInt32 && l.width <= 32 || e.physical == physInt64 && l.width == 64
	case logicalUUID:
		return fixed && e.length == 16
	case logicalInterval:
		return fixed && e.length == 12
	case logicalFloat16:
		return fixed && e.length == 2
	}
	return false
}

// fitsDecimal is fits for decimals. Those of a ConvertedType were never held to the digits that their bytes have room for.
func (e *schemaElement) fitsDecimal() bool {
	precision := e.logical.precision
	if e.logical.converted {
		right := precision > 0 && e.logical.scale >= 0 && e.logical.scale <= precision
		return right && (e.physical == physInt32 || e.physical == physInt64 || e.physical == physByteArray || e.physical == physFixed)
	}
	switch e.physical {
	case physInt32:
		return precision >= 1 && precision <= 9
	case physInt64:
		return precision >= 1 && precision <= 18
	case physFixed: // of more bytes the greatest value is beyond a float64
		return e.length <= 128 && float64(precision) <= math.Floor(float64(8*e.length-1)*math.Log10(2))
	}
	return e.physical == physByteArray
}

// Package arrowschema knows Stoa's SQL types and what each is in Arrow: the data type of a column in memory and in results, the extension type
// that gives it its meaning, the schema of a table. It knows nothing of values, tables or files.
package arrowschema

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
)

// Type is an SQL type, without its modifier. The order within a category is PostgreSQL's order of implicit casts.
type Type uint8

// The SQL types. Unknown is the type of a bare string literal or NULL until its context gives it another.
const (
	Unknown Type = iota
	Bool
	Int2
	Int4
	Int8
	Numeric
	Float4
	Float8
	Varchar
	Text
	UUID
	JSON
	JSONB
	Date
	Time
	Timestamp
	TimestampTZ
	Interval
	Void
	typeCount
)

// Physical is the Go slice in which a vector holds values of a type.
type Physical uint8

// The physical forms. Ints hold integers of every width, dates (days since 1970-01-01), times and timestamps (microseconds, since midnight or
// 1970-01-01); Strings hold text and the text of json and jsonb (jsonb in PostgreSQL's canonical form).
const (
	Bools Physical = iota
	Ints
	Floats
	Strings
	UUIDs
	Decs
	Intervals
)

// Category groups types as PostgreSQL's typcategory does, for overload resolution.
type Category byte

// The categories (pg_type.typcategory).
const (
	CategoryUnknown  Category = 'X'
	CategoryBool     Category = 'B'
	CategoryNumeric  Category = 'N'
	CategoryString   Category = 'S'
	CategoryDateTime Category = 'D'
	CategoryTimespan Category = 'T'
	CategoryUser     Category = 'U'
	CategoryPseudo   Category = 'P'
)

// typeInfo is what is constant about a type.
type typeInfo struct {
	name      string // PostgreSQL's internal name: pg_type.typname
	sql       string // the name that format_type() and error messages give
	physical  Physical
	category  Category
	preferred bool // preferred within its category
}

var types = [typeCount]typeInfo{
	Unknown:     {"unknown", "unknown", Strings, CategoryUnknown, false},
	Bool:        {"bool", "boolean", Bools, CategoryBool, true},
	Int2:        {"int2", "smallint", Ints, CategoryNumeric, false},
	Int4:        {"int4", "integer", Ints, CategoryNumeric, false},
	Int8:        {"int8", "bigint", Ints, CategoryNumeric, false},
	Numeric:     {"numeric", "numeric", Decs, CategoryNumeric, false},
	Float4:      {"float4", "real", Floats, CategoryNumeric, false},
	Float8:      {"float8", "double precision", Floats, CategoryNumeric, true},
	Varchar:     {"varchar", "character varying", Strings, CategoryString, false},
	Text:        {"text", "text", Strings, CategoryString, true},
	UUID:        {"uuid", "uuid", UUIDs, CategoryUser, false},
	JSON:        {"json", "json", Strings, CategoryUser, false},
	JSONB:       {"jsonb", "jsonb", Strings, CategoryUser, false},
	Date:        {"date", "date", Ints, CategoryDateTime, false},
	Time:        {"time", "time without time zone", Ints, CategoryDateTime, false},
	Timestamp:   {"timestamp", "timestamp without time zone", Ints, CategoryDateTime, false},
	TimestampTZ: {"timestamptz", "timestamp with time zone", Ints, CategoryDateTime, true},
	Interval:    {"interval", "interval", Intervals, CategoryTimespan, true},
	Void:        {"void", "void", Strings, CategoryPseudo, false},
}

// String gives the name that PostgreSQL's error messages use: "bigint", "timestamp without time zone".
func (t Type) String() string { return types[t].sql }

// SafeValue implements sqlstate.SafeValue: messages may name types whatever they leave out.
func (t Type) SafeValue() {}

// Name gives PostgreSQL's internal name: "int8", "timestamp".
func (t Type) Name() string { return types[t].name }

// Physical gives the form in which vectors hold the type.
func (t Type) Physical() Physical { return types[t].physical }

// Category gives PostgreSQL's type category.
func (t Type) Category() Category { return types[t].category }

// Preferred tells whether the type is the preferred one of its category.
func (t Type) Preferred() bool { return types[t].preferred }

// Integer tells whether the type is one of the three integers.
func (t Type) Integer() bool { return t == Int2 || t == Int4 || t == Int8 }

// ByName finds a type by PostgreSQL's internal name, to which the parser normalises every synonym.
func ByName(name string) (Type, bool) {
	for t := Bool; t < typeCount; t++ {
		if types[t].name == name {
			return t, true
		}
	}
	return Unknown, false
}

// Arrow gives the Arrow type of the SQL type, in tables and in results.
//
// UUID and JSON carry Arrow's canonical extension types. NUMERIC has a scale of its own in every value, which no Arrow decimal can hold, so it
// travels as text under arrow.opaque("numeric", "PostgreSQL"), as the ADBC driver of PostgreSQL has it.
func (t Type) Arrow() arrow.DataType {
	switch t {
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	case Int2:
		return arrow.PrimitiveTypes.Int16
	case Int4:
		return arrow.PrimitiveTypes.Int32
	case Int8:
		return arrow.PrimitiveTypes.Int64
	case Numeric:
		return extensions.NewOpaqueType(arrow.BinaryTypes.String, "numeric", "PostgreSQL")
	case Float4:
		return arrow.PrimitiveTypes.Float32
	case Float8:
		return arrow.PrimitiveTypes.Float64
	case UUID:
		return extensions.NewUUIDType()
	case JSON, JSONB:
		json, err := extensions.NewJSONType(arrow.BinaryTypes.String)
		if err != nil { // the storage type is one of those allowed, so this cannot be; text is the honest fallback
			return arrow.BinaryTypes.String
		}
		return json
	case Date:
		return arrow.FixedWidthTypes.Date32
	case Time:
		return arrow.FixedWidthTypes.Time64us
	case Timestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case TimestampTZ:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Interval:
		return arrow.FixedWidthTypes.MonthDayNanoInterval
	default:
		return arrow.BinaryTypes.String
	}
}

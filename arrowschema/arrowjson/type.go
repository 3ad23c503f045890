package arrowjson

import "slices"

// Kind is the head of a type: the variant of Rust arrow's DataType.
type Kind uint8

// The kinds, one for each variant of Rust arrow's DataType.
const (
	Invalid Kind = iota
	Null
	Boolean
	Int8
	Int16
	Int32
	Int64
	UInt8
	UInt16
	UInt32
	UInt64
	Float16
	Float32
	Float64
	Date32
	Date64
	Binary
	LargeBinary
	BinaryView
	Utf8
	LargeUtf8
	Utf8View
	Timestamp
	Time32
	Time64
	Duration
	Interval
	FixedSizeBinary
	Decimal32
	Decimal64
	Decimal128
	Decimal256
	List
	LargeList
	ListView
	LargeListView
	FixedSizeList
	Struct
	Union
	Map
	Dictionary
	RunEndEncoded
	kindCount
)

var kindNames = [kindCount]string{
	Invalid: "", Null: "Null", Boolean: "Boolean",
	Int8: "Int8", Int16: "Int16", Int32: "Int32", Int64: "Int64", UInt8: "UInt8", UInt16: "UInt16", UInt32: "UInt32", UInt64: "UInt64",
	Float16: "Float16", Float32: "Float32", Float64: "Float64", Date32: "Date32", Date64: "Date64",
	Binary: "Binary", LargeBinary: "LargeBinary", BinaryView: "BinaryView", Utf8: "Utf8", LargeUtf8: "LargeUtf8", Utf8View: "Utf8View",
	Timestamp: "Timestamp", Time32: "Time32", Time64: "Time64", Duration: "Duration", Interval: "Interval",
	FixedSizeBinary: "FixedSizeBinary", Decimal32: "Decimal32", Decimal64: "Decimal64", Decimal128: "Decimal128", Decimal256: "Decimal256",
	List: "List", LargeList: "LargeList", ListView: "ListView", LargeListView: "LargeListView", FixedSizeList: "FixedSizeList",
	Struct: "Struct", Union: "Union", Map: "Map", Dictionary: "Dictionary", RunEndEncoded: "RunEndEncoded",
}

// String gives the name of the variant, "Timestamp" for instance.
func (k Kind) String() string {
	if k >= kindCount {
		return ""
	}
	return kindNames[k]
}

// kindOf finds the kind of a name, Invalid if there is none. Decimal is what Decimal128 was called up to release 19.
func kindOf(name string) Kind {
	for k := Null; k < kindCount; k++ {
		if kindNames[k] == name {
			return k
		}
	}
	if name == "Decimal" {
		return Decimal128
	}
	return Invalid
}

// simple tells whether the kind takes no arguments.
func (k Kind) simple() bool { return k >= Null && k <= Utf8View }

// integer tells whether the kind can be the key of a dictionary.
func (k Kind) integer() bool { return k >= Int8 && k <= UInt64 }

// maxPrecision is the number of decimal digits that a decimal kind holds, 0 for others.
func (k Kind) maxPrecision() int32 {
	switch k {
	case Decimal32:
		return 9
	case Decimal64:
		return 18
	case Decimal128:
		return 38
	case Decimal256:
		return 76
	}
	return 0
}

// unit is a TimeUnit, an IntervalUnit or a UnionMode: an enumeration that is an argument of a type.
type unit uint8

const (
	noUnit unit = iota
	second
	millisecond
	microsecond
	nanosecond
	yearMonth
	dayTime
	monthDayNano
	sparse
	dense
)

var unitNames = [...]string{
	"", "Second", "Millisecond", "Microsecond", "Nanosecond", "YearMonth", "DayTime", "MonthDayNano", "Sparse", "Dense",
}

// timeUnitOf reads a TimeUnit in its Debug or its Display form. Rust arrow writes the micro sign U+00B5; the Greek letter U+03BC looks the same.
func timeUnitOf(word string) unit {
	switch word {
	case "Second", "s":
		return second
	case "Millisecond", "ms":
		return millisecond
	case "Microsecond", "µs", "μs", "us":
		return microsecond
	case "Nanosecond", "ns":
		return nanosecond
	}
	return noUnit
}

// Type is an Arrow data type, a tree. It does not change once it is made, and may be shared. Get one from ParseType or TypeOf.
type Type struct {
	kind     Kind
	unit     unit  // of Timestamp, Time32, Time64, Duration, Interval, and the mode of Union
	hasZone  bool  // Timestamp with Some(zone), which may be empty
	sorted   bool  // Map: the keys are sorted
	elided   bool  // Struct([...])
	scale    int8  // of decimals
	size     int32 // FixedSizeBinary: bytes; FixedSizeList: elements; decimals: precision
	zone     string
	children []Field // list-likes and Map: one; Struct, Union: any number; RunEndEncoded: two
	ids      []int8  // Union: the type id of each child
	key      *Type   // Dictionary: the type of the keys
	value    *Type   // Dictionary: the type of the values
}

// Kind gives the variant of the type, Invalid for nil.
func (t *Type) Kind() Kind {
	if t == nil {
		return Invalid
	}
	return t.kind
}

// Elided tells whether the type is the contract's `Struct([...])`, whose children are not known.
func (t *Type) Elided() bool { return t != nil && t.elided }

// HasElided tells whether the type or any type within it is the elided struct.
func (t *Type) HasElided() bool {
	if t == nil {
		return false
	}
	return t.elided || t.key.HasElided() || t.value.HasElided() ||
		slices.ContainsFunc(t.children, func(f Field) bool { return f.Type.HasElided() })
}

// Children gives a copy of the fields within the type: the element of a list, the entries of a map, the members of a struct or union, the run
// ends and values of a run-end encoding. It is empty for other types, and for the elided struct.
func (t *Type) Children() []Field {
	if t == nil {
		return nil
	}
	return slices.Clone(t.children)
}

// Equal tells whether both types are the same in everything, the metadata and dictionary ids of the fields within them included.
func (t *Type) Equal(o *Type) bool {
	if t == nil || o == nil || t == o {
		return t == o
	}
	return t.kind == o.kind && t.unit == o.unit && t.hasZone == o.hasZone && t.sorted == o.sorted && t.elided == o.elided &&
		t.scale == o.scale && t.size == o.size && t.zone == o.zone && slices.EqualFunc(t.children, o.children, Field.Equal) &&
		slices.Equal(t.ids, o.ids) && t.key.Equal(o.key) && t.value.Equal(o.value)
}

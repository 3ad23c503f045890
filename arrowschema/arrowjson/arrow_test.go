package arrowjson

import (
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// everyType gives types of arrow-go of every id, with the text of each.
func everyType() map[string]arrow.DataType {
	i32, str := arrow.PrimitiveTypes.Int32, arrow.BinaryTypes.String
	a, b := arrow.Field{Name: "a", Type: i32, Nullable: true}, arrow.Field{Name: "b", Type: str}
	sorted := arrow.MapOf(str, i32)
	sorted.KeysSorted = true
	solid := arrow.RunEndEncodedOf(i32, str)
	solid.ValueNullable = false
	fa, fb := field("a", "Int32", true), field("b", "Utf8", false)
	entries := field("entries", "Struct(["+field("key", "Utf8", false)+", "+field("value", "Int32", true)+"])", false)
	return map[string]arrow.DataType{
		"Null": arrow.Null, "Boolean": arrow.FixedWidthTypes.Boolean,
		"Int8": arrow.PrimitiveTypes.Int8, "Int16": arrow.PrimitiveTypes.Int16, "Int32": i32, "Int64": arrow.PrimitiveTypes.Int64,
		"UInt8": arrow.PrimitiveTypes.Uint8, "UInt16": arrow.PrimitiveTypes.Uint16, "UInt32": arrow.PrimitiveTypes.Uint32, "UInt64": arrow.PrimitiveTypes.Uint64,
		"Float16": arrow.FixedWidthTypes.Float16, "Float32": arrow.PrimitiveTypes.Float32, "Float64": arrow.PrimitiveTypes.Float64,
		"Utf8": str, "LargeUtf8": arrow.BinaryTypes.LargeString, "Utf8View": arrow.BinaryTypes.StringView,
		"Binary": arrow.BinaryTypes.Binary, "LargeBinary": arrow.BinaryTypes.LargeBinary, "BinaryView": arrow.BinaryTypes.BinaryView,
		"Date32": arrow.FixedWidthTypes.Date32, "Date64": arrow.FixedWidthTypes.Date64,
		"Time32(Second)": arrow.FixedWidthTypes.Time32s, "Time32(Millisecond)": arrow.FixedWidthTypes.Time32ms,
		"Time64(Microsecond)": arrow.FixedWidthTypes.Time64us, "Time64(Nanosecond)": arrow.FixedWidthTypes.Time64ns,
		"Timestamp(Second, None)":                           &arrow.TimestampType{Unit: arrow.Second},
		"Timestamp(Millisecond, None)":                      &arrow.TimestampType{Unit: arrow.Millisecond},
		"Timestamp(Microsecond, Some(\"UTC\"))":             arrow.FixedWidthTypes.Timestamp_us,
		"Timestamp(Nanosecond, Some(\"Europe/Paris\"))":     &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "Europe/Paris"},
		"Duration(Second)":                                  arrow.FixedWidthTypes.Duration_s,
		"Duration(Millisecond)":                             arrow.FixedWidthTypes.Duration_ms,
		"Duration(Microsecond)":                             arrow.FixedWidthTypes.Duration_us,
		"Duration(Nanosecond)":                              arrow.FixedWidthTypes.Duration_ns,
		"Interval(YearMonth)":                               arrow.FixedWidthTypes.MonthInterval,
		"Interval(DayTime)":                                 arrow.FixedWidthTypes.DayTimeInterval,
		"Interval(MonthDayNano)":                            arrow.FixedWidthTypes.MonthDayNanoInterval,
		"FixedSizeBinary(16)":                               &arrow.FixedSizeBinaryType{ByteWidth: 16},
		"Decimal32(9, 2)":                                   &arrow.Decimal32Type{Precision: 9, Scale: 2},
		"Decimal64(18, -2)":                                 &arrow.Decimal64Type{Precision: 18, Scale: -2},
		"Decimal128(38, 10)":                                &arrow.Decimal128Type{Precision: 38, Scale: 10},
		"Decimal256(76, 0)":                                 &arrow.Decimal256Type{Precision: 76},
		"List(" + fa + ")":                                  arrow.ListOfField(a),
		"LargeList(" + fb + ")":                             arrow.LargeListOfField(b),
		"ListView(" + fa + ")":                              arrow.ListViewOfField(a),
		"LargeListView(" + fb + ")":                         arrow.LargeListViewOfField(b),
		"FixedSizeList(" + fa + ", 3)":                      arrow.FixedSizeListOfField(3, a),
		"Struct([" + fa + ", " + fb + "])":                  arrow.StructOf(a, b),
		"Struct([])":                                        arrow.StructOf(),
		"Union([(0, " + fa + "), (5, " + fb + ")], Sparse)": arrow.SparseUnionOf([]arrow.Field{a, b}, []int8{0, 5}),
		"Union([(127, " + fa + ")], Dense)":                 arrow.DenseUnionOf([]arrow.Field{a}, []int8{127}),
		"Map(" + entries + ", false)":                       arrow.MapOf(str, i32),
		"Map(" + entries + ", true)":                        sorted,
		"Dictionary(UInt16, Utf8)":                          &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: str},
		"RunEndEncoded(" + field("run_ends", "Int32", false) + ", " + field("values", "Utf8", true) + ")":  arrow.RunEndEncodedOf(i32, str),
		"RunEndEncoded(" + field("run_ends", "Int32", false) + ", " + field("values", "Utf8", false) + ")": solid,
	}
}

func TestEveryArrowTypeRoundTrips(t *testing.T) {
	t.Parallel()
	covered := map[arrow.Type]bool{arrow.EXTENSION: true}
	for want, dt := range everyType() {
		covered[dt.ID()] = true
		of, err := TypeOf(dt)
		require.NoError(t, err, want)
		require.Equal(t, want, of.String())
		parsed, err := ParseType(want)
		require.NoError(t, err, want)
		require.True(t, of.Equal(parsed), want)
		back, err := parsed.Arrow()
		require.NoError(t, err, want)
		require.True(t, arrow.TypeEqual(dt, back, arrow.CheckMetadata()), "%s: %s", want, back)
		require.Equal(t, dt.String(), back.String())
	}
	// Every id of arrow-go v18.8 is in the list.
	for id := arrow.NULL; id <= arrow.DECIMAL64; id++ {
		require.True(t, covered[id], "%s is missing", id)
	}
}

func TestFieldsAndSchemasRoundTrip(t *testing.T) {
	t.Parallel()
	opaque := extensions.NewOpaqueType(arrow.BinaryTypes.Binary, "geometry", "acme")
	jsonType, err := extensions.NewJSONType(arrow.BinaryTypes.String)
	require.NoError(t, err)
	schemaMetadata := arrow.NewMetadata([]string{"version", "a"}, []string{"3", "x"})
	ordered := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String, Ordered: true}
	a := arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: extensions.NewUUIDType(), Metadata: arrow.NewMetadata([]string{"PARQUET:field_id"}, []string{"1"})},
		{Name: "doc", Type: jsonType, Nullable: true},
		{Name: "shape", Type: opaque, Nullable: true},
		{Name: "flag", Type: extensions.NewBool8Type()},
		{Name: "status", Type: ordered},
		{Name: "nested", Type: arrow.ListOfField(arrow.Field{Name: "element", Type: extensions.NewUUIDType(), Nullable: true}), Nullable: true},
		{Name: "packed", Type: arrow.RunEndEncodedOf(arrow.PrimitiveTypes.Int16, jsonType)},
		{Name: "pairs", Type: arrow.MapOf(arrow.BinaryTypes.String, extensions.NewUUIDType())},
	}, &schemaMetadata)
	s, err := SchemaOf(a)
	require.NoError(t, err)
	require.Equal(t, `{"name": "id", "metadata": {"PARQUET:field_id": "1", "ARROW:extension:name": "arrow.uuid", "ARROW:extension:metadata": ""}, `+
		`"nullable": false, "data_type": "FixedSizeBinary(16)"}`, string(s.Fields[0].appendJSON(nil)))
	require.True(t, s.Fields[4].DictIsOrdered)

	parsed, err := ParseSchema(s.JSON())
	require.NoError(t, err)
	require.True(t, s.Equal(parsed))
	back, err := parsed.Arrow()
	require.NoError(t, err)
	require.True(t, a.Equal(back), back.String())
	require.Equal(t, schemaMetadata.ToMap(), back.Metadata().ToMap())
	for i, f := range back.Fields() {
		require.True(t, a.Field(i).Equal(f), "%s: %s", f.Name, f.Type)
	}
}

// What an extension type of arrow-go would write in other words than those that were read stays storage with its metadata.
func TestExtensionsStayStorageWhenTheirWordsWouldChange(t *testing.T) {
	t.Parallel()
	f := func(dataType, name string, more ...string) string {
		b := appendJSONString([]byte(`{"fields": [{"name": "a", "metadata": {"k": "v", "ARROW:extension:name": `), name)
		for _, text := range more {
			b = appendJSONString(append(b, `, "ARROW:extension:metadata": `...), text)
		}
		return string(append(appendJSONString(append(b, `}, "nullable": true, "data_type": `...), dataType), `}]}`...))
	}
	inList := field("item", "FixedSizeBinary(16)", false)
	inList = strings.Replace(inList, "metadata: {}", `metadata: {"ARROW:extension:name": "arrow.uuid"}`, 1)
	for _, c := range []struct {
		text      string
		extension bool
	}{
		{f("FixedSizeBinary(16)", "arrow.uuid"), false}, // as Rust arrow writes it
		{f("FixedSizeBinary(16)", "arrow.uuid", ""), true},
		{f("FixedSizeBinary(16)", "arrow.uuid", "junk"), false},
		{f("Int8", "arrow.bool8"), false},
		{f("Int8", "arrow.bool8", ""), true},
		{f("Utf8", "arrow.json"), false},
		{f("Utf8", "arrow.json", ""), true},
		{f("Utf8", "arrow.json", "{}"), false},
		{f("Utf8View", "arrow.json", "{ }"), false},
		{f("Utf8", "arrow.opaque", `{"type_name":"numeric","vendor_name":"PostgreSQL"}`), true},
		{f("Utf8", "arrow.opaque", `{"type_name": "numeric", "vendor_name": "PostgreSQL"}`), false},
		{f("Utf8", "arrow.opaque", `{"type_name":"numeric","vendor_name":"PostgreSQL","extra":1}`), false},
		{f("List("+inList+")", "acme.list"), false},
	} {
		s, err := ParseSchema(c.text)
		require.NoError(t, err)
		a, err := s.Arrow()
		require.NoError(t, err)
		require.Equal(t, c.extension, a.Field(0).Type.ID() == arrow.EXTENSION, c.text)
		back, err := SchemaOf(a)
		require.NoError(t, err)
		require.Equal(t, c.text, back.JSON())
	}
}

func TestUnknownExtensionsStayStorage(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"fields": [{"name": "a", "metadata": {"ARROW:extension:name": "acme.unheard"}, "nullable": true, "data_type": "Utf8"}]}`,
		`{"fields": [{"name": "a", "metadata": {"ARROW:extension:name": "arrow.uuid"}, "nullable": true, "data_type": "FixedSizeBinary(3)"}]}`,
		`{"fields": [{"name": "a", "metadata": {"ARROW:extension:name": "arrow.opaque", "ARROW:extension:metadata": "{"}, "nullable": true, "data_type": "Utf8"}]}`,
	} {
		s, err := ParseSchema(text)
		require.NoError(t, err)
		a, err := s.Arrow()
		require.NoError(t, err)
		require.NotEqual(t, arrow.EXTENSION, a.Field(0).Type.ID())
		back, err := SchemaOf(a)
		require.NoError(t, err)
		require.Equal(t, text, back.JSON())
	}
}

func TestTypesThatArrowGoCannotHold(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Struct([...])", "List(" + field("item", "Struct([...])", true) + ")", "Dictionary(Int8, Struct([...]))",
		"FixedSizeList(0 x Int8)", "FixedSizeList(-1 x Int8)", "FixedSizeBinary(-1)",
		"Decimal32(10, 0)", "Decimal64(19, 0)", "Decimal128(39, 0)", "Decimal128(0, 0)", "Decimal128(5, 6)", "Decimal256(77, 0)",
		"Map(" + field("entries", "Int8", false) + ", false)",
		"Map(" + field("entries", "Struct(["+field("key", "Utf8", true)+", "+field("value", "Utf8", true)+"])", false) + ", false)",
		"RunEndEncoded(non-null UInt32, Utf8)",
	} {
		parsed, err := ParseType(text)
		require.NoError(t, err, text)
		_, err = parsed.Arrow()
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err), text)
	}
}

func TestTypesThatArrowJSONCannotSpell(t *testing.T) {
	t.Parallel()
	ordered := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String, Ordered: true}
	deep := arrow.DataType(arrow.PrimitiveTypes.Int8)
	for range maxDepth {
		deep = arrow.ListOf(deep)
	}
	_, err := TypeOf(deep)
	require.NoError(t, err)
	for _, c := range []struct {
		dt   arrow.DataType
		code sqlstate.Code
	}{
		{nil, sqlstate.InternalError},
		{arrow.ListOf(deep), sqlstate.ProgramLimitExceeded},
		{&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: ordered}, sqlstate.FeatureNotSupported},
		{&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: extensions.NewUUIDType()}, sqlstate.FeatureNotSupported},
		{&arrow.DictionaryType{IndexType: arrow.BinaryTypes.String, ValueType: arrow.BinaryTypes.String}, sqlstate.FeatureNotSupported},
		{&arrow.Decimal128Type{Precision: 256}, sqlstate.FeatureNotSupported},
		{&arrow.Decimal128Type{Precision: -1}, sqlstate.FeatureNotSupported},
		{&arrow.Decimal256Type{Precision: 76, Scale: -129}, sqlstate.FeatureNotSupported},
		{&arrow.FixedSizeBinaryType{ByteWidth: math.MaxInt32 + 1}, sqlstate.FeatureNotSupported},
		{&arrow.Time32Type{Unit: arrow.Nanosecond}, sqlstate.FeatureNotSupported},
		{&arrow.Time64Type{Unit: arrow.Second}, sqlstate.FeatureNotSupported},
		{&arrow.TimestampType{Unit: 9}, sqlstate.FeatureNotSupported},
		{&arrow.TimestampType{TimeZone: "\xff"}, sqlstate.CharacterNotInRepertoire},
		{arrow.StructOf(arrow.Field{Name: "\xff", Type: arrow.Null}), sqlstate.CharacterNotInRepertoire},
	} {
		_, err := TypeOf(c.dt)
		require.Equal(t, c.code, sqlstate.CodeOf(err), "%v", c.dt)
	}
	_, err = SchemaOf(arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.Null}, {Name: "a", Type: arrow.Null}}, nil))
	require.Equal(t, sqlstate.DuplicateColumn, sqlstate.CodeOf(err))
}

package arrowjson

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// field is the canonical text of a field without metadata.
func field(name, dataType string, nullable bool) string {
	return fmt.Sprintf("Field { name: %q, data_type: %s, nullable: %t, dict_id: 0, dict_is_ordered: false, metadata: {} }", name, dataType, nullable)
}

func TestParseTypeOfEveryKindWithoutArguments(t *testing.T) {
	t.Parallel()
	for k := Null; k < kindCount; k++ {
		if !k.simple() {
			continue
		}
		parsed, err := ParseType("\n\t " + k.String() + "  ")
		require.NoError(t, err)
		require.Equal(t, k, parsed.Kind())
		require.Equal(t, k.String(), parsed.String())
	}
}

// The spellings that no release in testdata shows, or that are worth seeing.
func TestParseTypeSpellings(t *testing.T) {
	t.Parallel()
	item := field("item", "Int64", true)
	for _, c := range []struct{ text, want string }{
		{"Timestamp(Microsecond, None)", "Timestamp(Microsecond, None)"},
		{"Timestamp ( Microsecond ,\n None , )", "Timestamp(Microsecond, None)"},
		{"Timestamp(us)", "Timestamp(Microsecond, None)"},
		{"Timestamp(µs)", "Timestamp(Microsecond, None)"},
		{"Timestamp(\u03bcs)", "Timestamp(Microsecond, None)"},
		{`Timestamp(µs, "UTC")`, `Timestamp(Microsecond, Some("UTC"))`},
		{`Timestamp(Second, Some("Europe/Paris"))`, `Timestamp(Second, Some("Europe/Paris"))`},
		{`Timestamp(ns, "")`, `Timestamp(Nanosecond, Some(""))`},
		{"Date32(Day)", "Date32"},                  // release 3
		{"Date64(\n    Millisecond,\n)", "Date64"}, // release 3
		{ // release 2
			`Struct([Field { name: "b", data_type: Dictionary(Int8, Utf8), nullable: false, dict_id: 0, dict_is_ordered: false }])`,
			"Struct([" + field("b", "Dictionary(Int8, Utf8)", false) + "])",
		},
		{"Struct([...])", "Struct([...])"},
		{" Struct ( [ ... ] ) ", "Struct([...])"},
		{"List(" + field("item", "Struct([...])", true) + ")", "List(" + field("item", "Struct([...])", true) + ")"},
		{"Struct([])", "Struct([])"},
		{"Struct()", "Struct([])"},
		{"Decimal(10, 2)", "Decimal128(10, 2)"},
		{"Decimal128(10,-2)", "Decimal128(10, -2)"},
		{"Decimal256(76, 76)", "Decimal256(76, 76)"},
		{"FixedSizeBinary(0)", "FixedSizeBinary(0)"},
		{"FixedSizeBinary(-1)", "FixedSizeBinary(-1)"}, // as Rust arrow prints and reads what no array can have
		{"FixedSizeBinary(-2147483648)", "FixedSizeBinary(-2147483648)"},
		{"Decimal32(10, 127)", "Decimal32(10, 127)"},
		{"Decimal128(0, 0)", "Decimal128(0, 0)"},
		{"Decimal128(5, 10)", "Decimal128(5, 10)"},
		{"Decimal256(255, -128)", "Decimal256(255, -128)"},
		{"FixedSizeList(-1 x Int64)", "FixedSizeList(" + item + ", -1)"},
		{"FixedSizeList(" + item + ", -2147483648)", "FixedSizeList(" + item + ", -2147483648)"},
		{"List(Int64)", "List(" + item + ")"},
		{"List(nullable Int64)", "List(" + item + ")"},
		{"List(non-null Int64)", "List(" + field("item", "Int64", false) + ")"},
		{"List(non-null UInt64, field: 'foo')", "List(" + field("foo", "UInt64", false) + ")"},
		{"List(Int64, field: 'it's, so to say')", "List(" + field("it's, so to say", "Int64", true) + ")"},
		{"List(Int64, field: '')", "List(" + field("", "Int64", true) + ")"},
		{"FixedSizeList(3 x Int64)", "FixedSizeList(" + item + ", 3)"},
		{"FixedSizeList(3, Int64)", "FixedSizeList(" + item + ", 3)"},
		{"FixedSizeList(Int64, 3)", "FixedSizeList(" + item + ", 3)"},
		{"FixedSizeList(3 x non-null Int64, field: 'x')", "FixedSizeList(" + field("x", "Int64", false) + ", 3)"},
		{"Struct(f1 Int64, my column Utf8)", "Struct([" + field("f1", "Int64", true) + ", " + field("my column", "Utf8", true) + "])"},
		{"Struct(Field Int64, metadata Timestamp(Second, None))", "Struct([" + field("Field", "Int64", true) + ", " + field("metadata", "Timestamp(Second, None)", true) + "])"},
		{`Struct("a": Int64, "b": non-null Utf8)`, "Struct([" + field("a", "Int64", true) + ", " + field("b", "Utf8", false) + "])"},
		{`Struct("a": nullable Int64, "b": Utf8)`, "Struct([" + field("a", "Int64", true) + ", " + field("b", "Utf8", false) + "])"},
		{`Struct("nullable": Int64, "b": Utf8)`, "Struct([" + field("nullable", "Int64", true) + ", " + field("b", "Utf8", true) + "])"},
		{
			`Map("entries": Struct("key": Utf8, "value": Int32), sorted)`, // of 57.0, or its entries would be nullable
			"Map(" + field("entries", "Struct(["+field("key", "Utf8", false)+", "+field("value", "Int32", false)+"])", false) + ", true)",
		},
		{
			`Map("entries": non-null Struct("key": non-null Utf8, "value": Int32), unsorted)`,
			"Map(" + field("entries", "Struct(["+field("key", "Utf8", false)+", "+field("value", "Int32", true)+"])", false) + ", false)",
		},
		{"RunEndEncoded(non-null Int32, Utf8)", "RunEndEncoded(" + field("run_ends", "Int32", false) + ", " + field("values", "Utf8", true) + ")"},
		{`RunEndEncoded("run_ends": non-null Int32, "values": Utf8)`, "RunEndEncoded(" + field("run_ends", "Int32", false) + ", " + field("values", "Utf8", true) + ")"},
		{`RunEndEncoded("run_ends": Int32, "values": Utf8)`, "RunEndEncoded(" + field("run_ends", "Int32", false) + ", " + field("values", "Utf8", false) + ")"},
		{`Union(Sparse, 0: ("a": Int32), 5: ("b": non-null Utf8))`, "Union([(0, " + field("a", "Int32", true) + "), (5, " + field("b", "Utf8", false) + ")], Sparse)"},
		{"Union(Dense, )", "Union([], Dense)"},
		{"Union([" + field("a", "Int32", true) + "])", "Union([(0, " + field("a", "Int32", true) + ")], Sparse)"},
		{"Union([" + field("a", "Int32", true) + "], Dense)", "Union([(0, " + field("a", "Int32", true) + ")], Dense)"},
		{"Union([" + field("a", "Int32", true) + "], [7], Dense)", "Union([(7, " + field("a", "Int32", true) + ")], Dense)"},
		{"Dictionary(Int32, Dictionary(Int8, Timestamp(ms)))", "Dictionary(Int32, Dictionary(Int8, Timestamp(Millisecond, None)))"},
		{"List(Field { data_type: Int64, nullable: true })", "List(" + item + ")"},
		{"List(Field{nullable:true,metadata:None,data_type:Int64,name:\"item\",})", "List(" + item + ")"},
		{
			`Struct([Field { name: "d", data_type: Dictionary(Int8, Utf8), nullable: false, dict_id: -7, dict_is_ordered: true, metadata: Some({"b": "2", "a": "\u{301}"}) }])`,
			`Struct([Field { name: "d", data_type: Dictionary(Int8, Utf8), nullable: false, dict_id: -7, dict_is_ordered: true, metadata: {"a": "\u{301}", "b": "2"} }])`,
		},
		{`List(Int64, metadata: {"k": "v"})`, `List(Field { name: "item", data_type: Int64, nullable: true, dict_id: 0, dict_is_ordered: false, metadata: {"k": "v"} })`},
	} {
		parsed, err := ParseType(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, parsed.String(), c.text)
		again, err := ParseType(parsed.String())
		require.NoError(t, err)
		require.True(t, parsed.Equal(again), c.text)
	}
}

func TestParseTypeErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		at   int
		why  string
	}{
		{"", 0, "expected a data type, found the end of the text"},
		{"  ", 2, "expected a data type"},
		{"int64", 0, `unknown type "int64"`},
		{"Int128", 0, `unknown type "Int128"`},
		{"List(Int128)", 5, `unknown type "Int128"`},
		{"Int64 Int64", 6, `nothing may follow the type, found "Int64"`},
		{"Date32(Millisecond)", 7, "expected Day, the unit of a date"},
		{"Int64(3)", 5, "nothing may follow the type"},
		{"Timestamp", 9, `expected "(", found the end of the text`},
		{"Timestamp(Fortnight, None)", 10, "expected a time unit"},
		{"Timestamp(Second, Nothing)", 18, "expected a time zone"},
		{`Timestamp(Second, Some(UTC))`, 23, "expected a string in double quotes"},
		{`Timestamp(Second, Some("UTC"`, 28, `expected ")"`},
		{`Timestamp(Second, Some("UTC`, 23, "the string has no end"},
		{`Timestamp(Second, Some("\q"))`, 24, "unknown escape"},
		{`Timestamp(Second, Some("\u{110000}"))`, 24, `expected \u{…}`},
		{`Timestamp(Second, Some("\u{d800}"))`, 24, `expected \u{…}`},
		{`Timestamp(Second, Some("\u{}"))`, 24, `expected \u{…}`},
		{`Timestamp(Second, Some("\x80"))`, 24, `expected \x`},
		{"Time32(Microsecond)", 7, "Time32 counts seconds or milliseconds"},
		{"Time64(s)", 7, "Time64 counts microseconds or nanoseconds"},
		{"Interval(Year)", 9, "expected an interval unit (YearMonth, DayTime, MonthDayNano)"},
		{"FixedSizeBinary(2147483648)", 16, "expected the number of bytes, an integer from -2147483648 to 2147483647"},
		{"FixedSizeBinary(-2147483649)", 16, "expected the number of bytes"},
		{"FixedSizeBinary(1.5)", 17, `expected ")"`},
		{"FixedSizeBinary(Int32)", 16, "expected the number of bytes"},
		{"Decimal32(256, 0)", 10, "expected the precision, an integer from 0 to 255"},
		{"Decimal128(-1, 0)", 11, "expected the precision"},
		{"Decimal128(5, 128)", 14, "expected the scale, an integer from -128 to 127"},
		{"Decimal128(5, -129)", 14, "expected the scale"},
		{"FixedSizeList(-2147483649 x Int8)", 14, "expected the number of elements, an integer from -2147483648 to 2147483647"},
		{"FixedSizeList(Int8, 2147483648)", 20, "expected the number of elements"},
		{"Dictionary(Utf8, Int32)", 11, "the keys of a dictionary are of an integer type"},
		{"Dictionary(Int32)", 16, `expected ","`},
		{"Struct([Int32])", 8, `expected "Field {", found "Int32"`},
		{"Struct([Field { name: \"a\" }])", 8, "the field has no data_type"},
		{"Struct([Field { name: \"a\", name: \"b\" }])", 27, "name is given twice"},
		{"Struct([Field { colour: 1 }])", 16, "expected name, data_type"},
		{"Struct([Field { nullable: yes }])", 26, "expected true or false"},
		{"Struct([Field { dict_id: 9223372036854775808 }])", 25, "expected the id of a dictionary"},
		{`Struct([Field { metadata: {"a": "1", "a": "2"} }])`, 37, "the metadata have a key twice"},
		{"Struct([..])", 8, `expected "Field {"`},
		{"Struct([...)", 11, `expected "]"`},
		{`Struct("a" Int32)`, 11, `expected ":"`},
		{`Struct("a": )`, 12, "expected a data type"},
		{"Struct(a)", 7, "expected a field"},
		{"Struct(a Int)", 7, "expected a field"},
		{"List(Int32, field: 'a)", 19, "the name has no end"},
		{"List(Int32, field: a)", 19, "expected a name in single quotes"},
		{"Map(Field { data_type: Int8 }, maybe)", 31, "expected whether the keys are sorted"},
		{"Union(Loose)", 6, "expected the mode of a union (Sparse, Dense)"},
		{`Union(Sparse, 0: ("a": Int8), 0: ("b": Int8))`, 30, "the union has the type id 0 twice"},
		{`Union(Sparse, 128: ("a": Int8))`, 14, "expected a type id, an integer from 0 to 127"},
		{"Union([Field { data_type: Int8 }], [0, 1], Sparse)", 35, "the union has 2 type ids for 1 members"},
		{"List(\xff)", 5, "the text is not UTF-8"},
		{"List(Int32,,)", 11, `expected ")"`},
		{"Struct([Field { data_type: Int8 },, Field { data_type: Int8 }])", 34, `expected "Field {"`},
		{strings.Repeat("List(", 65) + "Int8" + strings.Repeat(")", 65), 5 * 64, "types may nest 64 deep at most"},
	} {
		parsed, err := ParseType(c.text)
		require.Error(t, err, c.text)
		require.Nil(t, parsed, c.text)
		var e *sqlstate.Error
		require.True(t, errors.As(err, &e), c.text)
		require.Equal(t, sqlstate.InvalidTextRepresentation, e.Code)
		require.True(t, strings.HasPrefix(e.Message, "invalid Arrow data type "), e.Message)
		require.Contains(t, e.Message, fmt.Sprintf("at byte %d: ", c.at), c.text)
		require.Contains(t, e.Message, c.why, c.text)
		require.Less(t, len(e.Message), 400)
	}
	_, err := ParseType(strings.Repeat("List(", 64) + "Int8" + strings.Repeat(")", 64))
	require.NoError(t, err)
}

func TestErrorShowsTheTextAroundTheByte(t *testing.T) {
	t.Parallel()
	_, err := ParseType(strings.Repeat("Dictionary(Int8, ", 20) + "Oops" + strings.Repeat(")", 40))
	require.ErrorContains(t, err, `"…ctionary(Int8, Dictionary(Int8, Oops)))`)
	require.ErrorContains(t, err, `…" at byte 340: unknown type "Oops"`)
	_, err = ParseType(`List(Int8, field: '` + strings.Repeat("é", 100) + `)`)
	require.ErrorContains(t, err, "…")
}

// Parsing takes time in proportion to the text, whatever the text repeats.
func TestParseTypeIsLinear(t *testing.T) {
	t.Parallel()
	const n = 50_000
	for _, text := range []string{
		"List(Int8, field: '" + strings.Repeat("' , metadata ", n),
		"List(Int8, field: '" + strings.Repeat("'", n),
		"Struct(" + strings.Repeat("a ", n),
		"Struct(" + strings.Repeat("Int8 ", n),
		"Struct(" + strings.Repeat("a Int8, ", n) + ")",
		"Struct([" + strings.Repeat("Field { data_type: Int8 }, ", n) + "])",
		"Struct([Field { metadata: {" + strings.Repeat(`"", `, n),
		"Struct([Field { name: \"" + strings.Repeat(`\u{1}`, n),
		strings.Repeat(" ", n) + "?",
		strings.Repeat("List(", n),
	} {
		_, _ = ParseType(text) // a quadratic parser takes minutes
	}
}

package arrowjson

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// contractSchema is the example of the contract, in its order of keys.
const contractSchema = `{
  "fields": [
    {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}},
    {"name": "user_id", "data_type": "Utf8", "nullable": false, "metadata": {}},
    {"name": "content", "data_type": "Utf8", "nullable": false, "metadata": {}},
    {"name": "created_at", "data_type": "Timestamp(Microsecond, None)", "nullable": false, "metadata": {}},
    {"name": "metadata", "data_type": "Struct([...])", "nullable": true, "metadata": {}}
  ]
}`

// PostgreSQL 15: select '…'::jsonb of the above.
const contractJSONB = `{"fields": [{"name": "id", "metadata": {}, "nullable": false, "data_type": "Int64"}, ` +
	`{"name": "user_id", "metadata": {}, "nullable": false, "data_type": "Utf8"}, ` +
	`{"name": "content", "metadata": {}, "nullable": false, "data_type": "Utf8"}, ` +
	`{"name": "created_at", "metadata": {}, "nullable": false, "data_type": "Timestamp(Microsecond, None)"}, ` +
	`{"name": "metadata", "metadata": {}, "nullable": true, "data_type": "Struct([...])"}]}`

func TestContractSchema(t *testing.T) {
	t.Parallel()
	s, err := ParseSchema(contractSchema)
	require.NoError(t, err)
	require.Len(t, s.Fields, 5)
	require.Equal(t, contractJSONB, s.JSON())
	require.True(t, s.Fields[4].Type.Elided())
	require.True(t, s.Fields[4].Type.HasElided())

	_, err = s.Arrow()
	require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, "the fields of the type Struct([...]) are not known")
	var e *sqlstate.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, `field "metadata" of the Arrow schema`, e.Where)
	require.NotEmpty(t, e.Hint)

	s.Fields = s.Fields[:4]
	a, err := s.Arrow()
	require.NoError(t, err)
	back, err := SchemaOf(a)
	require.NoError(t, err)
	require.True(t, s.Equal(back))
}

func TestParseSchemaForms(t *testing.T) {
	t.Parallel()
	column := func(dataType string) string {
		return `{"fields": [{"name": "a", "metadata": {}, "nullable": true, "data_type": ` + dataType + `}]}`
	}
	for _, c := range []struct{ text, want string }{
		{`{"fields":[]}`, `{"fields": []}`},
		{`{"fields":[],"metadata":{},"options":{}}`, `{"fields": []}`},
		{`{"metadata":{"bb":"1","a":"\u00e9\u0001\/"},"fields":[]}`, `{"fields": [], "metadata": {"a": "é\u0001/", "bb": "1"}}`},
		{`{"fields":[],"options":{"rows":[1e2,true,null,"x"],"b":{"cc":1,"a":{}}}}`, `{"fields": [], "options": {"b": {"a": {}, "cc": 1}, "rows": [1e2, true, null, "x"]}}`},
		{`{"fields":[{"data_type":"Int8","name":"a"}]}`, column(`"Int8"`)},
		{`{"fields":[{"data_type":"Int8","name":"a","metadata":null,"dict_id":0,"dict_is_ordered":false,"nullable":true}]}`, column(`"Int8"`)},
		{
			`{"fields":[{"data_type":"Dictionary(Int8, Utf8)","name":"a","dict_id":-3,"dict_is_ordered":true,"nullable":true}]}`,
			`{"fields": [{"name": "a", "dict_id": -3, "metadata": {}, "nullable": true, "data_type": "Dictionary(Int8, Utf8)", "dict_is_ordered": true}]}`,
		},
		{`{"fields":[{"name":"\ud83d\ude00\"\\\b\f\n\r\t","data_type":"Null","nullable":false}]}`, `{"fields": [{"name": "😀\"\\\b\f\n\r\t", "metadata": {}, "nullable": false, "data_type": "Null"}]}`},
		{column(`"Timestamp(ns, \"UTC\")"`), column(`"Timestamp(Nanosecond, Some(\"UTC\"))"`)},
		{column(`{"Timestamp":["Nanosecond","a\"b"]}`), column(`"Timestamp(Nanosecond, Some(\"a\\\"b\"))"`)},
		{column(`{"Timestamp":["Nanosecond",null]}`), column(`"Timestamp(Nanosecond, None)"`)},
		{column(`{"Date32":"Day"}`), column(`"Date32"`)},
		{column(`{"FixedSizeBinary":16}`), column(`"FixedSizeBinary(16)"`)},
		{column(`{"FixedSizeBinary":-1}`), column(`"FixedSizeBinary(-1)"`)},
		{column(`{"Decimal":[10,2]}`), column(`"Decimal128(10, 2)"`)},
		{column(`{"Decimal64":[0,10]}`), column(`"Decimal64(0, 10)"`)},
		{column(`{"FixedSizeList":[{"name":"item","data_type":"Int8"},-1]}`), column(string(appendJSONString(nil, "FixedSizeList("+field("item", "Int8", true)+", -1)")))},
		{column(`{"Dictionary":["Int32",{"Time64":"Nanosecond"}]}`), column(`"Dictionary(Int32, Time64(Nanosecond))"`)},
		{column(`{"Union":[[],"Dense"]}`), column(`"Union([], Dense)"`)},
	} {
		s, err := ParseSchema(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, s.JSON(), c.text)
		again, err := ParseSchema(s.JSON())
		require.NoError(t, err)
		require.True(t, s.Equal(again), c.text)
		require.Equal(t, c.want, again.JSON())
	}
}

func TestParseSchemaErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		at   int
		why  string
	}{
		{``, 0, "expected a value, found the end of the text"},
		{`<current_schema_as_json>`, 0, `expected a value, found "<"`},
		{`{"fields":[]`, 12, `expected "," or "}", found the end of the text`},
		{`{"fields":[]} x`, 14, "nothing may follow the value"},
		{`{"fields":[],}`, 13, "expected a key in double quotes"},
		{`{"fields":[,]}`, 11, "expected a value"},
		{`{"fields" []}`, 10, `expected ":"`},
		{`{"fields":[01]}`, 12, `expected "," or "]"`},
		{`{"fields":[-]}`, 12, "expected a digit"},
		{`{"fields":[1.]}`, 13, "expected a digit"},
		{`{"fields":[1e]}`, 13, "expected a digit"},
		{`{"fields":[tru]}`, 11, "expected a value"},
		{`{"fields":["`, 11, "the string has no end"},
		{"{\"fields\":[\"a\nb\"]}", 13, "the control character 0x0a must be escaped"},
		{`{"fields":["\x"]}`, 12, "unknown escape"},
		{`{"fields":["\u12"]}`, 12, "four hexadecimal digits"},
		{`{"fields":["\ud800"]}`, 12, "surrogate"},
		{`{"fields":["\udc00\ud800"]}`, 12, "surrogate"},
		{"{\"fields\":[\"\xff\"]}", 12, "not UTF-8"},
		{`[]`, 0, "Arrow-JSON must be an object, not an array"},
		{`"x"`, 0, "Arrow-JSON must be an object, not a string"},
		{`{}`, 0, `the key "fields" is missing`},
		{`{"metadata":{}}`, 0, `the key "fields" is missing`},
		{`{"fields":{}}`, 10, "fields must be an array, not an object"},
		{`{"fields":null}`, 10, "fields must be an array, not null"},
		{`{"fields":[],"fields":[]}`, 13, `the key "fields" is given twice`},
		{`{"fields":[],"version":1}`, 13, `unknown key "version" in a schema`},
		{`{"fields":[],"metadata":{"a":1}}`, 29, "a value of metadata must be a string, not a number"},
		{`{"fields":[],"metadata":[]}`, 24, "metadata must be an object"},
		{`{"fields":[],"options":[]}`, 23, "options must be an object"},
		{`{"fields":[1]}`, 11, "a field must be an object, not a number"},
		{`{"fields":[{"data_type":"Int8"}]}`, 11, `the key "name" of a field is missing`},
		{`{"fields":[{"name":"a"}]}`, 11, `the key "data_type" of a field is missing`},
		{`{"fields":[{"name":1,"data_type":"Int8"}]}`, 19, "the name of a field must be a string"},
		{`{"fields":[{"name":"a","data_type":"Int8","nullable":"yes"}]}`, 53, "nullable must be a boolean, not a string"},
		{`{"fields":[{"name":"a","data_type":"Int8","nullable":1}]}`, 53, "nullable must be a boolean, not a number"},
		{`{"fields":[{"name":"a","data_type":"Int8","nullable":null}]}`, 53, "nullable must be a boolean, not null"},
		{`{"fields":[{"name":"a","data_type":"Int8","dict_id":1.5}]}`, 52, "dict_id must be an integer of 64 bits"},
		{`{"fields":[{"name":"a","data_type":"Int8","colour":1}]}`, 42, `unknown key "colour" in a field`},
		{`{"fields":[{"name":"a","data_type":"Int8","type":{}}]}`, 42, `unknown key "type" in a field`},
		{`{"fields":[{"name":"a","data_type":8}]}`, 35, "data_type must be the text of a type"},
		{`{"fields":[{"name":"a","data_type":{"Int8":1}}]}`, 36, `unknown type with arguments "Int8"`},
		{`{"fields":[{"name":"a","data_type":{"Wide":1}}]}`, 36, `unknown type with arguments "Wide"`},
		{`{"fields":[{"name":"a","data_type":{"Timestamp":["Second"]}}]}`, 48, "too few arguments"},
		{`{"fields":[{"name":"a","data_type":{"Timestamp":["Second",null,1]}}]}`, 63, "too many arguments of Timestamp"},
		{`{"fields":[{"name":"a","data_type":{"Timestamp":"Second"}}]}`, 48, "the arguments of Timestamp must be an array"},
		{`{"fields":[{"name":"a","data_type":{"List":"Int8"}}]}`, 43, "a field must be an object"},
		{`{"fields":[{"name":"a","data_type":{"Map":[{"name":"m","data_type":"Int8"},0]}}]}`, 75, "whether the keys of a map are sorted must be a boolean"},
		{`{"fields":[{"name":"a","data_type":{"Union":[[[1,{"name":"m","data_type":"Int8"}],[1,{"name":"n","data_type":"Int8"}]],"Dense"]}}]}`, 83, "the union has the type id 1 twice"},
		{`{"fields":[{"name":"a","data_type":{"Union":[[],"Loose"]}}]}`, 48, "the mode of a union must be Sparse or Dense"},
		{`{"fields":[{"name":"a","data_type":{"Dictionary":["Utf8","Utf8"]}}]}`, 49, "the keys of a dictionary"},
		{strings.Repeat("[", 400), maxJSONDepth, "values may nest 264 deep at most"},
	} {
		s, err := ParseSchema(c.text)
		require.Error(t, err, c.text)
		require.Nil(t, s)
		var e *sqlstate.Error
		require.True(t, errors.As(err, &e), c.text)
		require.Equal(t, sqlstate.InvalidTextRepresentation, e.Code, c.text)
		require.Contains(t, e.Message, fmt.Sprintf("invalid Arrow-JSON at byte %d: ", c.at), c.text)
		require.Contains(t, e.Message, c.why, c.text)
	}
}

func TestParseSchemaNamesTheFieldOfABadType(t *testing.T) {
	t.Parallel()
	_, err := ParseSchema(`{"fields":[{"name":"id","data_type":"Int64"},{"name":"at","data_type":"Timestamp(Microsecond, Noon)"}]}`)
	var e *sqlstate.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, `invalid Arrow data type "Timestamp(Microsecond, Noon)" at byte 23: expected a time zone (None, Some("…") or "…")`, e.Message)
	require.Equal(t, `field "at" of the Arrow-JSON`, e.Where)
}

func TestDuplicateNames(t *testing.T) {
	t.Parallel()
	const text = `{"fields":[{"name":"a","data_type":"Int8"},{"name":"b","data_type":"Int8"},{"name":"a","data_type":"Utf8"}]}`
	_, err := ParseSchema(text)
	require.Equal(t, sqlstate.DuplicateColumn, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, `column "a" specified more than once`)

	// The members of a struct may share a name, as in Arrow.
	_, err = ParseSchema(`{"fields":[{"name":"a","data_type":"Struct(\"x\": Int8, \"x\": Utf8)"}]}`)
	require.NoError(t, err)
}

// Zero values are no schema one can get, but they must not panic.
func TestZeroValues(t *testing.T) {
	t.Parallel()
	s := &Schema{Fields: []Field{{Name: "a"}}}
	require.NotPanics(t, func() { _ = s.JSON() })
	_, err := s.Arrow()
	require.Error(t, err)
	var none *Type
	require.Equal(t, "", none.String())
	require.Equal(t, Invalid, none.Kind())
	require.False(t, none.HasElided())
	require.Empty(t, none.Children())
	require.Equal(t, "", Kind(200).String())
}

// Of a file's text an error tells the byte and what was expected there, and not the text. An error about a jsonb value says that its byte is of that.
func TestErrorsWithoutTheText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{`{"fields":[{"name":"qz","data_type":"List(qz)"}]}`, `invalid Arrow data type "…" at byte 5: unknown type "…"`},
		{`{"fields":[{"name":"qz","data_type":"FixedSizeBinary(qz)"}]}`,
			`invalid Arrow data type "…" at byte 16: expected the number of bytes, an integer from -2147483648 to 2147483647, found "…"`},
		{`{"fields":[{"name":"qz","data_type":"Interval(qz)"}]}`,
			`invalid Arrow data type "…" at byte 9: expected an interval unit (YearMonth, DayTime, MonthDayNano)`},
		{`{"fields":[{"name":"qz","data_type":"Int8","nullable":"qz"}]}`, `invalid Arrow-JSON at byte 54: nullable must be a boolean, not …`},
		{`{"fields":[{"name":"qz","data_type":"Int8","qz":1}]}`,
			`invalid Arrow-JSON at byte 43: unknown key "…" in a field, which has name, data_type, nullable, metadata, dict_id and dict_is_ordered`},
		{`{"fields":[{"data_type":"Int8"}]}`, `invalid Arrow-JSON at byte 11: the key "name" of a field is missing`},
		{`{"fields":qz}`, `invalid Arrow-JSON at byte 10: expected a value, found "…"`},
		{`{"fields":[{"name":"qz","data_type":"Int8"},{"name":"qz","data_type":"Int8"}]}`, `column "…" specified more than once`},
	} {
		_, err := ParseSchema(c.text)
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, c.text)
		require.Empty(t, e.Detail)
		require.Equal(t, c.want, e.Unquoted().Message, c.text)
		_, err = ParseJSONB(c.text)
		require.ErrorAs(t, err, &e)
		require.Equal(t, strings.HasPrefix(e.Message, "invalid Arrow-JSON"), strings.Contains(e.Detail, "jsonb"), e.Detail)
	}
	s, err := ParseJSONB(`{"fields": []}`)
	require.NoError(t, err)
	require.Equal(t, `{"fields": []}`, s.JSON())
}

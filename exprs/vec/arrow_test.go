package vec_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Every type goes through Arrow unchanged, in every form, whole and in part.
func TestArrowRoundTrip(t *testing.T) {
	t.Parallel()
	for _, typ := range types() {
		t.Run(typ.Name(), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, uint64(typ)))
			rows := randomRows(t, r, typ, 150)
			want := text(rows)
			for name, v := range forms(t, r, rows) {
				a := vec.ToArrow(v)
				require.True(t, arrow.TypeEqual(typ.Arrow(), a.DataType()), "%s: %s", name, a.DataType())
				back, err := vec.FromArrow(typ, a)
				require.NoError(t, err)
				require.Equal(t, want, text(back), name)
				for _, at := range [][2]int{{0, 0}, {3, 70}, {64, 150}, {149, 150}} {
					part := array.NewSlice(a, int64(at[0]), int64(at[1]))
					back, err := vec.FromArrow(typ, part)
					require.NoError(t, err)
					require.Equal(t, want[at[0]:at[1]], text(back), "%s %v", name, at)
					part.Release()
				}
				a.Release()
			}
			one := *distinct(t, typ).Slice(1, 2)
			one.Const, one.N = true, 3
			for _, v := range []*vec.Vec{&one, vec.NewNull(typ, 3), vec.New(typ, 0)} {
				back, err := vec.FromArrow(typ, vec.ToArrow(v))
				require.NoError(t, err)
				require.Equal(t, text(v), text(back))
			}
		})
	}
}

// The extension types are the canonical ones, by which other programs know what the bytes mean.
func TestArrowExtensions(t *testing.T) {
	t.Parallel()
	for typ, name := range map[arrowschema.Type]string{arrowschema.UUID: "arrow.uuid", arrowschema.JSONB: "arrow.json", arrowschema.Numeric: "arrow.opaque"} {
		a := vec.ToArrow(distinct(t, typ))
		require.Equal(t, name, a.DataType().(arrow.ExtensionType).ExtensionName())
	}
	opaque := arrowschema.Numeric.Arrow().(*extensions.OpaqueType)
	require.Equal(t, "numeric", opaque.TypeName)
	require.Equal(t, "PostgreSQL", opaque.VendorName)
}

// An interval of more nanoseconds than 64 bits hold keeps its length.
func TestArrowLongInterval(t *testing.T) {
	t.Parallel()
	long := []temporal.Interval{{Micros: math.MaxInt64}, {Micros: math.MinInt64}, {Months: 1, Days: -5, Micros: math.MaxInt64 / 1000 * 7}, {Days: 3, Micros: math.MaxInt64 / 1000}}
	v := vec.NewFlat(arrowschema.Interval, long, nil)
	back, err := vec.FromArrow(arrowschema.Interval, vec.ToArrow(v))
	require.NoError(t, err)
	for i := range long {
		require.Zero(t, vec.Compare(v, i, back, i), text(v)[i])
	}
	require.Equal(t, long[3], back.Intervals[3])
}

// Dictionaries of any size and index type are read; those of more than 65,536 entries become flat.
func TestArrowDictionaries(t *testing.T) {
	t.Parallel()
	for _, entries := range []int{0, 1, 300, vec.MaxDict, vec.MaxDict + 1} {
		t.Run(fmt.Sprint(entries), func(t *testing.T) {
			t.Parallel()
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			defer mem.AssertSize(t, 0)
			values := array.NewStringBuilder(mem)
			defer values.Release()
			for i := range entries {
				if i == 7 {
					values.AppendNull() // an entry may be NULL
				} else {
					values.Append(fmt.Sprint("value ", i))
				}
			}
			dict := values.NewArray()
			defer dict.Release()
			indices := array.NewInt32Builder(mem)
			defer indices.Release()
			var want []string
			for i := range 500 {
				at := (entries - 1) - i*3
				switch {
				case at < 0:
					indices.AppendNull()
					want = append(want, "NULL")
				case at == 7:
					indices.Append(int32(at))
					want = append(want, "NULL")
				default:
					indices.Append(int32(at))
					want = append(want, fmt.Sprint("value ", at))
				}
			}
			codes := indices.NewArray()
			defer codes.Release()
			a := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, codes, dict)
			defer a.Release()
			v, err := vec.FromArrow(arrowschema.Text, a)
			require.NoError(t, err)
			require.Equal(t, entries > 0 && entries <= vec.MaxDict, v.Dict != nil)
			require.Equal(t, want, text(v))
			back := vec.ToArrow(v)
			defer back.Release()
			require.IsType(t, &array.String{}, back)
			again, err := vec.FromArrow(arrowschema.Text, back)
			require.NoError(t, err)
			require.Equal(t, want, text(again))
			require.Equal(t, slices.Index(want, "NULL") >= 0, back.NullN() > 0)
			part := array.NewSlice(a, 65, 400)
			defer part.Release()
			v, err = vec.FromArrow(arrowschema.Text, part)
			require.NoError(t, err)
			require.Equal(t, want[65:400], text(v))
		})
	}
}

// What other writers make of the same values is converted.
func TestFromOtherArrowTypes(t *testing.T) {
	t.Parallel()
	build := func(dt arrow.DataType, json string) arrow.Array {
		a, _, err := array.FromJSON(memory.DefaultAllocator, dt, strings.NewReader(json))
		require.NoError(t, err)
		return a
	}
	decimals := array.NewDecimal128Builder(memory.DefaultAllocator, &arrow.Decimal128Type{Precision: 10, Scale: 2})
	decimals.Append(decimal128.FromI64(12345))
	decimals.AppendNull()
	for _, c := range []struct {
		typ  arrowschema.Type
		a    arrow.Array
		want string
	}{
		{arrowschema.Int8, build(arrow.PrimitiveTypes.Int8, `[1, null, -128]`), "[1 NULL -128]"},
		{arrowschema.Int4, build(arrow.PrimitiveTypes.Uint16, `[65535]`), "[65535]"},
		{arrowschema.Int2, build(arrow.PrimitiveTypes.Int64, `[32767, -32768, null]`), "[32767 -32768 NULL]"},
		{arrowschema.Int8, build(arrow.PrimitiveTypes.Uint64, `[9223372036854775807, null]`), "[9223372036854775807 NULL]"},
		{arrowschema.Int8, build(arrow.Null, `[null, null]`), "[NULL NULL]"},
		{arrowschema.Numeric, decimals.NewArray(), "[123.45 NULL]"},
		{arrowschema.Numeric, build(arrow.BinaryTypes.String, `["1.50", "NaN", null]`), "[1.50 NaN NULL]"},
		{arrowschema.Numeric, build(arrow.PrimitiveTypes.Int32, `[-7]`), "[-7]"},
		{arrowschema.Numeric, build(arrow.PrimitiveTypes.Uint64, `[18446744073709551615]`), "[18446744073709551615]"},
		{arrowschema.Float8, build(arrow.PrimitiveTypes.Float32, `[0.5, null]`), "[0.5 NULL]"},
		{arrowschema.Float4, build(arrow.PrimitiveTypes.Float64, `[0.1, null]`), "[0.1 NULL]"},
		{arrowschema.Text, build(arrow.BinaryTypes.LargeString, `["é", null, ""]`), "[é NULL ]"},
		{arrowschema.Text, build(arrow.BinaryTypes.StringView, `["a long string that is not inlined", null]`), "[a long string that is not inlined NULL]"},
		{arrowschema.Date, build(arrow.FixedWidthTypes.Date64, `["2025-10-21", "1969-12-31"]`), "[2025-10-21 1969-12-31]"},
		{arrowschema.Time, build(arrow.FixedWidthTypes.Time32s, `["14:30:22", null]`), "[14:30:22 NULL]"},
		{arrowschema.Time, build(arrow.FixedWidthTypes.Time32ms, `["14:30:22.5"]`), "[14:30:22.5]"},
		{arrowschema.Time, build(arrow.FixedWidthTypes.Time64ns, `["14:30:22.000001"]`), "[14:30:22.000001]"},
		{arrowschema.Timestamp, build(&arrow.TimestampType{Unit: arrow.Second}, `["2025-10-21 14:30:22", null]`), "[2025-10-21 14:30:22 NULL]"},
		{arrowschema.Timestamp, build(&arrow.TimestampType{Unit: arrow.Nanosecond}, `["1969-12-31 23:59:59.999999999"]`), "[1969-12-31 23:59:59.999999]"},
		{arrowschema.TimestampTZ, build(&arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}, `["2025-10-21 14:30:22.5Z"]`), "[2025-10-21 14:30:22.5+00]"},
		{arrowschema.Interval, build(arrow.FixedWidthTypes.MonthInterval, `[{"months": 14}]`), "[1 year 2 mons]"},
		{arrowschema.Interval, build(arrow.FixedWidthTypes.DayTimeInterval, `[{"days": 3, "milliseconds": 1500}]`), "[3 days 00:00:01.5]"},
		{arrowschema.Interval, build(arrow.FixedWidthTypes.Duration_s, `[90, null]`), "[00:01:30 NULL]"},
	} {
		v, err := vec.FromArrow(c.typ, c.a)
		require.NoError(t, err, "%s from %s", c.typ, c.a.DataType())
		require.Equal(t, c.want, fmt.Sprint(text(v)), "%s from %s", c.typ, c.a.DataType())
	}
}

// What a type cannot hold is refused, but not for what lies under a NULL.
func TestFromArrowRefuses(t *testing.T) {
	t.Parallel()
	int64s := func(x ...int64) arrow.Array {
		b := array.NewInt64Builder(memory.DefaultAllocator)
		b.AppendValues(x, nil)
		return b.NewArray()
	}
	strs := func(x ...string) arrow.Array {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		b.AppendValues(x, nil)
		return b.NewArray()
	}
	as := func(dt arrow.DataType, a arrow.Array) arrow.Array {
		return array.MakeFromData(array.NewData(dt, a.Len(), a.Data().Buffers(), nil, 0, 0))
	}
	floats := array.NewFloat64Builder(memory.DefaultAllocator)
	floats.Append(1e39)
	large := floats.NewArray()
	for _, c := range []struct {
		typ  arrowschema.Type
		a    arrow.Array
		code sqlstate.Code
	}{
		{arrowschema.Int2, int64s(1, 32768), "22003"},
		{arrowschema.Int4, int64s(-2147483649), "22003"},
		{arrowschema.Int8, as(arrow.PrimitiveTypes.Uint64, int64s(-1)), "22003"},
		{arrowschema.Float4, large, "22003"},
		{arrowschema.Numeric, strs("1.2.3"), "22P02"},
		{arrowschema.Text, strs("ok", "\xff"), "22021"},
		{arrowschema.Text, strs("a\x00b"), "22021"},
		{arrowschema.Timestamp, as(&arrow.TimestampType{Unit: arrow.Second}, int64s(1<<60)), "22008"},
		{arrowschema.Timestamp, as(&arrow.TimestampType{Unit: arrow.Microsecond}, int64s(temporal.MinTimestamp-1)), "22008"},
		{arrowschema.Time, as(arrow.FixedWidthTypes.Time64us, int64s(temporal.MicrosPerDay+1)), "22008"},
		{arrowschema.Time, as(arrow.FixedWidthTypes.Time64us, int64s(-1)), "22008"},
		{arrowschema.Date, as(arrow.FixedWidthTypes.Date64, int64s(1<<62)), "22008"},
		{arrowschema.Interval, as(arrow.FixedWidthTypes.Duration_s, int64s(1<<60)), "22008"},
		{arrowschema.Timestamp, int64s(1), "42804"},
		{arrowschema.Date, as(&arrow.TimestampType{Unit: arrow.Microsecond}, int64s(1)), "42804"},
		{arrowschema.Int8, as(&arrow.TimestampType{Unit: arrow.Microsecond}, int64s(1)), "42804"},
		{arrowschema.Int8, strs("1"), "42804"},
		{arrowschema.Text, int64s(1), "42804"},
		{arrowschema.Bool, int64s(1), "42804"},
		{arrowschema.UUID, strs("00000000-0000-0000-0000-000000000000"), "42804"},
		{arrowschema.JSONB, int64s(1), "42804"},
		{arrowschema.Interval, int64s(1), "42804"},
		{arrowschema.Float8, int64s(1), "42804"},
	} {
		_, err := vec.FromArrow(c.typ, c.a)
		require.Equal(t, c.code, sqlstate.CodeOf(err), "%s from %s: %v", c.typ, c.a, err)
	}
	garbage := array.MakeFromData(array.NewData(arrow.PrimitiveTypes.Int64, 2, append([]*memory.Buffer{memory.NewBufferBytes([]byte{1})}, int64s(5, 1<<40).Data().Buffers()[1]), nil, 1, 0))
	v, err := vec.FromArrow(arrowschema.Int4, garbage)
	require.NoError(t, err)
	require.Equal(t, []string{"5", "NULL"}, text(v))
}

// What is not UTF-8 is shown as PostgreSQL shows it.
func TestCheckText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"\xff": "0xff", "ab\xe2\x28\xa1": "0xe2 0x28 0xa1", "a\xc3": "0xc3", "a\x00": "0x00", "\xf8\x88\x88\x88": "0xf8", "é\xa0": "0xa0", "\xf0\x9f": "0xf0 0x9f",
	} {
		require.ErrorContains(t, vec.CheckText(s), `invalid byte sequence for encoding "UTF8": `+want+" (")
	}
	require.NoError(t, vec.CheckText("plain, é, 日本, \uFFFD, \U0001F600"))
}

// A record batch owns its arrays: when it is released, nothing is left of what the allocator gave.
func TestRecordRelease(t *testing.T) {
	t.Parallel()
	var fields []arrow.Field
	b := &vec.Batch{N: 5}
	for _, typ := range types() {
		fields = append(fields, arrow.Field{Name: typ.Name(), Type: typ.Arrow(), Nullable: true})
		b.Cols = append(b.Cols, randomRows(t, rand.New(rand.NewPCG(8, uint64(typ))), typ, 5))
	}
	rec := vec.ToRecord(arrow.NewSchema(fields, nil), b)
	require.EqualValues(t, 5, rec.NumRows())
	require.EqualValues(t, len(fields), rec.NumCols())
	rec.Retain()
	rec.Release()
	for i, c := range rec.Columns() { // still there
		back, err := vec.FromArrow(types()[i], c)
		require.NoError(t, err)
		require.Equal(t, text(b.Cols[i]), text(back))
	}
	json, err := rec.MarshalJSON() // which looks at every value
	require.NoError(t, err)
	require.NotEmpty(t, json)
	rec.Release()
}

// A batch whose text is too long for one array is cut; one row never is.
func TestSplit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(10, 10))
	long := vec.New(arrowschema.Text, 64)
	for i := range long.Strs {
		long.Strs[i] = strings.Repeat("x", i*i)
	}
	for name, v := range forms(t, r, long) {
		b := &vec.Batch{N: 64, Cols: []*vec.Vec{v, vec.NewConst(arrowschema.Int8, int64(1), 64), vec.NewConst(arrowschema.Text, "0123456789", 64), nil}}
		require.Equal(t, []*vec.Batch{b}, vec.Split(b, 1<<20), name)
		var back []string
		parts := vec.Split(b, 3000)
		require.Greater(t, len(parts), 10)
		for _, p := range parts {
			bytes := 0
			for _, s := range text(p.Cols[0]) {
				bytes += len(s)
			}
			require.True(t, bytes <= 3000 || p.N == 1)
			back = append(back, text(p.Cols[0])...)
		}
		require.Equal(t, text(v), back, name)
	}
	require.Len(t, vec.Split(&vec.Batch{N: 8, Cols: []*vec.Vec{vec.NewConst(arrowschema.Text, "0123456789", 8)}}, 20), 4)
	require.Len(t, vec.Split(&vec.Batch{}, 0), 1)
}

func BenchmarkToArrow(b *testing.B) {
	for _, typ := range []arrowschema.Type{arrowschema.Int8, arrowschema.Int4, arrowschema.Text, arrowschema.UUID, arrowschema.Numeric} {
		b.Run(typ.Name(), func(b *testing.B) {
			v := randomRows(b, rand.New(rand.NewPCG(9, 9)), typ, vec.DefaultRows)
			b.ReportAllocs()
			for b.Loop() {
				vec.ToArrow(v).Release()
			}
		})
	}
}

package vec

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
)

// ToArrow gives v as an Arrow array of the type that v.Type.Arrow() names. The array shares memory with v where the layouts agree (64-bit values,
// UUIDs, validity); the caller releases it.
func ToArrow(v *Vec) arrow.Array {
	v = v.Flat()
	t := v.Type.Arrow()
	storage := t
	if ext, ok := t.(arrow.ExtensionType); ok {
		storage = ext.StorageType()
	}
	buffers := []*memory.Buffer{validityBuffer(v)}
	switch v.Type.Physical() {
	case arrowschema.Bools:
		packed := make([]byte, bitutil.BytesForBits(int64(v.N)))
		for i, x := range v.Bools {
			if x {
				bitutil.SetBit(packed, i)
			}
		}
		buffers = append(buffers, memory.NewBufferBytes(packed))
	case arrowschema.Ints:
		buffers = append(buffers, intBuffer(v.Ints, storage))
	case arrowschema.Floats:
		buffers = append(buffers, floatBuffer(v.Floats, storage))
	case arrowschema.UUIDs:
		buffers = append(buffers, memory.NewBufferBytes(rawBytes(v.UUIDs)))
	case arrowschema.Intervals:
		out := make([]arrow.MonthDayNanoInterval, v.N)
		for i, x := range v.Intervals {
			out[i] = arrow.MonthDayNanoInterval{Months: x.Months, Days: x.Days, Nanoseconds: x.Micros * 1000}
		}
		buffers = append(buffers, memory.NewBufferBytes(rawBytes(out)))
	default:
		offsets, data := stringBuffers(v)
		buffers = append(buffers, offsets, data)
	}
	nulls := 0
	if v.Valid != nil {
		nulls = v.N - v.Valid.Count(v.N)
	}
	data := array.NewData(t, v.N, buffers, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

func validityBuffer(v *Vec) *memory.Buffer {
	if v.Valid == nil {
		return nil
	}
	return memory.NewBufferBytes(rawBytes(v.Valid))
}

// rawBytes views a slice of fixed-size values as the bytes it occupies (little-endian machines, as arrow-go itself assumes).
func rawBytes[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

func intBuffer(values []int64, t arrow.DataType) *memory.Buffer {
	switch t.(arrow.FixedWidthDataType).BitWidth() {
	case 16:
		out := make([]int16, len(values))
		for i, x := range values {
			out[i] = int16(x)
		}
		return memory.NewBufferBytes(rawBytes(out))
	case 32:
		out := make([]int32, len(values))
		for i, x := range values {
			out[i] = int32(x)
		}
		return memory.NewBufferBytes(rawBytes(out))
	default:
		return memory.NewBufferBytes(rawBytes(values))
	}
}

func floatBuffer(values []float64, t arrow.DataType) *memory.Buffer {
	if t.ID() == arrow.FLOAT64 {
		return memory.NewBufferBytes(rawBytes(values))
	}
	out := make([]float32, len(values))
	for i, x := range values {
		out[i] = float32(x)
	}
	return memory.NewBufferBytes(rawBytes(out))
}

// stringBuffers lays text, or the text of numerics, out as Arrow's offsets and data. What lies under a NULL is left out.
func stringBuffers(v *Vec) (offsets, data *memory.Buffer) {
	ends, bytes := make([]int32, v.N+1), []byte(nil)
	for i := 0; i < v.N; i++ {
		if v.Valid.Get(i) {
			if v.Type.Physical() == arrowschema.Decs {
				bytes = v.Decs[i].AppendTo(bytes)
			} else {
				bytes = append(bytes, v.Strs[i]...)
			}
		}
		ends[i+1] = int32(len(bytes))
	}
	return memory.NewBufferBytes(rawBytes(ends)), memory.NewBufferBytes(bytes)
}

// ToRecord gives a batch as an Arrow record batch of the given schema, whose fields follow the columns' types. The caller releases it.
func ToRecord(schema *arrow.Schema, b *Batch) arrow.RecordBatch {
	cols := make([]arrow.Array, len(b.Cols))
	for i, c := range b.Cols {
		cols[i] = ToArrow(c)
		defer cols[i].Release()
	}
	return array.NewRecordBatch(schema, cols, int64(b.N))
}

// FromArrow gives an Arrow array as a vector of SQL type t. Strings and 64-bit values share the array's memory, which must be Go's own
// (memory.DefaultAllocator) or outlive the vector. Arrays of a type that does not hold values of t are refused.
func FromArrow(t arrowschema.Type, a arrow.Array) (*Vec, error) {
	if ext, ok := a.(array.ExtensionArray); ok {
		a = ext.Storage()
	}
	if d, ok := a.(*array.Dictionary); ok {
		return fromDictionary(t, d)
	}
	v := &Vec{Type: t, N: a.Len(), Valid: validityOf(a)}
	switch t.Physical() {
	case arrowschema.Bools:
		if b, ok := a.(*array.Boolean); ok {
			v.Bools = make([]bool, b.Len())
			for i := range v.Bools {
				v.Bools[i] = b.Value(i)
			}
			return v, nil
		}
	case arrowschema.Ints:
		v.Ints = arrowInts(t, a)
		if v.Ints != nil || v.N == 0 {
			return v, nil
		}
	case arrowschema.Floats:
		switch f := a.(type) {
		case *array.Float64:
			v.Floats = f.Float64Values()
			return v, nil
		case *array.Float32:
			v.Floats = widen[float32, float64](f.Float32Values())
			return v, nil
		}
	case arrowschema.UUIDs:
		if f, ok := a.(*array.FixedSizeBinary); ok && f.DataType().(*arrow.FixedSizeBinaryType).ByteWidth == 16 {
			v.UUIDs = make([][16]byte, f.Len())
			for i := range v.UUIDs {
				copy(v.UUIDs[i][:], f.Value(i))
			}
			return v, nil
		}
	case arrowschema.Intervals:
		if m, ok := a.(*array.MonthDayNanoInterval); ok {
			v.Intervals = make([]temporal.Interval, m.Len())
			for i := range v.Intervals {
				x := m.Value(i)
				v.Intervals[i] = temporal.Interval{Months: x.Months, Days: x.Days, Micros: x.Nanoseconds / 1000}
			}
			return v, nil
		}
	case arrowschema.Strings:
		if s, ok := a.(array.StringLike); ok {
			v.Strs = make([]string, s.Len())
			for i := range v.Strs {
				if s.IsValid(i) {
					v.Strs[i] = s.Value(i)
				}
			}
			return v, nil
		}
	}
	return nil, fmt.Errorf("an Arrow array of type %s does not hold %s", a.DataType(), t)
}

func validityOf(a arrow.Array) Bitmap {
	if a.NullN() == 0 {
		return nil
	}
	out := make(Bitmap, (a.Len()+63)/64)
	for i := 0; i < a.Len(); i++ {
		if a.IsValid(i) {
			out.Set(i)
		}
	}
	return out
}

func fromDictionary(t arrowschema.Type, d *array.Dictionary) (*Vec, error) {
	dict, err := FromArrow(t, d.Dictionary())
	if err != nil {
		return nil, err
	}
	valid := validityOf(d)
	if dict.N > MaxDict || dict.N == 0 {
		sel := make([]int32, d.Len())
		for i := range sel {
			if d.IsValid(i) {
				sel[i] = int32(d.GetValueIndex(i))
			}
		}
		if dict.N == 0 {
			return NewNull(t, d.Len()).Flat(), nil
		}
		out := dict.Gather(sel)
		out.Valid = And(out.Valid, valid, out.N)
		return out, nil
	}
	codes := make([]uint16, d.Len())
	for i := range codes {
		if d.IsValid(i) {
			codes[i] = uint16(d.GetValueIndex(i))
		}
	}
	return NewDict(codes, dict, valid), nil
}

type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~float32 | ~float64
}

func widen[A, B number](in []A) []B {
	out := make([]B, len(in))
	for i, x := range in {
		out[i] = B(x)
	}
	return out
}

// arrowInts reads integers, dates, times and timestamps, the latter in any unit, into t's 64-bit form; nil when a has no such values.
func arrowInts(t arrowschema.Type, a arrow.Array) []int64 {
	switch a := a.(type) {
	case *array.Int64:
		return a.Int64Values()
	case *array.Int32:
		return widen[int32, int64](a.Int32Values())
	case *array.Int16:
		return widen[int16, int64](a.Int16Values())
	case *array.Int8:
		return widen[int8, int64](a.Int8Values())
	case *array.Uint8:
		return widen[uint8, int64](a.Uint8Values())
	case *array.Uint16:
		return widen[uint16, int64](a.Uint16Values())
	case *array.Uint32:
		return widen[uint32, int64](a.Uint32Values())
	case *array.Date32:
		return widen[arrow.Date32, int64](a.Date32Values())
	case *array.Time64:
		return widen[arrow.Time64, int64](a.Time64Values())
	case *array.Timestamp:
		unit := a.DataType().(*arrow.TimestampType).Unit
		return toMicros(a.TimestampValues(), unit)
	}
	return nil
}

func toMicros(values []arrow.Timestamp, unit arrow.TimeUnit) []int64 {
	out := make([]int64, len(values))
	for i, x := range values {
		switch unit {
		case arrow.Second:
			out[i] = int64(x) * 1_000_000
		case arrow.Millisecond:
			out[i] = int64(x) * 1000
		case arrow.Nanosecond:
			out[i] = floorDiv(int64(x), 1000)
		default:
			out[i] = int64(x)
		}
	}
	return out
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// SQLType gives the SQL type that holds the values of an Arrow type, if there is one.
func SQLType(dt arrow.DataType) (arrowschema.Type, bool) {
	switch d := dt.(type) {
	case *extensions.UUIDType:
		return arrowschema.UUID, true
	case *extensions.JSONType:
		return arrowschema.JSONB, true
	case *extensions.OpaqueType:
		return arrowschema.Numeric, strings.EqualFold(d.TypeName, "numeric")
	case *arrow.DictionaryType:
		return SQLType(d.ValueType)
	case *arrow.TimestampType:
		if d.TimeZone != "" {
			return arrowschema.TimestampTZ, true
		}
		return arrowschema.Timestamp, true
	}
	switch dt.ID() {
	case arrow.BOOL:
		return arrowschema.Bool, true
	case arrow.INT8, arrow.INT16, arrow.UINT8:
		return arrowschema.Int2, true
	case arrow.INT32, arrow.UINT16:
		return arrowschema.Int4, true
	case arrow.INT64, arrow.UINT32:
		return arrowschema.Int8, true
	case arrow.FLOAT32:
		return arrowschema.Float4, true
	case arrow.FLOAT64:
		return arrowschema.Float8, true
	case arrow.STRING, arrow.LARGE_STRING, arrow.STRING_VIEW:
		return arrowschema.Text, true
	case arrow.DATE32:
		return arrowschema.Date, true
	case arrow.TIME64:
		return arrowschema.Time, true
	case arrow.INTERVAL_MONTH_DAY_NANO:
		return arrowschema.Interval, true
	}
	return arrowschema.Unknown, false
}

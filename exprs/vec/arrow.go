package vec

import (
	"math"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
)

// ToArrow gives v as an Arrow array of the type that v.Type.Arrow() names. The array shares memory with v where the layouts agree (64-bit values,
// UUIDs, validity); the caller releases it.
func ToArrow(v *Vec) arrow.Array {
	if v.Dict == nil || v.Dict.N == 0 || v.Type.Physical() != arrowschema.Strings { // texts are copied from the dictionary
		v = v.Flat()
	}
	t := v.Type.Arrow()
	storage := t
	if ext, ok := t.(arrow.ExtensionType); ok {
		storage = ext.StorageType()
	}
	valid := v.Valid
	if v.Dict != nil && v.Dict.Valid != nil {
		valid = spreadValid(v)
	}
	buffers := []*memory.Buffer{validityBuffer(valid)}
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
			out[i] = arrowInterval(x)
		}
		buffers = append(buffers, memory.NewBufferBytes(rawBytes(out)))
	case arrowschema.Decs:
		offsets, data := decimalBuffers(v)
		buffers = append(buffers, offsets, data)
	default:
		offsets, data := textBuffers(v, valid)
		buffers = append(buffers, offsets, data)
	}
	nulls := 0
	if valid != nil {
		nulls = v.N - valid.Count(v.N)
	}
	data := array.NewData(t, v.N, buffers, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// arrowInterval gives an interval in Arrow's form. Arrow counts nanoseconds, so that a time of more than 292 years does not fit: its whole days are then
// counted as days, which SQL takes for equal.
func arrowInterval(x temporal.Interval) arrow.MonthDayNanoInterval {
	const most = math.MaxInt64 / 1000
	if x.Micros > most || x.Micros < -most {
		if days := int64(x.Days) + x.Micros/temporal.MicrosPerDay; days >= math.MinInt32 && days <= math.MaxInt32 {
			x.Days, x.Micros = int32(days), x.Micros%temporal.MicrosPerDay
		}
	}
	return arrow.MonthDayNanoInterval{Months: x.Months, Days: x.Days, Nanoseconds: x.Micros * 1000}
}

func validityBuffer(valid Bitmap) *memory.Buffer {
	if valid == nil {
		return nil
	}
	return memory.NewBufferBytes(rawBytes(valid))
}

// spreadValid gives the validity of the rows of a dictionary-coded vector that has NULL among its entries.
func spreadValid(v *Vec) Bitmap {
	valid := NewBitmap(v.N)
	for i := range v.N {
		if v.IsNull(i) {
			valid.Clear(i)
		}
	}
	return valid
}

// rawBytes views a slice of fixed-size values as the bytes it occupies (little-endian machines, as arrow-go itself assumes).
func rawBytes[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

// The infinite dates in 32 bits are DuckDB's, as in our Parquet files; in a vector they are the ends of 64 bits.
const (
	dateInfinity    = math.MaxInt32
	dateNegInfinity = -math.MaxInt32
)

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
		if t.ID() == arrow.DATE32 {
			for i, x := range values {
				out[i] = int32(min(max(x, dateNegInfinity), dateInfinity))
			}
			return memory.NewBufferBytes(rawBytes(out))
		}
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

// textBuffers lays text out as Arrow's offsets and data, of a flat or dictionary-coded vector. What lies under a NULL is left out.
func textBuffers(v *Vec, valid Bitmap) (offsets, data *memory.Buffer) {
	ends, size := make([]int32, v.N+1), 0
	at := func(i int) string {
		if v.Dict != nil {
			return v.Dict.Strs[v.Codes[i]]
		}
		return v.Strs[i]
	}
	for i := range v.N {
		if valid.Get(i) {
			size += len(at(i))
		}
		ends[i+1] = int32(size)
	}
	bytes := make([]byte, size)
	for i := range v.N {
		copy(bytes[ends[i]:ends[i+1]], at(i))
	}
	return memory.NewBufferBytes(rawBytes(ends)), memory.NewBufferBytes(bytes)
}

// decimalBuffers lays the text of numerics out as Arrow's offsets and data, of a flat vector.
func decimalBuffers(v *Vec) (offsets, data *memory.Buffer) {
	const usual = 24 // bytes of a quotient
	ends, bytes := make([]int32, v.N+1), make([]byte, 0, v.N*usual)
	for i := range v.N {
		if v.Valid.Get(i) {
			bytes = v.Decs[i].AppendTo(bytes)
		}
		ends[i+1] = int32(len(bytes))
	}
	return memory.NewBufferBytes(rawBytes(ends)), memory.NewBufferBytes(bytes)
}

// Split gives the rows of a batch in parts of which no column has more than limit bytes of text, if that can be done between rows: an Arrow array of
// strings ends at 2 GiB.
func Split(b *Batch, limit int64) []*Batch {
	large := slices.ContainsFunc(b.Cols, func(c *Vec) bool { return textBytes(c) > limit })
	if !large || b.N < 2 {
		return []*Batch{b}
	}
	return append(Split(b.Slice(0, b.N/2), limit), Split(b.Slice(b.N/2, b.N), limit)...)
}

// textBytes counts the bytes of a column's text; 0 for a column of another kind.
func textBytes(v *Vec) int64 {
	if v == nil || v.Type.Physical() != arrowschema.Strings {
		return 0
	}
	n := int64(0)
	switch {
	case v.Const:
		n = int64(len(v.Strs[0])) * int64(v.N)
	case v.Dict != nil && v.Dict.N > 0:
		for _, c := range v.Codes {
			n += int64(len(v.Dict.Strs[c]))
		}
	case v.Dict == nil:
		for _, s := range v.Strs {
			n += int64(len(s))
		}
	}
	return n
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

package tables

import (
	"sync"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// recordCell holds the Arrow form of a sealed segment once somebody has asked for it. Its buffers are those of the vectors where Arrow's layout
// is theirs: 64-bit values, UUIDs, codes, dictionaries, and text that lies end to end; other text is copied. All of them are Go's memory: nothing is lost when nobody releases the batch.
type recordCell struct {
	once  sync.Once
	batch arrow.RecordBatch
}

// recordOf gives vectors as a record batch. Dictionary-coded vectors become dictionary arrays.
func recordOf(names []string, cols []*vec.Vec, nullable []bool, rows int) arrow.RecordBatch {
	fields, arrays := make([]arrow.Field, len(cols)), make([]arrow.Array, len(cols))
	for i, v := range cols {
		arrays[i] = arrayOf(v)
		fields[i] = arrow.Field{Name: names[i], Type: arrays[i].DataType(), Nullable: nullable[i]}
	}
	batch := array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, int64(rows))
	for _, a := range arrays {
		a.Release()
	}
	return batch
}

func arrayOf(v *vec.Vec) arrow.Array {
	switch {
	case v.Dict != nil:
		return dictionaryOf(v)
	case v.Type.Physical() == arrowschema.Strings && !v.Const:
		return textOf(v)
	default:
		return vec.ToArrow(v)
	}
}

// dictionaryOf gives a dictionary array of uint16 indices.
func dictionaryOf(v *vec.Vec) arrow.Array {
	values := textOf(v.Dict)
	defer values.Release()
	t := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: values.DataType()}
	data := array.NewDataWithDictionary(t, v.N, []*memory.Buffer{validityOf(v), bufferOver(v.Codes)}, nullCount(v), 0, values.Data().(*array.Data))
	defer data.Release()
	return array.NewDictionaryData(data)
}

// textOf gives a string array, or the extension array of JSON. Text that lies end to end is shared, other text copied.
func textOf(v *vec.Vec) arrow.Array {
	data, offsets, ok := contiguous(v)
	if !ok {
		data, offsets, _ = contiguous(packTexts(v))
	}
	t := v.Type.Arrow()
	d := array.NewData(t, v.N, []*memory.Buffer{validityOf(v), bufferOver(offsets), memory.NewBufferBytes(data)}, nil, nullCount(v), 0)
	defer d.Release()
	return array.MakeFromData(d)
}

// contiguous finds the bytes over which the values of a flat text vector lie end to end, and their offsets.
func contiguous(v *vec.Vec) (data []byte, offsets []int32, ok bool) {
	offsets = make([]int32, v.N+1)
	var base *byte
	size := 0
	for i, s := range v.Strs {
		if len(s) > 0 && v.Valid.Get(i) {
			at := unsafe.StringData(s)
			if base == nil {
				base = at
			} else if uintptr(unsafe.Pointer(at)) != uintptr(unsafe.Pointer(base))+uintptr(size) {
				return nil, nil, false
			}
			size += len(s)
		}
		offsets[i+1] = int32(size)
	}
	if base == nil {
		return nil, offsets, true
	}
	return unsafe.Slice(base, size), offsets, true
}

func validityOf(v *vec.Vec) *memory.Buffer {
	if v.Valid == nil {
		return nil
	}
	return bufferOver(v.Valid)
}

// bufferOver views a slice as an Arrow buffer (little-endian machines, as arrow-go itself assumes).
func bufferOver[T uint16 | int32 | uint64](s []T) *memory.Buffer {
	if len(s) == 0 {
		return memory.NewBufferBytes(nil)
	}
	return memory.NewBufferBytes(unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0]))))
}

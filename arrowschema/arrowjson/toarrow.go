package arrowjson

import (
	"maps"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The metadata keys under which Arrow's IPC format keeps an extension type on a field whose type is the storage.
const (
	ExtensionName     = "ARROW:extension:name"
	ExtensionMetadata = "ARROW:extension:metadata"
)

// Arrow gives arrow-go's type. The elided struct has none (0A000), nor have the few types that Rust arrow can spell and no array can have, or that arrow-go
// cannot hold: a binary of a negative size, a fixed-size list of less than one element, a decimal of no digits, of more than its width holds, or with more
// behind the point than there are, a map with nullable keys or without two members, run ends that are not int16, int32 or int64.
//
// arrow-go has no place for some details, and they are lost: dictionary ids, the names and metadata of a map's entries and of its key and value
// beyond what MapOfFields takes, those of the two fields of a run-end encoding, and the difference between no time zone and an empty one.
func (t *Type) Arrow() (arrow.DataType, error) {
	switch t.Kind() {
	case Invalid:
		return nil, sqlstate.New(sqlstate.InternalError, "a field of the schema has no type")
	case Timestamp:
		return &arrow.TimestampType{Unit: t.timeUnit(), TimeZone: t.zone}, nil
	case Time32:
		return &arrow.Time32Type{Unit: t.timeUnit()}, nil
	case Time64:
		return &arrow.Time64Type{Unit: t.timeUnit()}, nil
	case Duration:
		return &arrow.DurationType{Unit: t.timeUnit()}, nil
	case Interval:
		return map[unit]arrow.DataType{
			yearMonth: arrow.FixedWidthTypes.MonthInterval, dayTime: arrow.FixedWidthTypes.DayTimeInterval,
			monthDayNano: arrow.FixedWidthTypes.MonthDayNanoInterval,
		}[t.unit], nil
	case FixedSizeBinary:
		if t.size < 0 {
			return nil, unsupported(t, "a number of bytes is not negative")
		}
		return &arrow.FixedSizeBinaryType{ByteWidth: int(t.size)}, nil
	case Decimal32, Decimal64, Decimal128, Decimal256:
		return t.arrowDecimal()
	case Dictionary:
		return t.arrowDictionary(false)
	case Struct, Union, Map, RunEndEncoded, List, LargeList, ListView, LargeListView, FixedSizeList:
		return t.arrowNested()
	}
	return simpleTypes[t.kind], nil
}

// simpleTypes are arrow-go's types for the kinds without arguments.
var simpleTypes = [...]arrow.DataType{
	Null: arrow.Null, Boolean: arrow.FixedWidthTypes.Boolean,
	Int8: arrow.PrimitiveTypes.Int8, Int16: arrow.PrimitiveTypes.Int16, Int32: arrow.PrimitiveTypes.Int32, Int64: arrow.PrimitiveTypes.Int64,
	UInt8: arrow.PrimitiveTypes.Uint8, UInt16: arrow.PrimitiveTypes.Uint16, UInt32: arrow.PrimitiveTypes.Uint32, UInt64: arrow.PrimitiveTypes.Uint64,
	Float16: arrow.FixedWidthTypes.Float16, Float32: arrow.PrimitiveTypes.Float32, Float64: arrow.PrimitiveTypes.Float64,
	Date32: arrow.FixedWidthTypes.Date32, Date64: arrow.FixedWidthTypes.Date64,
	Binary: arrow.BinaryTypes.Binary, LargeBinary: arrow.BinaryTypes.LargeBinary, BinaryView: arrow.BinaryTypes.BinaryView,
	Utf8: arrow.BinaryTypes.String, LargeUtf8: arrow.BinaryTypes.LargeString, Utf8View: arrow.BinaryTypes.StringView,
}

// timeUnit gives arrow-go's unit: its constants count from Second in the same order.
func (t *Type) timeUnit() arrow.TimeUnit { return arrow.Second + arrow.TimeUnit(t.unit-second) }

func (t *Type) arrowDecimal() (arrow.DataType, error) {
	most := t.kind.maxPrecision()
	switch {
	case t.size < 1 || t.size > most:
		return nil, unsupported(t, "the precision of a "+t.kind.String()+" is from 1 to "+strconv.Itoa(int(most)))
	case int32(t.scale) > t.size:
		return nil, unsupported(t, "the scale of a decimal does not exceed its precision")
	}
	switch t.kind {
	case Decimal32:
		return &arrow.Decimal32Type{Precision: t.size, Scale: int32(t.scale)}, nil
	case Decimal64:
		return &arrow.Decimal64Type{Precision: t.size, Scale: int32(t.scale)}, nil
	case Decimal128:
		return &arrow.Decimal128Type{Precision: t.size, Scale: int32(t.scale)}, nil
	}
	return &arrow.Decimal256Type{Precision: t.size, Scale: int32(t.scale)}, nil
}

// arrowDictionary gives the dictionary type; whether it is ordered stands on the field.
func (t *Type) arrowDictionary(ordered bool) (arrow.DataType, error) {
	key, err := t.key.Arrow()
	if err != nil {
		return nil, err
	}
	value, err := t.value.Arrow()
	if err != nil {
		return nil, err
	}
	return &arrow.DictionaryType{IndexType: key, ValueType: value, Ordered: ordered}, nil
}

func (t *Type) arrowNested() (arrow.DataType, error) {
	if t.elided {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "the fields of the type %s are not known", t.String()).
			WithDetail("The schema was written with its struct elided; it tells that there is a struct, and not what it holds.").
			WithHint("Write out the fields of the struct, as in Struct([Field { name: \"a\", data_type: Int32, nullable: true }]).")
	}
	fields := make([]arrow.Field, len(t.children))
	for i, f := range t.children {
		var err error
		if fields[i], err = f.Arrow(); err != nil {
			return nil, err
		}
	}
	switch t.kind {
	case List:
		return arrow.ListOfField(fields[0]), nil
	case LargeList:
		return arrow.LargeListOfField(fields[0]), nil
	case ListView:
		return arrow.ListViewOfField(fields[0]), nil
	case LargeListView:
		return arrow.LargeListViewOfField(fields[0]), nil
	case FixedSizeList:
		if t.size < 1 {
			return nil, unsupported(t, "a fixed-size list has at least one element")
		}
		return arrow.FixedSizeListOfField(t.size, fields[0]), nil
	case Struct:
		return arrow.StructOf(fields...), nil
	case Union:
		if t.unit == dense {
			return arrow.DenseUnionOf(fields, append([]int8(nil), t.ids...)), nil
		}
		return arrow.SparseUnionOf(fields, append([]int8(nil), t.ids...)), nil
	case Map:
		return t.arrowMap(fields[0])
	}
	return t.arrowRunEnds(fields[0], fields[1])
}

func (t *Type) arrowMap(entries arrow.Field) (arrow.DataType, error) {
	pair, ok := entries.Type.(*arrow.StructType)
	if !ok || pair.NumFields() != 2 {
		return nil, unsupported(t, "the entries of a map are a struct of a key and a value")
	}
	if pair.Field(0).Nullable {
		return nil, unsupported(t, "the keys of a map are not nullable")
	}
	m := arrow.MapOfFields(pair.Field(0), pair.Field(1))
	m.KeysSorted = t.sorted
	return m, nil
}

func (t *Type) arrowRunEnds(runEnds, values arrow.Field) (arrow.DataType, error) {
	r := arrow.RunEndEncodedOf(runEnds.Type, values.Type)
	if !r.ValidRunEndsType(runEnds.Type) {
		return nil, unsupported(t, "run ends are of the type Int16, Int32 or Int64")
	}
	r.ValueNullable = values.Nullable
	return r, nil
}

// unsupported is the error for a type that can be spelled and that arrow-go cannot hold.
func unsupported(t *Type, why string) error {
	text := t.String()
	return sqlstate.New(sqlstate.FeatureNotSupported, `the Arrow type "%s" is not supported: %s`, excerpt(text, 0), why)
}

// Arrow gives arrow-go's field. If the metadata name a registered extension type that can be made from the field's type, and FieldOf would give the two keys of
// the extension back as they are, that is its type and the keys leave the metadata; otherwise the type is the storage and the metadata are kept whole. So
// nothing is lost, and nothing gained: not the empty ARROW:extension:metadata that arrow-go has for every extension and Rust arrow leaves out.
func (f Field) Arrow() (arrow.Field, error) {
	a := arrow.Field{Name: f.Name, Nullable: f.Nullable}
	var err error
	if f.Type.Kind() == Dictionary {
		a.Type, err = f.Type.arrowDictionary(f.DictIsOrdered)
	} else {
		a.Type, err = f.Type.Arrow()
	}
	if err != nil {
		return a, err
	}
	metadata := f.Metadata
	if ext := extension(a.Type, metadata); ext != nil {
		a.Type, metadata = ext, maps.Clone(metadata)
		delete(metadata, ExtensionName)
		delete(metadata, ExtensionMetadata)
	}
	if len(metadata) > 0 {
		a.Metadata = arrow.MetadataFrom(metadata)
	}
	return a, nil
}

// extension makes the extension type that metadata name from its storage, nil when they name none or not in the words of its own.
func extension(storage arrow.DataType, metadata map[string]string) (made arrow.ExtensionType) {
	name, named := metadata[ExtensionName]
	serialized, described := metadata[ExtensionMetadata]
	if !named || !described {
		return nil
	}
	registered := arrow.GetExtensionType(name)
	if registered == nil {
		return nil
	}
	// What is registered is anyone's code, which sees here what a file says: its panic is a misfit too.
	defer func() {
		if recover() != nil {
			made = nil
		}
	}()
	ext, err := registered.Deserialize(storage, serialized)
	if err != nil || ext == nil || ext.ExtensionName() != name || ext.Serialize() != serialized ||
		!arrow.TypeEqual(ext.StorageType(), storage, arrow.CheckMetadata()) {
		return nil
	}
	return ext
}

// Arrow gives arrow-go's schema, in native endianness. Options have no place in it. The errors are those of Type.Arrow, with the field's name in
// their detail, and 42701 if two fields share a name.
func (s *Schema) Arrow() (*arrow.Schema, error) {
	if err := s.checkNames(); err != nil {
		return nil, err
	}
	fields := make([]arrow.Field, len(s.Fields))
	for i, f := range s.Fields {
		var err error
		if fields[i], err = f.Arrow(); err != nil {
			return nil, inField(err, f.Name)
		}
	}
	if len(s.Metadata) == 0 {
		return arrow.NewSchema(fields, nil), nil
	}
	metadata := arrow.MetadataFrom(s.Metadata)
	return arrow.NewSchema(fields, &metadata), nil
}

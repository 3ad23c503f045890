package arrowjson

import (
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// TypeOf gives the type of arrow-go's: what stands in data_type. An extension type gives its storage, and an ordered dictionary the dictionary,
// since the extension and the order stand on the field: FieldOf keeps them. Where such a type is the value of a dictionary there is no field to
// hold them, and TypeOf refuses it (0A000), as it does types that Rust arrow cannot spell and types more than 64 deep.
func TypeOf(dt arrow.DataType) (*Type, error) { return typeOf(dt, maxDepth) }

// FieldOf gives the field of arrow-go's. The name and parameters of an extension type become the metadata ARROW:extension:name and
// ARROW:extension:metadata, as in Arrow's IPC format.
func FieldOf(a arrow.Field) (Field, error) { return fieldOf(a, maxDepth) }

// SchemaOf gives the schema of arrow-go's. Errors name the field in their detail; two fields of one name are 42701.
func SchemaOf(a *arrow.Schema) (*Schema, error) {
	s := &Schema{Fields: make([]Field, a.NumFields())}
	var err error
	for i := range s.Fields {
		if s.Fields[i], err = FieldOf(a.Field(i)); err != nil {
			return nil, inField(err, a.Field(i).Name)
		}
	}
	if s.Metadata, err = metadataOf(a.Metadata()); err != nil {
		return nil, err
	}
	return s, s.checkNames()
}

// inField adds to an error in which field it arose.
func inField(err error, name string) error {
	var e *sqlstate.Error
	if errors.As(err, &e) && e.Where == "" {
		e.Where = `field "` + excerpt(name, 0) + `" of the Arrow schema`
	}
	return err
}

func fieldOf(a arrow.Field, depth int) (f Field, err error) {
	f = Field{Name: a.Name, Nullable: a.Nullable}
	if !utf8.ValidString(a.Name) {
		return f, notUTF8("the name of a field")
	}
	if f.Metadata, err = metadataOf(a.Metadata); err != nil {
		return f, err
	}
	dt := a.Type
	if ext, ok := dt.(arrow.ExtensionType); ok {
		if !utf8.ValidString(ext.Serialize()) {
			return f, notUTF8("the metadata of the extension type " + ext.ExtensionName())
		}
		if f.Metadata == nil {
			f.Metadata = map[string]string{}
		}
		f.Metadata[ExtensionName], f.Metadata[ExtensionMetadata] = ext.ExtensionName(), ext.Serialize()
		dt = ext.StorageType()
	}
	if d, ok := dt.(*arrow.DictionaryType); ok {
		f.DictIsOrdered = d.Ordered
	}
	f.Type, err = typeOf(dt, depth)
	return f, err
}

func metadataOf(a arrow.Metadata) (map[string]string, error) {
	if a.Len() == 0 {
		return nil, nil
	}
	for i, key := range a.Keys() {
		if !utf8.ValidString(key) || !utf8.ValidString(a.Values()[i]) {
			return nil, notUTF8("the metadata")
		}
	}
	return a.ToMap(), nil
}

// notUTF8 is the error for text of an Arrow schema that no string of Rust or JSON can hold.
func notUTF8(what string) error {
	return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\" in %s", what)
}

// typeOf is TypeOf for a type that may have the given number of types with arguments on the way to its leaves.
func typeOf(dt arrow.DataType, depth int) (*Type, error) {
	if dt == nil {
		return nil, sqlstate.New(sqlstate.InternalError, "a field of the Arrow schema has no type")
	}
	for k, simple := range simpleTypes {
		if simple != nil && simple.ID() == dt.ID() {
			return &Type{kind: Kind(k)}, nil
		}
	}
	if depth == 0 {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "Arrow types may nest %d deep at most", maxDepth)
	}
	switch dt := dt.(type) {
	case arrow.ExtensionType:
		return typeOf(dt.StorageType(), depth)
	case *arrow.TimestampType:
		if !utf8.ValidString(dt.TimeZone) {
			return nil, notUTF8("a time zone")
		}
		return checkedUnit(&Type{kind: Timestamp, hasZone: dt.TimeZone != "", zone: dt.TimeZone}, dt, dt.Unit)
	case *arrow.Time32Type:
		return checkedUnit(&Type{kind: Time32}, dt, dt.Unit)
	case *arrow.Time64Type:
		return checkedUnit(&Type{kind: Time64}, dt, dt.Unit)
	case *arrow.DurationType:
		return checkedUnit(&Type{kind: Duration}, dt, dt.Unit)
	case *arrow.MonthIntervalType:
		return &Type{kind: Interval, unit: yearMonth}, nil
	case *arrow.DayTimeIntervalType:
		return &Type{kind: Interval, unit: dayTime}, nil
	case *arrow.MonthDayNanoIntervalType:
		return &Type{kind: Interval, unit: monthDayNano}, nil
	case *arrow.FixedSizeBinaryType:
		if dt.ByteWidth < math.MinInt32 || dt.ByteWidth > math.MaxInt32 {
			return nil, unspellable(dt)
		}
		return &Type{kind: FixedSizeBinary, size: int32(dt.ByteWidth)}, nil
	case arrow.DecimalType:
		return decimalOf(dt)
	case *arrow.DictionaryType:
		return dictionaryOf(dt, depth)
	case arrow.NestedType:
		return nestedOf(dt, depth)
	}
	return nil, unspellable(dt)
}

// unspellable is the error for a type of arrow-go's that Rust arrow has no text for.
func unspellable(dt arrow.DataType) error {
	return sqlstate.New(sqlstate.FeatureNotSupported, `the Arrow type "%s" has no form in Arrow-JSON`, excerpt(dt.String(), 0))
}

func checkedUnit(t *Type, dt arrow.DataType, u arrow.TimeUnit) (*Type, error) {
	t.unit = second + unit(u-arrow.Second)
	if u < arrow.Second || u > arrow.Nanosecond || t.kind == Time32 && t.unit > millisecond || t.kind == Time64 && t.unit < microsecond {
		return nil, unspellable(dt)
	}
	return t, nil
}

func decimalOf(dt arrow.DecimalType) (*Type, error) {
	t := &Type{size: dt.GetPrecision(), scale: int8(dt.GetScale())}
	switch dt.ID() {
	case arrow.DECIMAL32:
		t.kind = Decimal32
	case arrow.DECIMAL64:
		t.kind = Decimal64
	case arrow.DECIMAL128:
		t.kind = Decimal128
	case arrow.DECIMAL256:
		t.kind = Decimal256
	}
	if t.size < 0 || t.size > math.MaxUint8 || int32(t.scale) != dt.GetScale() {
		return nil, unspellable(dt)
	}
	return t, nil
}

func dictionaryOf(dt *arrow.DictionaryType, depth int) (_ *Type, err error) {
	t := &Type{kind: Dictionary}
	if t.key, err = typeOf(dt.IndexType, depth-1); err != nil {
		return nil, err
	}
	if !t.key.kind.integer() {
		return nil, unspellable(dt)
	}
	switch value := dt.ValueType.(type) {
	case arrow.ExtensionType:
		return nil, unspellable(dt)
	case *arrow.DictionaryType:
		if value.Ordered {
			return nil, unspellable(dt)
		}
	}
	t.value, err = typeOf(dt.ValueType, depth-1)
	return t, err
}

func nestedOf(dt arrow.NestedType, depth int) (*Type, error) {
	t := &Type{}
	switch dt := dt.(type) {
	case *arrow.ListType:
		t.kind = List
	case *arrow.LargeListType:
		t.kind = LargeList
	case *arrow.ListViewType:
		t.kind = ListView
	case *arrow.LargeListViewType:
		t.kind = LargeListView
	case *arrow.FixedSizeListType:
		t.kind, t.size = FixedSizeList, dt.Len()
	case *arrow.StructType:
		t.kind = Struct
	case *arrow.MapType:
		t.kind, t.sorted = Map, dt.KeysSorted
	case *arrow.RunEndEncodedType:
		t.kind = RunEndEncoded
	case *arrow.SparseUnionType:
		t.kind, t.unit, t.ids = Union, sparse, slices.Clone(dt.TypeCodes())
	case *arrow.DenseUnionType:
		t.kind, t.unit, t.ids = Union, dense, slices.Clone(dt.TypeCodes())
	default:
		return nil, unspellable(dt)
	}
	for _, a := range dt.Fields() {
		f, err := fieldOf(a, depth-1)
		if err != nil {
			return nil, err
		}
		t.children = append(t.children, f)
	}
	return t, nil
}

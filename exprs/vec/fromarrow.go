package vec

import (
	"math"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
)

// FromArrow gives an Arrow array as a vector of SQL type t. Strings and 64-bit values share the array's memory, which must be Go's own
// (memory.DefaultAllocator) or outlive the vector.
//
// An array of another width, unit or encoding than t.Arrow() is converted; one of a type that does not hold values of t is refused (42804), a value that
// t cannot hold too (22003, 22008, 22P02), and text that is not UTF-8 or has a NUL (22021). Whether text is JSON is left to the caller.
func FromArrow(t arrowschema.Type, a arrow.Array) (*Vec, error) {
	if ext, ok := a.(array.ExtensionArray); ok {
		a = ext.Storage()
	}
	switch a := a.(type) {
	case *array.Dictionary:
		return fromDictionary(t, a)
	case *array.Null:
		return NewNull(t, a.Len()), nil
	}
	v := &Vec{Type: t, N: a.Len(), Valid: validityOf(a)}
	if err := v.read(a); err != nil {
		return nil, err
	}
	return v, nil
}

// read fills the elements of v from an array of the same length.
func (v *Vec) read(a arrow.Array) (err error) {
	ok := false
	switch v.Type.Physical() {
	case arrowschema.Bools:
		v.Bools, ok = arrowBools(a)
	case arrowschema.Ints:
		v.Ints, ok, err = v.arrowInts(a)
	case arrowschema.Floats:
		v.Floats, ok, err = v.arrowFloats(a)
	case arrowschema.UUIDs:
		v.UUIDs, ok = arrowUUIDs(a)
	case arrowschema.Intervals:
		v.Intervals, ok, err = v.arrowIntervals(a)
	case arrowschema.Decs:
		v.Decs, ok, err = v.arrowDecimals(a)
	case arrowschema.Strings:
		v.Strs, ok, err = arrowStrings(a)
	}
	if err == nil && !ok {
		return sqlstate.New(sqlstate.DatatypeMismatch, "an Arrow array of type %s does not hold %s", a.DataType(), v.Type)
	}
	return err
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
	if dict.N == 0 || dict.NullConst() {
		return NewNull(t, d.Len()), nil
	}
	dict = dict.Flat()
	valid := validityOf(d)
	if dict.N > MaxDict {
		sel := make([]int32, d.Len())
		for i := range sel {
			if d.IsValid(i) {
				sel[i] = int32(d.GetValueIndex(i))
			}
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

func arrowBools(a arrow.Array) ([]bool, bool) {
	b, ok := a.(*array.Boolean)
	if !ok {
		return nil, false
	}
	out := make([]bool, b.Len())
	for i := range out {
		out[i] = b.Value(i)
	}
	return out, true
}

func arrowUUIDs(a arrow.Array) ([][16]byte, bool) {
	f, ok := a.(*array.FixedSizeBinary)
	if !ok || f.DataType().(*arrow.FixedSizeBinaryType).ByteWidth != 16 {
		return nil, false
	}
	out := make([][16]byte, f.Len())
	for i := range out {
		if f.IsValid(i) {
			copy(out[i][:], f.Value(i))
		}
	}
	return out, true
}

// arrowStrings reads text, and checks that it is what a text may be.
func arrowStrings(a arrow.Array) ([]string, bool, error) {
	s, ok := a.(array.StringLike)
	if !ok {
		return nil, false, nil
	}
	out := make([]string, s.Len())
	for i := range out {
		if s.IsValid(i) {
			out[i] = s.Value(i)
			if err := CheckText(out[i]); err != nil {
				return nil, true, err
			}
		}
	}
	return out, true, nil
}

// CheckText refuses what PostgreSQL does not store in a text: bytes that are not UTF-8, and NUL (22021). It shows as many bytes as the first bad one
// announces.
func CheckText(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			announced := max(1, bits.LeadingZeros8(^s[i]))
			if announced > utf8.UTFMax {
				announced = 1
			}
			announced = min(announced, len(s)-i)
			return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": % #x", s[i:i+announced])
		}
		i += size
	}
	return nil
}

// arrowDecimals reads numerics from their text, from Arrow's decimals and from integers.
func (v *Vec) arrowDecimals(a arrow.Array) ([]decimal.Dec, bool, error) {
	out := make([]decimal.Dec, v.N)
	var value func(i int) (decimal.Dec, error)
	switch a := a.(type) {
	case array.StringLike:
		value = func(i int) (decimal.Dec, error) { return decimal.Parse(a.Value(i)) }
	case *array.Decimal128:
		scale := int(a.DataType().(*arrow.Decimal128Type).Scale)
		value = func(i int) (decimal.Dec, error) { return decimal.FromBig(a.Value(i).BigInt(), scale) }
	case *array.Decimal256:
		scale := int(a.DataType().(*arrow.Decimal256Type).Scale)
		value = func(i int) (decimal.Dec, error) { return decimal.FromBig(a.Value(i).BigInt(), scale) }
	case *array.Uint64:
		value = func(i int) (decimal.Dec, error) { return decimal.FromInt128(0, a.Value(i), 0), nil }
	default:
		ints, ok := plainIntegers(a)
		if !ok {
			return nil, false, nil
		}
		value = func(i int) (decimal.Dec, error) { return decimal.FromInt64(ints[i]), nil }
	}
	for i := range out {
		if !a.IsValid(i) {
			continue
		}
		var err error
		if out[i], err = value(i); err != nil {
			return nil, true, err
		}
	}
	return out, true, nil
}

// arrowFloats reads floats; into float4 only what it can hold.
func (v *Vec) arrowFloats(a arrow.Array) ([]float64, bool, error) {
	switch f := a.(type) {
	case *array.Float32:
		return widen[float32, float64](f.Float32Values()), true, nil
	case *array.Float64:
		if v.Type == arrowschema.Float8 {
			return f.Float64Values(), true, nil
		}
		out := make([]float64, v.N)
		for i, x := range f.Float64Values() {
			out[i] = float64(float32(x))
			if v.Valid.Get(i) && math.IsInf(out[i], 0) && !math.IsInf(x, 0) {
				return nil, true, sqlstate.New(sqlstate.NumericValueOutOfRange, "%q is out of range for type %s", AppendFloat(nil, x, 64), v.Type)
			}
		}
		return out, true, nil
	}
	return nil, false, nil
}

// arrowIntervals reads intervals and durations.
func (v *Vec) arrowIntervals(a arrow.Array) ([]temporal.Interval, bool, error) {
	out := make([]temporal.Interval, v.N)
	switch a := a.(type) {
	case *array.MonthDayNanoInterval:
		for i, x := range a.MonthDayNanoIntervalValues() {
			out[i] = temporal.Interval{Months: x.Months, Days: x.Days, Micros: x.Nanoseconds / 1000}
		}
	case *array.MonthInterval:
		for i, x := range a.MonthIntervalValues() {
			out[i] = temporal.Interval{Months: int32(x)}
		}
	case *array.DayTimeInterval:
		for i, x := range a.DayTimeIntervalValues() {
			out[i] = temporal.Interval{Days: x.Days, Micros: int64(x.Milliseconds) * 1000}
		}
	case *array.Duration:
		micros, err := v.inMicros(widen[arrow.Duration, int64](a.DurationValues()), a.DataType().(*arrow.DurationType).Unit, "interval")
		if err != nil {
			return nil, true, err
		}
		for i, x := range micros {
			out[i].Micros = x
		}
	default:
		return nil, false, nil
	}
	return out, true, nil
}

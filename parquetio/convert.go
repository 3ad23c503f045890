package parquetio

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// convert makes a vector of the leaf's type from values in the leaf's slot, which it takes over. What lies under a NULL is not looked at.
func (l *leaf) convert(v *vec.Vec, valid vec.Bitmap) (*vec.Vec, error) {
	out := &vec.Vec{Type: l.typ, N: v.N, Valid: valid}
	var err error
	switch l.kind {
	case kindDirect:
		*out = *v
		out.Type, out.Valid = l.typ, valid
	case kindText, kindJSONB:
		out.Strs, err = v.Strs, checkText(v.Strs, valid)
	case kindDate, kindTime, kindTimestamp, kindTimeMillis, kindTimeNanos, kindMillis, kindNanos, kindUnsigned:
		out.Ints = v.Ints
		err = l.convertInts(v.Ints, valid)
	case kindUint64, kindDecimalInt:
		out.Decs, err = mapValues(v.Ints, valid, l.intDecimal)
	case kindDecimalBytes:
		out.Decs, err = mapValues(v.Strs, valid, l.bytesDecimal)
	case kindNumericText:
		out.Decs, err = mapValues(v.Strs, valid, decimal.Parse)
	case kindIntervalText:
		out.Intervals, err = mapValues(v.Strs, valid, temporal.ParseInterval)
	case kindUUIDText:
		out.UUIDs, err = mapValues(v.Strs, valid, uuidOf)
	case kindTimeText:
		out.Ints, err = mapValues(v.Strs, valid, timeOfText)
	case kindIntervalBin:
		out.Intervals, err = mapValues(v.Strs, valid, binaryInterval)
	case kindFloat16:
		out.Floats, err = mapValues(v.Strs, valid, halfFloat)
	case kindNull:
		return vec.NewNull(l.typ, v.N), nil
	default:
		err = sqlstate.New(sqlstate.FeatureNotSupported, "the column cannot be read: %s", l.refusal)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// mapValues applies f to the values that are not NULL.
func mapValues[A, B any](values []A, valid vec.Bitmap, f func(A) (B, error)) ([]B, error) {
	out := make([]B, len(values))
	for i, v := range values {
		if !valid.Get(i) {
			continue
		}
		var err error
		if out[i], err = f(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// checkText refuses what PostgreSQL's text cannot hold, in PostgreSQL's words.
func checkText(values []string, valid vec.Bitmap) error {
	for i, s := range values {
		if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 || !valid.Get(i) {
			continue
		}
		at := strings.IndexByte(s, 0)
		for k, r := range s {
			if r == utf8.RuneError {
				if _, size := utf8.DecodeRuneInString(s[k:]); size == 1 && (at < 0 || k < at) {
					at = k
					break
				}
			}
		}
		return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x%02x", s[at])
	}
	return nil
}

func errTimestampRange() error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range")
}
func errTimeRange() error { return sqlstate.New(sqlstate.DatetimeFieldOverflow, "time out of range") }
func errDateRange() error { return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range") }

// convertInts converts integers in place.
func (l *leaf) convertInts(values []int64, valid vec.Bitmap) error {
	if l.kind == kindUnsigned {
		mask := int64(1)<<uint(l.bits) - 1
		for i := range values {
			values[i] &= mask
		}
		return nil
	}
	for i, v := range values {
		if !valid.Get(i) {
			continue
		}
		var err error
		switch l.kind {
		case kindDate:
			v, err = dateOf(v)
		case kindTime, kindTimeMillis, kindTimeNanos:
			v, err = timeOf(v, l.kind)
		default:
			v, err = timestampOf(v, l.kind)
		}
		if err != nil {
			return err
		}
		values[i] = v
	}
	return nil
}

func dateOf(v int64) (int64, error) {
	switch {
	case v == dateInfinity:
		return temporal.Infinity, nil
	case v == dateNegInfinity:
		return temporal.NegInfinity, nil
	case v < temporal.MinDate || v > temporal.MaxDate:
		return 0, errDateRange()
	}
	return v, nil
}

func timeOf(v int64, k kind) (int64, error) {
	switch k {
	case kindTimeMillis:
		if v > math.MaxInt32 || v < 0 {
			return 0, errTimeRange()
		}
		v *= 1000
	case kindTimeNanos:
		v = floorDiv(v, 1000)
	}
	if v < 0 || v > temporal.MicrosPerDay {
		return 0, errTimeRange()
	}
	return v, nil
}

// timestampOf converts to microseconds, rounding down. DuckDB's infinities are the ends of 64 bits, the lower one without its last value.
func timestampOf(v int64, k kind) (int64, error) {
	if v == math.MaxInt64 {
		return temporal.Infinity, nil
	}
	if v <= -math.MaxInt64 {
		return temporal.NegInfinity, nil
	}
	switch k {
	case kindMillis:
		if v > math.MaxInt64/1000 || v < math.MinInt64/1000 {
			return 0, errTimestampRange()
		}
		v *= 1000
	case kindNanos:
		return floorDiv(v, 1000), nil
	}
	if v < temporal.MinTimestamp {
		return 0, errTimestampRange()
	}
	return v, nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// intDecimal makes a numeric of an integer: unsigned, or with the column's scale.
func (l *leaf) intDecimal(v int64) (decimal.Dec, error) {
	if l.kind == kindUint64 {
		return decimal.FromInt128(0, uint64(v), 0), nil
	}
	return decimal.New(v, l.scale), nil
}

// bytesDecimal makes a numeric of two's complement, the most significant byte first.
func (l *leaf) bytesDecimal(s string) (decimal.Dec, error) {
	if len(s) <= 16 {
		var hi int64
		var lo uint64
		if len(s) > 0 && s[0] >= 0x80 {
			hi, lo = -1, ^uint64(0)
		}
		for i := range len(s) {
			hi, lo = hi<<8|int64(lo>>56), lo<<8|uint64(s[i])
		}
		return decimal.FromInt128(hi, lo, l.scale), nil
	}
	if len(s) > 1<<16 {
		return decimal.Dec{}, fmt.Errorf("a decimal of %d bytes", len(s))
	}
	z := new(big.Int).SetBytes([]byte(s))
	if s[0] >= 0x80 {
		z.Sub(z, new(big.Int).Lsh(big.NewInt(1), uint(8*len(s))))
	}
	return decimal.FromBig(z, l.scale)
}

// binaryInterval reads Parquet's INTERVAL: months, days and milliseconds, little-endian and without sign.
func binaryInterval(s string) (temporal.Interval, error) {
	if len(s) != 12 {
		return temporal.Interval{}, fmt.Errorf("an interval of %d bytes", len(s))
	}
	b := []byte(s)
	months, days, millis := le32(b), le32(b[4:]), le32(b[8:])
	if months > math.MaxInt32 || days > math.MaxInt32 {
		return temporal.Interval{}, sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
	}
	return temporal.Interval{Months: int32(months), Days: int32(days), Micros: int64(millis) * 1000}, nil
}

// halfFloat reads IEEE 754 binary16, little-endian.
func halfFloat(s string) (float64, error) {
	if len(s) != 2 {
		return 0, fmt.Errorf("a half-precision number of %d bytes", len(s))
	}
	h := binary.LittleEndian.Uint16([]byte(s))
	exp, frac := int(h>>10&31), float64(h&1023)
	var v float64
	switch exp {
	case 31:
		v = math.Inf(1)
		if frac != 0 {
			v = math.NaN()
		}
	case 0:
		v = math.Ldexp(frac, -24)
	default:
		v = math.Ldexp(1024+frac, exp-25)
	}
	if h>>15 != 0 {
		v = -v
	}
	return v, nil
}

// constant gives a vector of one row.
func constant(t arrowschema.Type, v *vec.Vec) *vec.Vec {
	w := *v
	w.Type, w.N, w.Const, w.Valid = t, 1, true, nil
	return &w
}

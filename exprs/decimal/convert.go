package decimal

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// FromFloat64 gives v as PostgreSQL casts double precision to numeric: by its first 15 significant digits (printf's %.15g).
func FromFloat64(v float64) Dec { return fromFloat(v, 15) }

// FromFloat32 gives v as PostgreSQL casts real to numeric: by its first 6 significant digits (printf's %.6g).
func FromFloat32(v float32) Dec { return fromFloat(float64(v), 6) }

func fromFloat(v float64, digits int) Dec {
	switch {
	case math.IsNaN(v):
		return NaN()
	case math.IsInf(v, 0):
		return Inf(int(math.Copysign(1, v)))
	}
	var buf [32]byte
	t := strconv.AppendFloat(buf[:0], math.Abs(v), 'e', digits-1, 64) // d.ddde±dd
	coef, i := uint64(t[0]-'0'), 2
	for ; t[i] != 'e'; i++ {
		coef = coef*10 + uint64(t[i]-'0')
	}
	exp := 0
	for _, c := range t[i+2:] {
		exp = exp*10 + int(c-'0')
	}
	if t[i+1] == '-' {
		exp = -exp
	}
	scale := digits - 1 - exp
	for coef != 0 && coef%10 == 0 {
		coef /= 10
		scale--
	}
	if coef == 0 {
		return Zero
	}
	if v < 0 {
		return New(-int64(coef), scale)
	}
	return New(int64(coef), scale)
}

// ToFloat64 gives the float64 nearest to d; what is beyond the range becomes an infinity or 0. Float64 is the cast that refuses those.
func ToFloat64(d Dec) float64 {
	switch {
	case d.IsNaN():
		return math.NaN()
	case d.IsInf():
		return math.Inf(d.Sign())
	case d.small() && d.meta <= 22 && d.hi == int64(d.lo)>>63 && int64(d.lo) <= 1<<53 && int64(d.lo) >= -1<<53:
		return float64(int64(d.lo)) / float64s[d.meta] // both exact, so that the quotient is rounded once
	case d.small() && int(d.meta) < len(pow10):
		neg, m := d.mag()
		f := quoFloat64(m, pow10[d.meta])
		if neg {
			f = -f
		}
		return f
	}
	var buf [64]byte
	f, _ := strconv.ParseFloat(string(d.AppendTo(buf[:0])), 64) // out of range: ±Inf, as documented
	return f
}

// quoFloat64 gives the float64 nearest to m / d, halves to even; d is a power of ten. The quotient's first 63 or 64 bits, of which the last
// says whether anything follows, are rounded once by the conversion: no such quotient is too small for a normal float64.
func quoFloat64(m, d u128) float64 {
	m, up := m.normal()
	d, down := d.normal()
	q, r := quoStep(u128{m.hi >> 1, m.hi<<63 | m.lo>>1}, m.lo<<63, d)
	if !r.isZero() {
		q |= 1
	}
	// m/d is q × 2^(1-64) × 2^(down-up).
	return float64(q) * math.Float64frombits(uint64(1023-63+down-up)<<52)
}

// normal gives a shifted up until its top bit is set, and the shift; 0 stays 0.
func (a u128) normal() (u128, int) {
	s := bits.LeadingZeros64(a.hi)
	if a.hi == 0 {
		s = 64 + bits.LeadingZeros64(a.lo)
		return u128{a.lo << (s - 64), 0}, s
	}
	return u128{a.hi<<s | a.lo>>(64-s), a.lo << s}, s
}

// float64s holds the powers of ten that float64 holds exactly.
var float64s = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Float64 casts to double precision. Error: 22003 when the value overflows it, or is not zero and underflows.
func (d Dec) Float64() (float64, error) {
	f := ToFloat64(d)
	if !d.special() && (math.IsInf(f, 0) || f == 0 && d.Sign() != 0) {
		return 0, errRange(d, "double precision")
	}
	return f, nil
}

// Float32 casts to real, rounding once. Error: 22003 when the value overflows it, or is not zero and underflows.
func (d Dec) Float32() (float32, error) {
	if d.special() {
		return float32(ToFloat64(d)), nil
	}
	var buf [64]byte
	f, err := strconv.ParseFloat(string(d.AppendTo(buf[:0])), 32)
	if err != nil || f == 0 && d.Sign() != 0 {
		return 0, errRange(d, "real")
	}
	return float32(f), nil
}

func errRange(d Dec, typ string) error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "\"%s\" is out of range for type %s", d.String(), sqlstate.SafeString(typ))
}

// ToInt64 gives d rounded half away from zero; ok is false when an int64 does not hold it, and for NaN and the infinities.
func ToInt64(d Dec) (v int64, ok bool) {
	if d.meta != 0 {
		if d.special() {
			return 0, false
		}
		r, err := d.rescale(0, halfAway)
		if err != nil || !r.small() {
			return 0, false
		}
		d = r
	}
	return int64(d.lo), d.hi == int64(d.lo)>>63
}

// Int64 casts to bigint. Errors: 22003 out of range, 0A000 for NaN and the infinities.
func (d Dec) Int64() (int64, error) { return d.toInt(math.MinInt64, math.MaxInt64, "bigint") }

// Int32 casts to integer, under the rules of Int64.
func (d Dec) Int32() (int32, error) {
	v, err := d.toInt(math.MinInt32, math.MaxInt32, "integer")
	return int32(v), err
}

// Int16 casts to smallint, under the rules of Int64.
func (d Dec) Int16() (int16, error) {
	v, err := d.toInt(math.MinInt16, math.MaxInt16, "smallint")
	return int16(v), err
}

func (d Dec) toInt(least, most int64, typ string) (int64, error) {
	v, ok := ToInt64(d)
	switch {
	case ok && v >= least && v <= most:
		return v, nil
	case d.IsNaN():
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert NaN to %s", sqlstate.SafeString(typ))
	case d.IsInf():
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert infinity to %s", sqlstate.SafeString(typ))
	}
	return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", sqlstate.SafeString(typ))
}

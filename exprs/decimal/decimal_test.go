package decimal

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func dec(t testing.TB, s string) Dec {
	t.Helper()
	d, err := Parse(s)
	require.NoError(t, err)
	return d
}

func TestSizeAndZero(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, unsafe.Sizeof(Dec{}), uintptr(32))
	require.Equal(t, "0", Dec{}.String())
	require.Equal(t, 0, Cmp(Zero, dec(t, "0.000")))
	require.Equal(t, "NaN Infinity -Infinity", fmt.Sprint(NaN(), Inf(1), Inf(-1)))
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]Dec{
		"-9223372036854775808":   FromInt64(math.MinInt64),
		"1.50":                   New(150, 2),
		"-0.005":                 New(-5, 3),
		"500":                    New(5, -2),
		"0":                      New(0, -7),
		"0.000":                  New(0, 3),
		"Infinity":               New(1, -200000),
		"-Infinity":              New(-1, math.MinInt),
		"18446744073709551616":   FromInt128(1, 0, 0),
		"-1844674407370955161.6": FromInt128(-1, 0, 1),
		"-" + "170141183460469231731687303715884105728":   FromInt128(math.MinInt64, 0, 0),
		"-" + "1.70141183460469231731687303715884105728":  FromInt128(math.MinInt64, 0, 38),
		"-" + "17014118346046923173168730371588410572800": FromInt128(math.MinInt64, 0, -2),
	} {
		require.Equal(t, want, d.String())
	}
	hi, lo, ok := dec(t, "-123456789012345678901.25").Coef128()
	require.True(t, ok)
	require.Equal(t, "-123456789012345678901.25", Int128{hi, lo}.Dec(2).String())
	d := New(15, MaxScale+1) // rounds to 2 in the last place
	require.Equal(t, MaxScale, d.Scale())
	require.True(t, strings.HasSuffix(d.String(), "0002"))
	require.Equal(t, "0", New(1, math.MaxInt).rounded(t, 0))
	_, err := FromBig(big.NewInt(1), -MaxIntDigits)
	require.Equal(t, sqlstate.NumericValueOutOfRange, sqlstate.CodeOf(err))
	d, err = FromBig(bigPow10(50), 48)
	require.NoError(t, err)
	require.Equal(t, "100."+strings.Repeat("0", 48), d.String())
	require.Equal(t, bigPow10(50), d.Coef())
	require.Nil(t, NaN().Coef())
}

func (d Dec) rounded(t *testing.T, scale int) string {
	t.Helper()
	r, err := Round(d, scale)
	require.NoError(t, err)
	return r.String()
}

func TestDivisionScale(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"1", "3", "0.33333333333333333333"},
		{"100000000000", "3", "33333333333.33333333"},
		{"5", "7.000000", "0.71428571428571428571"},
		{"3", "2", "1.5000000000000000"},
		{"1", "Infinity", "0"},
	} {
		q, err := Div(dec(t, c[0]), dec(t, c[1]))
		require.NoError(t, err)
		require.Equal(t, c[2], q.String(), "%s / %s", c[0], c[1])
	}
	_, err := Div(FromInt64(1), New(0, 3))
	require.EqualError(t, err, "division by zero (SQLSTATE 22012)")
}

func TestErrorsHavePostgresWords(t *testing.T) {
	t.Parallel()
	_, err := Parse("1.2.3")
	require.EqualError(t, err, `invalid input syntax for type numeric: "1.2.3" (SQLSTATE 22P02)`)
	_, err = Fit(dec(t, "1234.5"), 5, 2)
	var e *sqlstate.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, "numeric field overflow", e.Message)
	require.Equal(t, "A field with precision 5, scale 2 must round to an absolute value less than 10^3.", e.Detail)
	_, err = NaN().Int32()
	require.EqualError(t, err, "cannot convert NaN to integer (SQLSTATE 0A000)")
}

func TestParseIsBounded(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1e1000000000", "1e-1000000000", "0." + strings.Repeat("0", 20000), strings.Repeat("9", 131073), "1" + strings.Repeat("0", 200000) + "e-60000"} {
		_, err := Parse(s)
		require.Equal(t, sqlstate.NumericValueOutOfRange, sqlstate.CodeOf(err))
	}
	d := dec(t, strings.Repeat("0", 300000)+"1e3")
	require.Equal(t, "1000", d.String())
}

func TestToInt64(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"0.5": 1, "-0.5": -1, "1.4999": 1, "9223372036854775807.4": math.MaxInt64, "-9223372036854775808.4": math.MinInt64, "1e18": 1e18} {
		v, ok := ToInt64(dec(t, s))
		require.True(t, ok, s)
		require.Equal(t, want, v, s)
	}
	for _, s := range []string{"9223372036854775807.5", "-9223372036854775808.5", "NaN", "Infinity", "1e100", "1e20"} {
		_, ok := ToInt64(dec(t, s))
		require.False(t, ok, s)
	}
}

func TestFloatRange(t *testing.T) {
	t.Parallel()
	require.Equal(t, math.Inf(-1), ToFloat64(dec(t, "-1e400")))
	require.Zero(t, ToFloat64(dec(t, "1e-400")))
	_, err := dec(t, "1e-400").Float64()
	require.Equal(t, sqlstate.NumericValueOutOfRange, sqlstate.CodeOf(err))
	require.True(t, math.IsNaN(ToFloat64(NaN())))
	require.Equal(t, 0.1, ToFloat64(New(1, 1)))
	require.Equal(t, "0.1", FromFloat64(0.1).String())
	require.Equal(t, "0.333333", FromFloat32(1.0/3).String())
}

func TestKeysAreEqualWhereValuesAre(t *testing.T) {
	t.Parallel()
	groups := [][]string{
		{"1", "1.0", "1.00", "1." + strings.Repeat("0", 60), "1." + strings.Repeat("0", 16383)}, {"0", "0.00", "-0", "0." + strings.Repeat("0", 50)}, {"10", "10.0"}, {"-1", "-1.000"}, {"0.1", "0.10"},
		{"123456789012345678901234567890", "123456789012345678901234567890.0000000000000000000000"}, {"1e100", "1e100"}, {"-1e100"},
		{"1.5e-50", "0." + strings.Repeat("0", 49) + "1500"}, {"NaN", "nan"}, {"Infinity", "inf"}, {"-Infinity"}, {"1e38"}, {"1e39"}, {"256"}, {"2.56"},
		{"-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728.0"}, {"170141183460469231731687303715884105728"},
	}
	seen := map[string]int{}
	hashes := map[uint64]int{}
	for i, g := range groups {
		for _, s := range g {
			d := dec(t, s)
			key := string(AppendKey(nil, d))
			if j, ok := seen[key]; ok {
				require.Equal(t, j, i, "key of %.60s", s)
			} else {
				require.Equal(t, g[0], s, "%.60s has a key of its own", s)
			}
			seen[key] = i
			if j, ok := hashes[d.Hash()]; ok {
				require.Equal(t, j, i, "hash of %.60s", s)
			} else {
				require.Equal(t, g[0], s, "%.60s has a hash of its own", s)
			}
			hashes[d.Hash()] = i
		}
	}
}

func TestSumSpillsAndMerges(t *testing.T) {
	t.Parallel()
	var s, o Sum
	require.Equal(t, "0", s.Result().String())
	top := FromInt128(math.MaxInt64, math.MaxUint64, 0)
	want := new(big.Int)
	for range 5 {
		s.Add(top)
		o.Add(Neg(top))
		o.Add(dec(t, "0.001"))
		o.Add(dec(t, "1e60"))
		s.AddInt64(-7)
	}
	want.Mul(bigPow10(60), big.NewInt(5000)).Add(want, big.NewInt(-35000+5))
	s.Merge(&o)
	require.Equal(t, 3, s.Result().Scale())
	require.Equal(t, want.String(), s.Result().Coef().String())
	avg, err := s.Avg(2)
	require.NoError(t, err)
	require.Equal(t, "2499999999999999999999999999999999999999999999999999999999982.503", avg.String()[:65])
	_, err = s.Avg(0)
	require.Equal(t, sqlstate.DivisionByZero, sqlstate.CodeOf(err))
	s.Add(Inf(1))
	require.Equal(t, "Infinity", s.Result().String())
	s.Add(Inf(-1))
	require.Equal(t, "NaN", s.Result().String())
}

func TestSumOutOfRange(t *testing.T) {
	t.Parallel()
	var s Sum
	d := dec(t, "-9e131071")
	s.Add(d)
	s.Add(d)
	_, err := s.Checked()
	require.Equal(t, sqlstate.NumericValueOutOfRange, sqlstate.CodeOf(err))
	require.Equal(t, "-Infinity", s.Result().String())
}

func TestInt128(t *testing.T) {
	t.Parallel()
	var s Int128
	for _, v := range []int64{math.MinInt64, -1, math.MaxInt64, math.MaxInt64} {
		s.Add(v)
	}
	v, ok := s.Int64()
	require.True(t, ok)
	require.Equal(t, int64(math.MaxInt64-2), v)
	s.Add(math.MaxInt64)
	_, ok = s.Int64()
	require.False(t, ok)
	s.AddInt128(Int128{Hi: -2, Lo: 7})
	require.Equal(t, "-18446744073709551613", s.Dec(0).String())
}

func TestU128Digits(t *testing.T) {
	t.Parallel()
	for k, p := range pow10 {
		require.Equal(t, k+1, p.digits())
		require.Equal(t, k, p.sub(u128{0, 1}).digits())
	}
	for n := range 128 {
		m := u128{lo: 1 << n}
		if n >= 64 {
			m = u128{hi: 1 << (n - 64)}
		}
		require.Equal(t, len(m.big().String()), m.digits())
	}
	require.Equal(t, 39, u128{math.MaxUint64, math.MaxUint64}.digits())
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	a, b, third := New(123456789, 2), New(987654321012, 6), New(3, 0)
	wide, _ := Div(a, third)
	buf := make([]byte, 0, 128)
	var s Sum
	for name, f := range map[string]func(){
		"add":  func() { _, _ = Add(a, b) },
		"sub":  func() { _, _ = Sub(wide, b) },
		"mul":  func() { _, _ = Mul(a, b) },
		"div":  func() { _, _ = Div(b, a) },
		"mod":  func() { _, _ = Mod(b, a) },
		"cmp":  func() { _ = Cmp(wide, b) },
		"text": func() { _ = wide.AppendTo(buf) },
		"key":  func() { _ = AppendKey(buf, wide) },
		"hash": func() { _ = wide.Hash() },
		"sum":  func() { s.Add(a); s.Add(b); s.AddInt64(5) },
		"int":  func() { _, _ = ToInt64(b) },
		"fit":  func() { _, _ = Fit(b, 12, 2) },
		"in":   func() { _, _ = Parse("-12345678901234567890.125") },
		"f64":  func() { _ = FromFloat64(1.25e-3) },
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

package temporal

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

var anyTimestamp = rapid.OneOf(rapid.Int64Range(MinTimestamp, MaxTimestamp), rapid.Int64Range(-5e15, 5e15), rapid.SampledFrom([]int64{Infinity, NegInfinity, 0, -1, MinTimestamp, MaxTimestamp}))

var anyInterval = rapid.Custom(func(t *rapid.T) Interval {
	return Interval{Months: rapid.Int32().Draw(t, "months"), Days: rapid.Int32().Draw(t, "days"), Micros: rapid.Int64().Draw(t, "micros")}
})

// What is printed is read back to the same value, for every type, and a timestamptz in every zone.
func TestPrintedIsReadBack(t *testing.T) {
	t.Parallel()
	newYork, err := LoadZone("America/New_York")
	require.NoError(t, err)
	zones := []*time.Location{nil, time.UTC, time.FixedZone("", -12345), newYork}
	rapid.Check(t, func(t *rapid.T) {
		ts := anyTimestamp.Draw(t, "ts")
		got, err := ParseTimestamp(string(AppendTimestamp(nil, ts)))
		require.NoError(t, err)
		require.Equal(t, ts, got)

		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		got, err = ParseTimestampTZ(string(AppendTimestampTZ(nil, ts, zone)), time.FixedZone("", 3600))
		if err != nil { // local dates outside the calendar's limits can be printed, but not read
			require.True(t, ts < MinTimestamp+MicrosPerDay || ts > MaxTimestamp-MicrosPerDay)
		} else {
			require.Equal(t, ts, got)
		}

		date := rapid.OneOf(rapid.Int64Range(MinDate, MaxDate), rapid.SampledFrom([]int64{Infinity, NegInfinity})).Draw(t, "date")
		got, err = ParseDate(string(AppendDate(nil, date)))
		require.NoError(t, err)
		require.Equal(t, date, got)

		clock := rapid.Int64Range(0, MicrosPerDay).Draw(t, "time")
		got, err = ParseTime(string(AppendTime(nil, clock)))
		require.NoError(t, err)
		require.Equal(t, clock, got)

		iv := anyInterval.Draw(t, "interval")
		back, err := ParseInterval(string(AppendInterval(nil, iv)))
		if iv.Micros == math.MinInt64 { // PostgreSQL cannot read what it prints either: without the sign it overflows
			require.Equal(t, sqlstate.InvalidDatetimeFormat, sqlstate.CodeOf(err))
			return
		}
		require.NoError(t, err)
		require.Equal(t, iv, back)
	})
}

// The quick reader and the decoder agree on all that the quick reader accepts.
func TestQuickReaderAgrees(t *testing.T) {
	t.Parallel()
	p := &Parser{}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,7})?(Z|[+-][01][0-9](:?[0-6][0-9])?)?)?`).Draw(t, "s")
		ts, offset, zoned, ok := quickTimestamp(s)
		if !ok {
			return
		}
		want, err := p.slowTimestamp(s, "timestamp", false)
		require.NoError(t, err)
		require.Equal(t, want, ts)
		if zoned {
			want, err = p.slowTimestamp(s, "timestamp with time zone", true)
			require.NoError(t, err)
			require.Equal(t, want, ts-offset*MicrosPerSecond)
		}
	})
}

// The calendar is that of package time, and Days the inverse of Civil.
func TestCalendarIsThatOfTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		date := rapid.Int64Range(MinDate-1000, MaxDate+1000).Draw(t, "date")
		year, month, day := Civil(date)
		want := time.Unix(date*secondsPerDay, 0).UTC()
		require.Equal(t, []int{want.Year(), int(want.Month()), want.Day()}, []int{int(year), month, day})
		require.Equal(t, date, Days(year, month, day))
		require.Equal(t, int64(want.Weekday()), weekday(date))
		isoYear, week := want.ISOWeek()
		gotYear, gotWeek := isoWeek(date)
		require.Equal(t, []int{isoYear, week}, []int{int(gotYear), int(gotWeek)})
		require.Equal(t, time.Date(want.Year(), want.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day(), daysIn(year, month))
	})
}

// Keys order intervals as their lengths in exact arithmetic do, and as Cmp does.
func TestIntervalKeyIsTheLength(t *testing.T) {
	t.Parallel()
	length := func(iv Interval) *big.Int {
		days := big.NewInt(int64(iv.Months)*30 + int64(iv.Days))
		return days.Mul(days, big.NewInt(MicrosPerDay)).Add(days, big.NewInt(iv.Micros))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyInterval.Draw(t, "a"), anyInterval.Draw(t, "b")
		if rapid.Bool().Draw(t, "same days") {
			b = Interval{Months: a.Months - 1, Days: a.Days + 30, Micros: a.Micros}
		}
		key := a.Key()
		got := new(big.Int).Lsh(big.NewInt(key.High), 64)
		require.Equal(t, length(a).String(), got.Add(got, new(big.Int).SetUint64(key.Low)).String())
		require.Equal(t, length(a).Cmp(length(b)), a.Cmp(b))
		require.Equal(t, a.Cmp(b) == 0, a.Key() == b.Key())
	})
}

// a - b added to b gives a again.
func TestSubtractionIsUndone(t *testing.T) {
	t.Parallel()
	finite := rapid.Int64Range(-4e18, 4e18).Filter(validTimestamp)
	rapid.Check(t, func(t *rapid.T) {
		a, b := finite.Draw(t, "a"), finite.Draw(t, "b")
		iv, err := TimestampSub(a, b)
		require.NoError(t, err)
		back, err := TimestampAddInterval(b, iv)
		require.NoError(t, err)
		require.Equal(t, a, back)
		trunc, err := TruncTimestamp(FieldMonth, max(a, -2e17))
		require.NoError(t, err)
		require.LessOrEqual(t, trunc, max(a, -2e17))
	})
}

// Numbers print as exact arithmetic says, with the sign and the zeros before the point.
func TestNumberPrintsExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := Number{Coef: rapid.Int64().Draw(t, "coef"), High: rapid.Int64().Draw(t, "high"), Scale: rapid.Int32Range(0, 28).Draw(t, "scale")}
		if rapid.Bool().Draw(t, "small") {
			n.High = n.Coef >> 63
		}
		coef := new(big.Int).Lsh(big.NewInt(n.High), 64)
		coef.Add(coef, new(big.Int).SetUint64(uint64(n.Coef)))
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n.Scale)), nil)
		require.Equal(t, new(big.Rat).SetFrac(coef, scale).FloatString(int(n.Scale)), n.String())
	})
}

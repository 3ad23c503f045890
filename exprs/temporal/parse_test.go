package temporal

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Words that name a time of the clock are read with the caller's clock in the session's zone, and refused without one.
func TestWordsOfTheClock(t *testing.T) {
	t.Parallel()
	kolkata := time.FixedZone("", 19800)
	now := time.Date(2025, 10, 21, 20, 30, 22, 123456000, time.UTC).UnixMicro() // the 22nd, 02:00:22, in Kolkata
	p := &Parser{Zone: kolkata, Now: now, HasClock: true}
	for _, c := range []struct{ in, timestamp, zoned, date string }{
		{"now", "2025-10-22 02:00:22.123456", "2025-10-21 20:30:22.123456+00", "2025-10-22"},
		{"today", "2025-10-22 00:00:00", "2025-10-21 18:30:00+00", "2025-10-22"},
		{"Yesterday", "2025-10-21 00:00:00", "2025-10-20 18:30:00+00", "2025-10-21"},
		{"tomorrow 10:00", "2025-10-23 10:00:00", "2025-10-23 04:30:00+00", "2025-10-23"},
		{"today allballs", "2025-10-22 00:00:00", "2025-10-22 00:00:00+00", "2025-10-22"},
	} {
		ts, err := p.Timestamp(c.in)
		require.NoError(t, err)
		require.Equal(t, c.timestamp, string(AppendTimestamp(nil, ts)))
		ts, err = p.TimestampTZ(c.in)
		require.NoError(t, err)
		require.Equal(t, c.zoned, string(AppendTimestampTZ(nil, ts, nil)))
		date, err := p.Date(c.in)
		require.NoError(t, err)
		require.Equal(t, c.date, string(AppendDate(nil, date)))
		_, err = ParseTimestamp(c.in)
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
	}
	clock, err := p.Time("now")
	require.NoError(t, err)
	require.Equal(t, "02:00:22.123456", string(AppendTime(nil, clock)))
	_, err = ParseTime("now")
	require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
	_, err = p.Timestamp("now tomorrow")
	require.Equal(t, sqlstate.InvalidDatetimeFormat, sqlstate.CodeOf(err))
}

// The reader of a column reads canonical timestamps without allocating.
func TestCanonicalFormAllocatesNothing(t *testing.T) {
	p, buf := &Parser{}, make([]byte, 0, 64)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		ts, err := p.Timestamp("2025-10-21 14:30:22.123456")
		if err != nil {
			panic(err)
		}
		buf = AppendTimestamp(buf[:0], ts)
		iv, err := TimestampSub(ts, 0)
		if err != nil {
			panic(err)
		}
		if _, err = TimestampAddInterval(ts, Interval{Months: 1, Days: 1, Micros: 1}); err != nil {
			panic(err)
		}
		buf = AppendInterval(buf[:0], iv)
		_ = ExtractTimestamp(FieldEpoch, ts)
	}))
}

// NUL, control characters, invalid UTF-8 and very long inputs are refused as any other nonsense.
func TestHostileInputIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2025-10-21\x00", "\x00", "2025-10-21\x01", "\xff", "2025-10-21 é", strings.Repeat("2025-10-21 ", 1<<16), strings.Repeat("9", 1<<20),
		"2025-10-21 " + strings.Repeat("a", 1<<20), "2025-10-21 12:00 " + strings.Repeat("A/", 60), "2025-10-21 12:00 ../../etc/passwd"} {
		_, err := ParseTimestamp(s)
		require.Contains(t, []sqlstate.Code{sqlstate.InvalidDatetimeFormat, sqlstate.InvalidParameterValue, sqlstate.DatetimeFieldOverflow}, sqlstate.CodeOf(err))
		_, err = ParseInterval(s)
		require.Contains(t, []sqlstate.Code{sqlstate.InvalidDatetimeFormat, sqlstate.IntervalFieldOverflow}, sqlstate.CodeOf(err), "%.40q", s)
	}
}

// The vocabularies are sorted, without which a search would miss words.
func TestVocabulariesAreSorted(t *testing.T) {
	t.Parallel()
	for _, words := range [][]word{dateWords, unitWords} {
		for i := range words {
			require.LessOrEqual(t, len(words[i].text), significant)
			if i > 0 {
				require.Less(t, words[i-1].text, words[i].text)
			}
		}
	}
	for i := 1; i < len(abbreviations); i++ {
		require.Less(t, abbreviations[i-1].name, abbreviations[i].name)
	}
}

func TestIntervalFieldsNamed(t *testing.T) {
	t.Parallel()
	fields, ok := IntervalFieldsNamed("day", "SECOND")
	require.True(t, ok)
	require.Equal(t, IntervalDays|IntervalHours|IntervalMinutes|IntervalSeconds, fields)
	fields, ok = IntervalFieldsNamed("HOUR", "")
	require.True(t, ok)
	require.Equal(t, IntervalHours, fields)
	for _, pair := range [][2]string{{"month", "day"}, {"hour", "day"}, {"hour", "hour"}, {"week", ""}, {"", ""}, {"day", "fortnight"}} {
		_, ok = IntervalFieldsNamed(pair[0], pair[1])
		require.False(t, ok, pair)
	}
}

package temporal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Whatever the input: no panic, errors are SQL errors, and what is accepted is within the limits and is printed as something that reads back.
func FuzzParseTimestamp(f *testing.F) {
	for _, s := range []string{"2025-10-21 14:30:22.123456+05:30", "Oct 21 2025 2:30 PM EST", "J2460970.5", "y2025m10d21", "20251021T143022-08", "infinity", "99-Jan-08 BC"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ts, err := ParseTimestamp(s)
		requireSQLError(t, err)
		if err == nil {
			require.True(t, validTimestamp(ts) || !IsFinite(ts))
			back, err := ParseTimestamp(string(AppendTimestamp(nil, ts)))
			require.NoError(t, err)
			require.Equal(t, ts, back)
		}
		ts, err = ParseTimestampTZ(s, time.FixedZone("", 3600))
		requireSQLError(t, err)
		require.True(t, err != nil || validTimestamp(ts) || !IsFinite(ts))
		date, err := ParseDate(s)
		requireSQLError(t, err)
		require.True(t, err != nil || validDate(date) || !IsFinite(date))
		clock, err := ParseTime(s)
		requireSQLError(t, err)
		require.True(t, err != nil || (clock >= 0 && clock <= MicrosPerDay))
	})
}

func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"1 year 2 mons -3 days +04:05:06.7 ago", "P1Y2M3DT4H5M6.7S", "P0001-02-03T04:05:06", "1-2 3 4:05", "@ 1.5 weeks", "9223372036854775807 us"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, fields := range []IntervalFields{AnyFields, IntervalHours, IntervalMinutes | IntervalSeconds} {
			iv, err := ParseIntervalAs(s, fields, -1)
			requireSQLError(t, err)
			if err == nil && fields == AnyFields && iv.Micros != -1<<63 {
				back, err := ParseInterval(string(AppendInterval(nil, iv)))
				require.NoError(t, err)
				require.Equal(t, iv, back)
			}
		}
	})
}

func FuzzLoadZone(f *testing.F) {
	for _, s := range []string{"UTC", "+05:30", "<+03>-3", "Europe/Berlin", "../etc/passwd", "MSK"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		zone, err := LoadZone(s)
		requireSQLError(t, err)
		require.Equal(t, err == nil, zone != nil)
		_, err = SessionZone(s)
		requireSQLError(t, err)
	})
}

func FuzzToChar(f *testing.F) {
	for _, s := range []string{"YYYY-MM-DD HH24:MI:SS.US", `FMDay "the" FMDDth, TMMonth`, "Y,YYY IYYY-IW-ID J RM TZH:TZM OF", `"\"`} {
		f.Add(s, int64(1), int32(-1))
	}
	f.Fuzz(func(t *testing.T, format string, n int64, small int32) {
		c := CompileCharFormat(format)
		_, ok := c.AppendTimestamp(nil, n%MaxTimestamp/45)
		require.Equal(t, format != "", ok)
		_, _, err := c.AppendInterval(nil, Interval{Months: small, Days: small, Micros: n})
		requireSQLError(t, err)
	})
}

func requireSQLError(t *testing.T, err error) {
	if err != nil {
		require.NotEqual(t, sqlstate.InternalError, sqlstate.CodeOf(err))
	}
}

package datetime_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

func TestClock(t *testing.T) {
	t.Parallel()
	ctx := newCtx()
	berlin, err := temporal.SessionZone("Europe/Berlin")
	require.NoError(t, err)
	ctx.Zone = berlin
	r := builtin.Registry()
	for _, c := range []struct{ text, cast, want string }{
		{"now", "timestamptz", "2025-10-21 16:30:22.123456+02"}, {"now", "timestamp", "2025-10-21 16:30:22.123456"}, {"today", "date", "2025-10-21"},
		{"tomorrow", "timestamp", "2025-10-22 00:00:00"}, {"yesterday", "timestamptz", "2025-10-20 00:00:00+02"}, {"now", "time", "16:30:22.123456"},
	} {
		out, err := exprtest.Call(t, r, ctx, "cast:"+c.cast, exprtest.Texts(c.text))
		require.NoError(t, err)
		require.Equal(t, c.want, string(vec.AppendText(nil, out, 0, berlin)), "%s::%s", c.text, c.cast)
	}
	for _, name := range []string{"now", "transaction_timestamp", "statement_timestamp"} {
		out, err := exprtest.Call(t, r, ctx, name)
		require.NoError(t, err)
		require.Equal(t, []int64{exprtest.Now}, out.Ints)
	}
	out, err := exprtest.Call(t, r, ctx, "clock_timestamp")
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), time.UnixMicro(out.Ints[0]), time.Minute)
	// age of one argument counts from today's midnight.
	out, err = exprtest.Call(t, r, ctx, "age", exprtest.Int(arrowschema.Timestamp, exprtest.Now-86_400_000_000*40))
	require.NoError(t, err)
	require.Equal(t, "1 mon 9 days 09:29:37.876544", string(vec.AppendText(nil, out, 0, berlin)))
}

func TestIntervalLiterals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, fields, want string }{
		{"1", "hour", "01:00:00"}, {"1", "day", "1 day"}, {"1 2", "day to hour", "1 day 02:00:00"}, {"1:30", "minute to second", "00:01:30"},
		{"1.23456", "second(2)", "00:00:01.23"}, {"1-2", "year to month", "1 year 2 mons"},
	} {
		out, err := exprtest.Call(t, builtin.Registry(), newCtx(), "$interval", exprtest.Texts(c.text), exprtest.Text(c.fields))
		require.NoError(t, err)
		require.Equal(t, c.want, string(vec.AppendText(nil, out, 0, nil)))
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	fit := func(v *vec.Vec, precision int64) string {
		out, err := exprtest.Call(t, builtin.Registry(), newCtx(), "$fit", v, exprtest.Int(arrowschema.Int4, precision),
			exprtest.Int(arrowschema.Int4, 0), vec.NewConst(arrowschema.Bool, true, 1))
		require.NoError(t, err)
		return string(vec.AppendText(nil, out, 0, nil))
	}
	require.Equal(t, "2025-10-21 14:30:22.12", fit(vec.NewFlat(arrowschema.Timestamp, []int64{exprtest.Now}, nil), 2))
	require.Equal(t, "2025-10-21 14:30:22+00", fit(vec.NewFlat(arrowschema.TimestampTZ, []int64{exprtest.Now}, nil), 0))
	require.Equal(t, "00:00:01.5", fit(vec.NewFlat(arrowschema.Time, []int64{1_499_999}, nil), 1))
	require.Equal(t, "00:00:01.5", fit(vec.NewFlat(arrowschema.Interval, []temporal.Interval{{Micros: 1_499_999}}, nil), 1))
}

// The difference of timestamps and the epoch of an interval have loops of their own; at their edges the general functions decide.
func TestHotLoopsAtTheirEdges(t *testing.T) {
	t.Parallel()
	r, ctx := builtin.Registry(), newCtx()
	edges := []temporal.Interval{
		{Days: 2147483647, Micros: 1<<63 - 1}, {Days: -2147483648, Micros: -1 << 63}, {Days: 90_000_000, Micros: 1<<63 - 1}, {Days: 1, Micros: -1},
		{Days: 106751991, Micros: 14454775807}, {Days: 106751991, Micros: 14454775808}, {Months: 1}, {Months: 13, Days: 1, Micros: 1}, {},
	}
	out, err := exprtest.Call(t, r, ctx, "extract", exprtest.Text("epoch"), vec.NewFlat(arrowschema.Interval, edges, nil))
	require.NoError(t, err)
	for i, iv := range edges {
		require.Equal(t, temporal.ExtractInterval(temporal.FieldEpoch, iv).String(), out.Decs[i].String(), "%v", iv)
	}
	_, err = exprtest.Call(t, r, ctx, "-", vec.NewFlat(arrowschema.Timestamp, []int64{temporal.Infinity}, nil), exprtest.Int(arrowschema.Timestamp, 0))
	require.EqualError(t, err, "cannot subtract infinite timestamps (SQLSTATE 22008)")
	under := vec.NewFlat(arrowschema.Timestamp, []int64{temporal.Infinity, temporal.MinTimestamp, 5}, vec.Bitmap{0b100})
	diff, err := exprtest.Call(t, r, ctx, "-", under, exprtest.Int(arrowschema.Timestamp, temporal.MaxTimestamp))
	require.NoError(t, err)
	require.True(t, diff.IsNull(0) && diff.IsNull(1) && !diff.IsNull(2))
}

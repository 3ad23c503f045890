package datetime

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// stamps draws timestamps near to each other, at the ends of units, and infinite ones.
func stamps(t *rapid.T, name string) []int64 {
	unit := rapid.SampledFrom([]int64{1, 1000, temporal.MicrosPerMinute, temporal.MicrosPerHour, temporal.MicrosPerDay, 400 * temporal.MicrosPerDay})
	one := rapid.Custom(func(t *rapid.T) int64 {
		switch rapid.IntRange(0, 20).Draw(t, "kind") {
		case 0:
			return temporal.Infinity
		case 1:
			return temporal.NegInfinity
		case 2:
			return temporal.MinTimestamp + rapid.Int64Range(0, 10).Draw(t, "first")
		}
		return rapid.Int64Range(-30, 30).Draw(t, "n")*unit.Draw(t, "unit") + rapid.Int64Range(-1, 1).Draw(t, "off")
	})
	return rapid.SliceOfN(one, 1, 40).Draw(t, name)
}

// Remembering the last span changes nothing.
func TestBucketTrunc(t *testing.T) {
	t.Parallel()
	fields := []temporal.Field{
		temporal.FieldMicroseconds, temporal.FieldMilliseconds, temporal.FieldSecond, temporal.FieldMinute, temporal.FieldHour, temporal.FieldDay,
		temporal.FieldWeek, temporal.FieldMonth, temporal.FieldQuarter, temporal.FieldYear, temporal.FieldDecade, temporal.FieldCentury,
	}
	rapid.Check(t, func(t *rapid.T) {
		in, field := stamps(t, "times"), rapid.SampledFrom(fields).Draw(t, "field")
		out := vec.New(ts, len(in))
		err := bucketTrunc(field, vec.NewFlat(ts, in, nil), out)
		for i, x := range in {
			want, failed := temporal.TruncTimestamp(field, x)
			if failed != nil {
				require.ErrorContains(t, err, failed.Error())
				return
			}
			require.Equal(t, want, out.Ints[i], "%v of %d", field, x)
		}
		require.NoError(t, err)
	})
}

// So it does when timestamps are cast to dates.
func TestDates(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		in := stamps(t, "times")
		v := vec.NewFlat(rapid.SampledFrom([]arrowschema.Type{ts, tz}).Draw(t, "type"), in, nil)
		z := rapid.SampledFrom([]*time.Location{nil, time.UTC, berlin}).Draw(t, "zone")
		out := vec.New(date, len(in))
		require.NoError(t, dates(exprs.NewCtx(t.Context(), 0, z), []*vec.Vec{v}, out))
		if v.Type == ts {
			z = nil
		}
		for i, x := range in {
			require.Equal(t, temporal.TimestampTZToDate(x, z), out.Ints[i], "%d in %v", x, z)
		}
	})
}

// call binds an operator or a function of this family, or a comparison of numerics.
func call(t require.TestingT, fns []exprs.Func, name string, args ...exprs.Expr) *exprs.Call {
next:
	for i := range fns {
		f := &fns[i]
		if f.Name != name || len(f.Args) != len(args) {
			continue
		}
		for j, a := range args {
			if f.Args[j] != a.Type() {
				continue next
			}
		}
		c, err := exprs.NewCall(f, args)
		require.NoError(t, err)
		return c
	}
	t.Errorf("no function %s", name)
	t.FailNow()
	return nil
}

// The scaled form of extract(epoch from a - b), and of the difference itself, is its value; comparisons in scaled form give what comparisons give.
func TestScaledDifference(t *testing.T) {
	t.Parallel()
	a, b := &exprs.Column{Index: 0, T: ts}, &exprs.Column{Index: 1, T: ts}
	minus := call(t, Operators(), "-", a, b)
	epoch := call(t, Functions(), "extract", exprs.NewConst(vec.NewConst(txt, "epoch", 1)), minus)
	plain := exprs.Comparisons(interval, interval, temporal.Interval.Cmp)
	rapid.Check(t, func(t *rapid.T) {
		x := stamps(t, "a")
		y := make([]int64, len(x))
		for i := range y {
			y[i] = x[i] - rapid.Int64Range(-3e9, 3e9).Draw(t, "less")
		}
		rows := &vec.Batch{N: len(x), Cols: []*vec.Vec{vec.NewFlat(ts, x, nil), vec.NewFlat(ts, y, nil)}}
		ctx := exprs.NewCtx(t.Context(), 0, nil)
		scaled, ok := exprs.ScaledOf(epoch)
		require.True(t, ok)
		got, ok, err := scaled.Eval(ctx, rows)
		require.NoError(t, err)
		if !ok {
			return // infinite times, or nearly
		}
		want, err := epoch.Eval(ctx, rows)
		require.NoError(t, err)
		for i := range x {
			require.Zero(t, decimal.Cmp(want.Decs[i], decimal.New(got.Ints[i], scaled.Scale)))
			require.Equal(t, want.Decs[i].Scale(), scaled.Scale)
		}
		limit := temporal.Interval{Months: int32(rapid.IntRange(0, 1).Draw(t, "months")), Micros: rapid.Int64Range(-3e9, 3e9).Draw(t, "micros")}
		if rapid.Bool().Draw(t, "hit") {
			limit = temporal.Interval{Micros: got.Ints[0]}
		}
		bound := exprs.NewConst(vec.NewConst(interval, limit, 1))
		for _, f := range plain {
			fused := call(t, Operators(), f.Name, minus, bound)
			slow, err := exprs.NewCall(&f, fused.Args)
			require.NoError(t, err)
			v, err := fused.Eval(ctx, rows)
			require.NoError(t, err)
			w, err := slow.Eval(ctx, rows)
			require.NoError(t, err)
			require.Equal(t, w.Bools, v.Bools, "%s %v", f.Name, limit)
		}
	})
}

// Differences that 64 bits might not hold are left to the general way.
func TestScaledRefuses(t *testing.T) {
	t.Parallel()
	for _, x := range []int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 1 << 62, -1<<62 - 1} {
		out := vec.New(arrowschema.Int8, 2)
		in := vec.NewFlat(ts, []int64{5, x}, nil)
		require.False(t, differenceMicros([]*vec.Vec{in, in}, out))
		require.False(t, differenceMicros([]*vec.Vec{vec.NewConst(ts, x, 2), vec.NewFlat(ts, []int64{5, 6}, nil)}, out))
		require.False(t, differenceMicros([]*vec.Vec{vec.NewFlat(ts, []int64{5, 6}, nil), vec.NewConst(ts, x, 2)}, out))
		require.False(t, stampMicros([]*vec.Vec{in}, out))
	}
}

package datetime_test

import (
	"context"
	"testing"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

const benchRows = vec.DefaultRows

func newCtx() *exprs.Ctx { return exprs.NewCtx(context.Background(), exprtest.Now, nil) }

func stamps(t arrowschema.Type, from int64) *vec.Vec {
	v := vec.New(t, benchRows)
	for i := range v.Ints {
		v.Ints[i] = from + int64(i)*int64(i)*137_000
	}
	return v
}

func BenchmarkDatetime(b *testing.B) {
	r := builtin.Registry()
	started, completed := stamps(arrowschema.Timestamp, exprtest.Now), stamps(arrowschema.Timestamp, exprtest.Now+90_000_000)
	spans := vec.New(arrowschema.Interval, benchRows)
	for i := range spans.Intervals {
		spans.Intervals[i] = temporal.Interval{Days: int32(i % 3), Micros: int64(i) * 1_500_000}
	}
	hour := vec.NewConst(arrowschema.Interval, temporal.Interval{Micros: 3_600_000_000}, 1)
	for _, c := range []struct {
		name, op string
		args     []*vec.Vec
	}{
		{"timestamp-minus-timestamp", "-", []*vec.Vec{completed, started}},
		{"now-minus-timestamp", "-", []*vec.Vec{vec.NewConst(arrowschema.TimestampTZ, int64(exprtest.Now), 1), started.As(arrowschema.TimestampTZ)}},
		{"extract-epoch-of-interval", "extract", []*vec.Vec{exprtest.Text("epoch"), spans}},
		{"extract-epoch-of-timestamp", "extract", []*vec.Vec{exprtest.Text("epoch"), started}},
		{"extract-hour", "extract", []*vec.Vec{exprtest.Text("hour"), started}},
		{"timestamp-less", "<", []*vec.Vec{started, exprtest.Int(arrowschema.Timestamp, exprtest.Now+1000)}},
		{"timestamp-minus-interval", "-", []*vec.Vec{started, hour}},
		{"timestamp-to-timestamptz", "cast:timestamptz", []*vec.Vec{started}},
		{"date_trunc-day", "date_trunc", []*vec.Vec{exprtest.Text("day"), started}},
		{"to_char", "to_char", []*vec.Vec{started, exprtest.Text("YYYY-MM-DD HH24:MI:SS")}},
	} {
		b.Run(c.name, func(b *testing.B) { exprtest.Benchmark(b, r, newCtx(), c.op, c.args...) })
	}
}

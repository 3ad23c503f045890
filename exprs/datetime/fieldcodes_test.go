package datetime

import (
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

var wholeFields = []string{
	"hour", "minute", "day", "dow", "isodow", "doy", "week", "month", "quarter", "year", "isoyear", "decade", "century", "millennium", "HOURS",
}

// times draws values of a type: some of the last years, some of anywhere.
func times(t *rapid.T, typ arrowschema.Type) *vec.Vec {
	all := stamps(t, "times")
	if rapid.Bool().Draw(t, "recent") {
		all = rapid.SliceOfN(rapid.Int64Range(-90*366*temporal.MicrosPerDay, 190*366*temporal.MicrosPerDay), 1, 80).Draw(t, "recent times")
	}
	v := vec.NewFlat(typ, all, nil)
	for i, x := range v.Ints {
		if typ == date && temporal.IsFinite(x) {
			v.Ints[i] = x / temporal.MicrosPerDay
		}
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			v.SetNull(i)
		}
	}
	return v
}

// Fields as codes of a dictionary, and in scaled form, are what the scalar function says of each row.
func TestFieldCodes(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{nil, time.UTC, time.FixedZone("", 5*3600+1800)}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(sources[:3]).Draw(t, "source")
		name := rapid.SampledFrom(wholeFields).Draw(t, "field")
		if s.t == date && (name == "hour" || name == "HOURS" || name == "minute") {
			return // date_part('hour', date) is of another source
		}
		field, err := temporal.ResolveExtract(name, s.from)
		require.NoError(t, err)
		b := &vec.Batch{Cols: []*vec.Vec{times(t, s.t)}}
		b.N = b.Cols[0].N
		ctx := exprs.NewCtx(t.Context(), 0, rapid.SampledFrom(zones).Draw(t, "zone"))
		args := []exprs.Expr{exprs.NewConst(vec.NewConst(txt, name, 1)), &exprs.Column{T: s.t}}
		extract, part := call(t, Functions(), "extract", args...), call(t, Functions(), "date_part", args...)
		e, err := extract.Eval(ctx, b)
		require.NoError(t, err)
		p, err := part.Eval(ctx, b)
		require.NoError(t, err)
		integers := e
		ok := false
		if scaled, has := exprs.ScaledOf(extract); has {
			require.Zero(t, scaled.Scale)
			integers, ok, err = scaled.Eval(ctx, b)
			require.NoError(t, err)
		}
		for i := range b.N {
			n := temporal.Number{Kind: temporal.Null}
			if !b.Cols[0].IsNull(i) {
				n = s.number(ctx, field, b.Cols[0], i)
			}
			require.Equal(t, n.Kind == temporal.Null, e.IsNull(i))
			require.Equal(t, n.Kind == temporal.Null, p.IsNull(i))
			if n.Kind == temporal.Null {
				continue
			}
			require.Equal(t, toDecimal(n).String(), e.Flat().Decs[i].String(), "%s of %d", name, b.Cols[0].Ints[i])
			require.Equal(t, decimal.ToFloat64(toDecimal(n)), p.Flat().Floats[i])
			if ok {
				require.Equal(t, n.Coef, integers.Flat().Ints[i])
			}
		}
	})
}

// FieldRange has all values that there are from 1900 to 2155, but for the last days of the latter, which are of a week of the next year, and no others.
func TestFieldRange(t *testing.T) {
	t.Parallel()
	for _, name := range wholeFields {
		field, err := temporal.ResolveExtract(name, temporal.SourceTimestamp)
		require.NoError(t, err)
		low, high, ok := temporal.FieldRange(field)
		require.True(t, ok)
		seen := map[int64]bool{}
		for day := temporal.Days(1900, 1, 1); day <= temporal.Days(2155, 12, 28); day++ {
			n := temporal.ExtractTimestamp(field, day*temporal.MicrosPerDay+floorMod(day*7919, 1440)*temporal.MicrosPerMinute)
			require.True(t, low <= n.Coef && n.Coef <= high, "%s of day %d: %d", name, day, n.Coef)
			seen[n.Coef] = true
		}
		require.Len(t, seen, int(high-low)+1, name)
	}
}

func BenchmarkFieldCodes(b *testing.B) {
	v := vec.New(ts, vec.DefaultRows)
	for i := range v.Ints {
		v.Ints[i] = 1_760_000_000_000_000 + int64(i)*int64(i)*7_919_137_000
	}
	out := make([]uint16, v.N)
	for _, name := range []string{"hour", "dow", "month"} {
		field, _ := temporal.ExtractField(name)
		low, high, _ := temporal.FieldRange(field)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fieldsOf(sources[0], field, v.Ints, out, low, high)
			}
		})
	}
}

package datetime

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// Texts as codes of a dictionary are what the format prints of each row, batch after batch.
func TestFormatCodes(t *testing.T) {
	t.Parallel()
	formats := []string{
		"YYYY-MM-DD", "HH24", "HH12 AM", "a.m.", "HH24:MI", "HH24:MI:SS", "SSSS", "IYYY-IW", "FMMonth DDth", "TZ TZH OF", "", "Q", "MS", "US", "J", "\"MI\"", "hh",
	}
	zones := []*time.Location{nil, time.UTC, time.FixedZone("", 5*3600+1800)}
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom([]arrowschema.Type{ts, tz}).Draw(t, "type")
		name := rapid.SampledFrom(formats).Draw(t, "format")
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		format := temporal.CompileCharFormat(name)
		ctx := exprs.NewCtx(t.Context(), 0, z)
		fn := call(t, Functions(), "to_char", &exprs.Column{T: typ}, exprs.NewConst(vec.NewConst(txt, name, 1)))
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			b := &vec.Batch{Cols: []*vec.Vec{times(t, typ)}}
			b.N = b.Cols[0].N
			got, err := fn.Eval(ctx, b)
			require.NoError(t, err)
			for i, x := range b.Cols[0].Ints {
				want, ok := format.AppendTimestamp(nil, x)
				if typ == tz {
					want, ok = format.AppendTimestampTZ(nil, x, z)
				}
				null := !ok || b.Cols[0].IsNull(i)
				require.Equal(t, null, got.IsNull(i))
				if !null {
					require.Equal(t, string(want), got.Flat().Strs[i], "%d", x)
				}
			}
		}
	})
}

// So are the values of date_trunc and of casts to dates.
func TestTruncCodes(t *testing.T) {
	t.Parallel()
	fields := []string{"hour", "day", "week", "month", "quarter", "year", "decade", "century", "minute"}
	zones := []*time.Location{nil, time.UTC, time.FixedZone("", 5*3600+1800)}
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, 1).Draw(t, "type")
		s, z, name := sources[i], rapid.SampledFrom(zones).Draw(t, "zone"), rapid.SampledFrom(fields).Draw(t, "field")
		field, err := temporal.ResolveTrunc(name, s.from)
		require.NoError(t, err)
		ctx, column := exprs.NewCtx(t.Context(), 0, z), &exprs.Column{T: s.t}
		trunc := call(t, Functions(), "date_trunc", exprs.NewConst(vec.NewConst(txt, name, 1)), column)
		cast := castTo(t, s.t, date, column)
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			b := &vec.Batch{Cols: []*vec.Vec{times(t, s.t)}}
			b.N = b.Cols[0].N
			days, err := cast.Eval(ctx, b)
			require.NoError(t, err)
			cut, err := trunc.Eval(ctx, b)
			for i, x := range b.Cols[0].Ints {
				if b.Cols[0].IsNull(i) {
					require.True(t, days.IsNull(i))
					continue
				}
				zone := z
				if s.t == ts {
					zone = nil
				}
				require.Equal(t, temporal.TimestampTZToDate(x, zone), days.Flat().Ints[i], "%d", x)
				want, failed := x, error(nil)
				if temporal.IsFinite(x) {
					want, failed = temporal.TruncTimestampTZ(field, x, zone)
				}
				if failed != nil {
					require.ErrorContains(t, err, failed.Error())
					return
				}
				if err == nil {
					require.Equal(t, want, cut.Flat().Ints[i], "%s of %d", name, x)
				}
			}
			require.NoError(t, err)
		}
	})
}

func castTo(t require.TestingT, from, to arrowschema.Type, arg exprs.Expr) exprs.Expr {
	for _, c := range Casts() {
		if c.From == from && c.To == to {
			return exprs.NewCast(&c, arg)
		}
	}
	require.FailNow(t, "no cast")
	return nil
}

// A dictionary that grows too large ends the codes, not the answers.
func TestFormatCodesMany(t *testing.T) {
	t.Parallel()
	fn := call(t, Functions(), "to_char", &exprs.Column{T: ts}, exprs.NewConst(vec.NewConst(txt, "HH24:MI:SS", 1)))
	ctx, format, coded := exprs.NewCtx(t.Context(), 0, nil), temporal.CompileCharFormat("HH24:MI:SS"), 0
	for batch := range 8 {
		in := make([]int64, 1000)
		for i := range in {
			in[i] = int64(batch*len(in)+i) * temporal.MicrosPerSecond
		}
		got, err := fn.Eval(ctx, &vec.Batch{N: len(in), Cols: []*vec.Vec{vec.NewFlat(ts, in, nil)}})
		require.NoError(t, err)
		if got.Dict != nil {
			coded++
		}
		for i, x := range in {
			want, _ := format.AppendTimestamp(nil, x)
			require.Equal(t, string(want), got.Flat().Strs[i])
		}
	}
	require.Equal(t, mostValues/1000, coded)
}

package aggregates

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// foldedOf gives what integers come to.
func foldedOf(values []int64, scale int) exprs.Folded {
	f := exprs.Folded{Count: int64(len(values)), Scale: scale}
	for _, x := range values {
		lo, carry := bits.Add64(f.SumLo, uint64(x), 0)
		f.SumLo, f.SumHi = lo, f.SumHi+x>>63+int64(carry)
	}
	return f
}

// A state that takes a sum has the result of one that has seen each value, also where it sees some values besides, in scaled form or not.
func TestFoldedIsEachValue(t *testing.T) {
	t.Parallel()
	forms := map[string]struct {
		make  func() exprs.State
		scale int
		of    func(values []int64) *vec.Vec
	}{
		"count": {func() exprs.State { return &count{} }, 0, func(x []int64) *vec.Vec { return vec.NewFlat(arrowschema.Int8, x, nil) }},
		"sum of bigint": {func() exprs.State { return &intSum{result: arrowschema.Numeric} }, 0,
			func(x []int64) *vec.Vec { return vec.NewFlat(arrowschema.Int8, x, nil) }},
		"avg of bigint": {func() exprs.State { return &intSum{result: arrowschema.Numeric, avg: true} }, 0,
			func(x []int64) *vec.Vec { return vec.NewFlat(arrowschema.Int8, x, nil) }},
		"sum of numeric": {func() exprs.State { return &decSum{} }, 6, decimals},
		"avg of numeric": {func() exprs.State { return &decSum{avg: true} }, 6, decimals},
		"avg of interval": {func() exprs.State { return &intervalSum{avg: true} }, 6, func(x []int64) *vec.Vec {
			v := vec.New(arrowschema.Interval, len(x))
			for i, micros := range x {
				v.Intervals[i] = temporal.Interval{Micros: micros}
			}
			return v
		}},
	}
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				draw := rapid.SliceOfN(rapid.Int64Range(-temporal.MicrosPerDay+1, temporal.MicrosPerDay-1), 0, 20)
				folded, seen, scaled := draw.Draw(t, "folded"), draw.Draw(t, "seen"), draw.Draw(t, "scaled")
				got, want := f.make(), f.make()
				got.Grow(2)
				want.Grow(2)
				add := func(s exprs.State, values []int64) {
					groups := make([]uint32, len(values))
					for i := range groups {
						groups[i] = 1
					}
					require.NoError(t, s.Update(groups, []*vec.Vec{f.of(values)}, len(values)))
				}
				require.NoError(t, got.(exprs.FoldedState).Fold(1, foldedOf(folded, f.scale)))
				add(want, folded)
				add(got, seen)
				add(want, seen)
				if s, ok := got.(exprs.ScaledState); ok {
					groups := make([]uint32, len(scaled))
					for i := range groups {
						groups[i] = 1
					}
					require.True(t, s.UpdateScaled(groups, nil, vec.NewFlat(arrowschema.Int8, scaled, nil), f.scale, len(scaled)))
					add(want, scaled)
				}
				a, err := got.Result(0, 2)
				require.NoError(t, err)
				b, err := want.Result(0, 2)
				require.NoError(t, err)
				for i := range 2 {
					require.Equal(t, string(vec.AppendText(nil, b, i, nil)), string(vec.AppendText(nil, a, i, nil)))
					require.Equal(t, b.IsNull(i), a.IsNull(i))
				}
			})
		})
	}
	s := &intervalSum{}
	s.Grow(1)
	require.ErrorContains(t, s.Fold(0, exprs.Folded{Count: 1, SumHi: 1}), "interval out of range")
}

func decimals(x []int64) *vec.Vec {
	v := vec.New(arrowschema.Numeric, len(x))
	for i, unscaled := range x {
		v.Decs[i] = decimal.New(unscaled, 6)
	}
	return v
}

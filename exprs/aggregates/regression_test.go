package aggregates

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// TestRegressionUpdate adds batches, with and without groups, and compares with one checked addition after the other, to the bit.
func TestRegressionUpdate(t *testing.T) {
	t.Parallel()
	floats := rapid.OneOf(rapid.SampledFrom([]float64{0, 1, -3.5, 1e300, -1e308, math.Inf(1), math.NaN()}), rapid.Float64Range(-1e6, 1e6))
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, 3).Draw(t, "groups")
		wild := rapid.IntRange(0, 3).Draw(t, "wild") == 0
		gen := rapid.Float64Range(-1e6, 1e6)
		if wild {
			gen = floats
		}
		state := &regression{value: func(p *pairs) (float64, bool) { return p.sxy, true }}
		state.Grow(groups)
		want := make([]pairs, groups)
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			n := rapid.IntRange(0, 9).Draw(t, "n")
			args := make([]*vec.Vec, 2)
			for i := range args {
				args[i] = vec.NewFlat(arrowschema.Float8, rapid.SliceOfN(gen, n, n).Draw(t, "values"), nil)
				switch rapid.IntRange(0, 4).Draw(t, "form") {
				case 0:
					args[i] = vec.NewConst(arrowschema.Float8, gen.Draw(t, "constant"), n)
				case 1, 2:
					args[i].Valid = vec.NewBitmap(n)
					for row, bit := range rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "valid") {
						if !bit {
							args[i].SetNull(row)
						}
					}
				}
			}
			var of []uint32
			if groups > 1 {
				of = rapid.SliceOfN(rapid.Uint32Range(0, uint32(groups)-1), n, n).Draw(t, "of")
			}
			err := state.Update(of, args, n)
			for i := range n {
				if args[0].IsNull(i) || args[1].IsNull(i) {
					continue
				}
				if failed := want[group(of, i)].addChecked(args[0].Floats[args[0].At(i)], args[1].Floats[args[1].At(i)]); failed != nil {
					require.EqualError(t, err, failed.Error())
					return
				}
			}
			require.NoError(t, err)
		}
		for i, w := range want {
			g := state.groups[i]
			for k, v := range [][2]float64{{w.n, g.n}, {w.sx, g.sx}, {w.sy, g.sy}, {w.sxx, g.sxx}, {w.syy, g.syy}, {w.sxy, g.sxy}} {
				require.True(t, math.Float64bits(v[0]) == math.Float64bits(v[1]) || math.IsNaN(v[0]) && math.IsNaN(v[1]), "%d of group %d: %v", k, i, v)
			}
		}
	})
}

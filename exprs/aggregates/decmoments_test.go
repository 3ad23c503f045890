package aggregates

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/decimal"
)

// Values of few digits are summed apart, and by several workers; what comes out, with its scale, is what comes of adding them one after the other.
func TestMomentsOfFewDigits(t *testing.T) {
	t.Parallel()
	apart, mixed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Custom(func(t *rapid.T) decimal.Dec {
			digits := rapid.OneOf(rapid.Int64Range(-1000, 1000), rapid.Int64Range(-fewDigits-2, fewDigits+2), rapid.Int64()).Draw(t, "digits")
			return decimal.FromInt128(digits>>63, uint64(digits), rapid.SampledFrom([]int{6, 6, 6, 6, 0, 2}).Draw(t, "scale"))
		})
		want, groups := &squares{}, make([]squares, 3)
		for i, d := range rapid.SliceOfN(value, 1, 20).Draw(t, "values") {
			require.NoError(t, want.addLong(d))
			require.NoError(t, groups[i%len(groups)].addDec(d))
		}
		got := &groups[0]
		for i := range groups[1:] {
			if o := &groups[i+1]; got.digits != o.digits && got.digits*o.digits > 0 {
				mixed++
			}
			got.merge(&groups[i+1])
		}
		if got.digits > 0 {
			apart++
		}
		require.Equal(t, want.n, got.n)
		if want.n < 2 {
			return
		}
		for _, m := range []moment{{sample: 1, root: true}, {sample: 0}} {
			w, err := want.result(m)
			require.NoError(t, err)
			g, err := got.result(m)
			require.NoError(t, err)
			require.Equal(t, w.String(), g.String())
		}
	})
	require.Positive(t, apart)
	require.Positive(t, mixed)
}

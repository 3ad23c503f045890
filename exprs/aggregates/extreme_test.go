package aggregates

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// The greatest and the least text of batches are found by looking at each batch's best row alone.
func TestExtremeTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sign := rapid.SampledFrom([]int{-1, 1}).Draw(t, "sign")
		s, want, seen := &extreme{t: arrowschema.Text, sign: sign}, "", false
		s.Grow(1)
		for range rapid.IntRange(1, 3).Draw(t, "batches") {
			v := vec.NewFlat(arrowschema.Text, rapid.SliceOfN(rapid.StringN(0, 2, -1), 0, 9).Draw(t, "texts"), nil)
			for i, text := range v.Strs {
				if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
					v.SetNull(i)
				} else if !seen || (text > want) == (sign > 0) {
					want, seen = text, true
				}
			}
			require.NoError(t, s.Update(nil, []*vec.Vec{v}, v.N))
		}
		got, err := s.Result(0, 1)
		require.NoError(t, err)
		require.Equal(t, !seen, got.IsNull(0))
		if seen {
			require.Equal(t, want, got.Strs[0])
		}
	})
}

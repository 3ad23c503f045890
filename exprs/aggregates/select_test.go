package aggregates

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// nth is the place of a sort, whatever the values are like: many equal ones, sorted ones, NaNs.
func TestNth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1)})), 1, 300).Draw(t, "values")
		if rapid.Bool().Draw(t, "sorted") {
			slices.Sort(values)
		}
		want := slices.Clone(values)
		slices.SortFunc(want, func(a, b float64) int {
			switch {
			case a != a || b != b:
				return map[bool]int{true: 1}[a != a] - map[bool]int{true: 1}[b != b]
			case a < b:
				return -1
			case a > b:
				return 1
			}
			return 0
		})
		for range 3 { // again on what was moved about
			place := rapid.IntRange(0, len(values)-1).Draw(t, "place")
			got := nth(values, place)
			if got != want[place] && (got == got || want[place] == want[place]) {
				t.Fatalf("place %d: %v, not %v", place, got, want[place])
			}
		}
		require.Equal(t, bitsOf(want), bitsOf(values)) // nothing was lost
	})
}

func bitsOf(values []float64) []uint64 {
	var out []uint64
	for _, x := range values {
		out = append(out, math.Float64bits(x))
	}
	slices.Sort(out)
	return out
}

func BenchmarkNth(b *testing.B) {
	source := make([]int64, 1<<20)
	x := uint64(1)
	for i := range source {
		x = x*6364136223846793005 + 1442695040888963407
		source[i] = int64(x >> 20)
	}
	values := make([]int64, len(source))
	b.SetBytes(int64(len(values)) * 8)
	for b.Loop() {
		copy(values, source)
		nth(values, len(values)*95/100)
	}
}

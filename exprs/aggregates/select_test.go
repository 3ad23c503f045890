package aggregates

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func newSelector() *selector {
	return &selector{check: func() error { return nil }, grew: func(int64) error { return nil }}
}

// words draws words of one of several kinds: of few values, near each other, of all sizes, with outliers.
func words(t *rapid.T, n int) []int64 {
	kind := rapid.SampledFrom([]*rapid.Generator[int64]{
		rapid.Int64Range(-3, 3), rapid.Int64Range(1e15, 1e15+5000), rapid.Int64(),
		rapid.OneOf(rapid.Int64Range(0, 100000), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64})),
	}).Draw(t, "kind")
	some := rapid.SliceOfN(kind, 1, 60).Draw(t, "some")
	out := make([]int64, n)
	for i := range out {
		out[i] = some[i%len(some)] + int64(i/len(some)*rapid.IntRange(0, 1).Draw(t, "apart"))
		if i > 2*len(some) {
			out[i] = out[i-len(some)] ^ int64(i&7)
		}
	}
	return out
}

// What is selected is at its place of a sort, whatever the words and their parts are like.
func TestSelect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := words(t, rapid.IntRange(1, 3000).Draw(t, "n"))
		want := slices.Clone(all)
		slices.Sort(want)
		var parts [][]int64
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(0, len(rest)).Draw(t, "part")
			parts, rest = append(parts, rest[:n]), rest[n:]
			if len(parts) > 5 {
				parts, rest = append(parts, rest), nil
			}
		}
		var wanted wantedPlaces
		for range rapid.IntRange(1, 5).Draw(t, "places") {
			place := rapid.IntRange(0, len(all)-1).Draw(t, "place")
			wanted.add(place, min(place+1, len(all)-1))
		}
		require.NoError(t, wanted.find(newSelector(), parts))
		for _, place := range wanted.places {
			require.Equal(t, want[place], wanted.word(place))
		}
		require.NoError(t, newSelector().sortWords(all, make([]int64, len(all))))
		require.Equal(t, want, all)
	})
}

// The words of floats are in their order, and stand for them.
func TestFloatWords(t *testing.T) {
	t.Parallel()
	some := []float64{math.Inf(-1), -math.MaxFloat64, -1, -math.SmallestNonzeroFloat64, math.Copysign(0, -1), 0, math.SmallestNonzeroFloat64, 1.5, math.Inf(1), math.NaN()}
	for i, x := range some {
		require.Equal(t, math.Float64bits(x), math.Float64bits(wordFloat(floatWord(x))))
		if i > 0 {
			require.Less(t, floatWord(some[i-1]), floatWord(x))
		}
	}
	require.Equal(t, floatWord(math.NaN()), floatWord(math.Copysign(math.NaN(), -1)))
}

func BenchmarkSelect(b *testing.B) {
	source := make([]int64, 1<<20)
	x := uint64(1)
	for i := range source {
		x = x*6364136223846793005 + 1442695040888963407
		source[i] = int64(x >> 20)
	}
	parts, places, out := slices.Collect(slices.Chunk(source, 1<<17)), []int{len(source) * 95 / 100}, make([]int64, 1)
	b.SetBytes(int64(len(source)) * 8)
	for b.Loop() {
		if err := newSelector().at(parts, places, out); err != nil {
			b.Fatal(err)
		}
	}
}

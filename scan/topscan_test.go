package scan

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The heap holds the best, the worst of them first.
func TestHeap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.Int64Range(-20, 20), 1, 60).Draw(t, "words")
		h := &heap[int64]{most: rapid.IntRange(1, len(words)).Draw(t, "n"), desc: rapid.Bool().Draw(t, "desc")}
		for _, x := range words {
			h.add(x)
		}
		sorted, held := slices.Sorted(slices.Values(words)), slices.Sorted(slices.Values(h.items))
		if h.desc {
			slices.Reverse(sorted)
			slices.Reverse(held)
		}
		require.True(t, h.full())
		require.Equal(t, sorted[h.most-1], h.items[0])
		require.Equal(t, sorted[:h.most], held)
	})
}

// A word of a float stands for it.
func TestWordFloat(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{math.Inf(-1), -1.5, -math.SmallestNonzeroFloat64, 0, 2.25, math.MaxFloat64, math.Inf(1)} {
		require.Equal(t, x, wordFloat(floatWord(x)))
	}
	require.True(t, math.IsNaN(wordFloat(floatWord(math.NaN()))))
}

package text

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// The loop for a delimiter of one byte gives what split_part is.
func TestSplitLoop(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("ab::é")), 0, 9, -1), 1, 20).Draw(t, "texts")
		by := rapid.SampledFrom([]string{":", "a", "", "::", "é"}).Draw(t, "delimiter")
		n := rapid.Int64Range(1, 5).Draw(t, "field")
		out := vec.New(txt, len(texts))
		args := []*vec.Vec{vec.NewFlat(txt, texts, nil), vec.NewConst(txt, by, len(texts)), vec.NewConst(i4, n, len(texts))}
		require.NoError(t, splitKernel(exprs.NewCtx(t.Context(), 0, nil), args, out))
		for i, s := range texts {
			want, err := splitPart(runningContext(), s, by, n)
			require.NoError(t, err)
			require.Equal(t, want, out.Strs[i], "%q by %q, %d", s, by, n)
		}
	})
}

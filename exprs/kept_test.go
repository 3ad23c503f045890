package exprs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
)

// A context keeps one thing for each call, and only for so many calls.
func TestKept(t *testing.T) {
	t.Parallel()
	ctx, made := exprs.NewCtx(t.Context(), 0, nil), 0
	start := func() *int { made++; return new(int) }
	calls, kept := make([]byte, 100), 0
	for range 2 {
		kept = 0
		for i := range calls {
			k := exprs.Kept(ctx, &calls[i], start)
			if k == nil {
				continue
			}
			require.Same(t, k, exprs.Kept(ctx, &calls[i], start))
			kept++
		}
	}
	require.Positive(t, kept)
	require.Less(t, kept, len(calls))
	require.Equal(t, kept, made)
}

package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/bench/measure"
)

func TestGrowth(t *testing.T) {
	t.Parallel()
	large := result(10)
	large.Rows = 10_000_000
	runs := []*measure.Result{large, result(1)}
	var text, page bytes.Buffer
	require.NoError(t, GrowthMarkdown(&text, runs))
	require.Contains(t, text.String(), "| query | 1,000,000, ms | 10,000,000, ms | exponent |")
	require.Contains(t, text.String(), "| `first` Stoa, hot | 2.00 | 20.0 | 1.00 |")  // linear
	require.Contains(t, text.String(), "| `first` Stoa, cold | 8.00 | 8.00 | 0.00 |") // flat
	require.Contains(t, text.String(), "| `second` DuckDB, its Parquet | – | – | – |")
	require.NoError(t, Growth(&page, runs))
	require.Equal(t, 12, strings.Count(page.String(), "<polyline"))
	require.Contains(t, page.String(), `points="50,`)
	require.Error(t, Growth(&page, runs[:1]))
	require.Error(t, GrowthMarkdown(&text, []*measure.Result{result(1), result(2)}))
}

package scan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/decimal"
)

// TestNumberScaleWords tells that equal numerics have one word, or none of them has, whatever zeros they are written with and whichever came first.
func TestNumberScaleWords(t *testing.T) {
	t.Parallel()
	values := []string{"7.5", "-0.25", "0", "100", "9223372036854775807", "1e30", "0.000000000000000000001", "NaN", "Infinity"}
	for _, first := range []int{0, 2, 5, 60, 2000} {
		for _, value := range values {
			d, err := decimal.Parse(value)
			require.NoError(t, err)
			var s numberScale
			one, err := decimal.Round(mustDecimal(t, "7.5"), first)
			require.NoError(t, err)
			s.word(&one)
			want, known := s.word(&d)
			for _, digits := range []int{30, 39, 60, 2000} {
				if longer, err := decimal.Round(d, digits); err == nil {
					got, ok := s.word(&longer)
					require.Equal(t, known, ok, "%s with %d digits after one of %d", value, digits, first)
					require.True(t, !ok || got == want, "%s with %d digits after one of %d", value, digits, first)
				}
			}
		}
	}
}

func mustDecimal(t *testing.T, text string) decimal.Dec {
	d, err := decimal.Parse(text)
	require.NoError(t, err)
	return d
}

package decimal

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The float64 of a coefficient of up to 128 bits is what its digits read as.
func TestFloat64IsTheNearest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		hi := rapid.Int64().Draw(t, "hi") >> rapid.IntRange(0, 63).Draw(t, "shift")
		lo := rapid.Uint64().Draw(t, "lo") &^ (1<<rapid.IntRange(0, 63).Draw(t, "zeros") - 1) // halves between two floats among them
		d := FromInt128(hi, lo, rapid.IntRange(0, 45).Draw(t, "scale"))
		want, err := strconv.ParseFloat(d.String(), 64)
		require.NoError(t, err)
		require.Equal(t, want, ToFloat64(d), d.String())
	})
}

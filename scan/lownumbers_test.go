package scan

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// TestSmallNumbers groups by one and two columns of integers that begin small and in part do not stay so, and by what a map says.
func TestSmallNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 2).Draw(t, "columns")
		types := []arrowschema.Type{arrowschema.Int8, arrowschema.Int8}[:columns]
		table, want := newGroupTable(types), map[[2]int64]uint32{}
		ord := uint64(0)
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			n := rapid.SampledFrom([]int{1, 100, 600, 1500}).Draw(t, "n")
			keys, rows := make([]*vec.Vec, columns), make([][2]int64, n)
			for c := range keys {
				from := rapid.SampledFrom([]int64{0, 0, 0, 60, 120, 1000, -3, 1 << 40}).Draw(t, "from")
				span := rapid.SampledFrom([]int64{1, 3, 10, 70, 200}).Draw(t, "span")
				x, values := rapid.Uint64().Draw(t, "seed")|1, make([]int64, n)
				v := vec.NewFlat(arrowschema.Int8, values, nil)
				for i := range values {
					x ^= x << 13
					x ^= x >> 7
					x ^= x << 17
					values[i] = from + int64(x%uint64(span))
					if rows[i][c] = values[i]; x>>60 == 0 {
						v.SetNull(i)
						rows[i][c] = -1 << 50
					}
				}
				keys[c] = v
			}
			var keep []uint8
			if rapid.Bool().Draw(t, "mask") {
				keep = make([]uint8, n)
				for i := range keep {
					keep[i] = uint8(i*7%3) & 1
				}
			}
			for i, g := range table.lookup(n, ord, keys, keep) {
				if keep != nil && keep[i] == 0 {
					require.Equal(t, uint32(noGroup), g)
					continue
				}
				known, ok := want[rows[i]]
				if !ok {
					known = uint32(len(want))
					want[rows[i]] = known
					require.Equal(t, ord+uint64(i), table.first[g])
				}
				require.Equal(t, known, g, "row %d, %v", i, rows[i])
			}
			ord += uint64(n)
		}
		require.Equal(t, len(want), table.size())
	})
}

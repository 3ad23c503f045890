package scan

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// drawKeys draws keys of an integer, of text in one of its forms and of an interval, some of them NULL. A third of the integers is chosen so that the hashes of
// the first two columns are those of another key.
func drawKeys(t *rapid.T, name string, dict *vec.Vec) *vec.Batch {
	n := rapid.IntRange(1, 120).Draw(t, name)
	ints, second, codes := make([]int64, n), make([]int64, n), make([]uint16, n)
	numbers := vec.NewBuilder(arrowschema.Numeric, n)
	for i := range n {
		x, y := int64(rapid.IntRange(0, 4).Draw(t, "x")), int64(rapid.IntRange(0, 4).Draw(t, "y"))
		if other := x + 100; rapid.IntRange(0, 2).Draw(t, "collides") == 0 {
			x, y = other, int64(vec.MixWord(uint64(x))^vec.MixWord(uint64(other))^uint64(y)) // as keyHashes mixes them
		}
		ints[i], second[i], codes[i] = x, y, uint16(rapid.IntRange(0, dict.N-1).Draw(t, "code"))
		numbers.Append(constant(t, fmt.Sprintf("%d.%0*d", x%2, int(y&1)+1, 0)))
	}
	texts := vec.NewDict(codes, dict, nil)
	if rapid.Bool().Draw(t, "flat") {
		texts = texts.Flat()
	}
	b := &vec.Batch{N: n, Cols: []*vec.Vec{vec.NewFlat(arrowschema.Int8, ints, nil), vec.NewFlat(arrowschema.Int8, second, nil), texts, numbers.Vec()}}
	for i := range n {
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			b.Cols[1].SetNull(i)
		}
	}
	return b
}

func constant(t *rapid.T, text string) *vec.Vec {
	v, err := vec.Constant(arrowschema.Numeric, text)
	require.NoError(t, err)
	return v
}

// Each key finds the rows that have it, in their order, by hashes that collide too.
func TestJoinTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dict := vec.NewFlat(arrowschema.Text, []string{"", "a", "node-01", "a text that is longer than short ones are"}, nil)
		right, left := drawKeys(t, "right", dict), drawKeys(t, "left", dict)
		cols := rapid.SampledFrom([][]int{{0}, {1}, {0, 1}, {2}, {3}, {2, 0}, {0, 1, 2, 3}}).Draw(t, "columns")
		build, probe := &vec.Batch{N: right.N}, &vec.Batch{N: left.N}
		for _, c := range cols {
			build.Cols, probe.Cols = append(build.Cols, right.Cols[c]), append(probe.Cols, left.Cols[c])
		}
		table := &joinTable{}
		table.take(build, 6, rapid.Bool().Draw(t, "filtered"))
		env := &Env{Context: context.Background(), Workers: 2}
		require.NoError(t, table.hash(env))
		for part := range uint64(2) {
			require.NoError(t, table.enter(env, part, 63))
		}
		look := &joinLook{}
		for range 2 {
			heads := table.find(look, probe, nil)
			for i, at := range heads {
				for j := range build.N {
					if !sameKey(probe, i, build, j) {
						continue
					}
					require.Equal(t, int32(j), at)
					at = int32(table.following(int(at)))
				}
				require.Equal(t, int32(-1), at)
			}
		}
	})
}

// sameKey compares keys value by value.
func sameKey(a *vec.Batch, i int, b *vec.Batch, j int) bool {
	for c := range a.Cols {
		if a.Cols[c].IsNull(i) || b.Cols[c].IsNull(j) || vec.Compare(a.Cols[c], i, b.Cols[c], j) != 0 {
			return false
		}
	}
	return true
}

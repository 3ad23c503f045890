package store

import (
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestMendTail finds a byte that was changed, wherever it is, and nothing where more was.
func TestMendTail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "data")
		footer := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "footer")
		tail := append(append(append([]byte{}, data...), footer...), 0, 0, 0, 0, 'P', 'A', 'R', '1')
		le.PutUint32(tail[len(tail)-8:], uint32(len(footer)))
		sum := crc32.Checksum(tail[len(data):], castagnoli())
		at, _, ok := mendTail(append([]byte{}, tail...), sum)
		require.True(t, ok)
		require.Equal(t, -1, at)

		spoilt := append([]byte{}, tail...)
		place := rapid.IntRange(len(data), len(tail)-1).Draw(t, "place")
		if rapid.Bool().Draw(t, "length") {
			place = len(tail) - 8
		}
		spoilt[place] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		at, b, ok := mendTail(spoilt, sum)
		require.True(t, ok)
		require.Equal(t, place, at)
		spoilt[at] = b
		require.Equal(t, tail, spoilt)
	})
	worse := make([]byte, 200)
	le.PutUint32(worse[len(worse)-8:], 100)
	_, _, ok := mendTail(worse, 12345)
	require.False(t, ok)
}

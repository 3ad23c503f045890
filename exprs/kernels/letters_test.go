package kernels

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSwapCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		src := bytes.Repeat(rapid.SliceOfN(rapid.ByteRange(0, 0x7f), 0, 200).Draw(t, "texts"), rapid.IntRange(1, 3).Draw(t, "times"))
		for _, c := range []struct {
			first, last byte
			want        string
		}{{'A', 'Z', strings.ToLower(string(src))}, {'a', 'z', strings.ToUpper(string(src))}} {
			for _, swap := range []func(dst, src []byte, first, last byte) bool{SwapCase, swapCaseRest} {
				dst := make([]byte, len(src))
				require.True(t, swap(dst, src, c.first, c.last))
				require.Equal(t, c.want, string(dst))
			}
		}
		if len(src) > 0 {
			src[rapid.IntRange(0, len(src)-1).Draw(t, "at")] |= 0x80
			require.False(t, SwapCase(make([]byte, len(src)), src, 'A', 'Z'))
			require.False(t, swapCaseRest(make([]byte, len(src)), src, 'A', 'Z'))
		}
	})
}

func BenchmarkSwapCase(b *testing.B) {
	src := bytes.Repeat([]byte("Flushed 1234 records to Chat/users/user77"), 1000)
	dst := make([]byte, len(src))
	for name, swap := range map[string]func(dst, src []byte, first, last byte) bool{"vectors": SwapCase, "Go": swapCaseRest} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				swap(dst, src, 'A', 'Z')
			}
		})
	}
}

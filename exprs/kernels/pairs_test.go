package kernels

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestIndexPair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.ByteRange('a', 'd'), 0, 40).Draw(t, "text")
		text := append(bytes.Repeat([]byte{'c'}, rapid.IntRange(0, 300).Draw(t, "before")), some...)
		text = append(text, bytes.Repeat([]byte{'d'}, rapid.IntRange(0, 100).Draw(t, "behind"))...)
		a, b := rapid.ByteRange('a', 'e').Draw(t, "a"), rapid.ByteRange('a', 'e').Draw(t, "b")
		gap := rapid.IntRange(-90, 90).Draw(t, "gap")
		want := -1
		for i := range text {
			if j := i + gap; want < 0 && j >= 0 && j < len(text) && text[i] == a && text[j] == b {
				want = i
			}
		}
		require.Equal(t, want, IndexPair(text, a, b, gap))
		require.Equal(t, want, indexPairRest(text, max(0, -gap), len(text)-max(0, gap), a, b, gap))
	})
}

func BenchmarkIndexPair(b *testing.B) {
	text := bytes.Repeat([]byte("Flushed 1234 records to chat/users/user77/messages"), 200)
	b.Run("vectors", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			IndexPair(text, 'c', 'x', 3)
		}
	})
	b.Run("Go", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			indexPairRest(text, 0, len(text)-3, 'c', 'x', 3)
		}
	})
}

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPace(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: fastest, 4 << 20: fastest, 15 << 20: fastest, 17 << 20: 300, 30 << 20: 200, 40 << 20: usualPace, 64 << 20: usualPace, 1 << 40: usualPace} {
		require.Equal(t, want, paceOf(live), "%d bytes", live)
		require.LessOrEqual(t, float64(live)*float64(paceOf(live))/100, max(idleHeap, float64(live)), "%d bytes", live)
	}
}

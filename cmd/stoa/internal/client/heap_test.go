package client

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeapLimit(t *testing.T) { // not parallel: the limit is the process'
	before := debug.SetMemoryLimit(-1)
	var h heap
	h.within(0)
	require.Equal(t, before, debug.SetMemoryLimit(-1), "nobody has asked for one")
	h.within(64 << 20)
	limit := debug.SetMemoryLimit(-1)
	require.Greater(t, limit, int64(64<<20))
	require.Less(t, limit, int64(64<<20)+2<<30)
	h.within(128 << 20)
	require.Greater(t, debug.SetMemoryLimit(-1), limit)
	h.within(0)
	require.Equal(t, before, debug.SetMemoryLimit(-1))
}

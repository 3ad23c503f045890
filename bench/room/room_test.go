package room

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	known := func(disk, memory int64) Room {
		return Room{Disk: func(string) (int64, bool) { return disk, true }, Memory: func() (int64, bool) { return memory, true }}
	}
	n := &Need{What: "to write 7 jobs", Dir: "d", Disk: 2e9, Memory: 30e6, Hint: "Ask for 100 % less."}
	require.NoError(t, known(2e9, 30e6).Check(n))
	err := known(1.5e9, 30e6).Check(n)
	require.EqualError(t, err, "to write 7 jobs takes about 2.0 GB on disk, and there is 1.5 GB (SQLSTATE 53100)")
	require.EqualError(t, known(2e9, 30e6-1).Check(n), "to write 7 jobs takes about 30 MB of memory, and there is 30 MB (SQLSTATE 53200)")
	unknown := func() (int64, bool) { return 0, false }
	require.NoError(t, Room{Disk: func(string) (int64, bool) { return unknown() }, Memory: unknown}.Check(n))
}

func TestSystem(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells")
	}
	free, ok := System().Disk(filepath.Join(t.TempDir(), "not", "there"))
	require.True(t, ok)
	require.Positive(t, free)
	_, ok = System().Disk("not-there")
	require.True(t, ok, "a relative path")
	free, ok = System().Memory()
	require.True(t, ok)
	require.Positive(t, free)
}

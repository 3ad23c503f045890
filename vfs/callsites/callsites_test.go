package callsites

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// TestList finds the calls of the package with the log, which this one knows nothing of, and tells the tried from the untried.
func TestList(t *testing.T) {
	t.Parallel()
	sites, err := List("../../wal")
	require.NoError(t, err)
	calls := map[string]int{}
	var seen []vfs.Site
	for i, s := range sites {
		calls[s.Call]++
		require.Regexp(t, `^wal/\w+\.go:\d+: \w+$`, s.String())
		if i > 0 {
			seen = append(seen, vfs.Site{File: s.File, Line: s.Last, Via: s.Call, Failed: int64(i - 1)})
		}
	}
	for _, name := range []string{"OpenReadWrite", "WriteAt", "Truncate", "Sync", "SyncDir", "AtomicWrite", "SyncData", "MkdirAllSync"} {
		require.Positive(t, calls[name], "%v", calls)
	}
	require.Zero(t, calls["Name"])
	untried := Untried(sites, seen)
	require.Contains(t, untried, sites[0], "never called")
	require.Contains(t, untried, sites[1], "called, and never failed")
	require.LessOrEqual(t, len(untried), 3)
	_, err = List(fmt.Sprint(t.TempDir(), "/none"))
	require.Error(t, err)
}

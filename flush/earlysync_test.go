package flush

import (
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// What is written is synced meanwhile, one sync at a time, and the error of any of them is told, by a later Write or by end.
func TestEarlySync(t *testing.T) {
	t.Parallel()
	for fail := range int64(4) {
		var syncs, now, worked atomic.Int64
		var atOnce atomic.Bool
		fs := vfs.WithFaults(vfs.NewMem(), func(op vfs.Op) error {
			if op.Kind != vfs.OpSync {
				return nil
			}
			if now.Add(1) > 1 {
				atOnce.Store(true)
			}
			defer now.Add(-1)
			if syncs.Add(1) == fail {
				return syscall.EIO
			}
			return nil
		})
		file, err := fs.CreateNew("f")
		require.NoError(t, err)
		e := &earlySync{file: file, every: 100, working: func() func() { return func() { worked.Add(1) } }}
		for n := 0; n < 1000 && err == nil; n++ {
			_, err = e.Write(make([]byte, 60))
		}
		if eerr := e.end(); err == nil {
			err = eerr
		}
		require.NoError(t, e.end(), "told twice")
		require.Equal(t, syncs.Load(), worked.Load())
		require.NoError(t, file.Close())
		if fail > 0 && syncs.Load() >= fail {
			require.ErrorIs(t, err, syscall.EIO)
			require.Equal(t, fail, syncs.Load(), "it went on after a failure")
		} else {
			require.NoError(t, err)
		}
		require.Positive(t, syncs.Load())
		require.False(t, atOnce.Load(), "two syncs at once")
	}
}

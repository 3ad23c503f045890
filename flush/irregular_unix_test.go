//go:build unix

package flush

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// A pipe in the place of a flushed file ends a backup; nobody waits for it.
func TestCopyOfAPipe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	from := filepath.Join(t.TempDir(), "a.parquet")
	require.NoError(t, syscall.Mkfifo(from, 0o600))
	to := filepath.Join(t.TempDir(), "copy")
	require.ErrorIs(t, copyFile(ctx, vfs.OS(), from, to, 1<<10), parquetio.ErrCorrupt)
	_, err := os.Stat(to)
	require.ErrorIs(t, err, os.ErrNotExist)
}

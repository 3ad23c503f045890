//go:build unix

package copyio

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/vfs"
)

// TestSpecialFiles writes to what is no regular file, which must not be replaced.
func TestSpecialFiles(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip("there is no /dev/null")
	}
	require.NoError(t, writeOld(vfs.OS(), "/dev/null", nil))
	info, err := os.Stat("/dev/null")
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular())
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	got := make(chan string)
	go func() {
		data, err := os.ReadFile(fifo)
		if err != nil {
			data = []byte(err.Error())
		}
		got <- string(data)
	}()
	require.NoError(t, writeOld(vfs.OS(), fifo, nil))
	require.Equal(t, "x\n"+strings.Repeat("y", 400_000)+"\n", <-got)
}
